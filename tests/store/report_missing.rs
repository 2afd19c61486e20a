//! Missing notes as they were known at the end of a day: the same question has the same answer for ever.

use crate::common;

use std::time::Duration;

use casetrack::clock::{Clock, ManualClock};
use casetrack::domain::casenote::VolumeKind;
use casetrack::domain::command::{Act, Consent, Holding, Missing, Sought, Thing};
use casetrack::domain::import::{Piece, PlaceRow, Said, StaffRow, VolumeRow};
use casetrack::domain::missing::Class;
use casetrack::domain::missing::period::Period;
use casetrack::domain::missing::report::Report;
use casetrack::domain::movement::{GoneWhy, UndoTarget};
use casetrack::domain::place::PlaceKind;
use casetrack::domain::search::{ClosedWhy, LookResult, Meant, Need, Spot};
use casetrack::domain::staff::Role;
use casetrack::domain::{SearchId, VolumeId};
use casetrack::jobs::missing::Counting;
use casetrack::store::Store;
use casetrack::store::story::{self, Hospital, code, label};
use common::{Folder, options, trust};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

/// A hospital in London, and what is asked of it.
struct House {
    hospital: Hospital,
    counting: Counting,
    clock: Clock,
    hands: ManualClock,
    folder: Folder,
}

impl House {
    /// The story's hospital, imported at this time.
    async fn open(at: &str) -> Self {
        let folder = Folder::new();
        let (clock, hands) = Clock::manual(at.parse().unwrap());
        let store = Store::open(options(&folder, clock.clone())).unwrap();
        let hospital = Hospital::open(store.clone(), trust(), clock.clone(), hands.clone()).await;
        let time_zone = TimeZone::get("Europe/London").unwrap();
        let counting = Counting { store, trust: trust(), time_zone, rest: Duration::ZERO };
        Self { hospital, counting, clock, hands, folder }
    }

    fn at(&self, time: &str) {
        self.hands.set_wall(time.parse().unwrap());
    }

    /// The figures as of the end of a day, for its month.
    async fn report(&self, last: Date) -> Report {
        self.period(None, last).await
    }

    async fn period(&self, first: Option<Date>, last: Date) -> Report {
        let now = self.clock.now();
        let today = now.to_jiff().to_zoned_datetime(self.counting.time_zone.clone()).date();
        let period = Period::asked(first, Some(last), today).unwrap();
        self.counting.count(period, now, |_| ()).await.unwrap()
    }

    async fn json(&self, last: Date) -> String {
        serde_json::to_string(&self.report(last).await).unwrap()
    }

    async fn close(self) {
        self.hospital.store.stop().await;
        drop(self.folder);
    }
}

/// A class in figures: volumes/patients; beginning + opened - found - ended otherwise.
fn told(report: &Report, class: Class) -> String {
    let found = report.classes.iter().find(|figures| figures.class == class).unwrap();
    let balance =
        found.at_start.volumes + found.opened.volumes - found.found.volumes - found.ended_otherwise.volumes;
    assert_eq!(balance, found.now.volumes, "{class:?} adds up");
    assert_eq!(found.ages.iter().map(|age| age.volumes).sum::<u64>(), found.now.volumes);
    format!(
        "{}/{}: {} + {} - {} - {}",
        found.now.volumes,
        found.now.patients,
        found.at_start.volumes,
        found.opened.volumes,
        found.found.volumes,
        found.ended_otherwise.volumes
    )
}

#[tokio::test]
async fn what_is_sent_and_not_confirmed_counts_once_its_usual_time_is_over() {
    let mut house = House::open("2026-11-02T08:00:00Z").await;
    let hospital = &mut house.hospital;
    for (folder, to) in [("F1", "CL5"), ("F2", "CL5"), ("F3", "CL5"), ("F4", "WARD7")] {
        hospital.send("LIB", folder, to).await;
    }
    hospital.send("CL5", "F5", "LIB").await;
    house.hospital.receive("CL5", "F3").await;
    // Sent on Monday at eight: a day later two to the clinic are late; the one to the library has another day.
    house.at("2026-11-05T12:00:00Z");
    let sent = async |day| told(&house.report(day).await, Class::Sent);
    assert_eq!(sent(date(2026, 11, 2)).await, "0/0: 0 + 0 - 0 - 0");
    assert_eq!(sent(date(2026, 11, 3)).await, "2/1: 0 + 2 - 0 - 0");
    assert_eq!(sent(date(2026, 11, 4)).await, "3/2: 0 + 3 - 0 - 0");
    let report = house.report(date(2026, 11, 4)).await;
    assert_eq!(report.left_where_nobody_scans, 1, "F4 is at a ward where nobody scans");
    assert_eq!(report.together.any.volumes, 7, "three late, and four that were never seen");

    // One turns up elsewhere, one is taken back without anybody having seen it.
    house.hospital.receive("HUB", "F1").await;
    house.at("2026-11-06T12:00:00Z");
    let sent = async |day| told(&house.report(day).await, Class::Sent);
    assert_eq!(sent(date(2026, 11, 5)).await, "2/2: 0 + 3 - 1 - 0");
    let december = house.period(Some(date(2026, 11, 5)), date(2026, 11, 5)).await;
    assert_eq!(told(&december, Class::Sent), "2/2: 3 + 0 - 1 - 0", "it begins where the day before ended");
    house.close().await;
}

#[tokio::test]
async fn a_way_that_is_taken_back_or_told_anew_without_a_scan_of_the_folder_is_not_found() {
    let mut house = House::open("2026-11-02T08:00:00Z").await;
    let sent = house.hospital.send("LIB", "F1", "CL5").await;
    house.at("2026-11-05T12:00:00Z");
    house.hospital.undo("LIB", UndoTarget::Scan(sent.scan)).await;
    house.at("2026-11-06T12:00:00Z");
    assert_eq!(told(&house.report(date(2026, 11, 5)).await, Class::Sent), "0/0: 0 + 1 - 0 - 1");
    house.close().await;
}

#[tokio::test]
async fn a_crate_that_does_not_arrive_counts_with_all_that_is_in_it() {
    let mut house = House::open("2026-11-02T08:00:00Z").await;
    let hospital = &mut house.hospital;
    let crate_ = hospital.place("K12");
    let open = Act::OpenContainer { container: crate_, holding: Holding::Ask };
    hospital.scan("LIB", "K12", open).await;
    hospital.pack("LIB", "F1", "K12").await;
    hospital.pack("LIB", "F2", "K12").await;
    hospital.pack("LIB", "F3", "K12").await;
    let to = hospital.place("CL5");
    let go = Act::Send { thing: Thing::Container(crate_), to, consent: Consent::Unasked };
    hospital.scan("LIB", "K12", go).await;
    house.at("2026-11-05T08:00:00Z");
    assert_eq!(told(&house.report(date(2026, 11, 4)).await, Class::Sent), "3/2: 0 + 3 - 0 - 0");
    let hospital = &mut house.hospital;
    hospital.receive("CL5", "F1").await;
    hospital.scan("CL5", "K12", Act::Receive(Thing::Container(crate_))).await;
    hospital.scan("CL5", "K12", Act::Empty(crate_)).await;
    house.at("2026-11-06T08:00:00Z");
    assert_eq!(told(&house.report(date(2026, 11, 5)).await, Class::Sent), "0/0: 0 + 3 - 3 - 0");
    assert_eq!(told(&house.report(date(2026, 11, 4)).await, Class::Sent), "3/2: 0 + 3 - 0 - 0");
    house.close().await;
}

#[tokio::test]
async fn what_was_never_seen_is_known_from_its_import_on_and_ends_with_its_first_scan() {
    let mut house = House::open("2026-11-02T08:00:00Z").await;
    house.at("2026-11-04T08:00:00Z");
    let later = VolumeRow { place: Some(code("S12")), ..story::folder(11) };
    let gone = VolumeRow { gone: Some(GoneWhy::Destroyed), ..story::folder(12) };
    house.hospital.import(Piece::Volumes(vec![later, gone])).await;
    house.at("2026-11-05T08:00:00Z");
    house.hospital.receive("LIB", "F1").await;
    house.at("2026-11-07T08:00:00Z");
    let seen = async |day| told(&house.period(Some(day), day).await, Class::NeverSeen);
    assert_eq!(seen(date(2026, 11, 1)).await, "0/0: 0 + 0 - 0 - 0");
    assert_eq!(seen(date(2026, 11, 2)).await, "9/5: 0 + 9 - 0 - 0");
    assert_eq!(seen(date(2026, 11, 3)).await, "9/5: 9 + 0 - 0 - 0");
    assert_eq!(seen(date(2026, 11, 4)).await, "10/6: 9 + 1 - 0 - 0", "one that is gone is not missing");
    assert_eq!(seen(date(2026, 11, 5)).await, "9/6: 10 + 0 - 1 - 0");
    house.close().await;
}

#[tokio::test]
async fn a_temporary_folder_counts_until_the_original_has_been_scanned() {
    let mut house = House::open("2026-11-02T08:00:00Z").await;
    house.hospital.receive("LIB", "F1").await;
    house.at("2026-11-03T08:00:00Z");
    let temporary = VolumeRow { volume: 3, kind: Said::Is(VolumeKind::Temporary), ..story::folder(1) };
    let temporary = VolumeRow { barcode: Some("T1".parse().unwrap()), ..temporary };
    house.hospital.import(Piece::Volumes(vec![temporary.clone()])).await;
    house.hospital.receive("CL5", "T1").await;
    house.at("2026-11-05T08:00:00Z");
    house.hospital.receive("WARD7", "F1").await;
    house.at("2026-11-06T08:00:00Z");
    house.hospital.receive("LIB", "F2").await;
    house.at("2026-11-08T08:00:00Z");
    let alone = async |house: &House, day| told(&house.period(Some(day), day).await, Class::Temporary);
    assert_eq!(alone(&house, date(2026, 11, 2)).await, "0/0: 0 + 0 - 0 - 0");
    assert_eq!(alone(&house, date(2026, 11, 3)).await, "1/1: 0 + 1 - 0 - 0");
    assert_eq!(
        alone(&house, date(2026, 11, 5)).await,
        "1/1: 1 + 0 - 0 - 0",
        "the other volume is not seen yet"
    );
    assert_eq!(alone(&house, date(2026, 11, 6)).await, "0/0: 1 + 0 - 1 - 0");
    // An import calls it something else: what was known then stays.
    let other = VolumeRow { kind: Said::Is(VolumeKind::Other), ..temporary };
    house.hospital.import(Piece::Volumes(vec![other])).await;
    assert_eq!(alone(&house, date(2026, 11, 5)).await, "1/1: 1 + 0 - 0 - 0");
    house.close().await;
}

/// A folder is missed at a desk; the name of the search for it.
async fn missed(hospital: &mut Hospital, at: &str, folder: &str) -> SearchId {
    let missing = Missing {
        sought: Sought::Thing(label(folder)),
        need: Need::default(),
        looked: None,
        consent: Consent::Given,
    };
    SearchId::opened_by(hospital.scan(at, folder, Act::OpenSearch(Box::new(missing))).await.scan, 0)
}

/// A manager does something on a page.
async fn managed(hospital: &mut Hospital, act: Act) {
    let badge = code("MANAGER1");
    let manager = StaffRow { badge, name: Said::Nothing, role: Said::Is(Role::Manager) };
    hospital.import(Piece::Staff(vec![manager])).await;
    hospital.pass(Duration::from_mins(1));
    let command = hospital.on_a_page("MANAGER1", act);
    hospital.submit(command).await.unwrap();
}

#[tokio::test]
async fn searches_are_open_declared_found_or_closed_as_they_were_then() {
    let mut house = House::open("2026-11-02T08:00:00Z").await;
    let hospital = &mut house.hospital;
    for folder in ["F1", "F2", "F3", "F4", "F5"] {
        hospital.receive("LIB", folder).await;
    }
    house.at("2026-11-03T08:00:00Z");
    let hospital = &mut house.hospital;
    let mut searches = Vec::new();
    for folder in ["F1", "F2", "F3", "F4", "F5"] {
        searches.push(missed(hospital, "LIB", folder).await);
    }
    house.at("2026-11-10T08:00:00Z");
    let hospital = &mut house.hospital;
    managed(hospital, Act::Declare(searches[0])).await;
    managed(hospital, Act::Declare(searches[1])).await;
    managed(hospital, Act::CloseSearch { search: searches[2], why: ClosedWhy::Mistake }).await;
    // One turns up at the clinic and one is told to have been found; of the first nobody has said where it was.
    let turned_up = hospital.receive("CL5", "F4").await;
    let spot = Spot::Place(hospital.place("WARD7"));
    hospital.settle(Act::Look { search: searches[4], spot, result: LookResult::Found }).await;
    house.at("2026-11-12T08:00:00Z");
    let hospital = &mut house.hospital;
    hospital.receive("HUB", "F1").await;
    let where_ = Act::TellWhere {
        search: Meant::NewestOf(folder_id(hospital, "F1").await),
        spot: Spot::InFolder(None),
        cause: None,
    };
    hospital.settle(where_).await;
    hospital.undo("CL5", UndoTarget::Scan(turned_up.scan)).await;
    house.at("2026-11-14T08:00:00Z");

    let told_on = async |day: i8, class| told(&house.report(date(2026, 11, day)).await, class);
    assert_eq!(told_on(9, Class::SearchOpen).await, "5/3: 0 + 5 - 0 - 0");
    assert_eq!(told_on(9, Class::Declared).await, "0/0: 0 + 0 - 0 - 0");
    assert_eq!(told_on(10, Class::SearchOpen).await, "0/0: 0 + 5 - 2 - 3");
    assert_eq!(told_on(10, Class::Declared).await, "2/1: 0 + 2 - 0 - 0");
    // Taken back, the scan that had shown F4 never was: the search goes on.
    assert_eq!(told_on(12, Class::SearchOpen).await, "1/1: 0 + 6 - 2 - 3");
    assert_eq!(told_on(12, Class::Declared).await, "1/1: 0 + 2 - 1 - 0");

    let found = house.report(date(2026, 11, 10)).await.found;
    assert_eq!((found.searches, found.not_scanned, found.not_told), (1, 1, 1));
    assert_eq!(found.places.first().map(|place| place.place.as_str()), Some("WARD7"));
    let found = house.report(date(2026, 11, 12)).await.found;
    assert_eq!((found.searches, found.not_scanned, found.not_told), (2, 1, 0));
    let kinds: Vec<_> = found.kinds.iter().map(|told| told.what).collect();
    assert_eq!(kinds, ["inside another folder", "ward"]);
    house.close().await;
}

async fn folder_id(hospital: &Hospital, folder: &str) -> VolumeId {
    hospital.folder(folder).await.brief.id
}

#[tokio::test]
async fn a_day_ends_at_the_hospitals_midnight_also_where_the_clocks_change() {
    // Summer time ends in the night to 25 October: that day has 25 hours, and ends at midnight UTC.
    let mut house = House::open("2026-10-20T08:00:00Z").await;
    house.at("2026-10-23T22:58:30Z");
    house.hospital.receive("LIB", "F1").await;
    house.at("2026-10-23T23:00:00Z");
    house.hospital.receive("LIB", "F2").await;
    house.at("2026-10-25T23:58:30Z");
    house.hospital.receive("LIB", "F3").await;
    house.at("2026-10-26T00:00:00Z");
    house.hospital.receive("LIB", "F4").await;
    house.at("2026-10-28T00:00:00Z");
    let unseen = async |day| {
        let figures = house.report(day).await.classes;
        figures.iter().find(|figures| figures.class == Class::NeverSeen).unwrap().now.volumes
    };
    assert_eq!(unseen(date(2026, 10, 22)).await, 9);
    assert_eq!(unseen(date(2026, 10, 23)).await, 8, "23:59:30 in summer time is the same day");
    assert_eq!(unseen(date(2026, 10, 24)).await, 7);
    assert_eq!(unseen(date(2026, 10, 25)).await, 6);
    assert_eq!(unseen(date(2026, 10, 26)).await, 5);
    house.close().await;
}

#[tokio::test]
async fn a_place_is_judged_by_the_folders_that_were_scanned_on_from_it_without_an_arrival() {
    let mut house = House::open("2026-11-02T08:00:00Z").await;
    let hospital = &mut house.hospital;
    let mut wrong = None;
    for turn in 0..25 {
        hospital.send("LIB", "F1", "CL5").await;
        // The clinic scans four in five of what it receives, and scans everything on.
        if turn % 5 > 0 {
            hospital.receive("CL5", "F1").await;
        }
        hospital.send("CL5", "F1", "LIB").await;
        wrong = Some(hospital.receive("LIB", "F1").await);
    }
    hospital.undo("LIB", UndoTarget::Scan(wrong.unwrap().scan)).await;
    hospital.receive("HUB", "F2").await;
    house.at("2026-11-03T08:00:00Z");
    let scanning = house.report(date(2026, 11, 2)).await.scanning;
    let told: Vec<_> = scanning
        .places
        .iter()
        .map(|place| format!("{} {}/{}", place.place, place.visits.scanned, place.visits.known))
        .collect();
    // The last arrival was taken back; the first way out of the library says nothing: it had never been elsewhere.
    assert_eq!(told, ["CL5 20/25", "LIB 24/24"]);
    assert_eq!(scanning.other_places, 0, "a folder seen for the first time came from nowhere");
    house.close().await;
}

/// Small numbers that look like chance.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[usize::try_from(self.below(u64::try_from(all.len()).unwrap())).unwrap()]
    }
}

/// Something that happens in a hospital.
async fn something(house: &mut House, chance: &mut Chance, done: &mut Vec<UndoTarget>, turn: u32) {
    let desk = chance.pick(&["LIB", "HUB", "CL5"]);
    let folder = format!("F{}", 1 + chance.below(9));
    let hospital = &mut house.hospital;
    let crate_ = hospital.place("K12");
    match chance.below(16) {
        0..=2 => done.push(UndoTarget::Scan(hospital.receive(desk, &folder).await.scan)),
        3..=5 => {
            let to = chance.pick(&["LIB", "CL5", "WARD7", "HUB"]);
            done.push(UndoTarget::Scan(hospital.send(desk, &folder, to).await.scan));
        }
        6 => {
            let ago = Duration::from_hours(chance.below(60));
            hospital.late(desk, &folder, Act::Receive(label(&folder)), ago).await;
        }
        7 if !done.is_empty() => {
            let at = usize::try_from(chance.below(u64::try_from(done.len()).unwrap())).unwrap();
            hospital.undo(desk, done[at]).await;
        }
        8 => done.push(UndoTarget::Scan(hospital.pack(desk, &folder, "K12").await.scan)),
        9 => {
            let to = hospital.place(chance.pick(&["LIB", "CL5"]));
            let act = Act::Send { thing: Thing::Container(crate_), to, consent: Consent::Unasked };
            done.push(UndoTarget::Scan(hospital.scan(desk, "K12", act).await.scan));
        }
        10 => done.push(UndoTarget::Scan(hospital.scan(desk, "K12", Act::Empty(crate_)).await.scan)),
        11 => import(house, chance, turn).await,
        12 => {
            missed(hospital, desk, &folder).await;
        }
        what => ended(hospital, &folder, what).await,
    }
}

/// Somebody ends the newest search for a folder, if there is one: says where it was, closes it, or declares it missing.
async fn ended(hospital: &mut Hospital, folder: &str, what: u64) {
    let volume = folder_id(hospital, folder).await;
    let Some(search) = hospital.store.open_search_of(&trust(), volume).await.unwrap() else { return };
    let search = search.id;
    match what {
        13 => {
            let spot = Spot::Place(hospital.place("CL5"));
            let told = Act::TellWhere { search: Meant::Search(search), spot, cause: None };
            hospital.settle(told).await;
        }
        14 => managed(hospital, Act::CloseSearch { search, why: ClosedWhy::NotNeeded }).await,
        _ => managed(hospital, Act::Declare(search)).await,
    }
}

/// An import adds a folder, and calls a place and a folder something else.
async fn import(house: &House, chance: &mut Chance, turn: u32) {
    let kinds = [PlaceKind::Clinic, PlaceKind::Store, PlaceKind::Library, PlaceKind::Person];
    let clinic = story::places().into_iter().find(|place| place.code == code("CL5")).unwrap();
    let kind = kinds[usize::try_from(chance.below(4)).unwrap()];
    let named = PlaceRow { name: Said::Is(format!("Clinic {turn}")), kind: Said::Is(kind), ..clinic };
    house.hospital.import(Piece::Places(vec![named])).await;
    let kind = if chance.below(2) == 0 { VolumeKind::Temporary } else { VolumeKind::Original };
    let again = VolumeRow { kind: Said::Is(kind), ..story::folder(2) };
    house.hospital.import(Piece::Volumes(vec![story::folder(20 + turn), again])).await;
}

#[tokio::test]
async fn nothing_that_is_learnt_later_changes_an_answer_by_a_byte() {
    let mut house = House::open("2026-10-01T08:00:00Z").await;
    let (mut chance, mut done) = (Chance(7), Vec::new());
    let day = |day: i8| date(2026, 10, day);
    let mut answers: Vec<(Date, String)> = Vec::new();
    for today in 1..20 {
        house.at(&format!("2026-10-{today:02}T08:00:00Z"));
        for turn in 0..12 {
            something(&mut house, &mut chance, &mut done, u32::try_from(today).unwrap() * 20 + turn).await;
        }
        for yesterday in (1..today).rev().take(1) {
            answers.push((day(yesterday), house.json(day(yesterday)).await));
        }
    }
    for (day, first) in &answers {
        assert_eq!(house.json(*day).await, *first, "as of {day}");
    }
    // A month begins where the one before ended, whatever was learnt since.
    for (last, _) in &answers {
        let before = house.report(*last).await;
        let next = last.tomorrow().unwrap();
        let after = house.period(Some(next), next).await;
        for (ended, begins) in before.classes.iter().zip(&after.classes) {
            assert_eq!(ended.now, begins.at_start, "{:?} from {last} to {next}", ended.class);
            told(&after, begins.class);
        }
    }
    house.close().await;
}

#[tokio::test]
async fn the_end_of_today_is_now() {
    let mut house = House::open("2026-11-02T08:00:00Z").await;
    house.hospital.receive("LIB", "F1").await;
    let report = house.report(date(2026, 11, 2)).await;
    assert!(!report.day_is_over);
    assert_eq!(
        told(&report, Class::NeverSeen),
        "9/5: 0 + 9 - 0 - 0",
        "a scan of this very moment is not before it"
    );
    house.hospital.pass(Duration::from_secs(1));
    assert_eq!(told(&house.report(date(2026, 11, 2)).await, Class::NeverSeen), "8/5: 0 + 9 - 1 - 0");
    house.close().await;
}
