//! What time alone does: acts end, cards lapse, the screen is blanked; and what is told though nobody scanned.

use uuid::Uuid;

use super::state::ACT_IDLE_US;
use super::view::BLANK_AFTER_US;
use super::{Effect, Room, Session, Signalled, Sound};
use crate::desk::signal::{Sentence, say};
use crate::desk::{Line, Said};
use crate::domain::ScanId;
use crate::domain::answer::Answer;
use crate::domain::directory::Directory;
use crate::domain::movement::MovementId;

impl Session {
    /// Ends what has waited too long, and blanks what has been shown long enough.
    pub(super) fn lapse(&mut self, room: Room<'_>) -> Vec<Effect> {
        if self.flight.is_some() {
            return Vec::new();
        }
        let mut effects = Vec::new();
        if self.last.take_if(|line| room.at.micros_since(line.at) > BLANK_AFTER_US).is_some() {
            effects.push(Effect::PageChanged);
        }
        effects.extend(self.proofs_lapse(room));
        let Some(last) = self.last_scan else { return effects };
        let idle_us = room.at.micros_since(last);
        let (mut state, heard) = self.state.lapsed(idle_us);
        if self.person.is_some() && idle_us > self.setup.sign_on_idle_us {
            self.person = None;
            state.mode = state.mode.ended();
            self.ledger.batch = None;
            effects.push(Effect::PageChanged);
        }
        if idle_us > ACT_IDLE_US && state.mode.receives() {
            self.ledger.batch = None;
        }
        if state != self.state {
            if state.mode != self.state.mode {
                self.ledger.batch = None;
            }
            self.state = state;
            effects.push(Effect::PageChanged);
        }
        for answer in heard.into_iter().chain(self.locks.lapse(idle_us)) {
            let sentence = say(&answer, &self.scene(room));
            effects.push(self.notice(answer, sentence, room));
        }
        effects
    }

    /// Tells something that nobody scanned for.
    pub(super) fn notice(&mut self, answer: Answer, sentence: Sentence, room: Room<'_>) -> Effect {
        self.notices = self.notices.wrapping_add(1);
        let id =
            ScanId::new(Uuid::from_u128(self.setup.run.incarnation.as_u128().wrapping_add(self.notices)));
        self.last = Some(Line {
            scan: id,
            at: room.at,
            signal: answer.signal(),
            title: sentence.title.clone(),
            detail: sentence.detail.clone(),
            barcode: None,
            undone: false,
        });
        let said = self.said(&answer, sentence, &[], room.directory);
        Effect::Signal(Box::new(Signalled {
            scan: None,
            scanner: self.last_scanner.clone(),
            answer,
            said,
            sound: Sound::Heard,
        }))
    }

    pub(super) fn said(
        &self,
        answer: &Answer,
        sentence: Sentence,
        movements: &[MovementId],
        directory: &Directory,
    ) -> Said {
        Said {
            signal: answer.signal(),
            title: sentence.title,
            detail: sentence.detail,
            movements: movements.iter().map(ToString::to_string).collect(),
            session: self.next_folder(directory),
        }
    }
}
