//! What a recorded scan changes in the session, and what the clerk is told of it.

use super::folders::{key, target_of};
use super::labels::Offer;
use super::ledger::{
    Act as Done, AsideEntry, Batch, Did, Member, MemberLabel, last_four, puts_folder_aside, spoken_of,
};
use super::state::Stopping;
use super::{Doing, Effect, Flight, Previous, Room, Session, Signalled, Sound, Stop, Waiting, stands};
use crate::desk::signal::{Scene, Sentence, beside, folder_name, say};
use crate::desk::{Aside, Line};
use crate::domain::answer::{Answer, Signal};
use crate::domain::command::{Moment, NotRecorded, Novelty, Outcome, VolumeNow};
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::Present;
use crate::domain::{BatchId, PlaceId, ScanId};

/// Folders that WRONG-CARD at a *card first* stop asks about: those of the cards that were counted.
const SLIPPED: usize = 3;

/// What to do with a folder that came while a stop stood.
pub(super) const KEPT: &str = "Not recorded while a stop stood: scan it again.";
/// What to do with a folder on hold that was on a list.
pub(super) const HELD: &str = "On hold: not sent. Ask the library.";

/// Where a folder was taken by its act; received ones go nowhere further.
struct Moved(Option<PlaceId>);

impl Session {
    pub(super) fn came(&mut self, outcome: &Outcome, room: Room<'_>) -> Vec<Effect> {
        let Some(flight) = self.flight.take() else { return Vec::new() };
        let offer = self.offer(&flight, outcome);
        let sentence = self.sentence(&flight, outcome, offer.as_ref(), room);
        // What is recorded of the refused scans is told once, after the last of them.
        let silent = matches!(flight.plan.doing, Doing::Double | Doing::RunsOffer);
        let sound = if silent { Sound::Silent } else { flight.sound };
        let movements = match (&flight.plan.doing, &self.previous) {
            (Doing::Double, Some(previous)) => previous.movements.clone(),
            _ => outcome.movements.clone(),
        };
        if outcome.novelty == Novelty::New {
            self.apply(&flight, outcome, &sentence, room);
            self.remember_label(&flight, outcome, offer);
        }
        if flight.moment == Moment::Past {
            self.ran(&flight, outcome);
            return vec![Effect::PageChanged];
        }
        let said = self.said(&outcome.answer, sentence, &movements, room.directory);
        let signalled = Signalled {
            scan: Some(flight.scan),
            scanner: flight.scanner,
            answer: outcome.answer,
            said,
            sound,
        };
        vec![Effect::Signal(Box::new(signalled)), Effect::PageChanged]
    }

    pub(super) fn came_to_nothing(&mut self, why: NotRecorded) -> Vec<Effect> {
        let Some(flight) = self.flight.take() else { return Vec::new() };
        self.previous = None;
        self.run_broke_off();
        vec![Effect::NotRecorded { scan: flight.scan, scanner: flight.scanner, why }, Effect::PageChanged]
    }

    fn sentence(
        &self,
        flight: &Flight,
        outcome: &Outcome,
        offer: Option<&Offer>,
        room: Room<'_>,
    ) -> Sentence {
        let repeats = matches!(flight.plan.doing, Doing::Waits | Doing::Card);
        match (&flight.plan.doing, &self.previous, &self.stop) {
            (Doing::Double, Some(previous), _) => previous.sentence.clone(),
            (Doing::Proves(proved), ..) => proved.sentence(),
            (_, _, Some(stop)) if repeats && outcome.answer == stop.answer => {
                let detail = format!("{} waits. {}", stop_name(stop), stop.sentence.detail);
                Sentence { title: stop.sentence.title.clone(), detail }
            }
            _ => {
                let patient = outcome.patient.as_ref();
                let said = say(&outcome.answer, &Scene { patient, ..self.scene_of(outcome, room) });
                match offer {
                    Some(offer) => said.and(offer.words),
                    None => said,
                }
            }
        }
    }

    pub(super) fn scene_of<'a>(&'a self, outcome: &'a Outcome, room: Room<'a>) -> Scene<'a> {
        Scene { volumes: &outcome.volumes, siblings: &outcome.siblings, ..self.scene(room) }
    }

    fn apply(&mut self, flight: &Flight, outcome: &Outcome, sentence: &Sentence, room: Room<'_>) {
        let answer = outcome.answer;
        let accepted = answer.signal().is_accepted();
        // A way out of a stop goes on with the text that was stopped.
        let text = match (&self.stop, &flight.plan.doing) {
            (Some(stop), Doing::Folder(_) | Doing::Consents) => key(&stop.text),
            _ => key(&flight.text),
        };
        let line = Line {
            scan: flight.scan,
            at: room.at,
            signal: answer.signal(),
            title: sentence.title.clone(),
            detail: sentence.detail.clone(),
            barcode: spoken_of(&answer, &outcome.volumes).map(|volume| volume.brief.barcode.to_string()),
            undone: false,
        };
        self.last_scan = self.last_scan.max(Some(flight.at));
        self.person = flight.plan.person.or(self.person);
        self.remember_batch(flight, outcome, &text);
        self.remember_act(flight, outcome);
        self.remember_doing(&flight.plan.doing, outcome);
        self.remember_search(&flight.plan.doing, &answer);
        self.remember_aside(flight, outcome, &text, room);
        self.remember_proof(flight);
        self.remember_lock(flight, &text, room);
        self.remember_stop(flight, outcome, &text, sentence, &line);
        self.state = if accepted { flight.plan.accepted } else { flight.plan.refused };
        let standing = self.stop.is_some();
        self.state.stopping = if standing { Stopping::Standing } else { Stopping::Free };
        self.stored = self.state;
        self.remember_waiting(flight, outcome);
        self.remember_previous(flight, outcome, sentence);
        if !outcome.movements.is_empty() {
            let volume = spoken_of(&answer, &outcome.volumes);
            let name = volume.map_or_else(|| line.title.clone(), |volume| volume.brief.number.to_string());
            self.last_recorded = Some((name, flight.at));
        }
        if flight.plan.doing != Doing::Double {
            self.ledger.line(self.without_name(&line, outcome, room));
            // What a locked scanner was refused is said by the lock itself, which stands.
            if answer.reason != Reason::DeskLocked {
                self.last = Some(line);
            }
        }
    }

    fn remember_batch(&mut self, flight: &Flight, outcome: &Outcome, text: &str) {
        let accepted = outcome.answer.signal().is_accepted();
        if accepted && matches!(flight.plan.doing, Doing::Opens | Doing::Ends | Doing::Resends(_)) {
            self.ledger.batch = None;
        }
        // ALL ends what was open, and goes on with what is received.
        let gathers = matches!(flight.plan.doing, Doing::Gathers(_));
        if accepted && gathers && !self.state.mode.receives() {
            self.ledger.batch = None;
        }
        // What is taken back of a batch covers what is learnt of it later: the next scan begins another.
        if outcome.answer.reason == Reason::UndoneBatch && matches!(flight.plan.doing, Doing::TakesBack(_)) {
            self.ledger.batch = None;
        }
        let within = matches!(
            flight.plan.doing,
            Doing::Folder(_) | Doing::Shelf(_) | Doing::Consents | Doing::Again(_) | Doing::Resends(_)
        );
        let Some(id) = flight.batch.filter(|_| within) else { return };
        if self.ledger.batch.as_ref().is_none_or(|open| open.id != id) {
            self.ledger.batch = Some(Batch::new(id));
        }
        if let Some(batch) = &mut self.ledger.batch {
            batch.position = flight.position;
        }
        let moved = accepted && !outcome.movements.is_empty() && outcome.answer.reason != Reason::Emptied;
        if moved && let Some(mode_target) = self.target_when_moved(&flight.plan.doing) {
            let Moved(target) = mode_target;
            // A label that named several volumes is not the name of the one that was chosen.
            let chosen = self.stop.as_ref().filter(|stop| stop.answer.reason == Reason::WhichVolume);
            let spoken = spoken_of(&outcome.answer, &outcome.volumes).filter(|_| chosen.is_some());
            let text = spoken.map_or(text, |volume| volume.brief.barcode.as_str());
            self.remember_member(id, outcome, text, target, flight);
        }
    }

    /// Where a folder that counts in the batch was taken; `None`: the scan counts no folder in.
    fn target_when_moved(&self, doing: &Doing) -> Option<Moved> {
        match (doing, &self.stop) {
            (Doing::Folder(target), _) => Some(Moved(*target)),
            (Doing::Consents, Some(stop)) => Some(Moved(target_of(stop.mode))),
            _ => None,
        }
    }

    fn remember_member(
        &mut self,
        batch: BatchId,
        outcome: &Outcome,
        text: &str,
        target: Option<PlaceId>,
        flight: &Flight,
    ) {
        let volume = outcome.answer.volume;
        let container = if volume.is_none() { outcome.answer.place } else { None };
        let label = MemberLabel::Read;
        let member = Member { scan: flight.scan, target, volume, container, label };
        if let Some(open) = &mut self.ledger.batch {
            open.add(text.to_owned(), member);
        }
        match volume {
            Some(volume) if is_receiving(outcome.answer.reason) => {
                self.ledger.received(batch, volume, text.to_owned());
            }
            Some(volume) => self.ledger.moved_on(volume),
            None => {}
        }
    }

    fn remember_act(&mut self, flight: &Flight, outcome: &Outcome) {
        let doing = &flight.plan.doing;
        let moves = matches!(
            doing,
            Doing::Folder(_)
                | Doing::Shelf(_)
                | Doing::Consents
                | Doing::SendsList
                | Doing::Resends(_)
                | Doing::Combines
        );
        if let (true, Doing::TakesBack(target) | Doing::Resends(target)) =
            (!outcome.movements.is_empty(), doing)
        {
            self.ledger.take_back(*target);
        }
        if moves && !outcome.movements.is_empty() {
            self.ledger.act(Done {
                scan: flight.scan,
                batch: flight.batch,
                person: self.person,
                at: flight.at,
                did: did(outcome.answer.reason),
                volume: spoken_of(&outcome.answer, &outcome.volumes).map(|volume| volume.brief.clone()),
                undone: false,
            });
        }
    }

    fn remember_doing(&mut self, doing: &Doing, outcome: &Outcome) {
        let accepted = outcome.answer.signal().is_accepted();
        match doing {
            Doing::Shelf(volume) if accepted => {
                self.ledger.forget_in_batch(*volume);
                self.ledger.moved_on(*volume);
            }
            Doing::TakesOff(volume) if accepted => self.ledger.list.retain(|listed| listed != volume),
            Doing::Gathers(volumes) if accepted => self.ledger.list.clone_from(volumes),
            Doing::SendsList => {
                let named: Vec<_> = outcome.volumes.iter().map(|volume| volume.brief.id).collect();
                if accepted {
                    let sent: Vec<_> =
                        self.ledger.list.drain(..).filter(|volume| !named.contains(volume)).collect();
                    for volume in sent {
                        self.ledger.moved_on(volume);
                    }
                } else {
                    self.ledger.list = named;
                }
            }
            Doing::Asks => {
                let asked = outcome.answer.reason == Reason::PatientVolumes;
                self.asked = if asked { outcome.volumes.clone() } else { Vec::new() };
            }
            Doing::Double | Doing::Unusable | Doing::Locked | Doing::LockedCard => {}
            Doing::Card
            | Doing::Pairs
            | Doing::RunsOffer
            | Doing::LeavesOffer
            | Doing::Opens
            | Doing::Folder(_)
            | Doing::Waits
            | Doing::Again(_)
            | Doing::Prints
            | Doing::Misses
            | Doing::TellsWhere
            | Doing::Combines
            | Doing::Shelf(_)
            | Doing::TakesOff(_)
            | Doing::Gathers(_)
            | Doing::TakesBack(_)
            | Doing::Resends(_)
            | Doing::Consents
            | Doing::LeavesStop
            | Doing::Reads(_)
            | Doing::Ends
            | Doing::Proves(_) => self.asked = Vec::new(),
        }
    }

    fn remember_aside(&mut self, flight: &Flight, outcome: &Outcome, text: &str, room: Room<'_>) {
        let answer = outcome.answer;
        match &flight.plan.doing {
            Doing::Double
            | Doing::Card
            | Doing::TellsWhere
            | Doing::Locked
            | Doing::LockedCard
            | Doing::Pairs
            | Doing::RunsOffer
            | Doing::LeavesOffer => return,
            Doing::Waits => {
                if self.stop.as_ref().is_none_or(|stop| key(&stop.text) != text) {
                    self.put_aside(flight.scan, None, text, KEPT, room);
                }
                return;
            }
            Doing::Ends => self.ledger.aside.clear(),
            Doing::Reads(scan) => _ = self.ledger.aside.pop_back_if(|entry| entry.shown.scan == *scan),
            Doing::LeavesStop => self.leave_stop(flight, outcome, room),
            Doing::Folder(_) | Doing::Consents | Doing::Shelf(_) => {
                self.ledger.bring_back(answer.volume, Some(text));
            }
            Doing::Again(volume) => self.ledger.bring_back(*volume, Some(text)),
            Doing::Combines => self.bring_back_combined(&answer, &outcome.volumes, text),
            Doing::Opens
            | Doing::Unusable
            | Doing::Asks
            | Doing::Prints
            | Doing::Misses
            | Doing::TakesOff(_)
            | Doing::Gathers(_)
            | Doing::SendsList
            | Doing::TakesBack(_)
            | Doing::Resends(_)
            | Doing::Proves(_) => {}
        }
        if answer.reason == Reason::ListSentSomeHeld {
            for held in &outcome.volumes {
                self.put_aside(flight.scan, Some(held), "", HELD, room);
            }
        } else if puts_folder_aside(&answer) && flight.plan.doing != Doing::LeavesStop {
            let spoken = spoken_of(&answer, &outcome.volumes);
            let scene = Scene { volumes: &outcome.volumes, ..self.scene(room) };
            let what = beside(&answer, &say(&answer, &scene).title);
            let text = if answer.reason == Reason::FromNowOn { "" } else { text };
            self.put_aside(flight.scan, spoken, text, &what, room);
            self.put_other_aside(flight.scan, &answer, &outcome.volumes, room);
        }
    }

    /// OK to a stop takes its folder off the column; END leaves it there. WRONG-CARD asks about the last three.
    fn leave_stop(&mut self, flight: &Flight, outcome: &Outcome, room: Room<'_>) {
        let Some(stop) = self.stop.clone() else { return };
        #[expect(clippy::wildcard_enum_match_arm, reason = "END leaves the column as it is")]
        match outcome.answer.reason {
            Reason::ReadIt => self.ledger.bring_back(stop.answer.volume, Some(&key(&stop.text))),
            Reason::WrongCardScanCard => self.put_slipped_aside(flight.scan, room),
            _ => {}
        }
    }

    /// The folders of the cards that were counted.
    pub(super) fn put_slipped_aside(&mut self, scan: ScanId, room: Room<'_>) {
        let sent = self.ledger.acts.iter().rev().filter(|act| act.did == Did::Sent && !act.undone);
        let slipped: Vec<_> = sent.take(SLIPPED).cloned().collect();
        for act in slipped {
            let now = act.volume.map(|brief| VolumeNow { brief, present: Present::default() });
            let what = "Perhaps sent to the wrong place: scan its card, then the folder.";
            self.put_aside(scan, now.as_ref(), "", what, room);
        }
    }

    pub(super) fn put_aside(
        &mut self,
        scan: ScanId,
        volume: Option<&VolumeNow>,
        text: &str,
        what: &str,
        room: Room<'_>,
    ) {
        let brief = volume.map(|volume| &volume.brief);
        self.ledger.put_aside(AsideEntry {
            text: Some(text.to_owned()).filter(|text| !text.is_empty()),
            volume: brief.map(|brief| brief.id),
            shown: Aside {
                scan,
                last_four: last_four(brief, text),
                what: what.to_owned(),
                at: room.at,
                barcode: brief.map(|brief| brief.barcode.to_string()),
            },
        });
    }

    fn remember_stop(
        &mut self,
        flight: &Flight,
        outcome: &Outcome,
        text: &str,
        sentence: &Sentence,
        line: &Line,
    ) {
        let after =
            if outcome.answer.signal().is_accepted() { flight.plan.accepted } else { flight.plan.refused };
        let repeats = matches!(flight.plan.doing, Doing::Double | Doing::Waits | Doing::Card);
        // What has happened stops nobody: it lies aside.
        if flight.moment == Moment::Past {
            return;
        }
        if outcome.answer.signal() != Signal::Stop {
            if !stands(after.stopping) {
                self.stop = None;
            }
        } else if self.stop.is_none() || !repeats {
            let mode = self.stop.as_ref().map_or(self.state.mode, |stop| stop.mode);
            self.stop = Some(Stop {
                answer: outcome.answer,
                text: text.to_owned(),
                mode,
                volumes: outcome.volumes.clone(),
                sentence: sentence.clone(),
                line: line.clone(),
            });
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "after any other scan no folder waits")]
    fn remember_waiting(&mut self, flight: &Flight, outcome: &Outcome) {
        let mode = flight.plan.accepted.mode;
        match &flight.plan.doing {
            Doing::Double | Doing::Unusable => {}
            Doing::Again(volume) => {
                let same = |waiting: &Waiting| Some(waiting.volume.id) == *volume;
                self.waiting = self.waiting.take().filter(same);
            }
            Doing::Folder(_) if is_receiving(outcome.answer.reason) && mode.receives() => {
                let volume = spoken_of(&outcome.answer, &outcome.volumes);
                self.waiting =
                    volume.map(|volume| Waiting { volume: volume.brief.clone(), at: flight.at, mode });
            }
            _ => self.waiting = None,
        }
    }

    fn remember_previous(&mut self, flight: &Flight, outcome: &Outcome, sentence: &Sentence) {
        if flight.plan.doing == Doing::Double {
            if let Some(previous) = &mut self.previous {
                previous.read_boot_us = flight.read.boot_us;
            }
            return;
        }
        if flight.moment == Moment::Past {
            return;
        }
        self.previous = (!is_no_text(&outcome.answer)).then(|| Previous {
            text: flight.text.clone(),
            entry: flight.entry,
            read_boot_us: flight.read.boot_us,
            answer: outcome.answer,
            sentence: sentence.clone(),
            movements: outcome.movements.clone(),
        });
    }
}

fn stop_name(stop: &Stop) -> String {
    spoken_of(&stop.answer, &stop.volumes)
        .map_or_else(|| "It".to_owned(), |volume| folder_name(&volume.brief))
}

/// Whether a folder so answered was received here and may go on.
pub(super) fn is_receiving(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::ReceivedHere
            | Reason::ReceivedOnHold
            | Reason::ReceivedFor
            | Reason::ReceivedTakenOut
            | Reason::WantedHere
    )
}

/// Whether a scan so answered sent something on.
fn is_sending(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::SentTo
            | Reason::LeftAt
            | Reason::ContainerSent
            | Reason::ListSent
            | Reason::ListSentSomeHeld
            | Reason::Resent
    )
}

/// What a scan so answered did.
pub(super) fn did(reason: Reason) -> Did {
    if is_receiving(reason) {
        Did::Received
    } else if is_sending(reason) {
        Did::Sent
    } else {
        Did::Other
    }
}

/// Whether nothing was read, so that the next like it is not the same text again.
pub(super) fn is_no_text(answer: &Answer) -> bool {
    matches!(
        answer.reason,
        Reason::Unreadable
            | Reason::HalfRead
            | Reason::TooLong
            | Reason::JoinedReads
            | Reason::ProgrammingCode
            | Reason::ForeignKeyboard
    )
}
