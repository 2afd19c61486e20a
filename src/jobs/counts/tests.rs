//! The figures over a real store, with days made by hand.

use std::path::PathBuf;
use std::time::Duration;

use super::*;
use crate::clock::ManualClock;
use crate::domain::movement::UndoTarget;
use crate::live::Live;
use crate::store::Options;
use crate::store::overview::{Age, Stay};
use crate::store::story::{self, Hospital, code};

struct House {
    hospital: Hospital,
    hands: ManualClock,
    counting: Counting,
    tallies: Tallies,
    dir: PathBuf,
}

impl House {
    /// A hospital in London that opens at this time.
    async fn open(at: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("casetrack-counts-{}", uuid::Uuid::now_v7()));
        let (clock, hands) = Clock::manual(at.parse().unwrap());
        let trust = Trust(code("RX1"));
        let options = Options {
            dir: dir.clone(),
            trust: trust.clone(),
            desks: story::desks(),
            clock: clock.clone(),
            live: Live::default(),
        };
        let store = Store::open(options).unwrap();
        let hospital = Hospital::open(store.clone(), trust.clone(), clock.clone(), hands.clone()).await;
        let time_zone = TimeZone::get("Europe/London").unwrap();
        let counting = Counting { store, trust, clock, time_zone };
        Self { hospital, hands, counting, tallies: Tallies::default(), dir }
    }

    fn at(&self, time: &str) {
        self.hands.set_wall(time.parse().unwrap());
    }

    /// F1 is received so often, a minute each, from a minute after `time` on.
    async fn receive(&mut self, time: &str, times: usize) {
        self.at(time);
        for _ in 0..times {
            self.hospital.receive("LIB", "F1").await;
        }
    }

    async fn count(&mut self) -> Overview {
        self.counting.count(&mut self.tallies).await.unwrap()
    }

    /// The hours with something in them: hour of the clock, moves, what is usual, and on how many days that rests.
    async fn hours(&mut self) -> String {
        let overview = self.count().await;
        let told = overview.hours.iter().filter_map(|hour| {
            let usual = hour.usual.filter(|usual| usual.moves > 0);
            let some = hour.moves.is_some_and(|moves| moves > 0) || usual.is_some();
            let local = hour.from.to_jiff().to_zoned_datetime(self.counting.time_zone.clone());
            let moves = hour.moves.map_or("-".to_owned(), |moves| moves.to_string());
            let usual = usual.map_or(String::new(), |usual| format!("~{}/{}", usual.moves, usual.days));
            some.then(|| format!("{}h {moves}{usual}", local.hour()))
        });
        told.collect::<Vec<_>>().join(", ")
    }

    async fn close(self) {
        self.hospital.store.clone().stop().await;
        std::fs::remove_dir_all(self.dir).unwrap();
    }
}

#[tokio::test]
async fn moves_are_counted_by_the_hour_against_the_days_on_which_the_log_had_begun() {
    let mut house = House::open("2026-10-26T08:00:00Z").await;
    house.receive("2026-10-26T09:00:00Z", 5).await;
    house.receive("2026-11-02T09:00:00Z", 4).await;
    house.receive("2026-11-09T09:00:00Z", 1).await;
    house.receive("2026-11-10T09:00:00Z", 7).await;
    house.receive("2026-11-16T09:00:00Z", 2).await;
    house.receive("2026-11-16T17:00:00Z", 3).await;
    house.receive("2026-11-23T08:57:00Z", 2).await;
    // The import is no move, and the first day, on which the log began, is no whole day.
    assert_eq!(house.hours().await, "8h 2, 9h -~2/3");
    house.receive("2026-11-23T09:01:00Z", 1).await;
    // A folder that is sent counts once, though it was received by the same scan; taking that back is no move.
    let sent = house.hospital.send("LIB", "F2", "CL5").await;
    house.hospital.undo("LIB", UndoTarget::Scan(sent.scan)).await;
    assert_eq!(house.hours().await, "8h 2, 9h 2~2/3");
    // Tomorrow the hours are those of another weekday.
    house.at("2026-11-24T12:00:00Z");
    assert_eq!(house.hours().await, "");
    house.close().await;
}

#[tokio::test]
async fn an_hour_is_the_hospitals_own_also_on_the_days_on_which_its_clocks_change() {
    let mut house = House::open("2026-03-01T12:00:00Z").await;
    house.receive("2026-03-02T09:00:00Z", 1).await;
    for sunday in ["08", "15", "22"] {
        house.receive(&format!("2026-03-{sunday}T01:10:00Z"), 4).await;
        house.receive(&format!("2026-03-{sunday}T02:10:00Z"), 6).await;
    }
    // On the 29th the clock goes from 00:59 to 02:00.
    house.receive("2026-03-29T00:10:00Z", 1).await;
    house.receive("2026-03-29T01:10:00Z", 2).await;
    assert_eq!(house.hours().await, "0h 1, 2h 2~6/3");
    assert_eq!(house.count().await.hours.len(), 23);
    house.receive("2026-04-05T01:10:00Z", 3).await;
    assert_eq!(house.hours().await, "1h 0~4/3, 2h 3~6/4");
    house.close().await;
}

#[tokio::test]
async fn the_figures_say_where_folders_are_and_which_have_been_anywhere_for_too_long() {
    let mut house = House::open("2026-10-01T08:00:00Z").await;
    let hospital = &mut house.hospital;
    hospital.receive("CL5", "F1").await;
    hospital.send("LIB", "F2", "CL5").await;
    hospital.send("CL5", "F3", "WARD7").await;
    hospital.receive("LIB", "F4").await;
    hospital.pack("LIB", "F5", "K12").await;
    house.at("2026-11-01T08:00:00Z");
    let hospital = &mut house.hospital;
    hospital.receive("CL5", "F6").await;
    hospital.send("LIB", "F7", "CL5").await;
    let (cl5, ward) = (hospital.place("CL5"), hospital.place("WARD7"));
    let overview = house.count().await;
    let some = overview.stays.iter().filter(|(_, stayers)| stayers.volumes > 0);
    let some: Vec<_> = some.map(|(stay, stayers)| (*stay, stayers.volumes, stayers.unconfirmed)).collect();
    let wanted = [
        (Stay::Unfiled, 1, 0),
        (Stay::Clinic, 2, 0),
        (Stay::Ward, 1, 1),
        (Stay::OnItsWay, 2, 0),
        (Stay::InContainer, 1, 0),
        (Stay::NotYetSeen, 2, 0),
    ];
    assert_eq!(some, wanted);
    let ages: Vec<_> = overview.sent.iter().filter(|(_, count)| *count > 0).collect();
    assert_eq!(ages, [&(Age::Fresh, 1), &(Age::Longer, 1)]);
    let longest: Vec<_> = overview.sent_longest.iter().map(|sent| sent.brief.barcode.as_str()).collect();
    assert_eq!(longest, ["F2", "F7"]);
    let held: Vec<_> =
        overview.held_longest.iter().map(|held| (held.brief.barcode.as_str(), held.at)).collect();
    assert_eq!(held, [("F1", cl5), ("F3", ward), ("F6", cl5)]);
    let holders: Vec<_> = overview.holders.iter().map(|holder| (holder.place, holder.volumes)).collect();
    assert_eq!(holders, [(cl5, 1), (ward, 1)]);
    assert_eq!(overview.questions, 0);
    let last = overview.last_scans.get(&code("LIB-1")).copied();
    assert_eq!(last, Some("2026-11-01T08:02:00Z".parse().unwrap()));
    house.close().await;
}

#[tokio::test]
async fn nothing_is_told_before_it_is_counted_and_then_it_is_told_by_itself() {
    let house = House::open("2026-11-23T08:00:00Z").await;
    let (tell, mut told) = watch::channel(None);
    assert!(told.borrow().is_none());
    let House { counting, hospital, dir, .. } = house;
    let counts = tokio::spawn(counting.run(tell));
    let first = tokio::time::timeout(Duration::from_secs(20), told.wait_for(Option::is_some)).await;
    let stays = first.unwrap().unwrap().as_ref().unwrap().stays.clone();
    assert_eq!(stays.iter().map(|(_, stayers)| stayers.volumes).sum::<u64>(), 9);
    counts.abort();
    hospital.store.clone().stop().await;
    std::fs::remove_dir_all(dir).unwrap();
}
