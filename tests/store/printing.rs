//! The print queue of a real store: nothing is printed twice unasked, whatever is sent twice, stopped or called off.

use crate::common;

use casetrack::clock::{Clock, ManualClock};
use casetrack::domain::printing::{
    BadJob, JobRecord, JobState, NewJob, NewLabel, News, Paper, Printed, Settled, Why,
};
use casetrack::store::printing::PrintCounts;
use casetrack::store::story::MORNING;
use casetrack::store::{Page, Store, StoreError, verify};
use common::{Folder, options, trust};
use uuid::Uuid;

const LIBRARY: &str = "Library";

fn label(subject: i64) -> NewLabel {
    NewLabel { what: Printed::Cover, subject, why: Why::New }
}

fn job(number: u128, printer: &str, subjects: &[i64]) -> NewJob {
    NewJob {
        id: Uuid::from_u128(number),
        person: None,
        printer: printer.to_owned(),
        paper: Paper { stock: "L7160".to_owned(), template: None, first: 4, spoiled: vec![6], copies: 1 },
        labels: subjects.iter().copied().map(label).collect(),
    }
}

fn sent(remote: Option<&str>, is_being_sent: bool) -> News {
    let remote = remote.map(str::to_owned);
    News { state: JobState::Sent, is_being_sent, remote, said: Some("on its way".to_owned()) }
}

fn page(after: Option<String>, limit: usize) -> Page {
    Page { after, limit }
}

struct Queue {
    folder: Folder,
    clock: Clock,
    _hands: ManualClock,
    store: Store,
}

impl Queue {
    fn open() -> Self {
        let (clock, hands) = Clock::manual(MORNING);
        let folder = Folder::new();
        let store = Store::open(options(&folder, clock.clone())).unwrap();
        Self { folder, clock, _hands: hands, store }
    }

    async fn restart(&mut self) {
        self.store.clone().stop().await;
        self.store = Store::open(options(&self.folder, self.clock.clone())).unwrap();
        self.store.forsake_jobs(&trust(), vec![LIBRARY.to_owned()]).await.unwrap();
    }

    async fn print(&self, job: NewJob) -> JobRecord {
        self.store.print(&trust(), job).await.unwrap()
    }

    async fn settle(&self, number: u128, settled: Settled) -> Option<JobRecord> {
        self.store.settle_job(&trust(), Uuid::from_u128(number), settled).await.unwrap()
    }

    async fn take(&self, number: u128) -> Option<JobRecord> {
        self.store.take_job(&trust(), Uuid::from_u128(number)).await.unwrap()
    }

    async fn tell(&self, number: u128, news: News) {
        self.store.tell_job(&trust(), Uuid::from_u128(number), news).await.unwrap().unwrap();
    }

    async fn state(&self, number: u128) -> JobState {
        self.store.print_job(&trust(), Uuid::from_u128(number)).await.unwrap().unwrap().job.state
    }

    async fn next(&self) -> Option<u128> {
        self.store.next_job(&trust(), LIBRARY).await.unwrap().map(|whole| whole.job.id.as_u128())
    }

    async fn waiting(&self) -> Vec<i64> {
        let listing = self.store.labels_waiting(&trust(), page(None, 10)).await.unwrap();
        listing.items.iter().map(|label| label.volume.key()).collect()
    }
}

#[tokio::test]
async fn a_form_that_is_sent_twice_prints_once() {
    let queue = Queue::open();
    let first = queue.print(job(1, LIBRARY, &[7, 8])).await;
    let again = queue.print(job(1, LIBRARY, &[9])).await;
    assert_eq!(first, again);
    assert_eq!((first.state, first.labels, first.unscanned), (JobState::Queued, 2, 2));
    let listing = queue.store.print_jobs(&trust(), page(None, 10)).await.unwrap();
    assert_eq!(listing.items, [first]);
}

#[tokio::test]
async fn each_printer_gets_its_jobs_in_the_order_in_which_they_were_asked_for() {
    let queue = Queue::open();
    queue.print(job(3, LIBRARY, &[1])).await;
    queue.print(job(1, "Clinic", &[2])).await;
    queue.print(job(2, LIBRARY, &[3])).await;
    assert_eq!(queue.next().await, Some(3));
    assert!(queue.take(3).await.unwrap().is_being_sent);
    assert_eq!(queue.take(3).await, None, "nobody takes it twice");
    assert_eq!(queue.next().await, Some(2));
    let counts = queue.store.print_counts(&trust()).await.unwrap();
    assert_eq!(counts, PrintCounts { queued: 2, sending: 1, unknown: 0, failed: 0 });
}

#[tokio::test]
async fn what_was_being_sent_when_the_program_ended_is_not_sent_again_but_asked_about() {
    let mut queue = Queue::open();
    for number in 1..=4 {
        queue.print(job(number, LIBRARY, &[1])).await;
    }
    queue.take(1).await.unwrap();
    queue.take(2).await.unwrap();
    queue.tell(2, sent(Some("17"), true)).await;
    queue.take(3).await.unwrap();
    queue.tell(3, sent(None, false)).await;
    queue.restart().await;
    assert_eq!(queue.state(1).await, JobState::Unknown);
    assert_eq!(queue.state(3).await, JobState::Sent);
    let followed = queue.store.job_being_sent(&trust(), LIBRARY).await.unwrap().unwrap();
    assert_eq!((followed.job.id.as_u128(), followed.job.remote.as_deref()), (2, Some("17")));
    queue.store.forsake_jobs(&trust(), Vec::new()).await.unwrap();
    assert_eq!(queue.state(2).await, JobState::Unknown, "its printer was taken out of the configuration");
    assert_eq!(queue.next().await, Some(4), "only what nobody had begun waits");
    let asked = queue.settle(1, Settled::PrintAgain).await.unwrap();
    assert_eq!((asked.state, asked.said), (JobState::Queued, None));
    assert_eq!(queue.next().await, Some(1));
    queue.store.stop().await;
    assert!(verify(&queue.folder.0).unwrap().is_sound());
}

#[tokio::test]
async fn a_persons_word_stands_against_what_the_printer_says_later() {
    let queue = Queue::open();
    queue.print(job(1, LIBRARY, &[1])).await;
    assert_eq!(queue.settle(1, Settled::CallOff).await.unwrap().state, JobState::CalledOff);
    assert_eq!(queue.take(1).await, None);
    queue.tell(1, sent(None, false)).await;
    assert_eq!(queue.state(1).await, JobState::CalledOff);
    assert_eq!(queue.settle(1, Settled::PrintAgain).await.unwrap().state, JobState::CalledOff);
    assert_eq!(queue.settle(2, Settled::CallOff).await, None, "there is no such job");
}

#[tokio::test]
async fn covers_wait_for_their_scan_once_they_are_on_paper() {
    let queue = Queue::open();
    queue.print(job(1, "", &[5, 6])).await;
    queue.print(job(2, LIBRARY, &[7])).await;
    queue.print(job(3, LIBRARY, &[8])).await;
    assert_eq!(queue.waiting().await, [5, 6], "a fetched file is on paper; what is queued is not");
    queue.take(2).await.unwrap();
    queue.tell(2, News { state: JobState::Unknown, ..sent(None, false) }).await;
    assert_eq!(queue.waiting().await, [5, 6, 7]);
    queue.settle(2, Settled::CallOff).await.unwrap();
    assert_eq!(queue.waiting().await, [5, 6]);
    let first = queue.store.labels_waiting(&trust(), page(None, 1)).await.unwrap();
    let rest = queue.store.labels_waiting(&trust(), page(first.next, 1)).await.unwrap();
    assert_eq!(rest.items.iter().map(|label| label.at).collect::<Vec<_>>(), [1]);
}

#[tokio::test]
async fn a_job_without_labels_or_with_too_many_is_refused_in_words() {
    let queue = Queue::open();
    let refused = queue.store.print(&trust(), job(1, LIBRARY, &[])).await.unwrap_err();
    assert!(matches!(refused, StoreError::Job(BadJob::Empty)));
    let many: Vec<i64> = (0..1_001).collect();
    let refused = queue.store.print(&trust(), job(1, LIBRARY, &many)).await.unwrap_err();
    assert_eq!(refused.to_string(), "1001 labels, copies counted: at most 1000 at once, so print in parts");
}
