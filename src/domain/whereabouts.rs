//! The fold: what a subject's movements add up to now.
//!
//! It reads movements only; no configuration, no place tree, no clock. The same movements in any order of
//! arrival, or twice, give the same present.

use super::PlaceId;
use super::movement::{Change, GoneWhy, How, Movement, UndoTarget};
use crate::clock::Timestamp;

/// Containers nest at most this deep: a bag in a box on a trolley in a van.
pub const MAX_NESTING: usize = 4;

/// Which of the five states a subject is in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum State {
    /// No movement counts.
    #[default]
    NotYetSeen,
    /// At a place.
    At,
    /// Between two places.
    OnItsWay,
    /// In a container.
    InContainer,
    /// Destroyed, transferred or combined.
    Gone(GoneWhy),
}

impl State {
    /// The word of the outward interfaces.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotYetSeen => "not-yet-seen",
            Self::At => "at",
            Self::OnItsWay => "on-its-way",
            Self::InContainer => "in-container",
            Self::Gone(_) => "gone",
        }
    }
}

/// Where a subject is now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Present {
    /// Which state.
    pub state: State,
    /// There; where it left; where it was packed; its last place.
    pub place: Option<PlaceId>,
    /// Its destination, or the place it is meant for.
    pub to: Option<PlaceId>,
    /// The container it is in.
    pub container: Option<PlaceId>,
    /// Whether somebody scanned the thing itself there.
    pub confirmed: bool,
    /// The shelf it is filed on.
    pub filed: Option<PlaceId>,
    /// When the deciding movement happened.
    pub since: Option<Timestamp>,
    /// How that movement is known.
    pub how: Option<How>,
    /// The other place it could as well be at: clocks cannot tell which came last.
    pub or_at: Option<PlaceId>,
}

/// Where the subject is, given its newest movement that counts and the one before it.
pub fn present(newest: Option<&Movement>, before: Option<&Movement>) -> Present {
    let Some(newest) = newest else { return Present::default() };
    let or_at = before.filter(|before| contradict(before, newest)).and_then(|before| before.change.ends_at());
    Present { or_at, ..after(newest) }
}

/// Where one movement leaves its subject.
pub fn after(movement: &Movement) -> Present {
    let known = Present {
        state: State::At,
        since: Some(movement.order.happened),
        how: Some(movement.how),
        ..Present::default()
    };
    match movement.change {
        Change::Arrived { at, meant_for } => {
            Present { place: Some(at), to: meant_for, confirmed: movement.how != How::Imported, ..known }
        }
        Change::Sent { from, to } => {
            Present { state: State::OnItsWay, place: Some(from), to: Some(to), ..known }
        }
        Change::LeftAt { at } | Change::Emptied { at } => Present { place: Some(at), ..known },
        Change::Filed { shelf } => {
            Present { place: Some(shelf), filed: Some(shelf), confirmed: true, ..known }
        }
        Change::Packed { at, container } => Present {
            state: State::InContainer,
            place: Some(at),
            container: Some(container),
            confirmed: true,
            ..known
        },
        Change::Seen { at } => Present { place: Some(at), confirmed: true, ..known },
        Change::Answered { at: Some(at) } => {
            Present { place: Some(at), confirmed: movement.how == How::Scanned, ..known }
        }
        Change::SeenGone { at, why } => {
            Present { state: State::Gone(why), place: Some(at), confirmed: true, ..known }
        }
        Change::Gone { at, why } => Present { state: State::Gone(why), place: at, confirmed: true, ..known },
        Change::Answered { at: None } | Change::Undone(_) => Present::default(),
    }
}

/// The two newest movements of one subject that count, newest first.
pub fn newest_two<'a>(
    movements: impl IntoIterator<Item = &'a Movement>,
    undone: impl Fn(&Movement) -> bool,
) -> (Option<&'a Movement>, Option<&'a Movement>) {
    let mut first: Option<&Movement> = None;
    let mut second: Option<&Movement> = None;
    for movement in movements {
        if !movement.change.places() || undone(movement) {
            continue;
        }
        match first {
            Some(newest) if newest.id == movement.id => {}
            Some(newest) if newest.order > movement.order => {
                if second.is_none_or(|older| older.order < movement.order) {
                    second = Some(movement);
                }
            }
            _ => second = first.replace(movement),
        }
    }
    (first, second)
}

/// Whether one of `targets` takes `movement` back.
pub fn is_undone(movement: &Movement, targets: &[UndoTarget]) -> bool {
    targets.iter().any(|target| movement.is_undone_by(*target))
}

/// The two places it may be at, where clocks cannot tell.
pub fn either(present: &Present) -> Option<(PlaceId, PlaceId)> {
    let ends_at = match present.state {
        State::OnItsWay => present.to,
        State::NotYetSeen | State::At | State::InContainer | State::Gone(_) => present.place,
    };
    Some((ends_at?, present.or_at?))
}

/// Whether two neighbouring movements of a subject may have happened the other way round and that would matter.
///
/// They contradict if they come from different clocks, their intervals (happened ± uncertainty) overlap, they end
/// at different places, neither order is a known step, and the later is not a librarian's answer: that settles them.
pub fn contradict(earlier: &Movement, later: &Movement) -> bool {
    let gap = later.order.happened.micros_since(earlier.order.happened).abs();
    let overlap = gap <= earlier.uncertainty_us.saturating_add(later.uncertainty_us);
    let other_clock = earlier.order.incarnation != later.order.incarnation;
    let unsure = earlier.uncertainty_us > 0 || later.uncertainty_us > 0;
    let settled = matches!(later.change, Change::Answered { .. });
    unsure
        && overlap
        && !settled
        && other_clock
        && earlier.change.ends_at() != later.change.ends_at()
        && !is_step(earlier.change, later.change)
        && !is_step(later.change, earlier.change)
}

/// Whether `second` is what is expected after `first`: sent from where it was, or arrived where it was sent.
fn is_step(first: Change, second: Change) -> bool {
    match (first, second) {
        (Change::Sent { to, .. }, second) => second.ends_at() == Some(to),
        (first, Change::Sent { from, .. }) => first.ends_at() == Some(from),
        _ => false,
    }
}

/// One container on the way outwards from a packed volume.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Carrier {
    /// The container.
    pub container: PlaceId,
    /// Where it is, by its own movements.
    pub present: Present,
}

/// Where a packed subject is, read through its containers, the innermost first.
///
/// `carriers` ends at the first container that is in none. In a loop the newest link does not count; that
/// container is where it was packed. Of two links of the same microsecond that of the higher key counts as newer,
/// so that the loop is cut at one place from wherever it is entered.
pub fn through(packed: Present, carriers: &[Carrier]) -> Present {
    let Some(outermost) = outermost(carriers) else { return packed };
    let moved = carriers.iter().any(|carrier| carrier.present.since > packed.since);
    Present {
        place: outermost.place,
        to: outermost.to,
        confirmed: packed.confirmed && !moved,
        or_at: packed.or_at.or(outermost.or_at),
        ..packed
    }
}

fn outermost(carriers: &[Carrier]) -> Option<Present> {
    let last = carriers.last()?;
    let Some(into) = last.present.container else { return Some(last.present) };
    let start = carriers.iter().position(|carrier| carrier.container == into)?;
    let cut = carriers.iter().skip(start).max_by_key(|carrier| (carrier.present.since, carrier.container))?;
    Some(Present { container: None, state: State::At, ..cut.present })
}

/// Where a packed subject is once its container was emptied at `emptied`, a later movement of the container.
pub fn freed(packed: Present, emptied: &Movement) -> Present {
    let Change::Emptied { at } = emptied.change else { return packed };
    if Some(emptied.order.happened) < packed.since {
        return packed;
    }
    Present {
        state: State::At,
        place: Some(at),
        to: None,
        container: None,
        confirmed: false,
        since: Some(emptied.order.happened),
        how: Some(How::Carried),
        ..packed
    }
}
