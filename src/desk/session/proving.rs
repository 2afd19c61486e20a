//! The proof of a scanner, from the sheet that programmed it: it moves nothing, and nothing of it outlives a restart.

use super::state::ACT_IDLE_US;
use super::{Doing, Effect, Flight, Plan, Room, Session};
use crate::clock::{Reading, Timestamp};
use crate::desk::signal::{Sentence, say};
use crate::desk::{self, Posted, ProofCame, ProofStep};
use crate::domain::answer::Answer;
use crate::domain::barcode::Entry;
use crate::domain::refusal::Reason;
use crate::scan::proof::{Came, Proof, Standing, Symbol, recognise};

/// A proof that a scanner of the session is at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Proving {
    scanner: String,
    proof: Proof,
    at: Timestamp,
}

/// The proof as a scan will leave it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Proved(Proof);

impl Proved {
    /// What the clerk, mostly a technician with the sheet in hand, is told.
    pub(super) fn sentence(&self) -> Sentence {
        let words = self.0.words();
        let detail = [words.technician, &words.clerk].join(" ").trim().to_owned();
        Sentence { title: words.title, detail }
    }

    fn answer(&self) -> Answer {
        Answer::new(match self.0.standing() {
            Standing::Wants(_) | Standing::Slow => Reason::ProofGoesOn,
            Standing::Ready(_) => Reason::ProofReady,
            Standing::Wrong(_) => Reason::ProofWrong,
        })
    }
}

impl Proving {
    /// As the page shows it.
    pub(super) fn shown(&self) -> desk::Proving {
        let steps = Symbol::ALL.into_iter().filter(|symbol| *symbol != Symbol::PairSecond);
        let step = |symbol: Symbol| ProofStep {
            number: symbol.number(),
            title: symbol.title(),
            came: self.came(symbol),
        };
        desk::Proving {
            scanner: self.scanner.clone(),
            title: self.proof.words().title,
            steps: steps.map(step).collect(),
        }
    }

    /// Whether a number of the sheet has come; that of the pair has if both have.
    fn came(&self, symbol: Symbol) -> ProofCame {
        let parts: &[Symbol] = match symbol {
            Symbol::PairFirst | Symbol::PairSecond => &[Symbol::PairFirst, Symbol::PairSecond],
            Symbol::Ours => &[Symbol::Ours],
            Symbol::Code39 => &[Symbol::Code39],
            Symbol::Gs1 => &[Symbol::Gs1],
            Symbol::LowerCase => &[Symbol::LowerCase],
        };
        if parts.iter().any(|part| self.proof.is_otherwise(*part)) {
            ProofCame::Otherwise
        } else if parts.iter().all(|part| self.proof.has(*part)) {
            ProofCame::Right
        } else if parts.iter().any(|part| self.proof.is_passed_over(*part)) {
            ProofCame::Missing
        } else {
            ProofCame::Waited
        }
    }
}

impl Session {
    /// The proof as this scan would leave it, if it is one of its symbols. What was refused as a frame may be one too:
    /// that is how a missing suffix shows.
    pub(super) fn proves(&self, posted: &Posted, scanner: &str, now: Reading) -> Option<Proved> {
        if posted.entry == Entry::Typed {
            return None;
        }
        let seen = recognise(&posted.text, posted.aim.as_deref(), posted.came)?;
        let open = self.proofs.iter().find(|proving| proving.scanner == scanner);
        let mut proof = open.map(|proving| proving.proof.clone()).unwrap_or_default();
        proof.on(&seen, posted.came, now.boot_us);
        Some(Proved(proof))
    }

    /// While a stop stands a symbol of the proof hears it again, as all does that is no way out.
    pub(super) fn prove(&self, proved: Proved) -> Plan {
        if self.stop.is_some() {
            return self.stop_again(Doing::Card);
        }
        Plan::tell(proved.answer(), self.state).doing(Doing::Proves(proved))
    }

    /// A scanner that reads anything else is done with its proof; what is no read leaves it open.
    pub(super) fn remember_proof(&mut self, flight: &Flight) {
        if matches!(flight.plan.doing, Doing::Double | Doing::Unusable) {
            return;
        }
        self.proofs.retain(|proving| proving.scanner != flight.scanner);
        if let Doing::Proves(Proved(proof)) = &flight.plan.doing {
            let (scanner, proof) = (flight.scanner.clone(), proof.clone());
            self.proofs.insert(0, Proving { scanner, proof, at: flight.at });
        }
    }

    /// Ends proofs that nobody goes on with; that of a scanner found ready has nothing more to say.
    pub(super) fn proofs_lapse(&mut self, room: Room<'_>) -> Vec<Effect> {
        let lapsed = self.proofs.extract_if(.., |proving| room.at.micros_since(proving.at) > ACT_IDLE_US);
        let unheard =
            lapsed.filter(|proving| !matches!(proving.proof.standing(), Standing::Ready(_))).count();
        if unheard == 0 {
            return Vec::new();
        }
        let answer = Answer::new(Reason::ProofLapsed);
        let sentence = say(&answer, &self.scene(room));
        vec![self.notice(answer, sentence, room), Effect::PageChanged]
    }
}

/// How a read came that was refused as a frame.
#[expect(clippy::wildcard_enum_match_arm, reason = "all other reasons are about something else")]
pub(super) fn came_of(reason: Reason) -> Came {
    match reason {
        Reason::HalfRead => Came::Cut,
        Reason::JoinedReads => Came::Joined,
        _ => Came::Spoilt,
    }
}
