//! A scanner that belongs to no desk yet, or stands where another one did: it is locked. What it reads moves nothing
//! until somebody who is signed on has scanned the desk's pairing card with it; then the refused scans are offered.
//!
//! Badges and pairing cards pass. Refused scans are kept in their order: folders, containers, places, and the cards that
//! say what happens to the next ones. OK runs them as acts of the past, each at its own time, as if the scanner had not
//! been locked: under what was open in the session then, and under what they opened themselves. The name of each is made
//! from that of its refused scan, so that a run that broke off is taken up and doubles nothing. What may only be said at
//! the moment (OK, UNDO, a number) is refused and not kept.

use std::collections::VecDeque;

use super::state::{ACT_IDLE_US, Mode};
use super::{Doing, Effect, Flight, Plan, Room, Session, Sound, State};
use crate::clock::{Reading, Timestamp};
use crate::desk::signal::say;
use crate::desk::{Came, LockedScanner, PastScan, Posted};
use crate::domain::ScanId;
use crate::domain::answer::Answer;
use crate::domain::barcode::{self, Card, Code, Entry};
use crate::domain::command::{Act, Moment, Outcome};
use crate::domain::kept::again;
use crate::domain::label_rule::LabelRule;
use crate::domain::refusal::Reason;
use crate::domain::scanner::ScannerId;

/// Refused scans kept for each session: a trolley that somebody scanned without listening. Those beyond are refused and
/// lie aside like the others, and are not offered.
pub const MAX_REFUSED_KEPT: usize = 64;

/// What is said of a folder beside the pile that a locked scanner has read.
const NOT_RECORDED: &str = "Not recorded while the scanner was locked: scan it again.";

/// Whether a scanner belongs to the desk that it is attached to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Footing {
    /// The configuration names it, or it was paired.
    Ours,
    /// It is unknown, or stands where another one did.
    Locked(ScannerId),
}

/// A read that a locked scanner was refused.
#[derive(Clone, Debug)]
struct Refused {
    scan: ScanId,
    scanner: String,
    text: String,
    aim: Option<String>,
    entry: Entry,
    at: Timestamp,
    read: Reading,
    /// What was open then.
    mode: Mode,
}

/// The refused scans are being recorded.
#[derive(Clone, Debug)]
struct Running {
    /// The state by the cards among them.
    state: State,
    /// … after the one in flight, by whether it is accepted.
    next: (State, State),
    /// Whether one of them opened an act, which then goes on.
    opened: bool,
    last: Option<Timestamp>,
    count: u32,
    aside: u32,
}

/// What a session knows of its scanners.
#[derive(Clone, Debug, Default)]
pub(super) struct Locks {
    attached: Vec<(String, Footing)>,
    /// Of scanners that are locked.
    refused: Vec<Refused>,
    /// Asked about since their scanner was paired, in their order.
    offered: VecDeque<Refused>,
    running: Option<Running>,
}

impl Locks {
    fn locked(&self, scanner: &str) -> Option<&ScannerId> {
        self.attached.iter().find_map(|(name, footing)| match footing {
            Footing::Locked(id) if name == scanner => Some(id),
            Footing::Locked(_) | Footing::Ours => None,
        })
    }

    /// Whether what this scanner reads is refused unless it helps out of the lock.
    pub(super) fn refuses(&self, scanner: &str, code: &Code) -> bool {
        let passes = matches!(code, Code::Staff(_) | Code::Unusable(_) | Code::Card(Card::Pairing(_)));
        !passes && self.locked(scanner).is_some()
    }

    pub(super) fn attach(&mut self, scanner: String, footing: Footing) {
        self.detach(&scanner);
        if footing == Footing::Ours {
            // They lie beside the pile, and are asked about no more.
            self.refused.retain(|refused| refused.scanner != scanner);
        }
        self.attached.push((scanner, footing));
    }

    pub(super) fn detach(&mut self, scanner: &str) {
        self.attached.retain(|(name, _)| name != scanner);
    }

    fn keep(&mut self, refused: Refused) {
        if self.refused.len() < MAX_REFUSED_KEPT {
            self.refused.push(refused);
        }
    }

    fn unlock(&mut self, scanner: &str) {
        if let Some((_, footing)) = self.attached.iter_mut().find(|(name, _)| name == scanner) {
            *footing = Footing::Ours;
        }
        let (of_it, others) =
            std::mem::take(&mut self.refused).into_iter().partition(|r| r.scanner == scanner);
        self.refused = others;
        self.offered.extend::<Vec<_>>(of_it);
        self.offered.make_contiguous().sort_by_key(|refused| refused.at);
    }

    /// How many refused scans are asked about.
    pub(super) fn offered(&self) -> Option<u32> {
        let count = u32::try_from(self.offered.len()).unwrap_or(u32::MAX);
        (count > 0 && self.running.is_none()).then_some(count)
    }

    /// Whether all scanners of the session are locked.
    pub(super) fn all_locked(&self) -> bool {
        let locked = |(_, footing): &(String, Footing)| matches!(footing, Footing::Locked(_));
        !self.attached.is_empty() && self.attached.iter().all(locked)
    }

    /// The scanners that are locked, each with how many of its scans are kept.
    pub(super) fn shown(&self) -> Vec<LockedScanner> {
        let shown = |(scanner, footing): &(String, Footing)| match footing {
            Footing::Ours => None,
            Footing::Locked(id) => Some(LockedScanner {
                scanner: scanner.clone(),
                identity: id.to_string(),
                refused: self.refused.iter().filter(|refused| refused.scanner == *scanner).count(),
            }),
        };
        self.attached.iter().filter_map(shown).collect()
    }

    /// Nobody answered for long.
    pub(super) fn lapse(&mut self, idle_us: i64) -> Option<Answer> {
        let count = self.offered().filter(|_| idle_us > ACT_IDLE_US)?;
        self.offered.clear();
        Some(Answer::new(Reason::KeptLapsed).count(count))
    }
}

/// Whether a card says something of the scans after it, so that it is kept with them.
fn is_about_the_next(card: Card) -> bool {
    matches!(
        card,
        Card::End
            | Card::Receive
            | Card::File
            | Card::Pack
            | Card::Sweep
            | Card::Empty
            | Card::TakeOut
            | Card::Where
            | Card::Label
    )
}

/// What is remembered of a read that a locked scanner was refused.
fn doing_of(code: &Code) -> Doing {
    match code {
        Code::Folder(_) | Code::Container(_) | Code::Patient(_) => Doing::Locked,
        Code::Place(_) => Doing::LockedCard,
        Code::Card(card) if is_about_the_next(*card) => Doing::LockedCard,
        Code::Card(_) | Code::Staff(_) | Code::Unusable(_) => Doing::Card,
    }
}

impl Session {
    /// What a read of a locked scanner does; `None` where it is as any other's.
    pub(super) fn at_lock(&self, scanner: &str, code: &Code) -> Option<Plan> {
        if let (Code::Card(Card::Pairing(number)), Some(id)) = (code, self.locks.locked(scanner)) {
            return Some(self.pair(*number, scanner, id));
        }
        let refused = Plan::tell(Answer::new(Reason::DeskLocked), self.state);
        self.locks.refuses(scanner, code).then(|| refused.doing(doing_of(code)))
    }

    fn pair(&self, number: u32, scanner: &str, id: &ScannerId) -> Plan {
        if self.setup.pairing != Some(number) {
            return self.others_card(number);
        }
        if self.person.is_none() {
            return Plan::tell(Answer::new(Reason::SignOnFirst), self.state);
        }
        let refused = self.locks.refused.iter().filter(|refused| refused.scanner == scanner).count();
        let refused = u32::try_from(refused).unwrap_or(u32::MAX);
        Plan::act(Act::Pair { scanner: Box::new(id.clone()), refused }, self.state, Doing::Pairs)
    }

    /// A pairing card scanned with a scanner that is not locked.
    pub(super) fn pairing(&self, number: u32) -> Plan {
        if self.setup.pairing == Some(number) {
            return Plan::tell(Answer::new(Reason::Paired), self.state);
        }
        self.others_card(number)
    }

    fn others_card(&self, number: u32) -> Plan {
        let known = self.setup.cards.iter().any(|card| card.number == number);
        let answer = if known {
            Answer::new(Reason::OtherDesksCard).count(number)
        } else {
            Answer::new(Reason::CardNotInUse)
        };
        Plan::tell(answer, self.state)
    }

    /// OK to the question whether the refused scans are recorded too.
    pub(super) fn runs_offer(&self) -> Option<Plan> {
        let answer = Answer::new(Reason::KeptBegun).count(self.locks.offered()?);
        Some(Plan::tell(answer, self.state.disarmed()).doing(Doing::RunsOffer))
    }

    /// END to it.
    pub(super) fn leaves_offer(&self) -> Option<Plan> {
        let answer = Answer::new(Reason::KeptLeft).count(self.locks.offered()?);
        Some(Plan::tell(answer, self.state.disarmed()).doing(Doing::LeavesOffer))
    }

    /// What a recorded scan changes in what is known of locks.
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other scan has to do with a lock")]
    pub(super) fn remember_lock(&mut self, flight: &Flight, text: &str, room: Room<'_>) {
        match flight.plan.doing {
            Doing::Locked | Doing::LockedCard => {
                self.locks.keep(Refused {
                    scan: flight.scan,
                    scanner: flight.scanner.clone(),
                    text: flight.text.clone(),
                    aim: flight.aim.clone(),
                    entry: flight.entry,
                    at: flight.at,
                    read: flight.read,
                    mode: self.state.mode,
                });
                if flight.plan.doing == Doing::Locked {
                    self.put_aside(flight.scan, None, text, NOT_RECORDED, room);
                }
            }
            Doing::Pairs => self.locks.unlock(&flight.scanner),
            Doing::LeavesOffer => self.locks.offered.clear(),
            Doing::RunsOffer => {
                self.ledger.batch = None;
                let state = State::default();
                let next = (state, state);
                let running = Running { state, next, opened: false, last: None, count: 0, aside: 0 };
                self.locks.running = Some(running);
            }
            _ => {}
        }
    }

    /// Records the next refused scan; after the last one, says how many there were.
    pub(super) fn run_on(&mut self, room: Room<'_>, rules: &[LabelRule]) -> Vec<Effect> {
        let Some(mut running) = self.locks.running.take().filter(|_| self.flight.is_none()) else {
            return Vec::new();
        };
        let Some(refused) = self.locks.offered.front().cloned() else {
            return self.ran_all(&running, room);
        };
        let code = barcode::read(&refused.text, refused.aim.as_deref(), refused.entry, rules, room.directory);
        let plan = self.as_it_was(&mut running, &refused, &code, room);
        self.locks.running = Some(running);
        let posted = Posted {
            id: again(refused.scan),
            text: refused.text.clone(),
            aim: refused.aim,
            entry: refused.entry,
            at: Some(refused.read.wall),
            came: Came::Keys,
        };
        let mut flight =
            self.flight_of(&posted, refused.scanner, refused.text, refused.at, refused.read, plan);
        (flight.moment, flight.sound) = (Moment::Past, Sound::Silent);
        let command = self.command(&flight, posted, &code, refused.read);
        self.flight = Some(flight);
        vec![Effect::Submit(Box::new(command))]
    }

    /// What a refused scan would have meant, had it not been refused. What was open in the session stays open behind
    /// it, until one of the refused cards opens something.
    fn as_it_was(&mut self, running: &mut Running, refused: &Refused, code: &Code, room: Room<'_>) -> Plan {
        let left = self.state;
        let idle_us = running.last.map_or(0, |last| refused.at.micros_since(last));
        running.last = Some(refused.at);
        (running.state, _) = running.state.lapsed(idle_us);
        if !running.opened {
            let mode = if let Mode::Ended(_) = refused.mode { Mode::Idle } else { refused.mode };
            if mode != running.state.mode {
                self.ledger.batch = None;
            }
            running.state.mode = mode;
        }
        self.state = running.state;
        let room = Room { at: refused.at, ..room };
        // END clears nothing that lies beside the pile now: it only ends what was open.
        let is_end = *code == Code::Card(Card::End);
        let plan = if is_end { self.receive_card() } else { self.plan(code, &refused.text, room) };
        self.state = left;
        running.next = (plan.accepted, plan.refused);
        let opens = running.opened || plan.doing == Doing::Opens;
        Plan {
            accepted: if opens { plan.accepted } else { left },
            refused: if running.opened { plan.refused } else { left },
            ..plan
        }
    }

    /// One refused scan is on disk.
    pub(super) fn ran(&mut self, flight: &Flight, outcome: &Outcome) {
        self.locks.offered.pop_front();
        let Some(running) = &mut self.locks.running else { return };
        let accepted = outcome.answer.signal().is_accepted();
        running.state = if accepted { running.next.0 } else { running.next.1 };
        running.opened |= accepted && flight.plan.doing == Doing::Opens;
        running.count = running.count.saturating_add(1);
        let aside = outcome.answer.signal().puts_aside();
        running.aside = running.aside.saturating_add(u32::from(aside));
    }

    /// One is not: the rest is asked about again.
    pub(super) fn run_broke_off(&mut self) {
        self.locks.running = None;
    }

    fn ran_all(&mut self, running: &Running, room: Room<'_>) -> Vec<Effect> {
        self.ledger.batch = None;
        let reason = if running.aside == 0 { Reason::KeptDone } else { Reason::KeptDoneAside };
        let answer = Answer::new(reason).count(running.count).aside(running.aside);
        let sentence = say(&answer, &self.scene(room));
        vec![self.notice(answer, sentence, room), Effect::PageChanged]
    }

    /// Whether an earlier scan was a refused one being recorded.
    pub(super) fn was_run(&self, scan: &PastScan) -> bool {
        self.locks.offered.front().is_some_and(|refused| again(refused.scan) == scan.id)
    }

    /// The same after a restart: what was refused, asked about and recorded.
    pub(super) fn replay_lock(&mut self, scan: &PastScan, read_boot_us: i64, room: Room<'_>) {
        if self.was_run(scan) {
            self.locks.offered.pop_front();
            return;
        }
        let mode_after = scan.change.as_deref().and_then(State::decode).unwrap_or(self.state).mode;
        match (scan.answer.reason, super::restore::read(scan)) {
            (Reason::DeskLocked, Some(text)) => {
                let code = barcode::read(text, None, scan.entry, &[], room.directory);
                // A folder's label, looked up by nobody, stands beside the log. What was only a number to choose by
                // stands in it, and means nothing any more.
                let doing = match (&scan.aside, &code) {
                    (Some(_), _) => Doing::Locked,
                    (None, Code::Folder(_) | Code::Patient(_)) => Doing::Card,
                    (None, code) => doing_of(code),
                };
                if doing == Doing::Locked {
                    self.put_aside(scan.id, None, &super::folders::key(text), NOT_RECORDED, room);
                }
                if doing != Doing::Card {
                    self.locks.keep(Refused {
                        scan: scan.id,
                        scanner: scan.scanner.clone(),
                        text: text.clone(),
                        aim: None,
                        entry: scan.entry,
                        at: scan.at,
                        read: Reading { wall: scan.at, boot_us: read_boot_us },
                        mode: mode_after,
                    });
                }
            }
            (Reason::Paired | Reason::PairedAsking, _) => self.locks.unlock(&scan.scanner),
            (Reason::KeptLeft, _) => self.locks.offered.clear(),
            _ => {}
        }
    }
}
