//! Printed labels in a real store: each is looked at once, by whoever scans it first with the folder in hand.

use crate::common;

use std::time::Duration;

use casetrack::clock::{Clock, ManualClock};
use casetrack::domain::answer::{Cover, Signal};
use casetrack::domain::barcode::Entry;
use casetrack::domain::command::{Act, Consent, Novelty, Outcome, Sought};
use casetrack::domain::import::{PatientRow, Piece, Said};
use casetrack::domain::movement::UndoTarget;
use casetrack::domain::printing::{
    JobState, LabelPrinter, NewJob, NewLabel, News, Paper, Printed, Settled, Why,
};
use casetrack::domain::refusal::Reason;
use casetrack::store::story::{Hospital, MORNING, code, label};
use casetrack::store::{Page, Store, verify};
use common::{Folder, options, trust};
use uuid::Uuid;

const PRINTER: &str = "Label printer 2";

struct Day {
    folder: Folder,
    clock: Clock,
    _hands: ManualClock,
    hospital: Hospital,
    jobs: u128,
}

impl Day {
    async fn begin() -> Self {
        let (clock, hands) = Clock::manual(MORNING);
        let folder = Folder::new();
        let store = Store::open(options(&folder, clock.clone())).unwrap();
        let hospital = Hospital::open(store, trust(), clock.clone(), hands.clone()).await;
        hospital.import(Piece::Patients(vec![john()])).await;
        Self { folder, clock, _hands: hands, hospital, jobs: 1 << 64 }
    }

    /// Queues the cover of a folder.
    async fn queue(&mut self, folder: &str, why: Why) -> Uuid {
        self.jobs += 1;
        let subject = self.hospital.folder(folder).await.brief.id.key();
        let job = NewJob {
            id: Uuid::from_u128(self.jobs),
            person: None,
            printer: PRINTER.to_owned(),
            paper: Paper {
                stock: "70x35".to_owned(),
                template: None,
                first: 1,
                spoiled: Vec::new(),
                copies: 1,
            },
            labels: vec![NewLabel { what: Printed::Cover, subject, why }],
        };
        self.hospital.store.print(&trust(), job).await.unwrap().id
    }

    async fn becomes(&self, job: Uuid, state: JobState) {
        let news = News { state, is_being_sent: false, remote: None, said: None };
        assert_eq!(self.hospital.store.tell_job(&trust(), job, news).await.unwrap().unwrap().state, state);
    }

    /// Prints the cover of a folder.
    async fn print(&mut self, folder: &str, why: Why) {
        let job = self.queue(folder, why).await;
        self.becomes(job, JobState::Sent).await;
    }

    /// How many covers nobody has scanned.
    async fn waiting(&self) -> usize {
        let page = Page { after: None, limit: 100 };
        self.hospital.store.labels_waiting(&trust(), page).await.unwrap().items.len()
    }

    async fn restart(&mut self) {
        self.hospital.store.clone().stop().await;
        self.hospital.store = Store::open(options(&self.folder, self.clock.clone())).unwrap();
    }

    async fn end(self) {
        self.hospital.store.clone().stop().await;
        assert!(verify(&self.folder.0).unwrap().is_sound());
    }
}

fn john() -> PatientRow {
    PatientRow {
        site: code("RX1"),
        hospital_number: "H1".parse().unwrap(),
        nhs_number: Said::Nothing,
        surname: Said::Is("Smith".to_owned()),
        forename: Said::Is("John".to_owned()),
        born: Said::Is(jiff::civil::date(1950, 3, 12)),
        died: Said::Nothing,
    }
}

/// Whom the clerk is asked about.
fn asked(outcome: &Outcome) -> Option<String> {
    let asks = outcome.answer.cover == Cover::Compared;
    assert_eq!((asks, asks), (outcome.answer.signal() == Signal::Look, outcome.patient.is_some()));
    outcome.patient.as_ref().map(casetrack::domain::patient::Patient::on_cover)
}

#[tokio::test]
async fn a_printed_label_is_looked_at_once_in_any_order_with_late_acts_and_over_a_restart() {
    let mut day = Day::begin().await;
    day.print("F1", Why::New).await;
    let late = day.hospital.late("HUB", "F1", Act::Receive(label("F1")), Duration::from_mins(50)).await;
    assert_eq!((asked(&late), day.waiting().await), (None, 1), "nobody was asked, so it still waits");
    day.restart().await;
    day.hospital.pass(Duration::from_mins(1));
    let command = day.hospital.command("CL5", "F1", Act::Receive(label("F1")));
    let first = day.hospital.submit(command.clone()).await.unwrap();
    assert_eq!(asked(&first).as_deref(), Some("SMITH John, 12-Mar-1950"));
    assert_eq!((first.answer.reason, first.movements.len()), (Reason::ReceivedHere, 1));
    assert_eq!((day.hospital.tell("F1").await.as_str(), day.waiting().await), ("at CL5", 0));
    let again = day.hospital.submit(command).await.unwrap();
    assert_eq!(again, Outcome { novelty: Novelty::Known, ..first }, "asked again, it says the same");
    assert_eq!(asked(&day.hospital.receive("CL5", "F1").await), None);
    let late = day.hospital.late("HUB", "F1", Act::Receive(label("F1")), Duration::from_hours(1)).await;
    assert_eq!(asked(&late), None);
    day.end().await;
}

#[tokio::test]
async fn only_a_label_that_may_be_on_paper_is_looked_at() {
    let mut day = Day::begin().await;
    let job = day.queue("F1", Why::Damaged).await;
    assert_eq!(asked(&day.hospital.receive("CL5", "F1").await), None, "it still waits for its printer");
    for (state, looks) in [
        (JobState::Sent, true),
        (JobState::Confirmed, true),
        (JobState::Unknown, true),
        (JobState::Failed, false),
    ] {
        let job = day.queue("F1", Why::Damaged).await;
        day.becomes(job, state).await;
        assert_eq!(asked(&day.hospital.receive("CL5", "F1").await).is_some(), looks, "{state:?}");
    }
    day.becomes(job, JobState::Unknown).await;
    day.hospital.store.settle_job(&trust(), job, Settled::CallOff).await.unwrap().unwrap();
    assert_eq!(asked(&day.hospital.receive("CL5", "F1").await), None, "called off");
    day.end().await;
}

#[tokio::test]
async fn two_printed_at_once_are_one_question_and_a_mass_relabelling_is_none() {
    let mut day = Day::begin().await;
    day.print("F1", Why::Relabelling).await;
    day.print("F1", Why::Lost).await;
    assert!(asked(&day.hospital.receive("CL5", "F1").await).is_some());
    day.print("F1", Why::Relabelling).await;
    assert_eq!(day.waiting().await, 1);
    assert_eq!(asked(&day.hospital.receive("CL5", "F1").await), None);
    assert_eq!(day.waiting().await, 0, "but it is known to be good");
    day.end().await;
}

#[tokio::test]
async fn an_undo_does_not_ask_again_and_neither_where_nor_typing_proves_a_label() {
    let mut day = Day::begin().await;
    day.print("F1", Why::New).await;
    day.hospital.scan("CL5", "F1", Act::Ask(Sought::Thing(label("F1")))).await;
    let mut typed = day.hospital.command("CL5", "F1", Act::Receive(label("F1")));
    typed.scan.entry = Entry::Typed;
    assert_eq!(asked(&day.hospital.submit(typed).await.unwrap()), None);
    assert_eq!(day.waiting().await, 1);
    let to = day.hospital.place("LIB");
    let act = Act::Send { thing: label("F1"), to, consent: Consent::Unasked };
    let sent = day.hospital.scan("CL5", "F1", act).await;
    assert_eq!((sent.answer.reason, asked(&sent).is_some()), (Reason::SentTo, true));
    day.hospital.undo("CL5", UndoTarget::Scan(sent.scan)).await;
    assert_eq!(day.hospital.tell("F1").await, "at CL5");
    assert_eq!(asked(&day.hospital.receive("CL5", "F1").await), None, "the label was read all the same");
    day.end().await;
}

#[tokio::test]
async fn the_old_label_stays_a_name_of_the_folder_and_proves_no_new_one() {
    let mut day = Day::begin().await;
    let kept = day.hospital.receive("HUB", "OLD 77").await.scan;
    day.print("F1", Why::OldLabel).await;
    let folder = day.hospital.folder("F1").await.brief.id;
    day.hospital.settle(Act::AssignLabel { of: kept, folder, kept: vec![kept] }).await;
    assert_eq!((day.hospital.tell("F1").await.as_str(), day.waiting().await), ("at HUB", 1), "a kept scan");
    let old = day.hospital.receive("CL5", "OLD 77").await;
    assert_eq!((old.answer.reason, asked(&old), day.waiting().await), (Reason::ReceivedHere, None, 1));
    assert!(asked(&day.hospital.receive("CL5", "F1").await).is_some());
    let old = day.hospital.receive("LIB", "OLD 77").await;
    assert_eq!((old.answer.volume, day.hospital.tell("F1").await.as_str()), (Some(folder), "at LIB"));
    day.end().await;
}

#[tokio::test]
async fn label_queues_one_cover_with_its_scan_however_often_that_is_told() {
    let mut day = Day::begin().await;
    day.hospital.receive("CL5", "F1").await;
    let mut changes = day.hospital.store.print_queue();
    changes.mark_unchanged();
    let print = |printer: Option<&str>| Act::Print {
        sought: Sought::Thing(label("F1")),
        printer: printer.map(|name| LabelPrinter { name: name.to_owned(), stock: "70x35".to_owned() }),
    };
    let command = day.hospital.command("CL5", "F1", print(Some(PRINTER)));
    let told = day.hospital.submit(command.clone()).await.unwrap();
    assert_eq!((told.answer.reason, told.movements.len()), (Reason::LabelPrinting, 0));
    assert!(changes.has_changed().unwrap(), "the printer's turn");
    assert_eq!(day.hospital.submit(command).await.unwrap().novelty, Novelty::Known);
    let page = Page { after: None, limit: 100 };
    assert_eq!(day.hospital.store.print_jobs(&trust(), page.clone()).await.unwrap().items.len(), 1);
    let next = day.hospital.store.next_job(&trust(), PRINTER).await.unwrap().unwrap();
    assert_eq!((next.job.id, next.job.state), (told.scan.uuid(), JobState::Queued));
    let subject = day.hospital.folder("F1").await.brief.id.key();
    let label = next.labels.first().unwrap().label;
    assert_eq!(label, NewLabel { what: Printed::Cover, subject, why: Why::Damaged });
    assert_eq!(day.hospital.tell("F1").await, "at CL5");

    let queued = day.hospital.scan("CL5", "F1", print(None)).await;
    assert_eq!(queued.answer.reason, Reason::LabelQueued);
    let jobs = day.hospital.store.print_jobs(&trust(), page).await.unwrap().items;
    let newest = jobs.first().unwrap();
    assert_eq!(
        (newest.printer.as_str(), newest.state),
        ("", JobState::Queued),
        "for whoever prints it elsewhere"
    );
    assert_eq!(asked(&day.hospital.receive("CL5", "F1").await), None, "nothing is on paper yet");
    day.becomes(newest.id, JobState::Sent).await;
    assert!(asked(&day.hospital.receive("CL5", "F1").await).is_some());
    day.end().await;
}
