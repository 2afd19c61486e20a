//! The store and the desks, wired to each other: all that a scan or an import needs.

use std::sync::{Arc, OnceLock};

use futures_util::FutureExt;

use super::wire::{ScanAsked, Told};
use crate::clock::Clock;
use crate::config::Config;
use crate::desk::{Came, Desks, Past, PastScan, Posted, Stopped, Surroundings, Unheard};
use crate::domain::ScanId;
use crate::domain::filing::Filings;
use crate::domain::import::{Deed, FileDigest, Piece, RowResult};
use crate::jobs::locating::Locating;
use crate::jobs::states::States;
use crate::live::Live;
use crate::store::{DeskStand, Health, Options, ScanRecord, Store, StoreError, Trust};

/// The store and the desks.
pub struct Rooms {
    /// The configuration.
    pub config: Config,
    /// The clocks.
    pub clock: Clock,
    /// Where committed movements are told.
    pub live: Live,
    /// The hospital group.
    pub trust: Trust,
    /// The store.
    pub store: Store,
    /// Plans of where to look.
    pub locating: Arc<Locating>,
    /// How the parts are that work by themselves.
    pub states: States,
    /// Set up when they are first needed: an import needs none.
    desks: OnceLock<Desks>,
}

impl Rooms {
    /// Opens the store, taking the lock on the data folder.
    pub async fn open(config: Config, clock: Clock) -> Result<Self, StoreError> {
        let live = Live::default();
        let trust = Trust(config.trust.clone());
        let store = open_store(&config, &clock, &live, &trust).await?;
        let locating = Arc::new(locating(&config, &clock, store.clone(), trust.clone()));
        let states = States::default();
        Ok(Self { config, clock, live, trust, store, locating, states, desks: OnceLock::new() })
    }

    /// The desks.
    pub fn desks(&self) -> &Desks {
        self.desks.get_or_init(|| {
            let setups = self.config.desks.iter().map(|desk| (desk.setup.code.clone(), desk.setup.clone()));
            Desks::new(Surroundings {
                setups: setups.collect(),
                rules: self.config.rules.clone().into(),
                commands: self.store.commands(),
                directory: self.store.directory(),
                clock: self.clock.clone(),
                past: past(self.store.clone(), self.trust.clone()),
                stopped: stopped(self.store.clone()),
                time_zone: self.config.time_zone.clone(),
                filings: self.filings(),
            })
        })
    }

    /// How the libraries file, by the configuration.
    pub fn filings(&self) -> Arc<Filings> {
        let locate = &self.config.locate;
        Arc::new(Filings { usual: locate.filing, of: locate.filing_of.clone() })
    }

    /// Applies one piece of an import, or rehearses it.
    pub async fn import(&self, piece: Piece, deed: Deed) -> Result<Vec<RowResult>, StoreError> {
        match deed {
            Deed::Apply(mark) => self.store.import_noted(&self.trust, piece, mark).await,
            Deed::Rehearse => self.store.rehearse(&self.trust, piece).await,
        }
    }

    /// Ends an import: all of its file is applied.
    pub async fn import_ended(&self, file: FileDigest) -> Result<(), StoreError> {
        self.store.import_ended(&self.trust, file).await
    }

    /// Gives a desk something read or typed.
    pub async fn scan(&self, asked: &ScanAsked) -> Result<Told, Unheard> {
        let desk = asked.desk.parse().map_err(|_| Unheard::NoSuchDesk(asked.desk.clone()))?;
        let posted = Posted {
            id: ScanId::new(asked.id),
            text: asked.text.clone(),
            aim: asked.aim.clone(),
            entry: asked.entry,
            at: None,
            came: Came::Keys,
        };
        self.desks().scan(&desk, &asked.session, posted).await.map(Told::from)
    }

    /// Finishes what is in flight and closes the store.
    pub async fn close(&self) {
        if let Some(desks) = self.desks.get() {
            desks.stop().await;
        }
        self.store.clone().stop().await;
    }
}

/// Opening may migrate and recover: it must not hold up the runtime.
async fn open_store(config: &Config, clock: &Clock, live: &Live, trust: &Trust) -> Result<Store, StoreError> {
    let options = Options {
        dir: config.data_dir.clone(),
        trust: trust.clone(),
        desks: stands(config),
        clock: clock.clone(),
        live: live.clone(),
    };
    tokio::task::spawn_blocking(move || Store::open(options)).await.map_err(|_| StoreError::Stopped)?
}

/// Plans from a store, by what the configuration says of places.
pub fn locating(config: &Config, clock: &Clock, store: Store, trust: Trust) -> Locating {
    Locating::new(store, trust, clock.clone(), config.time_zone.clone(), config.locate.clone())
}

/// What stands where.
pub fn stands(config: &Config) -> Vec<DeskStand> {
    let setups = config.desks.iter().map(|desk| &desk.setup);
    setups.map(|setup| DeskStand { desk: setup.code.clone(), place: setup.place.clone() }).collect()
}

/// A session's earlier scans, for its restoration. A store that cannot answer leaves the session without a past:
/// it then says that the open act has ended.
fn past(store: Store, trust: Trust) -> Past {
    Arc::new(move |desk, session| {
        let (store, trust) = (store.clone(), trust.clone());
        async move {
            match store.session(&trust, &desk, &session).await {
                Ok(records) => records.into_iter().map(past_scan).collect(),
                Err(error) => {
                    tracing::error!(desk = %desk, error = %error, "the session's past cannot be read");
                    Vec::new()
                }
            }
        }
        .boxed()
    })
}

/// Tells the desks when the writer has stopped; one that is gone without a word has stopped too.
fn stopped(store: Store) -> Stopped {
    Arc::new(move || {
        let mut health = store.health();
        async move {
            let _ = health.wait_for(|health| matches!(health, Health::Stopped { .. })).await;
        }
        .boxed()
    })
}

fn past_scan(record: ScanRecord) -> PastScan {
    PastScan {
        id: record.id,
        scanner: record.scanner,
        person: record.person,
        batch: record.batch,
        position: record.position,
        at: record.happened,
        text: record.text,
        aside: record.aside,
        entry: record.entry,
        answer: record.answer,
        volume: record.volume,
        volumes: record.volumes,
        change: record.session_change,
        movements: record.movements,
        undone: record.undone,
    }
}
