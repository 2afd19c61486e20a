//! What a session shows: the sentence on top, the last signal, the running list, what lies beside the pile.

use super::state::{Arm, Finished, List, Mode};
use super::{Effect, Proving, Room, Session};
use crate::clock::{Reading, SECOND_US, Timestamp};
use crate::desk::signal::{Sentence, clock_time};
use crate::desk::{Confirms, SessionView, Way};
use crate::domain::PlaceId;
use crate::domain::answer::Answer;
use crate::domain::directory::Directory;
use crate::domain::refusal::Reason;

/// The last signal is shown so long, so that no patient stays on the screen.
pub const BLANK_AFTER_US: i64 = 60 * SECOND_US;

impl Session {
    /// What the next folder will do.
    pub fn next_folder(&self, directory: &Directory) -> String {
        if let Some(stop) = &self.stop {
            return format!("STOP: {}. OK, or END", stop.sentence.title);
        }
        if let Some(count) = self.locks.offered() {
            let scans = if count == 1 { "scan that was" } else { "scans that were" };
            return format!("Record the {count} {scans} refused before? OK, or END");
        }
        if self.locks.all_locked() {
            return self.locked_words();
        }
        if let Some(words) = self.next_scan(directory) {
            return words;
        }
        if let Some(list) = self.state.list {
            let count = folders(self.ledger.list.len());
            return match list {
                List::Gathered => format!("ALL: {count}. Scan the card of the place they go to"),
                List::To(to) => format!("{count} to {}. OK?", directory.name(to)),
            };
        }
        self.by_mode(directory)
    }

    fn locked_words(&self) -> String {
        let words = match self.person {
            Some(_) => "LOCKED: scan this desk's pairing card",
            None => "LOCKED: scan your badge, then this desk's pairing card",
        };
        words.to_owned()
    }

    fn next_scan(&self, directory: &Directory) -> Option<String> {
        let words = match self.state.arm? {
            Arm::Where => "Next scan: WHERE is it? Nothing moves",
            Arm::Label => "Next scan: its LABEL is printed again. Nothing moves",
            Arm::TakeOut => "Next folder: TAKEN OUT of this batch",
            Arm::Empty => "EMPTY: scan the container",
            Arm::WrongCard => "WRONG-CARD: scan the right card",
            Arm::Whole(place) => {
                let place = directory.name(place);
                return Some(format!("Was that the whole of {place}? OK: yes. Or scan on"));
            }
            Arm::Missing => "MISSING: scan or type its number, or scan the wristband. Nothing moves",
            Arm::Combine => "COMBINE: scan the temporary folder",
            Arm::Original => "COMBINE: scan the original",
        };
        Some(words.to_owned())
    }

    fn by_mode(&self, directory: &Directory) -> String {
        let count = self.ledger.batch.as_ref().map_or(0, |batch| batch.count);
        let so_far = if count > 0 { format!(" ({count} so far)") } else { String::new() };
        let name = |place: PlaceId| directory.name(place);
        match self.state.mode {
            Mode::Idle => "Scan a folder, or your badge".to_owned(),
            Mode::Receive => format!("Next folder: RECEIVED at {}{so_far}", name(self.setup.desk_place)),
            Mode::Send(to) => format!("Next folder: SENT to {}{so_far}", name(to)),
            Mode::File(None) => format!("Next folder: FILED on its own shelf, or scan a shelf{so_far}"),
            Mode::File(Some(shelf)) => format!("Next folder: FILED on {}{so_far}", name(shelf)),
            Mode::PackAsk => "PACK: scan the container".to_owned(),
            Mode::Pack(container) => format!("Next folder: PACKED in {}{so_far}", name(container)),
            Mode::SweepAsk => "SWEEP: scan the shelf's label or the room's card".to_owned(),
            Mode::Sweep(place) => format!("Next folder: SEEN at {}{so_far}", name(place)),
            Mode::Ended(Finished::Sweep(_)) => {
                "SWEEP has ended. Scan SWEEP and the place to go on, or RECEIVE".to_owned()
            }
            Mode::Ended(Finished::Send(to)) => {
                format!("Sending to {} has ended. Scan its card to go on, or RECEIVE", name(to))
            }
            Mode::Ended(Finished::File) => "FILE has ended. Scan FILE to go on, or RECEIVE".to_owned(),
            Mode::Ended(Finished::Pack(_)) => {
                "PACK has ended. Scan PACK and the container to go on, or RECEIVE".to_owned()
            }
        }
    }

    /// What the session's page shows at `now`.
    pub fn view(&self, now: Reading, directory: &Directory, way: Way) -> SessionView {
        let mut anchor = self.anchor;
        let at = anchor.at(now);
        let count = self.ledger.batch.as_ref().map_or(0, |batch| batch.count);
        SessionView {
            desk: self.setup.desk.clone(),
            place: directory.name(self.setup.desk_place).to_owned(),
            session: self.setup.session.clone(),
            next_folder: self.next_folder(directory),
            person: self.person.and_then(|id| directory.staff(id)).map(|staff| staff.name.clone()),
            signed_on_until: self.signed_on_until(),
            confirms: self.confirms(),
            count,
            last: self.last.clone().filter(|line| at.micros_since(line.at) <= BLANK_AFTER_US),
            stop: self.stop.as_ref().map(|stop| stop.line.clone()),
            line: way,
            locked: self.locks.shown(),
            scanner_lost: self.lost.first().map(|(_, since)| *since),
            last_recorded: self.last_recorded.clone(),
            lines: self.ledger.lines.iter().cloned().collect(),
            aside: self.ledger.aside.iter().rev().map(|entry| entry.shown.clone()).collect(),
            proofs: self.proofs.iter().map(Proving::shown).collect(),
        }
    }

    fn signed_on_until(&self) -> Option<Timestamp> {
        let last = self.last_scan.filter(|_| self.person.is_some())?;
        Some(last.plus_micros(self.setup.sign_on_idle_us))
    }

    /// What OK answers now: the stop, else the list, else the newest line beside the pile.
    fn confirms(&self) -> Confirms {
        if self.stop.is_some() {
            Confirms::Stop
        } else if self.locks.offered().is_some() {
            Confirms::Refused
        } else if matches!(self.state.arm, Some(Arm::Whole(_))) {
            Confirms::Room
        } else if self.state.list.is_some() {
            Confirms::List
        } else if self.ledger.aside.is_empty() {
            Confirms::Nothing
        } else {
            Confirms::Aside
        }
    }

    /// Scanners that are gone, and since when.
    pub fn lost(&self) -> &[(String, Timestamp)] {
        &self.lost
    }

    /// Scanners that are locked.
    pub fn locked(&self) -> Vec<String> {
        self.locks.shown().into_iter().map(|locked| locked.scanner).collect()
    }

    pub(super) fn scanner_lost(&mut self, scanner: String, room: Room<'_>) -> Vec<Effect> {
        if self.lost.iter().any(|(lost, _)| *lost == scanner) {
            return Vec::new();
        }
        let sentence =
            Sentence { title: format!("Scanner lost: {scanner}"), detail: self.last_recorded(room) };
        self.lost.push((scanner, room.at));
        vec![self.notice(Answer::new(Reason::ScannerLost), sentence, room), Effect::PageChanged]
    }

    pub(super) fn scanner_back(&mut self, scanner: &str, room: Room<'_>) -> Vec<Effect> {
        let before = self.lost.len();
        self.lost.retain(|(lost, _)| lost != scanner);
        if self.lost.len() == before {
            return Vec::new();
        }
        let sentence = Sentence { title: "The scanner is back".to_owned(), detail: self.last_recorded(room) };
        vec![self.notice(Answer::new(Reason::ScannerBack), sentence, room), Effect::PageChanged]
    }

    fn last_recorded(&self, room: Room<'_>) -> String {
        match &self.last_recorded {
            Some((name, at)) => {
                let time = clock_time(*at, room.at, &self.setup.time_zone);
                format!("Last recorded: {name}, {time}. Scan on from the next.")
            }
            None => "Nothing was recorded yet.".to_owned(),
        }
    }
}

fn folders(count: usize) -> String {
    if count == 1 { "1 folder".to_owned() } else { format!("{count} folders") }
}
