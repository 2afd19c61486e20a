//! How scanners are doing, in words.

use super::desk::Times;
use super::front::desks::Mark;
use crate::desk::scanners::{RefusedReads, ScannerState, ScannerStatus};
use crate::web::figures::{counted, number};
use crate::web::when;

/// Kinds of what was no read: one, and several.
const KINDS: [(&str, &str, &str); 8] = [
    ("truncated", "half read", "half reads"),
    ("too-long", "too long", "too long"),
    ("invalid-byte", "unreadable", "unreadable"),
    ("joined", "two at once", "two at once"),
    ("programming", "programming code", "programming codes"),
    ("identifier", "without identifier", "without identifier"),
    ("damaged", "damaged on its way", "damaged on their way"),
    ("layout", "typed in another layout", "typed in another layout"),
];

/// `Scanner 05e0:1701 at 1-2.4: last read 10:42, 214 reads, 3 refused (2 half reads, 1 too long), came back twice`.
pub fn line(scanner: &ScannerStatus, times: &Times<'_>) -> Mark {
    let ill = |shape, words| Mark { class: "ill", shape, words };
    let name = name(scanner);
    let health = health(scanner, times);
    match scanner.state {
        ScannerState::Open => Mark { class: "well", shape: "tick", words: format!("{name}: {health}") },
        ScannerState::Opening => {
            Mark { class: "well", shape: "clock", words: format!("{name}: being opened") }
        }
        ScannerState::Lost => ill("plug", format!("{name}: {}; {health}", lost(scanner, times))),
        ScannerState::Locked => {
            let words = "LOCKED. Scan your badge with it, then this desk's pairing card";
            ill("cross", format!("{name}: {words}; {health}"))
        }
        ScannerState::NoDesk => ill("cross", waits(scanner)),
    }
}

/// `Scanner 05e0:1701 at 1-2.4 waits for a desk: scan the pairing card of its desk with it. 3 reads refused so far`.
pub fn waits(scanner: &ScannerStatus) -> String {
    if let Some(why) = &scanner.why {
        return format!("{} cannot be used: {why}", name(scanner));
    }
    let asked = "waits for a desk: scan your badge with it, then the pairing card of its desk";
    match scanner.held {
        0 => format!("{} {asked}", name(scanner)),
        held => format!("{} {asked}. {} refused so far", name(scanner), counted(held, "read", "reads")),
    }
}

fn name(scanner: &ScannerStatus) -> String {
    let end = scanner.name.rsplit('/').next().filter(|end| !end.is_empty()).unwrap_or(&scanner.name);
    format!("Scanner {}", scanner.identity.as_deref().unwrap_or(end))
}

fn lost(scanner: &ScannerStatus, times: &Times<'_>) -> String {
    let since = scanner.since.map(|at| format!(" since {}", when::time(at, times.now, times.zone)));
    let why = scanner.why.as_deref().map(|why| format!(", {why}"));
    format!("lost{}{}", since.unwrap_or_default(), why.unwrap_or_default())
}

fn health(scanner: &ScannerStatus, times: &Times<'_>) -> String {
    let Some(last) = scanner.last_read else { return "nothing read yet".to_owned() };
    let last = format!("last read {}", when::time(last, times.now, times.zone));
    let reads = counted(scanner.reads, "read", "reads");
    let parts = [last, reads, refused(&scanner.refused), back(scanner.reconnects)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn refused(kinds: &[RefusedReads]) -> String {
    let all: u64 = kinds.iter().map(|kind| kind.count).sum();
    if all == 0 {
        return String::new();
    }
    let each = kinds.iter().filter(|kind| kind.count > 0).map(|kind| {
        let known = KINDS.iter().find(|(name, ..)| *name == kind.kind);
        let (_, one, more) = known.copied().unwrap_or((kind.kind, kind.kind, kind.kind));
        counted(kind.count, one, more)
    });
    format!("{} refused ({})", number(all), each.collect::<Vec<_>>().join(", "))
}

fn back(times: u64) -> String {
    match times {
        0 => String::new(),
        1 => "came back once".to_owned(),
        2 => "came back twice".to_owned(),
        many => format!("came back {} times", number(many)),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::clock::Timestamp;

    fn scanner(state: ScannerState) -> ScannerStatus {
        ScannerStatus {
            name: "usb://1-2.4".to_owned(),
            identity: Some("05e0:1701 at 1-2.4".to_owned()),
            profile: "zebra-cdc".to_owned(),
            desk: Some("CL5-1".parse().unwrap()),
            session: Some("usb://1-2.4".to_owned()),
            state,
            why: None,
            since: None,
            last_read: Some("2026-11-23T10:42:00Z".parse().unwrap()),
            reads: 214,
            refused: vec![
                RefusedReads { kind: "truncated", count: 2 },
                RefusedReads { kind: "too-long", count: 1 },
                RefusedReads { kind: "joined", count: 0 },
            ],
            reconnects: 2,
            held: 0,
        }
    }

    fn told(scanner: &ScannerStatus) -> String {
        let now: Timestamp = "2026-11-23T11:00:00Z".parse().unwrap();
        line(scanner, &Times { now, zone: &TimeZone::UTC }).words
    }

    #[test]
    fn a_scanner_is_told_of_in_one_calm_line() {
        let open = scanner(ScannerState::Open);
        let lost = ScannerStatus {
            why: Some("unplugged".to_owned()),
            since: open.last_read,
            ..scanner(ScannerState::Lost)
        };
        let waits = ScannerStatus { held: 3, ..scanner(ScannerState::NoDesk) };
        let fresh = ScannerStatus { last_read: None, identity: None, ..open.clone() };
        let lines = [open, lost, scanner(ScannerState::Locked), waits, fresh].map(|scanner| told(&scanner));
        insta::assert_snapshot!(lines.join("\n"), @r"
        Scanner 05e0:1701 at 1-2.4: last read 10:42, 214 reads, 3 refused (2 half reads, 1 too long), came back twice
        Scanner 05e0:1701 at 1-2.4: lost since 10:42, unplugged; last read 10:42, 214 reads, 3 refused (2 half reads, 1 too long), came back twice
        Scanner 05e0:1701 at 1-2.4: LOCKED. Scan your badge with it, then this desk's pairing card; last read 10:42, 214 reads, 3 refused (2 half reads, 1 too long), came back twice
        Scanner 05e0:1701 at 1-2.4 waits for a desk: scan your badge with it, then the pairing card of its desk. 3 reads refused so far
        Scanner 1-2.4: nothing read yet
        ");
    }
}
