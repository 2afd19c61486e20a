//! `casetrack locate`: where to look for a folder, in which order, and why. Only reads, also beside a running service.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow};

use super::out;
use crate::app::rooms;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::casenote::LabelText;
use crate::domain::directory::Directory;
use crate::jobs::locating::{Follower, Keeping, LineShown, Pace, PlanShown, Share, Sought};
use crate::locate::By;
use crate::store::{Store, Trust};
use crate::web::api::plans;

/// Lines that are printed for people; `--json` has all.
const LINES_PRINTED: usize = 15;

/// What `locate` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder's barcode
    #[arg(value_name = "BARCODE")]
    barcode: String,
    /// In the order of least walking, instead of fewest places
    #[arg(long)]
    least_walking: bool,
    /// Print JSON: the answer of GET /api/v1/volumes/{barcode}/search-plan
    #[arg(long)]
    json: bool,
}

/// Prints the plan. Reads what the log has taught since the counts were last put into their file.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    let trust = Trust(config.trust.clone());
    let store = Store::open_reading(&config.data_dir, &trust, &rooms::stands(&config))?;
    let label: LabelText = args.barcode.parse().map_err(|error| anyhow!("{}: {error}", args.barcode))?;
    let no_volume = || anyhow!("no folder has the barcode {label}");
    let record = store.volume(&trust, &label).await?.ok_or_else(no_volume)?;
    let locating = Arc::new(rooms::locating(&config, &Clock::system(), store.clone(), trust));
    out::tell("reading the log");
    let keeping = Keeping::Read(config.data_dir.clone());
    Follower::new(locating.clone(), Pace::Flat, keeping).catch_up().await?;
    let by = if args.least_walking { By::LeastWalking } else { By::FewestPlaces };
    let shown = locating.plan(Sought::Volume(record.brief.id), by).await?.ok_or_else(no_volume)?;
    let directory = store.directory().borrow().clone();
    if args.json {
        let json = serde_json::to_string_pretty(&plans::plan(&directory, &shown)).context("writing JSON")?;
        out::line(json)?;
    } else {
        out::text(in_words(&directory, &shown))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn in_words(directory: &Directory, shown: &PlanShown) -> String {
    let record = &shown.set.record;
    let mut text = format!("{} volume {}", record.brief.barcode, record.brief.volume);
    if let Some(place) = record.present.to.or(record.present.place) {
        // Writing to a string does not fail.
        let _ = write!(text, ", tracked to {}", directory.name(place));
    }
    text.push('\n');
    for (number, line) in (1..).zip(&shown.lines).take(LINES_PRINTED) {
        text.push_str(&line_in_words(number, line));
    }
    for share in &shown.shares {
        text.push_str(&share_in_words(share));
    }
    text
}

fn line_in_words(number: usize, line: &LineShown) -> String {
    let again = if line.visit > 1 { ", once more" } else { "" };
    let phone = line.phone.as_ref().map(|phone| format!(", {phone}")).unwrap_or_default();
    let building = if line.building.is_empty() || line.building == line.name {
        String::new()
    } else {
        format!(" ({})", line.building)
    };
    let LineShown { name, band, minutes, .. } = line;
    let mut text = format!("{number:2}. {name}{building}{again}: {band}, {minutes:.0} min{phone}\n");
    for reason in &line.reasons {
        let _ = writeln!(text, "      {reason}");
    }
    text
}

fn share_in_words(share: &Share) -> String {
    format!(
        "The first {} looks find it with a chance of {}; {:.0} min.\n",
        share.looks, share.band, share.minutes
    )
}
