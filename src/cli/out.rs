//! Where a command's words go: data to stdout, messages to stderr.

use std::fmt::Display;
use std::io::{self, Write};

/// Writes one line of data, at once: a script may wait for it.
pub fn line(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Writes data as they stand.
pub fn text(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    write!(out, "{text}")?;
    out.flush()
}

/// Writes over the line at which the terminal stands. Nobody listening is no fault.
pub fn same_line(text: impl Display) {
    let _ = write!(io::stderr().lock(), "\r{text}");
}

/// Tells the person at the terminal something. Nobody listening is no fault.
pub fn tell(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
