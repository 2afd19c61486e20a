//! The hub: takes each committed movement once, makes its message once, and hands it to the streams it concerns.
//!
//! The writer sends each event to one receiver, however many pages are open, and to none while no page is open. A
//! stream that takes nothing off its queue for [`MAX_BEHIND`] messages loses it and is told `reset` once; so do all
//! of them if the hub itself falls behind. The task ends when the service stops, and with it every stream.

pub mod feed;
pub mod names;
pub mod routes;
pub mod told;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

pub use routes::{StreamId, Topic};

use crate::desk::{DeskChanged, Desks};
use crate::domain::PlaceId;
use crate::domain::directory::Directory;
use crate::domain::movement::Subject;
use crate::live::{Event, Live, MAX_BEHIND, SEARCH, TURNED_UP};
use crate::store::{Store, Trust};
use names::Names;
use routes::Routes;
use told::Told;

/// Streams that may wait to be let in; later ones wait in their own tasks.
const MAX_JOINING: usize = 256;
/// Most events, or streams let in, that are looked up together: a batch reads the store once and still takes
/// a few milliseconds only.
const MAX_BATCH: usize = 256;
/// After a batch, so long nothing is taken: while many scan, their movements are looked up together. A lone one, the
/// first, never waits.
const REST: Duration = Duration::from_millis(5);
/// How often streams are looked for whose page has gone without a word.
const SWEEP: Duration = Duration::from_secs(15);

/// Between a fault and the next beginning, so that one that comes at once again does not fill the log.
const AFTER_FAULT: Duration = Duration::from_secs(1);

/// What the hub listens to, and where it looks names up.
#[derive(Clone)]
pub struct Sources {
    /// For names and containers.
    pub store: Store,
    /// Whose data.
    pub trust: Trust,
    /// Places.
    pub directory: watch::Receiver<Arc<Directory>>,
    /// Committed movements.
    pub live: Live,
    /// Changes of sessions.
    pub desks: Desks,
}

/// What the hub has done, for `/metrics`.
#[derive(Debug, Default)]
pub struct Counters {
    streams: AtomicU64,
    told: AtomicU64,
    lookups: AtomicU64,
}

/// [`Counters`] at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LiveFigures {
    /// Streams open.
    pub streams: u64,
    /// Messages handed to streams since the start.
    pub told: u64,
    /// Times that the store was asked since the start.
    pub lookups: u64,
}

/// Where streams join. Clones lead to the same hub.
#[derive(Clone, Debug)]
pub struct Hub {
    asks: mpsc::Sender<Ask>,
    counters: Arc<Counters>,
}

#[derive(Debug)]
struct Ask {
    topics: Vec<Topic>,
    reply: oneshot::Sender<Joined>,
}

/// The containers of each of some subjects, the innermost first.
pub type Carriers = HashMap<Subject, Vec<PlaceId>>;

/// A stream that is let in.
#[derive(Debug)]
pub struct Joined {
    /// What it is told; closed where it fell behind or the hub has ended.
    pub queue: mpsc::Receiver<Arc<Told>>,
    /// What carries each of its topics now.
    pub carriers: Carriers,
}

impl Hub {
    /// Starts the hub; it ends when `stopping` becomes true.
    pub fn open(sources: Sources, mut stopping: watch::Receiver<bool>) -> Self {
        let (asks, joining) = mpsc::channel(MAX_JOINING);
        let counters = Arc::<Counters>::default();
        let kept = keep(sources, counters.clone(), joining);
        tokio::spawn(async move {
            let stopped = async move {
                // An error says that the sender is gone: that is a stop too.
                let _ = stopping.wait_for(|stopping| *stopping).await;
            };
            tokio::select! { () = stopped => {}, () = kept => {} }
        });
        Self { asks, counters }
    }

    /// Watches `topics` from now on: whatever is committed after this returns is told. `None`: the hub has ended.
    pub async fn join(&self, topics: Vec<Topic>) -> Option<Joined> {
        let (reply, joined) = oneshot::channel();
        self.asks.send(Ask { topics, reply }).await.ok()?;
        joined.await.ok()
    }

    /// What it has done.
    pub fn figures(&self) -> LiveFigures {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let Counters { streams, told, lookups } = &*self.counters;
        LiveFigures { streams: read(streams), told: read(told), lookups: read(lookups) }
    }
}

/// Runs until nobody can join any more. A fault of ours must not leave all pages standing still and nobody knowing: what
/// failed begins anew, and the streams, whose queues are gone with it, have their pages loaded again.
async fn keep(sources: Sources, counters: Arc<Counters>, mut joining: mpsc::Receiver<Ask>) {
    while panics(Task::new(sources.clone(), counters.clone()).run(&mut joining)).await {
        tracing::error!("the hub of the live pages failed and begins anew");
        tokio::time::sleep(AFTER_FAULT).await;
    }
}

/// Whether what runs panics before it ends.
async fn panics(running: impl Future<Output = ()>) -> bool {
    let mut running = pin!(running);
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(cx))) {
        Ok(poll) => poll.map(|()| false),
        Err(_) => Poll::Ready(true),
    })
    .await
}

/// The hub's own task: nobody else touches what it holds.
struct Task {
    sources: Sources,
    counters: Arc<Counters>,
    routes: Routes,
    queues: HashMap<StreamId, mpsc::Sender<Arc<Told>>>,
    next: u64,
    /// `None` while nobody watches, so that the writer wakes nobody.
    heard: Option<Heard>,
}

struct Heard {
    events: broadcast::Receiver<Event>,
    desks: broadcast::Receiver<DeskChanged>,
}

impl Task {
    fn new(sources: Sources, counters: Arc<Counters>) -> Self {
        let (routes, queues) = (Routes::default(), HashMap::new());
        Self { sources, counters, routes, queues, next: 0, heard: None }
    }

    async fn run(mut self, joining: &mut mpsc::Receiver<Ask>) {
        let mut sweep = tokio::time::interval(SWEEP);
        loop {
            let Self { heard, .. } = &mut self;
            let (events, desks) = heard.as_mut().map(|heard| (&mut heard.events, &mut heard.desks)).unzip();
            tokio::select! {
                ask = joining.recv() => match ask {
                    Some(first) => self.let_in(all_that_ask(first, joining)).await,
                    None => return,
                },
                event = next(events) => self.moved(event).await,
                change = next(desks) => self.desks_changed(change),
                _ = sweep.tick() => self.sweep(),
            }
        }
    }

    /// Watches first and reads what carries the watched then, so that no movement falls between.
    async fn let_in(&mut self, asks: Vec<Ask>) {
        self.sweep();
        let (live, desks) = (&self.sources.live, &self.sources.desks);
        self.heard.get_or_insert_with(|| Heard { events: live.watch(), desks: desks.changes() });
        let mut watched = BTreeSet::new();
        let mut joined = Vec::with_capacity(asks.len());
        for Ask { topics, reply } in asks {
            self.next += 1;
            let (queue, told) = mpsc::channel(MAX_BEHIND);
            let subjects: Vec<_> = topics.iter().filter_map(Topic::subject).collect();
            watched.extend(subjects.iter().copied());
            self.routes.add(StreamId(self.next), topics);
            self.queues.insert(StreamId(self.next), queue);
            joined.push((reply, told, subjects));
        }
        let carriers = self.settle(watched).await;
        for (reply, queue, subjects) in joined {
            let of = |subject: Subject| Some((subject, carriers.get(&subject)?.clone()));
            let carriers = subjects.into_iter().filter_map(of).collect();
            // One that is gone already is swept with the others.
            let _ = reply.send(Joined { queue, carriers });
        }
        self.count();
    }

    async fn moved(&mut self, first: Result<Event, Lagged>) {
        let waiting = self.heard.as_mut().map(|heard| &mut heard.events);
        let Ok(events) = gathered(first, waiting) else { return self.reset_all() };
        self.settle(self.routes.unsettled(&events)).await;
        self.tell(&events).await;
        tokio::time::sleep(REST).await;
    }

    /// Looks the names of all that is told up at once, and hands each message to whom it concerns.
    async fn tell(&mut self, events: &[Event]) {
        self.ring(events);
        let concerned = |event| self.routes.concerned(event).into_iter().map(move |to| (event, to));
        let deliveries: Vec<_> = events.iter().flat_map(concerned).collect();
        if deliveries.is_empty() {
            return;
        }
        self.counters.lookups.fetch_add(1, Ordering::Relaxed);
        let Sources { store, trust, directory, .. } = &self.sources;
        let directory = directory.borrow().clone();
        let about = deliveries.iter().map(|(_, delivery)| delivery.about);
        let names = Names::look_up(store, trust, directory, about).await;
        for (event, delivery) in deliveries {
            self.give(&Arc::new(names.told(event, delivery.about)), delivery.streams);
        }
    }

    /// What has turned up rings at the desks of its library and of whoever waits for it, until somebody says where it
    /// was: their pages look anew at every step of its search.
    fn ring(&mut self, events: &[Event]) {
        let rung = events.iter().filter(|event| [TURNED_UP, SEARCH].contains(&event.kind));
        let desks: HashSet<_> =
            rung.flat_map(|event| self.sources.desks.standing_in(&event.places)).collect();
        for desk in desks {
            let streams = self.routes.watching(&Topic::Desk(desk.clone()));
            if !streams.is_empty() {
                self.give(&Arc::new(Told::desk(&desk)), streams);
            }
        }
    }

    /// A session that changed several times meanwhile is told of once.
    fn desks_changed(&mut self, first: Result<DeskChanged, Lagged>) {
        let waiting = self.heard.as_mut().map(|heard| &mut heard.desks);
        let Ok(changes) = gathered(first, waiting) else { return self.reset_all() };
        for change in changes.into_iter().collect::<HashSet<_>>() {
            let streams = self.routes.watching(&Topic::Desk(change.desk.clone()));
            if !streams.is_empty() {
                self.give(&Arc::new(Told::changed(&change)), streams);
            }
        }
    }

    /// A full queue or one without a reader is dropped; a reader sees it closed and says `reset`.
    fn give(&mut self, told: &Arc<Told>, streams: impl IntoIterator<Item = StreamId>) {
        for stream in streams {
            let Some(queue) = self.queues.get(&stream) else { continue };
            if queue.try_send(told.clone()).is_err() {
                self.leave(stream);
            }
            self.counters.told.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn leave(&mut self, stream: StreamId) {
        self.routes.remove(stream);
        self.queues.remove(&stream);
    }

    fn reset_all(&mut self) {
        tracing::warn!(streams = self.queues.len(), "live pages fell behind and load themselves again");
        for stream in self.routes.streams() {
            self.leave(stream);
        }
        self.heard = None;
        self.count();
    }

    fn sweep(&mut self) {
        let gone: Vec<_> =
            self.queues.iter().filter(|(_, queue)| queue.is_closed()).map(|(stream, _)| *stream).collect();
        for stream in gone {
            self.leave(stream);
        }
        if self.queues.is_empty() {
            self.heard = None;
        }
        self.count();
    }

    fn count(&self) {
        let streams = u64::try_from(self.queues.len()).unwrap_or(u64::MAX);
        self.counters.streams.store(streams, Ordering::Relaxed);
    }

    /// Asks anew what carries these. Where the store cannot say, what was known stands.
    async fn settle(&mut self, subjects: BTreeSet<Subject>) -> Carriers {
        if subjects.is_empty() {
            return Carriers::new();
        }
        self.counters.lookups.fetch_add(1, Ordering::Relaxed);
        let Sources { store, trust, .. } = &self.sources;
        let found = store.carriers(trust, subjects.into_iter().collect()).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "live pages are not told what carries their folders");
            Vec::new()
        });
        for (subject, carriers) in &found {
            self.routes.set_carriers(*subject, carriers.clone());
        }
        found.into_iter().collect()
    }
}

/// More was sent than is kept: some of it is lost.
struct Lagged;

/// The next of what is heard; for ever waiting where nothing is, or where the sender is gone: the service is ending.
async fn next<T: Clone>(heard: Option<&mut broadcast::Receiver<T>>) -> Result<T, Lagged> {
    let Some(heard) = heard else { return std::future::pending().await };
    match heard.recv().await {
        Ok(told) => Ok(told),
        Err(RecvError::Lagged(_)) => Err(Lagged),
        Err(RecvError::Closed) => std::future::pending().await,
    }
}

/// `first` and what waits behind it, [`MAX_BATCH`] at most.
fn gathered<T: Clone>(
    first: Result<T, Lagged>,
    mut waiting: Option<&mut broadcast::Receiver<T>>,
) -> Result<Vec<T>, Lagged> {
    let mut batch = vec![first?];
    while batch.len() < MAX_BATCH {
        match waiting.as_mut().map(|waiting| waiting.try_recv()) {
            Some(Ok(told)) => batch.push(told),
            Some(Err(TryRecvError::Lagged(_))) => return Err(Lagged),
            Some(Err(TryRecvError::Empty | TryRecvError::Closed)) | None => break,
        }
    }
    Ok(batch)
}

fn all_that_ask(first: Ask, joining: &mut mpsc::Receiver<Ask>) -> Vec<Ask> {
    let mut asks = vec![first];
    while asks.len() < MAX_BATCH {
        let Ok(ask) = joining.try_recv() else { break };
        asks.push(ask);
    }
    asks
}

#[cfg(test)]
mod tests;
