//! Scanners: those that the configuration names by path or address, and those that are plugged into USB.
//!
//! ```text
//! plugs (what is there) → standing (whose it is; pure) → supervisor (opens, attaches, holds, forgets)
//!   → line (one scanner: its device's thread ⇄ its session, or held until a pairing card gives it a desk)
//! ```

mod line;
mod plugs;
mod standing;
mod supervisor;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::rooms::Rooms;
use crate::config::{Desk, Scanner};
use crate::desk::Footing;
use crate::desk::scanners::{Health, Now, Roster};
use crate::domain::place::Code;
use crate::scan::port::Address;
use crate::scan::profile::Profile;
pub use line::MAX_HELD;
use line::{Line, Meanings, Surroundings};
pub use plugs::{Plugs, Usb};
pub use supervisor::MAX_SEATS;
use supervisor::{Named, Seated, Supervisor, attach};

/// Pairing cards that may wait for the supervisor, which takes each at once.
const MAX_WANTED: usize = 64;
/// Why a scanner of the configuration is not open that was not there at the start.
const NOT_THERE: &str = "not there: is it plugged in?";

/// How often is looked, and how long is waited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// Between two looks at what is plugged in. A scanner must be usable 2 s after it was plugged in, and the system needs
    /// most of the first of them to make its file.
    pub look: Duration,
    /// Between two looks at what time alone asks for: alarms, and places that are known by now.
    pub tend: Duration,
    /// A scanner that is away for less raises no alarm: a programming barcode restarts it, and it comes back.
    pub restart: Duration,
}

impl Pace {
    /// What a hospital has.
    pub const USUAL: Self = Self {
        look: Duration::from_millis(250),
        tend: Duration::from_secs(1),
        restart: Duration::from_secs(10),
    };
}

/// The running ports.
pub struct Ports {
    say_stop: watch::Sender<bool>,
    supervisor: JoinHandle<()>,
    roster: Roster,
    count: usize,
}

impl Ports {
    /// How many scanners the configuration names.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether it names none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How all scanners are doing.
    pub fn roster(&self) -> Roster {
        self.roster.clone()
    }

    /// Closes all devices; what they read before is with the sessions.
    pub async fn stop(self) {
        // Without a supervisor nobody listens.
        let _ = self.say_stop.send(true);
        let _ = self.supervisor.await;
    }
}

/// A scanner that the configuration names by path or address.
struct Fixed {
    line: Arc<Line>,
    /// The path, where it is one.
    path: Option<PathBuf>,
    desk: (Code, String, Footing),
}

/// Opens a port for each scanner of the configuration, and for those that are plugged in. A device need not be there yet.
pub fn open(rooms: &Arc<Rooms>, plugs: Box<dyn Plugs>, pace: Pace) -> anyhow::Result<Ports> {
    let (wants, wanted) = mpsc::channel(MAX_WANTED);
    let meanings = Meanings { directory: rooms.store.directory(), rules: rooms.config.rules.clone().into() };
    let around = Surroundings { clock: rooms.clock.clone(), meanings: Arc::new(meanings), wants };
    let (say_stop, stopping) = watch::channel(false);
    let (told, roster) = watch::channel(Arc::default());
    // One that is wrong is told before any is open.
    let blocks = blocks(rooms)?;
    let count = blocks.len();
    let (usb, by_path): (Vec<_>, Vec<_>) =
        blocks.into_iter().partition(|block| block.scanner.claim.is_some());
    let fixed =
        by_path.into_iter().map(|block| fixed(rooms, &around, block)).collect::<anyhow::Result<_>>()?;
    let seats = usb.iter().map(|block| named(rooms, &around, block)).collect();
    let rooms = Arc::clone(rooms);
    let supervisor = Supervisor { rooms, around, pace, fixed, seats, pairings: Vec::new(), roster: told };
    supervisor.tell_roster();
    let supervisor = tokio::spawn(supervisor.run(plugs, wanted, stopping));
    Ok(Ports { say_stop, supervisor, roster, count })
}

/// A scanner's block with its profile.
struct Block<'a> {
    desk: &'a Desk,
    scanner: &'a Scanner,
    profile: Profile,
}

impl Block<'_> {
    fn place(&self) -> (Code, String, Footing) {
        (self.desk.setup.code.clone(), self.scanner.session.clone(), Footing::Ours)
    }

    fn line(&self, around: &Surroundings) -> Arc<Line> {
        let Scanner { port, profile, session, .. } = self.scanner;
        let desk = Some((self.desk.setup.code.clone(), session.clone()));
        let now = Now { desk, profile: profile.clone(), ..Now::default() };
        Line::new(Health::new(port.clone(), now), around)
    }
}

fn blocks(rooms: &Rooms) -> anyhow::Result<Vec<Block<'_>>> {
    let folder = rooms.config.profiles_dir();
    let mut blocks = Vec::new();
    for desk in &rooms.config.desks {
        for scanner in &desk.scanners {
            let profile = Profile::named(&scanner.profile, folder.as_deref())
                .with_context(|| format!("the scanner {} of desk {}", scanner.port, desk.setup.code))?;
            blocks.push(Block { desk, scanner, profile });
        }
    }
    Ok(blocks)
}

/// Attached before the first read if that is possible, so that nothing is refused at the start.
fn fixed(rooms: &Rooms, around: &Surroundings, block: Block<'_>) -> anyhow::Result<Fixed> {
    let address: Address = block.scanner.port.parse()?;
    let path = if let Address::Serial(path) = &address { Some(path.clone()) } else { None };
    let (line, desk) = (block.line(around), block.place());
    attach(rooms, &line, Some(&desk));
    line.open(address, block.profile, None)?;
    Ok(Fixed { line, path, desk })
}

/// A USB scanner that the configuration names has its place from the beginning, so that it is missed.
fn named(rooms: &Rooms, around: &Surroundings, block: &Block<'_>) -> (String, Seated) {
    let (line, desk) = (block.line(around), block.place());
    attach(rooms, &line, Some(&desk));
    line.gone(NOT_THERE);
    let seated = Seated { line, plugged: None, last: None, named: Named::ByConfig, desk: Some(desk) };
    (block.scanner.port.clone(), seated)
}
