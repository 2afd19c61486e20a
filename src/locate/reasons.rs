//! Reasons: why a cell stands where it stands in a plan, with the counts of this hospital's own log.

use super::cell::{Cell, Slip};
use super::evidence::{Explanation, Whose, tie_of};
use super::filing::{Misread, misreadings};
use super::ground::{ConsultantIx, PlaceIx};
use super::mixture::Mixture;
use super::tally::{PerPlace, Row, real};
use super::ties::Tie;
use super::told::called;
use super::view::View;
use crate::clock::Timestamp;
use crate::domain::VolumeId;

/// A cell has so many reasons at most.
const MOST: usize = 2;
/// What brings less than this share of a cell's chance is no reason for it.
const LEAST_SHARE: f64 = 0.1;

/// So many of so many.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Of {
    /// The many.
    pub some: u32,
    /// All.
    pub all: u32,
}

/// With whom a folder went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Company {
    /// Those scanned in the same batch.
    Batch,
    /// Those packed into the same container.
    Crate,
    /// The other volumes of the casenote.
    Siblings,
}

/// Why a cell. Counts are of this hospital's own log; what is old counts less in them.
#[derive(Clone, PartialEq, Debug)]
pub enum Reason {
    /// Folders missing from there were often found there.
    Overlooked {
        /// Where it is tracked.
        at: PlaceIx,
        /// Found there, of all missing from there.
        found: Of,
    },
    /// The place passes folders to the other without a scan.
    HandedOn {
        /// From.
        from: PlaceIx,
        /// To.
        to: PlaceIx,
        /// How often.
        times: u32,
    },
    /// Folders go from one place to the other, and it does not scan all that it receives.
    GoesNext {
        /// From.
        from: PlaceIx,
        /// To.
        to: PlaceIx,
        /// How often.
        times: u32,
        /// Of a hundred that come there, how many are scanned.
        scanned_percent: u32,
    },
    /// Folders go on twice.
    TwoHops {
        /// From.
        from: PlaceIx,
        /// By way of; none: by several.
        via: Option<PlaceIx>,
        /// To.
        to: PlaceIx,
        /// Since the last scan; none: nobody has ever scanned it.
        days: Option<u32>,
    },
    /// Nobody has scanned it for so long that it has likely gone on.
    GoneOn {
        /// From.
        from: PlaceIx,
        /// Since the last scan; none: nobody has ever scanned it.
        days: Option<u32>,
    },
    /// It may never have left the place before.
    NeverLeft {
        /// That place.
        from: PlaceIx,
    },
    /// It may still wait where it was scanned out.
    StillAt {
        /// Where.
        station: PlaceIx,
    },
    /// It was listed as pulled, and may have stayed.
    OnShelf {
        /// When it was last scanned, if it ever was.
        since: Option<Timestamp>,
        /// Found on their own shelves, of all missing from where it is tracked.
        found: Of,
    },
    /// It came back, and may wait to be filed.
    ToBeFiled {
        /// Since it came back, if it did; else since its last scan; none: nobody has ever scanned it.
        days: Option<u32>,
        /// Found in the returns area, of all missing from where it is tracked.
        found: Of,
    },
    /// It may be filed wrongly.
    Misfiled {
        /// How.
        slip: Slip,
        /// Which digit, if it is the slot of another number.
        misread: Option<Misread>,
        /// So found, of all found misfiled.
        found: Of,
    },
    /// It may be inside a folder that came back with it.
    InsideNeighbour {
        /// Which.
        volume: VolumeId,
    },
    /// It belongs there by whose patient it is.
    Belongs {
        /// How the place is tied to the folder.
        tie: Tie,
        /// Whose it is.
        consultant: Option<ConsultantIx>,
        /// When the appointment called it; none: that consultant asks for it, or called it before.
        called: Option<Timestamp>,
    },
    /// Others that went with it are there.
    Together {
        /// Who.
        company: Company,
        /// There, of all seen since.
        there: Of,
    },
    /// It has been there before.
    BeenThere {
        /// How often, of its newest movements.
        times: u32,
    },
    /// The code beside the right one may have been picked.
    WrongCode {
        /// The place that was picked.
        picked: PlaceIx,
    },
    /// Folders missing from there were found here.
    FoundBefore {
        /// Where they were tracked.
        from: PlaceIx,
        /// Found here, of all.
        found: Of,
    },
    /// Missing folders are often here.
    HidingPlace {
        /// How many were found here.
        found: u32,
    },
}

/// The reasons of a cell, the strongest first, each kind once.
pub fn reasons(mixture: &Mixture, cell: Cell) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for (explanation, share) in mixture.explanations(cell) {
        if share < LEAST_SHARE || reasons.len() == MOST {
            break;
        }
        if let Some(reason) = reason(mixture.view, explanation, cell)
            && !reasons.contains(&reason)
        {
            reasons.push(reason);
        }
    }
    reasons
}

fn reason(view: &View, explanation: Explanation, cell: Cell) -> Option<Reason> {
    if let Some((whose, tie)) = tie_of(explanation) {
        return Some(belongs(view, whose, tie));
    }
    let place = super::hops::place_of(cell, view.home());
    match explanation {
        Explanation::Overlooked => Some(overlooked(view)),
        Explanation::Previous => Some(Reason::NeverLeft { from: view.tracked.previous }),
        Explanation::Station => Some(Reason::StillAt { station: view.tracked.station }),
        Explanation::Misfiled => misfiled(view, cell),
        Explanation::Returns => Some(to_be_filed(view)),
        Explanation::HomeShelf => Some(on_shelf(view)),
        Explanation::BatchMates => together(&view.case.mates, Company::Batch, place?),
        Explanation::CrateMates => together(&view.case.crate_mates, Company::Crate, place?),
        Explanation::Siblings => together(&view.case.siblings, Company::Siblings, place?),
        Explanation::History => been_there(view, place?),
        Explanation::WrongCode => Some(Reason::WrongCode { picked: view.tracked.at }),
        Explanation::FoundBefore => found_before(view, place?),
        Explanation::HidingPlace => hiding_place(view, place?),
        Explanation::Habit | Explanation::Flow | Explanation::TiedHabit | Explanation::WalkedOn => {
            Some(went(view, place?))
        }
        Explanation::TwoHops => Some(two_hops(view, place?)),
        Explanation::WalkedHome | Explanation::Walked => walked(view, cell),
        Explanation::Anywhere
        | Explanation::SecretaryLast
        | Explanation::OfficeLast
        | Explanation::ClinicLast
        | Explanation::WardLast
        | Explanation::SecretaryOther
        | Explanation::OfficeOther
        | Explanation::ClinicOther
        | Explanation::WardOther => None,
    }
}

/// What the walk says of a cell, in the words of the plainer explanation that fits it.
fn walked(view: &View, cell: Cell) -> Option<Reason> {
    let place = super::hops::place_of(cell, view.home());
    match place {
        None => misfiled(view, cell),
        Some(place) if place == view.tracked.at => Some(overlooked(view)),
        Some(place) if Some(place) == view.home() => Some(on_shelf(view)),
        Some(place) if Some(place) == view.returns() => Some(to_be_filed(view)),
        Some(place) => Some(went(view, place)),
    }
}

/// Whither folders go: the folder's own places by name, others by counts, else because it is long ago.
fn went(view: &View, to: PlaceIx) -> Reason {
    let from = view.tracked.at;
    let hops = &view.counts.hops;
    let times =
        |table: &PerPlace<Row>| whole(table.get(from).map_or(0.0, |row| events(view, from, row.get(to))));
    let (handed_on, scanned) = (times(&hops.hidden), times(&hops.flow));
    if handed_on > 0 && handed_on >= scanned {
        return Reason::HandedOn { from, to, times: handed_on };
    }
    if scanned > 0 {
        let scanned_percent = whole(100.0 * hops.scanned_share(to, view.unit));
        return Reason::GoesNext { from, to, times: scanned, scanned_percent };
    }
    let tie = view.ties.tie(to);
    if tie != Tie::Other && view.caller.is_some() {
        return belongs(view, Whose::Last, tie);
    }
    Reason::GoneOn { from, days: scanned_days(view) }
}

fn two_hops(view: &View, to: PlaceIx) -> Reason {
    let from = view.tracked.at;
    let via = view.ground.places().map(|(place, _)| place).filter_map(|via| {
        let onward = view.counts.hops.hidden.get(via).map_or(0, |row| row.get(to))
            + view.counts.hops.flow.get(via).map_or(0, |row| row.get(to));
        let share = view.habit.get(via.index()).copied().unwrap_or_default() * events(view, via, onward);
        (share > 0.0).then_some((via, share))
    });
    let via = via.max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(&one.0)));
    Reason::TwoHops { from, via: via.map(|(via, _)| via), to, days: scanned_days(view) }
}

fn overlooked(view: &View) -> Reason {
    Reason::Overlooked { at: view.tracked.at, found: found_at(view, Some(view.tracked.at)) }
}

fn on_shelf(view: &View) -> Reason {
    Reason::OnShelf { since: view.last_scan(), found: found_at(view, view.home()) }
}

fn to_be_filed(view: &View) -> Reason {
    Reason::ToBeFiled { days: scanned_days(view), found: found_at(view, view.returns()) }
}

/// Whole days since its last scan, if it was ever scanned.
fn scanned_days(view: &View) -> Option<u32> {
    view.last_scan().map(|_| whole(view.days()))
}

/// Of what was missing from where it is tracked, how much was found at a place.
fn found_at(view: &View, place: Option<PlaceIx>) -> Of {
    let row = view.counts.hops.found.get(view.tracked.at);
    let some = place.and_then(|place| row.map(|row| row.get(place))).unwrap_or_default();
    let count = |count| whole(events(view, view.tracked.at, count));
    Of { some: count(some), all: count(row.map_or(0, Row::total)) }
}

fn found_before(view: &View, place: PlaceIx) -> Option<Reason> {
    let found = found_at(view, Some(place));
    (found.some > 0).then_some(Reason::FoundBefore { from: view.tracked.at, found })
}

fn hiding_place(view: &View, place: PlaceIx) -> Option<Reason> {
    let rows = super::Role::ALL.map(|role| view.counts.hops.found_role.get(role).get(place));
    let found = whole(real(rows.iter().sum()) / view.counts.age.role_unit());
    (found > 0).then_some(Reason::HidingPlace { found })
}

fn misfiled(view: &View, cell: Cell) -> Option<Reason> {
    if let Cell::InFolder(volume) = cell {
        return Some(Reason::InsideNeighbour { volume });
    }
    let slip = view.cells.slip(cell)?;
    let misread = match cell {
        Cell::Slot(read) => {
            let all = view.case.number.map(misreadings).unwrap_or_default();
            all.into_iter().find(|(number, _)| *number == read).map(|(_, how)| how)
        }
        Cell::Place(_)
        | Cell::OwnSlot
        | Cell::OwnShelf
        | Cell::NextShelves
        | Cell::InFolder(_)
        | Cell::Box(_)
        | Cell::Section
        | Cell::Library
        | Cell::Lost => None,
    };
    let (some, all) = view.counts.slips.of(slip);
    Some(Reason::Misfiled { slip, misread, found: Of { some: whole(real(some)), all: whole(real(all)) } })
}

fn belongs(view: &View, whose: Whose, tie: Tie) -> Reason {
    let past = called(&view.case.appointments, view.case.now);
    match whose {
        Whose::Last => Reason::Belongs {
            tie,
            consultant: view.caller.and_then(|caller| caller.consultant),
            called: past.last().map(|last| last.calls),
        },
        Whose::Other => {
            Reason::Belongs { tie, consultant: view.other.and_then(|other| other.consultant), called: None }
        }
    }
}

fn together(places: &[PlaceIx], company: Company, place: PlaceIx) -> Option<Reason> {
    let there = Of {
        some: whole(super::tally::real_len(places.iter().filter(|at| **at == place).count())),
        all: whole(super::tally::real_len(places.len())),
    };
    (there.some > 0).then_some(Reason::Together { company, there })
}

fn been_there(view: &View, place: PlaceIx) -> Option<Reason> {
    let times = view.case.moves.iter().filter(|step| step.to == place).count();
    let times = whole(super::tally::real_len(times));
    (times > 0).then_some(Reason::BeenThere { times })
}

/// A count in the habits of a place, in events.
fn events(view: &View, of: PlaceIx, count: u64) -> f64 {
    real(count) / view.counts.age.habit_unit(of)
}

/// The nearest whole number.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float becomes the nearest number that there is"
)]
fn whole(figure: f64) -> u32 {
    figure.round() as u32
}
