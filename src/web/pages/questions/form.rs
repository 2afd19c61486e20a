//! What a librarian's form says.

use uuid::Uuid;

use crate::domain::barcode::{self, Code, Entry};
use crate::domain::command::MAX_KEPT;
use crate::domain::directory::Directory;
use crate::domain::question::Verdict;
use crate::domain::{PlaceId, ScanId, StaffId};
use crate::web::acts;
use crate::web::error::Failure;

/// What to do with a form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Look a folder up; nothing is recorded.
    Find,
    /// Settle it.
    Answer,
    /// Set an unknown label aside.
    Aside,
}

/// A form as it was sent. What a field does not hold is empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Posting {
    /// Made with the form.
    pub id: Uuid,
    /// What to do.
    pub step: Step,
    /// What was scanned or typed as a badge.
    pub badge: String,
    /// The answer that was chosen.
    pub verdict: String,
    /// A place, where the answer leaves it open.
    pub place: String,
    /// A folder's label or number.
    pub folder: String,
    /// Which volume, where the folder was given by number.
    pub volume: Option<u32>,
    /// The kept scans that were ticked.
    pub kept: Vec<ScanId>,
}

impl Posting {
    /// Reads the fields of a form; a ticked box comes as often as there are boxes.
    pub fn read(fields: &[(String, String)]) -> Result<Self, Failure> {
        let field = |name: &str| {
            let found = fields.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let malformed = |what: &str| Failure::Malformed(format!("{what}: open the question again"));
        let id: Uuid = field("id").parse().map_err(|_| malformed("id"))?;
        if id.get_version_num() != 7 {
            return Err(malformed("id"));
        }
        let step = match field("step").as_str() {
            "find" => Step::Find,
            "answer" => Step::Answer,
            "aside" => Step::Aside,
            _ => return Err(malformed("step")),
        };
        let kept = fields.iter().filter(|(key, _)| key == "kept").take(MAX_KEPT);
        let kept = kept.map(|(_, value)| value.parse().map(ScanId::new).map_err(|_| malformed("kept")));
        Ok(Self {
            id,
            step,
            badge: field("badge"),
            verdict: field("verdict"),
            place: field("place"),
            folder: field("folder"),
            volume: field("volume").parse().ok(),
            kept: kept.collect::<Result<_, _>>()?,
        })
    }

    /// Whose badge was given.
    pub fn person(&self, directory: &Directory) -> Option<StaffId> {
        acts::whose_badge(&self.badge, directory)
    }

    /// What was chosen: the word, and the code that some words have.
    pub fn verdict(&self, directory: &Directory) -> Result<Verdict, String> {
        let (word, code) = self.verdict.split_once(' ').unwrap_or((&self.verdict, ""));
        match word {
            "at" => place(if code.is_empty() { &self.place } else { code }, directory).map(Verdict::At),
            "container" => {
                let container = place(code, directory)?;
                place(&self.place, directory).map(|at| Verdict::ContainerAt { container, at })
            }
            "not-known" => Ok(Verdict::NotKnown),
            "gone" => Ok(Verdict::Gone),
            "allowed" => Ok(Verdict::Allowed),
            "seen-to" => Ok(Verdict::SeenTo),
            _ => Err("Choose an answer first. Nothing was changed.".to_owned()),
        }
    }
}

/// The place or container of this code.
fn place(text: &str, directory: &Directory) -> Result<PlaceId, String> {
    if text.is_empty() {
        return Err("Say where it is: scan or type the place's code. Nothing was changed.".to_owned());
    }
    match barcode::read(text, None, Entry::Scanned, &[], directory) {
        Code::Place(id) | Code::Container(id) => Ok(id),
        Code::Card(_) | Code::Staff(_) | Code::Folder(_) | Code::Patient(_) | Code::Unusable(_) => {
            Err(format!("There is no place with the code {text}. Nothing was changed."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(more: &[(&str, &str)]) -> Vec<(String, String)> {
        let id = Uuid::now_v7().to_string();
        let all = [("id", id.as_str()), ("step", "answer")];
        all.iter().chain(more).map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn every_ticked_box_counts_and_a_form_without_its_id_or_step_is_told_so() {
        let scan = Uuid::now_v7().to_string();
        let posting = Posting::read(&fields(&[("kept", &scan), ("kept", &scan), ("volume", " 2 ")])).unwrap();
        assert_eq!((posting.kept.len(), posting.volume), (2, Some(2)));
        for bad in [
            vec![],
            vec![("id".to_owned(), Uuid::nil().to_string()), ("step".to_owned(), "answer".to_owned())],
            fields(&[("kept", "x")]),
            fields(&[])[..1].to_vec(),
        ] {
            assert!(matches!(Posting::read(&bad), Err(Failure::Malformed(_))), "{bad:?}");
        }
    }

    #[test]
    fn an_answer_without_its_place_says_what_is_missing() {
        let directory = Directory::default();
        let verdict = |word: &str, at: &str| {
            Posting::read(&fields(&[("verdict", word), ("place", at)])).unwrap().verdict(&directory)
        };
        assert_eq!(verdict("gone", ""), Ok(Verdict::Gone));
        assert!(verdict("at", "").unwrap_err().contains("Say where"));
        assert!(verdict("at", "NOWHERE").unwrap_err().contains("no place"));
        assert!(verdict("", "").unwrap_err().contains("Choose"));
    }
}
