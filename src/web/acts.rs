//! What people do on pages: acts without a scan, at a reserved desk of their own.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::api::scans::bare;
use super::error::Failure;
use crate::clock::Reading;
use crate::domain::barcode::{self, Code, Entry};
use crate::domain::command::{Act, Clocks, Command, Moment, Naming, Outcome, Run, Scan, SessionAfter};
use crate::domain::directory::Directory;
use crate::domain::place;
use crate::domain::{PlaceId, ScanId, StaffId};
use crate::store::Submission;

/// The reserved desk of pages.
pub const DESK: &str = "~WEB";
/// How long a page waits for an outcome: as long as a desk does. Later, the same form asks again with its id.
const WAIT_AT_MOST: Duration = Duration::from_secs(2);

/// Whose badge was scanned or typed; nobody's where it is none.
pub fn whose_badge(badge: &str, directory: &Directory) -> Option<StaffId> {
    let (aim, text) = bare(badge);
    match barcode::read(text, aim, Entry::Scanned, &[], directory) {
        Code::Staff(id) => Some(id),
        Code::Card(_)
        | Code::Place(_)
        | Code::Container(_)
        | Code::Folder(_)
        | Code::Patient(_)
        | Code::Unusable(_) => None,
    }
}

/// One act of one person on a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageAct {
    /// Made with the form, so that sending it twice does it once.
    pub id: Uuid,
    /// Whose badge was given.
    pub person: Option<StaffId>,
    /// What was said, as the log shows it; names no patient.
    pub text: String,
    /// What it asks for.
    pub act: Act,
}

/// The one run of all pages of this service, and how many acts it had.
#[derive(Debug)]
pub struct Acts {
    incarnation: Uuid,
    count: AtomicU64,
}

/// A new run. The incarnation is random: no two services share one.
impl Default for Acts {
    fn default() -> Self {
        Self { incarnation: Uuid::now_v7(), count: AtomicU64::new(0) }
    }
}

impl Acts {
    /// The act as the store takes it.
    pub fn command(&self, desk: place::Code, page: PageAct, now: Reading) -> Command {
        let number = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let scan = Scan {
            id: ScanId::new(page.id),
            desk,
            desk_place: PlaceId::new(0),
            session: "page".to_owned(),
            run: Run { incarnation: self.incarnation, boot: None },
            number,
            scanner: "page".to_owned(),
            person: page.person,
            batch: None,
            position: 0,
            clocks: Clocks { happened: now.wall, wall: now.wall, boot_us: now.boot_us, uncertainty_us: 0 },
            text: page.text,
            aim: None,
            entry: Entry::Typed,
            naming: Naming::Ours,
        };
        Command { scan, act: page.act, moment: Moment::Now, session: SessionAfter::default() }
    }
}

/// Sends a command and waits for what came of it.
pub async fn submit(forms: &mpsc::Sender<Submission>, command: Command) -> Result<Outcome, Failure> {
    let (reply, outcome) = oneshot::channel();
    forms.try_send((command, reply)).map_err(|error| match error {
        mpsc::error::TrySendError::Full(_) => Failure::Busy("Too many forms wait. Send this one again."),
        mpsc::error::TrySendError::Closed(_) => Failure::Down,
    })?;
    match tokio::time::timeout(WAIT_AT_MOST, outcome).await {
        Ok(Ok(outcome)) => outcome.map_err(|why| Failure::of_page(&why)),
        Ok(Err(_)) => Err(Failure::Down),
        Err(_) => Err(Failure::NotKnownYet),
    }
}
