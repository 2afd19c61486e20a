//! `casetrack restore BACKUP NEW`: a backup becomes a data folder, a new one.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;

use super::backup::Bar;
use super::{FAILED, out};
use crate::clock::Clock;
use crate::config::Config;
use crate::store::backup::restore_and_copy;
use crate::store::copy::Replayed;
use crate::store::{Manifest, StoreError, Trust, restore};

/// What `restore` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The backup (casetrack-….db), or a folder of backups, of which the newest is taken
    #[arg(value_name = "BACKUP")]
    backup: PathBuf,
    /// The data folder to be made; it must not be there
    #[arg(value_name = "NEW-FOLDER")]
    new: PathBuf,
    /// Go on with what the second copy in this folder holds beyond the backup
    #[arg(long, value_name = "FOLDER")]
    and_copy: Option<PathBuf>,
    /// Print the manifest of the backup as JSON
    #[arg(long)]
    json: bool,
}

/// What was done, as JSON.
#[derive(Serialize)]
struct Restored {
    #[serde(flatten)]
    backup: Manifest,
    #[serde(skip_serializing_if = "Option::is_none")]
    copy: Option<Replayed>,
}

/// Restores a backup and says what to do next. Exit 1: the second copy could not be followed to its end.
pub fn run(config: &Config, args: &Args) -> anyhow::Result<ExitCode> {
    let mut bar = Bar::begin();
    let restored = restored(config, args, &mut bar);
    bar.end();
    let restored = restored?;
    if args.json {
        out::line(serde_json::to_string(&restored)?)?;
    } else {
        let until = restored.copy.as_ref().and_then(|copy| copy.until).unwrap_or(restored.backup.made_at);
        out::line(format_args!("restored into {} as of {until}", args.new.display()))?;
    }
    if let Some(copy) = &restored.copy {
        out::tell(followed(copy));
    }
    out::tell(format_args!(
        "what was recorded after that is not in it; next: casetrack verify --data {}",
        args.new.display()
    ));
    let is_whole = restored.copy.is_none_or(|copy| copy.stopped.is_none());
    Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn restored(config: &Config, args: &Args, bar: &mut Bar) -> Result<Restored, StoreError> {
    let (trust, now) = (Trust(config.trust.clone()), Clock::system().now());
    let mut watch = |far| bar.show(far);
    Ok(match &args.and_copy {
        None => {
            let backup = restore(&args.backup, &args.new, &trust, now, &mut watch)?;
            Restored { backup, copy: None }
        }
        Some(copy) => {
            let (backup, copy) = restore_and_copy(&args.backup, copy, &args.new, &trust, now, &mut watch)?;
            Restored { backup, copy: Some(copy) }
        }
    })
}

/// What came of the second copy, in words.
fn followed(copy: &Replayed) -> String {
    let mut words = match copy.until {
        Some(until) => format!(
            "the second copy added {} scans and acts, and all that was changed, up to {until}",
            copy.scans
        ),
        None => "the second copy holds nothing newer than the backup".to_owned(),
    };
    if let Some(why) = &copy.stopped {
        let _ = write!(words, "; it could not be followed further: {why}");
    }
    if copy.unfinished > 0 {
        let _ = write!(words, "; {} lines at its end were being written and are left out", copy.unfinished);
    }
    words
}
