//! What the demo shows before anyone asks: folders that did not arrive or are held too long, people who are expected
//! where their folder is not, a shelf that was swept in part, a room that is being swept, and searches.

mod missing;

use uuid::Uuid;

use crate::clock::{DAY_US, MINUTE_US, SECOND_US, Timestamp};
use crate::domain::barcode::{Entry, FolderCode};
use crate::domain::command::{Act, Clocks, Command, Consent, Moment, Naming, Run, Scan, SessionAfter, Thing};
use crate::domain::directory::Directory;
use crate::domain::filing::Filing;
use crate::domain::place::Code;
use crate::domain::sweep::{Ending, Part};
use crate::domain::{BatchId, PlaceId, ScanId};
use crate::sim::clinics::Also;
use crate::sim::flow::{Spot, Standing};
use crate::sim::hospital::{self, Bar, Hospital, Stood};
use crate::sim::month::Month;
use crate::sim::random::Random;

/// The session of these scans.
const SESSION: &str = "before";
/// Folders that were sent and did not arrive, and folders that are held too long.
const NOT_ARRIVED: usize = 7;
const HELD: usize = 9;
/// The shelf that was swept in part, and how many of its folders were overlooked.
const SHELF: u64 = 34;
const OVERLOOKED: [usize; 3] = [6, 7, 21];
/// The folder of the sweep behind which a stray stands.
const STRAY_AFTER: usize = 12;

/// What was done ahead of the demo's beginning.
pub struct Ahead {
    /// The scans.
    pub commands: Vec<Command>,
    /// People who are expected though their folder is not where it should be.
    pub also: Vec<Also>,
}

/// All of it, ending just before `until`.
pub fn ahead(hospital: &Hospital, month: &Month, directory: &Directory, until: Timestamp) -> Ahead {
    let mut clerks = Clerks {
        hospital,
        directory,
        random: Random::of_part(hospital.seed, 0xA4EAD),
        incarnations: Vec::new(),
        commands: Vec::new(),
    };
    let all: Vec<u64> = still(hospital).take(NOT_ARRIVED + HELD + missing::MISSED).collect();
    let (still, missed) = all.split_at((NOT_ARRIVED + HELD).min(all.len()));
    let (lost, held) = still.split_at(NOT_ARRIVED.min(still.len()));
    clerks.not_arrived(lost, until);
    clerks.held(held, until);
    clerks.shelf(until);
    clerks.room(month, until);
    clerks.missing(missed, until);
    let also = still.iter().enumerate().map(|(nth, folder)| Also {
        patient: hospital.folder(*folder).patient,
        clinic: u64::try_from(nth).unwrap_or(0) % 6,
        in_days: nth % 4 + 1,
    });
    Ahead { commands: clerks.commands, also: also.collect() }
}

/// Folders that have not moved for a month and may move, far from the shelf that is swept.
fn still(hospital: &Hospital) -> impl Iterator<Item = u64> + '_ {
    (0..hospital.size.folders).step_by(97).filter(|n| {
        let folder = hospital.folder(*n);
        folder.bar == Bar::Free && folder.stood == Stood::Shelf && folder.shelf != SHELF
    })
}

struct Clerks<'a> {
    hospital: &'a Hospital,
    directory: &'a Directory,
    random: Random,
    /// One for each desk that was used.
    incarnations: Vec<(usize, Uuid)>,
    commands: Vec<Command>,
}

impl Clerks<'_> {
    fn not_arrived(&mut self, folders: &[u64], until: Timestamp) {
        for (nth, folder) in (0i64..).zip(folders) {
            let to = self.place(&hospital::clinic(nth.unsigned_abs() % 3));
            let at = until.plus_micros(-(3 + nth) * DAY_US);
            let act = Act::Send { thing: thing(*folder), to, consent: Consent::Unasked };
            self.scan(0, at, None, &hospital::label(*folder).to_string(), act);
        }
    }

    fn held(&mut self, folders: &[u64], until: Timestamp) {
        for (nth, folder) in (0i64..).zip(folders) {
            let clinic = Spot::Clinic(nth.unsigned_abs() % 4);
            let Some(desk) = clinic.desk() else { continue };
            let at = until.plus_micros(-(8 + nth) * DAY_US);
            self.scan(desk, at, None, &hospital::label(*folder).to_string(), Act::Receive(thing(*folder)));
        }
    }

    /// The first half of a shelf, in its order, with some overlooked and a stray among them.
    fn shelf(&mut self, until: Timestamp) {
        let swept = self.place(&hospital::shelf(SHELF));
        let mut folders: Vec<u64> = (0..self.hospital.size.folders)
            .filter(|n| {
                let folder = self.hospital.folder(*n);
                folder.shelf == SHELF && folder.stood == Stood::Shelf
            })
            .collect();
        let number = |n: &u64| self.hospital.hospital_number(self.hospital.folder(*n).patient);
        folders.sort_by_key(|n| Filing::TerminalDigit.key(number(n)));
        folders.truncate(folders.len() / 2);
        let stray = (0..self.hospital.size.folders).rev().find(|n| {
            let folder = self.hospital.folder(*n);
            folder.stood == Stood::Shelf && folder.shelf == SHELF + 1
        });
        let seen = folders.iter().enumerate().filter(|(nth, _)| !OVERLOOKED.contains(nth));
        let mut seen: Vec<u64> = seen.map(|(_, folder)| *folder).collect();
        if let Some(stray) = stray.filter(|_| seen.len() > STRAY_AFTER) {
            seen.insert(STRAY_AFTER, stray);
        }
        let began = until.plus_micros(-120 * MINUTE_US);
        self.sweep(0, swept, &hospital::shelf(SHELF), &seen, began, Ends::Ended);
    }

    /// A clinic's room, of which somebody has scanned a part.
    fn room(&mut self, month: &Month, until: Timestamp) {
        let clinic = Spot::Clinic(1);
        let Some(desk) = clinic.desk() else { return };
        let place = self.place(&clinic.code());
        let here = month.standings().into_iter().filter(|(_, standing)| *standing == Standing::At(clinic));
        let here: Vec<u64> = here.map(|(folder, _)| folder).collect();
        let part: Vec<u64> = here.iter().copied().take(here.len() * 2 / 3).collect();
        self.sweep(desk, place, &clinic.code(), &part, until.plus_micros(-20 * MINUTE_US), Ends::GoesOn);
    }

    fn sweep(
        &mut self,
        desk: usize,
        place: PlaceId,
        code: &Code,
        folders: &[u64],
        began: Timestamp,
        ends: Ends,
    ) {
        let card = Act::OpenSweep { place, left: None };
        self.scan(desk, began, None, code.as_str(), card);
        let mut batch = None;
        let mut at = began;
        for folder in folders {
            at = at.plus_micros(self.random.between(2, 5) * SECOND_US);
            let act = Act::See { thing: thing(*folder), place };
            let scan = self.scan(desk, at, batch, &hospital::label(*folder).to_string(), act);
            batch = batch.or(Some(BatchId::new(scan.uuid())));
        }
        if ends == Ends::Ended {
            let ending = Ending { place, filing: Filing::TerminalDigit, part: Part::Stretch(batch) };
            self.scan(desk, at.plus_micros(5 * SECOND_US), None, "C0184", Act::EndSweep(ending));
        }
    }

    fn place(&self, code: &Code) -> PlaceId {
        self.directory.place_by_code(code).map_or(PlaceId::new(0), |place| place.id)
    }

    /// One scan at a desk; a batch begins with its first.
    fn scan(&mut self, desk: usize, at: Timestamp, batch: Option<BatchId>, text: &str, act: Act) -> ScanId {
        let id = ScanId::new(self.random.uuid(at));
        let Some(plan) = self.hospital.desks.get(desk) else { return id };
        let batch = batch.or_else(|| matches!(act, Act::See { .. }).then(|| BatchId::new(id.uuid())));
        let incarnation = self.incarnation(desk);
        let scan = Scan {
            id,
            desk: plan.code.clone(),
            desk_place: self.place(&plan.place),
            session: SESSION.to_owned(),
            run: Run { incarnation, boot: None },
            number: u64::try_from(self.commands.len()).unwrap_or(0) + 1,
            scanner: SESSION.to_owned(),
            person: self.directory.staff_by_badge(&plan.clerk).map(|person| person.id),
            batch,
            position: u32::from(batch.is_some()),
            clocks: Clocks { happened: at, wall: at, boot_us: at.micros(), uncertainty_us: 0 },
            text: text.to_owned(),
            aim: None,
            entry: Entry::Scanned,
            naming: Naming::Ours,
        };
        self.commands.push(Command { scan, act, moment: Moment::Past, session: SessionAfter::default() });
        id
    }

    fn incarnation(&mut self, desk: usize) -> Uuid {
        if let Some((_, known)) = self.incarnations.iter().find(|(of, _)| *of == desk) {
            return *known;
        }
        let made = self.random.uuid(Timestamp::EPOCH);
        self.incarnations.push((desk, made));
        made
    }
}

/// How a sweep stands at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// Somebody scanned END.
    Ended,
    /// Nobody did yet.
    GoesOn,
}

fn thing(folder: u64) -> Thing {
    Thing::Label(FolderCode { label: hospital::label(folder), numbered: None })
}
