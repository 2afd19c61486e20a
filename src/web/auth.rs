//! Who may do what. All state of the web room is reached through the extractors of this file, so that a handler
//! that forgets to ask does not compile.
//!
//! One policy fills them: everybody who reaches the service on its own machine has all rights. Where the service
//! is open to the network without sign-in, every page says so in red.

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts as RequestParts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::{Semaphore, watch};

use super::acts::{self, Acts, PageAct};
use super::error::Failure;
use super::live::{Hub, Sources};
use super::shelf_counts::ShelfCounts;
use crate::clock::{Clock, Timestamp};
use crate::desk::scanners::{Roster, ScannerStatus};
use crate::desk::{DeskSetup, Desks, Posted, Pulse, Said, SessionView, Unheard};
use crate::domain::PlaceId;
use crate::domain::chase::Usual;
use crate::domain::command::Outcome;
use crate::domain::directory::Directory;
use crate::domain::filing::Filings;
use crate::domain::label_rule::LabelRule;
use crate::domain::making::Numbering;
use crate::domain::missing::period::Period;
use crate::domain::place::Code;
use crate::domain::printing::PrinterTrouble;
use crate::jobs::ahead::Ahead;
use crate::jobs::locating::Locating;
use crate::jobs::states::{Part, States, Told};
use crate::labels::Files;
use crate::labels::print::Setup;
use crate::live::{Event, Live};
use crate::store::overview::{Overview, Overviews};
use crate::store::report::asking::{Answer, Asking};
use crate::store::{Health, ShelfCount, Store, StoreError, Trust};

/// Live streams at a time: each desk's page and as many pages beside it; one more is told to come back later.
pub const MAX_STREAMS: usize = 4_096;

/// Who can reach the service.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Exposure {
    /// Only programs on the same machine.
    Loopback,
    /// Anybody on the network, without sign-in (`allow_unauthenticated`).
    Everybody,
}

/// What the web room needs from the rest of the program.
pub struct Parts {
    /// The store, for reading.
    pub store: Store,
    /// The desks.
    pub desks: Desks,
    /// Whose data are shown.
    pub trust: Trust,
    /// The desks of the configuration, in its order.
    pub setups: Vec<DeskSetup>,
    /// The sender that the store tells of committed movements.
    pub live: Live,
    /// The hospital in figures.
    pub overviews: Overviews,
    /// Where the figures of missing notes are asked for.
    pub missing: Asking,
    /// How long folders are usually on their way.
    pub usual: watch::Receiver<Arc<Usual>>,
    /// Where to sweep next, and what is probably not where the next clinics look for it.
    pub ahead: watch::Receiver<Arc<Ahead>>,
    /// How the libraries file.
    pub filings: Arc<Filings>,
    /// The clocks.
    pub clock: Clock,
    /// The hospital's time zone; local times exist only on pages.
    pub time_zone: jiff::tz::TimeZone,
    /// Who can reach the service.
    pub exposure: Exposure,
    /// How the barcodes of new folders are made.
    pub numbering: Numbering,
    /// The printers of labels.
    pub printers: Vec<Setup>,
    /// What labels are printed on and how.
    pub labels: Arc<Files>,
    /// The site's own folder of scanner profiles, if there is one.
    pub profiles: Option<PathBuf>,
    /// What keeps printers from printing.
    pub troubles: watch::Receiver<Vec<PrinterTrouble>>,
    /// How scanners are doing.
    pub scanners: Roster,
    /// Plans of where to look.
    pub locating: Arc<Locating>,
    /// How the parts are that work by themselves.
    pub states: States,
    /// Becomes `true` when the service stops; live streams end at once.
    pub stopping: watch::Receiver<bool>,
}

/// The state of the router. It shows nothing by itself: see [`Viewer`], [`Clerk`], [`Librarian`] and [`Machine`].
#[derive(Clone)]
pub struct Web(Arc<House>);

struct House {
    parts: Parts,
    directory: watch::Receiver<Arc<Directory>>,
    health: watch::Receiver<Health>,
    streams: Arc<Semaphore>,
    acts: Acts,
    shelves: ShelfCounts,
    hub: Hub,
}

impl Web {
    /// Takes what the pages and the interface work on, and starts the hub of the live streams.
    pub fn new(parts: Parts) -> Self {
        let directory = parts.store.directory();
        let health = parts.store.health();
        let sources = Sources {
            store: parts.store.clone(),
            trust: parts.trust.clone(),
            directory: directory.clone(),
            live: parts.live.clone(),
            desks: parts.desks.clone(),
        };
        let hub = Hub::open(sources, parts.stopping.clone());
        let streams = Arc::new(Semaphore::new(MAX_STREAMS));
        let (acts, shelves) = (Acts::default(), ShelfCounts::default());
        Self(Arc::new(House { parts, directory, health, streams, acts, shelves, hub }))
    }
}

/// Somebody who may read where folders are.
#[derive(Clone)]
pub struct Viewer(Arc<House>);

impl Viewer {
    /// Plans of where to look.
    pub fn locating(&self) -> &Locating {
        &self.0.parts.locating
    }

    /// The store, for reading.
    pub fn store(&self) -> &Store {
        &self.0.parts.store
    }

    /// The site's own folder of scanner profiles.
    pub fn profiles(&self) -> Option<&Path> {
        self.0.parts.profiles.as_deref()
    }

    /// Whose data are shown.
    pub fn trust(&self) -> &Trust {
        &self.0.parts.trust
    }

    /// Places and staff as they are now.
    pub fn directory(&self) -> Arc<Directory> {
        self.0.directory.borrow().clone()
    }

    /// The desks of the configuration.
    pub fn setups(&self) -> &[DeskSetup] {
        &self.0.parts.setups
    }

    /// The desk with this code.
    pub fn setup(&self, desk: &Code) -> Option<&DeskSetup> {
        self.setups().iter().find(|setup| setup.code == *desk)
    }

    /// The hospital's old labels.
    pub fn label_rules(&self) -> &[LabelRule] {
        self.0.parts.desks.rules()
    }

    /// How each desk with an open session is doing.
    pub fn pulses(&self) -> HashMap<Code, Pulse> {
        self.0.parts.desks.pulses()
    }

    /// Whether the writer writes.
    pub fn health(&self) -> Health {
        self.0.health.borrow().clone()
    }

    /// How the parts are that work by themselves.
    pub fn states(&self) -> BTreeMap<Part, Told> {
        self.0.parts.states.now()
    }

    /// The hospital in figures; `None` until it has been counted for the first time.
    pub fn overview(&self) -> Option<Arc<Overview>> {
        self.0.parts.overviews.borrow().clone()
    }

    /// What is known of missing notes in a period; asks for it to be counted where nothing is.
    pub fn missing(&self, period: Period) -> Answer {
        self.0.parts.missing.ask(period, self.now())
    }

    /// How long folders are usually on their way, as far as that is learnt.
    pub fn usual(&self) -> Arc<Usual> {
        self.0.parts.usual.borrow().clone()
    }

    /// Where to sweep next, and what is probably not where the next clinics look for it.
    pub fn ahead(&self) -> Arc<Ahead> {
        self.0.parts.ahead.borrow().clone()
    }

    /// How the libraries file.
    pub fn filings(&self) -> &Filings {
        &self.0.parts.filings
    }

    /// The hospital's time zone.
    pub fn time_zone(&self) -> &jiff::tz::TimeZone {
        &self.0.parts.time_zone
    }

    /// The wall clock.
    pub fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    /// The printers of labels, in the order of the configuration.
    pub fn printers(&self) -> &[Setup] {
        &self.0.parts.printers
    }

    /// What labels are printed on and how.
    pub fn labels(&self) -> &Arc<Files> {
        &self.0.parts.labels
    }

    /// What keeps printers from printing now.
    pub fn printer_troubles(&self) -> Vec<PrinterTrouble> {
        self.0.parts.troubles.borrow().clone()
    }

    /// How all scanners are doing now.
    pub fn scanners(&self) -> Vec<ScannerStatus> {
        let pulses = self.pulses();
        self.0.parts.scanners.borrow().iter().map(|health| health.status(&pulses)).collect()
    }

    /// Who can reach the service.
    pub fn exposure(&self) -> Exposure {
        self.0.parts.exposure
    }

    /// How full these shelves are, counted at most a minute ago.
    pub async fn shelf_counts(&self, shelves: &[PlaceId]) -> Result<Vec<ShelfCount>, StoreError> {
        self.0.shelves.of(self.store(), self.trust(), self.now(), shelves).await
    }

    /// Where live streams join.
    pub fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// Becomes `true` when the service stops.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.0.parts.stopping.clone()
    }

    /// Room for one more live stream, or `None` above [`MAX_STREAMS`].
    pub fn stream(&self) -> Option<tokio::sync::OwnedSemaphorePermit> {
        self.0.streams.clone().try_acquire_owned().ok()
    }

    /// Whether this person may learn of this movement; asked at delivery, for every event.
    pub fn may_see(&self, _event: &Event) -> bool {
        true
    }
}

/// Somebody who may work at a desk.
#[derive(Clone)]
pub struct Clerk(Viewer);

impl Clerk {
    /// Gives a session something read or typed and waits for what the clerk is told.
    pub async fn scan(&self, desk: &Code, session: &str, posted: Posted) -> Result<Said, Unheard> {
        self.0.0.parts.desks.scan(desk, session, posted).await
    }

    /// What a session's page shows now.
    pub async fn view(&self, desk: &Code, session: &str) -> Result<SessionView, Unheard> {
        self.0.0.parts.desks.view(desk, session).await
    }

    /// What an open session shows to those beside it.
    pub async fn glance(&self, desk: &Code, session: &str) -> Option<SessionView> {
        self.0.0.parts.desks.glance(desk, session).await
    }

    /// The open sessions of a desk, by name.
    pub fn sessions(&self, desk: &Code) -> Vec<String> {
        self.0.0.parts.desks.sessions(desk)
    }
}

impl Deref for Clerk {
    type Target = Viewer;
    fn deref(&self) -> &Viewer {
        &self.0
    }
}

/// Somebody who may settle questions. Whose badge it was stands in the act; the rules ask for a librarian's.
#[derive(Clone)]
pub struct Librarian(Viewer);

impl Librarian {
    /// Records an act of a page and waits for what came of it.
    pub async fn act(&self, act: PageAct) -> Result<Outcome, Failure> {
        self.0.record(act).await
    }
}

impl Viewer {
    /// For those who may more than look.
    async fn record(&self, act: PageAct) -> Result<Outcome, Failure> {
        let house = &self.0;
        let desk = acts::DESK.parse().map_err(|error| Failure::incident(&error))?;
        let command = house.acts.command(desk, act, house.parts.clock.read());
        acts::submit(&house.parts.store.forms(), command).await
    }
}

impl Deref for Librarian {
    type Target = Viewer;
    fn deref(&self) -> &Viewer {
        &self.0
    }
}

/// Somebody who may make up folders. Whose badge it was stands in the act; the rules ask for that of somebody who works
/// with the paper.
#[derive(Clone)]
pub struct Maker(Viewer);

impl Maker {
    /// Records an act of a page and waits for what came of it.
    pub async fn act(&self, act: PageAct) -> Result<Outcome, Failure> {
        self.0.record(act).await
    }

    /// How the barcode of a new folder is made.
    pub fn numbering(&self) -> &Numbering {
        &self.0.0.parts.numbering
    }
}

impl Deref for Maker {
    type Target = Viewer;
    fn deref(&self) -> &Viewer {
        &self.0
    }
}

/// Somebody who may search for folders, and see where the log thinks that they are. Whose badge it was stands in the act.
#[derive(Clone)]
pub struct Searcher(Viewer);

impl Searcher {
    /// Records an act of a page and waits for what came of it.
    pub async fn act(&self, act: PageAct) -> Result<Outcome, Failure> {
        self.0.record(act).await
    }
}

impl Deref for Searcher {
    type Target = Viewer;
    fn deref(&self) -> &Viewer {
        &self.0
    }
}

/// A program that watches over the service.
#[derive(Clone)]
pub struct Machine(Clerk);

impl Deref for Machine {
    type Target = Clerk;
    fn deref(&self) -> &Clerk {
        &self.0
    }
}

impl FromRequestParts<Web> for Viewer {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut RequestParts, web: &Web) -> Result<Self, Failure> {
        may_enter(&parts.headers, web.0.parts.exposure)?;
        Ok(Self(web.0.clone()))
    }
}

impl FromRequestParts<Web> for Clerk {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut RequestParts, web: &Web) -> Result<Self, Failure> {
        Viewer::from_request_parts(parts, web).await.map(Self)
    }
}

impl FromRequestParts<Web> for Librarian {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut RequestParts, web: &Web) -> Result<Self, Failure> {
        Viewer::from_request_parts(parts, web).await.map(Self)
    }
}

impl FromRequestParts<Web> for Maker {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut RequestParts, web: &Web) -> Result<Self, Failure> {
        Viewer::from_request_parts(parts, web).await.map(Self)
    }
}

impl FromRequestParts<Web> for Searcher {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut RequestParts, web: &Web) -> Result<Self, Failure> {
        Viewer::from_request_parts(parts, web).await.map(Self)
    }
}

impl FromRequestParts<Web> for Machine {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut RequestParts, web: &Web) -> Result<Self, Failure> {
        Clerk::from_request_parts(parts, web).await.map(Self)
    }
}

/// All rights, on this machine only. A page elsewhere that has its name resolved to this machine (DNS rebinding),
/// or a forgotten proxy, comes with another `Host` and is turned away.
fn may_enter(headers: &HeaderMap, exposure: Exposure) -> Result<(), Failure> {
    match exposure {
        Exposure::Everybody => Ok(()),
        Exposure::Loopback if is_loopback(text(headers, &header::HOST).unwrap_or_default()) => Ok(()),
        Exposure::Loopback => Err(Failure::NotFromHere),
    }
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        Some(_) | None => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Turns away what another site's page makes a browser send. Programs send neither header and pass.
pub async fn same_origin(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || is_ours(request.headers()) {
        next.run(request).await
    } else {
        Failure::OtherOrigin.into_response()
    }
}

fn is_ours(headers: &HeaderMap) -> bool {
    if let Some(site) = text(headers, &header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(headers, &header::ORIGIN) else { return true };
    let host = text(headers, &header::HOST).unwrap_or_default();
    origin.split_once("://").is_some_and(|(_, from)| from.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn only_names_of_this_machine_enter_a_loopback_service() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080", "[::1]"] {
            assert!(may_enter(&headers(&[("host", host)]), Exposure::Loopback).is_ok(), "{host}");
        }
        for host in
            ["casetrack.trust.local", "127.0.0.1.evil.example", "10.0.0.1:8080", "localhost.evil.example"]
        {
            assert!(may_enter(&headers(&[("host", host)]), Exposure::Loopback).is_err(), "{host}");
            assert!(may_enter(&headers(&[("host", host)]), Exposure::Everybody).is_ok(), "{host}");
        }
    }

    #[test]
    fn a_post_from_another_site_is_turned_away() {
        let host = ("host", "localhost:8080");
        assert!(is_ours(&headers(&[host])));
        assert!(is_ours(&headers(&[host, ("origin", "http://localhost:8080")])));
        assert!(is_ours(&headers(&[host, ("sec-fetch-site", "same-origin")])));
        assert!(!is_ours(&headers(&[host, ("origin", "http://evil.example")])));
        assert!(!is_ours(&headers(&[host, ("origin", "null")])));
        assert!(!is_ours(&headers(&[host, ("sec-fetch-site", "cross-site")])));
        assert!(!is_ours(&headers(&[host, ("sec-fetch-site", "same-site")])));
    }
}
