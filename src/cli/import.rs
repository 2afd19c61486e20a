//! `casetrack import KIND FILE.csv`: checks all of a file, then applies its good rows piece by piece.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use serde_json::json;

use super::door::Door;
use super::{FAILED, out};
use crate::config::Config;
use crate::domain::import::RowResult;
use crate::feeds::{Feed, FileProblem, Kind, MAX_FILE_BYTES, MAX_IGNORED_TOLD, Rejected, reject_file};

/// What `import` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the file tells of
    #[arg(value_enum)]
    kind: Word,
    /// The file: CSV with a header row, UTF-8 or Windows-1252
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// Print the counts as JSON
    #[arg(long)]
    json: bool,
}

/// The words of the command line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, clap::ValueEnum)]
enum Word {
    Places,
    Staff,
    Patients,
    Volumes,
    Appointments,
    Movements,
}

impl From<Word> for Kind {
    fn from(word: Word) -> Self {
        match word {
            Word::Places => Self::Places,
            Word::Staff => Self::Staff,
            Word::Patients => Self::Patients,
            Word::Volumes => Self::Volumes,
            Word::Appointments => Self::Appointments,
            Word::Movements => Self::Movements,
        }
    }
}

/// What became of a file's rows.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    added: u64,
    changed: u64,
    same: u64,
    confirmed: u64,
}

/// Rows of which somebody must know.
#[derive(Default)]
struct Aside {
    /// Those that were not taken.
    rejected: Vec<Rejected>,
    /// Those that confirm a patient who was typed in with other details: labels may say the old ones.
    differing: Vec<Rejected>,
}

/// Imports a file. Exit 0: every row is in; 1: some rows, or all, are not.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    let kind = Kind::from(args.kind);
    let feed = open(kind, &args.file)?.in_zone(config.time_zone.clone());
    tell_ignored(&feed);
    check(&feed);
    let mut door = Door::open(config).await?;
    let mut counts = Counts::default();
    let mut aside = Aside::default();
    let applied = apply(&mut door, &feed, &mut counts, &mut aside).await;
    door.close().await;
    aside.rejected.sort_by_key(|row| row.origin.row);
    let rejects = write_rows(&args.file.with_extension("rejected.csv"), &feed, &aside.rejected)?;
    let differs = write_rows(&args.file.with_extension("differs.csv"), &feed, &aside.differing)?;
    tell(&args, counts, &aside, &[rejects, differs])?;
    applied.context("the import has stopped; what is counted above is in: run the same import again")?;
    Ok(if aside.rejected.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn open(kind: Kind, file: &Path) -> anyhow::Result<Feed> {
    let named = || file.display().to_string();
    let length = std::fs::metadata(file).with_context(|| format!("cannot read {}", named()))?.len();
    if length > MAX_FILE_BYTES {
        bail!("{}: {}", named(), FileProblem::TooLarge);
    }
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", named()))?;
    Feed::open(kind, bytes).with_context(named)
}

fn tell_ignored(feed: &Feed) {
    let ignored = feed.ignored_columns();
    if ignored.is_empty() {
        return;
    }
    let told: Vec<_> = ignored.iter().take(MAX_IGNORED_TOLD).copied().collect();
    let more = ignored.len() - told.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    out::tell(format_args!("columns that mean nothing here: {}{more}", told.join(", ")));
}

/// Reads all of the file before anything is applied.
fn check(feed: &Feed) {
    let (mut good, mut bad) = (0, 0);
    for chunk in feed.chunks() {
        good += chunk.origins.len();
        bad += chunk.rejected.len();
    }
    out::tell(format_args!("checked: {good} rows can go in, {bad} cannot"));
}

async fn apply(door: &mut Door, feed: &Feed, counts: &mut Counts, aside: &mut Aside) -> anyhow::Result<()> {
    for mut chunk in feed.chunks() {
        aside.rejected.append(&mut chunk.rejected);
        if chunk.origins.is_empty() {
            continue;
        }
        let results = door.import(feed, &chunk).await?;
        for (origin, result) in chunk.origins.into_iter().zip(results) {
            match result {
                RowResult::Added => counts.added += 1,
                RowResult::Changed => counts.changed += 1,
                RowResult::Same => counts.same += 1,
                RowResult::Confirmed(differs) => {
                    counts.confirmed += 1;
                    aside.differing.extend(differs.map(|reason| Rejected { origin, reason }));
                }
                RowResult::Rejected(reason) => aside.rejected.push(Rejected { origin, reason }),
            }
        }
    }
    Ok(())
}

/// Writes rows with their reasons, readable by their owner only; says where, or nothing where there are none.
fn write_rows(path: &Path, feed: &Feed, rows: &[Rejected]) -> anyhow::Result<Option<String>> {
    let failed = || format!("cannot write {}", path.display());
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error).with_context(failed),
        Ok(()) | Err(_) => {}
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let bytes = reject_file(feed.columns(), rows)?;
    let mut options = std::fs::OpenOptions::new();
    let mut out = options.write(true).create_new(true).mode(0o600).open(path).with_context(failed)?;
    out.write_all(&bytes).with_context(failed)?;
    Ok(Some(path.display().to_string()))
}

fn tell(args: &Args, counts: Counts, aside: &Aside, files: &[Option<String>; 2]) -> anyhow::Result<()> {
    let Counts { added, changed, same, confirmed } = counts;
    let (rejected, differing) = (aside.rejected.len(), aside.differing.len());
    let [rejects, differs] = files;
    if args.json {
        out::line(json!({
            "kind": Kind::from(args.kind).word(), "added": added, "changed": changed, "same": same,
            "confirmed": confirmed, "rejected": rejected, "reject_file": rejects, "differs_file": differs,
        }))?;
    } else {
        out::line(format_args!("{added} added, {changed} changed, {same} same, {rejected} rejected"))?;
    }
    if confirmed > 0 {
        out::tell(format_args!(
            "patients typed in here and now confirmed: {confirmed}; with other details: {differing}"
        ));
    }
    if let Some(file) = rejects {
        out::tell(format_args!("the rejected rows and their reasons stand in {file}"));
    }
    if let Some(file) = differs {
        out::tell(format_args!("what was typed in otherwise, for new labels, stands in {file}"));
    }
    Ok(())
}
