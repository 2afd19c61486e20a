//! For those who watch over the service: `/healthz`, `/readyz`, `/metrics`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::clock::SECOND_US;
use crate::desk::scanners::{RefusedReads, ScannerState, ScannerStatus};
use crate::domain::place::Code;
use crate::jobs::states::{Condition, Figure, Part, Told};
use crate::store::printing::PrintCounts;
use crate::store::{Figures, Health};
use crate::web::auth::Machine;
use crate::web::error::Failure;
use crate::web::live::LiveFigures;

/// `GET /healthz`: whether the program does its work; red needs a restart.
pub async fn health(machine: Machine) -> Result<&'static str, Failure> {
    match machine.health() {
        Health::Writing => Ok("ok\n"),
        Health::Stopped { .. } => Err(Failure::Down),
    }
}

/// `GET /readyz`: whether to send people here: it writes, reads, and is not about to stop.
///
/// What the parts that work by themselves tell stands beneath; none of them turns people away.
pub async fn ready(machine: Machine) -> Result<String, Failure> {
    if *machine.stopping().borrow() {
        return Err(Failure::Busy("The service is stopping."));
    }
    machine.store().figures(machine.trust()).await?;
    let states = machine.states();
    let ok = health(machine).await?;
    Ok(states.iter().fold(ok.to_owned(), |text, (part, told)| text + &part_line(*part, told)))
}

/// `verify: well, sound, 2026-11-28T14:30:00Z`.
fn part_line(part: Part, told: &Told) -> String {
    let since = told.since.map(|since| format!(", {since}")).unwrap_or_default();
    format!("{}: {}, {}{since}\n", part.word(), told.condition.word(), told.state)
}

/// `GET /metrics`: the Prometheus text format.
pub async fn metrics(machine: Machine) -> Result<Response, Failure> {
    let figures = machine.store().figures(machine.trust()).await?;
    let sessions: Vec<_> = machine
        .setups()
        .iter()
        .map(|setup| (setup.code.to_string(), machine.sessions(&setup.code).len()))
        .collect();
    let mut text = exposition(&figures, machine.hub().figures(), &machine.health(), &sessions);
    let jobs = machine.store().print_counts(machine.trust()).await?;
    text.push_str(&printing(jobs, machine.printer_troubles().len()));
    text.push_str(&scanning(&machine.scanners()));
    text.push_str(&parts(&machine.states()));
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

fn exposition(figures: &Figures, live: LiveFigures, health: &Health, sessions: &[(String, usize)]) -> String {
    let writing = u64::from(*health == Health::Writing);
    let table = [
        ("casetrack_scans_total", "counter", "Scans recorded since the start.", figures.scans),
        ("casetrack_commits_total", "counter", "Commits since the start.", figures.commits),
        ("casetrack_volumes", "gauge", "Volumes known.", figures.volumes),
        ("casetrack_movements", "gauge", "Movements in the log.", figures.movements),
        ("casetrack_wal_bytes", "gauge", "Bytes of the write-ahead log.", figures.wal_bytes),
        ("casetrack_waiting_commands", "gauge", "Commands waiting for the writer.", figures.waiting),
        ("casetrack_live_streams", "gauge", "Live streams open.", live.streams),
        ("casetrack_live_messages_total", "counter", "Messages to live streams since the start.", live.told),
        ("casetrack_live_lookups_total", "counter", "Look-ups for live streams.", live.lookups),
        ("casetrack_writing", "gauge", "1 while scans are recorded, 0 after a failed write.", writing),
    ];
    let mut text = String::new();
    for (name, kind, help, value) in table {
        // Writing to a string does not fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
    }
    text.push_str(
        "# HELP casetrack_desk_sessions Open sessions of a desk.\n# TYPE casetrack_desk_sessions gauge\n",
    );
    for (desk, count) in sessions {
        let _ = writeln!(text, "casetrack_desk_sessions{{desk=\"{}\"}} {count}", escaped(desk));
    }
    text
}

/// Jobs that wait, by what they wait for: those that came to their end are not counted, since they only grow.
fn printing(jobs: PrintCounts, troubles: usize) -> String {
    let name = "casetrack_print_jobs";
    let mut text = format!("# HELP {name} Print jobs that wait or are being sent.\n# TYPE {name} gauge\n");
    for (state, count) in [
        ("queued", jobs.queued),
        ("sending", jobs.sending),
        ("unknown", jobs.unknown),
        ("failed", jobs.failed),
    ] {
        let _ = writeln!(text, "{name}{{state=\"{state}\"}} {count}");
    }
    let name = "casetrack_printers_in_trouble";
    let help = "Printers that cannot print what waits for them.";
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {troubles}");
    text
}

/// How the parts are that work by themselves, each followed by its own figures.
fn parts(states: &BTreeMap<Part, Told>) -> String {
    let name = "casetrack_state";
    let mut text =
        format!("# HELP {name} 1 for the state that a part of the service is in.\n# TYPE {name} gauge\n");
    for (part, told) in states {
        for condition in Condition::ALL {
            let (part, is) = (part.word(), u8::from(condition == told.condition));
            let _ = writeln!(text, "{name}{{part=\"{part}\",state=\"{}\"}} {is}", condition.word());
        }
    }
    for Figure { name, help, value } in states.values().flat_map(|told| &told.figures) {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
    }
    text
}

/// One row of a family of figures: its labels beyond desk and scanner, and its value.
type Row = (String, i64);

/// How scanners are doing. One that waits for a desk has an empty `desk`.
fn scanning(scanners: &[ScannerStatus]) -> String {
    let value = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let plain = |count: u64| vec![(String::new(), value(count))];
    let mut text = String::new();
    let mut family = |name: &str, kind: &str, help: &str, rows: &dyn Fn(&ScannerStatus) -> Vec<Row>| {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for scanner in scanners {
            let desk = escaped(scanner.desk.as_ref().map_or("", Code::as_str));
            let labels = format!("desk=\"{desk}\",scanner=\"{}\"", escaped(&scanner.name));
            for (more, value) in rows(scanner) {
                let _ = writeln!(text, "{name}{{{labels}{more}}} {value}");
            }
        }
    };
    let reads = "Whole reads of a scanner since the start.";
    family("casetrack_scanner_reads_total", "counter", reads, &|scanner| plain(scanner.reads));
    let refused = "What a scanner sent that was no read, by its kind.";
    family("casetrack_scanner_refused_total", "counter", refused, &|scanner| {
        let row = |kind: &RefusedReads| (format!(",kind=\"{}\"", kind.kind), value(kind.count));
        scanner.refused.iter().map(row).collect()
    });
    let back = "Times the device of a scanner was opened again.";
    family("casetrack_scanner_reconnects_total", "counter", back, &|scanner| plain(scanner.reconnects));
    let held = "Refused reads that wait until a scanner has a desk.";
    family("casetrack_scanner_held", "gauge", held, &|scanner| {
        vec![(String::new(), i64::try_from(scanner.held).unwrap_or(i64::MAX))]
    });
    let last = "When a scanner last sent anything, in seconds since 1970; 0 before that.";
    family("casetrack_scanner_last_read_seconds", "gauge", last, &|scanner| {
        vec![(String::new(), scanner.last_read.map_or(0, |at| at.micros() / SECOND_US))]
    });
    let state = "1 for the state that a scanner is in.";
    family("casetrack_scanner_state", "gauge", state, &|scanner| {
        let row = |state: &ScannerState| {
            (format!(",state=\"{}\"", state.word()), i64::from(*state == scanner.state))
        };
        ScannerState::ALL.iter().map(row).collect()
    });
    text
}

/// A label's value: backslash and quotation mark are escaped; a code holds no line feed.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn print_jobs_are_told_by_what_they_wait_for() {
        let text = printing(PrintCounts { queued: 2, unknown: 1, ..PrintCounts::default() }, 1);
        assert!(text.contains("casetrack_print_jobs{state=\"queued\"} 2\n"));
        assert!(text.contains("casetrack_print_jobs{state=\"unknown\"} 1\n"));
        assert!(text.ends_with("casetrack_printers_in_trouble 1\n"));
    }

    #[test]
    fn a_part_that_works_by_itself_tells_its_state_and_its_figures() {
        let figure = Figure { name: "casetrack_verify_differences", help: "Rows that differ.", value: 1 };
        let told = Told {
            condition: Condition::Ill,
            state: "1 difference".to_owned(),
            since: Some(crate::clock::Timestamp::EPOCH),
            detail: String::new(),
            figures: vec![figure],
        };
        assert_eq!(part_line(Part::Verify, &told), "verify: ill, 1 difference, 1970-01-01T00:00:00Z\n");
        let text = parts(&[(Part::Verify, told)].into());
        assert!(text.contains("casetrack_state{part=\"verify\",state=\"well\"} 0\n"));
        assert!(text.contains("casetrack_state{part=\"verify\",state=\"ill\"} 1\n"));
        assert!(
            text.ends_with("# TYPE casetrack_verify_differences gauge\ncasetrack_verify_differences 1\n")
        );
    }

    #[test]
    fn scanners_are_told_by_desk_and_port_and_no_patient() {
        let scanner = ScannerStatus {
            name: "usb://1-2.4".to_owned(),
            identity: None,
            profile: "zebra-cdc".to_owned(),
            desk: Some("CL5-1".parse().unwrap()),
            session: None,
            state: ScannerState::Locked,
            why: None,
            since: None,
            last_read: Some(crate::clock::Timestamp::from_micros(7_000_000)),
            reads: 214,
            refused: vec![RefusedReads { kind: "truncated", count: 2 }],
            reconnects: 1,
            held: 0,
        };
        let text = scanning(&[scanner]);
        let labels = "desk=\"CL5-1\",scanner=\"usb://1-2.4\"";
        for row in [
            format!("casetrack_scanner_reads_total{{{labels}}} 214"),
            format!("casetrack_scanner_refused_total{{{labels},kind=\"truncated\"}} 2"),
            format!("casetrack_scanner_reconnects_total{{{labels}}} 1"),
            format!("casetrack_scanner_last_read_seconds{{{labels}}} 7"),
            format!("casetrack_scanner_state{{{labels},state=\"locked\"}} 1"),
            format!("casetrack_scanner_state{{{labels},state=\"open\"}} 0"),
        ] {
            assert!(text.lines().any(|line| line == row), "{row} in\n{text}");
        }
    }

    #[test]
    fn figures_are_told_in_the_format_of_prometheus() {
        let figures = Figures { scans: 7, ..Figures::default() };
        let live = LiveFigures { streams: 3, ..LiveFigures::default() };
        let text = exposition(&figures, live, &Health::Writing, &[("A\"\\".into(), 2)]);
        assert!(text.contains("casetrack_live_streams 3\n"));
        assert!(text.contains("# TYPE casetrack_scans_total counter\ncasetrack_scans_total 7\n"));
        assert!(text.contains("casetrack_writing 1\n"));
        assert!(text.ends_with("casetrack_desk_sessions{desk=\"A\\\"\\\\\"} 2\n"));
    }
}
