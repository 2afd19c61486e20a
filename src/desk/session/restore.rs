//! A session after a restart, from its last recorded scans.

use super::folders::key;
use super::ledger::{Act as Done, AsideEntry, Batch, Member, last_four, puts_folder_aside};
use super::outcome::{is_receiving, is_sending};
use super::state::{Mode, State, Stopping};
use super::{Room, Session, SessionSetup, Stop, stands};
use crate::clock::Reading;
use crate::desk::signal::{Scene, say};
use crate::desk::{Aside, Line, PastScan};
use crate::domain::answer::Signal;
use crate::domain::command::VolumeNow;
use crate::domain::directory::Directory;
use crate::domain::movement::UndoTarget;
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::State::At;

impl Session {
    /// The session as its recorded scans, oldest first, left it; what has lapsed since has ended.
    pub fn restore(setup: SessionSetup, past: &[PastScan], now: Reading, directory: &Directory) -> Self {
        let mut session = Self::new(setup, now);
        for scan in past {
            session.replay(scan, directory);
        }
        session.stored = session.state;
        let room = Room { directory, at: session.anchor.at(now) };
        session.lapse(room);
        session
    }

    fn replay(&mut self, scan: &PastScan, directory: &Directory) {
        let room = Room { directory, at: scan.at };
        if let Some(last) = self.last_scan {
            // A pause between two receipts began another batch.
            if scan.at.micros_since(last) > super::state::ACT_IDLE_US && self.state.mode.receives() {
                self.ledger.batch = None;
            }
        }
        let volumes: Vec<VolumeNow> = scan.volume.iter().cloned().collect();
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
        self.replay_batch(scan);
        self.replay_act(scan);
        self.replay_list(scan);
        self.replay_aside(scan, &sentence.title);
        let mode = self.state.mode;
        if let Some(state) = scan.change.as_deref().and_then(State::decode) {
            let files_on = matches!((mode, state.mode), (Mode::File(_), Mode::File(_)));
            if state.mode != mode && !files_on {
                self.ledger.batch = None;
            }
            self.state = state;
        }
        if begins_anew(scan.answer.reason) {
            self.ledger.batch = None;
        }
        let stopped = scan.answer.signal() == Signal::Stop;
        if stopped && self.stop.as_ref().is_none_or(|stop| stop.answer != scan.answer) {
            let text =
                scan.text.clone().or(scan.volume.as_ref().map(|volume| volume.brief.barcode.to_string()));
            let text = key(&text.unwrap_or_default());
            self.stop = Some(Stop { answer: scan.answer, text, mode, volumes, sentence, line: line.clone() });
        } else if !stopped && !stands(self.state.stopping) {
            self.stop = None;
        }
        self.state.stopping = if self.stop.is_some() { Stopping::Standing } else { Stopping::Free };
        if self.person != scan.person {
            self.ledger.batch = None;
        }
        self.person = scan.person;
        self.last_scan = Some(scan.at);
        if !scan.movements.is_empty() {
            let number = scan.volume.as_ref().map(|volume| volume.brief.number.to_string());
            self.last_recorded = Some((number.unwrap_or_else(|| line.title.clone()), scan.at));
        }
        self.ledger.line(line);
    }

    fn replay_batch(&mut self, scan: &PastScan) {
        let Some(id) = scan.batch else { return };
        let listed = matches!(scan.answer.reason, Reason::ListSent | Reason::ListSentSomeHeld);
        if listed {
            return;
        }
        if self.ledger.batch.as_ref().is_none_or(|open| open.id != id) {
            self.ledger.batch = Some(Batch::new(id));
        }
        let target = super::folders::target_of(self.state.mode);
        let Some(batch) = &mut self.ledger.batch else { return };
        batch.position = scan.position;
        let moved = scan.answer.signal().is_accepted() && !scan.movements.is_empty() && !scan.undone;
        if !moved || matches!(scan.answer.reason, Reason::Emptied | Reason::Resent) {
            return;
        }
        let Some(now) = scan.volume.as_ref() else {
            let text = key(scan.text.as_deref().unwrap_or_default());
            let container = scan.answer.place;
            batch.add(text, Member { scan: scan.id, target, volume: None, container });
            return;
        };
        if self.state.mode.receives() && !is_receiving(scan.answer.reason) {
            self.ledger.forget_in_batch(now.brief.id);
            self.ledger.moved_on(now.brief.id);
            return;
        }
        let text = key(scan.text.as_deref().unwrap_or(now.brief.barcode.as_str()));
        let volume = Some(now.brief.id);
        batch.add(text.clone(), Member { scan: scan.id, target, volume, container: None });
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
            sends: is_sending(scan.answer.reason),
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
    fn replay_aside(&mut self, scan: &PastScan, title: &str) {
        let volume = scan.volume.as_ref();
        let text = scan.text.as_deref().map(key);
        match scan.answer.reason {
            Reason::Ended => self.ledger.aside.clear(),
            Reason::ReadIt if scan.answer.volume.is_some() => {
                self.ledger.bring_back(scan.answer.volume, None);
            }
            Reason::ReadIt => {
                self.ledger.aside.pop_back();
            }
            _ if puts_folder_aside(&scan.answer) => {
                let entry = AsideEntry {
                    volume: scan.answer.volume,
                    shown: Aside {
                        scan: scan.id,
                        last_four: last_four(volume.map(|now| &now.brief), text.as_deref().unwrap_or("")),
                        what: format!("{title}. {}", scan.answer.reason.next_step()),
                        at: scan.at,
                        barcode: volume.map(|now| now.brief.barcode.to_string()),
                    },
                    text,
                };
                self.ledger.put_aside(entry);
            }
            _ if scan.batch.is_some() => {
                self.ledger.bring_back(scan.answer.volume, text.as_deref());
            }
            _ => {}
        }
    }
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
            | Reason::Listed
            | Reason::Ended
            | Reason::NothingOpen
            | Reason::SignedOn
            | Reason::UndoneBatch
    )
}
