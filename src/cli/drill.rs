//! `casetrack drill`: restores a backup into a folder of its own, verifies it, and compares it with the live data.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::backup::Bar;
use super::{FAILED, WRONG_USE, out};
use crate::clock::Clock;
use crate::config::Config;
use crate::store::backup::{Backup, drill, newest};
use crate::store::{StoreError, Trust};

/// What `drill` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The backup [default: the newest in the configuration's folder]
    #[arg(long, value_name = "FILE")]
    backup: Option<PathBuf>,
    /// The folder in which it is restored for the while: room for the whole database [default: the backup's]
    #[arg(long = "in", value_name = "FOLDER")]
    room: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Makes a drill, writes its report beside the backup, and prints it. Exit 1 on any difference.
pub fn run(config: &Config, args: &Args) -> anyhow::Result<ExitCode> {
    let Some(backup) = backup(config, args)? else {
        out::tell("there is no backup: make one with casetrack backup, or name one with --backup FILE");
        return Ok(ExitCode::from(WRONG_USE));
    };
    let beside = backup.file.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let room = args.room.as_deref().unwrap_or(beside);
    let (trust, now) = (Trust(config.trust.clone()), Clock::system().now());
    let mut bar = Bar::begin();
    let found = drill(&backup, &config.data_dir, room, &trust, now, &mut |far| bar.show(far));
    bar.end();
    let found = found?;
    let report = found.report(beside)?;
    if args.json {
        out::line(serde_json::to_string(&found)?)?;
    } else {
        out::text(found.as_text())?;
    }
    out::tell(format_args!("the report is {}", report.display()));
    Ok(if found.passed { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn backup(config: &Config, args: &Args) -> Result<Option<Backup>, StoreError> {
    match (&args.backup, &config.backup.folder) {
        (Some(file), _) => Backup::at(file).map(Some),
        (None, Some(folder)) => newest(folder),
        (None, None) => Ok(None),
    }
}
