//! `casetrack import KIND FILE.csv`: checks all of a file, then applies its good rows piece by piece.

mod aside;
mod tally;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use serde_json::json;

use super::intake::Intake;
use super::progress::Progress;
use super::{FAILED, out};
use crate::app::wire::version;
use crate::config::Config;
use crate::domain::import::{RowResult, Unfinished};
use crate::feeds::{Checked, Chunk, Feed, FeedFile, Kind, MAX_IGNORED_TOLD, Origin, Rejected, WrongFeed};
use crate::web::figures::number;
use aside::Aside;
use tally::Tally;

/// What a feed file looks like, for `--help`.
const FEED_HELP: &str = r#"A feed file says how another system writes its files:

  kind = "patients"
  encoding = "windows-1252"            # else each row as it is
  dates = ["DD/MM/YYYY HH:MM", "CCYYMMDD"]
  empty = ["NULL"]                     # texts that mean: nothing is there

  [column]                             # ours = theirs
  site = { is = "RX1" }                # always this
  hospital_number = "PAS No"
  nhs_number = "NHS No"
  surname = "Surname"
  forename = "Forename"
  born = { from = "DOB", dates = ["CCYYMMDD"] }
  died = "Date of Death"

  [totals]                             # lines at the end that tell of nobody
  begins = ["Total", "Printed by"]

Also: delimiter = "|", title_lines = 2, columns = ["PAS No", …] where no row names them,
starts_at = ["Date", "Time"] for two columns in one, and
kind = { from = "Type", codes = { OP = "clinic", "*" = "other" } } for their codes.
`casetrack check-config` looks at every feed file in the folder `feeds` beside the configuration."#;

/// What `import` takes.
#[derive(Debug, clap::Args)]
#[command(after_long_help = FEED_HELP)]
pub struct Args {
    /// What the file tells of
    #[arg(value_enum)]
    kind: Word,
    /// The file: CSV with a header row, UTF-8 or Windows-1252, unless a feed file says otherwise
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// How the file is written: a feed file, or the name of one in the folder `feeds` beside the configuration
    #[arg(long, value_name = "FEED")]
    feed: Option<PathBuf>,
    /// Say what would happen, and write nothing but the reject file
    #[arg(long)]
    dry_run: bool,
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

/// An import on its way.
struct Import<'a> {
    feed: &'a Feed,
    /// What an earlier import of the file had done before it was stopped.
    before: Unfinished,
    tally: Tally,
    /// Rows that were not taken.
    rejected: Aside<'a>,
    /// Rows that confirm a patient who was typed in with other details: labels may say the old ones.
    differing: Aside<'a>,
}

/// Imports a file. Exit 0: every row is in; 1: some rows, or all, are not.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    let mut feed = open(&config, &args)?;
    tell_ignored(&feed);
    let (checked, checking) = check(&mut feed)?;
    let (mut intake, before) = way(config, &args, &feed).await?;
    let in_one_go = intake.is_in_one_go();
    let mut import = Import::begin(&feed, &args.file, before)?;
    let rows = u64::try_from(checked.good + checked.rejected).unwrap_or(u64::MAX);
    let mut progress = Progress::begin_of("rows", rows);
    let mut applied = import.apply(&mut intake, &mut progress).await;
    match &applied {
        Ok(()) => applied = intake.finish().await,
        Err(_) => intake.leave().await,
    }
    let took = checking + progress.end();
    if in_one_go && applied.is_err() {
        import.discard();
        return applied
            .map(|()| ExitCode::from(FAILED))
            .context("nothing of the file is in: run the same import again");
    }
    let done = import.end()?;
    done.tell(&args, &checked, took)?;
    applied.context("the import has stopped; what is counted above is in: run the same import again")?;
    Ok(if done.tally.rejected == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn open(config: &Config, args: &Args) -> anyhow::Result<Feed> {
    let kind = Kind::from(args.kind);
    let file_of_feed = match &args.feed {
        None => FeedFile::ours(kind),
        Some(feed) => feed_file(kind, &config.feed(feed))?,
    };
    let named = || args.file.display().to_string();
    let file = File::open(&args.file).with_context(|| format!("cannot read {}", named()))?;
    let feed = Feed::read(file_of_feed, file).with_context(named)?.in_zone(config.time_zone.clone());
    Ok(if args.dry_run { feed.for_rehearsal() } else { feed })
}

/// The way into the data, or for a dry run there and back; how far an earlier import came that was stopped.
async fn way(config: Config, args: &Args, feed: &Feed) -> anyhow::Result<(Intake, Unfinished)> {
    let zone = config.time_zone.iana_name().unwrap_or_default().to_owned();
    let file = feed.digest(&[feed.kind().word(), version(), &zone])?;
    if args.dry_run {
        return Ok((Intake::rehearse(config, file).await?, Unfinished::default()));
    }
    let (intake, before) = Intake::open(config, feed.kind(), file).await?;
    Ok((intake, before.unwrap_or_default()))
}

fn feed_file(kind: Kind, path: &Path) -> Result<FeedFile, WrongFeed> {
    let feed = FeedFile::load(path)?;
    if feed.kind == kind {
        return Ok(feed);
    }
    Err(WrongFeed::OtherKind { file: path.to_owned(), is: feed.kind, wanted: kind })
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

/// Reads all of the file before anything is applied; what is in it, and how long that took.
fn check(feed: &mut Feed) -> anyhow::Result<(Checked, Duration)> {
    let mut progress = Progress::begin_of("bytes checked", feed.bytes());
    let checked = feed.check(|bytes| progress.at(bytes))?;
    let took = progress.end();
    out::tell(format_args!("checked: {} rows can go in, {} cannot", checked.good, checked.rejected));
    if let Some((row, first)) = checked.first_repeated {
        let repeated = checked.repeated;
        out::tell(format_args!(
            "rows that stand there twice, taken once: {repeated}; row {row} is row {first} again"
        ));
    }
    if checked.uncompared > 0 {
        out::tell(format_args!("rows that were not compared with those before: {}", checked.uncompared));
    }
    if checked.totals > 0 {
        out::tell(format_args!("lines at the end that are totals and no rows: {}", checked.totals));
    }
    Ok((checked, took))
}

impl<'a> Import<'a> {
    fn begin(feed: &'a Feed, file: &Path, before: Unfinished) -> anyhow::Result<Self> {
        let tally = Tally::after(&before);
        let rejected = Aside::begin(file.with_extension("rejected.csv"), feed)?;
        let differing = Aside::begin(file.with_extension("differs.csv"), feed)?;
        Ok(Self { feed, before, tally, rejected, differing })
    }

    async fn apply(&mut self, intake: &mut Intake, progress: &mut Progress) -> anyhow::Result<()> {
        let mut judged = 0;
        for (number, chunk) in (0u64..).zip(self.feed.chunks()?) {
            let mut chunk = chunk?;
            judged += u64::try_from(chunk.origins.len() + chunk.rejected.len()).unwrap_or(0);
            for row in std::mem::take(&mut chunk.rejected) {
                self.reject(row)?;
            }
            if number < self.before.pieces {
                self.recall(number, chunk.origins)?;
            } else if !chunk.origins.is_empty() {
                self.apply_chunk(intake, number, chunk).await?;
            }
            progress.at(judged);
        }
        Ok(())
    }

    /// Takes back in mind what an import that was stopped had put aside of these rows.
    fn recall(&mut self, number: u64, origins: Vec<Origin>) -> anyhow::Result<()> {
        let last = origins.iter().map(|origin| origin.row).max();
        if let Some(row) = last.filter(|_| number + 1 == self.before.pieces) {
            out::tell(format_args!("going on after row {row}: an earlier import was stopped there"));
        }
        let reason = |noted: &[(u64, String)], row: u64| {
            let at = noted.binary_search_by_key(&row, |(row, _)| *row).ok()?;
            noted.get(at).map(|(_, reason)| reason.clone())
        };
        for origin in origins {
            if let Some(reason) = reason(&self.before.rejected, origin.row) {
                self.reject(Rejected { origin, reason })?;
            } else if let Some(reason) = reason(&self.before.differing, origin.row) {
                self.tally.differing += 1;
                self.differing.add(Rejected { origin, reason })?;
            }
        }
        Ok(())
    }

    async fn apply_chunk(&mut self, intake: &mut Intake, number: u64, chunk: Chunk) -> anyhow::Result<()> {
        let results = intake.import(self.feed, number, &chunk).await?;
        for (origin, result) in chunk.origins.into_iter().zip(results) {
            self.count(origin, result)?;
        }
        Ok(())
    }

    fn count(&mut self, origin: Origin, result: RowResult) -> anyhow::Result<()> {
        match result {
            RowResult::Added => self.tally.added += 1,
            RowResult::Changed => self.tally.changed += 1,
            RowResult::Same => self.tally.same += 1,
            RowResult::Confirmed(None) => self.tally.confirmed += 1,
            RowResult::Confirmed(Some(reason)) => {
                self.tally.confirmed += 1;
                self.tally.differing += 1;
                self.differing.add(Rejected { origin, reason })?;
            }
            RowResult::Rejected(reason) => self.reject(Rejected { origin, reason })?,
        }
        Ok(())
    }

    fn reject(&mut self, row: Rejected) -> anyhow::Result<()> {
        self.tally.reject(row.origin.row, &row.reason);
        self.rejected.add(row)
    }

    /// Leaves nothing behind.
    fn discard(self) {
        self.rejected.discard();
        self.differing.discard();
    }

    fn end(self) -> anyhow::Result<Done> {
        let Self { tally, rejected, differing, .. } = self;
        Ok(Done { tally, rejects: rejected.end()?, differs: differing.end()? })
    }
}

/// What an import came to.
struct Done {
    tally: Tally,
    /// Where the rows stand that were not taken.
    rejects: Option<String>,
    /// Where those stand that differ from what was typed in.
    differs: Option<String>,
}

impl Done {
    fn tell(&self, args: &Args, checked: &Checked, took: Duration) -> anyhow::Result<()> {
        if args.json {
            out::line(self.json(args, checked, took))?;
        } else {
            let Tally { added, changed, same, rejected, .. } = &self.tally;
            let would = if args.dry_run { "would be: " } else { "" };
            out::line(format_args!(
                "{would}{added} added, {changed} changed, {same} same, {rejected} rejected"
            ))?;
        }
        self.tell_beside(args.dry_run, took);
        Ok(())
    }

    fn json(&self, args: &Args, checked: &Checked, took: Duration) -> serde_json::Value {
        let Tally { added, changed, same, confirmed, rejected, .. } = &self.tally;
        let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        json!({
            "kind": Kind::from(args.kind).word(), "dry_run": args.dry_run, "added": added, "changed": changed,
            "same": same, "confirmed": confirmed, "rejected": rejected, "repeated": checked.repeated,
            "totals": checked.totals, "rows": self.rows() + u64::try_from(checked.repeated).unwrap_or(0),
            "seconds": Duration::from_millis(milliseconds).as_secs_f64(), "reasons": self.tally.reasons(),
            "reject_file": self.rejects, "differs_file": self.differs,
        })
    }

    fn rows(&self) -> u64 {
        let Tally { added, changed, same, confirmed, rejected, .. } = &self.tally;
        added + changed + same + confirmed + rejected
    }

    fn tell_beside(&self, dry_run: bool, took: Duration) {
        let (rows, seconds) = (number(self.rows()), took.as_secs_f64());
        out::tell(format_args!("{rows} rows in {seconds:.1} s"));
        let Tally { confirmed, differing, .. } = self.tally;
        if confirmed > 0 {
            out::tell(format_args!(
                "patients typed in here and now confirmed: {confirmed}; with other details: {differing}"
            ));
        }
        self.tally.reasons_told().iter().for_each(out::tell);
        if let Some(file) = &self.rejects {
            out::tell(format_args!("the rejected rows and their reasons stand in {file}"));
        }
        if let Some(file) = &self.differs {
            out::tell(format_args!("what was typed in otherwise, for new labels, stands in {file}"));
        }
        if dry_run {
            out::tell("this was a dry run: nothing has been imported");
        }
    }
}
