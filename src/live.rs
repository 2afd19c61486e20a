//! Committed movements, as they reach those who watch. No names: who may see what is checked at delivery.

use tokio::sync::broadcast;

use crate::domain::PlaceId;
use crate::domain::movement::Subject;

/// Events kept for a slow reader; one that falls further behind is told to reload.
pub const MAX_BEHIND: usize = 1_000;

/// The kind of event that says that a volume that was searched for has turned up: it rings in its library.
pub const TURNED_UP: &str = "turned-up";
/// The kind of event that says that something else has happened to a search.
pub const SEARCH: &str = "search";

/// Where the log stands: numbers follow the order of commits; a restore starts a new epoch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Cursor {
    /// Which life of the log.
    pub epoch: u64,
    /// The number of the last movement.
    pub number: u64,
}

/// `epoch-number`, the form of an SSE id.
impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.epoch, self.number)
    }
}

/// Reads that form, and `epoch.number` as exports name it.
impl std::str::FromStr for Cursor {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (epoch, number) = text.split_once(['-', '.']).unwrap_or((text, ""));
        Ok(Self { epoch: epoch.parse()?, number: number.parse()? })
    }
}

/// One committed movement, or what happened to a search.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// Where the log stands with it.
    pub cursor: Cursor,
    /// What moved.
    pub subject: Subject,
    /// The places whose pages change: where it was, is, or is bound for, and the containers it left and is in.
    pub places: Vec<PlaceId>,
    /// The word for what became of it.
    pub kind: &'static str,
}

/// Where committed movements are told. Clones tell the same readers.
#[derive(Clone, Debug)]
pub struct Live(broadcast::Sender<Event>);

impl Default for Live {
    fn default() -> Self {
        Self(broadcast::channel(MAX_BEHIND).0)
    }
}

impl Live {
    /// Tells everybody who watches; costs nothing where nobody does.
    pub fn tell(&self, event: Event) {
        // An error only says that nobody watches.
        let _ = self.0.send(event);
    }

    /// How many receivers each event is sent to: what watching costs the writer.
    pub fn receivers(&self) -> usize {
        self.0.receiver_count()
    }

    /// Watches from now on. A reader that gets `Lagged` reloads its page.
    pub fn watch(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }
}
