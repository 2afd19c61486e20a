//! `casetrack verify`: rebuilds what is where from the log and compares; checks the file. Only reads.

use std::process::ExitCode;

use serde_json::json;

use super::{FAILED, out};
use crate::config::Config;
use crate::store::{VerifyReport, verify};

/// What `verify` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print what was found as JSON
    #[arg(long)]
    json: bool,
}

/// Verifies the data folder, also beside a running service. Exit 1 if anything is wrong.
pub fn run(config: &Config, args: &Args) -> anyhow::Result<ExitCode> {
    out::tell(format_args!("verifying {}; the service may go on meanwhile", config.data_dir.display()));
    let report = verify(&config.data_dir)?;
    if args.json {
        out::line(as_json(&report))?;
    } else {
        out::text(as_text(&report))?;
    }
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn as_text(report: &VerifyReport) -> String {
    let VerifyReport {
        subjects,
        movements,
        volumes,
        names,
        pairings,
        searches,
        texts,
        differences,
        first,
        damage,
    } = report;
    let mut lines = vec![format!(
        "{movements} movements of {subjects} volumes and containers, {volumes} volumes with their holds, \
         {names} names as they are sought, {pairings} pairings of scanners, {searches} searches and combines, {texts} texts beside the log, \
         {differences} differences"
    )];
    lines.extend(first.iter().map(|first| format!("the first difference: {first}")));
    lines.extend(damage.iter().map(|damage| format!("the file is damaged: {damage}")));
    let verdict = if report.is_sound() {
        "sound"
    } else {
        "NOT sound: keep a copy of the data folder as it is, and see operating.md"
    };
    lines.push(verdict.to_owned());
    lines.join("\n") + "\n"
}

fn as_json(report: &VerifyReport) -> serde_json::Value {
    let VerifyReport {
        subjects,
        movements,
        volumes,
        names,
        pairings,
        searches,
        texts,
        differences,
        first,
        damage,
    } = report;
    json!({
        "sound": report.is_sound(), "subjects": subjects, "movements": movements,
        "volumes": volumes, "names": names, "pairings": pairings, "searches": searches, "texts": texts,
        "differences": differences, "first": first, "damage": damage,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_plainly() {
        let sound = VerifyReport { subjects: 2, movements: 5, ..VerifyReport::default() };
        let text = "5 movements of 2 volumes and containers, 0 volumes with their holds, 0 names as they are sought, \
                    0 pairings of scanners, 0 searches and combines, 0 texts beside the log, 0 differences\nsound\n";
        assert_eq!(as_text(&sound), text);
        let wrong = VerifyReport { differences: 1, first: Some("volume 7".to_owned()), ..sound };
        assert!(as_text(&wrong).contains("the first difference: volume 7\nNOT sound"));
        assert_eq!(as_json(&wrong)["sound"], false);
    }
}
