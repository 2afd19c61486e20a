//! Searches of the demo: of every age, one declared missing, some that have turned up, some that are found.

use super::{Clerks, thing};
use crate::clock::{DAY_US, MINUTE_US, Timestamp};
use crate::domain::SearchId;
use crate::domain::command::{Act, Consent, Missing, Sought};
use crate::domain::search::{LookResult, Meant, Need, Spot};
use crate::sim::flow;
use crate::sim::hospital;

const HOUR_US: i64 = 60 * MINUTE_US;

/// What has become of a search by the demo's beginning.
#[derive(Clone, Copy)]
enum So {
    /// It goes on.
    Goes,
    /// A manager has declared the folder missing.
    Declared,
    /// It was scanned at another clinic; nobody has said where it was.
    Shown,
    /// … and somebody has.
    Told,
    /// Somebody found it where the plan said.
    Found,
}

/// How long ago each search was opened, how many places were looked in since, and what has become of it.
const SEARCHES: [(i64, usize, So); 10] = [
    (25 * MINUTE_US, 0, So::Goes),
    (5 * HOUR_US, 2, So::Goes),
    (30 * HOUR_US, 3, So::Goes),
    (3 * DAY_US, 4, So::Goes),
    (9 * DAY_US, 4, So::Goes),
    (15 * DAY_US, 4, So::Declared),
    (2 * HOUR_US, 1, So::Shown),
    (26 * HOUR_US, 2, So::Shown),
    (4 * DAY_US, 2, So::Told),
    (6 * DAY_US, 1, So::Found),
];

/// Folders that are searched for.
pub const MISSED: usize = SEARCHES.len();

impl Clerks<'_> {
    /// These folders were in a clinic, and when the library or another clinic came for them they were not there.
    pub fn missing(&mut self, folders: &[u64], until: Timestamp) {
        for (nth, (folder, (ago_us, looks, so))) in (0u64..).zip(folders.iter().zip(SEARCHES)) {
            let (held, asks) = (flow::Spot::Clinic(nth % 4), flow::Spot::Clinic(nth % 5 + 1));
            let (Some(holder), Some(asker)) = (held.desk(), asks.desk()) else { continue };
            let opened = until.plus_micros(-ago_us);
            let text = hospital::label(*folder).to_string();
            self.scan(holder, opened.plus_micros(-2 * DAY_US), None, &text, Act::Receive(thing(*folder)));
            let need = Need {
                at: Some(opened.plus_micros(DAY_US)),
                asker: Some(self.place(&asks.code())),
                consultant: None,
            };
            let (sought, consent) = (Sought::Thing(thing(*folder)), Consent::Given);
            let missing = Missing { sought, need, looked: None, consent };
            let scan = self.scan(asker, opened, None, &text, Act::OpenSearch(Box::new(missing)));
            let search = SearchId::opened_by(scan, 0);
            self.looks(search, opened, looks);
            self.ends(search, *folder, asker, until, so);
        }
    }

    fn looks(&mut self, search: SearchId, opened: Timestamp, looks: usize) {
        let library = self.place(&hospital::library());
        let ward = self.place(&hospital::ward(0));
        let spots = [Spot::OwnSlot, Spot::Returns(library), Spot::OwnShelf, Spot::Place(ward)];
        for (nth, spot) in (1i64..).zip(spots).take(looks) {
            let look = Act::Look { search, spot, result: LookResult::NotThere };
            self.scan(0, opened.plus_micros(nth * 20 * MINUTE_US), None, "looked", look);
            self.signed(u64::try_from(nth).unwrap_or(0) + 2);
        }
    }

    /// The newest act was that of the person with this badge, by its number.
    fn signed(&mut self, badge: u64) {
        let person = self.directory.staff_by_badge(&hospital::badge(badge)).map(|person| person.id);
        if let Some(newest) = self.commands.last_mut() {
            newest.scan.person = person;
        }
    }

    fn ends(&mut self, search: SearchId, folder: u64, asker: usize, until: Timestamp, so: So) {
        let text = hospital::label(folder).to_string();
        let shown = until.plus_micros(-50 * MINUTE_US);
        let scanned = |clerks: &mut Self| {
            let desk = flow::Spot::Clinic(6).desk().unwrap_or(asker);
            clerks.scan(desk, shown, None, &text, Act::Receive(thing(folder)));
        };
        match so {
            So::Goes => {}
            So::Declared => {
                self.scan(0, until.plus_micros(-7 * DAY_US), None, "declared", Act::Declare(search));
                self.signed(0);
            }
            So::Shown => scanned(self),
            So::Told => {
                scanned(self);
                let spot = Spot::ByHand;
                let told = Act::TellWhere { search: Meant::Search(search), spot, cause: None };
                self.scan(0, shown.plus_micros(MINUTE_US), None, "told", told);
            }
            So::Found => {
                let look = Act::Look { search, spot: Spot::OwnShelf, result: LookResult::Found };
                self.scan(0, shown, None, "found", look);
            }
        }
    }
}
