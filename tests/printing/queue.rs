//! Labels on their way to a label printer that is out of labels, paused, silent, that stops in the middle of a word or
//! breaks off, and into a folder. What nobody can know is asked, and nothing comes out twice unasked.

use crate::common;
use crate::printed;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use casetrack::domain::printing::{JobState, Settled};
use casetrack::labels::print::{Patience, Setup};
use printed::{HASTY, House, setup};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A roll that the test's printers hold.
const ROLL: &str = "70x35";

/// How a printer behaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mood {
    Good,
    OutOfLabels,
    Paused,
    HeadOpen,
    Silent,
    HalfAnswer,
    HangsUp,
    /// As it should until it has a label; then as the other one.
    OnceItHasALabel(&'static Mood),
}

#[derive(Default)]
struct Memory {
    /// Everything but the questions.
    taken: Vec<u8>,
    /// Labels that it still says to have.
    waiting: usize,
}

impl Memory {
    fn labels(&self) -> usize {
        String::from_utf8_lossy(&self.taken).matches("^XA").count()
    }
}

/// A label printer's raw port.
struct FakePrinter {
    address: String,
    mood: Arc<Mutex<Mood>>,
    memory: Arc<Mutex<Memory>>,
    task: JoinHandle<()>,
}

impl Drop for FakePrinter {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl FakePrinter {
    async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (mood, memory) = (Arc::new(Mutex::new(mood)), Arc::new(Mutex::new(Memory::default())));
        let (moods, memories) = (mood.clone(), memory.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // One at a time, as a printer does.
                let _ = serve(stream, &moods, &memories).await;
            }
        });
        Self { address, mood, memory, task }
    }

    fn setup(&self) -> Setup {
        setup(&format!("tcp://{}", self.address), "dpi = 203\n")
    }

    fn becomes(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn labels(&self) -> usize {
        self.memory.lock().unwrap().labels()
    }

    fn taken(&self) -> String {
        String::from_utf8(self.memory.lock().unwrap().taken.clone()).unwrap()
    }
}

async fn serve(mut stream: TcpStream, mood: &Mutex<Mood>, memory: &Mutex<Memory>) -> std::io::Result<()> {
    let mut heard = Vec::new();
    loop {
        if stream.read_buf(&mut heard).await? == 0 {
            return Ok(());
        }
        while let Some(at) = heard.windows(5).position(|window| window == b"~HS\r\n") {
            let labels: Vec<u8> = heard.drain(..at).collect();
            heard.drain(..5);
            let (mood, waiting) = remember(&labels, *mood.lock().unwrap(), &mut memory.lock().unwrap());
            let Some(answer) = answer(mood, waiting) else { return Ok(()) };
            stream.write_all(&answer).await?;
        }
    }
}

/// Takes labels in; says one less with every answer.
fn remember(labels: &[u8], mood: Mood, memory: &mut Memory) -> (Mood, usize) {
    let before = memory.labels();
    memory.taken.extend_from_slice(labels);
    let now = if let Mood::OnceItHasALabel(then) = mood {
        if memory.labels() == 0 { Mood::Good } else { *then }
    } else {
        mood
    };
    memory.waiting += memory.labels() - before;
    let waiting = memory.waiting;
    if now == Mood::Good {
        memory.waiting = waiting.saturating_sub(1);
    }
    (now, waiting)
}

/// The answer to `~HS`; `None`: it breaks the line off.
fn answer(mood: Mood, waiting: usize) -> Option<Vec<u8>> {
    let flag = |is: bool| u8::from(is);
    let whole = format!(
        "\u{2}030,{},{},1245,{waiting:03},0,0,0,000,0,0,0\u{3}\r\n\u{2}000,0,{},0,0,2,4,0,00000000,1,000\u{3}\r\n\
         \u{2}1234,0\u{3}\r\n",
        flag(mood == Mood::OutOfLabels),
        flag(mood == Mood::Paused),
        flag(mood == Mood::HeadOpen)
    );
    match mood {
        Mood::Silent => Some(Vec::new()),
        Mood::HangsUp => None,
        Mood::HalfAnswer => Some(whole.as_bytes().get(..50)?.to_vec()),
        Mood::Good | Mood::OutOfLabels | Mood::Paused | Mood::HeadOpen | Mood::OnceItHasALabel(_) => {
            Some(whole.into_bytes())
        }
    }
}

#[tokio::test]
async fn a_good_printer_prints_each_label_once_and_says_so() {
    let printer = FakePrinter::start(Mood::Good).await;
    let house = House::open(printer.setup(), HASTY).await;
    let many: Vec<&str> = ["F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9"].into();
    let id = house.print(1, ROLL, &many).await;
    let job = house.comes_to(id, JobState::Confirmed).await;
    assert_eq!((printer.labels(), job.labels), (9, 9));
    let taken = printer.taken();
    assert!(taken.starts_with("^XA") && taken.ends_with("^XZ"), "whole labels and nothing else");
    let second = house.print(2, ROLL, &["F1"]).await;
    house.comes_to(second, JobState::Confirmed).await;
    assert_eq!(printer.labels(), 10);
    house.told("").await;
    house.stop().await;
}

#[tokio::test]
async fn a_printer_that_cannot_print_is_told_and_goes_on_by_itself() {
    for (mood, words) in [
        (Mood::OutOfLabels, "Out of labels. Load a roll and press FEED"),
        (Mood::Paused, "Paused. Press PAUSE"),
        (Mood::HeadOpen, "Its head is open"),
        (Mood::Silent, "It does not answer"),
        (Mood::HalfAnswer, "Its answer broke off"),
        (Mood::HangsUp, "It broke the connection off"),
    ] {
        let printer = FakePrinter::start(mood).await;
        let house = House::open(printer.setup(), HASTY).await;
        let id = house.print(1, ROLL, &["F1"]).await;
        house.told(words).await;
        assert_eq!(house.job(id).await.state, JobState::Queued, "{mood:?}: nothing was sent");
        assert_eq!(printer.labels(), 0, "{mood:?}");
        printer.becomes(Mood::Good);
        house.comes_to(id, JobState::Confirmed).await;
        house.told("").await;
        assert_eq!(printer.labels(), 1, "{mood:?}");
        house.stop().await;
    }
}

#[tokio::test]
async fn a_roll_that_ends_in_the_middle_is_told_and_the_job_goes_on_with_the_next_roll() {
    let printer = FakePrinter::start(Mood::OnceItHasALabel(&Mood::OutOfLabels)).await;
    let house = House::open(printer.setup(), HASTY).await;
    let id = house.print(1, ROLL, &["F1", "F2"]).await;
    house.told("Out of labels").await;
    let job = house.job(id).await;
    assert!(job.state == JobState::Sent && job.is_being_sent);
    printer.becomes(Mood::Good);
    house.comes_to(id, JobState::Confirmed).await;
    assert_eq!(printer.labels(), 2);
    house.stop().await;
}

#[tokio::test]
async fn nobody_knows_what_came_out_of_a_printer_that_never_answers_again_or_was_switched_off() {
    let short = Patience { mend: Duration::from_millis(600), ..HASTY };
    for mood in [&Mood::Silent, &Mood::HalfAnswer, &Mood::HangsUp] {
        let printer = FakePrinter::start(Mood::OnceItHasALabel(mood)).await;
        let house = House::open(printer.setup(), short).await;
        let id = house.print(1, ROLL, &["F1", "F2"]).await;
        let job = house.comes_to(id, JobState::Unknown).await;
        assert!(job.said.unwrap().starts_with("0 of 2 labels came out for certain"), "{mood:?}");
        printer.becomes(Mood::Good);
        let other = house.print(2, ROLL, &["F3"]).await;
        house.comes_to(other, JobState::Confirmed).await;
        assert_eq!(printer.labels(), 3, "{mood:?}: the job of which nobody is sure was not sent again");
        house.settle(id, Settled::PrintAgain).await;
        house.comes_to(id, JobState::Confirmed).await;
        assert_eq!(printer.labels(), 5, "{mood:?}: a person asked for it");
        house.stop().await;
    }
}

#[tokio::test]
async fn a_program_that_dies_while_it_prints_asks_and_prints_nothing_twice() {
    let printer = FakePrinter::start(Mood::OnceItHasALabel(&Mood::Silent)).await;
    let mut house = House::open(printer.setup(), HASTY).await;
    let id = house.print(1, ROLL, &["F1"]).await;
    let next = house.print(2, ROLL, &["F2"]).await;
    house.told("It does not answer").await;
    assert_eq!(printer.labels(), 1);
    printer.becomes(Mood::Good);
    house.die_and_rise(printer.setup()).await;
    let asked = house.comes_to(id, JobState::Unknown).await;
    assert!(asked.said.unwrap().contains("look which labels there are"));
    house.comes_to(next, JobState::Confirmed).await;
    assert_eq!(printer.labels(), 2, "what had not begun was printed, what had was not");
    house.settle(id, Settled::PrintedAfterAll).await;
    house.comes_to(id, JobState::Confirmed).await;
    house.stop().await;
    assert_eq!(printer.labels(), 2);
}

#[tokio::test]
async fn a_printer_that_is_switched_off_keeps_its_jobs_waiting_but_not_for_ever() {
    let address = {
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
        gone.local_addr().unwrap().to_string()
    };
    let house = House::open(setup(&format!("tcp://{address}"), "dpi = 203\n"), HASTY).await;
    let id = house.print(1, ROLL, &["F1"]).await;
    house.told("It cannot be reached").await;
    house.hands.advance(Duration::from_hours(13));
    let job = house.comes_to(id, JobState::Failed).await;
    assert_eq!(job.said.unwrap(), "It waited for 12 hours: are these labels still wanted?");
    house.told("").await;
    house.stop().await;
}

#[tokio::test]
async fn a_printer_that_was_taken_out_of_the_configuration_is_told_while_jobs_wait_for_it() {
    let printer = FakePrinter::start(Mood::Paused).await;
    let mut house = House::open(printer.setup(), HASTY).await;
    let id = house.print(1, ROLL, &["F1"]).await;
    house.told("Paused").await;
    house.die_and_rise(Setup { name: "Other".to_owned(), ..printer.setup() }).await;
    house.told("It is not in the configuration").await;
    house.settle(id, Settled::CallOff).await;
    house.told("").await;
    house.stop().await;
    assert_eq!(printer.labels(), 0);
}

#[tokio::test]
async fn what_cannot_be_laid_out_is_refused_whole_and_in_words() {
    let printer = FakePrinter::start(Mood::Good).await;
    let house = House::open(printer.setup(), HASTY).await;
    let sheet = house.print(1, "L7160", &["F1"]).await;
    let said = house.comes_to(sheet, JobState::Failed).await.said.unwrap();
    assert_eq!(said, "L7160 is a sheet, and P prints on rolls: choose a roll.");
    let unknown = house.print(2, "L9999", &["F1"]).await;
    assert_eq!(house.comes_to(unknown, JobState::Failed).await.said.unwrap(), "There is no stock L9999.");
    assert_eq!(printer.labels(), 0);
    house.stop().await;
}

#[tokio::test]
async fn a_file_in_a_folder_is_there_whole_or_not_at_all() {
    let spool = common::Folder::new();
    std::fs::remove_dir(&spool.0).unwrap();
    let via = format!("folder:{}", spool.0.display());
    let house = House::open(setup(&via, "dpi = 600\ncolours = \"ten\"\n"), HASTY).await;
    let id = house.print(1, "L7160", &["F1", "F2"]).await;
    house.told("Its folder is not there").await;
    std::fs::create_dir(&spool.0).unwrap();
    house.comes_to(id, JobState::Sent).await;
    let files: Vec<_> =
        std::fs::read_dir(&spool.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, [format!("casetrack-{id}.pdf").as_str()], "and no unfinished one");
    let pdf = std::fs::read(spool.0.join(format!("casetrack-{id}.pdf"))).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.trim_ascii_end().ends_with(b"%%EOF"));
    house.stop().await;
}

#[tokio::test]
async fn a_folder_may_take_what_a_label_printer_is_told() {
    let spool = common::Folder::new();
    let via = format!("folder:{}", spool.0.display());
    let house = House::open(setup(&via, "dpi = 203\nlanguage = \"zpl\"\n"), HASTY).await;
    let id = house.print(1, ROLL, &["F1", "F2"]).await;
    house.comes_to(id, JobState::Sent).await;
    let zpl = std::fs::read_to_string(spool.0.join(format!("casetrack-{id}.zpl"))).unwrap();
    assert_eq!(zpl.matches("^XA").count(), 2);
    house.stop().await;
}
