//! Checking a store: the log, the projection against the log, and, while nobody writes, the file itself.
//!
//! All is walked in slices, each in a transaction of its own, so that the write-ahead log is never held back, and what is
//! kept from slice to slice does not grow. Whatever is compared is compared inside one slice: its both sides are of one
//! state of the data, and what desks scan between two slices is no difference.
//!
//! The log is read twice, each time in the order in which it lies on disk: the movements by their keys, then the index by
//! subject, which names every movement of a folder. A sum over each says whether both hold the same. Of a subject only
//! the movements that decide are looked up, by the domain's own fold; so a log of a hundred million movements is not read
//! in an order in which it does not lie.

mod beside;
mod log;
mod words;

use std::path::Path;
use std::thread::JoinHandle;

use rusqlite::{Connection, Row};

use super::find::{all, one};
use super::reader::in_one_state;
use super::trouble::{Res, Trouble};
use super::{lock, migrate, open};
use crate::store::StoreError;
use crate::store::verify::{Depth, Far, VerifyReport};

const NEWEST: &str = "SELECT ifnull(max(key), 0) FROM movement";
const QUICK_CHECK: &str = "PRAGMA quick_check(1)";
const FOREIGN_KEYS: &str = "PRAGMA foreign_key_check";

/// Movements of one slice, or as many as a subject that is looked up is worth: some 20 ms.
const SLICE: u64 = 20_000;
/// What looking up where one subject stands costs, in movements that are only read.
const SUBJECT_COSTS: u64 = 16;
/// Volumes, patients or scans of one slice that are compared by key.
const SLICE_KEYS: i64 = 20_000;
/// A verification's parts of thousand, for whoever wants to know how far it is.
const WHOLE: u64 = 1_000;

/// What one slice works on.
struct Slice<'a> {
    conn: &'a Connection,
    /// After which key or subject it begins.
    after: i64,
    /// The last movement that is looked at: later ones are the next verification's.
    upto: i64,
    /// How much it may do.
    budget: u64,
    sums: &'a mut Sums,
    report: &'a mut VerifyReport,
}

/// What the movements add up to, as they lie and by their index: the order does not matter to a sum.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Sums {
    rows: u64,
    index: u64,
    /// Entries of the index that were added.
    entries: u64,
    /// The last subject there is, for how far a verification is.
    last_subject: i64,
}

impl Sums {
    const fn agree(self) -> bool {
        self.rows == self.index
    }
}

/// One way of looking, slice by slice; says after what the next slice begins, or that there is none.
type Look = fn(&mut Slice<'_>) -> Res<Option<i64>>;

/// Everything that is looked at, in this order, and how many parts of [`WHOLE`] it is of a large hospital's time.
const LOOKS: [(Look, u64); 11] = [
    (log::movements, 350),
    (log::subjects, 500),
    (log::not_in_the_index, 0),
    (log::only_in_the_index, 0),
    (log::strays, 30),
    (beside::holds, 40),
    (beside::names, 40),
    (beside::pairings, 0),
    (beside::texts, 30),
    (beside::searches, 5),
    (beside::combines, 5),
];

/// A verification that goes on slice by slice.
#[derive(Debug)]
pub struct Verification {
    conn: Connection,
    /// The check of the file itself, beside the slices; it ends with them.
    file: Option<JoinHandle<Res<Option<String>>>>,
    upto: i64,
    look: usize,
    after: i64,
    sums: Sums,
    report: VerifyReport,
}

impl Verification {
    /// Begins anew over the data of a folder, also beside whoever writes. The file itself is checked on a thread of its own,
    /// if that is wanted and nobody writes: that takes one long transaction.
    pub fn begin(dir: &Path, depth: Depth) -> Result<Self, StoreError> {
        let doing = "verifying the data";
        let open = || open::reader(dir).map_err(|error| error.while_doing(doing));
        let conn = open()?;
        migrate::check_newest(migrate::version(&conn)?)?;
        let file = if depth == Depth::FileToo && !lock::is_taken(dir) {
            let conn = open()?;
            Some(std::thread::spawn(move || damage(&conn)))
        } else {
            None
        };
        let upto = one(&conn, NEWEST, [], |row| Ok(row.get(0)?)).map_err(|error| error.while_doing(doing))?;
        let upto = upto.unwrap_or(0);
        let (sums, report) = (Sums::default(), VerifyReport::default());
        Ok(Self { conn, file, upto, look: 0, after: 0, sums, report })
    }

    /// Looks at one slice, of the usual size divided by `by`; says whether there is more.
    pub fn step(&mut self, by: u64) -> Result<bool, StoreError> {
        let Some((look, _)) = LOOKS.get(self.look) else { return self.end().map(|()| false) };
        let Self { conn, upto, after, sums, report, .. } = self;
        let (after, upto, budget) = (*after, *upto, (SLICE / by.max(1)).max(1));
        let next = in_one_state(conn, |conn| look(&mut Slice { conn, after, upto, budget, sums, report }));
        if let Some(after) = next.map_err(|error| error.while_doing("verifying the data"))? {
            self.after = after;
        } else {
            (self.look, self.after) = (self.look + 1, 0);
        }
        Ok(true)
    }

    /// Waits for the check of the file.
    fn end(&mut self) -> Result<(), StoreError> {
        let Some(file) = self.file.take() else { return Ok(()) };
        let ended =
            file.join().unwrap_or_else(|_| Err(Trouble::Ours("the check of the file panicked".to_owned())));
        self.report.damage = ended.map_err(|error| error.while_doing("verifying the data"))?;
        self.report.file_checked = true;
        Ok(())
    }

    /// How far it is.
    pub fn far(&self) -> Far {
        let before: u64 = LOOKS.iter().take(self.look).map(|(_, parts)| parts).sum();
        let parts = LOOKS.get(self.look).map_or(0, |(_, parts)| *parts);
        let gone = |last: i64| {
            let (after, last) = (self.after.max(0).cast_unsigned(), last.max(1).cast_unsigned());
            u64::try_from(u128::from(parts) * u128::from(after.min(last)) / u128::from(last)).unwrap_or(0)
        };
        let within = match self.look {
            0 => gone(self.upto),
            1 => gone(self.sums.last_subject),
            _ => 0,
        };
        // Each movement is met twice: where it lies, and in the index.
        let movements = u64::midpoint(self.report.movements, self.sums.entries);
        Far { movements, part: before + within, whole: WHOLE }
    }

    /// What was found so far.
    pub const fn report(&self) -> &VerifyReport {
        &self.report
    }
}

/// Verifies all of it at once.
pub fn verify(dir: &Path) -> Result<VerifyReport, StoreError> {
    let mut verification = Verification::begin(dir, Depth::FileToo)?;
    while verification.step(1)? {}
    Ok(verification.report)
}

fn damage(conn: &Connection) -> Res<Option<String>> {
    let said: String = conn.query_row(QUICK_CHECK, [], |row| row.get(0))?;
    if said != "ok" {
        return Ok(Some(said));
    }
    let strays = all(conn, FOREIGN_KEYS, [], |row: &Row<'_>| Ok(row.get::<_, String>(0)?))?;
    Ok(strays.first().map(|table| format!("a row of {table} names what is not there")))
}

impl Slice<'_> {
    fn differs(&mut self, what: impl FnOnce(&Connection) -> Res<String>) -> Res<()> {
        if self.report.first.is_none() {
            self.report.first = Some(what(self.conn)?);
        }
        self.report.differences += 1;
        Ok(())
    }

    /// The end of a slice of keys, and whether it is the last.
    fn keys(&self, last: &str) -> Res<Option<i64>> {
        let last: i64 = one(self.conn, last, [], |row| Ok(row.get(0)?))?.unwrap_or(0);
        Ok((self.after < last).then(|| self.after.saturating_add(SLICE_KEYS)))
    }
}
