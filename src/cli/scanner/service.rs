//! What a running service tells of its scanners (`GET /api/v1/scanners`).

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::clock::Timestamp;
use crate::config::Config;

/// Longest wait for each step of the answer: the service is on this machine.
const WAIT_MOST: Duration = Duration::from_secs(2);
/// Most bytes of the answer that are read; a thousand scanners make a tenth of it.
const ANSWER_MOST: u64 = 4 * 1024 * 1024;

/// The scanners of a service that answers.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Service {
    items: Vec<Told>,
}

/// How the service says that a scanner does since it has started.
#[derive(Debug, Deserialize)]
pub(super) struct Told {
    /// Its port in the configuration, else `usb://` and its socket.
    name: String,
    /// Its desk.
    pub desk: Option<String>,
    /// How it is, by the interface's word.
    pub state: String,
    last_read: Option<Timestamp>,
    reads: u64,
    refused: Vec<Refused>,
    reconnects: u64,
    held: u64,
}

#[derive(Debug, Deserialize)]
struct Refused {
    kind: String,
    count: u64,
}

impl Service {
    /// The service of this configuration, if it answers.
    pub fn of(config: &Config) -> Option<Self> {
        let answer = ask(config.listen).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let is_good = head.split(' ').nth(1) == Some("200");
        is_good.then(|| serde_json::from_str(body).ok()).flatten()
    }

    /// What it says of the scanner with this name.
    pub fn told(&self, name: &str) -> Option<&Told> {
        self.items.iter().find(|told| told.name == name)
    }
}

impl Told {
    /// Last scan, reads, refusals and reconnects in one line.
    pub fn health(&self, zone: &TimeZone) -> Health<'_> {
        Health { told: self, zone: zone.clone() }
    }
}

/// How a scanner does, for people.
pub(super) struct Health<'a> {
    told: &'a Told,
    zone: TimeZone,
}

impl fmt::Display for Health<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Told { last_read, reads, refused, reconnects, held, .. } = self.told;
        match last_read {
            None => f.write_str("no scan yet")?,
            Some(at) => {
                let at = at.to_jiff().to_zoned_datetime(self.zone.clone());
                write!(f, "last scan {}", at.strftime("%Y-%m-%d %H:%M:%S"))?;
            }
        }
        let count = refused.iter().fold(0, |sum: u64, refused| sum.saturating_add(refused.count));
        write!(f, ", read {reads}, refused {count}")?;
        let mut start = " (";
        for Refused { kind, count } in refused.iter().filter(|refused| refused.count > 0) {
            write!(f, "{start}{kind} {count}")?;
            start = ", ";
        }
        write!(f, "{}, came back {reconnects}", if start == ", " { ")" } else { "" })?;
        if *held > 0 { write!(f, ", waiting for a desk {held}") } else { Ok(()) }
    }
}

fn ask(listen: SocketAddr) -> io::Result<String> {
    let host = if listen.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { listen.ip() };
    let address = SocketAddr::new(host, listen.port());
    let mut stream = TcpStream::connect_timeout(&address, WAIT_MOST)?;
    stream.set_read_timeout(Some(WAIT_MOST))?;
    stream.set_write_timeout(Some(WAIT_MOST))?;
    write!(stream, "GET /api/v1/scanners HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(ANSWER_MOST).read_to_string(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_health_of_a_scanner_is_told_in_one_line() {
        let text = r#"{"items": [
            {"name": "usb://1-2.4", "identity": "05e0:1701 at 1-2.4", "profile": "zebra-cdc", "desk": "A",
             "session": "front", "state": "open", "why": null, "since": null, "last_read": "2026-01-01T12:00:00.5Z",
             "reads": 40, "refused": [{"kind": "truncated", "count": 2}, {"kind": "too-long", "count": 0},
             {"kind": "joined", "count": 1}], "reconnects": 5, "held": 0},
            {"name": "usb://1-3", "identity": null, "profile": "zebra-cdc", "desk": null, "session": null,
             "state": "no-desk", "why": null, "since": null, "last_read": null, "reads": 0, "refused": [],
             "reconnects": 0, "held": 3}
        ]}"#;
        let service: Service = serde_json::from_str(text).unwrap();
        let health = |name| service.told(name).map(|told| told.health(&TimeZone::UTC).to_string());
        assert_eq!(
            health("usb://1-2.4").as_deref(),
            Some("last scan 2026-01-01 12:00:00, read 40, refused 3 (truncated 2, joined 1), came back 5")
        );
        assert_eq!(
            health("usb://1-3").as_deref(),
            Some("no scan yet, read 0, refused 0, came back 0, waiting for a desk 3")
        );
        assert_eq!(health("usb://1-4"), None);
    }
}
