//! Scans that are kept because they named nothing known, and what becomes of them once their label is known.

use uuid::Builder;

use super::barcode::{self, Code, Entry};
use super::command::{Act, Command, Moment, Naming, Scan, SessionAfter, Thing};
use super::decide::Decision;
use super::directory::Directory;
use super::question::QuestionKind;
use super::refusal::Reason;
use super::{ScanId, VolumeId};

/// The session, at each desk, of kept scans that became movements: no session of a scanner goes on from them.
pub const KEPT_SESSION: &str = "~kept";

/// What a refused scan may still need.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kept {
    /// Its label named no folder: a librarian may say which it was.
    Label,
    /// Its scanner sent what is no label: many of these, and the scanner needs seeing to.
    BadRead,
}

/// Why a scan's text is kept, if it may still be needed. What was only asked about is not: nothing came in.
pub fn kept(act: &Act, decision: &Decision) -> Option<Kept> {
    let reason = decision.answer.reason;
    let asks = decision.questions.iter().any(|question| question.kind == QuestionKind::UnknownLabel);
    if matches!(act, Act::Ask(_) | Act::Print { .. } | Act::OpenSearch(_)) {
        None
    } else if reason == Reason::UnknownLabel || asks {
        Some(Kept::Label)
    } else {
        reason.is_bad_read().then_some(Kept::BadRead)
    }
}

/// A kept scan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptScan {
    /// The scan, with its text.
    pub scan: Scan,
    /// Why it moved nothing.
    pub reason: Reason,
}

impl KeptScan {
    /// What the scan is once it is known to have been of `volume`: it arrived there, then.
    ///
    /// No more than that, whatever was open at the desk: the clerk heard *refused* and put the folder aside, so it
    /// did not go on with the others. The scan keeps its place in the one order, and its new name is made from its
    /// old one, so that it can become a movement only once.
    pub fn of(&self, volume: VolumeId) -> Command {
        let scan = Scan {
            id: again(self.scan.id),
            session: KEPT_SESSION.to_owned(),
            batch: None,
            position: 0,
            naming: Naming::Label,
            ..self.scan.clone()
        };
        Command {
            scan,
            act: Act::Receive(Thing::Volume(volume)),
            moment: Moment::Past,
            session: SessionAfter::default(),
        }
    }
}

/// The name of what a kept scan becomes: its own, as a UUID of version 8.
pub fn again(kept: ScanId) -> ScanId {
    ScanId::new(Builder::from_custom_bytes(kept.uuid().into_bytes()).into_uuid())
}

/// Everything that settling an unknown label may read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LabelView {
    /// What the label means by itself.
    pub reads: Code,
    /// The volume that it names by now.
    pub names: Option<VolumeId>,
    /// Whether it named several volumes, so that it can never name one alone.
    pub named_several: bool,
    /// The kept scans chosen that nobody has settled yet, in the order in which they happened.
    pub kept: Vec<KeptScan>,
}

/// What the text of a kept scan means by itself, without the rules of the hospital, which knew no folder for it.
pub fn reads(scan: &Scan, directory: &Directory) -> Code {
    barcode::read(&scan.text, scan.aim.as_deref(), Entry::Scanned, &[], directory)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_kept_scan_has_one_other_name_for_ever() {
        let kept = ScanId::new(Uuid::now_v7());
        assert_eq!(again(kept), again(kept));
        assert_ne!(again(kept), kept);
        assert_eq!(again(kept).uuid().get_version_num(), 8);
    }
}
