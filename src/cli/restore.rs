//! `casetrack restore BACKUP NEW`: a backup becomes a data folder, a new one.

use std::path::PathBuf;
use std::process::ExitCode;

use super::backup::Bar;
use super::out;
use crate::clock::Clock;
use crate::config::Config;
use crate::store::{Trust, restore};

/// What `restore` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The backup (casetrack-….db), or a folder of backups, of which the newest is taken
    #[arg(value_name = "BACKUP")]
    backup: PathBuf,
    /// The data folder to be made; it must not be there
    #[arg(value_name = "NEW-FOLDER")]
    new: PathBuf,
    /// Print the manifest of the backup as JSON
    #[arg(long)]
    json: bool,
}

/// Restores a backup and says what to do next.
pub fn run(config: &Config, args: &Args) -> anyhow::Result<ExitCode> {
    let mut bar = Bar::begin();
    let (trust, now) = (Trust(config.trust.clone()), Clock::system().now());
    let restored = restore(&args.backup, &args.new, &trust, now, &mut |far| bar.show(far));
    bar.end();
    let manifest = restored?;
    if args.json {
        out::line(serde_json::to_string(&manifest)?)?;
    } else {
        out::line(format_args!("restored into {} as of {}", args.new.display(), manifest.made_at))?;
        out::tell(format_args!(
            "what was recorded after that is not in it; next: casetrack verify --data {}",
            args.new.display()
        ));
    }
    Ok(ExitCode::SUCCESS)
}
