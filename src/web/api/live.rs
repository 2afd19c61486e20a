//! `GET live`: committed movements and changes of desks, as they happen, by server-sent events.
//!
//! An event carries no names of people. Who fell behind, or comes with a cursor of another life of the log, is
//! told `reset` once and reloads.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::str::FromStr;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName};
use axum::response::sse::{Event as Message, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, broadcast, watch};

use super::places::place_named;
use super::scans::desk_named;
use super::{Query, volume_named};
use crate::desk::DeskChanged;
use crate::domain::movement::Subject;
use crate::domain::place::Code;
use crate::domain::whereabouts::State;
use crate::domain::{PlaceId, VolumeId};
use crate::live::{Cursor, Event, MAX_BEHIND};
use crate::web::auth::Viewer;
use crate::web::error::Failure;

/// How often a silent stream says that it lives: below the 30 s after which proxies give up.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// After how long a browser comes back.
const RETRY: Duration = Duration::from_secs(2);

/// What is watched: exactly one of the three.
#[derive(Deserialize)]
pub struct Wanted {
    place: Option<String>,
    volume: Option<String>,
    desk: Option<String>,
}

/// What a stream watches.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Topic {
    Place(PlaceId),
    Volume(VolumeId),
    Desk(Code),
}

/// One movement as it is told.
#[derive(Serialize)]
struct Moved {
    cursor: String,
    kind: &'static str,
    barcode: Option<String>,
    places: Vec<Code>,
}

/// One change of a desk as it is told.
#[derive(Serialize)]
struct Changed<'a> {
    desk: &'a Code,
    session: &'a str,
}

/// The stream.
pub async fn get(
    viewer: Viewer,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let topic = topic(&viewer, wanted).await?;
    let permit = viewer.stream().ok_or(Failure::Busy("Too many live pages are open."))?;
    let mut watcher = Watcher::new(viewer, topic, permit).await?;
    if let Some(seen) = headers.get("last-event-id") {
        watcher.replay(seen.to_str().unwrap_or_default()).await;
    }
    let told = stream::unfold(watcher, |mut watcher| async {
        let message = watcher.next().await?;
        Some((Ok::<_, Infallible>(message), watcher))
    });
    let sse = Sse::new(told).keep_alive(KeepAlive::new().interval(KEEP_ALIVE).text("alive"));
    Ok(([(HeaderName::from_static("x-accel-buffering"), "no")], sse).into_response())
}

async fn topic(viewer: &Viewer, wanted: Wanted) -> Result<Topic, Failure> {
    match (wanted.place, wanted.volume, wanted.desk) {
        (Some(code), None, None) => place_named(viewer, &code).map(Topic::Place),
        (None, Some(barcode), None) => Ok(Topic::Volume(volume_named(viewer, &barcode).await?.brief.id)),
        (None, None, Some(code)) => {
            let desk = desk_named(&code)?;
            match viewer.setup(&desk) {
                Some(setup) => Ok(Topic::Desk(setup.code.clone())),
                None => Err(Failure::NoSuch { what: "desk", name: desk.to_string() }),
            }
        }
        _ => Err(Failure::Malformed("exactly one of place=, volume= and desk= is needed".to_owned())),
    }
}

/// One open stream.
struct Watcher {
    viewer: Viewer,
    topic: Topic,
    events: broadcast::Receiver<Event>,
    desks: broadcast::Receiver<DeskChanged>,
    stopping: watch::Receiver<bool>,
    /// Said before anything else: the first comment line, and what was missed. At most [`MAX_BEHIND`] and one.
    first: VecDeque<Message>,
    /// The newest movement already told by a replay.
    told: Option<Cursor>,
    /// Whether the watched volume was in a container when last looked at.
    contained: bool,
    _permit: OwnedSemaphorePermit,
}

impl Watcher {
    /// Watches from now on.
    async fn new(viewer: Viewer, topic: Topic, permit: OwnedSemaphorePermit) -> Result<Self, Failure> {
        let mut watcher = Self {
            events: viewer.movements_live(),
            desks: viewer.desks_live(),
            stopping: viewer.stopping(),
            viewer,
            topic,
            first: VecDeque::from([Message::default().comment("here").retry(RETRY)]),
            told: None,
            contained: false,
            _permit: permit,
        };
        if let Topic::Volume(id) = watcher.topic {
            watcher.contained = watcher.is_contained(id).await;
        }
        Ok(watcher)
    }

    /// Tells again what came after the last event that the browser saw.
    async fn replay(&mut self, seen: &str) {
        let missed = match Cursor::from_str(seen) {
            Ok(cursor) => {
                self.viewer.store().events_after(self.viewer.trust(), cursor).await.ok().map(|m| (cursor, m))
            }
            Err(_) => None,
        };
        match missed {
            Some((cursor, events)) if is_gapless(cursor, &events) => {
                for event in events {
                    if let Some(message) = self.told_of(&event).await {
                        self.first.push_back(message);
                    }
                    self.told = Some(event.cursor);
                }
            }
            Some(_) | None => self.first.push_back(reset()),
        }
    }

    /// The next message; `None` ends the stream.
    async fn next(&mut self) -> Option<Message> {
        loop {
            if *self.stopping.borrow() {
                return None;
            }
            if let Some(message) = self.first.pop_front() {
                return Some(message);
            }
            tokio::select! {
                stopping = self.stopping.changed() => stopping.ok()?,
                event = self.events.recv() => match event {
                    Ok(event) => if let Some(message) = self.told_of(&event).await { return Some(message) },
                    Err(RecvError::Lagged(_)) => return Some(reset()),
                    Err(RecvError::Closed) => return None,
                },
                change = self.desks.recv() => match change {
                    Ok(change) => if let Some(message) = self.told_of_desk(&change) { return Some(message) },
                    Err(RecvError::Lagged(_)) => return Some(reset()),
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    /// A movement as this stream tells it, if it concerns what is watched.
    async fn told_of(&mut self, event: &Event) -> Option<Message> {
        let known = self.told.is_some_and(|told| event.cursor <= told);
        if known || !self.viewer.may_see(event) || !self.concerns(event).await {
            return None;
        }
        let directory = self.viewer.directory();
        let moved = Moved {
            cursor: event.cursor.to_string(),
            kind: event.kind,
            barcode: self.barcode(event.subject).await,
            places: event.places.iter().filter_map(|id| Some(directory.place(*id)?.code.clone())).collect(),
        };
        Message::default().event("movement").id(event.cursor.to_string()).json_data(moved).ok()
    }

    fn told_of_desk(&self, change: &DeskChanged) -> Option<Message> {
        if self.topic != Topic::Desk(change.desk.clone()) {
            return None;
        }
        let changed = Changed { desk: &change.desk, session: &change.session };
        Message::default().event("desk").json_data(changed).ok()
    }

    /// A folder in a container moves with every movement of its containers.
    async fn concerns(&mut self, event: &Event) -> bool {
        match (&self.topic, event.subject) {
            (Topic::Place(place), _) => event.places.contains(place),
            (Topic::Volume(id), Subject::Volume(moved)) => {
                let (id, same) = (*id, *id == moved);
                if same {
                    self.contained = self.is_contained(id).await;
                }
                same
            }
            (Topic::Volume(id), Subject::Container(_)) if self.contained => {
                self.contained = self.is_contained(*id).await;
                true
            }
            (Topic::Volume(_), Subject::Container(_)) | (Topic::Desk(_), _) => false,
        }
    }

    async fn is_contained(&self, id: VolumeId) -> bool {
        let found = self.viewer.store().volumes(self.viewer.trust(), &[id]).await.unwrap_or_default();
        found.iter().any(|record| record.present.state == State::InContainer)
    }

    async fn barcode(&self, subject: Subject) -> Option<String> {
        match subject {
            Subject::Container(id) => Some(self.viewer.directory().place(id)?.code.to_string()),
            Subject::Volume(id) => {
                let found = self.viewer.store().volumes(self.viewer.trust(), &[id]).await.ok()?;
                found.first().map(|record| record.brief.barcode.to_string())
            }
        }
    }
}

/// Whether `events` are all that came after `cursor`, and few enough to be told again.
fn is_gapless(cursor: Cursor, events: &[Event]) -> bool {
    events.len() <= MAX_BEHIND && events.iter().all(|event| event.cursor.epoch == cursor.epoch)
}

/// Tells the page to load itself again.
fn reset() -> Message {
    Message::default().event("reset").data("reload")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(epoch: u64, number: u64) -> Event {
        Event {
            cursor: Cursor { epoch, number },
            subject: Subject::Volume(VolumeId::new(1)),
            places: Vec::new(),
            kind: "arrived",
        }
    }

    #[test]
    fn a_page_that_slept_through_a_restore_or_too_much_reloads() {
        let cursor = Cursor { epoch: 1, number: 5 };
        assert!(is_gapless(cursor, &[]));
        assert!(is_gapless(cursor, &[event(1, 6)]));
        assert!(!is_gapless(cursor, &[event(2, 6)]));
        let many: Vec<_> = (0..1_001).map(|number| event(1, number)).collect();
        assert!(!is_gapless(cursor, &many));
    }
}
