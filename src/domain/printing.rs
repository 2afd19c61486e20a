//! Printing: what is to be put on paper, why, and how far it has come.
//!
//! ```text
//! queued → sent → confirmed      the printer says that nothing waits in it
//!            ├──→ unknown        nobody can tell: a person looks, and says
//!            └──→ failed         it cannot be printed so
//! queued, unknown, failed → called off
//! ```

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::casenote::VolumeBrief;
use super::patient::Patient;
use super::place::{Code, UnknownWord, one_of};
use super::{PlaceId, StaffId, VolumeId};
use crate::clock::Timestamp;

/// Most labels of one job, copies counted: what one document holds, and some 50 sheets; more is several jobs.
pub const MAX_LABELS: usize = 1_000;
/// Most copies of one job: more is a slip of the finger.
pub const MAX_COPIES: u16 = 50;

/// A folder as its label shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Folder<'a> {
    /// Its names.
    pub brief: &'a VolumeBrief,
    /// The highest volume number of its casenote.
    pub of: u32,
    /// Who issued the number.
    pub site: &'a Code,
    /// Whose it is.
    pub patient: Option<&'a Patient>,
    /// Whether another living patient has the same names.
    pub has_namesake: bool,
    /// The shelf it belongs on.
    pub home: Option<PlaceId>,
}

/// What a printed label is on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Printed {
    /// A folder's cover.
    Cover,
    /// A folder's spine.
    Spine,
    /// A place's card, a shelf's edge.
    Place,
    /// A crate, trolley, box, bag.
    Container,
    /// A badge.
    Badge,
    /// A command card, a desk's card.
    Card,
    /// A slip that stands where a folder was.
    Tracer,
}

impl Printed {
    /// Every one, in the order of the store's numbers.
    pub const ALL: [Self; 7] =
        [Self::Cover, Self::Spine, Self::Place, Self::Container, Self::Badge, Self::Card, Self::Tracer];

    /// The word used in forms and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cover => "cover",
            Self::Spine => "spine",
            Self::Place => "place",
            Self::Container => "container",
            Self::Badge => "badge",
            Self::Card => "card",
            Self::Tracer => "tracer",
        }
    }
}

impl FromStr for Printed {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        one_of(&Self::ALL, Self::word, text)
    }
}

/// Why a label is printed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// There was none.
    New,
    /// It is gone.
    Lost,
    /// It can no longer be read.
    Damaged,
    /// It says something wrong.
    WrongDetails,
    /// The hospital's old label is replaced by one of ours.
    OldLabel,
    /// All are relabelled: nobody is asked at the first scan whether the cover is right.
    Relabelling,
}

impl Why {
    /// Every one, in the order of the store's numbers.
    pub const ALL: [Self; 6] =
        [Self::New, Self::Lost, Self::Damaged, Self::WrongDetails, Self::OldLabel, Self::Relabelling];

    /// The word used in forms and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Lost => "lost",
            Self::Damaged => "damaged",
            Self::WrongDetails => "wrong-details",
            Self::OldLabel => "old-label",
            Self::Relabelling => "relabelling",
        }
    }
}

impl FromStr for Why {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        one_of(&Self::ALL, Self::word, text)
    }
}

/// On what it is printed, and where on it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Paper {
    /// The stock's part number.
    pub stock: String,
    /// The template; the usual one of each kind of label if absent.
    pub template: Option<String>,
    /// The first label of the first sheet, from 1 along the rows.
    pub first: u32,
    /// Labels of the first sheet that are spoiled.
    pub spoiled: Vec<u32>,
    /// How often each.
    pub copies: u16,
}

impl Paper {
    /// One of each, on a new sheet or roll.
    pub fn new(stock: &str) -> Self {
        Self { stock: stock.to_owned(), template: None, first: 1, spoiled: Vec::new(), copies: 1 }
    }
}

/// Where a desk's labels come out.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct LabelPrinter {
    /// Its name in the configuration.
    pub name: String,
    /// The stock that it holds.
    pub stock: String,
}

/// One label of a job.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewLabel {
    /// What it is on.
    pub what: Printed,
    /// The store's key of the volume, place or person; the number of the card.
    pub subject: i64,
    /// Why it is printed.
    pub why: Why,
}

/// What is asked of the print queue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewJob {
    /// Made with the form, so that sending it twice prints once.
    pub id: Uuid,
    /// Who asks.
    pub person: Option<StaffId>,
    /// A printer of the configuration; empty: a file that somebody fetches and prints.
    pub printer: String,
    /// On what.
    pub paper: Paper,
    /// The labels, in their order; 1 to [`MAX_LABELS`].
    pub labels: Vec<NewLabel>,
}

/// Why a job cannot be queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadJob {
    /// Nothing to print.
    #[error("nothing to print: choose at least one label")]
    Empty,
    /// No copy, or too many.
    #[error("{0} copies: 1 to {MAX_COPIES} are possible")]
    Copies(u16),
    /// More than one job may have.
    #[error("{0} labels, copies counted: at most {MAX_LABELS} at once, so print in parts")]
    TooMany(usize),
}

impl NewJob {
    /// Whether it may be queued.
    pub fn check(&self) -> Result<(), BadJob> {
        let copies = self.paper.copies;
        if !(1..=MAX_COPIES).contains(&copies) {
            return Err(BadJob::Copies(copies));
        }
        match self.labels.len().saturating_mul(usize::from(copies)) {
            0 => Err(BadJob::Empty),
            labels if labels > MAX_LABELS => Err(BadJob::TooMany(labels)),
            _ => Ok(()),
        }
    }
}

/// How far a job has come.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum JobState {
    /// It waits for its printer.
    Queued,
    /// It is being given to the printer, or the printer has it.
    Sent,
    /// The printer says that nothing of it waits, or a person saw it.
    Confirmed,
    /// Nobody can tell: a person looks, and says.
    Unknown,
    /// It cannot be printed so.
    Failed,
    /// A person called it off.
    CalledOff,
}

impl JobState {
    /// Every one, in the order of the store's numbers.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Sent, Self::Confirmed, Self::Unknown, Self::Failed, Self::CalledOff];

    /// The word shown to people. *Sent* is not *printed*.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "waiting",
            Self::Sent => "sent",
            Self::Confirmed => "printed",
            Self::Unknown => "not sure",
            Self::Failed => "not printed",
            Self::CalledOff => "called off",
        }
    }

    /// What a person's word makes of it; `None`: it is too late for that, or too early.
    pub const fn settled(self, by: Settled) -> Option<Self> {
        match (self, by) {
            (Self::Unknown | Self::Failed, Settled::PrintedAfterAll) => Some(Self::Confirmed),
            (Self::Unknown | Self::Failed, Settled::PrintAgain) => Some(Self::Queued),
            (Self::Queued | Self::Unknown | Self::Failed, Settled::CallOff) => Some(Self::CalledOff),
            (Self::Queued | Self::Sent | Self::Confirmed | Self::CalledOff, _) => None,
        }
    }
}

/// What a person says of a job.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Settled {
    /// The labels are there.
    PrintedAfterAll,
    /// They are not: print them.
    PrintAgain,
    /// They are not wanted.
    CallOff,
}

impl Settled {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::PrintedAfterAll, Self::PrintAgain, Self::CallOff];

    /// The word used in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Self::PrintedAfterAll => "printed",
            Self::PrintAgain => "print-again",
            Self::CallOff => "call-off",
        }
    }
}

impl FromStr for Settled {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        one_of(&Self::ALL, Self::word, text)
    }
}

/// What became of a job that was given to its printer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct News {
    /// How far it has come.
    pub state: JobState,
    /// Whether it is still being sent, or followed.
    pub is_being_sent: bool,
    /// What the printer calls it; `None`: as before.
    pub remote: Option<String>,
    /// What the printer said, in words for people.
    pub said: Option<String>,
}

/// A job of the queue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JobRecord {
    /// Its name.
    pub id: Uuid,
    /// When it was asked for.
    pub made: Timestamp,
    /// Who asked.
    pub person: Option<StaffId>,
    /// Its printer; empty: a file that somebody fetched.
    pub printer: String,
    /// On what.
    pub paper: Paper,
    /// How far it has come.
    pub state: JobState,
    /// Whether it is being given to the printer just now.
    pub is_being_sent: bool,
    /// Since when it is so.
    pub changed: Timestamp,
    /// What the printer calls it.
    pub remote: Option<String>,
    /// What the printer said last, in words for people.
    pub said: Option<String>,
    /// The folder that its first label is for, if it is for one.
    pub folder: Option<VolumeId>,
    /// How many labels it has.
    pub labels: u32,
    /// How many of them are covers that nobody has scanned yet.
    pub unscanned: u32,
}

/// A label of a job of the queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct JobLabel {
    /// What it is.
    pub label: NewLabel,
    /// Whether it has been scanned since.
    pub is_scanned: bool,
}

/// A job with its labels, in their order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WholeJob {
    /// The job.
    pub job: JobRecord,
    /// Its labels.
    pub labels: Vec<JobLabel>,
}

/// A cover that was sent to paper and that nobody has scanned yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WaitingLabel {
    /// Its job.
    pub job: Uuid,
    /// Where it stands in the job, from 0.
    pub at: u32,
    /// The folder.
    pub volume: VolumeId,
    /// Why it was printed.
    pub why: Why,
    /// The printer; empty: a file.
    pub printer: String,
    /// How far the job has come.
    pub state: JobState,
    /// Since when it is so.
    pub since: Timestamp,
}

/// The covers of one folder that were sent to paper and that nobody has scanned yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CoversWaiting {
    /// How many.
    pub count: u32,
    /// Why the last one was printed.
    pub why: Why,
    /// Since when that one is on paper.
    pub since: Timestamp,
}

/// What keeps a printer from printing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PrinterTrouble {
    /// The printer's name.
    pub printer: String,
    /// What is the matter and what to do, in words for people.
    pub words: String,
    /// Since when.
    pub since: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_job_that_nobody_is_sure_of_or_that_failed_can_be_printed_again() {
        for state in JobState::ALL {
            let can = matches!(state, JobState::Unknown | JobState::Failed);
            assert_eq!(state.settled(Settled::PrintAgain).is_some(), can, "{state:?}");
            assert_eq!(state.settled(Settled::PrintedAfterAll).is_some(), can, "{state:?}");
        }
        assert_eq!(JobState::Queued.settled(Settled::CallOff), Some(JobState::CalledOff));
        assert_eq!(JobState::Sent.settled(Settled::CallOff), None);
    }

    #[test]
    fn a_job_has_labels_but_no_more_than_one_document_holds() {
        let job = |labels: usize, copies: u16| NewJob {
            id: Uuid::nil(),
            person: None,
            printer: String::new(),
            paper: Paper { copies, ..Paper::new("L7160") },
            labels: vec![NewLabel { what: Printed::Cover, subject: 1, why: Why::New }; labels],
        };
        assert_eq!(job(1_000, 1).check(), Ok(()));
        assert_eq!(job(0, 1).check(), Err(BadJob::Empty));
        assert_eq!(job(501, 2).check(), Err(BadJob::TooMany(1_002)));
        assert_eq!(job(1, 0).check(), Err(BadJob::Copies(0)));
        assert_eq!(job(1, 51).check(), Err(BadJob::Copies(51)));
    }

    #[test]
    fn every_word_reads_back() {
        assert!(Printed::ALL.iter().all(|one| one.word().parse() == Ok(*one)));
        assert!(Why::ALL.iter().all(|one| one.word().parse() == Ok(*one)));
        assert!(Settled::ALL.iter().all(|one| one.word().parse() == Ok(*one)));
    }
}
