//! One open stream: what was missed first, then what comes, several messages in one write where many come.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};
use tokio::time::Instant;

use super::names::Names;
use super::routes::Routes;
use super::told::{self, Told};
use super::{Carriers, Joined, StreamId, Topic};
use crate::live::{Cursor, Event, MAX_BEHIND};
use crate::store::StoreError;
use crate::web::auth::Viewer;

/// How often a silent stream says that it lives: below the 30 s after which proxies give up.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// After a write, what comes is gathered for so long: a lone change goes at once, a busy place costs twenty writes a
/// second at most, and a page has three quarters of the 200 ms left to show it.
const GATHER: Duration = Duration::from_millis(50);

/// An open stream.
pub struct Feed {
    viewer: Viewer,
    topics: Vec<Topic>,
    queue: mpsc::Receiver<Arc<Told>>,
    stopping: watch::Receiver<bool>,
    /// Said before anything else.
    first: String,
    /// The newest movement that was told, or need not be, when the stream opened.
    told: Cursor,
    said: Instant,
    _permit: OwnedSemaphorePermit,
}

impl Feed {
    /// Watches `topics` from now on, after telling what came after the cursor `seen`. It joins before it reads, so
    /// that nothing falls between. `None`: the service is stopping.
    pub async fn open(
        viewer: Viewer,
        topics: Vec<Topic>,
        unknown: &[String],
        seen: Option<&str>,
        permit: OwnedSemaphorePermit,
    ) -> Result<Option<Self>, StoreError> {
        let Some(Joined { queue, carriers }) = viewer.hub().join(topics.clone()).await else {
            return Ok(None);
        };
        let now = viewer.store().newest(viewer.trust()).await?;
        let (mut first, told) = match seen {
            Some(seen) => replay(&viewer, &topics, carriers, seen, now).await,
            None => (String::new(), now),
        };
        first.push_str(&told::here(told, unknown));
        let stopping = viewer.stopping();
        Ok(Some(Self { viewer, topics, queue, stopping, first, told, said: Instant::now(), _permit: permit }))
    }

    /// The next bytes; `None` ends the stream.
    pub async fn next(&mut self) -> Option<String> {
        let mut stopping = self.stopping.clone();
        let said = tokio::select! {
            biased;
            _ = stopping.wait_for(|stopping| *stopping) => None,
            said = self.next_said() => said,
        };
        self.said = Instant::now();
        said
    }

    async fn next_said(&mut self) -> Option<String> {
        if !self.first.is_empty() {
            return Some(std::mem::take(&mut self.first));
        }
        tokio::time::sleep_until(self.said + GATHER).await;
        let silence = tokio::time::sleep_until(self.said + KEEP_ALIVE);
        tokio::pin!(silence);
        loop {
            if self.queue.is_closed() {
                return self.rejoined().await;
            }
            let told = tokio::select! {
                told = self.queue.recv() => told,
                () = &mut silence => return Some(told::ALIVE.to_owned()),
            };
            if let Some(text) = told.and_then(|told| self.gathered(&told)) {
                return Some(text);
            }
        }
    }

    /// `first` and all that waits behind it, as far as this person may learn of it.
    fn gathered(&mut self, first: &Told) -> Option<String> {
        let mut text = String::new();
        self.say(first, &mut text);
        while let Ok(told) = self.queue.try_recv() {
            self.say(&told, &mut text);
        }
        (!text.is_empty()).then_some(text)
    }

    fn say(&self, told: &Told, text: &mut String) {
        let news = |event: &Event| event.cursor > self.told && self.viewer.may_see(event);
        if told.event.as_ref().is_none_or(news) {
            text.push_str(&told.text);
        }
    }

    /// The queue was lost, and what was in it counts no more: the page loads itself again, and the stream goes on.
    async fn rejoined(&mut self) -> Option<String> {
        self.queue = self.viewer.hub().join(self.topics.clone()).await?.queue;
        self.told = self.viewer.store().newest(self.viewer.trust()).await.ok()?;
        Some(told::reset(self.told))
    }
}

/// Tells again what came after `seen`: all of it in order, or `reset`. A desk has no cursor, so each is told once.
/// With it the newest movement that need not be told again.
async fn replay(
    viewer: &Viewer,
    topics: &[Topic],
    carriers: Carriers,
    seen: &str,
    now: Cursor,
) -> (String, Cursor) {
    let Some((cursor, missed)) = missed(viewer, seen, now).await else { return (told::reset(now), now) };
    let mut routes = Routes::default();
    routes.add(StreamId(0), topics.to_vec());
    for (subject, carriers) in carriers {
        routes.set_carriers(subject, carriers);
    }
    let may_see = missed.iter().filter(|event| viewer.may_see(event));
    let deliveries: Vec<_> = may_see
        .flat_map(|event| routes.concerned(event).into_iter().map(move |delivery| (event, delivery.about)))
        .collect();
    let about = deliveries.iter().map(|(_, about)| *about);
    let names = Names::look_up(viewer.store(), viewer.trust(), viewer.directory(), about).await;
    let moved = deliveries.iter().map(|(event, about)| names.told(event, *about).text);
    let desks = topics.iter().filter_map(|topic| match topic {
        Topic::Desk(desk) => Some(told::changed(desk, None)),
        Topic::Place(_) | Topic::Volume(_) => None,
    });
    (moved.chain(desks).collect(), missed.last().map_or(cursor, |event| event.cursor))
}

/// Everything after `seen`, if the log goes on from there and it is not too much.
async fn missed(viewer: &Viewer, seen: &str, now: Cursor) -> Option<(Cursor, Vec<Event>)> {
    let cursor = Cursor::from_str(seen).ok().filter(|cursor| *cursor <= now)?;
    let missed = viewer.store().events_after(viewer.trust(), cursor).await.ok()?;
    is_gapless(cursor, &missed).then_some((cursor, missed))
}

/// Whether `events` are all that came after `cursor`, and few enough to be told again.
fn is_gapless(cursor: Cursor, events: &[Event]) -> bool {
    events.len() <= MAX_BEHIND && events.iter().all(|event| event.cursor.epoch == cursor.epoch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::VolumeId;
    use crate::domain::movement::Subject;

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
