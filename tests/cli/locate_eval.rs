//! `casetrack locate-eval` on a small simulated hospital that stands in `tests/locate_hospital`: 1,500 folders, 450 days.
//!
//! Made by the simulator: `dataset.py make DIR --profile base --seed 7 --notes 1500`. `truth.csv` is its hidden truth for the
//! tested incidents, with the rank of the true cell in `reference.py DIR OUT.csv procedure`. So few incidents tell good
//! from bad and no more; the figures that count are in `src/docs/locating.md`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use casetrack::locate::MOST_SHOWN;

/// Nothing after this is known to the cut hospital: in the middle of the tested days.
const CUT: &str = "2031-02-15T00:00:00";

fn hospital() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/locate_hospital")
}

fn folder(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A plan of an incident: cells with their chances, in order.
type Plan = Vec<(String, f64)>;

fn plans(test: &str, dir: &Path, args: &[&str]) -> BTreeMap<u64, Plan> {
    let folder = folder(test);
    let out = folder.join("plan.csv");
    let run = Command::new(env!("CARGO_BIN_EXE_casetrack"))
        .arg("locate-eval")
        .args([dir, &out])
        .args(args)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let mut plans: BTreeMap<u64, Plan> = BTreeMap::new();
    for row in csv::Reader::from_path(out).unwrap().records() {
        let row = row.unwrap();
        let field = |at: usize| row.get(at).unwrap();
        let plan = plans.entry(field(0).parse().unwrap()).or_default();
        plan.push((field(2).to_owned(), field(3).parse().unwrap()));
        assert_eq!(field(1), plan.len().to_string());
    }
    std::fs::remove_dir_all(folder).unwrap();
    plans
}

/// Tested incidents: the true cell, and its rank in the written procedure.
fn truth() -> BTreeMap<u64, (String, Option<usize>)> {
    let rows = csv::Reader::from_path(hospital().join("truth.csv")).unwrap().into_records();
    rows.map(|row| {
        let row = row.unwrap();
        let field = |at: usize| row.get(at).unwrap().to_owned();
        (field(0).parse().unwrap(), (field(1), field(2).parse().ok()))
    })
    .collect()
}

/// The rank of a cell among the places of a plan, second looks left out.
fn rank(plan: &Plan, cell: &str) -> Option<usize> {
    let mut seen: Vec<&str> = Vec::new();
    for (known, _) in plan {
        if !seen.contains(&known.as_str()) {
            seen.push(known);
        }
    }
    seen.iter().position(|known| *known == cell).map(|at| at + 1)
}

/// Of a hundred incidents, in how many the true cell is among the first so many.
fn hits(ranks: &[Option<usize>], first: usize) -> usize {
    ranks.iter().filter(|rank| rank.is_some_and(|rank| rank <= first)).count() * 100 / ranks.len()
}

#[test]
fn the_plans_beat_the_written_procedure() {
    let (plans, truth) = (plans("beats", &hospital(), &[]), truth());
    assert_eq!(plans.len(), truth.len());
    let ours: Vec<_> = truth.iter().map(|(incident, (cell, _))| rank(&plans[incident], cell)).collect();
    let procedure: Vec<_> = truth.values().map(|(_, rank)| *rank).collect();
    assert!(hits(&ours, 1) * 100 >= hits(&procedure, 1) * 135, "{} {}", hits(&ours, 1), hits(&procedure, 1));
    assert!(hits(&ours, 3) >= hits(&procedure, 3) + 4, "{} {}", hits(&ours, 3), hits(&procedure, 3));
}

#[test]
fn with_no_outcome_recorded_the_plans_are_no_worse_than_the_procedure() {
    let (plans, truth) = (plans("first-day", &hospital(), &["--no-outcomes"]), truth());
    let ours: Vec<_> = truth.iter().map(|(incident, (cell, _))| rank(&plans[incident], cell)).collect();
    let procedure: Vec<_> = truth.values().map(|(_, rank)| *rank).collect();
    assert!(hits(&ours, 3) + 2 >= hits(&procedure, 3), "{} {}", hits(&ours, 3), hits(&procedure, 3));
}

#[test]
fn a_plan_has_sixty_lines_at_most_and_no_more_chance_than_there_is_or_than_is_ever_shown() {
    for (incident, plan) in plans("lines", &hospital(), &[]) {
        assert!(plan.len() <= 60, "{incident}");
        let once: BTreeMap<&str, f64> = plan.iter().map(|(cell, chance)| (cell.as_str(), *chance)).collect();
        assert!(once.values().sum::<f64>() < 1.0, "{incident}");
        assert!(once.values().all(|chance| *chance <= MOST_SHOWN), "{incident}");
    }
}

#[test]
fn what_was_not_known_yet_changes_no_plan() {
    let cut = folder("cut-hospital");
    for entry in std::fs::read_dir(hospital()).unwrap() {
        let from = entry.unwrap().path();
        copy_until(&from, &cut.join(from.file_name().unwrap()));
    }
    let asked: BTreeMap<u64, String> = csv::Reader::from_path(hospital().join("incidents.csv"))
        .unwrap()
        .records()
        .map(|row| row.unwrap())
        .map(|row| (row.get(0).unwrap().parse().unwrap(), row.get(2).unwrap().to_owned()))
        .collect();
    let mut known = plans("known", &hospital(), &[]);
    known.retain(|incident, _| asked[incident].as_str() <= CUT);
    assert!(known.len() > 20);
    assert_eq!(plans("removed", &cut, &[]), known);
    assert_eq!(plans("until", &hospital(), &["--until", CUT]), known);
    std::fs::remove_dir_all(cut).unwrap();
}

/// Copies a file without the rows that were learned after the cut.
fn copy_until(from: &Path, to: &Path) {
    let learned = match from.file_name().and_then(|name| name.to_str()) {
        Some("movements.csv" | "appointments.csv") => 0,
        Some("outcomes.csv") => 1,
        Some("incidents.csv") => 2,
        _ => {
            std::fs::copy(from, to).unwrap();
            return;
        }
    };
    let mut reader = csv::Reader::from_path(from).unwrap();
    let mut writer = csv::Writer::from_path(to).unwrap();
    writer.write_record(reader.headers().unwrap()).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        if row.get(learned).unwrap() <= CUT {
            writer.write_record(&row).unwrap();
        }
    }
    writer.flush().unwrap();
}
