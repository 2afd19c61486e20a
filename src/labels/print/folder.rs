//! A folder that something else prints from: a file is there whole or not at all.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Lays a file into the folder: under a name that nobody takes for a label, on disk, then under its own.
pub fn lay(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let unfinished = folder.join(format!(".{name}.part"));
    let written = write(&unfinished, bytes).and_then(|()| std::fs::rename(&unfinished, folder.join(name)));
    if written.is_err() {
        // It may never have been there.
        let _ = std::fs::remove_file(&unfinished);
    }
    written?;
    File::open(folder)?.sync_all()
}

fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(file)?;
    file.write_all(bytes)?;
    file.sync_all()
}
