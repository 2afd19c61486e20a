//! Stories that a search leader would recognise: where the folder was, where the plan said to look and why, and what
//! became of the search.

use crate::missing;
use crate::service;

use std::time::Duration;

use casetrack::domain::barcode::Card;
use missing::{DAY, FIRST_FEW, Hospital, Plan, card};
use service::hear;

/// Whether the plan has this sentence about a spot.
fn says(spot: &'static str, words: &'static str) -> impl Fn(&Plan) -> bool {
    move |plan| plan.why(spot).contains(words)
}

/// Folders go from the library to Clinic 5, and the secretary scans them out who was given them without a scan.
async fn a_clinic_hands_on(hospital: &Hospital, folders: std::ops::RangeInclusive<u32>) {
    for n in folders {
        let folder = format!("H{n}");
        hospital.sends("LIB", "CL5", &[&folder]).await;
        hospital.pass(DAY);
        hospital.receives("CL5", &[&folder]).await;
        hospital.pass(DAY);
        hospital.sends("SEC-RAO", "LIB", &[&folder]).await;
    }
}

#[tokio::test]
async fn the_untracked_hand_on_is_found_at_the_secretary_and_the_next_one_is_told_so() {
    let hospital = Hospital::open(&["482917", "482918"]).await;
    a_clinic_hands_on(&hospital, 1..=12).await;
    hospital.sends("LIB", "CL5", &["F482917", "F482918"]).await;
    hospital.receives("CL5", &["F482917", "F482918"]).await;
    hospital.pass(3 * DAY);
    let search = hospital.misses("CL5", "F482917").await;
    let plan = hospital.plan("F482917", says("D:SEC-RAO", "11 times")).await;
    assert_eq!(plan.looks(), ["D:CL5 not-there"], "where it was asked for was looked first");
    assert_eq!(plan.rank("D:SEC-RAO"), Some(1), "{plan}");
    let why = plan.why("D:SEC-RAO");
    assert!(why.contains("Clinic 5 passes folders to Secretary of Dr Rao without a scan: 11 times"), "{why}");
    let before = plan.chance("D:SEC-RAO");
    hospital.looks("B1", &search, "D:SEC-RAO", "found").await;
    assert_eq!(hospital.outcome(&search).await, r#"Found Some(("not-scanned-out", "by-plan"))"#);
    assert_eq!(hospital.search_of("F482917").await, None, "nobody searches for it any more");
    hospital.misses("CL5", "F482918").await;
    let plan =
        hospital.plan("F482918", says("D:SEC-RAO", "1 of the last 1 folders missing from Clinic 5")).await;
    assert!(plan.chance("D:SEC-RAO") > before, "what was found there counts: {plan}");
    assert_eq!(plan.rank("D:SEC-RAO"), Some(1), "{plan}");
    hospital.close().await;
}

#[tokio::test]
async fn two_swapped_digits_are_looked_for_in_the_slot_that_they_make() {
    let hospital = Hospital::open(&["482917", "482971", "112917", "772971"]).await;
    hospital.scans("LIB", &["F482917", "S12", &card(Card::End)]).await;
    hospital.pass(20 * DAY);
    let search = hospital.misses("LIB", "F482917").await;
    let plan = hospital.plan("F482917", |plan| plan.rank("L:own").is_some()).await;
    assert_eq!(plan.looks(), ["L:own not-there"]);
    for spot in ["L:own", "L:shelf", "L:adj"] {
        hospital.looks("B1", &search, spot, "not-there").await;
    }
    let plan = hospital.looks("B1", &search, "L:own", "not-there").await;
    assert!(plan.why("L:n482971").contains("It may be filed with digits 5 and 6 swapped"), "{plan}");
    for elsewhere in ["D:RETURNS", "D:CL5", "D:CODING"] {
        assert!(plan.rank("L:n482971") < plan.rank(elsewhere), "before {elsewhere}: {plan}");
    }
    hospital.looks("B1", &search, "L:n482971", "found").await;
    assert_eq!(hospital.outcome(&search).await, r#"Found Some(("misfiled", "by-plan"))"#);
    hospital.close().await;
}

#[tokio::test]
async fn a_batch_sent_under_the_wrong_code_is_found_where_its_others_turned_up() {
    let batch = ["F100001", "F200002", "F300003", "F400004", "F500005"];
    let hospital = Hospital::open(&["100001", "200002", "300003", "400004", "500005"]).await;
    hospital.is_as_usual().await;
    hospital.sends("LIB", "CL5", &batch).await;
    hospital.pass(DAY);
    hospital.receives("CL6", &batch[..3]).await;
    hospital.pass(DAY);
    let search = hospital.misses("CL5", batch[3]).await;
    let plan = hospital.plan(batch[3], says("D:CL6", "3 of 3 folders scanned in the same batch")).await;
    assert_eq!(plan.rank("D:CL6"), Some(1), "{plan}");
    let rung = hospital.scans("CL6", &[batch[3]]).await;
    assert_eq!(rung["signal"], "look", "{rung}");
    assert_eq!(hospital.outcome(&search).await, "TurnedUp None");
    hospital.scans("CL6", &[&card(Card::Digit(1))]).await;
    let usual = r#"Found Some(("not-scanned-out", "by-scan"))"#;
    assert_eq!(hospital.outcome(&search).await, usual, "until somebody says that the code was wrong");
    hospital.close().await;
}

#[tokio::test]
async fn a_folder_inside_its_neighbour_is_looked_for_in_what_came_back_with_it() {
    let hospital = Hospital::open(&["482917", "492917", "730055", "118244"]).await;
    let batch = ["F730055", "F482917", "F492917", "F118244"];
    hospital.sends("LIB", "CL5", &batch).await;
    hospital.receives("CL5", &batch).await;
    hospital.pass(2 * DAY);
    hospital.sends("CL5", "LIB", &batch).await;
    hospital.pass(DAY);
    hospital.receives("LIB", &batch).await;
    hospital.scans("LIB", &["F492917", "S12", "F482917", "S12", &card(Card::End)]).await;
    hospital.pass(30 * DAY);
    let search = hospital.misses("LIB", "F482917").await;
    let plan = hospital.plan("F482917", says("B:F492917", "inside folder")).await;
    let why = plan.why("B:F492917");
    assert!(why.contains("inside folder 492917: they came back together and are neighbours"), "{why}");
    assert!(plan.rank("B:F492917") < plan.rank("L:rest"), "{plan}");
    let before = plan.chance("B:F492917");
    let plan = hospital.looks("B1", &search, "L:shelf", "not-there").await;
    assert!(plan.chance("B:F492917") > before, "{plan}");
    hospital.looks("B2", &search, "B:F492917", "found").await;
    assert_eq!(hospital.outcome(&search).await, r#"Found Some(("inside-another", "by-plan"))"#);
    hospital.close().await;
}

#[tokio::test]
async fn what_was_returned_and_never_filed_is_looked_for_in_the_returns() {
    let hospital = Hospital::open(&["482917"]).await;
    hospital.is_as_usual().await;
    hospital.sends("LIB", "CL5", &["F482917"]).await;
    hospital.receives("CL5", &["F482917"]).await;
    hospital.pass(2 * DAY);
    hospital.sends("CL5", "LIB", &["F482917"]).await;
    hospital.pass(2 * DAY);
    let plan = hospital.plan("F482917", says("D:RETURNS", "wait to be filed")).await;
    assert!(plan.rank("D:RETURNS") <= Some(FIRST_FEW), "{plan}");
    let search = hospital.misses("CL5", "F482917").await;
    hospital.looks("B1", &search, "D:RETURNS", "found").await;
    assert_eq!(hospital.outcome(&search).await, r#"Found Some(("not-scanned-in", "by-plan"))"#);
    hospital.close().await;
}

#[tokio::test]
async fn a_volume_left_behind_is_looked_for_where_the_others_of_its_set_are() {
    let set = ["F482917-1", "F482917-2", "F482917-3"];
    let hospital = Hospital::open(&["482917/1", "482917/2", "482917/3"]).await;
    hospital.sends("LIB", "CL5", &set).await;
    hospital.receives("CL5", &set).await;
    hospital.pass(DAY);
    hospital.receives("CODING", &[set[0], set[2]]).await;
    hospital.pass(2 * DAY);
    let search = hospital.misses("LIB", set[1]).await;
    let plan = hospital.plan(set[1], says("D:CODING", "other volumes of this casenote")).await;
    assert!(plan.why("D:CODING").contains("2 of 2 other volumes of this casenote are here."), "{plan}");
    assert!(plan.rank("D:CODING") <= Some(FIRST_FEW), "{plan}");
    let numbers: Vec<_> =
        plan.set()["volumes"].as_array().into_iter().flatten().map(|one| one["volume"].clone()).collect();
    assert_eq!(numbers, [1, 3], "the whole set is in the one answer");
    let rung = hospital.scans("CODING", &[set[1]]).await;
    assert_eq!(rung["signal"], "look", "{rung}");
    hospital.scans("CODING", &[&card(Card::Digit(1))]).await;
    assert_eq!(hospital.outcome(&search).await, r#"Found Some(("not-scanned-out", "by-scan"))"#);
    hospital.close().await;
}

/// Makes up a temporary folder for the casenote of this one, on the page for it; its label.
async fn a_temporary_folder(hospital: &Hospital, folder: &str) -> String {
    let page = hospital.sends_form("/make", &format!("step=look&number={folder}")).await;
    let (person, next) = (after(&page, "name=\"person\" value=\""), after(&page, "value=\"temporary "));
    let fields = format!("step=make&person={person}&site=RX1&what=temporary%20{next}&badge=B1");
    let made = hospital.sends_form("/make", &fields).await;
    let said = made.lines().find_map(|line| line.strip_prefix("location: "));
    let page = hospital.page(said.unwrap_or_else(|| panic!("not made: {made}"))).await;
    after(&page, "barcode ").to_owned()
}

/// What stands after `before`, up to the next tag or quotation mark.
fn after<'a>(page: &'a str, before: &str) -> &'a str {
    let rest = page.split_once(before).map(|(_, rest)| rest.split(['<', '"']).next().unwrap_or_default());
    rest.unwrap_or_else(|| panic!("no {before}: {page}"))
}

#[tokio::test]
async fn a_temporary_folder_and_the_original_that_came_back_are_combined_before_either_is_filed() {
    let hospital = Hospital::open(&["482917"]).await;
    hospital.receives("CL5", &["F482917"]).await;
    hospital.pass(DAY);
    let search = hospital.misses("CL5", "F482917").await;
    let temporary = a_temporary_folder(&hospital, "F482917").await;
    hospital.receives("CL5", &[&temporary]).await;
    hospital.pass(DAY);
    let rung = hospital.scans("LIB", &["F482917"]).await;
    assert_eq!(rung["signal"], "look", "{rung}");
    assert_eq!(hospital.outcome(&search).await, "TurnedUp None");
    let both = hospital.scans("LIB", &[&temporary]).await;
    assert!(both["title"].to_string().contains("TEMPORARY AND ORIGINAL together"), "put both aside: {both}");
    let stopped = hospital.scans("LIB", &["S12"]).await;
    assert_eq!(stopped["signal"], "stop", "not filed before they are combined: {stopped}");
    let combined =
        hospital.scans("LIB", &[&card(Card::End), &card(Card::Combine), &temporary, "F482917"]).await;
    assert!(combined["title"].to_string().contains("Combined:"), "{combined}");
    let filed = hospital.scans("LIB", &["F482917", "S12"]).await;
    assert_eq!(filed["signal"], "filed", "{filed}");
    let seen = hospital.scans("CL5", &[&temporary]).await;
    assert_eq!(seen["signal"], "look", "the label of what is combined looks for ever: {seen}");
    hospital.close().await;
}

#[tokio::test]
async fn two_people_who_search_at_once_share_one_plan_and_neither_looks_where_the_other_has() {
    let hospital = Hospital::open(&["482917"]).await;
    a_clinic_hands_on(&hospital, 1..=8).await;
    hospital.sends("LIB", "CL5", &["F482917"]).await;
    hospital.receives("CL5", &["F482917"]).await;
    hospital.pass(2 * DAY);
    let search = hospital.misses("CL5", "F482917").await;
    assert_eq!(hospital.misses("LIB", "F482917").await, search, "one search of a folder");
    hospital.plan("F482917", says("D:SEC-RAO", "8 times")).await;
    let (one, other) = tokio::join!(
        hospital.looks("B1", &search, "D:SEC-RAO", "not-there"),
        hospital.looks("B2", &search, "D:CODING", "not-there"),
    );
    assert_eq!(
        one.looks().len().max(other.looks().len()),
        4,
        "both came to miss it, and both looked: {one}{other}"
    );
    let after = hospital.plan("F482917", |plan| plan.looks().len() == 4).await;
    for spot in ["D:CL5", "D:SEC-RAO", "D:CODING"] {
        assert!(after.looks().contains(&format!("{spot} not-there")), "{after}");
        assert!(after.rank(spot) != Some(1), "{spot} was just looked at: {after}");
    }
    let again = hospital.looks("B1", &search, "D:HUB", "cannot-look").await;
    assert_eq!(again.looks().len(), 5);
    hospital.looks("B2", &search, "D:THEATRE", "found").await;
    assert_eq!(hospital.outcome(&search).await, r#"Found Some(("not-scanned-out", "by-plan"))"#);
    hospital.close().await;
}

#[tokio::test]
async fn a_folder_that_turns_up_on_a_ward_at_night_rings_there_and_where_it_is_waited_for() {
    let hospital = Hospital::open(&["482917"]).await;
    hospital.sends("LIB", "CL5", &["F482917"]).await;
    hospital.receives("CL5", &["F482917"]).await;
    hospital.pass(2 * DAY);
    let search = hospital.misses("CL5", "F482917").await;
    let mut waiting = hospital.watches("desk=CL5-1&desk=LIB-1").await;
    hear(&mut waiting, "event: here").await;
    hospital.pass(Duration::from_hours(14));
    let rung = hospital.scans("WARD7", &["F482917"]).await;
    assert_eq!(rung["signal"], "look", "{rung}");
    let said = rung.to_string();
    assert!(said.contains("Clinic 5"), "it says who waits: {said}");
    hear(&mut waiting, "CL5-1").await;
    assert_eq!(hospital.outcome(&search).await, "TurnedUp None", "it ends at once, and its outcome is asked");
    let page = hospital.page("/desks/CL5-1").await;
    assert!(page.contains("Ward 7"), "{page}");
    hospital.scans("WARD7", &[&card(Card::Digit(1))]).await;
    assert_eq!(hospital.outcome(&search).await, r#"Found Some(("not-scanned-out", "by-scan"))"#);
    assert_eq!(hospital.record("F482917").await["place"]["code"], "WARD7");
    hospital.close().await;
}
