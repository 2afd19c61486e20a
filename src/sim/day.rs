//! A working day: clerks at their desks, one visit after the other, and what their scanners read.
//!
//! Folders go astray, labels are spoilt and held folders turn up at fixed rates, so that a test can rely on them.

use std::collections::{BTreeMap, HashMap};

use super::flow::{LIBRARY_IN, LIBRARY_OUT, Spot, Standing};
use super::hospital::{self, Bar, Hospital, Stood};
use super::month::Month;
use super::random::Random;
use crate::clock::SECOND_US;
use crate::domain::barcode::Card;

/// Arrivals at a place the folder was not sent to, in a hundred arrivals.
pub const ASTRAY: u64 = 4;
/// Labels that are unknown or unreadable, in a hundred folders scanned.
pub const SPOILT: u64 = 2;
/// Folders on hold, in a hundred folders scanned.
pub const HELD: u64 = 1;
/// Most folders that a clerk scans in one visit to the desk.
const PILE: usize = 15;

/// Most folders that go round in a day; a larger hospital's others stay on their shelves.
const GOING_ROUND: usize = 20_000;

/// What a scan is, so that a test knows what to expect.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum What {
    /// A card, badge, place or shelf.
    Card,
    /// A folder comes to the place it was sent to, or back from where nobody scans.
    Arrival,
    /// A folder comes to a place it was not sent to.
    Astray,
    /// A folder is sent on or filed.
    Onward,
    /// A label that is unknown or cannot be read.
    Spoilt,
    /// A folder on hold.
    Held,
}

/// One scan of the day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shot {
    /// Microseconds since the scan before it, at any desk.
    pub after_us: i64,
    /// At which desk, by its place in the hospital's list.
    pub desk: usize,
    /// What is read.
    pub text: String,
    /// What it is.
    pub what: What,
}

/// How many of each were scanned.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Folders' labels, spoilt ones and held folders included.
    pub folders: u64,
    /// Arrivals, those astray included.
    pub arrivals: u64,
    /// Arrivals astray.
    pub astray: u64,
    /// Spoilt labels.
    pub spoilt: u64,
    /// Held folders.
    pub held: u64,
}

/// A day that goes on as long as somebody asks for the next visit.
#[derive(Clone, Debug)]
pub struct Day<'a> {
    hospital: &'a Hospital,
    random: Random,
    standings: BTreeMap<u64, Standing>,
    held: Vec<u64>,
    /// How often a desk has sent exactly one folder after a card, one time after the other.
    singles: HashMap<usize, u32>,
    /// What has been scanned so far.
    pub tally: Tally,
}

/// What a clerk may come to the desk for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Errand {
    Receive(Spot),
    SendOn(Spot),
    Pull,
    File,
}

impl<'a> Day<'a> {
    /// The day after `month`.
    pub fn after(hospital: &'a Hospital, month: &Month) -> Self {
        let mut standings = month.standings();
        // COMBINE is no errand of this day: it has stories of its own.
        standings.retain(|n, _| !hospital.has_temporary(*n));
        let mut held = Vec::new();
        for n in 0..hospital.size.folders {
            let folder = hospital.folder(n);
            match (folder.bar, folder.stood) {
                (Bar::Hold(_), _) => held.push(n),
                (Bar::Free, Stood::Shelf) if standings.len() < GOING_ROUND && !hospital.has_temporary(n) => {
                    standings.insert(n, Standing::Shelved);
                }
                _ => {}
            }
        }
        let random = Random::of_part(hospital.seed, 0xDA1);
        Self { hospital, random, standings, held, singles: HashMap::new(), tally: Tally::default() }
    }

    /// The next visit of a clerk to a desk: never empty while folders go round.
    pub fn visit(&mut self) -> Vec<Shot> {
        let errand = self.errand();
        let mut visit = Visit { desk: desk_of(errand), shots: Vec::new() };
        let pause = self.random.between(25, 70) * SECOND_US;
        if let Some(plan) = self.hospital.desks.get(visit.desk) {
            visit.shoot(pause, plan.clerk.to_string(), What::Card);
        }
        match errand {
            Errand::Receive(at) => self.receive(&mut visit, at),
            Errand::SendOn(from) => self.send_on(&mut visit, from),
            Errand::Pull => self.pull(&mut visit),
            Errand::File => self.file(&mut visit),
        }
        visit.card(&mut self.random, Card::End);
        visit.shots
    }

    /// What to do next: the longest pile is the likeliest, and the library always has a list to pull.
    fn errand(&mut self) -> Errand {
        let mut piles: BTreeMap<(u8, Spot), usize> = BTreeMap::new();
        for standing in self.standings.values() {
            let pile = match *standing {
                Standing::OnItsWay(to) => Some((0, to)),
                Standing::At(Spot::Library) => Some((2, Spot::Library)),
                Standing::At(at) if at.desk().is_none() => Some((0, Spot::Library)),
                Standing::At(at) | Standing::Stranded(at, _) => Some((1, at)),
                Standing::Shelved => None,
            };
            if let Some(pile) = pile {
                *piles.entry(pile).or_default() += 1;
            }
        }
        let mut errands: Vec<_> = piles
            .into_iter()
            .map(|((kind, at), size)| {
                let errand = match kind {
                    0 => Errand::Receive(at),
                    1 => Errand::SendOn(at),
                    _ => Errand::File,
                };
                (errand, size.min(PILE))
            })
            .collect();
        errands.push((Errand::Pull, PILE));
        let mut lot = self.random.index(errands.iter().map(|(_, weight)| weight).sum());
        for (errand, weight) in errands {
            match lot.checked_sub(weight) {
                Some(left) => lot = left,
                None => return errand,
            }
        }
        Errand::Pull
    }

    /// Folders for which `wanted` holds, up to a pile of them, in any order.
    fn some(&mut self, wanted: impl Fn(Standing) -> bool) -> Vec<u64> {
        let fitting = self.standings.iter().filter(|(_, standing)| wanted(**standing));
        let mut folders: Vec<_> = fitting.map(|(folder, _)| *folder).collect();
        self.random.shuffle(&mut folders);
        let size = 2 + self.random.index(PILE - 1);
        folders.truncate(size);
        folders
    }

    fn receive(&mut self, visit: &mut Visit, at: Spot) {
        let back =
            |standing| matches!(standing, Standing::At(spot) if at == Spot::Library && spot.desk().is_none());
        let pile = self.some(|standing| standing == Standing::OnItsWay(at) || back(standing));
        let puts_away = at == Spot::Library && self.random.happens(500);
        for folder in pile {
            self.mishaps(visit, Some(at));
            self.astray(visit, at);
            self.scan(visit, folder, What::Arrival);
            self.standings.insert(folder, Standing::At(at));
            if puts_away {
                let label = hospital::shelf(self.hospital.folder(folder).shelf);
                visit.shoot(self.random.between(6, 15) * SECOND_US, label.to_string(), What::Card);
                self.standings.insert(folder, Standing::Shelved);
            }
        }
    }

    /// Lets a folder come here that was sent elsewhere, if one is due.
    fn astray(&mut self, visit: &mut Visit, at: Spot) {
        if self.tally.astray * 100 >= ASTRAY * (self.tally.arrivals + 1) {
            return;
        }
        let elsewhere = |standing| matches!(standing, Standing::OnItsWay(to) if to != at);
        if let Some(&folder) = self.some(elsewhere).first()
            && let Some(Standing::OnItsWay(to)) = self.standings.insert(folder, Standing::Shelved)
        {
            self.scan(visit, folder, What::Astray);
            self.standings.insert(folder, Standing::Stranded(at, to));
        }
    }

    /// Sends what is here on, a card for each place it goes to.
    fn send_on(&mut self, visit: &mut Visit, from: Spot) {
        // What came back to the library stays there to be filed; only what was meant for others goes on.
        let here = self.some(|standing| match standing {
            Standing::At(at) => at == from && from != Spot::Library,
            Standing::Stranded(at, _) => at == from,
            Standing::Shelved | Standing::OnItsWay(_) => false,
        });
        let mut onward: BTreeMap<Spot, Vec<u64>> = BTreeMap::new();
        for folder in here {
            let to = match self.standings.get(&folder) {
                Some(Standing::Stranded(_, meant_for)) => *meant_for,
                _ => from.onward(&mut self.random),
            };
            onward.entry(to).or_default().push(folder);
        }
        for (to, folders) in onward {
            self.send(visit, to, &folders);
        }
    }

    fn pull(&mut self, visit: &mut Visit) {
        let to = Spot::that_asks(&mut self.random);
        let folders = self.some(|standing| standing == Standing::Shelved);
        self.send(visit, to, &folders);
    }

    /// The card, then its folders. One folder alone, time after time, is what a clerk does who scans the card last.
    fn send(&mut self, visit: &mut Visit, to: Spot, folders: &[u64]) {
        let singles = self.singles.entry(visit.desk).or_default();
        *singles = if folders.len() == 1 { *singles + 1 } else { 0 };
        if folders.is_empty() || *singles > 2 {
            *singles = singles.saturating_sub(1);
            return;
        }
        visit.shoot(self.random.between(4, 9) * SECOND_US, to.code().to_string(), What::Card);
        for &folder in folders {
            self.mishaps(visit, None);
            self.scan(visit, folder, What::Onward);
            let goes = if to.desk().is_none() { Standing::At(to) } else { Standing::OnItsWay(to) };
            self.standings.insert(folder, goes);
        }
    }

    fn file(&mut self, visit: &mut Visit) {
        visit.card(&mut self.random, Card::File);
        for folder in self.some(|standing| standing == Standing::At(Spot::Library)) {
            self.scan(visit, folder, What::Onward);
            self.standings.insert(folder, Standing::Shelved);
        }
    }

    fn scan(&mut self, visit: &mut Visit, folder: u64, what: What) {
        let text = hospital::label(folder).to_string();
        self.note(what);
        visit.shoot(self.random.between(2_500, 6_000) * (SECOND_US / 1_000), text, what);
    }

    /// A spoilt label, or a folder on hold, if one is due; a held folder that is to be sent is stopped and left.
    fn mishaps(&mut self, visit: &mut Visit, receiving_at: Option<Spot>) {
        let due = |count: u64, rate: u64, folders: u64| count * 100 < rate * (folders + 1);
        if due(self.tally.spoilt, SPOILT, self.tally.folders) {
            let text = spoilt(&mut self.random);
            self.note(What::Spoilt);
            visit.shoot(self.random.between(3, 8) * SECOND_US, text, What::Spoilt);
        }
        let folders = self.tally.folders;
        if due(self.tally.held, HELD, folders) && !self.held.is_empty() {
            self.held.rotate_left(1);
            if let Some(&folder) = self.held.first() {
                self.scan(visit, folder, What::Held);
                if receiving_at.is_none() {
                    visit.card(&mut self.random, Card::End);
                }
            }
        }
    }

    fn note(&mut self, what: What) {
        let tally = &mut self.tally;
        tally.folders += 1;
        match what {
            What::Arrival => tally.arrivals += 1,
            What::Astray => {
                tally.arrivals += 1;
                tally.astray += 1;
            }
            What::Spoilt => tally.spoilt += 1,
            What::Held => tally.held += 1,
            What::Card | What::Onward => {}
        }
    }
}

fn desk_of(errand: Errand) -> usize {
    match errand {
        Errand::Pull | Errand::File | Errand::SendOn(Spot::Library) => LIBRARY_OUT,
        Errand::Receive(at) | Errand::SendOn(at) => at.desk().unwrap_or(LIBRARY_IN),
    }
}

/// A label of nobody's, or one of ours with a digit misread.
fn spoilt(random: &mut Random) -> String {
    if random.happens(500) {
        return format!("ZX{:08}", random.below(100_000_000));
    }
    let right = hospital::label(random.below(100_000)).to_string();
    let mut wrong: Vec<char> = right.chars().collect();
    let at = 1 + random.index(wrong.len() - 1);
    if let Some(digit) = wrong.get_mut(at) {
        *digit = if *digit == '8' { '3' } else { '8' };
    }
    wrong.into_iter().collect()
}

/// One clerk's time at a desk.
struct Visit {
    desk: usize,
    shots: Vec<Shot>,
}

impl Visit {
    fn shoot(&mut self, after_us: i64, text: String, what: What) {
        self.shots.push(Shot { after_us, desk: self.desk, text, what });
    }

    fn card(&mut self, random: &mut Random, card: Card) {
        self.shoot(random.between(3, 6) * SECOND_US, card.barcode().to_string(), What::Card);
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::barcode::OwnBarcode;
    use crate::sim::hospital::Size;
    use crate::sim::random::USUAL_SEED;

    fn after(visits: usize) -> (Tally, Vec<Shot>) {
        let hospital = Hospital::build(USUAL_SEED, Size { folders: 3_000 });
        let until = "2026-11-23T14:00:00Z".parse().unwrap();
        let month = Month::before(&hospital, until, &TimeZone::get("Europe/London").unwrap());
        let mut day = Day::after(&hospital, &month);
        let shots = (0..visits).flat_map(|_| day.visit()).collect();
        (day.tally, shots)
    }

    #[test]
    fn a_day_has_the_mishaps_it_promises() {
        let (tally, shots) = after(300);
        let folders = shots.iter().filter(|shot| shot.what != What::Card).count();
        assert_eq!(u64::try_from(folders).unwrap(), tally.folders);
        assert!(tally.folders > 1_500 && tally.arrivals > 600, "{tally:?}");
        assert!(tally.astray * 100 >= ASTRAY * tally.arrivals - 100, "{tally:?}");
        assert!(tally.spoilt * 100 >= SPOILT * tally.folders - 200, "{tally:?}");
        assert!(tally.held * 100 >= HELD * tally.folders - 200, "{tally:?}");
    }

    #[test]
    fn every_desk_has_its_visits_and_the_same_seed_gives_the_same_day() {
        let (_, shots) = after(300);
        assert!((0..14).all(|desk| shots.iter().any(|shot| shot.desk == desk)));
        assert_eq!(shots, after(300).1);
    }

    #[test]
    fn a_misread_label_of_ours_never_reads_as_another() {
        let mut random = Random::new(5);
        for _ in 0..1_000 {
            assert!(spoilt(&mut random).parse::<OwnBarcode>().is_err());
        }
    }
}
