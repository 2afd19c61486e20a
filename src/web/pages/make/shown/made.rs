//! The folder that was made, and what became of its label.

use super::person::{name, tags};
use crate::domain::printing::JobState;
use crate::store::VolumeRecord;
use crate::web::pages::labels::queue;
use crate::web::pages::make::label::Label;
use crate::web::pages::whereabouts::folder_title;
use crate::web::{urls, when};

/// Back to an empty form.
const ANOTHER: &str = "Make up another";

/// A folder that was made.
pub struct Made {
    pub title: String,
    pub kind: String,
    /// What is still to be done.
    pub detail: String,
    /// What did not come to pass.
    pub trouble: Vec<String>,
    pub facts: Vec<String>,
    /// Where one goes from here, the likeliest first.
    pub links: Vec<Link>,
}

/// A way on.
pub struct Link {
    pub url: String,
    pub says: &'static str,
}

/// The folder that was made.
pub fn made(record: &VolumeRecord, label: &Label) -> Made {
    let brief = &record.brief;
    let patient = record.patient.as_ref();
    let who = patient.map(name);
    let born = patient.and_then(|patient| patient.born).map(|born| format!("born {}", when::date(born)));
    let tags = patient.map(tags).unwrap_or_default();
    let barcode = format!("barcode {}", brief.barcode);
    let url = urls::volume(brief.barcode.as_str());
    let print = Link { url: format!("{url}/label"), says: "Print its label" };
    let queue = Link { url: queue::URL.to_owned(), says: "What is being printed" };
    let (own, another) = (Link { url, says: "Its page" }, Link { url: "/make".to_owned(), says: ANOTHER });
    let (coming, trouble) = printing(label);
    let links = match label {
        Label::ToPrint => vec![print, own, another],
        Label::NotOn(_) | Label::On(_, JobState::CalledOff) => vec![print, queue, own, another],
        Label::On(_, JobState::Unknown | JobState::Failed) => vec![queue, print, own, another],
        Label::On(_, JobState::Queued | JobState::Sent | JobState::Confirmed) => vec![another, queue, own],
    };
    Made {
        title: folder_title(brief),
        kind: brief.kind.word().replace('-', " "),
        detail: format!("{coming}It counts as not yet seen until its label is scanned."),
        trouble: trouble.into_iter().collect(),
        facts: [who, born, Some(barcode)].into_iter().flatten().chain(tags).collect(),
        links,
    }
}

/// That the label comes, or what is the matter with it.
fn printing(label: &Label) -> (String, Option<String>) {
    let trouble = |says: String| (String::new(), Some(says));
    match label {
        Label::ToPrint => (String::new(), None),
        Label::NotOn(printer) => {
            trouble(format!("Its label is not printing on {printer}. Print it from here."))
        }
        Label::On(printer, JobState::Queued | JobState::Sent) => {
            (format!("Its label is printing on {printer}. "), None)
        }
        Label::On(printer, JobState::Confirmed) => (format!("Its label was printed on {printer}. "), None),
        Label::On(printer, JobState::Unknown) => trouble(format!(
            "Look whether its label came out of {printer}, and say so under what is being printed."
        )),
        Label::On(printer, JobState::Failed) => trouble(format!("Its label did not print on {printer}.")),
        Label::On(printer, JobState::CalledOff) => {
            trouble(format!("Its label was called off on {printer}. Print it from here."))
        }
    }
}
