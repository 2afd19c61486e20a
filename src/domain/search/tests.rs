//! A search's steps, and what they add up to.

use jiff::tz::TimeZone;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::clock::{DAY_US, SECOND_US};
use crate::domain::directory::Directory;
use crate::domain::place::{Place, PlaceKind};

const FOLDER: VolumeId = VolumeId::new(7);
const CLINIC: PlaceId = PlaceId::new(3);
const LIBRARY: PlaceId = PlaceId::new(1);
const SHELF: PlaceId = PlaceId::new(2);
/// Monday 23 November 2026, 08:00 UTC.
const MONDAY: Timestamp = Timestamp::from_micros(1_795_420_800_000_000);

fn directory() -> Directory {
    let place = |id: PlaceId, code: &str, kind, parent: Option<PlaceId>| Place {
        name: code.to_lowercase(),
        ..Place::plain(id.key(), code, kind, parent.map(PlaceId::key))
    };
    Directory::new(
        [
            place(LIBRARY, "LIB", PlaceKind::Library, None),
            place(SHELF, "S12", PlaceKind::Shelf, Some(LIBRARY)),
            place(CLINIC, "CL5", PlaceKind::Clinic, None),
        ],
        [],
        [LIBRARY, CLINIC],
    )
}

fn stepped(after_us: i64, by: i64, step: Step) -> Stepped {
    Stepped {
        scan: ScanId::new(Uuid::from_u128(1)),
        at: MONDAY.plus_micros(after_us),
        by: Some(StaffId::new(by)),
        from: Some(CLINIC),
        step,
    }
}

fn opened(need: Need) -> Stepped {
    let tracked = Tracked::At(CLINIC);
    stepped(0, 1, Step::Opened { volume: FOLDER, tracked, need, quiet: Quiet::Loud })
}

fn looked(after_us: i64, by: i64, spot: Spot) -> Stepped {
    stepped(after_us, by, Step::Looked { spot, result: LookResult::NotThere })
}

fn search(steps: Vec<Stepped>) -> Search {
    let all: Vec<_> = std::iter::once(opened(Need::default())).chain(steps).collect();
    Search::of(SearchId::new(Uuid::nil()), &all).unwrap()
}

fn seen() -> Step {
    Step::Seen { at: CLINIC, by: SeenBy::Scan }
}

fn found(how: FoundHow) -> Step {
    Step::FoundAt { spot: Spot::OwnSlot, cause: Cause::NeverLeft, how }
}

#[test]
fn a_search_goes_from_open_to_turned_up_to_found_and_back_when_the_scan_does_not_count() {
    let at = |n: i64, step| stepped(n * SECOND_US, 1, step);
    for (steps, state) in [
        (vec![], SearchState::Open),
        (vec![at(1, seen())], SearchState::TurnedUp),
        (vec![at(1, seen()), at(2, found(FoundHow::ByScan))], SearchState::Found),
        (vec![at(1, found(FoundHow::ByChance)), at(2, seen())], SearchState::Found),
        (vec![at(1, Step::Declared)], SearchState::Declared),
        (vec![at(1, Step::Declared), at(2, seen())], SearchState::TurnedUp),
        (vec![at(1, seen()), at(2, Step::Reopened)], SearchState::Open),
        (vec![at(1, Step::Declared), at(2, seen()), at(3, Step::Reopened)], SearchState::Declared),
        (vec![at(1, Step::Closed(ClosedWhy::Mistake))], SearchState::Closed),
        (vec![at(1, Step::Closed(ClosedWhy::Mistake)), at(2, Step::Reopened)], SearchState::Open),
    ] {
        let told = format!("{steps:?}");
        assert_eq!(search(steps).state, state, "{told}");
    }
}

#[test]
fn how_it_was_found_follows_from_what_has_happened() {
    let look = |result| stepped(1, 1, Step::Looked { spot: Spot::OwnSlot, result });
    let sweep = stepped(2, 1, Step::Seen { at: LIBRARY, by: SeenBy::Sweep });
    for (steps, how) in [
        (vec![], FoundHow::ByChance),
        (vec![look(LookResult::NotThere), stepped(2, 1, seen())], FoundHow::ByScan),
        (vec![sweep], FoundHow::BySweep),
        (vec![look(LookResult::Found), stepped(2, 1, seen())], FoundHow::ByPlan),
    ] {
        assert_eq!(search(steps).found_how(), how);
    }
}

#[test]
fn a_quiet_search_is_quiet_no_more_once_somebody_asks() {
    let quiet = Step::Opened {
        volume: FOLDER,
        tracked: Tracked::Nowhere,
        need: Need::default(),
        quiet: Quiet::Quiet,
    };
    let later = Need { at: Some(MONDAY.plus_micros(2 * DAY_US)), asker: Some(CLINIC), consultant: None };
    let sooner = Need { at: Some(MONDAY.plus_micros(DAY_US)), asker: None, consultant: None };
    let steps =
        [stepped(0, 1, quiet), stepped(1, 2, Step::AskedFor(later)), stepped(2, 3, Step::AskedFor(sooner))];
    let search = Search::of(SearchId::new(Uuid::nil()), &steps).unwrap();
    assert_eq!(search.quiet, Quiet::Loud);
    assert_eq!(search.asker(), Some(CLINIC), "whoever named a place is rung");
    assert_eq!(search.needed_at(), Some(MONDAY.plus_micros(DAY_US)));
}

#[test]
fn the_same_look_told_twice_is_one_and_a_later_one_is_a_second_look() {
    let search = search(vec![looked(0, 1, Spot::OwnSlot)]);
    let look = |after_us, by| Look {
        at: MONDAY.plus_micros(after_us),
        spot: Spot::OwnSlot,
        result: LookResult::NotThere,
        by: Some(StaffId::new(by)),
        from: Some(CLINIC),
        scan: ScanId::new(Uuid::from_u128(2)),
    };
    assert!(search.knows(&look(SECOND_US, 1)), "a second tap");
    assert!(!search.knows(&look(SECOND_US, 2)), "somebody else looked too");
    assert!(!search.knows(&look(SAME_LOOK_US + 1, 1)), "looked again");
}

#[test]
fn age_says_who_has_it_in_hand_and_a_temporary_folder_may_stand_in_at_once() {
    let zone = TimeZone::UTC;
    let hours = |n: i64| MONDAY.plus_micros(n * 60 * MINUTE_US);
    let need = Need { asker: Some(CLINIC), ..Need::default() };
    let wanted = Search::of(SearchId::new(Uuid::nil()), &[opened(need)]).unwrap();
    for (at, stage) in [
        (hours(1), Stage::Searching),
        (hours(24), Stage::Librarian),
        (hours(48), Stage::Manager),
        (hours(24 * 6), Stage::Manager),
        (hours(24 * 7), Stage::Declare),
    ] {
        let told = escalation(&wanted, at, &zone).unwrap();
        assert_eq!((told.stage, told.may_stand_in), (stage, StandIn::Offered), "{at}");
    }
    let stood_in = wanted.clone().then(&stepped(1, 1, Step::StoodIn { temporary: VolumeId::new(9) }));
    assert_eq!(escalation(&stood_in, hours(1), &zone).unwrap().may_stand_in, StandIn::NotOffered);
    let declared = wanted.clone().then(&stepped(1, 1, Step::Declared));
    assert_eq!(escalation(&declared, hours(24 * 30), &zone).unwrap().stage, Stage::Manager);
    assert_eq!(escalation(&wanted.then(&stepped(1, 1, seen())), hours(24), &zone), None);
}

#[test]
fn the_usual_cause_follows_from_where_the_log_had_it_and_where_it_was() {
    let (here, sent) = (Tracked::At(CLINIC), Tracked::OnItsWay(CLINIC));
    for (tracked, spot, cause) in [
        (here, Spot::Place(CLINIC), Cause::NeverLeft),
        (sent, Spot::Place(CLINIC), Cause::NotScannedIn),
        (here, Spot::Place(PlaceId::new(9)), Cause::NotScannedOut),
        (here, Spot::Returns(LIBRARY), Cause::NotScannedOut),
        (Tracked::OnItsWay(LIBRARY), Spot::Returns(LIBRARY), Cause::NotScannedIn),
        (Tracked::At(LIBRARY), Spot::Returns(LIBRARY), Cause::NeverLeft),
        (Tracked::Nowhere, Spot::Place(CLINIC), Cause::Unknown),
        (here, Spot::OwnSlot, Cause::NeverLeft),
        (Tracked::At(SHELF), Spot::NextShelves, Cause::Misfiled),
        (here, Spot::InFolder(None), Cause::InsideAnother),
        (here, Spot::ByHand, Cause::TakenAway),
    ] {
        assert_eq!(Cause::usual(tracked, &spot, &directory()), cause, "{tracked:?} {spot:?}");
    }
}

#[test]
fn a_desk_offers_no_more_choices_than_there_are_digits_and_no_shelf_to_a_clinic() {
    let directory = directory();
    let at = |place| Whence::choices(place, &directory);
    assert!(at(LIBRARY).len() <= MAX_CHOICES);
    assert_eq!(at(CLINIC), [Whence::Here, Whence::ByHand, Whence::Inside]);
    assert_eq!(Whence::Returns.spot(SHELF, &directory), Spot::Returns(LIBRARY));
}

#[test]
fn a_spot_reads_back_in_both_forms_and_nothing_else_is_one() {
    let directory = directory();
    let label: crate::domain::casenote::LabelText = "V000010097".parse().unwrap();
    for (spot, told) in [
        (Spot::Place(CLINIC), "D:CL5"),
        (Spot::Returns(LIBRARY), "R:LIB"),
        (Spot::Box(SHELF), "S:S12"),
        (Spot::OwnSlot, "L:own"),
        (Spot::OwnShelf, "L:shelf"),
        (Spot::NextShelves, "L:adj"),
        (Spot::Slot("123456".parse().unwrap()), "L:n123456"),
        (Spot::InFolder(Some(FOLDER)), "B:V000010097"),
        (Spot::InFolder(None), "B:"),
        (Spot::Section, "L:sect"),
        (Spot::Library, "L:rest"),
        (Spot::ByHand, "H"),
        (Spot::Lost, "X"),
    ] {
        assert_eq!(spot.told(&directory, |_| Some(label.clone())), told);
        let volume = Spot::label_in(told).map(|_| FOLDER);
        assert_eq!(Spot::read(told, &directory, volume), Ok(spot.clone()), "{told}");
        assert_eq!(Spot::from_stored(&spot.stored()), Ok(spot));
    }
    for text in ["", "D", "D:", "D:NOWHERE", "L:", "L:n", "L:5", "Z:1", "own", "D:CL5\u{0}"] {
        assert_eq!(Spot::read(text, &directory, None), Err(BadSpot), "{text}");
    }
}

fn any_spot() -> impl Strategy<Value = Spot> {
    prop_oneof![Just(Spot::OwnSlot), Just(Spot::Place(CLINIC)), Just(Spot::Returns(LIBRARY))]
}

proptest! {
    #[test]
    fn looks_commute_and_none_is_lost(
        looks in proptest::collection::vec((0i64..5, 1i64..4, any_spot()), 0..12),
        order in proptest::collection::vec(any::<prop::sample::Index>(), 12),
    ) {
        let steps: Vec<_> = looks.iter().cloned().map(|(at, by, spot)| looked(at * DAY_US, by, spot)).collect();
        let mut shuffled = steps.clone();
        for (at, to) in order.iter().enumerate().take(shuffled.len()) {
            let to = to.index(shuffled.len());
            shuffled.swap(at, to);
        }
        let twice: Vec<_> = shuffled.iter().cloned().chain(shuffled.clone()).collect();
        let one = search(steps);
        for other in [search(shuffled), search(twice)] {
            prop_assert_eq!(&one.looks, &other.looks);
        }
        for (at, by, spot) in looks {
            let at = MONDAY.plus_micros(at * DAY_US);
            let known = |look: &Look| look.at == at && look.by == Some(StaffId::new(by)) && look.spot == spot;
            prop_assert!(one.looks.iter().any(known));
        }
    }
}

#[test]
fn a_look_that_is_taken_back_counts_no_more_and_what_it_had_ended_goes_on() {
    let told = |n: u128, step| Stepped {
        scan: ScanId::new(Uuid::from_u128(n)),
        ..stepped(i64::try_from(n).unwrap() * SECOND_US, 1, step)
    };
    let looked = |n, result| told(n, Step::Looked { spot: Spot::OwnSlot, result });
    let taken_back = |n, look| told(n, Step::LookTakenBack { look: ScanId::new(Uuid::from_u128(look)) });
    let one =
        search(vec![looked(2, LookResult::NotThere), looked(3, LookResult::CannotLook), taken_back(4, 2)]);
    assert_eq!(one.looks.iter().map(|look| look.result).collect::<Vec<_>>(), [LookResult::CannotLook]);
    let found = vec![looked(2, LookResult::Found), told(2, found(FoundHow::ByPlan))];
    assert_eq!(search(found.clone()).state, SearchState::Found);
    let back = search(found.clone().into_iter().chain([taken_back(3, 2)]).collect());
    assert_eq!((back.state, back.found, back.looks.len()), (SearchState::Open, None, 0));
    let seen_first = [told(1, seen())].into_iter().chain(found).chain([taken_back(3, 2), taken_back(4, 2)]);
    assert_eq!(search(seen_first.collect()).state, SearchState::TurnedUp, "it stays scanned");
}
