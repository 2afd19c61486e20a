//! `GET /labels/queue`: what is being printed and what became of it, and covers that nobody has scanned yet; `POST`: what
//! a person says of a job.

use std::collections::BTreeSet;

use askama::Template;
use axum::Form;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::by_hand;
use crate::domain::VolumeId;
use crate::domain::printing::{JobRecord, JobState, PrinterTrouble, Settled, WaitingLabel};
use crate::store::{Listing, Page, VolumeRecord};
use crate::web::api::Query;
use crate::web::auth::{Clerk, Viewer};
use crate::web::error::{Failure, render};
use crate::web::figures::counted;
use crate::web::pages::Shell;
use crate::web::pages::whereabouts::{Words, folder_title, patient_name};
use crate::web::{urls, when};

/// The page's address.
pub const URL: &str = "/labels/queue";
/// Jobs on one page: a day of a busy library.
pub const JOBS: usize = 40;
/// Labels on one page that nobody has scanned.
const WAITING: usize = 50;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "labels_queue.html")]
pub struct QueuePage {
    shell: Shell,
    url: &'static str,
    printers: Vec<Printer>,
    waiting: Vec<Waiting>,
    more_jobs: Option<String>,
    more_waiting: Option<String>,
    /// The beginning, from a later page.
    first: Option<&'static str>,
}

/// A printer with its jobs.
struct Printer {
    name: String,
    troubles: Vec<String>,
    by_hand: Option<ByHand>,
    jobs: Vec<Job>,
}

/// Jobs that wait for no printer: one sheet holds them all.
struct ByHand {
    action: &'static str,
    ids: Vec<String>,
    print: String,
}

/// One job.
struct Job {
    id: String,
    class: &'static str,
    shape: &'static str,
    mark: &'static str,
    title: String,
    facts: Vec<String>,
    said: Option<String>,
    asks: Option<&'static str>,
    answers: Vec<(&'static str, &'static str)>,
}

/// A label that nobody has scanned.
struct Waiting {
    url: String,
    title: String,
    patient: String,
    printed: String,
    again: String,
}

/// Which pages of the two lists are wanted.
#[derive(Deserialize)]
pub struct Which {
    jobs: Option<String>,
    labels: Option<String>,
}

/// What a person says of a job.
#[derive(Deserialize)]
pub struct Word {
    job: Uuid,
    settle: String,
}

/// The queue.
pub async fn get(viewer: Viewer, Query(which): Query<Which>) -> Result<Response, Failure> {
    let goes_on = which.jobs.is_some() || which.labels.is_some();
    let (store, trust) = (viewer.store(), viewer.trust());
    let jobs = store.print_jobs(trust, Page { after: which.jobs, limit: JOBS }).await?;
    let labels = store.labels_waiting(trust, Page { after: which.labels, limit: WAITING }).await?;
    let jobs_folders = jobs.items.iter().filter_map(|job| job.folder);
    let ids: Vec<VolumeId> = labels.items.iter().map(|label| label.volume).chain(jobs_folders).collect();
    let folders = store.volumes(trust, &ids).await?;
    let directory = viewer.directory();
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    let shell = Shell::new(&viewer, "What is being printed");
    let names = viewer.printers().iter().map(|setup| setup.name.as_str()).collect();
    let printers = Printers { names, troubles: viewer.printer_troubles() };
    let mut page = queue_page(shell, &words, &printers, &jobs, &labels, &folders);
    page.first = goes_on.then_some(URL);
    Ok(render(&page))
}

/// The printers of the configuration, and what is the matter with them.
#[derive(Clone, Debug, Default)]
pub struct Printers<'a> {
    /// Their names.
    pub names: Vec<&'a str>,
    /// What keeps them from printing.
    pub troubles: Vec<PrinterTrouble>,
}

/// Takes a person's word and shows the queue again.
pub async fn post(clerk: Clerk, Form(word): Form<Word>) -> Result<Response, Failure> {
    let settled: Settled =
        word.settle.parse().map_err(|_| Failure::Malformed("settle: open the page again".to_owned()))?;
    let none = || Failure::NoSuch { what: "print job", name: word.job.to_string() };
    clerk.store().settle_job(clerk.trust(), word.job, settled).await?.ok_or_else(none)?;
    Ok(Redirect::to(URL).into_response())
}

/// The page from what is known.
pub fn queue_page(
    shell: Shell,
    words: &Words<'_>,
    known: &Printers<'_>,
    jobs: &Listing<JobRecord>,
    labels: &Listing<WaitingLabel>,
    folders: &[VolumeRecord],
) -> QueuePage {
    QueuePage {
        shell,
        url: URL,
        printers: printers(words, known, &jobs.items, folders),
        waiting: labels.items.iter().filter_map(|label| waiting(words, label, folders)).collect(),
        more_jobs: jobs.next.as_deref().map(|after| format!("{URL}?jobs={}", urls::segment(after))),
        more_waiting: labels.next.as_deref().map(|after| format!("{URL}?labels={}", urls::segment(after))),
        first: None,
    }
}

/// Each printer once, by name, files last; what waits for a person stands first with each.
fn printers(
    words: &Words<'_>,
    known: &Printers<'_>,
    jobs: &[JobRecord],
    folders: &[VolumeRecord],
) -> Vec<Printer> {
    let named = known.names.iter().copied().chain(jobs.iter().map(|job| job.printer.as_str()));
    let troubles = &known.troubles;
    let named = named.chain(troubles.iter().map(|trouble| trouble.printer.as_str()));
    let all: BTreeSet<_> = named.map(|name| (name.is_empty(), name)).collect();
    let printer = |(is_file, name): (bool, &str)| {
        let mut own: Vec<_> = jobs.iter().filter(|job| job.printer == name).collect();
        own.sort_by_key(|job| urgency(job.state));
        let troubles = troubles.iter().filter(|trouble| trouble.printer == name);
        Printer {
            name: if is_file { "PDFs, printed by hand".to_owned() } else { name.to_owned() },
            troubles: troubles.map(|trouble| trouble_says(words, trouble)).collect(),
            by_hand: by_hand(&own),
            jobs: own.into_iter().map(|one| job(words, one, folders)).collect(),
        }
    };
    all.into_iter().map(printer).collect()
}

fn by_hand(jobs: &[&JobRecord]) -> Option<ByHand> {
    let waiting: Vec<_> = jobs.iter().filter(|job| by_hand::waits(job)).collect();
    let labels: u32 = waiting.iter().map(|job| job.labels).sum();
    (labels > 0).then(|| ByHand {
        action: by_hand::PRINT,
        ids: waiting.iter().map(|job| job.id.to_string()).collect(),
        print: format!("Make the PDF: {}", counted(labels, "label", "labels")),
    })
}

const fn urgency(state: JobState) -> u8 {
    match state {
        JobState::Unknown | JobState::Failed => 0,
        JobState::Queued => 1,
        JobState::Sent | JobState::Confirmed | JobState::CalledOff => 2,
    }
}

fn trouble_says(words: &Words<'_>, trouble: &PrinterTrouble) -> String {
    let since = when::ago(trouble.since, words.now, words.zone);
    format!("{} (since {since})", trouble.words)
}

fn job(words: &Words<'_>, job: &JobRecord, folders: &[VolumeRecord]) -> Job {
    let (class, shape) = look(job.state);
    let is_file = job.printer.is_empty();
    let by = job.person.and_then(|id| words.directory.staff(id)).map(|staff| format!("by {}", staff.name));
    let made = when::day_and_time(job.made, words.now, words.zone);
    let unscanned = (job.unscanned > 0 && is_on_paper(job.state))
        .then(|| format!("{} not scanned yet", counted(job.unscanned, "cover", "covers")));
    let can = |settled: &Settled| job.state.settled(*settled).is_some();
    let answers = Settled::ALL.into_iter().filter(can);
    Job {
        id: job.id.to_string(),
        class,
        shape,
        mark: if is_file && job.state == JobState::Sent { "made" } else { job.state.word() },
        title: title(job, folders),
        facts: std::iter::once(format!("asked for {made}")).chain(by).chain(unscanned).collect(),
        said: job.said.clone(),
        asks: asks(job.state),
        answers: answers.map(|settled| (settled.word(), answer_says(job.state, settled))).collect(),
    }
}

const fn is_on_paper(state: JobState) -> bool {
    match state {
        JobState::Sent | JobState::Confirmed | JobState::Unknown => true,
        JobState::Queued | JobState::Failed | JobState::CalledOff => false,
    }
}

/// Colour and shape of a state; its word stands beside it.
const fn look(state: JobState) -> (&'static str, &'static str) {
    match state {
        JobState::Queued => ("waits", "clock"),
        JobState::Sent => ("waits", "arrow"),
        JobState::Confirmed => ("printed", "tick"),
        JobState::Unknown => ("unsure", "question"),
        JobState::Failed => ("failed", "cross"),
        JobState::CalledOff => ("off", "cross"),
    }
}

const fn asks(state: JobState) -> Option<&'static str> {
    match state {
        JobState::Unknown => Some("Did it print? Look at the printer."),
        JobState::Failed => Some("It did not print. What now?"),
        JobState::Queued | JobState::Sent | JobState::Confirmed | JobState::CalledOff => None,
    }
}

const fn answer_says(state: JobState, settled: Settled) -> &'static str {
    match (settled, state) {
        (Settled::PrintedAfterAll, JobState::Failed) => "It did print after all",
        (Settled::PrintedAfterAll, _) => "Yes, it printed",
        (Settled::PrintAgain, _) => "Print again",
        (Settled::CallOff, _) => "Throw it away",
    }
}

/// What a job prints, by its first folder: nobody knows a label by its stock.
fn title(job: &JobRecord, folders: &[VolumeRecord]) -> String {
    let labels = counted(job.labels, "label", "labels");
    let first = folders.iter().find(|record| Some(record.brief.id) == job.folder);
    let of = match first.map(|record| folder_title(&record.brief)) {
        Some(folder) if job.labels == 1 => format!(" of {folder}"),
        Some(folder) => format!(", the first of {folder},"),
        None => String::new(),
    };
    format!("{labels}{of} on {}", job.paper.stock)
}

/// A label that waits; one whose folder is not known any more is left out.
fn waiting(words: &Words<'_>, label: &WaitingLabel, folders: &[VolumeRecord]) -> Option<Waiting> {
    let record = folders.iter().find(|record| record.brief.id == label.volume)?;
    let url = urls::volume(record.brief.barcode.as_str());
    let on = if label.printer.is_empty() { "as a PDF".to_owned() } else { format!("on {}", label.printer) };
    Some(Waiting {
        again: format!("{url}/label?why={}", label.why.word()),
        url,
        title: folder_title(&record.brief),
        patient: record.patient.as_ref().map(patient_name).unwrap_or_default(),
        printed: format!("{} {on}", when::day_and_time(label.since, words.now, words.zone)),
    })
}
