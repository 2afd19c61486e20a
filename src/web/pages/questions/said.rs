//! What came of an answer, said on the page to which it leads back.

use crate::desk::signal::{Scene, say};
use crate::domain::PlaceId;
use crate::domain::answer::Answer;
use crate::domain::command::VolumeNow;
use crate::store::ScanRecord;
use crate::web::acts;
use crate::web::pages::whereabouts::Words;

/// One line at the top of the page, and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// `told` or `refused`: the colour.
    pub class: &'static str,
    /// The shape.
    pub shape: &'static str,
    /// The word.
    pub word: &'static str,
    /// What happened.
    pub title: String,
    /// What to do.
    pub detail: String,
}

impl Said {
    /// What was not even tried.
    pub fn not_done(title: String) -> Self {
        Self { class: "refused", shape: "cross", word: "NOT DONE", title, detail: String::new() }
    }

    /// What was done.
    pub fn done(title: String) -> Self {
        Self { class: "told", shape: "tick", word: "DONE", title, detail: String::new() }
    }
}

/// What came of an act of a page; nothing of what was scanned at a desk.
pub fn said(words: &Words<'_>, act: &ScanRecord) -> Option<Said> {
    if act.desk.as_str() != acts::DESK {
        return None;
    }
    let volumes: Vec<_> = act.volume.iter().cloned().collect();
    Some(spoken(words, &act.answer, &volumes))
}

/// An answer to a page, which speaks of these folders.
pub fn spoken(words: &Words<'_>, answer: &Answer, volumes: &[VolumeNow]) -> Said {
    let scene = Scene {
        directory: words.directory,
        desk_place: PlaceId::new(0),
        time_zone: words.zone,
        now: words.now,
        volumes,
        siblings: &[],
        patient: None,
        label_printer: None,
        cards: &[],
    };
    let sentence = say(answer, &scene);
    if !answer.signal().is_accepted() {
        return Said { detail: sentence.detail, ..Said::not_done(sentence.title) };
    }
    Said { detail: sentence.detail, ..Said::done(sentence.title) }
}
