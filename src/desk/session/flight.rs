//! A scan on its way to the disk: its batch, and the command that the writer is given.

use super::{Doing, Flight, Plan, Session, Sound, State};
use crate::clock::{Reading, Timestamp};
use crate::desk::Posted;
use crate::domain::BatchId;
use crate::domain::barcode::Code;
use crate::domain::command::{Clocks, Command, Moment, Naming, Scan, SessionAfter};

impl Session {
    /// The scan on its way, with its place in a batch.
    pub(super) fn flight_of(
        &self,
        posted: &Posted,
        scanner: String,
        text: String,
        at: Timestamp,
        now: Reading,
        plan: Plan,
    ) -> Flight {
        let own = BatchId::new(posted.id.uuid());
        let open = self.ledger.batch.as_ref();
        let (batch, position) = match plan.doing {
            Doing::Folder(_) | Doing::Shelf(_) | Doing::Consents | Doing::Again(_) => match open {
                Some(open) => (Some(open.id), open.position.saturating_add(1)),
                None => (Some(own), 1),
            },
            Doing::SendsList | Doing::Resends(_) => (Some(own), 1),
            Doing::Card
            | Doing::Opens
            | Doing::Double
            | Doing::Unusable
            | Doing::Waits
            | Doing::Asks
            | Doing::Prints
            | Doing::Misses
            | Doing::TellsWhere
            | Doing::Combines
            | Doing::TakesOff(_)
            | Doing::Gathers(_)
            | Doing::TakesBack(_)
            | Doing::LeavesStop
            | Doing::Reads(_)
            | Doing::Ends
            | Doing::Locked
            | Doing::LockedCard
            | Doing::Pairs
            | Doing::RunsOffer
            | Doing::LeavesOffer
            | Doing::Proves(_) => (None, 0),
        };
        let (scan, aim, entry) = (posted.id, posted.aim.clone(), posted.entry);
        let (read, moment, sound) = (now, Moment::Now, Sound::Heard);
        Flight { scan, scanner, text, aim, entry, at, read, batch, position, plan, moment, sound }
    }

    /// What is asked of the writer.
    pub(super) fn command(&mut self, flight: &Flight, posted: Posted, code: &Code, now: Reading) -> Command {
        self.scans = self.scans.saturating_add(1);
        let naming = match code {
            _ if matches!(flight.plan.doing, Doing::Proves(_)) => Naming::Ours,
            Code::Card(_) | Code::Place(_) | Code::Staff(_) | Code::Container(_) => Naming::Ours,
            // Nobody looks it up while a stop stands, or for a locked scanner: it may name anything.
            Code::Folder(_) if matches!(flight.plan.doing, Doing::Waits | Doing::Locked) => Naming::Aside,
            Code::Folder(_) => Naming::Label,
            Code::Patient(_) | Code::Unusable(_) => Naming::Aside,
        };
        let change = |state: State| (state != self.stored).then(|| state.encode());
        Command {
            scan: Scan {
                id: posted.id,
                desk: self.setup.desk.clone(),
                desk_place: self.setup.desk_place,
                session: self.setup.session.clone(),
                run: self.setup.run,
                number: self.scans,
                scanner: flight.scanner.clone(),
                person: flight.plan.person.or(self.person),
                batch: flight.batch,
                position: flight.position,
                clocks: Clocks {
                    happened: flight.at,
                    wall: posted.at.unwrap_or(now.wall),
                    boot_us: now.boot_us,
                    uncertainty_us: 0,
                },
                text: flight.text.clone(),
                aim: posted.aim,
                entry: flight.entry,
                naming,
            },
            session: SessionAfter {
                accepted: change(flight.plan.accepted),
                refused: change(flight.plan.refused),
            },
            act: flight.plan.act.clone(),
            moment: flight.moment,
        }
    }
}
