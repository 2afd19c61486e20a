//! LABEL: a folder's label printed again; and a folder whose label did not do is offered a new one.

use super::ledger::spoken_of;
use super::{Doing, Flight, Plan, Room, Session};
use crate::desk::signal::say;
use crate::desk::{Line, PastScan};
use crate::domain::VolumeId;
use crate::domain::answer::{Answer, Cover, Signal};
use crate::domain::barcode::{Entry, FolderCode};
use crate::domain::casenote::VolumeBrief;
use crate::domain::command::{Act, Outcome, Sought, Thing, VolumeNow};
use crate::domain::refusal::Reason;

/// So many reads in a row that were none, and then a number is typed: the label cannot be read.
const BAD_READS: u32 = 2;

/// A new label offered for a folder.
pub(super) struct Offer {
    volume: VolumeId,
    /// What is told.
    pub words: &'static str,
}

const OLD_LABEL: &str = "Old label: scan LABEL, then the folder, for a new one.";
const POOR_LABEL: &str = "Poor label: scan LABEL, then type its number, for a new one.";

impl Session {
    /// The folder's label is printed again; nothing moves.
    pub(super) fn prints(&self, sought: Sought) -> Plan {
        let act = Act::Print { sought, printer: self.setup.label_printer.clone() };
        Plan::act(act, self.state.disarmed().free(), Doing::Prints)
    }

    /// The new label that is offered with this answer: once for each folder, and never beside something to be done.
    pub(super) fn offer(&self, flight: &Flight, outcome: &Outcome) -> Option<Offer> {
        let answer = &outcome.answer;
        let calm = match answer.signal() {
            Signal::Arrived | Signal::Sent | Signal::Filed | Signal::Packed | Signal::Told => true,
            Signal::Look | Signal::Refused | Signal::Stop | Signal::Kept => false,
        };
        let brief = &spoken_of(answer, &outcome.volumes).or_else(|| only(&outcome.volumes))?.brief;
        let words = self.label_fault(flight, brief)?;
        let new = !self.ledger.offered.contains(&brief.id);
        (calm && new).then_some(Offer { volume: brief.id, words })
    }

    /// What is wrong with the label by which a folder was found.
    #[expect(clippy::wildcard_enum_match_arm, reason = "nothing else was done with a folder's label")]
    fn label_fault(&self, flight: &Flight, brief: &VolumeBrief) -> Option<&'static str> {
        let typed = flight.entry == Entry::Typed;
        match &flight.plan.doing {
            Doing::Asks if typed && self.bad_reads >= BAD_READS => Some(POOR_LABEL),
            Doing::Folder(_) => match flight.plan.act.in_hand()? {
                Thing::Label(FolderCode { label, .. }) if !brief.is_on(label) => Some(OLD_LABEL),
                Thing::Label(_) if typed => Some(POOR_LABEL),
                Thing::Volume(_) if self.asks_which() => Some(OLD_LABEL),
                Thing::Label(_) | Thing::Volume(_) | Thing::Container(_) => None,
            },
            _ => None,
        }
    }

    /// What a recorded scan changes in what is known of labels.
    pub(super) fn remember_label(&mut self, flight: &Flight, outcome: &Outcome, offer: Option<Offer>) {
        let bad = outcome.answer.reason.is_bad_read();
        self.bad_reads = if bad { self.bad_reads.saturating_add(1) } else { 0 };
        if let Some(offer) = offer {
            self.ledger.offer(offer.volume);
        }
        if flight.plan.doing == Doing::Prints {
            self.relabelled(&outcome.answer);
        }
    }

    /// The same after a restart.
    pub(super) fn replay_label(&mut self, scan: &PastScan) {
        self.relabelled(&scan.answer);
    }

    fn relabelled(&mut self, answer: &Answer) {
        let printed = matches!(answer.reason, Reason::LabelPrinting | Reason::LabelQueued);
        let Some(volume) = answer.volume.filter(|_| printed) else { return };
        self.ledger.offer(volume);
        if let Some(batch) = &mut self.ledger.batch {
            batch.relabel(volume);
        }
    }

    /// A line as the running list keeps it, where it stays for long: without the patient's name.
    pub(super) fn without_name(&self, line: &Line, outcome: &Outcome, room: Room<'_>) -> Line {
        match outcome.answer.cover {
            Cover::Unasked => line.clone(),
            Cover::Compared => {
                let said = say(&outcome.answer, &self.scene_of(outcome, room));
                Line { title: said.title, detail: said.detail, ..line.clone() }
            }
        }
    }
}

/// The one volume of several spoken of, if there is but one.
fn only(volumes: &[VolumeNow]) -> Option<&VolumeNow> {
    match volumes {
        [only] => Some(only),
        _ => None,
    }
}
