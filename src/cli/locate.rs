//! `casetrack locate`: where to look for a folder, in which order, and why.
//!
//! It reads the data folder itself and never asks the service: it answers when the service does not, which is when
//! somebody rings for it, and takes nothing from the desks. The file of counts is some minutes old; what came since is read
//! from the log, so that the plan is that of the moment.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow};

use super::out;
use crate::app::rooms;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::casenote::LabelText;
use crate::jobs::locating::{Follower, Keeping, LineShown, Pace, PlanShown, Share, Sought};
use crate::locate::By;
use crate::store::{Store, Trust};
use crate::web::api::plans;
use crate::web::pages::searches::upper_first;
use crate::web::pages::whereabouts::{Words, folder_title};

/// Places that are printed for people, as many as on a porter's sheet; `--json` has all.
const PLACES_PRINTED: usize = 10;

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
    out::tell("reading what came since the counts were last kept");
    let keeping = Keeping::Read(config.data_dir.clone());
    Follower::new(locating.clone(), Pace::Flat, keeping).catch_up().await?;
    let by = if args.least_walking { By::LeastWalking } else { By::FewestPlaces };
    let shown = locating.plan(Sought::Volume(record.brief.id), by).await?.ok_or_else(no_volume)?;
    let directory = store.directory().borrow().clone();
    if args.json {
        let json = serde_json::to_string_pretty(&plans::plan(&directory, &shown)).context("writing JSON")?;
        out::line(json)?;
    } else {
        let words = Words { directory: &directory, now: shown.at, zone: &config.time_zone };
        out::text(in_words(&words, &shown))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The plan as one reads it out over the telephone: each place once, with whom to ring.
fn in_words(words: &Words<'_>, shown: &PlanShown) -> String {
    let record = &shown.set.record;
    let since = record.present.since.map(|at| format!(", since {}", words.since_how_long(at)));
    let mut text = format!("{}, barcode {}\n", folder_title(&record.brief), record.brief.barcode);
    // Writing to a string does not fail.
    let _ = writeln!(
        text,
        "By the log: {}{}",
        words.short(&record.present, record.via),
        since.unwrap_or_default()
    );
    for look in shown.search.iter().flat_map(|search| &search.looks) {
        let (spot, at) = (look.spot.says(words.directory), words.when(look.at));
        let _ = writeln!(text, "{at}, {spot}: {}", look.result.says());
    }
    for share in shown.odds() {
        let Share { looks, band, minutes, .. } = share;
        let _ = writeln!(text, "In the first {looks} places: {band}, {minutes:.0} minutes in all.");
    }
    for (number, line) in (1..).zip(shown.places()).take(PLACES_PRINTED) {
        text.push_str(&line_in_words(number, line));
    }
    if shown.lines.is_empty() {
        text.push_str("\nNo place is left to look in.\n");
    }
    text
}

fn line_in_words(number: usize, line: &LineShown) -> String {
    let LineShown { name, building, band, minutes, .. } = line;
    let within = !building.is_empty() && building != name;
    let within = if within { format!(" ({building})") } else { String::new() };
    let mut text = format!("\n{number:2}. {}{within}\n", upper_first(name));
    let ring = line.phone.as_ref().map(|phone| format!("; ring {phone}")).unwrap_or_default();
    let _ = writeln!(text, "    {band}; {:.0} min{ring}", minutes.max(1.0));
    for says in line.stands().map(|stands| format!("It would stand {stands}.")).iter().chain(&line.reasons) {
        let _ = writeln!(text, "    {says}");
    }
    text
}
