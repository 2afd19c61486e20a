//! `casetrack import KIND FILE.csv`: checks all of a file, then applies its good rows piece by piece.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::intake::Intake;
use super::{FAILED, out};
use crate::app::wire::version;
use crate::config::Config;
use crate::domain::import::{FileDigest, RowResult, Unfinished};
use crate::feeds::{
    Feed, FileProblem, Kind, MAX_FILE_BYTES, MAX_IGNORED_TOLD, Origin, Rejected, reject_file,
};

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

impl Counts {
    /// What an import had done before it was stopped.
    const fn before(earlier: &Unfinished) -> Self {
        let Unfinished { added, changed, same, confirmed, .. } = *earlier;
        Self { added, changed, same, confirmed }
    }
}

impl Aside {
    /// Takes back in mind what an import that was stopped had put aside of these rows.
    fn recall(&mut self, earlier: &Unfinished, origins: Vec<Origin>) {
        let reason = |noted: &[(u64, String)], row: u64| {
            let at = noted.binary_search_by_key(&row, |(row, _)| *row).ok()?;
            noted.get(at).map(|(_, reason)| reason.clone())
        };
        for origin in origins {
            if let Some(reason) = reason(&earlier.rejected, origin.row) {
                self.rejected.push(Rejected { origin, reason });
            } else if let Some(reason) = reason(&earlier.differing, origin.row) {
                self.differing.push(Rejected { origin, reason });
            }
        }
    }
}

/// Imports a file. Exit 0: every row is in; 1: some rows, or all, are not.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    let kind = Kind::from(args.kind);
    let (feed, file) = open(kind, &args.file, &config)?;
    tell_ignored(&feed);
    check(&feed);
    let (mut intake, before) = Intake::open(config, kind, file).await?;
    let in_one_go = intake.is_in_one_go();
    let before = before.unwrap_or_default();
    let mut counts = Counts::before(&before);
    let mut aside = Aside::default();
    let mut applied = apply(&mut intake, &feed, &before, &mut counts, &mut aside).await;
    match &applied {
        Ok(()) => applied = intake.finish().await,
        Err(_) => intake.leave().await,
    }
    if in_one_go && applied.is_err() {
        return applied
            .map(|()| ExitCode::from(FAILED))
            .context("nothing of the file is in: run the same import again");
    }
    aside.rejected.sort_by_key(|row| row.origin.row);
    let rejects = write_rows(&args.file.with_extension("rejected.csv"), &feed, &aside.rejected)?;
    let differs = write_rows(&args.file.with_extension("differs.csv"), &feed, &aside.differing)?;
    tell(&args, counts, &aside, &[rejects, differs])?;
    applied.context("the import has stopped; what is counted above is in: run the same import again")?;
    Ok(if aside.rejected.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn open(kind: Kind, file: &Path, config: &Config) -> anyhow::Result<(Feed, FileDigest)> {
    let named = || file.display().to_string();
    let length = std::fs::metadata(file).with_context(|| format!("cannot read {}", named()))?.len();
    if length > MAX_FILE_BYTES {
        bail!("{}: {}", named(), FileProblem::TooLarge);
    }
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", named()))?;
    let zone = config.time_zone.clone();
    let digest = digest(&[kind.word(), version(), zone.iana_name().unwrap_or_default()], &bytes);
    Ok((Feed::open(kind, bytes).with_context(named)?.in_zone(zone), digest))
}

/// Names a file together with all by which it is read.
fn digest(read_by: &[&str], bytes: &[u8]) -> FileDigest {
    let mut hash = Sha256::new();
    for word in read_by {
        hash.update(word.as_bytes());
        hash.update([0]);
    }
    hash.update(bytes);
    FileDigest(hash.finalize().into())
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

async fn apply(
    intake: &mut Intake,
    feed: &Feed,
    before: &Unfinished,
    counts: &mut Counts,
    aside: &mut Aside,
) -> anyhow::Result<()> {
    for (number, mut chunk) in (0u64..).zip(feed.chunks()) {
        aside.rejected.append(&mut chunk.rejected);
        if number < before.pieces {
            let last = chunk.origins.iter().map(|origin| origin.row).max();
            aside.recall(before, chunk.origins);
            if let Some(row) = last.filter(|_| number + 1 == before.pieces) {
                out::tell(format_args!("going on after row {row}: an earlier import was stopped there"));
            }
            continue;
        }
        if chunk.origins.is_empty() {
            continue;
        }
        let results = intake.import(feed, number, &chunk).await?;
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
