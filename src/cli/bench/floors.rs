//! Floors that need no load: an append that is on disk, and a pty answered by one thread.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread::JoinHandle;

use anyhow::Context;

use super::bare::bare_scan;
use super::generator::Generator;
use super::lines::{ACCEPT, Line};
use super::work::Work;
use crate::clock::Clock;
use crate::store::floor::{BareWriter, Waiting};

/// One append of the plainest kind.
const BLOCK: [u8; 4_096] = [0x5A; 4_096];

/// A file that is appended to and synced.
#[derive(Debug)]
pub struct Append {
    file: File,
    clock: Clock,
}

impl Append {
    /// A new file in `dir`.
    pub fn new(dir: &Path, clock: Clock) -> anyhow::Result<Self> {
        let file = File::create(dir.join("append")).context("making the file for the disk's floor")?;
        Ok(Self { file, clock })
    }

    /// 4 KiB at the end, and fdatasync: how long both took.
    pub fn one(&mut self) -> anyhow::Result<i64> {
        let from = self.clock.read().boot_us;
        self.file.write_all(&BLOCK).context("appending")?;
        self.file.sync_data().context("syncing an append")?;
        Ok(self.clock.read().boot_us - from)
    }
}

/// A pty whose near end is served by one thread that reads a scan, makes one bare commit and answers.
pub struct Echo {
    /// The far end; its only line is number 0.
    pub far: Generator,
    thread: JoinHandle<anyhow::Result<BareWriter>>,
}

impl Echo {
    /// Starts the thread, which has the writer until [`Echo::end`].
    pub fn start(mut writer: BareWriter, work: Work, far_work: Work, clock: Clock) -> anyhow::Result<Self> {
        let (line, path) = Line::pty().context("making a pty")?;
        // O_NOCTTY: a service without a terminal must not get this one as its own.
        let near = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(i32::try_from(rustix::fs::OFlags::NOCTTY.bits())?)
            .open(path)
            .context("opening a pty's near end")?;
        let echo_clock = clock.clone();
        let thread = std::thread::Builder::new()
            .name("pty-echo".to_owned())
            .spawn(move || {
                echo(near, &mut writer, work, &echo_clock)?;
                Ok(writer)
            })
            .context("no thread for the echo")?;
        Ok(Self { far: Generator::new(vec![line], clock, far_work)?, thread })
    }

    /// Hangs up, and gives the writer back.
    pub fn end(self) -> anyhow::Result<BareWriter> {
        drop(self.far);
        self.thread.join().map_err(|_| anyhow::anyhow!("the echo failed"))?
    }
}

fn echo(mut near: File, writer: &mut BareWriter, mut work: Work, clock: &Clock) -> anyhow::Result<()> {
    let mut buffer = [0; 256];
    loop {
        // Zero bytes or an error: the far end has hung up.
        let Ok(count @ 1..) = near.read(&mut buffer) else { return Ok(()) };
        if buffer.get(count - 1) != Some(&b'\r') {
            continue;
        }
        writer.write(&[bare_scan(&mut work, clock, 0)])?;
        near.write_all(&[ACCEPT]).context("answering at the pty")?;
        writer.tend_log(Waiting::None)?;
    }
}
