//! `casetrack export movements|whereabouts|questions`: flat rows for other programs. Only reads, also beside a running
//! service, in short transactions; memory stays flat however long the log is.
//!
//! Rows go to stdout, the cursor at which they end to stderr: the next export of movements goes on there.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use anyhow::Context as _;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use super::progress::{Done, Progress};
use super::{WRONG_USE, out};
use crate::clock::Timestamp;
use crate::config::Config;
use crate::live::Cursor;
use crate::store::export::{MovementRow, QuestionRow, WhereaboutsRow};
use crate::store::{Export, QuestionsMark, Trust, WhereaboutsMark};

/// Bytes gathered before they are written: a piece of movements is some twenty of these.
const OUT_BUFFER: usize = 64 * 1_024;

/// What `export` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// The log: what was scanned, told or imported of every folder and container, in the order in which it was learnt
    Movements(Movements),
    /// Where every folder and container is
    Whereabouts(Form),
    /// What waits for a librarian
    Questions(Form),
}

/// What `export movements` takes.
#[derive(Debug, clap::Args)]
struct Movements {
    #[command(flatten)]
    form: Form,
    /// Go on after this cursor, as an earlier export named it at its end
    #[arg(long, value_name = "EPOCH.NUMBER", conflicts_with = "since")]
    from: Option<Cursor>,
    /// Only what was learnt on this day or later
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,
}

/// How rows and the end are told.
#[derive(Clone, Copy, Debug, clap::Args)]
struct Form {
    /// The form of the rows
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Tell the cursor and the number of rows, on stderr, as JSON
    #[arg(long)]
    json: bool,
}

/// The form of exported rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Format {
    /// CSV, UTF-8, with a header row; what is not there is empty
    Csv,
    /// JSON Lines: one object a line; what is not there is null
    Jsonl,
}

/// Exports. Exit 2: the cursor is not one of this log.
pub fn run(config: &Config, args: &Args) -> anyhow::Result<ExitCode> {
    let mut export = Export::open(&config.data_dir, &Trust(config.trust.clone()))?;
    let stdout = io::stdout().lock();
    match &args.what {
        What::Movements(wanted) => {
            let upto = export.newest()?;
            let since = wanted.since.map(|day| Timestamp::beginning_of(day, &config.time_zone));
            let after = match (wanted.from, since) {
                (Some(from), _) => from,
                (None, Some(since)) => export.before(since)?,
                (None, None) => Cursor { number: 0, ..upto },
            };
            if let Some(wrong) = wrong_cursor(after, upto) {
                out::tell(wrong);
                return Ok(ExitCode::from(WRONG_USE));
            }
            let rows = movements(&mut export, stdout, wanted.form.format, after, upto)?;
            tell_movements(wanted.form, rows, upto.max(after));
        }
        What::Whereabouts(form) => {
            let (as_of, rows) = (export.newest()?, whereabouts(&mut export, stdout, form.format)?);
            tell_state(*form, "folders and containers", rows, as_of, export.newest()?);
        }
        What::Questions(form) => {
            let (as_of, rows) = (export.newest()?, questions(&mut export, stdout, form.format)?);
            tell_state(*form, "open questions", rows, as_of, export.newest()?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Why a cursor cannot be gone on from, if it cannot.
fn wrong_cursor(after: Cursor, newest: Cursor) -> Option<String> {
    if after.epoch != newest.epoch {
        return Some(format!(
            "--from {}: the data have been restored since, and stand at {}: export all of it anew",
            told(after),
            told(newest)
        ));
    }
    // A day that has not come yet begins after all that is known: that is no mistake.
    None
}

/// Writes the movements after `after` and up to `upto`; says how many.
pub fn movements(
    export: &mut Export,
    to: impl Write,
    format: Format,
    after: Cursor,
    upto: Cursor,
) -> anyhow::Result<u64> {
    let mut sink = Sink::begin::<MovementRow>(to, format)?;
    let mut progress = Progress::begin("movements");
    let mut last = after.number;
    loop {
        let piece = export.movements(last, upto)?;
        let Some((number, _)) = piece.last() else { break };
        last = *number;
        for (_, row) in &piece {
            sink.row(row)?;
        }
        let (part, whole) = (last.saturating_sub(after.number), upto.number.saturating_sub(after.number));
        progress.show(Done { count: sink.rows, part, whole });
    }
    progress.end();
    sink.end()
}

/// Writes where all folders and then all containers are; says how many.
pub fn whereabouts(export: &mut Export, to: impl Write, format: Format) -> anyhow::Result<u64> {
    let mut sink = Sink::begin::<WhereaboutsRow>(to, format)?;
    let mut progress = Progress::begin("folders and containers");
    let mut next = Some(WhereaboutsMark::BEGINNING);
    while let Some(mark) = next {
        let (piece, mark) = export.whereabouts(mark)?;
        for row in &piece {
            sink.row(row)?;
        }
        next = mark;
        progress.show(Done { count: sink.rows, ..Done::default() });
    }
    progress.end();
    sink.end()
}

/// Writes all open questions; says how many.
pub fn questions(export: &mut Export, to: impl Write, format: Format) -> anyhow::Result<u64> {
    let mut sink = Sink::begin::<QuestionRow>(to, format)?;
    let mut next = Some(QuestionsMark::BEGINNING);
    while let Some(mark) = next {
        let (piece, mark) = export.questions(mark)?;
        for row in &piece {
            sink.row(row)?;
        }
        next = mark;
    }
    sink.end()
}

fn tell_movements(form: Form, rows: u64, end: Cursor) {
    let cursor = told(end);
    if form.json {
        out::tell(json!({"rows": rows, "cursor": cursor}));
    } else {
        out::tell(format_args!("{rows} movements; the next export goes on with --from {cursor}"));
    }
}

fn tell_state(form: Form, what: &str, rows: u64, as_of: Cursor, until: Cursor) {
    let (as_of, until) = (told(as_of), told(until));
    if form.json {
        out::tell(json!({"rows": rows, "cursor": as_of, "until": until}));
    } else if as_of == until {
        out::tell(format_args!("{rows} {what}, as of {as_of}"));
    } else {
        out::tell(format_args!(
            "{rows} {what}; desks scanned meanwhile: what moved between {as_of} and {until} may be told before or after"
        ));
    }
}

/// `epoch.number`.
fn told(cursor: Cursor) -> String {
    format!("{}.{}", cursor.epoch, cursor.number)
}

/// Where rows go.
struct Sink<W: Write> {
    form: Written<W>,
    rows: u64,
}

enum Written<W: Write> {
    Csv(Box<csv::Writer<BufWriter<W>>>),
    Lines(BufWriter<W>),
}

impl<W: Write> Sink<W> {
    /// Begins with the header, which stands there also where no row does.
    fn begin<R: Serialize + Default>(to: W, format: Format) -> anyhow::Result<Self> {
        let mut to = BufWriter::with_capacity(OUT_BUFFER, to);
        let form = match format {
            Format::Jsonl => Written::Lines(to),
            Format::Csv => {
                to.write_all(&header::<R>()?).context(WRITING)?;
                Written::Csv(Box::new(csv::WriterBuilder::new().has_headers(false).from_writer(to)))
            }
        };
        Ok(Self { form, rows: 0 })
    }

    fn row(&mut self, row: &impl Serialize) -> anyhow::Result<()> {
        match &mut self.form {
            Written::Csv(writer) => writer.serialize(row).context(WRITING)?,
            Written::Lines(writer) => {
                serde_json::to_writer(&mut *writer, row).context(WRITING)?;
                writer.write_all(b"\n").context(WRITING)?;
            }
        }
        self.rows += 1;
        Ok(())
    }

    fn end(mut self) -> anyhow::Result<u64> {
        match &mut self.form {
            Written::Csv(writer) => writer.flush().context(WRITING)?,
            Written::Lines(writer) => writer.flush().context(WRITING)?,
        }
        Ok(self.rows)
    }
}

const WRITING: &str = "writing the rows: the export is not whole";

/// The names of a row's columns, as the first line of a file.
fn header<R: Serialize + Default>() -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.serialize(R::default()).context(WRITING)?;
    let mut bytes = writer.into_inner().context(WRITING)?;
    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
    bytes.truncate(end);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_names_the_columns_also_where_nothing_is_exported() {
        let header = String::from_utf8(header::<QuestionRow>().unwrap()).unwrap();
        insta::assert_snapshot!(header.trim_end(), @"id,kind,at,barcode,site,number_type,casenote,volume,containers,place,or_at,label,scans,by,desk");
    }

    #[test]
    fn a_cursor_of_another_life_of_the_log_is_not_gone_on_from() {
        let cursor = |epoch, number| Cursor { epoch, number };
        assert_eq!(wrong_cursor(cursor(2, 7), cursor(2, 9)), None);
        let wrong = wrong_cursor(cursor(1, 7), cursor(2, 9)).unwrap();
        assert!(
            wrong.starts_with("--from 1.7: the data have been restored since, and stand at 2.9"),
            "{wrong}"
        );
        assert_eq!("2.9".parse(), Ok(cursor(2, 9)));
    }
}
