//! One writer a data folder: whoever writes holds the lock of `casetrack.lock`.

use std::fs::{File, OpenOptions};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::store::StoreError;

/// The file whose lock says who writes. It is never deleted: two programs could then lock two files.
pub const FILE: &str = "casetrack.lock";

/// Held until dropped, or until the program ends in whatever way.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

/// Whether anybody writes. Asking takes a share of the lock for an instant: whoever starts in it is told that the folder
/// is in use, and starts again.
pub fn is_taken(dir: &Path) -> bool {
    let Ok(file) = File::open(dir.join(FILE)) else { return false };
    flock(&file, FlockOperation::NonBlockingLockShared) == Err(Errno::WOULDBLOCK)
}

/// Takes the lock on a data folder, or says who has it.
pub fn take(dir: &Path) -> Result<Lock, StoreError> {
    take_file(&dir.join(FILE), || StoreError::InUse(dir.to_owned()))
}

/// Takes the lock of a file, which is made if it is not there; `busy` says what it means that somebody has it.
pub fn take_file(path: &Path, busy: impl FnOnce() -> StoreError) -> Result<Lock, StoreError> {
    let io = |doing: &str, source| StoreError::Io { doing: format!("{doing} {}", path.display()), source };
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|source| io("opening", source))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Lock(file)),
        Err(Errno::WOULDBLOCK) => Err(busy()),
        Err(error) => Err(io("locking", error.into())),
    }
}
