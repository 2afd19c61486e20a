//! Scanning by hand: what somebody writes to a named pipe is scanned at that desk.
//!
//! A pseudo terminal's near end belongs to the service; bytes written there by somebody else would go to the far
//! end, as a beep does. So there is a pipe beside it, and the demo carries the bytes over.

use std::path::PathBuf;

use anyhow::Context as _;
use futures_util::future::{BoxFuture, FutureExt as _};
use rustix::fs::{CWD, FileType, Mode};
use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe;
use tokio::task::JoinSet;

use super::Folder;
use crate::scan::pty::VirtualScanner;

/// Bytes carried over at a time.
const PIECE: usize = 256;

/// The scanner that a pipe is carried over to.
pub fn scanner(folder: &Folder, desk: &str) -> PathBuf {
    folder.scanners().join(format!("{desk}-by-hand"))
}

/// Makes the pipes and their scanners; the future carries over until one of them fails.
pub fn listen(folder: &Folder, desks: &[&str]) -> anyhow::Result<BoxFuture<'static, anyhow::Result<()>>> {
    let mut carriers = JoinSet::new();
    for desk in desks {
        let path = scanner(folder, desk);
        let scanner = VirtualScanner::linked(&path)
            .with_context(|| format!("opening a virtual scanner at {}", path.display()))?;
        let path = folder.by_hand().join(desk);
        rustix::fs::mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)
            .with_context(|| format!("making the pipe {}", path.display()))?;
        // Open for writing too, so that it does not end when a writer closes it.
        let pipe = pipe::OpenOptions::new()
            .read_write(true)
            .open_receiver(&path)
            .with_context(|| format!("opening the pipe {}", path.display()))?;
        carriers.spawn(carry(pipe, scanner));
    }
    let all =
        async move { carriers.join_next().await.map_or(Ok(()), |ended| ended.context("scanning by hand")?) };
    Ok(all.boxed())
}

async fn carry(mut pipe: pipe::Receiver, scanner: VirtualScanner) -> anyhow::Result<()> {
    let mut buffer = [0; PIECE];
    loop {
        let count = pipe.read(&mut buffer).await.context("reading what is scanned by hand")?;
        if let Err(error) = scanner.send(buffer.get(..count).unwrap_or_default()) {
            tracing::warn!(%error, "a virtual scanner is not listened to");
        }
        // The service tells the scanner to beep; nobody is there to hear it.
        scanner.heard();
    }
}
