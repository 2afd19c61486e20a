//! A session after a restart, from its last recorded scans.

use super::folders::key;
use super::ledger::{Act as Done, Batch, Member, MemberLabel, puts_folder_aside};
use super::missing::rung_by;
use super::outcome::{HELD, KEPT, did, is_no_text, is_receiving};
use super::state::{Mode, State, Stopping};
use super::{DOUBLE_READ_US, Previous, Room, Session, SessionSetup, Stop, stands};
use crate::clock::Reading;
use crate::desk::signal::{Scene, Sentence, beside, say};
use crate::desk::{Line, PastScan};
use crate::domain::answer::Signal;
use crate::domain::barcode::{self, Code, Entry};
use crate::domain::directory::Directory;
use crate::domain::movement::UndoTarget;
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::State::At;

impl Session {
    /// The session as its recorded scans, oldest first, left it; what has lapsed since has ended.
    pub fn restore(setup: SessionSetup, past: &[PastScan], now: Reading, directory: &Directory) -> Self {
        let mut session = Self::new(setup, now);
        let opened = session.anchor.at(now);
        let mut before = None;
        for scan in past {
            let read_boot_us = now.boot_us.saturating_sub(opened.micros_since(scan.at));
            if before.is_some_and(|before| is_double(before, scan)) {
                session.last_scan = session.last_scan.max(Some(scan.at));
                if let Some(previous) = &mut session.previous {
                    previous.read_boot_us = read_boot_us;
                }
            } else {
                let was_run = session.was_run(scan);
                let sentence = session.replay(scan, read_boot_us, directory);
                if !was_run {
                    session.previous = previous(scan, read_boot_us, sentence);
                }
            }
            before = Some(scan);
        }
        session.stored = session.state;
        let room = Room { directory, at: session.anchor.at(now) };
        session.lapse(room);
        session
    }

    fn replay(&mut self, scan: &PastScan, read_boot_us: i64, directory: &Directory) -> Sentence {
        let room = Room { directory, at: scan.at };
        let was_run = self.was_run(scan);
        if let Some(last) = self.last_scan {
            self.locks.lapse(scan.at.micros_since(last));
            // A pause between two receipts began another batch.
            if scan.at.micros_since(last) > super::state::ACT_IDLE_US && self.state.mode.receives() {
                self.ledger.batch = None;
            }
        }
        let volumes = scan.volumes.clone();
        let text = self.text_of(scan);
        let sentence = say(&scan.answer, &Scene { volumes: &volumes, ..self.scene(room) });
        let line = Line {
            scan: scan.id,
            at: scan.at,
            signal: scan.answer.signal(),
            title: sentence.title.clone(),
            detail: sentence.detail.clone(),
            barcode: scan.volume.as_ref().map(|volume| volume.brief.barcode.to_string()),
            undone: scan.undone,
        };
        self.replay_batch(scan, &text);
        self.replay_act(scan);
        self.replay_label(scan);
        self.replay_list(scan);
        self.replay_aside(scan, &text, &sentence.title, room);
        self.replay_lock(scan, read_boot_us, room);
        self.asked = if scan.answer.reason == Reason::PatientVolumes { volumes.clone() } else { Vec::new() };
        self.rung = rung_by(&scan.answer);
        if scan.answer.reason == Reason::CombineScanOriginal {
            self.combining = scan.answer.volume;
        }
        let mode = self.state.mode;
        if let Some(state) = scan.change.as_deref().and_then(State::decode) {
            let files_on = matches!((mode, state.mode), (Mode::File(_), Mode::File(_)));
            let receives_on = mode.receives() && state.mode.receives();
            // A folder's own batch says itself whether it goes on.
            if state.mode != mode && !files_on && !receives_on && scan.batch.is_none() {
                self.ledger.batch = None;
            }
            self.state = state;
        }
        if begins_anew(scan.answer.reason) {
            self.ledger.batch = None;
        }
        let stopped = scan.answer.signal() == Signal::Stop && !was_run;
        if stopped && self.stop.as_ref().is_none_or(|stop| stop.answer != scan.answer) {
            let (sentence, line) = (sentence.clone(), line.clone());
            self.stop = Some(Stop { answer: scan.answer, text, mode, volumes, sentence, line });
        } else if !stopped && !stands(self.state.stopping) {
            self.stop = None;
        }
        self.state.stopping = if self.stop.is_some() { Stopping::Standing } else { Stopping::Free };
        if self.person != scan.person && scan.batch.is_none() {
            self.ledger.batch = None;
        }
        self.person = scan.person;
        self.last_scan = self.last_scan.max(Some(scan.at));
        if was_run && self.locks.offered().is_none() {
            self.ledger.batch = None;
        }
        if !scan.movements.is_empty() {
            let number = scan.volume.as_ref().map(|volume| volume.brief.number.to_string());
            self.last_recorded = Some((number.unwrap_or_else(|| line.title.clone()), scan.at));
        }
        self.ledger.line(line);
        sentence
    }

    /// What a scan was about: a way out of a stop goes on with what was stopped.
    fn text_of(&self, scan: &PastScan) -> String {
        let own = scan.volume.as_ref().map(|volume| volume.brief.barcode.to_string());
        match &self.stop {
            Some(stop) if scan.batch.is_some() => stop.text.clone(),
            Some(_) | None => key(&read(scan).cloned().or(own).unwrap_or_default()),
        }
    }

    fn replay_batch(&mut self, scan: &PastScan, text: &str) {
        let Some(id) = scan.batch else { return };
        let listed = matches!(scan.answer.reason, Reason::ListSent | Reason::ListSentSomeHeld);
        if listed {
            return;
        }
        if self.ledger.batch.as_ref().is_none_or(|open| open.id != id) {
            self.ledger.batch = Some(Batch::new(id));
        }
        let mode = self.stop.as_ref().map_or(self.state.mode, |stop| stop.mode);
        let target = super::folders::target_of(mode);
        let Some(batch) = &mut self.ledger.batch else { return };
        batch.position = scan.position;
        let moved = scan.answer.signal().is_accepted() && !scan.movements.is_empty() && !scan.undone;
        if !moved || matches!(scan.answer.reason, Reason::Emptied | Reason::Resent) {
            return;
        }
        let label = MemberLabel::Read;
        let Some(now) = scan.volume.as_ref() else {
            let container = scan.answer.place;
            batch.add(text.to_owned(), Member { scan: scan.id, target, volume: None, container, label });
            return;
        };
        if mode.receives() && !is_receiving(scan.answer.reason) {
            self.ledger.forget_in_batch(now.brief.id);
            self.ledger.moved_on(now.brief.id);
            return;
        }
        // A label that named several volumes is not the name of the one that was chosen.
        let chosen = self.stop.as_ref().is_some_and(|stop| stop.answer.reason == Reason::WhichVolume);
        let text = if chosen { now.brief.barcode.to_string() } else { text.to_owned() };
        let volume = Some(now.brief.id);
        batch.add(text.clone(), Member { scan: scan.id, target, volume, container: None, label });
        let still_here = now.present.state == At && now.present.place == Some(self.setup.desk_place);
        if is_receiving(scan.answer.reason) && still_here {
            self.ledger.received(id, now.brief.id, text);
        } else {
            self.ledger.moved_on(now.brief.id);
        }
    }

    fn replay_act(&mut self, scan: &PastScan) {
        let no_act = matches!(
            scan.answer.reason,
            Reason::UndoneHere
                | Reason::UndoneOnItsWay
                | Reason::UndoneFiled
                | Reason::UndonePacked
                | Reason::UndoneNothing
                | Reason::UndoneMovedOn
                | Reason::UndoneBatch
                | Reason::PackingInto
                | Reason::ContainerNotEmpty
        );
        if scan.movements.is_empty() || no_act {
            return;
        }
        if scan.undone {
            self.ledger.take_back(UndoTarget::Scan(scan.id));
        }
        self.ledger.act(Done {
            scan: scan.id,
            batch: scan.batch,
            person: scan.person,
            at: scan.at,
            did: did(scan.answer.reason),
            volume: scan.volume.as_ref().map(|volume| volume.brief.clone()),
            undone: scan.undone,
        });
    }

    /// The list of ALL, from what is still here of what was received.
    fn replay_list(&mut self, scan: &PastScan) {
        match (scan.answer.reason, scan.answer.volume) {
            (Reason::Listed, _) => {
                let received = self.ledger.received.as_ref();
                self.ledger.list = received.map(|(_, volumes)| volumes.clone()).unwrap_or_default();
            }
            (Reason::TakenOffList, Some(volume)) => self.ledger.list.retain(|listed| *listed != volume),
            _ => {}
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "all other answers leave the column as it is")]
    fn replay_aside(&mut self, scan: &PastScan, text: &str, title: &str, room: Room<'_>) {
        let stop = self.stop.clone();
        let repeated = stop.as_ref().filter(|stop| scan.batch.is_none() && stop.answer == scan.answer);
        if let Some(stop) = repeated {
            if stop.text != text && is_thing(scan, room) {
                self.put_aside(scan.id, None, text, KEPT, room);
            }
            return;
        }
        match scan.answer.reason {
            Reason::Ended | Reason::SweepEnded | Reason::SweepEndedRoom => self.ledger.aside.clear(),
            Reason::ReadIt => match stop {
                Some(stop) => self.ledger.bring_back(stop.answer.volume, Some(&stop.text)),
                None => _ = self.ledger.aside.pop_back(),
            },
            Reason::WrongCardScanCard if stop.is_some() => self.put_slipped_aside(scan.id, room),
            Reason::ListSentSomeHeld => {
                for held in &scan.volumes {
                    self.put_aside(scan.id, Some(held), "", HELD, room);
                }
            }
            _ if puts_folder_aside(&scan.answer) => {
                let what = beside(&scan.answer, title);
                let text = if scan.answer.reason == Reason::FromNowOn { "" } else { text };
                self.put_aside(scan.id, scan.volume.as_ref(), text, &what, room);
                self.put_other_aside(scan.id, &scan.answer, &scan.volumes, room);
            }
            Reason::Combined => self.bring_back_combined(&scan.answer, &scan.volumes, text),
            Reason::Resent | Reason::ListSent => {}
            _ if scan.batch.is_some() => self.ledger.bring_back(scan.answer.volume, Some(text)),
            _ => {}
        }
    }
}

/// What the next read is held against: it may be the same one, read twice with a restart in between.
fn previous(scan: &PastScan, read_boot_us: i64, sentence: Sentence) -> Option<Previous> {
    let text = read(scan).filter(|_| !is_no_text(&scan.answer))?.clone();
    let (entry, movements) = (scan.entry, scan.movements.clone());
    Some(Previous { text, entry, read_boot_us, answer: scan.answer, sentence, movements })
}

pub(super) fn read(scan: &PastScan) -> Option<&String> {
    scan.text.as_ref().or(scan.aside.as_ref())
}

/// Whether a scan read the one before once more: it changed nothing.
fn is_double(before: &PastScan, scan: &PastScan) -> bool {
    let same_read = read(scan).is_some() && read(scan) == read(before) && scan.entry == before.entry;
    let same = same_read && scan.answer == before.answer;
    let soon = (0..=DOUBLE_READ_US).contains(&scan.at.micros_since(before.at));
    same && soon && scan.batch.is_none() && scan.movements.is_empty() && !is_no_text(&scan.answer)
}

/// Whether a scan that heard a stop again was a folder or a container, which is kept. A folder's label, looked up by
/// nobody, stands beside the log; a card's does not.
fn is_thing(scan: &PastScan, room: Room<'_>) -> bool {
    let container = |text: &String| {
        let code = barcode::read(text, None, Entry::Scanned, &[], room.directory);
        matches!(code, Code::Container(_))
    };
    scan.aside.is_some() || scan.text.as_ref().is_some_and(container)
}

/// Whether a card so answered closed the batch, even if the same act is open again.
fn begins_anew(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::Receiving
            | Reason::SendingTo
            | Reason::FromNowOn
            | Reason::Filing
            | Reason::PackScanContainer
            | Reason::Ended
            | Reason::NothingOpen
            | Reason::SweepScanPlace
            | Reason::SweepGoesOn
            | Reason::SweepEnded
            | Reason::SweepEndedRoom
            | Reason::SignedOn
            | Reason::UndoneBatch
            | Reason::KeptBegun
    )
}
