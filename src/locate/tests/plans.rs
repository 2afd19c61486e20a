//! What a searcher would expect.

use super::hospital::{
    CLINIC, LIBRARY, OFFICE, RETURNS, SECRETARY, STORE, THEATRE, WARD, arrived, called, counts, day, ground,
    missing, not_at, sent, told,
};
use crate::locate::{By, Case, Cell, Counts, Filing, MOST_SHOWN, Mode, Move, PlaceIx, Plan, Told, plan};

fn cells(plan: &Plan) -> Vec<Cell> {
    plan.lines.iter().filter(|line| line.visit == 1).map(|line| line.cell).collect()
}

fn plan_of(counts: &Counts, case: &Case) -> Plan {
    plan(&ground(Filing::TerminalDigit), counts, case, By::FewestPlaces)
}

fn rank(plan: &Plan, place: PlaceIx) -> usize {
    cells(plan).iter().position(|cell| *cell == Cell::Place(place)).unwrap_or(usize::MAX)
}

fn chance(plan: &Plan, cell: Cell) -> f64 {
    plan.lines.iter().find(|line| line.cell == cell).map_or(0.0, |line| line.chance)
}

/// A folder pulled for Dr Grey's clinic.
fn pulled() -> Case {
    Case { appointments: vec![called(0)], ..missing(5, vec![sent(0, LIBRARY, CLINIC)]) }
}

#[test]
fn an_empty_log_gives_the_written_procedure() {
    let first =
        |case: &Case| cells(&plan_of(&Counts::default(), case)).into_iter().take(6).collect::<Vec<_>>();
    let of_clinic = first(&pulled());
    for place in [SECRETARY, CLINIC] {
        assert!(of_clinic.contains(&Cell::Place(place)), "{of_clinic:?}");
    }
    assert!(of_clinic.contains(&Cell::OwnSlot), "{of_clinic:?}");
    let of_library = first(&missing(5, vec![arrived(0, LIBRARY)]));
    for cell in [Cell::OwnSlot, Cell::Place(RETURNS), Cell::OwnShelf] {
        assert!(of_library.contains(&cell), "{of_library:?}");
    }
}

#[test]
fn a_folder_that_nobody_has_ever_seen_has_a_plan() {
    let plan = plan_of(&Counts::default(), &missing(5, Vec::new()));
    assert_eq!(plan.tracked, LIBRARY);
    assert!(!plan.lines.is_empty());
}

#[test]
fn a_hospital_without_places_has_an_empty_plan() {
    let nowhere = crate::locate::Ground::default();
    let plan = plan(&nowhere, &Counts::default(), &missing(5, Vec::new()), By::LeastWalking);
    assert!(plan.lines.is_empty());
    assert!((plan.lost - MOST_SHOWN).abs() < 1e-12, "lost for sure, said as cautiously as all else");
}

#[test]
fn nobody_has_looked_so_the_tracked_place_comes_first() {
    let case = Case { looks: Vec::new(), ..pulled() };
    let plan = plan_of(&Counts::default(), &case);
    assert_eq!(plan.lines.first().map(|line| line.cell), Some(Cell::Place(CLINIC)));
    assert!((plan.there - chance(&plan, Cell::Place(CLINIC))).abs() < 1e-9);
}

#[test]
fn the_untracked_hand_on_is_learned() {
    // Theatre keeps sending on folders that are tracked at the ward.
    let mut log = Vec::new();
    for visit in 0..20 {
        let moves = [sent(visit, LIBRARY, WARD), sent(visit + 2, THEATRE, LIBRARY)];
        log.extend(told(&moves, &[]));
    }
    log.sort_by_key(|(at, _)| *at);
    let ground = ground(Filing::TerminalDigit);
    let case = missing(40, vec![sent(38, LIBRARY, WARD)]);
    let (before, after) = (plan_of(&Counts::default(), &case), plan_of(&counts(&ground, &log), &case));
    assert!(rank(&after, THEATRE) < 4, "{:?}", cells(&after));
    assert!(rank(&after, THEATRE) < rank(&before, THEATRE));
}

#[test]
fn what_was_found_where_is_learned() {
    let ground = ground(Filing::TerminalDigit);
    let found: Vec<_> = (0..20)
        .map(|search| {
            let case = missing(search, vec![arrived(search - 3, CLINIC)]);
            (day(search), Told::Found { case: Box::new(case), cell: Cell::Place(STORE) })
        })
        .collect();
    let case = missing(30, vec![arrived(27, CLINIC)]);
    let plan = plan_of(&counts(&ground, &found), &case);
    assert_eq!(rank(&plan, STORE), 0, "{:?}", cells(&plan));
}

#[test]
fn it_is_looked_for_where_its_sibling_is() {
    let alone = pulled();
    let with_sibling = Case { siblings: vec![STORE], ..alone.clone() };
    let with_none_elsewhere = Case { siblings: vec![CLINIC], ..alone.clone() };
    let counts = Counts::default();
    let chance_in_store = |case: &Case| chance(&plan_of(&counts, case), Cell::Place(STORE));
    assert!(chance_in_store(&with_sibling) > 2.0 * chance_in_store(&alone));
    assert_eq!(plan_of(&counts, &with_none_elsewhere), plan_of(&counts, &alone));
}

#[test]
fn a_batch_of_which_three_turned_up_elsewhere_is_looked_for_there_first() {
    let with = |mates: &[PlaceIx]| Case { mates: mates.to_vec(), ..pulled() };
    let rank_of = |mates: &[PlaceIx], place| rank(&plan_of(&Counts::default(), &with(mates)), place);
    assert_eq!(rank_of(&[STORE; 3], STORE), 0);
    assert!(rank_of(&[STORE, WARD, THEATRE], STORE) > 0, "they went apart");
    assert!(rank_of(&[STORE, CLINIC, CLINIC, CLINIC], STORE) > 0, "the others came to where they were sent");
}

#[test]
fn a_batch_that_went_on_as_folders_do_says_nothing_new() {
    let ground = ground(Filing::TerminalDigit);
    let on = [sent(0, LIBRARY, CLINIC), sent(2, THEATRE, LIBRARY)];
    let log: Vec<_> = (0..40).flat_map(|_| told(&on, &[])).collect();
    let counts = counts(&ground, &log);
    let chance_in_theatre = |mates: &[PlaceIx]| {
        let case = Case { mates: mates.to_vec(), ..pulled() };
        chance(&plan_of(&counts, &case), Cell::Place(THEATRE))
    };
    assert!(chance_in_theatre(&[THEATRE; 3]) - chance_in_theatre(&[]) < 0.05);
}

#[test]
fn it_is_looked_for_where_its_crate_was_unpacked() {
    let alone = pulled();
    let with_crate = Case { crate_mates: vec![OFFICE, OFFICE], ..alone.clone() };
    let counts = Counts::default();
    assert!(rank(&plan_of(&counts, &with_crate), OFFICE) <= rank(&plan_of(&counts, &alone), OFFICE));
}

#[test]
fn what_was_scanned_onto_its_shelf_does_not_wait_in_the_returns_area() {
    let filed = Move { mode: Mode::Filed, ..arrived(0, LIBRARY) };
    let counts = Counts::default();
    let waits = |step: Move| chance(&plan_of(&counts, &missing(5, vec![step])), Cell::Place(RETURNS));
    assert!(waits(filed) < waits(arrived(0, LIBRARY)) / 2.0);
}

#[test]
fn a_swept_room_falls_and_accuses_no_other() {
    let case = pulled();
    let mut swept = case.clone();
    swept.looks.push(crate::locate::Look { detect: Some(0.9), ..not_at(5, Cell::Place(SECRETARY)) });
    let counts = Counts::default();
    let (before, after) = (plan_of(&counts, &case), plan_of(&counts, &swept));
    let p = chance(&before, Cell::Place(SECRETARY));
    let rest = 1.0 - p * 0.9;
    assert!((chance(&after, Cell::Place(SECRETARY)) - p * 0.1 / rest).abs() < 1e-12);
    for cell in [Cell::Place(OFFICE), Cell::OwnSlot, Cell::Place(STORE)] {
        assert!((chance(&after, cell) - chance(&before, cell) / rest).abs() < 1e-12, "{cell}");
    }
}

#[test]
fn an_old_look_says_less() {
    let look = |at: i64| {
        let mut case = pulled();
        case.looks.push(not_at(at, Cell::Place(SECRETARY)));
        chance(&plan_of(&Counts::default(), &case), Cell::Place(SECRETARY))
    };
    assert!(look(-30) > look(5));
}

#[test]
fn looks_that_miss_teach_how_well_people_look() {
    let ground = ground(Filing::TerminalDigit);
    let mut case = pulled();
    case.looks.push(not_at(5, Cell::Place(SECRETARY)));
    let log: Vec<_> = (0..30)
        .map(|at| (day(at), Told::Found { case: Box::new(case.clone()), cell: Cell::Place(SECRETARY) }))
        .collect();
    let detect = |counts: &Counts| counts.look(&ground, None, Cell::Place(SECRETARY)).detect;
    assert!(detect(&counts(&ground, &log)) < detect(&Counts::default()) - 0.1);
}
