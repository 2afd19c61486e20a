//! What an undo would touch, as the store reads it for a decision.

use super::SearchId;
use super::casenote::VolumeBrief;
use super::combine::NewCombineStep;
use super::movement::{Subject, UndoTarget};
use super::whereabouts::Present;

/// One subject whose movement an undo takes back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UndoneSubject {
    /// What moved.
    pub subject: Subject,
    /// Its names, if it is a volume.
    pub brief: Option<VolumeBrief>,
    /// Where it will be once the movement does not count.
    pub stands: Present,
    /// Whether the movement decided where it is; otherwise it was scanned elsewhere since.
    pub decided: bool,
    /// Why it may not leave, if it may not.
    pub stopped: bool,
}

/// Everything an undo touches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UndoView {
    /// What is taken back.
    pub target: UndoTarget,
    /// Each subject once.
    pub subjects: Vec<UndoneSubject>,
    /// The searches that it had turned up, as long as nothing else has ended them since.
    pub turned_up: Vec<SearchId>,
    /// What it had said of temporary folders and their originals.
    pub combines: Vec<NewCombineStep>,
}
