//! `casetrack locate-eval DIR OUT.csv`: plans for the incidents of a simulated hospital, by the code that plans for real
//! ones, learning as it goes. Reads what a hospital would see, and never what is hidden.

mod feeder;
mod files;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;

use super::out;
use super::progress::Progress;
use crate::clock::Timestamp;
use crate::locate::{By, Line, plan};
use feeder::Feeder;
use files::{Event, Files, Incident, local};

/// What `locate-eval` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of the files that `dataset.py make` wrote
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Where the plans go: `incident_id,rank,cell,p`, p being the chance that the folder is in the cell, as far as it is told
    #[arg(value_name = "OUT.csv")]
    out: PathBuf,
    /// Stop here, as if nothing later were known: the plans before it must be the same
    #[arg(long, value_name = "ISO", value_parser = local)]
    until: Option<Timestamp>,
    /// Learn nothing from what was found where, as on a hospital's first day
    #[arg(long)]
    no_outcomes: bool,
    /// Write what was learned here, in the form of the weights that a hospital begins with
    #[arg(long, value_name = "FILE.json")]
    weights: Option<PathBuf>,
    /// Rank by minutes, not by places
    #[arg(long)]
    least_walking: bool,
}

/// Plans every test incident of the files.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let files = Files::read(&args.dir)?;
    let by = if args.least_walking { By::LeastWalking } else { By::FewestPlaces };
    let mut plans = csv::Writer::from_path(&args.out).with_context(|| args.out.display().to_string())?;
    plans.write_record(["incident_id", "rank", "cell", "p"])?;
    let mut feeder = Feeder::new(files.ground, files.folders);
    let mut progress = Progress::begin_of("events", u64::try_from(files.events.len()).unwrap_or(u64::MAX));
    let mut planned = 0_u64;
    for (done, (at, event)) in (1..).zip(files.events) {
        if args.until.is_some_and(|until| at > until) {
            break;
        }
        match event {
            Event::Appointment(folder, appointment) => feeder.appointment(folder, appointment),
            Event::Movement(movement) => feeder.movement(at, movement),
            Event::Outcome(_) if args.no_outcomes => {}
            Event::Outcome(outcome) => feeder.outcome(at, outcome),
            Event::Incident(incident) => {
                let case = feeder.asked(at, incident);
                if incident.is_tested {
                    let lines = plan(&feeder.ground, &feeder.counts, &case, by).lines;
                    write(&mut plans, incident, &lines)?;
                    planned += 1;
                }
                feeder.keep(incident, case);
            }
        }
        progress.at(done);
    }
    progress.end();
    plans.flush()?;
    if let Some(path) = &args.weights {
        std::fs::write(path, feeder.counts.weights()).with_context(|| path.display().to_string())?;
    }
    out::tell(format_args!("{planned} plans written"));
    Ok(ExitCode::SUCCESS)
}

fn write(plans: &mut csv::Writer<std::fs::File>, incident: Incident, lines: &[Line]) -> anyhow::Result<()> {
    for (rank, line) in (1..).zip(lines) {
        let rank: u32 = rank;
        plans.write_record([
            incident.id.to_string(),
            rank.to_string(),
            line.cell.to_string(),
            format!("{:.5}", line.chance),
        ])?;
    }
    Ok(())
}
