//! What must hold of any log and any case.

use proptest::collection::vec;
use proptest::prelude::*;

use super::hospital::{
    GREY, LIBRARY, PLACES, arrived, called, counts, day, ground, missing, not_at, number_of, told,
};
use crate::clock::Timestamp;
use crate::domain::VolumeId;
use crate::locate::plan::counted;
use crate::locate::{
    Appointment, By, Case, Cell, Counts, Filing, Line, Look, MOST_SHOWN, Mode, Move, PlaceIx, Plan, Told,
    plan,
};

fn place() -> impl Strategy<Value = PlaceIx> {
    (0..PLACES).prop_map(PlaceIx::new)
}

fn step() -> impl Strategy<Value = (i64, PlaceIx, PlaceIx, Mode)> {
    let mode = prop_oneof![Just(Mode::In), Just(Mode::Filed), Just(Mode::Out), Just(Mode::Carried)];
    (0i64..400, place(), place(), mode)
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    vec(step(), 0..8).prop_map(|mut steps| {
        steps.sort_by_key(|(at, ..)| *at);
        let step = |(at, to, station, mode)| {
            let station = if mode == Mode::In { to } else { station };
            Move { at: day(at), to, station, mode }
        };
        steps.into_iter().map(step).collect()
    })
}

fn appointments() -> impl Strategy<Value = Vec<Appointment>> {
    vec(0i64..400, 0..4).prop_map(|mut calls| {
        calls.sort_unstable();
        calls.into_iter().map(called).collect()
    })
}

/// What a log of some folders tells, in the order of learning.
fn log() -> impl Strategy<Value = Vec<(Timestamp, Told)>> {
    vec((moves(), appointments(), cell()), 0..8).prop_map(|folders| {
        let mut log = Vec::new();
        for (moves, appointments, cell) in folders {
            log.extend(told(&moves, &appointments));
            let case = Case { appointments, ..missing(400, moves) };
            log.push((day(401), Told::Found { case: Box::new(case), cell }));
        }
        in_order(log)
    })
}

fn cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        place().prop_map(Cell::Place),
        Just(Cell::OwnSlot),
        Just(Cell::OwnShelf),
        Just(Cell::Section),
        Just(Cell::Library),
        Just(Cell::Slot(number_of("213456"))),
        Just(Cell::InFolder(VolumeId::new(7))),
        Just(Cell::Lost),
    ]
}

fn looks() -> impl Strategy<Value = Vec<Look>> {
    vec((380i64..400, cell(), prop::option::of(0.0..1.0)), 0..6).prop_map(|looks| {
        looks.into_iter().map(|(at, cell, detect)| Look { detect, ..not_at(at, cell) }).collect()
    })
}

fn case() -> impl Strategy<Value = Case> {
    (moves(), appointments(), looks(), vec(place(), 0..4), vec(place(), 0..3)).prop_map(
        |(moves, appointments, looks, mates, siblings)| {
            let mut case = Case { appointments, mates, siblings, asking: Some(GREY), ..missing(400, moves) };
            case.looks.extend(looks);
            case.stack = [Some(VolumeId::new(7)), None];
            case
        },
    )
}

/// The chance of each cell once.
fn chances(plan: &Plan) -> Vec<(Cell, f64)> {
    plan.lines.iter().filter(|line| line.visit == 1).map(|line| (line.cell, line.chance)).collect()
}

fn minutes_until_found(lines: &[&Line]) -> f64 {
    let mut missed: Vec<(Cell, f64)> = Vec::new();
    let (mut minutes, mut expected) = (0.0, 0.0);
    for line in lines {
        minutes += line.minutes;
        let here = missed.iter().position(|(cell, _)| *cell == line.cell);
        let left = here.map_or(line.chance, |at| missed[at].1);
        expected += minutes * left * line.detect;
        let after = left * (1.0 - line.detect);
        match here {
            Some(at) => missed[at].1 = after,
            None => missed.push((line.cell, after)),
        }
    }
    expected
        + minutes * (1.0 - lines.iter().filter(|line| line.visit == 1).map(|line| line.chance).sum::<f64>())
        + minutes * missed.iter().map(|(_, left)| left).sum::<f64>()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chances_and_what_is_lost_add_up_to_one(log in log(), case in case()) {
        let ground = ground(Filing::TerminalDigit);
        let plan = counted(&ground, &counts(&ground, &log), &case, By::FewestPlaces);
        // Every cell of so small a hospital is in the plan once at least, or too unlikely to be one of its lines.
        let sum: f64 = chances(&plan).iter().map(|(_, chance)| chance).sum::<f64>() + plan.lost;
        prop_assert!(sum < 1.0 + 1e-9 && sum > 0.98, "{}", sum);
        prop_assert!(plan.lost > 0.0 && (0.0..=1.0).contains(&plan.there));
    }

    #[test]
    fn no_chance_above_the_most_that_is_shown_leaves_the_engine(log in log(), case in case()) {
        let ground = ground(Filing::TerminalDigit);
        let counts = counts(&ground, &log);
        let counted = counted(&ground, &counts, &case, By::FewestPlaces);
        let plan = plan(&ground, &counts, &case, By::FewestPlaces);
        let told = plan.lines.iter().map(|line| line.chance).chain([plan.lost, plan.there]);
        prop_assert!(told.into_iter().all(|chance| (0.0..=MOST_SHOWN).contains(&chance)));
        let order = |plan: &Plan| plan.lines.iter().map(|line| (line.cell, line.visit)).collect::<Vec<_>>();
        prop_assert_eq!(order(&plan), order(&counted));
    }

    #[test]
    fn a_look_in_vain_takes_from_its_cell_and_gives_to_all_others_alike(log in log(), case in case(), at in place()) {
        let ground = ground(Filing::TerminalDigit);
        let counts = counts(&ground, &log);
        let before = counted(&ground, &counts, &case, By::FewestPlaces);
        let cell = if at == LIBRARY { Cell::OwnSlot } else { Cell::Place(at) };
        prop_assume!(before.tracked != at || !case.looks.is_empty());
        let mut looked = case.clone();
        // After all others, so that the look that made it a missing folder stays the same one.
        looked.looks.push(Look { cell, at: case.now.plus_micros(1), detect: Some(0.8) });
        let after = counted(&ground, &counts, &looked, By::FewestPlaces);
        let p = chances(&before).iter().find(|(known, _)| *known == cell).map_or(0.0, |(_, chance)| *chance);
        let rest = 1.0 - p * 0.8;
        for (known, chance) in chances(&after) {
            let Some((_, was)) = chances(&before).into_iter().find(|(other, _)| *other == known) else { continue };
            let expected = if known == cell { was * 0.2 / rest } else { was / rest };
            prop_assert!((chance - expected).abs() < 1e-9, "{} {} {}", known, chance, expected);
        }
        prop_assert!(p == 0.0 || (after.lost - before.lost / rest).abs() < 1e-9);
    }

    #[test]
    fn looks_commute(log in log(), case in case()) {
        let ground = ground(Filing::TerminalDigit);
        let counts = counts(&ground, &log);
        let mut turned = case.clone();
        turned.looks.reverse();
        let of = |case: &Case| plan(&ground, &counts, case, By::FewestPlaces);
        prop_assert_eq!(of(&case), of(&turned));
    }

    #[test]
    fn the_plan_is_sorted_and_ties_are_broken_by_the_cell(log in log(), case in case()) {
        let ground = ground(Filing::TerminalDigit);
        let plan = counted(&ground, &counts(&ground, &log), &case, By::FewestPlaces);
        let worth = |line: &Line| {
            let places = (line.minutes / 30.0).max(1.0);
            line.chance * line.detect / places * (1.0 - line.detect).powi(i32::try_from(line.visit).unwrap_or(1) - 1)
        };
        for pair in plan.lines.windows(2) {
            let [one, other] = pair else { continue };
            let close = (worth(one) - worth(other)).abs() < 1e-15;
            prop_assert!(worth(one) > worth(other) || close);
        }
    }

    #[test]
    fn no_swap_of_two_lines_saves_minutes(log in log(), case in case(), at in 0usize..30) {
        let ground = ground(Filing::TerminalDigit);
        let plan = counted(&ground, &counts(&ground, &log), &case, By::LeastWalking);
        let lines: Vec<&Line> = plan.lines.iter().collect();
        prop_assume!(at + 1 < lines.len());
        let mut swapped = lines.clone();
        swapped.swap(at, at + 1);
        prop_assert!(minutes_until_found(&lines) <= minutes_until_found(&swapped) + 1e-6);
    }

    #[test]
    fn rebuilt_counts_are_the_same_to_the_last_bit(log in log(), cut in 0usize..40, case in case()) {
        let ground = ground(Filing::TerminalDigit);
        let whole = counts(&ground, &log);
        let (early, late) = log.split_at(cut.min(log.len()));
        let mut in_two = Counts::decode(&counts(&ground, early).encode()).expect("what was encoded");
        for (at, told) in late {
            in_two.tell(&ground, *at, told);
        }
        prop_assert_eq!(whole.encode(), in_two.encode());
        let of = |counts: &Counts| plan(&ground, counts, &case, By::FewestPlaces);
        prop_assert_eq!(of(&whole), of(&in_two));
    }

    #[test]
    fn what_is_taken_back_has_never_been(
        right in vec((moves(), appointments()), 1..6),
        wrong in (moves(), appointments()),
    ) {
        let ground = ground(Filing::TerminalDigit);
        let mut log = told(&[arrived(0, LIBRARY)], &[]);
        for (moves, appointments) in &right {
            log.extend(told(moves, appointments));
        }
        let wrong = told(&wrong.0, &wrong.1);
        let with_wrong = in_order([log.clone(), wrong.clone()].concat());
        let undone = wrong.iter().filter_map(|(at, told)| match told {
            Told::Moved(moved) => Some((day(900), Told::Untold { moved: *moved, learned_at: *at })),
            Told::Untold { .. } | Told::Found { .. } => None,
        });
        let then = told(&[arrived(900, LIBRARY)], &[]);
        let taken_back = [with_wrong, undone.collect(), then.clone()].concat();
        let never = [in_order(log), then].concat();
        let (taken_back, never) = (counts(&ground, &taken_back), counts(&ground, &never));
        // The watch for changed habits keeps what it saw.
        prop_assert_eq!((taken_back.hops, taken_back.ways), (never.hops, never.ways));
    }
}

fn in_order(mut log: Vec<(Timestamp, Told)>) -> Vec<(Timestamp, Told)> {
    log.sort_by_key(|(at, _)| *at);
    log
}
