//! The product's own commands, each in a process of its own, timed from its start to its end.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, bail};

use crate::clock::Clock;

/// How much of a failed command's messages is told.
const TOLD_MOST: usize = 2_000;

/// A command at work.
#[derive(Debug)]
pub struct Program {
    child: Child,
    what: String,
    said: PathBuf,
    out: PathBuf,
    started_us: i64,
    clock: Clock,
}

/// A command that did all that was asked.
#[derive(Debug)]
pub struct Done {
    /// From its start to its end, in microseconds.
    pub took_us: i64,
    /// What it wrote to stdout.
    pub out: String,
}

impl Program {
    /// Starts `casetrack` with these arguments. Its words go to files beside the configuration, named for the command.
    pub fn start(config: &Path, arguments: &[&OsStr], clock: &Clock) -> anyhow::Result<Self> {
        let what = arguments.first().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (said, out) =
            (config.with_file_name(format!("{what}.log")), config.with_file_name(format!("{what}.out")));
        let file = |path: &Path| File::create(path).with_context(|| format!("making {}", path.display()));
        let started_us = clock.read().boot_us;
        let child = Command::new(std::env::current_exe().context("finding this program")?)
            .args(arguments)
            .arg("--config")
            .arg(config)
            .stdin(Stdio::null())
            .stdout(file(&out)?)
            .stderr(file(&said)?)
            .spawn()
            .with_context(|| format!("starting {what}"))?;
        Ok(Self { child, what, said, out, started_us, clock: clock.clone() })
    }

    /// Whether it has ended, well or not.
    pub fn is_over(&mut self) -> anyhow::Result<bool> {
        Ok(self.child.try_wait().context("looking at a command")?.is_some())
    }

    /// Waits for its end; an end with a complaint is an error.
    pub fn finish(mut self) -> anyhow::Result<Done> {
        let status = self.child.wait().context("waiting for a command")?;
        let took_us = self.clock.read().boot_us - self.started_us;
        self.judge(status)?;
        Ok(Done { took_us, out: std::fs::read_to_string(&self.out).context("reading what a command wrote")? })
    }

    fn judge(&self, status: ExitStatus) -> anyhow::Result<()> {
        if status.success() {
            return Ok(());
        }
        let said = std::fs::read_to_string(&self.said).unwrap_or_default();
        let first = said.char_indices().rev().nth(TOLD_MOST).map_or(0, |(at, _)| at);
        bail!("{} ended with {status}: {}", self.what, said.get(first..).unwrap_or_default())
    }
}

/// A command is never left behind, however the bench ends.
impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            // What cannot be killed has ended.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Runs a command to its end.
pub fn run(config: &Path, arguments: &[&OsStr], clock: &Clock) -> anyhow::Result<Done> {
    Program::start(config, arguments, clock)?.finish()
}
