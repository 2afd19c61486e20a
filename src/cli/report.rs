//! `casetrack report`: figures as they were known at the end of a day. Only reads, also beside a running service.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use jiff::civil::Date;

use super::{WRONG_USE, out};
use crate::app::rooms::stands;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::missing::period::Period;
use crate::domain::missing::report::{ClassFigures, Count, Report};
use crate::jobs::missing::Counting;
use crate::store::report::asking::Progress;
use crate::store::{Store, Trust};

/// What `report` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Missing notes in five classes, as they were known at the end of a day
    Missing(Missing),
}

/// What `report missing` takes.
#[derive(Debug, clap::Args)]
struct Missing {
    /// The day at whose end the figures stand; yesterday if absent
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// The first day of the period; a month up to the day if absent
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
}

/// Tells the figures. Exit 2: no such period.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    let What::Missing(wanted) = args.what;
    let now = Clock::system().now();
    let today = now.to_jiff().to_zoned_datetime(config.time_zone.clone()).date();
    let period = match Period::asked(wanted.from, wanted.as_of, today) {
        Ok(period) => period,
        Err(bad) => {
            out::tell(bad);
            return Ok(ExitCode::from(WRONG_USE));
        }
    };
    let trust = Trust(config.trust.clone());
    let store = Store::open_reading(&config.data_dir, &trust, &stands(&config))?;
    let counting =
        Counting { store: store.clone(), trust, time_zone: config.time_zone.clone(), rest: Duration::ZERO };
    let mut bar = Bar::default();
    let report = counting.count(period, now, |progress| bar.show(progress)).await;
    bar.end();
    store.stop().await;
    let report = report.context("the figures could not be counted")?;
    if wanted.json {
        out::line(serde_json::to_string(&report).context("writing the figures")?)?;
    } else {
        out::text(as_text(&report))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// How far the count is, on a terminal.
#[derive(Default)]
struct Bar {
    shown: Option<u64>,
}

impl Bar {
    fn show(&mut self, progress: Progress) {
        let per_cent = progress.per_cent();
        if self.shown != Some(per_cent) && std::io::stderr().is_terminal() {
            self.shown = Some(per_cent);
            let filled = "#".repeat(usize::try_from(per_cent / 2).unwrap_or(0));
            out::same_line(format_args!("[{filled:<50}] {per_cent:>3} % of {} folders", progress.of));
        }
    }

    fn end(&self) {
        if self.shown.is_some() {
            out::tell("");
        }
    }
}

fn as_text(report: &Report) -> String {
    let mut text = String::new();
    let mut line = |words: std::fmt::Arguments<'_>| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{words}");
    };
    line(format_args!(
        "Missing notes at the end of {} ({}), by what was known then; flows from {} on.",
        report.as_of, report.time_zone, report.from
    ));
    if !report.day_is_over {
        line(format_args!("The day is not over: the same question will have another answer."));
    }
    line(format_args!("{} folders were known.\n", report.known));
    line(format_args!(
        "{:<34}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
        "", "folders", "patients", "at start", "opened", "found", "ended"
    ));
    for class in &report.classes {
        line(format_args!("{}", row(class)));
    }
    let Count { volumes, patients } = report.together.any;
    line(format_args!("{:<34}{volumes:>10}{patients:>10}", "Any of these, each once"));
    let Count { volumes, patients } = report.together.several;
    line(format_args!("{:<34}{volumes:>10}{patients:>10}\n", "In more than one of these"));
    for class in &report.classes {
        line(format_args!("{}: {}", class.title, class.definition));
        let ages: Vec<_> =
            class.ages.iter().map(|age| format!("{} {}", age.volumes, age.age.words())).collect();
        line(format_args!("  Age {}: {}.", class.age_is, ages.join(", ")));
    }
    line(format_args!(
        "\n{} folders were left where nobody scans and have not been seen since: none of them is in a class for that.",
        report.left_where_nobody_scans
    ));
    found(report, &mut line);
    scanning(report, &mut line);
    text
}

fn row(class: &ClassFigures) -> String {
    format!(
        "{:<34}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
        class.title,
        class.now.volumes,
        class.now.patients,
        class.at_start.volumes,
        class.opened.volumes,
        class.found.volumes,
        class.ended_otherwise.volumes
    )
}

fn found(report: &Report, line: &mut impl FnMut(std::fmt::Arguments<'_>)) {
    let found = &report.found;
    line(format_args!(
        "\nFound where: {} searches told it, {} of them without a scan; of {} more nobody has said.",
        found.searches, found.not_scanned, found.not_told
    ));
    for (title, told) in [("Kind of place", &found.kinds), ("Cause", &found.causes), ("How", &found.hows)] {
        if !told.is_empty() {
            let told: Vec<_> = told.iter().map(|told| format!("{} {}", told.what, told.folders)).collect();
            line(format_args!("  {title}: {}.", told.join(", ")));
        }
    }
    for place in &found.places {
        line(format_args!("  {:>6}  {} ({})", place.folders, place.name, place.place));
    }
    if found.with_persons_not_named > 0 {
        line(format_args!(
            "  {:>6}  with persons, fewer than 5 each: not named",
            found.with_persons_not_named
        ));
    }
}

fn scanning(report: &Report, line: &mut impl FnMut(std::fmt::Arguments<'_>)) {
    let scanning = &report.scanning;
    line(format_args!("\nHow much of what each place receives it scans:"));
    for place in &scanning.places {
        line(format_args!(
            "  {:>3} %  {} of {} known visits  {} ({})",
            place.per_cent, place.visits.scanned, place.visits.known, place.name, place.place
        ));
    }
    line(format_args!(
        "  {} other places, persons' own among them: {} of {} known visits.",
        scanning.other_places, scanning.others.scanned, scanning.others.known
    ));
}
