//! The house has walls, and this holds them: who may use whom, where SQL stands, how long a file may be.

#![expect(clippy::unwrap_used, reason = "a file of ours that cannot be read fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

/// Longest source file, in lines. A table, a route list or a migration may be any length.
const MAX_LINES: usize = 600;
/// Files that are one table.
const TABLES: [&str; 0] = [];

/// Rooms, and which rooms each may use. Anyone may use `clock`, `config` and `observe`, but for the pure ones.
const WALLS: [(&str, &[&str]); 13] = [
    ("domain", &["domain"]),
    ("scan", &["scan"]),
    ("desk", &["desk", "scan", "domain"]),
    ("store", &["store", "live", "domain"]),
    ("live.rs", &["live", "domain"]),
    ("labels", &["labels", "domain"]),
    ("staging", &["staging", "scan", "labels"]),
    ("locate", &["locate", "domain"]),
    ("feeds", &["feeds", "desk", "labels", "store", "live", "locate", "domain"]),
    ("web", &["web", "desk", "jobs", "labels", "staging", "store", "live", "locate", "domain"]),
    ("jobs", &["jobs", "desk", "labels", "store", "live", "locate", "domain"]),
    ("agent", &["agent", "desk", "labels", "store", "live", "locate", "domain", "scan"]),
    ("sim", &["sim", "domain"]),
];
/// Rooms and files that may use nothing but `clock` beside what the walls allow.
const PURE: [&str; 12] = [
    "domain",
    "scan/answers",
    "scan/frame",
    "scan/header",
    "scan/hearing",
    "scan/hidpos",
    "scan/port/voice",
    "scan/ssi",
    "scan/wedge",
    "desk/session",
    "labels/layout",
    "locate",
];
/// All rooms that a path may name.
const ROOMS: [&str; 16] = [
    "agent", "app", "bench", "cli", "desk", "domain", "feeds", "jobs", "labels", "live", "locate", "scan",
    "sim", "staging", "store", "web",
];
/// Open to everyone, but not to the pure.
const OPEN: [&str; 2] = ["config", "observe"];

fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    gather(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    found
}

fn gather(dir: PathBuf, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The rooms that a file names by `crate::room`, tests at its end left out.
fn rooms_used(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let without_docs: String =
        code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut used = Vec::new();
    for piece in without_docs.split("crate::").skip(1) {
        if let Some(group) = piece.strip_prefix('{') {
            let group = group.split("};").next().unwrap_or(group);
            used.extend(group.split(',').map(first_word));
        } else {
            used.push(first_word(piece));
        }
    }
    used
}

fn first_word(text: &str) -> String {
    text.trim().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

#[test]
fn nobody_reaches_through_a_wall() {
    let mut broken = Vec::new();
    for (name, text) in sources() {
        if name.contains("/tests") {
            continue;
        }
        let Some((_, allowed)) = WALLS.iter().find(|(room, _)| name.starts_with(room)) else { continue };
        for room in rooms_used(&text) {
            let is_room = ROOMS.contains(&room.as_str());
            if is_room && !allowed.contains(&room.as_str()) && !exempt(&name, &room) {
                broken.push(format!("{name} uses {room}"));
            }
        }
    }
    assert!(broken.is_empty(), "walls broken:\n{}", broken.join("\n"));
}

/// The demo is the one part of `sim` that drives the real program.
fn exempt(name: &str, _room: &str) -> bool {
    name == "sim/demo.rs" || name.starts_with("sim/demo/")
}

#[test]
fn the_pure_parts_read_no_clock_no_file_and_no_network() {
    let forbidden =
        ["std::fs", "std::net", "std::thread", "tokio::", "Clock::system", "rusqlite", "std::env"];
    let mut broken = Vec::new();
    for (name, text) in sources() {
        if !PURE.iter().any(|pure| name.starts_with(pure)) || name.contains("/tests") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or(&text);
        for word in forbidden {
            if code.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(word)) {
                broken.push(format!("{name} uses {word}"));
            }
        }
        for room in rooms_used(&text) {
            if OPEN.contains(&room.as_str()) {
                broken.push(format!("{name} uses {room}"));
            }
        }
    }
    assert!(broken.is_empty(), "not pure:\n{}", broken.join("\n"));
}

#[test]
fn sql_stands_only_in_the_store() {
    let statements = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "PRAGMA ", "CREATE TABLE "];
    let mut broken = Vec::new();
    for (name, text) in sources() {
        if name.starts_with("store/") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let quoted = line.contains('"') && !line.trim_start().starts_with("//");
            if quoted && statements.iter().any(|statement| line.contains(&format!("\"{statement}"))) {
                broken.push(format!("{name}:{}", number + 1));
            }
        }
        if text.contains("rusqlite") {
            broken.push(format!("{name} names rusqlite"));
        }
    }
    assert!(broken.is_empty(), "SQL outside the store:\n{}", broken.join("\n"));
}

#[test]
fn no_file_is_too_long_to_read() {
    let long: Vec<_> = sources()
        .into_iter()
        .filter(|(name, text)| text.lines().count() > MAX_LINES && !TABLES.contains(&name.as_str()))
        .map(|(name, text)| format!("{name}: {} lines", text.lines().count()))
        .collect();
    assert!(long.is_empty(), "look for the second thing in each:\n{}", long.join("\n"));
}

#[test]
fn every_template_is_used() {
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/templates");
    let Ok(entries) = fs::read_dir(templates.clone()) else { return };
    let mut everything: String = sources().into_iter().map(|(_, text)| text).collect();
    let names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    for name in &names {
        everything.push_str(&fs::read_to_string(templates.join(name)).unwrap_or_default());
    }
    let unused: Vec<_> = names.iter().filter(|name| !everything.contains(&format!("{name}\""))).collect();
    assert!(unused.is_empty(), "unused templates: {unused:?}");
}

#[test]
fn the_top_of_the_repository_holds_only_what_was_agreed() {
    let agreed =
        ["Cargo.toml", "Cargo.lock", "LICENSE", "README.md", "firmware-config", "labels", "src", "tests"];
    let made = ["target", "data", "demo-data", "node_modules"];
    let extra: Vec<_> = fs::read_dir(env!("CARGO_MANIFEST_DIR"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| {
            !name.starts_with('.') && !agreed.contains(&name.as_str()) && !made.contains(&name.as_str())
        })
        .collect();
    assert!(extra.is_empty(), "not agreed: {extra:?}");
}
