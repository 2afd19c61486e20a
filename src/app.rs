//! The composition root: builds the rooms, wires them, and takes them down in order.
//!
//! Start: store → desks → ports → printers, web, local socket and counts. Stop: ports → scans in flight → printers, live
//! streams and listeners → store. What a program on this machine may ask of a running service stands in [`wire`].

pub mod lines;
pub mod ports;
pub mod rooms;
pub mod socket;
pub mod wire;

use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::config::{Access, Config};
use crate::desk::scanners::Roster;
use crate::domain::chase::Usual;
use crate::domain::directory::Directory;
use crate::domain::printing::PrinterTrouble;
use crate::jobs::ahead::{Ahead, LookingAhead};
use crate::jobs::counts::Counting;
use crate::jobs::locating::{Follower, Keeping, Pace as Following};
use crate::jobs::missing;
use crate::jobs::printing::Printing;
use crate::jobs::redacting::Redacting;
use crate::jobs::verifying::Verifying;
use crate::jobs::ways::Ways;
use crate::labels::print::Patience;
use crate::store::overview::Overviews;
use crate::store::report::asking::{Asking, asking};
use crate::store::{Health, Store, StoreError, Trust};
use crate::web::{Exposure, Parts, Patient, Web};
use ports::{Pace, Plugs, Usb};
use rooms::Rooms;

/// How long answers in flight are waited for when the service stops; then their connections are cut.
const MAX_FAREWELL: Duration = Duration::from_secs(10);

/// Runs the service until `stop` is done, then takes it down cleanly. `ready` is told the address.
pub async fn serve(
    config: Config,
    clock: Clock,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    serve_with(Scanning::usual(), config, clock, ready, stop).await
}

/// Where scanners are looked for, and how often.
pub struct Scanning {
    /// Where they are plugged in.
    pub plugs: Box<dyn Plugs>,
    /// How often is looked.
    pub pace: Pace,
}

impl Scanning {
    /// This machine's USB.
    pub fn usual() -> Self {
        Self { plugs: Box::new(Usb::default()), pace: Pace::USUAL }
    }
}

/// [`serve`] with scanners plugged in elsewhere than in this machine's USB.
pub async fn serve_with(
    scanning: Scanning,
    config: Config,
    clock: Clock,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let rooms = Arc::new(Rooms::open(config, clock).await?);
    let (say_stop, stopping) = watch::channel(false);
    let served = serve_rooms(&rooms, scanning, stopping, ready, stop, &say_stop).await;
    rooms.close().await;
    tracing::info!("stopped");
    served
}

async fn serve_rooms(
    rooms: &Arc<Rooms>,
    scanning: Scanning,
    stopping: watch::Receiver<bool>,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
    say_stop: &watch::Sender<bool>,
) -> anyhow::Result<()> {
    let listener = listen(rooms.config.listen).await?;
    let address = listener.local_addr().context("asking for the listening address")?;
    let ports = ports::open(rooms, scanning.plugs, scanning.pace)?;
    let (tell_overview, overviews) = watch::channel(None);
    let (figures, asked) = asking();
    let (tell_usual, usual) = watch::channel(Arc::default());
    let (tell_ahead, ahead) = watch::channel(Arc::default());
    let (print, troubles) = printing(rooms).start(rooms.config.printers.clone(), stopping.clone());
    let print = tokio::spawn(print);
    let web = tokio::spawn(web(
        rooms,
        listener,
        Watched { overviews, missing: figures, usual, ahead, troubles, scanners: ports.roster() },
        stopping.clone(),
    ));
    let socket = socket::open(rooms, stopping.clone());
    let health = tokio::spawn(tell_health(rooms.store.health()));
    let counts = tokio::spawn(counting(rooms).run(tell_overview));
    let figures = tokio::spawn(missing_notes(rooms).run(rooms.clock.clone(), asked));
    let ways = Ways { store: rooms.store.clone(), trust: rooms.trust.clone() };
    let ways = tokio::spawn(ways.run(tell_usual));
    let ahead = tokio::spawn(looking_ahead(rooms).run(tell_ahead));
    let verifying = tokio::spawn(verifying(rooms).run());
    let redacting = tokio::spawn(redacting(rooms).run());
    let follower = tokio::spawn(follower(rooms).run(stopping.clone()));
    tracing::info!(address = %address, desks = rooms.config.desks.len(), ports = ports.len(), "ready");
    ready(address);

    stop.await;
    tracing::info!("stopping");
    ports.stop().await;
    rooms.desks().stop().await;
    // Nobody listening any more is no fault here.
    let _ = say_stop.send(true);
    farewell("web", web).await;
    farewell("printing", print).await;
    farewell("socket", socket).await;
    farewell("follower", follower).await;
    health.abort();
    counts.abort();
    figures.abort();
    ways.abort();
    ahead.abort();
    verifying.abort();
    redacting.abort();
    Ok(())
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: stop the program that does, or write another address in [server] listen")
    })
}

/// Places and staff as a reading command sees them: those of the data folder, or none where there is no store yet.
pub fn directory(config: &Config) -> Result<Arc<Directory>, StoreError> {
    if has_no_data(config) {
        return Ok(Arc::default());
    }
    let trust = Trust(config.trust.clone());
    let store = Store::open_reading(&config.data_dir, &trust, &rooms::stands(config))?;
    Ok(store.directory().borrow().clone())
}

/// Whether nothing was ever written into the data folder.
pub fn has_no_data(config: &Config) -> bool {
    std::fs::read_dir(&config.data_dir).map_or(true, |mut entries| entries.next().is_none())
}

/// What goes on by itself, as pages show it.
struct Watched {
    overviews: Overviews,
    missing: Asking,
    usual: watch::Receiver<Arc<Usual>>,
    ahead: watch::Receiver<Arc<Ahead>>,
    troubles: watch::Receiver<Vec<PrinterTrouble>>,
    scanners: Roster,
}

/// Serves the pages and the interface until the service stops.
fn web(
    rooms: &Rooms,
    listener: TcpListener,
    watched: Watched,
    mut stopping: watch::Receiver<bool>,
) -> impl Future<Output = ()> + Send + 'static {
    let router = crate::web::router(Web::new(Parts {
        store: rooms.store.clone(),
        desks: rooms.desks().clone(),
        trust: rooms.trust.clone(),
        setups: rooms.config.desks.iter().map(|desk| desk.setup.clone()).collect(),
        live: rooms.live.clone(),
        overviews: watched.overviews,
        missing: watched.missing,
        usual: watched.usual,
        ahead: watched.ahead,
        filings: rooms.filings(),
        clock: rooms.clock.clone(),
        time_zone: rooms.config.time_zone.clone(),
        exposure: match rooms.config.access {
            Access::ThisMachine => Exposure::Loopback,
            Access::Everybody => Exposure::Everybody,
        },
        numbering: rooms.config.numbering.clone(),
        printers: rooms.config.printers.clone(),
        labels: rooms.config.labels.clone(),
        profiles: rooms.config.profiles_dir(),
        troubles: watched.troubles,
        scanners: watched.scanners,
        locating: rooms.locating.clone(),
        states: rooms.states.clone(),
        stopping: stopping.clone(),
    }));
    let listener = Patient::new(listener);
    async move {
        let stopped = async move {
            // An error says that the sender is gone: that is a stop too.
            let _ = stopping.wait_for(|stopping| *stopping).await;
        };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
            tracing::error!(%error, "the web listener ended");
        }
    }
}

fn counting(rooms: &Rooms) -> Counting {
    Counting {
        store: rooms.store.clone(),
        trust: rooms.trust.clone(),
        clock: rooms.clock.clone(),
        time_zone: rooms.config.time_zone.clone(),
    }
}

fn missing_notes(rooms: &Rooms) -> missing::Counting {
    missing::Counting {
        store: rooms.store.clone(),
        trust: rooms.trust.clone(),
        time_zone: rooms.config.time_zone.clone(),
        rest: missing::REST,
    }
}

fn follower(rooms: &Rooms) -> Follower {
    Follower::new(rooms.locating.clone(), Following::Gentle, Keeping::Kept(rooms.config.data_dir.clone()))
}

fn verifying(rooms: &Rooms) -> Verifying {
    Verifying {
        dir: rooms.config.data_dir.clone(),
        clock: rooms.clock.clone(),
        every: rooms.config.verify_every,
        states: rooms.states.clone(),
    }
}

fn redacting(rooms: &Rooms) -> Redacting {
    Redacting { store: rooms.store.clone(), trust: rooms.trust.clone(), clock: rooms.clock.clone() }
}

fn looking_ahead(rooms: &Rooms) -> LookingAhead {
    LookingAhead {
        store: rooms.store.clone(),
        trust: rooms.trust.clone(),
        clock: rooms.clock.clone(),
        filings: rooms.filings(),
        locating: rooms.locating.clone(),
    }
}

fn printing(rooms: &Rooms) -> Printing {
    let setups = rooms.config.desks.iter().map(|desk| &desk.setup);
    let paired = setups.filter_map(|setup| Some((setup.pairing?, setup.code.clone())));
    Printing {
        store: rooms.store.clone(),
        trust: rooms.trust.clone(),
        clock: rooms.clock.clone(),
        time_zone: rooms.config.time_zone.clone(),
        desks: Arc::new(paired.collect::<HashMap<_, _>>()),
        labels: rooms.config.labels.clone(),
        patience: Patience::USUAL,
    }
}

/// Waits for a part to end, and cuts it off after [`MAX_FAREWELL`].
async fn farewell(part: &'static str, mut task: JoinHandle<()>) {
    if tokio::time::timeout(MAX_FAREWELL, &mut task).await.is_err() {
        tracing::warn!(part, "answers in flight were cut off");
        task.abort();
    }
}

/// Says once, loudly, that the writer has stopped.
async fn tell_health(mut health: watch::Receiver<Health>) {
    loop {
        let now = health.borrow_and_update().clone();
        match now {
            Health::Writing => {}
            Health::Stopped { why, at } => {
                tracing::error!(why, %at, "nothing is recorded any more: use paper slips, see operating.md");
                return;
            }
        }
        if health.changed().await.is_err() {
            return;
        }
    }
}
