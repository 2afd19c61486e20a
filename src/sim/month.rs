//! The month before: what was scanned, in time order, up to a consistent present.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::flow::{LIBRARY_OUT, Spot, Standing};
use super::hospital::{self, Hospital, Stood};
use super::random::Random;
use crate::clock::{MINUTE_US, SECOND_US, Timestamp};
use crate::domain::barcode::{Entry, FolderCode};
use crate::domain::command::{Act, Clocks, Command, Consent, Moment, Naming, Run, Scan, SessionAfter, Thing};
use crate::domain::directory::Directory;
use crate::domain::place::Code;
use crate::domain::{PlaceId, ScanId, StaffId};

/// The session of all that was scanned before the program started.
pub const SESSION: &str = "earlier";
/// One borrowed folder in so many never arrives where it was sent.
const LOST_OF: u64 = 211;
/// Working days that the month has.
const WORKING_DAYS: i64 = 21;
/// When the library has pulled the first part of tomorrow's lists.
const PULLED_BY: (i8, i8) = (9, 30);

/// What was done with a folder.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Deed {
    /// Sent from the desk.
    Sent(Spot),
    /// Received at the desk.
    Received(Spot),
    /// Filed on its own shelf.
    Filed,
}

/// One scan of the month.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// Which folder, from 0.
    pub folder: u64,
    /// At which desk, by its place in the hospital's list.
    pub desk: usize,
    /// What.
    pub deed: Deed,
}

/// A month of scans.
#[derive(Clone, Debug)]
pub struct Month {
    /// In time order.
    pub steps: Vec<Step>,
}

/// A code that the directory does not know: the hospital was not imported before its month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not known: import the hospital first")]
pub struct NotImported(pub Code);

impl Month {
    /// The month before `until` in `hospital`.
    pub fn before(hospital: &Hospital, until: Timestamp, time_zone: &TimeZone) -> Self {
        let today = time_zone.to_datetime(until.to_jiff()).date();
        // What is pulled today for tomorrow is pulled by half past nine, so that none of it is still to come.
        let pulled = until > local(today, PULLED_BY, time_zone).plus_micros(MINUTE_US) && !is_weekend(today);
        let last_clinic = i64::from(pulled);
        let mut steps = Vec::new();
        for n in 0..hospital.size.folders {
            let folder = hospital.folder(n);
            if folder.stood == Stood::Borrowed {
                // All folders of a patient travel together, so their journey follows from the patient.
                let random = Random::of_part(hospital.seed, (folder.patient << 8) | 3);
                let aside = i64::from(folder.volume) * 3 * SECOND_US;
                let journey = Journey { random, time_zone, folder: n, aside, steps: &mut steps };
                journey.write(today, last_clinic);
            }
        }
        steps.retain(|step| step.at < until);
        steps.sort_by_key(|step| (step.at, step.folder));
        Self { steps }
    }

    /// Where every folder that moved is at the end.
    pub fn standings(&self) -> BTreeMap<u64, Standing> {
        let after = |step: &Step| match step.deed {
            Deed::Sent(to) if to.desk().is_none() => Standing::At(to),
            Deed::Sent(to) => Standing::OnItsWay(to),
            Deed::Received(at) => Standing::At(at),
            Deed::Filed => Standing::Shelved,
        };
        self.steps.iter().map(|step| (step.folder, after(step))).collect()
    }

    /// The month as commands, in time order.
    ///
    /// # Errors
    /// When the hospital has not been imported.
    pub fn commands(&self, hospital: &Hospital, directory: &Directory) -> Result<Vec<Command>, NotImported> {
        let mut random = Random::of_part(hospital.seed, 0x0C0D);
        let mut desks = Vec::new();
        for plan in &hospital.desks {
            desks.push(Told {
                code: plan.code.clone(),
                place: known(directory, &plan.place)?,
                person: directory.staff_by_badge(&plan.clerk).map(|person| person.id),
                incarnation: random.uuid(Timestamp::EPOCH),
                number: 0,
            });
        }
        let mut commands = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            if let Some(desk) = desks.get_mut(step.desk) {
                commands.push(desk.command(step, act(hospital, directory, step)?, &mut random));
            }
        }
        Ok(commands)
    }
}

fn known(directory: &Directory, code: &Code) -> Result<PlaceId, NotImported> {
    directory.place_by_code(code).map(|place| place.id).ok_or_else(|| NotImported(code.clone()))
}

fn act(hospital: &Hospital, directory: &Directory, step: &Step) -> Result<Act, NotImported> {
    let thing = Thing::Label(FolderCode { label: hospital::label(step.folder), numbered: None });
    Ok(match step.deed {
        Deed::Received(_) => Act::Receive(thing),
        Deed::Sent(to) => Act::Send { thing, to: known(directory, &to.code())?, consent: Consent::Unasked },
        Deed::Filed => {
            let shelf = hospital::shelf(hospital.folder(step.folder).shelf);
            Act::File { thing, shelf: Some(known(directory, &shelf)?), consent: Consent::Unasked }
        }
    })
}

/// A desk as the commands of the month name it.
struct Told {
    code: Code,
    place: PlaceId,
    person: Option<StaffId>,
    incarnation: Uuid,
    number: u64,
}

impl Told {
    fn command(&mut self, step: &Step, act: Act, random: &mut Random) -> Command {
        self.number += 1;
        let scan = Scan {
            id: ScanId::new(random.uuid(step.at)),
            desk: self.code.clone(),
            desk_place: self.place,
            session: SESSION.to_owned(),
            run: Run { incarnation: self.incarnation, boot: None },
            number: self.number,
            scanner: SESSION.to_owned(),
            person: self.person,
            batch: None,
            position: 0,
            clocks: Clocks { happened: step.at, wall: step.at, boot_us: step.at.micros(), uncertainty_us: 0 },
            text: hospital::label(step.folder).to_string(),
            aim: None,
            entry: Entry::Scanned,
            naming: Naming::Label,
        };
        Command { scan, act, moment: Moment::Past, session: SessionAfter::default() }
    }
}

/// One folder's way through the month.
struct Journey<'a> {
    random: Random,
    time_zone: &'a TimeZone,
    folder: u64,
    /// How long after the patient's first folder this one is scanned.
    aside: i64,
    steps: &'a mut Vec<Step>,
}

impl Journey<'_> {
    /// Pulled the day before the clinic, there in the morning, with the secretary for a while, back and filed.
    fn write(mut self, today: Date, last_clinic: i64) {
        let in_days = self.random.between(-WORKING_DAYS, last_clinic);
        let clinic_day = working_day(today, in_days);
        let asks = Spot::that_asks(&mut self.random);
        self.step(
            working_day(clinic_day, -1),
            (7, 0),
            if in_days > 0 { PULLED_BY } else { (15, 30) },
            LIBRARY_OUT,
            Deed::Sent(asks),
        );
        if self.folder.is_multiple_of(LOST_OF) {
            return;
        }
        let mut at = asks;
        let mut day = clinic_day;
        while at != Spot::Library {
            let next = at.onward(&mut self.random);
            let stays = if matches!(at, Spot::Clinic(_)) { 0 } else { self.random.between(2, 7) };
            let leaves = working_day(day, stays);
            if let Some(desk) = at.desk() {
                let scanned = self.steps.len();
                self.step(day, (8, 0), (9, 0), desk, Deed::Received(at));
                if self.is_forgotten(at) {
                    self.steps.truncate(scanned);
                }
                self.step(leaves, (12, 15), (17, 0), desk, Deed::Sent(next));
            }
            at = next;
            day = working_day(leaves, 1);
        }
        self.step(day, (9, 0), (12, 0), super::flow::LIBRARY_IN, Deed::Received(Spot::Library));
        let filed = working_day(day, self.random.between(0, 1));
        self.step(filed, (13, 0), (17, 0), LIBRARY_OUT, Deed::Filed);
    }

    /// Whether nobody scans this folder's arrival: everywhere that happens now and then, in some places often.
    const fn is_forgotten(&self, at: Spot) -> bool {
        match at {
            Spot::Library => false,
            Spot::Clinic(n) => (self.folder + n).is_multiple_of(20 + 5 * n),
            Spot::Ward(n) => (self.folder + n).is_multiple_of(6 + n),
            Spot::Office(n) => (self.folder + n).is_multiple_of(4 + 6 * n),
        }
    }

    fn step(&mut self, day: Date, from: (i8, i8), to: (i8, i8), desk: usize, deed: Deed) {
        let first = local(day, from, self.time_zone).micros();
        let last = local(day, to, self.time_zone).micros();
        let at = Timestamp::from_micros(self.random.between(first, last) + self.aside);
        self.steps.push(Step { at, folder: self.folder, desk, deed });
    }
}

/// A time of the hospital's day.
fn local(day: Date, (hour, minute): (i8, i8), time_zone: &TimeZone) -> Timestamp {
    let instant = time_zone.to_timestamp(day.at(hour, minute, 0, 0));
    instant.map_or(Timestamp::EPOCH, Timestamp::from_jiff)
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// So many working days after `day`, or before it; with 0 the same day, or the Friday before a weekend.
fn working_day(day: Date, by: i64) -> Date {
    let step = |day: Date, forward: bool| {
        let next = if forward { day.tomorrow() } else { day.yesterday() };
        next.unwrap_or(day)
    };
    let mut day = day;
    while is_weekend(day) {
        day = step(day, false);
    }
    for _ in 0..by.unsigned_abs() {
        day = step(day, by > 0);
        while is_weekend(day) {
            day = step(day, by > 0);
        }
    }
    day
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::sim::hospital::Size;
    use crate::sim::random::USUAL_SEED;

    fn month() -> (Hospital, Month, Timestamp) {
        let hospital = Hospital::build(USUAL_SEED, Size { folders: 3_000 });
        let until = "2026-11-23T14:00:00Z".parse().unwrap();
        let month = Month::before(&hospital, until, &TimeZone::get("Europe/London").unwrap());
        (hospital, month, until)
    }

    #[test]
    fn the_month_ends_before_the_present_and_every_borrowed_folder_has_moved() {
        let (hospital, month, until) = month();
        assert!(month.steps.is_sorted_by_key(|step| step.at));
        assert!(month.steps.iter().all(|step| step.at < until));
        let borrowed = (0..3_000).filter(|n| hospital.folder(*n).stood == Stood::Borrowed).count();
        assert_eq!(month.standings().len(), borrowed);
        assert!(borrowed > 600 && month.steps.len() > 3 * borrowed, "{borrowed}, {}", month.steps.len());
    }

    #[test]
    fn whenever_the_demo_starts_every_borrowed_folder_has_moved() {
        let hospital = Hospital::build(USUAL_SEED, Size::SMALL);
        let borrowed = (0..600).filter(|n| hospital.folder(*n).stood == Stood::Borrowed).count();
        for until in
            ["2026-11-23T00:00:00Z", "2026-11-23T09:31:01Z", "2026-06-05T18:00:00Z", "2026-03-29T01:00:00Z"]
        {
            let until = until.parse().unwrap();
            let month = Month::before(&hospital, until, &TimeZone::get("Europe/London").unwrap());
            assert_eq!(month.standings().len(), borrowed, "{until}");
        }
    }

    #[test]
    fn a_folder_is_received_only_where_it_was_sent_and_sent_only_from_where_it_is() {
        let (_, month, _) = month();
        let mut whereabouts = HashMap::new();
        for step in &month.steps {
            let before = whereabouts.get(&step.folder).copied().unwrap_or(Spot::Library);
            match step.deed {
                Deed::Received(Spot::Library) => {}
                // Where nobody scans, nobody scans it out either.
                Deed::Received(at) => assert!(at == before || before.desk().is_none()),
                Deed::Sent(_) => {
                    assert!(step.desk == LIBRARY_OUT || before.desk().is_none_or(|desk| desk == step.desk));
                }
                Deed::Filed => assert_eq!(before, Spot::Library),
            }
            let (Deed::Sent(spot) | Deed::Received(spot)) = step.deed else { continue };
            whereabouts.insert(step.folder, spot);
        }
    }

    #[test]
    fn at_its_end_folders_are_everywhere() {
        let (_, month, _) = month();
        let standings = month.standings();
        let count = |wanted: fn(&Standing) -> bool| standings.values().filter(|at| wanted(at)).count();
        assert!(count(|at| *at == Standing::Shelved) > 100);
        assert!(count(|at| matches!(at, Standing::OnItsWay(_))) > 10);
        assert!(count(|at| matches!(at, Standing::At(Spot::Clinic(_)))) > 5);
        assert!(count(|at| matches!(at, Standing::At(Spot::Office(_)))) > 20);
    }
}
