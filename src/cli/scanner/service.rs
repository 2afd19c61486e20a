//! What a running service tells of its scanners, from its `/metrics`.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::config::Config;

/// Longest wait for each step of the answer: the service is on this machine.
const WAIT_MOST: Duration = Duration::from_secs(2);
/// Most bytes of the answer that are read; a thousand desks make a tenth of it.
const ANSWER_MOST: u64 = 4 * 1024 * 1024;

/// How a scanner does since the service has started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Health {
    /// Reads.
    pub frames: u64,
    /// Refused frames, of whatever reason.
    pub refused: u64,
    /// How often it came back.
    pub reconnects: u64,
    /// When it was last heard of, as a time of the hospital.
    pub last_seen: Option<String>,
}

/// A service that answers.
#[derive(Debug, Default)]
pub(super) struct Service {
    /// By desk and port.
    scanners: BTreeMap<(String, String), Health>,
}

impl Service {
    /// The service of this configuration, if it answers.
    pub fn of(config: &Config) -> Option<Self> {
        let answer = ask(config.listen).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        head.starts_with("HTTP/1.1 200").then(|| Self::told(body, &config.time_zone))
    }

    /// How the scanner at this port of this desk does.
    pub fn health(&self, desk: &str, port: &str) -> Option<&Health> {
        self.scanners.get(&(desk.to_owned(), port.to_owned()))
    }

    fn told(metrics: &str, zone: &TimeZone) -> Self {
        let mut service = Self::default();
        for Sample { name, desk, scanner, value } in metrics.lines().filter_map(sample) {
            let health = service.scanners.entry((desk, scanner)).or_default();
            match name {
                "casetrack_scanner_frames_total" => health.frames += whole(value),
                "casetrack_scanner_refused_total" => health.refused += whole(value),
                "casetrack_scanner_reconnects_total" => health.reconnects += whole(value),
                "casetrack_scanner_last_seen_seconds" => health.last_seen = time(value, zone),
                _ => {}
            }
        }
        service
    }
}

fn ask(listen: SocketAddr) -> std::io::Result<String> {
    let host = if listen.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { listen.ip() };
    let address = SocketAddr::new(host, listen.port());
    let mut stream = TcpStream::connect_timeout(&address, WAIT_MOST)?;
    stream.set_read_timeout(Some(WAIT_MOST))?;
    stream.set_write_timeout(Some(WAIT_MOST))?;
    write!(stream, "GET /metrics HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(ANSWER_MOST).read_to_string(&mut answer)?;
    Ok(answer)
}

/// One line of the metrics that is of a scanner.
#[derive(Debug, PartialEq, Eq)]
struct Sample<'a> {
    name: &'a str,
    desk: String,
    scanner: String,
    value: &'a str,
}

fn sample(line: &str) -> Option<Sample<'_>> {
    let (name, rest) = line.split_once('{')?;
    let (labels, value) = rest.rsplit_once("} ")?;
    let label = |key: &str| label(labels, key);
    Some(Sample { name, desk: label("desk")?, scanner: label("scanner")?, value })
}

/// The value of a label, its escapes undone.
fn label(mut labels: &str, key: &str) -> Option<String> {
    loop {
        let (found, rest) = labels.split_once("=\"")?;
        let mut value = String::new();
        let mut signs = rest.chars();
        loop {
            match signs.next()? {
                '"' => break,
                '\\' => value.push(signs.next().map(|sign| if sign == 'n' { '\n' } else { sign })?),
                sign => value.push(sign),
            }
        }
        if found.trim_start_matches(',').trim() == key {
            return Some(value);
        }
        labels = signs.as_str();
    }
}

fn whole(value: &str) -> u64 {
    value.parse().unwrap_or(0)
}

/// Seconds since 1970, a fraction cut off.
fn time(value: &str, zone: &TimeZone) -> Option<String> {
    let seconds: i64 = value.split('.').next()?.parse().ok()?;
    let at = jiff::Timestamp::from_second(seconds).ok().filter(|_| seconds > 0)?;
    Some(at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_health_of_a_scanner_is_read_from_the_metrics() {
        let text = "# TYPE casetrack_scanner_frames_total counter\n\
                    casetrack_scans_total 7\n\
                    casetrack_desk_sessions{desk=\"A\"} 1\n\
                    casetrack_scanner_frames_total{desk=\"A\",scanner=\"usb://1-2\"} 40\n\
                    casetrack_scanner_refused_total{desk=\"A\",scanner=\"usb://1-2\",reason=\"truncated\"} 2\n\
                    casetrack_scanner_refused_total{desk=\"A\",scanner=\"usb://1-2\",reason=\"too-long\"} 1\n\
                    casetrack_scanner_reconnects_total{scanner=\"usb://1-2\", desk=\"A\"} 5\n\
                    casetrack_scanner_last_seen_seconds{desk=\"A\",scanner=\"usb://1-2\"} 1767268800.5\n\
                    casetrack_scanner_frames_total{desk=\"B\\\"\\\\\",scanner=\"/dev/x\"} 1\n";
        let service = Service::told(text, &TimeZone::UTC);
        let expected = Health {
            frames: 40,
            refused: 3,
            reconnects: 5,
            last_seen: Some("2026-01-01 12:00:00".to_owned()),
        };
        assert_eq!(service.health("A", "usb://1-2"), Some(&expected));
        assert_eq!(service.health("B\"\\", "/dev/x").map(|health| health.frames), Some(1));
        assert_eq!(service.health("A", "usb://1-3"), None);
    }

    #[test]
    fn a_line_that_is_cut_is_no_sample() {
        for line in ["", "a{", "a{desk=\"A", "a{desk=\"A\"} 1", "a{desk=\"A\\", "a{desk=\"A\",scanner=\"} 1"]
        {
            assert_eq!(sample(line), None, "{line}");
        }
    }
}
