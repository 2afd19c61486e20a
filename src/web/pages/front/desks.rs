//! The desks: where they are, when they last scanned, whether their scanners are there and scans are recorded.

use super::{Known, Length};
use crate::clock::Timestamp;
use crate::desk::scanners::ScannerState;
use crate::desk::{DeskSetup, Pulse};
use crate::store::Health;
use crate::web::figures::{counted, number};
use crate::web::pages::whereabouts::Words;
use crate::web::pages::{scanner_words, state};
use crate::web::{urls, when};

/// Desks shown before the link to all of them: a screenful or two. All of a large trust's thousand desks would hide
/// the figures beneath, and be sent anew to every screen twice a minute.
pub const MAX_DESKS: usize = 60;
/// Lost scanners named above the desks; with more than these something larger has happened than a cable come loose.
const MAX_LOST: usize = 8;

/// The desks.
pub struct Desks {
    /// Whether scans are recorded.
    pub recording: Mark,
    /// The parts that work by themselves and that somebody has to see to.
    pub unwell: Vec<Mark>,
    /// How many desks, and how they are doing together.
    pub summary: String,
    /// Desks with a lost or locked scanner, wherever they stand in the list.
    pub lost: Vec<Link>,
    /// Scanners that wait for a desk.
    pub waiting: Vec<String>,
    /// The desks, in the order of the configuration.
    pub list: Vec<Desk>,
    /// The way to the other desks.
    pub more: Vec<Link>,
}

/// One desk.
pub struct Desk {
    /// Its page.
    pub url: String,
    /// Its code.
    pub code: String,
    /// The name of its place.
    pub place: String,
    /// The page of what is at its place, once the place is known.
    pub folders: Vec<String>,
    /// When it last scanned.
    pub last: String,
    /// How its scanners are.
    pub marks: Vec<Mark>,
}

/// A state in a word and a shape.
pub struct Mark {
    /// `well`, `look` or `ill`.
    pub class: &'static str,
    /// The shape.
    pub shape: &'static str,
    /// The words.
    pub words: String,
}

/// A way to another page.
pub struct Link {
    /// Its address.
    pub url: String,
    /// Its words.
    pub words: String,
}

/// The desks from what is known.
pub fn desks(known: &Known<'_>) -> Desks {
    let all = known.setups.len();
    let shown = if known.length == Length::All { all } else { all.min(MAX_DESKS) };
    let more = (all > shown).then(|| Link {
        url: "/?desks=all#desks".to_owned(),
        words: format!("and {} more", counted(all - shown, "desk", "desks")),
    });
    Desks {
        recording: recording(&known.health, &known.words),
        unwell: state::not_well(&known.states),
        summary: summary(known),
        lost: lost(known),
        waiting: waiting(known),
        list: known.setups.iter().take(shown).map(|setup| desk(known, setup)).collect(),
        more: more.into_iter().collect(),
    }
}

/// Whether scans are recorded.
pub fn recording(health: &Health, words: &Words<'_>) -> Mark {
    match health {
        Health::Writing => {
            Mark { class: "well", shape: "tick", words: "Recording: every scan is kept".to_owned() }
        }
        Health::Stopped { at, .. } => {
            let since = when::time(*at, words.now, words.zone);
            let words = format!("NOT RECORDING since {since}: use paper slips, and call IT");
            Mark { class: "ill", shape: "cross", words }
        }
    }
}

fn summary(known: &Known<'_>) -> String {
    let scanned = known.setups.iter().filter_map(|setup| last_scan(known, setup));
    let today = scanned.filter(|at| when::is_today(*at, known.words.now, known.words.zone)).count();
    let desks = counted(known.setups.len(), "desk", "desks");
    let scanners: usize = known.pulses.values().map(|pulse| pulse.scanners).sum();
    let gone: usize = known.pulses.values().map(|pulse| pulse.lost.len()).sum();
    let scanners = match (scanners, gone) {
        (0, _) => String::new(),
        (_, 0) => format!(", {}, all there", counted(scanners, "scanner", "scanners")),
        (_, _) => format!(", {}, {} lost", counted(scanners, "scanner", "scanners"), number(gone)),
    };
    format!("{desks}, {} with a scan today{scanners}.", number(today))
}

fn lost(known: &Known<'_>) -> Vec<Link> {
    let pulses = known.setups.iter().filter_map(|setup| Some((setup, known.pulses.get(&setup.code)?)));
    let link = |setup: &DeskSetup, words: String| Link {
        url: urls::desk(setup.code.as_str()),
        words: format!("{}: {words}", setup.code),
    };
    let all = pulses.flat_map(|(setup, pulse)| {
        let lost = pulse.lost.iter().map(|(name, since)| lost_words(known, name, *since));
        let locked = pulse.locked.iter().map(|name| locked_words(name));
        lost.chain(locked).map(|words| link(setup, words)).collect::<Vec<_>>()
    });
    all.take(MAX_LOST).collect()
}

fn waiting(known: &Known<'_>) -> Vec<String> {
    let deskless = known.scanners.iter().filter(|scanner| scanner.desk.is_none());
    let waiting = deskless.filter(|scanner| scanner.state != ScannerState::Opening);
    waiting.take(MAX_LOST).map(scanner_words::waits).collect()
}

fn lost_words(known: &Known<'_>, name: &str, since: Timestamp) -> String {
    format!("scanner {name} lost since {}", when::time(since, known.words.now, known.words.zone))
}

fn locked_words(name: &str) -> String {
    format!("scanner {name} locked: scan a badge, then the pairing card of the desk")
}

fn desk(known: &Known<'_>, setup: &DeskSetup) -> Desk {
    let place = known.words.directory.place_by_code(&setup.place);
    Desk {
        url: urls::desk(setup.code.as_str()),
        code: setup.code.to_string(),
        place: place
            .map_or_else(|| format!("{} (not imported yet)", setup.place), |place| place.name.clone()),
        folders: place.map(|place| urls::place(place.code.as_str())).into_iter().collect(),
        last: last(known, setup),
        marks: known.pulses.get(&setup.code).map(|pulse| scanners(known, pulse)).unwrap_or_default(),
    }
}

/// Of its sessions, or of the log where they were not open yet.
fn last_scan(known: &Known<'_>, setup: &DeskSetup) -> Option<Timestamp> {
    let live = known.pulses.get(&setup.code).and_then(|pulse| pulse.last_scan);
    let logged = known.overview.as_ref().and_then(|overview| overview.last_scans.get(&setup.code).copied());
    live.max(logged)
}

fn last(known: &Known<'_>, setup: &DeskSetup) -> String {
    let (now, zone) = (known.words.now, known.words.zone);
    match last_scan(known, setup) {
        Some(at) if when::is_today(at, now, zone) => format!("last scan {}", when::ago(at, now, zone)),
        Some(at) => format!("no scan today, the last {}", when::day_and_time(at, now, zone)),
        None if known.overview.is_none() => String::new(),
        None => "no scan yet".to_owned(),
    }
}

fn scanners(known: &Known<'_>, pulse: &Pulse) -> Vec<Mark> {
    if pulse.lost.is_empty() && pulse.locked.is_empty() {
        let words = match pulse.scanners {
            0 => return Vec::new(),
            1 => "1 scanner, there".to_owned(),
            some => format!("{some} scanners, all there"),
        };
        return vec![Mark { class: "well", shape: "tick", words }];
    }
    let mark = |(name, since): &(String, Timestamp)| Mark {
        class: "ill",
        shape: "cross",
        words: lost_words(known, name, *since),
    };
    let locked = |name: &String| Mark { class: "ill", shape: "cross", words: locked_words(name) };
    pulse.lost.iter().map(mark).chain(pulse.locked.iter().map(locked)).collect()
}
