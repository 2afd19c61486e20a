//! The first writing into data that were restored: another life of the log, and no job that would print by itself.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior, named_params};

use super::codec::number_in;
use super::copy_out::state;
use super::open::Safety;
use super::trouble::{Res, Trouble};
use super::{checkpoint, migrate, open};
use crate::clock::{SECOND_US, Timestamp};
use crate::domain::printing::JobState;
use crate::store::backup::Manifest;
use crate::store::{StoreError, Trust};

const SET_EPOCH: &str = "UPDATE meta SET epoch = max(epoch + 1, :seconds) WHERE one = 1";
const DOUBT: &str = "UPDATE print_job SET state = :unknown, sending = NULL, changed = :now, said = :said
    WHERE printer <> '' AND (sending = 1 OR state = :queued)
    -- whole: once, in data that nobody has opened yet";
/// The first version with a print queue.
const WITH_QUEUE: u32 = 4;
/// What is said of a job that had not come to its end when the backup was made.
const RESTORED: &str = "Casetrack was restored from a backup, which does not know whether this was printed since: look, and print it again if not.";
const DOING: &str = "beginning a new life of the log";

/// Checks that the data are what their manifest says, ours and not newer than this program; has the log begin a new life,
/// whose number no other life has: the seconds since 1970, as one backup may be restored twice. All of it is in the one
/// file when this returns.
pub fn begin(dir: &Path, of: &Manifest, trust: &Trust, now: Timestamp) -> Result<(), StoreError> {
    let mut conn = open::writer(dir, Safety::OnDisk).map_err(|error| error.while_doing(DOING))?;
    let schema = migrate::check(&conn, trust)?;
    let found = state(&conn, schema).map_err(|error| error.while_doing(DOING))?;
    let told = (of.schema, of.epoch, of.last_scan, of.last_movement);
    if (found.schema, found.epoch, found.last_scan, found.last_movement) != told {
        return Err(StoreError::Backup("the backup holds other data than its manifest says".to_owned()));
    }
    let begun = write(&mut conn, schema, now).and_then(|()| checkpoint::truncate(&conn));
    begun.map_err(|error| error.while_doing(DOING))?;
    conn.close().map_err(|(_, error)| Trouble::from(error).while_doing(DOING))
}

fn write(conn: &mut Connection, schema: u32, now: Timestamp) -> Res<()> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute(SET_EPOCH, named_params! {":seconds": now.micros() / SECOND_US})?;
    if schema >= WITH_QUEUE {
        transaction.execute(
            DOUBT,
            named_params! {
                ":unknown": number_in(&JobState::ALL, &JobState::Unknown),
                ":queued": number_in(&JobState::ALL, &JobState::Queued),
                ":now": now.micros(),
                ":said": RESTORED,
            },
        )?;
    }
    Ok(transaction.commit()?)
}
