//! The library, slot by slot.

use super::hospital::{LIBRARY, arrived, ground, missing, number_of};
use crate::domain::{PlaceId, VolumeId};
use crate::locate::{By, Case, Cell, Counts, Digits, Filing, Misread, Order, Plan, misreadings, plan};

fn plan_in(filing: Filing, case: &Case) -> Plan {
    plan(&ground(filing), &Counts::default(), case, By::FewestPlaces)
}

fn returned() -> Case {
    missing(5, vec![arrived(0, LIBRARY)])
}

fn cells(plan: &Plan) -> Vec<Cell> {
    plan.lines.iter().filter(|line| line.visit == 1).map(|line| line.cell).collect()
}

#[test]
fn the_slots_of_swapped_and_look_alike_digits_are_reckoned() {
    let read: Vec<String> =
        misreadings(number_of("001123")).iter().map(|(number, _)| number.to_string()).collect();
    assert_eq!(
        read.join(" "),
        "010123 001213 001132 801123 601123 081123 061123 007123 001723 001173 001128"
    );
    let how = |read: &str| {
        misreadings(number_of("001123"))
            .into_iter()
            .find(|(number, _)| number.to_string() == read)
            .map(|(_, how)| how)
    };
    assert_eq!(how("010123"), Some(Misread::Swapped(1)));
    assert_eq!(how("001173"), Some(Misread::LookAlike(4)));
}

#[test]
fn shelves_are_ordered_by_the_scheme_of_the_library() {
    let sorted = |filing: Filing| {
        let numbers = ["120034", "120134", "110134", "991033", "000135"];
        let order = Order::new(filing, numbers.map(number_of));
        let mut numbers = numbers.to_vec();
        numbers.sort_by_key(|number| order.rank(number_of(number)));
        numbers.join(" ")
    };
    assert_eq!(sorted(Filing::TerminalDigit), "991033 120034 110134 120134 000135");
    assert_eq!(sorted(Filing::Straight), "000135 110134 120034 120134 991033");
    assert_eq!(sorted(Filing::MiddleDigit), "120034 000135 110134 120134 991033");
}

#[test]
fn a_new_folder_takes_its_place_in_the_order() {
    let mut order = Order::new(Filing::TerminalDigit, ["120034", "120134"].map(number_of));
    order.insert(number_of("110134"));
    assert_eq!(order.rank(number_of("120134")), 2);
}

#[test]
fn far_slots_are_looked_at_one_by_one_and_near_ones_with_the_shelf() {
    let slots = |filing| {
        let plan = plan_in(filing, &returned());
        cells(&plan).into_iter().filter(|cell| matches!(cell, Cell::Slot(_))).count()
    };
    for filing in [Filing::TerminalDigit, Filing::Straight, Filing::MiddleDigit] {
        assert!((4..=12).contains(&slots(filing)), "{filing:?}: {}", slots(filing));
    }
    let swapped_at_the_end = Cell::Slot(number_of("123465"));
    assert!(cells(&plan_in(Filing::TerminalDigit, &returned())).contains(&swapped_at_the_end));
    assert!(!cells(&plan_in(Filing::Straight, &returned())).contains(&swapped_at_the_end));
}

#[test]
fn lines_know_where_along_the_shelves_they_are() {
    let plan = plan_in(Filing::Straight, &returned());
    let along = |cell| plan.lines.iter().find(|line| line.cell == cell).and_then(|line| line.along);
    assert!(along(Cell::OwnSlot) < along(Cell::Slot(number_of("213456"))));
}

#[test]
fn it_may_be_inside_its_neighbour_of_the_return_batch() {
    let case = Case { stack: [Some(VolumeId::new(7)), Some(VolumeId::new(8))], ..returned() };
    let cells = cells(&plan_in(Filing::TerminalDigit, &case));
    assert!(
        cells.contains(&Cell::InFolder(VolumeId::new(7)))
            && cells.contains(&Cell::InFolder(VolumeId::new(8)))
    );
}

#[test]
fn a_library_that_files_by_place_is_searched_by_boxes() {
    let mut case = Case { number: None, ..returned() };
    case.boxes.own = Some(PlaceId::new(20));
    case.boxes.session = vec![PlaceId::new(31), PlaceId::new(20)];
    case.boxes.beside = vec![PlaceId::new(19), PlaceId::new(21), PlaceId::new(31)];
    let cells = cells(&plan_in(Filing::ByPlace, &case));
    let boxes: Vec<i64> = cells
        .iter()
        .filter_map(|cell| if let Cell::Box(place) = cell { Some(place.key()) } else { None })
        .collect();
    assert_eq!(boxes, [20, 31, 19, 21]);
    assert!(!cells.contains(&Cell::OwnSlot) && !cells.contains(&Cell::OwnShelf));
}

#[test]
fn a_number_is_its_digits() {
    assert_eq!(number_of("H 00123").to_string(), "00123");
    assert_eq!("H".parse::<Digits>().ok(), None);
    assert_eq!("1234567890123456".parse::<Digits>().ok(), None);
    assert_eq!(format!("{:?}", number_of("123456")), "Digits(…)");
}
