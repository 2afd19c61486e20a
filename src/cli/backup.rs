//! `casetrack backup [FOLDER]`: a copy of the data as they are now, also beside a running service.

use std::ops::ControlFlow;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::progress::{Done, Progress};
use super::{WRONG_USE, out};
use crate::clock::Clock;
use crate::config::Config;
use crate::store::backup::{self, Stage};
use crate::store::{Manifest, back_up};

/// Bytes of what progress counts in.
const MB: u64 = 1_000_000;

/// What `backup` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder that the backup goes into; it must be there [default: the configuration's]
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Print the manifest as JSON
    #[arg(long)]
    json: bool,
}

/// Makes a backup and says what is in it.
pub fn run(config: &Config, args: &Args) -> anyhow::Result<ExitCode> {
    let Some(folder) = args.folder.as_deref().or(config.backup.folder.as_deref()) else {
        out::tell("where to? Name a folder, or write [backup] folder into the configuration");
        return Ok(ExitCode::from(WRONG_USE));
    };
    if shares_disk(folder, &config.data_dir) {
        out::tell("warning: the backup goes to the disk that holds the data, and is lost with it");
    }
    let mut bar = Bar::begin();
    let made = back_up(&config.data_dir, folder, Clock::system().now(), &mut |far| bar.show(far));
    bar.end();
    let made = made?;
    if args.json {
        out::line(serde_json::to_string(&made)?)?;
    } else {
        out::text(as_text(&made, folder))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn as_text(made: &Manifest, folder: &Path) -> String {
    let rows = |table: &str| made.rows.get(table).copied().unwrap_or(0);
    format!(
        "backed up into {}, checked and on disk: {} bytes, {} volumes, {} scans, {} movements\n",
        folder.display(),
        made.bytes,
        rows("volume"),
        rows("scan"),
        rows("movement")
    )
}

/// Whether both lie in one file system.
pub fn shares_disk(one: &Path, other: &Path) -> bool {
    let disk = |path: &Path| std::fs::metadata(path).map(|found| found.dev()).ok();
    disk(one).is_some_and(|found| Some(found) == disk(other))
}

/// How far copying and looking are.
pub struct Bar {
    bar: Progress,
    stage: Option<Stage>,
}

impl Bar {
    /// Before anything is done.
    pub fn begin() -> Self {
        Self { bar: Progress::begin("MB copied"), stage: None }
    }

    /// Shows it; never breaks anything off.
    pub fn show(&mut self, far: backup::Progress) -> ControlFlow<()> {
        if self.stage.is_some_and(|stage| stage != far.stage) {
            self.bar.end();
            self.bar = Progress::begin("MB checked");
        }
        self.stage = Some(far.stage);
        self.bar.show(Done { count: far.done / MB, part: far.done, whole: far.of });
        ControlFlow::Continue(())
    }

    /// Leaves its line.
    pub fn end(&mut self) {
        self.bar.end();
    }
}
