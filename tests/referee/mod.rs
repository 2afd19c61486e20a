//! A foreign referee: `fold.sql` in Debian's `sqlite3` folds what was exported, and must come to what is exported.
#![allow(dead_code, reason = "each test uses its part")]

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use casetrack::cli::export::{self, Format};
use casetrack::live::Cursor;
use casetrack::store::{Export, Trust};

/// Exports movements and whereabouts of a data folder into `folder`, as `movements.csv` and `whereabouts.csv`; says how
/// many movements.
pub fn export(data: &Path, trust: &Trust, folder: &Path) -> u64 {
    std::fs::create_dir_all(folder).unwrap();
    let mut from = Export::open(data, trust).unwrap();
    let upto = from.newest().unwrap();
    let file = |name: &str| File::create(folder.join(name)).unwrap();
    let after = Cursor { number: 0, ..upto };
    let rows = export::movements(&mut from, file("movements.csv"), Format::Csv, after, upto).unwrap();
    export::whereabouts(&mut from, file("whereabouts.csv"), Format::Csv).unwrap();
    rows
}

/// The exported whereabouts that do not follow from the exported movements, a line each.
pub fn differences(folder: &Path) -> String {
    let sql = File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/referee/fold.sql")).unwrap();
    let judged = Command::new("sqlite3")
        .current_dir(folder)
        .args(["-batch", "-bail", ":memory:"])
        .stdin(Stdio::from(sql))
        .output()
        .expect("sqlite3 is installed by tests/run");
    let complaint = String::from_utf8_lossy(&judged.stderr);
    assert!(judged.status.success() && complaint.is_empty(), "{complaint}");
    String::from_utf8(judged.stdout).unwrap()
}
