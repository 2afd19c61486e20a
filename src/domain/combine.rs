//! Temporary folders and the originals that they stand in for: once both have been scanned, their papers are put
//! together, and until somebody confirms that with the COMBINE card a *combine* is open.

use super::VolumeId;
use super::casenote::{Sibling, VolumeKind, VolumeView};
use super::movement::How;
use super::whereabouts::{Present, State};
use crate::clock::Timestamp;

/// How far a temporary folder and its original have come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CombineState {
    /// The temporary folder stands in; the two have not both been seen since.
    StandsIn,
    /// Both have been scanned: neither may be filed before their papers are together.
    Open,
    /// The papers of the temporary folder lie in the original.
    Done,
}

impl CombineState {
    /// Every state, in the order of the store's numbers.
    pub const ALL: [Self; 3] = [Self::StandsIn, Self::Open, Self::Done];

    /// The word of the outward interfaces.
    pub const fn word(self) -> &'static str {
        match self {
            Self::StandsIn => "stands-in",
            Self::Open => "open",
            Self::Done => "done",
        }
    }

    /// The state once this has happened. What is taken back leads to where it came from, and only from where it led.
    #[must_use]
    pub const fn then(self, step: CombineStep) -> Self {
        match (self, step) {
            (_, CombineStep::Confirmed) => Self::Done,
            (Self::StandsIn, CombineStep::Met) | (Self::Done, CombineStep::NotConfirmed) => Self::Open,
            (Self::Open, CombineStep::NotMet) => Self::StandsIn,
            (state, _) => state,
        }
    }
}

/// What happened to a temporary folder and its original.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CombineStep {
    /// The temporary folder was made up.
    StoodIn,
    /// The second of the two was scanned.
    Met,
    /// COMBINE: the papers are together.
    Confirmed,
    /// The scan of the second was taken back.
    NotMet,
    /// COMBINE was taken back.
    NotConfirmed,
}

impl CombineStep {
    /// Every step, in the order of the store's numbers.
    pub const ALL: [Self; 5] = [Self::StoodIn, Self::Met, Self::Confirmed, Self::NotMet, Self::NotConfirmed];

    /// The step that takes this one back, if one does.
    pub const fn taken_back(self) -> Option<Self> {
        match self {
            Self::Met => Some(Self::NotMet),
            Self::Confirmed => Some(Self::NotConfirmed),
            Self::StoodIn | Self::NotMet | Self::NotConfirmed => None,
        }
    }
}

/// A temporary folder with the original that it stands in for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Combine {
    /// The temporary folder.
    pub temporary: VolumeId,
    /// The original.
    pub original: VolumeId,
    /// How far they have come.
    pub state: CombineState,
    /// Since when the temporary folder stands in, or is known to.
    pub since: Timestamp,
}

impl Combine {
    /// What is known of a temporary folder once this has happened at `at` too.
    #[must_use]
    pub fn then(known: Option<Self>, new: NewCombineStep, at: Timestamp) -> Self {
        let NewCombineStep { temporary, original, step } = new;
        let (state, since) = known.map_or((CombineState::StandsIn, at), |known| (known.state, known.since));
        Self { temporary, original, state: state.then(step), since }
    }
}

/// A step as it is decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewCombineStep {
    /// The temporary folder.
    pub temporary: VolumeId,
    /// The original.
    pub original: VolumeId,
    /// What.
    pub step: CombineStep,
}

/// What a scan of a folder says of its temporary folder or its original.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meeting {
    /// They have met before, and are not yet combined.
    Known(Combine),
    /// The folder in hand is the second of the two.
    Second {
        /// The temporary folder.
        temporary: VolumeId,
        /// The original.
        original: VolumeId,
    },
}

impl Meeting {
    /// The other of the two than `volume`.
    pub fn other(self, volume: VolumeId) -> VolumeId {
        let (temporary, original) = match self {
            Self::Known(Combine { temporary, original, .. }) | Self::Second { temporary, original } => {
                (temporary, original)
            }
        };
        if volume == temporary { original } else { temporary }
    }
}

/// What a scan of `volume` now says of its temporary folder or its original, if anything.
pub fn meeting(volume: &VolumeView) -> Option<Meeting> {
    let open = volume.combines.iter().find(|combine| combine.state == CombineState::Open);
    if let Some(open) = open {
        return Some(Meeting::Known(*open));
    }
    match volume.brief.kind {
        VolumeKind::Temporary => original_came_back(volume),
        VolumeKind::Original => temporary_was_used(volume),
        VolumeKind::Maternity
        | VolumeKind::MentalHealth
        | VolumeKind::Emergency
        | VolumeKind::Therapy
        | VolumeKind::Other => None,
    }
}

/// A temporary folder is scanned: its original has been scanned since it stands in.
fn original_came_back(temporary: &VolumeView) -> Option<Meeting> {
    let stands_in = temporary.combines.iter().find(|combine| combine.state == CombineState::StandsIn)?;
    let original = temporary.siblings.iter().find(|sibling| sibling.brief.id == stands_in.original)?;
    let came_back = is_scanned(&original.present) && original.present.since > Some(stands_in.since);
    came_back.then_some(Meeting::Second { temporary: temporary.brief.id, original: stands_in.original })
}

/// An original is scanned: a temporary folder that stands in for it has been.
fn temporary_was_used(original: &VolumeView) -> Option<Meeting> {
    let second =
        |sibling: &Sibling| Meeting::Second { temporary: sibling.brief.id, original: original.brief.id };
    original.siblings.iter().find(|sibling| stands_in(sibling, original)).map(second)
}

fn stands_in(sibling: &Sibling, original: &VolumeView) -> bool {
    if sibling.brief.kind != VolumeKind::Temporary || !is_scanned(&sibling.present) {
        return false;
    }
    match original.combines.iter().find(|combine| combine.temporary == sibling.brief.id) {
        Some(known) => known.state == CombineState::StandsIn && known.original == original.brief.id,
        None => is_latest(original),
    }
}

/// Whether it is the volume that is in use: nobody has said for which one a temporary folder stands in.
fn is_latest(original: &VolumeView) -> bool {
    let later = |sibling: &Sibling| {
        sibling.brief.kind == VolumeKind::Original && sibling.brief.volume > original.brief.volume
    };
    !original.siblings.iter().any(later)
}

/// Whether somebody has had it in hand, here: an import tells of many that nobody has seen.
fn is_scanned(present: &Present) -> bool {
    let told = matches!(present.how, Some(How::Scanned | How::Listed | How::Carried));
    told && !matches!(present.state, State::NotYetSeen | State::Gone(_))
}
