//! Looks at what is plugged in, and gives each scanner the place that is its own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::{mpsc, watch};
use tokio::time::{Interval, MissedTickBehavior};

use super::line::{Line, Surroundings, Wanted};
use super::plugs::Plugs;
use super::standing::{Seat, scanner_id, seat_of};
use super::{Fixed, Pace};
use crate::app::rooms::Rooms;
use crate::clock::SECOND_US;
use crate::desk::scanners::{Health, Now};
use crate::desk::{Footing, Unheard};
use crate::domain::place::Code;
use crate::domain::scanner::{Pairing, paired_with};
use crate::scan::profile::Profile;
use crate::scan::usb::Plugged;

/// Most USB scanners of one service; what is plugged in beyond is left alone. A machine holds 127 devices a bus.
pub const MAX_SEATS: usize = 512;
/// A scanner that only a pairing gave to its desk is no more missed when it has been away for so long: it was carried off,
/// and is known again in its old socket.
const FORGOTTEN_AFTER_US: i64 = 12 * 60 * 60 * SECOND_US;

/// See the module. It owns all lines; their devices' threads and their sessions know them too.
pub(super) struct Supervisor {
    pub rooms: Arc<Rooms>,
    pub around: Surroundings,
    pub pace: Pace,
    /// Scanners that the configuration names by path or address.
    pub fixed: Vec<Fixed>,
    /// USB scanners, by the name under which each is attached.
    pub seats: BTreeMap<String, Seated>,
    pub pairings: Vec<Pairing>,
    pub roster: watch::Sender<Arc<[Arc<Health>]>>,
}

/// A USB scanner in its place, which it keeps while it is away.
pub(super) struct Seated {
    pub line: Arc<Line>,
    /// What is plugged in there now.
    pub plugged: Option<Plugged>,
    /// What was plugged in there last.
    pub last: Option<Plugged>,
    /// Whether the configuration names it.
    pub named: Named,
    /// Its desk, once it has one, and whether it is theirs.
    pub desk: Option<(Code, String, Footing)>,
}

/// Whether the configuration names a scanner.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Named {
    /// It does: it is missed while it is away.
    ByConfig,
    /// Only what is plugged in says that it is there.
    ByNobody,
}

/// What the supervisor does next.
enum Next {
    Stop,
    Pair(Wanted),
    Look,
    Tend,
}

impl Supervisor {
    /// Works until the service stops, then closes all devices.
    pub async fn run(
        mut self,
        mut plugs: Box<dyn Plugs>,
        mut wanted: mpsc::Receiver<Wanted>,
        mut stopping: watch::Receiver<bool>,
    ) {
        let [mut looks, mut rounds] = [self.pace.look, self.pace.tend].map(interval);
        loop {
            let next = tokio::select! {
                biased;
                _ = stopping.wait_for(|stopping| *stopping) => Next::Stop,
                Some(wanted) = wanted.recv() => Next::Pair(wanted),
                _ = looks.tick() => Next::Look,
                _ = rounds.tick() => Next::Tend,
            };
            match next {
                Next::Stop => break,
                Next::Pair(wanted) => self.pair(&wanted),
                Next::Look => {
                    // Reading `/sys` may wait for a driver.
                    let look = move || (plugs.look(), plugs);
                    let Ok((found, back)) = tokio::task::spawn_blocking(look).await else { break };
                    plugs = back;
                    if let Some(found) = found {
                        self.arrange(found, &*plugs).await;
                    }
                }
                Next::Tend => self.tend().await,
            }
        }
        let lines =
            self.fixed.iter().map(|fixed| &fixed.line).chain(self.seats.values().map(|seat| &seat.line));
        join_all(lines.map(|line| line.close())).await;
    }

    /// A scanner without a desk has read a pairing card: it is attached there, still locked.
    fn pair(&mut self, wanted: &Wanted) {
        let Some(seat) = self.seats.get_mut(&wanted.name) else { return };
        let mut desks = self.rooms.config.desks.iter().map(|desk| &desk.setup);
        let desk = desks.find(|setup| setup.pairing == Some(wanted.number));
        let (Some(desk), Some(plugged)) = (desk, &seat.plugged) else { return seat.line.refuse_card() };
        let footing = Footing::Locked(scanner_id(&plugged.identity));
        match seat.line.attach(self.rooms.desks(), &desk.code, &wanted.name, footing.clone()) {
            Ok(()) => seat.desk = Some((desk.code.clone(), wanted.name.clone(), footing)),
            Err(unheard) => {
                tracing::warn!(scanner.name = wanted.name, desk.code = %desk.code, why = %unheard, "not attached");
                seat.line.refuse_card();
            }
        }
    }

    /// Those that are gone leave their places, those that have come take theirs.
    async fn arrange(&mut self, found: Vec<Plugged>, plugs: &dyn Plugs) {
        self.read_pairings().await;
        let found = self.one_way_each(found);
        let stays = |seat: &Seated| {
            seat.plugged.as_ref().is_some_and(|plugged| found.iter().any(|f| is_same(plugs, f, plugged)))
        };
        let gone: Vec<_> = self
            .seats
            .iter()
            .filter(|(_, seat)| seat.plugged.is_some() && !stays(seat))
            .map(|(name, _)| name.clone())
            .collect();
        for name in gone {
            self.unseat(&name).await;
        }
        for plugged in found {
            if !self
                .seats
                .values()
                .any(|seat| seat.plugged.as_ref().is_some_and(|held| is_same(plugs, held, &plugged)))
            {
                self.seat(plugged, plugs);
            }
        }
        self.tell_roster();
    }

    /// A pairing made meanwhile is read too; a store that does not answer leaves what was known.
    async fn read_pairings(&mut self) {
        match self.rooms.store.pairings(&self.rooms.trust).await {
            Ok(pairings) => self.pairings = pairings,
            Err(error) => tracing::error!(%error, "the pairings of scanners cannot be read"),
        }
    }

    /// The best way to speak with each device, without those that the configuration opens by path.
    fn one_way_each(&self, mut found: Vec<Plugged>) -> Vec<Plugged> {
        let paths: Vec<_> =
            self.fixed.iter().filter_map(|fixed| fixed.path.as_ref()?.canonicalize().ok()).collect();
        let by_path = |plugged: &Plugged| paths.contains(&plugged.node);
        let taken: Vec<_> =
            found.iter().filter(|plugged| by_path(plugged)).map(|p| p.identity.location.clone()).collect();
        found.retain(|plugged| !taken.contains(&plugged.identity.location));
        found.sort_by(|one, other| {
            (&one.identity.location, one.link).cmp(&(&other.identity.location, other.link))
        });
        found.dedup_by(|one, other| one.identity.location == other.identity.location);
        found
    }

    async fn unseat(&mut self, name: &str) {
        let Some(seat) = self.seats.get_mut(name) else { return };
        seat.line.close().await;
        seat.plugged = None;
        seat.line.gone(UNPLUGGED);
        let is_paired = seat.desk.as_ref().is_some_and(|(_, _, footing)| *footing == Footing::Ours);
        if seat.named == Named::ByNobody && !is_paired && self.is_still_locked(name) {
            self.forget(name);
        }
    }

    /// Whether no desk has taken it.
    fn is_still_locked(&self, name: &str) -> bool {
        let Some((desk, ..)) = self.seats.get(name).and_then(|seat| seat.desk.as_ref()) else { return true };
        let pulses = self.rooms.desks().pulses();
        pulses.get(desk).is_some_and(|pulse| pulse.locked.iter().any(|locked| locked == name))
    }

    fn forget(&mut self, name: &str) {
        if let Some(seat) = self.seats.remove(name) {
            seat.line.detach();
        }
    }

    fn seat(&mut self, plugged: Plugged, plugs: &dyn Plugs) {
        let Some(seat) = seat_of(&plugged, &self.rooms.config, &self.pairings) else { return };
        if self.seats.get(&seat.name).is_some_and(|seated| seated.plugged.is_some())
            || self.seats.len() >= MAX_SEATS
        {
            tracing::warn!(scanner.name = seat.name, "one scanner too many is left alone");
            return;
        }
        let profile = match Profile::named(&seat.profile, self.rooms.config.profiles_dir().as_deref()) {
            Ok(profile) => profile,
            Err(error) => return tracing::error!(scanner.name = seat.name, %error, "a scanner is left alone"),
        };
        let address = plugs.address(&plugged);
        let meant = plugged.identity.clone();
        let seated = self.take_place(seat, plugged);
        if let Err(error) = seated.line.open(address, profile, Some(meant)) {
            tracing::error!(error = format!("{error:#}"), "a scanner is left alone");
        }
    }

    /// Puts a scanner into its place: the one it had, if its desk has not changed.
    fn take_place(&mut self, seat: Seat, plugged: Plugged) -> &Seated {
        let Seat { name, profile, desk } = seat;
        let around = &self.around;
        let seated = self.seats.entry(name.clone()).or_insert_with(|| Seated {
            line: Line::new(Health::new(name.clone(), Now::default()), around),
            plugged: None,
            last: None,
            named: Named::ByNobody,
            desk: None,
        });
        seated.line.health.change(|now| {
            now.identity = Some(plugged.identity.to_string());
            now.profile = profile;
        });
        let place = |desk: &Option<(Code, String, Footing)>| {
            desk.as_ref().map(|(code, session, _)| (code.clone(), session.clone()))
        };
        if place(&seated.desk) != place(&desk) {
            seated.line.detach();
        }
        seated.desk = desk;
        match &seated.desk {
            None => seated.line.hold(),
            Some((_, _, footing)) if seated.line.is_attached() => seated.line.stands(footing.clone()),
            Some(_) => {}
        }
        seated.last = Some(plugged.clone());
        seated.plugged = Some(plugged);
        attach(&self.rooms, &seated.line, seated.desk.as_ref());
        seated
    }

    /// What time alone asks for: places that are known by now, alarms, and scanners that nobody misses any more.
    async fn tend(&mut self) {
        for fixed in &self.fixed {
            attach(&self.rooms, &fixed.line, Some(&fixed.desk));
            fixed.line.raise_alarm(self.pace.restart);
            fixed.line.tell_set_up();
        }
        for seat in self.seats.values() {
            attach(&self.rooms, &seat.line, seat.desk.as_ref());
            seat.line.raise_alarm(self.pace.restart);
            seat.line.tell_set_up();
        }
        let away = |seat: &Seated| seat.named == Named::ByNobody && seat.plugged.is_none();
        if self.seats.values().any(away) {
            self.read_pairings().await;
            self.forget_moved();
        }
    }

    /// Those that are paired with another desk by now, or were carried off long ago.
    fn forget_moved(&mut self) {
        let now = self.around.clock.now();
        let moved = |seat: &Seated| {
            let id = seat.last.as_ref().map(|last| scanner_id(&last.identity));
            let desk = id.as_ref().and_then(|id| paired_with(&self.pairings, id));
            let elsewhere = desk != seat.desk.as_ref().map(|(desk, ..)| desk);
            let long =
                seat.line.lost_since().is_some_and(|since| now.micros_since(since) > FORGOTTEN_AFTER_US);
            seat.named == Named::ByNobody && seat.plugged.is_none() && (elsewhere || long)
        };
        let moved: Vec<_> =
            self.seats.iter().filter(|(_, seat)| moved(seat)).map(|(name, _)| name.clone()).collect();
        for name in &moved {
            self.forget(name);
        }
        if !moved.is_empty() {
            self.tell_roster();
        }
    }

    /// Tells everybody which scanners there are.
    pub fn tell_roster(&self) {
        let fixed = self.fixed.iter().map(|fixed| fixed.line.health.clone());
        let seats = self.seats.values().map(|seat| seat.line.health.clone());
        self.roster.send_replace(fixed.chain(seats).collect());
    }
}

/// Ticks at once and then at this pace; after a busy moment it does not catch up.
fn interval(pace: Duration) -> Interval {
    let mut interval = tokio::time::interval(pace);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

/// Why a scanner is not open that was pulled out.
const UNPLUGGED: &str = "unplugged";

/// Whether it is the same device, opened in the same way. Its file may have another number since: the port finds it.
fn is_same(plugs: &dyn Plugs, one: &Plugged, other: &Plugged) -> bool {
    let way = |plugged| (plugs.address(plugged), plugged.link);
    way(one) == way(other) && one.identity.is_same(&other.identity)
}

/// Attaches a scanner that has a desk and is not attached yet; places may be imported at any time.
pub(super) fn attach(rooms: &Rooms, line: &Arc<Line>, desk: Option<&(Code, String, Footing)>) {
    let Some((desk, session, footing)) = desk.filter(|_| !line.is_attached()) else { return };
    match line.attach(rooms.desks(), desk, session, footing.clone()) {
        Ok(()) | Err(Unheard::NoSuchPlace(_)) => {}
        Err(unheard) => tracing::warn!(desk.code = %desk, why = %unheard, "a scanner waits for its desk"),
    }
}
