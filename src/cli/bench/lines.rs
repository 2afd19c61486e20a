//! The generator's end of a line: a scanner at the far end of a pty, or one HTTP connection that is kept alive.
//!
//! A line may be written to before its last answer has come: answers come in the order of the scans.

use std::collections::VecDeque;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::scan::pty;

/// What the bench's scanner profile sends for *accept*.
pub const ACCEPT: u8 = 0x06;
/// What it sends for *look*.
pub const LOOK: u8 = 0x07;
/// What it sends for *refuse*.
pub const REFUSE: u8 = 0x15;
/// What it sends for *stop*.
pub const STOP: u8 = 0x13;
/// Most bytes taken at a time: an answer has a few hundred.
const CHUNK: usize = 16 * 1024;
/// Longest head or body of an answer that is waited for.
const ANSWER_MOST: usize = 256 * 1024;

/// What was answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Heard {
    /// Accepted or *look*, or over HTTP any answer 200.
    Accepted,
    /// Refused, *stop*, or over HTTP any other answer.
    Refused,
}

/// Whether somebody is at a line's other end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// Yes.
    Open,
    /// No, and nothing was lost by it.
    Closed,
}

/// Which way a line goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// Through a pseudo terminal, as a serial scanner.
    Pty,
    /// Over HTTP.
    Http,
}

/// One line.
#[derive(Debug)]
pub struct Line {
    fd: OwnedFd,
    way: Way,
    heard: Vec<u8>,
    /// The moments from which the scans under way are timed, the oldest first.
    waiting: VecDeque<i64>,
}

impl Line {
    /// A scanner, and the path by which the product opens it.
    pub fn pty() -> io::Result<(Self, PathBuf)> {
        let (fd, path) = pty::open_pty()?;
        Ok((Self::of(fd, Way::Pty), path))
    }

    /// A connection to `address`.
    pub fn http(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        Ok(Self::of(stream.into(), Way::Http))
    }

    const fn of(fd: OwnedFd, way: Way) -> Self {
        Self { fd, way, heard: Vec::new(), waiting: VecDeque::new() }
    }

    /// Which way it goes.
    pub const fn way(&self) -> Way {
        self.way
    }

    /// How many answers are still to come.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Writes one scan, timed from `from_us`.
    pub fn send(&mut self, bytes: &[u8], from_us: i64) -> anyhow::Result<()> {
        let count = rustix::io::write(&self.fd, bytes).context("writing to a line")?;
        if count != bytes.len() {
            bail!("a line took {count} of {} bytes: nobody reads at its other end", bytes.len());
        }
        self.waiting.push_back(from_us);
        Ok(())
    }

    /// Takes what has come and calls `each` with every answer and the moment its scan is timed from.
    pub fn listen(&mut self, mut each: impl FnMut(Heard, i64)) -> anyhow::Result<End> {
        let mut chunk = [0; CHUNK];
        match rustix::io::read(&self.fd, &mut chunk) {
            // The service closes connections that have long been silent.
            Ok(0) if self.waiting.is_empty() => return Ok(End::Closed),
            Ok(0) => bail!("the other end of a line has closed it, answers outstanding"),
            Ok(count) => self.heard.extend_from_slice(chunk.get(..count).unwrap_or_default()),
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => return Ok(End::Open),
            Err(error) => return Err(error).context("reading from a line"),
        }
        while let Some((heard, used)) = self.next_answer()? {
            self.heard.drain(..used);
            let Some(from_us) = self.waiting.pop_front() else {
                bail!("an answer came that nobody asked for");
            };
            each(heard, from_us);
        }
        Ok(End::Open)
    }

    /// Throws away what was not answered and what came: before a new measurement.
    pub fn forget(&mut self) {
        self.waiting.clear();
        self.heard.clear();
    }

    fn next_answer(&self) -> anyhow::Result<Option<(Heard, usize)>> {
        match self.way {
            Way::Pty => self.heard.first().map(|byte| Ok((signal(*byte)?, 1))).transpose(),
            Way::Http => response(&self.heard),
        }
    }
}

impl AsFd for Line {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

fn signal(byte: u8) -> anyhow::Result<Heard> {
    match byte {
        ACCEPT | LOOK => Ok(Heard::Accepted),
        REFUSE | STOP => Ok(Heard::Refused),
        other => bail!("a scanner was told {other:#04x}, which its profile does not have"),
    }
}

/// The first whole answer of `bytes`: whether it is a 200, and how long it is.
fn response(bytes: &[u8]) -> anyhow::Result<Option<(Heard, usize)>> {
    let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        if bytes.len() > ANSWER_MOST {
            bail!("an answer's head does not end");
        }
        return Ok(None);
    };
    let text = String::from_utf8_lossy(bytes.get(..head).unwrap_or_default()).to_ascii_lowercase();
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let length = lines.find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.unwrap_or("0").trim().parse().context("an answer's length")?;
    let end = head.saturating_add(4).saturating_add(length);
    let outcome = if status == "200" { Heard::Accepted } else { Heard::Refused };
    Ok((bytes.len() >= end).then_some((outcome, end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_only_with_its_body() {
        let text =
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 503 x\r\ncontent-length: 0\r\n\r\n";
        for cut in 0..40 {
            assert_eq!(response(&text[..cut]).unwrap(), None, "{cut}");
        }
        assert_eq!(response(text).unwrap(), Some((Heard::Accepted, 40)));
        assert_eq!(response(&text[40..]).unwrap(), Some((Heard::Refused, 37)));
    }
}
