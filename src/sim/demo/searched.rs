//! The demo's searches: some go on, some folders have turned up, of some it is known where they were.
//!
//! They follow from the month: a folder is searched for while it stood where it was last scanned. Who finds it in the
//! month ends the search by the scan itself, as in life.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::clock::{DAY_US, MINUTE_US, Timestamp};
use crate::domain::barcode::Entry;
use crate::domain::barcode::FolderCode;
use crate::domain::command::{
    Act, Clocks, Command, Consent, Missing, Moment, Naming, Run, Scan, SessionAfter, Sought, Thing,
};
use crate::domain::directory::Directory;
use crate::domain::place::{Code, PlaceKind};
use crate::domain::search::{Cause, ClosedWhy, LookResult, Meant, Need, Spot};
use crate::domain::staff::{Role, Staff};
use crate::domain::{PlaceId, ScanId, SearchId, StaffId};
use crate::sim::hospital::{self, Hospital};
use crate::sim::month::{Deed, Month, Step};
use crate::sim::random::Random;

/// The desk of pages.
const PAGES: &str = "~WEB";
const HOUR_US: i64 = 60 * MINUTE_US;

/// One that goes on: for how long, how often somebody has looked, when it is needed from now on, and how it ended.
struct Story {
    open_us: i64,
    looks: usize,
    needed_us: Option<i64>,
    end: End,
}

/// What became of a search for a folder that nobody has scanned since.
enum End {
    GoesOn,
    Declared,
    Closed,
    /// Found at the last place that was looked at.
    Found,
}

const fn story(open_us: i64, looks: usize, needed_us: Option<i64>, end: End) -> Story {
    Story { open_us, looks, needed_us, end }
}

/// What the register shows when the demo begins, besides the folders that turned up by a scan.
const STORIES: [Story; 9] = [
    story(35 * MINUTE_US, 1, Some(2 * HOUR_US), End::GoesOn),
    story(3 * HOUR_US, 3, Some(20 * HOUR_US), End::GoesOn),
    story(26 * HOUR_US, 5, Some(-2 * HOUR_US), End::GoesOn),
    story(3 * DAY_US, 6, None, End::GoesOn),
    story(9 * DAY_US, 9, Some(-8 * DAY_US), End::GoesOn),
    story(7 * DAY_US, 8, Some(-6 * DAY_US), End::Declared),
    story(4 * DAY_US, 1, None, End::Closed),
    story(2 * DAY_US, 2, Some(-DAY_US), End::Found),
    story(5 * DAY_US, 4, Some(-4 * DAY_US), End::Found),
];
/// Folders that turned up by a scan of the month, the newest first; of the first few nobody has said yet where they were.
const TURNED_UP: usize = 14;
const NOT_TOLD: usize = 2;

/// The acts of people at pages: a search's steps are told there.
struct Pages<'a> {
    directory: &'a Directory,
    random: Random,
    incarnation: Uuid,
    number: u64,
    searchers: Vec<StaffId>,
    manager: Option<StaffId>,
    /// Where somebody may look.
    places: Vec<PlaceId>,
    commands: Vec<Command>,
}

/// The searches of the month as commands, in time order.
pub fn commands(hospital: &Hospital, month: &Month, directory: &Directory, until: Timestamp) -> Vec<Command> {
    let mut pages = Pages::of(hospital, directory);
    let mut ways: BTreeMap<u64, Vec<&Step>> = BTreeMap::new();
    for step in &month.steps {
        ways.entry(step.folder).or_default().push(step);
    }
    let mut used = Vec::new();
    for story in &STORIES {
        let opened = until.plus_micros(-story.open_us);
        let stands = |way: &Vec<&Step>| stands_at(way, opened);
        let folder = ways.iter().find(|(folder, way)| !used.contains(*folder) && stands(way));
        let Some((folder, _)) = folder else { continue };
        used.push(*folder);
        pages.goes_on(*folder, opened, story, until);
    }
    let turned_up = ways.values().filter(|way| !way.iter().any(|step| used.contains(&step.folder)));
    let mut turned_up: Vec<_> = turned_up.filter_map(|way| scanned_again(way)).collect();
    turned_up.sort_by_key(|(_, seen)| std::cmp::Reverse(seen.at));
    for (nth, (opened, seen)) in turned_up.into_iter().step_by(17).take(TURNED_UP).enumerate() {
        pages.turned_up(opened, seen, nth < NOT_TOLD);
    }
    pages.commands.sort_by_key(|command| command.scan.clocks.happened);
    pages.commands
}

/// Whether a folder stood out of the library at that time and was not scanned since.
fn stands_at(way: &[&Step], at: Timestamp) -> bool {
    way.last().is_some_and(|last| last.at < at && !matches!(last.deed, Deed::Filed))
}

/// When a search may have been opened that the last receipt of a folder ended, and that receipt.
fn scanned_again<'a>(way: &[&'a Step]) -> Option<(Timestamp, &'a Step)> {
    let (before, seen) = way.windows(2).rev().find_map(|pair| match pair {
        [before, seen] if matches!(seen.deed, Deed::Received(_)) => Some((*before, *seen)),
        _ => None,
    })?;
    let opened = seen.at.plus_micros(-3 * HOUR_US);
    (before.at < opened).then_some((opened, seen))
}

impl<'a> Pages<'a> {
    fn of(hospital: &Hospital, directory: &'a Directory) -> Self {
        let mut random = Random::of_part(hospital.seed, 0x005E_A2C4);
        let mut people: Vec<&Staff> = directory.everybody().collect();
        people.sort_by_key(|person| person.id);
        let with = |role| people.iter().filter(move |person| person.role == role).map(|person| person.id);
        let rooms = directory.places();
        let mut places: Vec<_> = rooms
            .filter(|place| matches!(place.kind, PlaceKind::Clinic | PlaceKind::Ward | PlaceKind::Office))
            .map(|place| place.id)
            .collect();
        places.sort_unstable();
        Self {
            directory,
            incarnation: random.uuid(Timestamp::EPOCH),
            random,
            number: 0,
            searchers: with(Role::Librarian).chain(with(Role::Clerk).take(4)).collect(),
            manager: with(Role::Manager).next(),
            places,
            commands: Vec::new(),
        }
    }

    fn somebody(&mut self) -> Option<StaffId> {
        let nth = self.random.below(self.searchers.len().max(1) as u64);
        self.searchers.get(usize::try_from(nth).unwrap_or(0)).copied()
    }

    fn somewhere(&mut self) -> Option<PlaceId> {
        let nth = self.random.below(self.places.len().max(1) as u64);
        self.places.get(usize::try_from(nth).unwrap_or(0)).copied()
    }

    fn act(&mut self, at: Timestamp, person: Option<StaffId>, text: String, act: Act) -> ScanId {
        self.number += 1;
        let id = ScanId::new(self.random.uuid(at));
        let Ok(desk) = PAGES.parse::<Code>() else { return id };
        let scan = Scan {
            id,
            desk,
            desk_place: PlaceId::new(0),
            session: "page".to_owned(),
            run: Run { incarnation: self.incarnation, boot: None },
            number: self.number,
            scanner: "page".to_owned(),
            person,
            batch: None,
            position: 0,
            clocks: Clocks { happened: at, wall: at, boot_us: at.micros(), uncertainty_us: 0 },
            text,
            aim: None,
            entry: Entry::Typed,
            naming: Naming::Ours,
        };
        self.commands.push(Command { scan, act, moment: Moment::Now, session: SessionAfter::default() });
        id
    }

    fn opened(&mut self, folder: u64, at: Timestamp, needed: Option<Timestamp>) -> SearchId {
        let label = hospital::label(folder);
        let asker = needed.and_then(|_| self.somewhere());
        let missing = Missing {
            sought: Sought::Thing(Thing::Label(FolderCode { label: label.clone(), numbered: None })),
            need: Need { at: needed, asker, consultant: None },
            looked: None,
            consent: Consent::Given,
        };
        let person = self.somebody();
        let text = format!("not there: {label}");
        SearchId::opened_by(self.act(at, person, text, Act::OpenSearch(Box::new(missing))), 0)
    }

    /// Somebody looks somewhere.
    fn look(&mut self, search: SearchId, at: Timestamp, result: LookResult) {
        let Some(place) = self.somewhere() else { return };
        let person = self.somebody();
        let text = format!("{} {}", result.word(), Spot::Place(place).told(self.directory, |_| None));
        self.act(at, person, text, Act::Look { search, spot: Spot::Place(place), result });
    }

    fn goes_on(&mut self, folder: u64, opened: Timestamp, story: &Story, until: Timestamp) {
        let needed = story.needed_us.map(|us| until.plus_micros(us));
        let search = self.opened(folder, opened, needed);
        // The looks keep to the first two thirds of the time.
        let pause = story.open_us * 2 / 3 / i64::try_from(story.looks + 1).unwrap_or(1);
        let mut at = opened;
        for nth in 0..story.looks {
            at = at.plus_micros(pause);
            let result = match (&story.end, nth % 4) {
                (End::Found, _) if nth + 1 == story.looks => LookResult::Found,
                (_, 3) => LookResult::CannotLook,
                _ => LookResult::NotThere,
            };
            self.look(search, at, result);
        }
        let end = at.plus_micros(pause);
        match story.end {
            End::GoesOn | End::Found => {}
            End::Declared => {
                self.act(end, self.manager, "declare".to_owned(), Act::Declare(search));
            }
            End::Closed => {
                let act = Act::CloseSearch { search, why: ClosedWhy::Mistake };
                self.act(end, self.manager, "close mistake".to_owned(), act);
            }
        }
    }

    fn turned_up(&mut self, opened: Timestamp, seen: &Step, is_open: bool) {
        let needed = opened.plus_micros(DAY_US);
        let search = self.opened(seen.folder, opened, Some(needed));
        self.look(search, opened.plus_micros(40 * MINUTE_US), LookResult::NotThere);
        if is_open {
            return;
        }
        let Deed::Received(at) = seen.deed else { return };
        let Some(there) = self.directory.place_by_code(&at.code()).map(|place| place.id) else { return };
        let (spot, cause) = match self.random.below(5) {
            0 => (Spot::OwnShelf, Some(Cause::Misfiled)),
            1 => (Spot::ByHand, Some(Cause::TakenAway)),
            2 => (Spot::Place(there), None),
            _ => (self.somewhere().map_or(Spot::ByHand, Spot::Place), None),
        };
        let act = Act::TellWhere { search: Meant::Search(search), spot, cause };
        let person = self.somebody();
        self.act(seen.at.plus_micros(9 * MINUTE_US), person, "where it was".to_owned(), act);
    }
}
