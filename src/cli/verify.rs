//! `casetrack verify`: rebuilds what is where from the log and compares; checks the file. Only reads.

use std::process::ExitCode;

use serde_json::{Map, Value, json};

use super::progress::{Done, Progress};
use super::{FAILED, out};
use crate::config::Config;
use crate::store::Verification;
use crate::store::verify::{Depth, Far, VerifyReport};

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
    let mut verification = Verification::begin(&config.data_dir, Depth::FileToo)?;
    let mut progress = Progress::begin("movements");
    while verification.step(1)? {
        let Far { movements, part, whole } = verification.far();
        progress.show(Done { count: movements, part, whole });
    }
    progress.end();
    let report = verification.report();
    if args.json {
        out::line(as_json(report))?;
    } else {
        out::text(as_text(report))?;
    }
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn as_text(report: &VerifyReport) -> String {
    let looked_at = report.looked_at().map(|(_, words, count)| format!("{count} {words}"));
    let mut lines = vec![format!("{}; {} differences", looked_at.join(", "), report.differences)];
    lines.extend(report.first.iter().map(|first| format!("the first difference: {first}")));
    lines.extend(report.damage.iter().map(|damage| format!("the file is damaged: {damage}")));
    if !report.file_checked {
        lines.push(
            "the structure of the file was not checked: that is done while nothing else has the data folder"
                .to_owned(),
        );
    }
    let verdict = if report.is_sound() {
        "sound"
    } else {
        "NOT sound: keep a copy of the data folder as it is, and see operating.md"
    };
    lines.push(verdict.to_owned());
    lines.join("\n") + "\n"
}

fn as_json(report: &VerifyReport) -> Value {
    let looked_at = report.looked_at().map(|(name, _, count)| (name.to_owned(), json!(count)));
    let mut told = Map::from_iter(looked_at);
    told.extend(
        [
            ("sound", json!(report.is_sound())),
            ("differences", json!(report.differences)),
            ("first", json!(report.first)),
            ("file_checked", json!(report.file_checked)),
            ("damage", json!(report.damage)),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    Value::Object(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_plainly() {
        let sound = VerifyReport { subjects: 2, movements: 5, file_checked: true, ..VerifyReport::default() };
        let text = "5 movements, 2 folders and containers that moved, 0 folders with their holds, 0 names as they are \
                    sought, 0 pairings of scanners, 0 searches and combines, 0 texts beside the log, 0 of them \
                    redacted; 0 differences\nsound\n";
        assert_eq!(as_text(&sound), text);
        let first = Some("volume 7".to_owned());
        let wrong = VerifyReport { differences: 1, first, file_checked: false, ..sound };
        let text = as_text(&wrong);
        assert!(text.contains("the first difference: volume 7\nthe structure of the file was not checked"));
        assert!(text.contains("\nNOT sound"));
        let told = as_json(&wrong);
        assert_eq!((&told["sound"], &told["movements"]), (&json!(false), &json!(5)));
    }
}
