//! From what is written to what it means; every complaint names its line and says what to do.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use toml::Spanned;

use super::written::{self, Written};
use super::{
    Access, Claim, Config, ConfigError, DEFAULT_FILE, Desk, LABELS_DIR, MAX_DESKS, MAX_SCANNERS_A_DESK,
    MIN_PAIRING, Scanner, locate, printers, span,
};
use crate::desk::DeskSetup;
use crate::domain::label_rule::{LabelRule, MAX_RULES};
use crate::domain::making::Numbering;
use crate::domain::place::Code;
use crate::labels::print::Setup;
use crate::labels::{Files, Stocks};
use crate::scan::port::Address;
use crate::scan::usb::vid_pid;

/// Shortest and longest time after which a person is signed off: a folder's handling, a shift.
const SIGN_ON_IDLE: RangeInclusive<Duration> = Duration::from_secs(10)..=Duration::from_hours(12);
/// Shortest and longest time between two verifications behind the scans: it is to rest at times, and damage must not stay
/// unseen for longer than backups are kept.
const VERIFY_EVERY: RangeInclusive<Duration> = Duration::from_hours(1)..=Duration::from_hours(31 * 24);
/// Longest name of a session, in characters: it stands in every scan's row.
const MAX_SESSION_LEN: usize = 128;

/// A complaint, before its line is known.
pub(super) struct Complaint {
    at: usize,
    what: String,
}

pub(super) type Checked<T> = Result<T, Complaint>;

pub(super) fn complain<T, V>(about: &Spanned<V>, what: impl Into<String>) -> Checked<T> {
    Err(Complaint { at: about.span().start, what: what.into() })
}

pub(super) fn config(text: &str, file: Option<&Path>) -> Result<Config, ConfigError> {
    let wrong = |complaint: Complaint| ConfigError::Wrong {
        file: file.map_or_else(|| DEFAULT_FILE.to_owned(), |file| file.display().to_string()),
        line: line_of(text, complaint.at),
        what: complaint.what,
    };
    let written: Written = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        wrong(Complaint {
            at,
            what: format!("{}: correct or remove it", error.message().trim_end_matches('.')),
        })
    })?;
    let beside = file.and_then(Path::parent).map(|folder| folder.join(LABELS_DIR));
    let labels = Files::of_house(beside.as_deref())?;
    checked(written, file, labels).map_err(wrong)
}

/// The line in which the byte `at` stands, from 1.
fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

fn checked(mut written: Written, file: Option<&Path>, labels: Files) -> Checked<Config> {
    let server = &mut written.server;
    if let Some(folder) = file.and_then(Path::parent).filter(|_| server.data_dir.is_relative()) {
        server.data_dir = folder.join(&server.data_dir);
    }
    let listen = listen(&server.listen)?;
    let access = access(server, listen)?;
    let time_zone = time_zone(&server.time_zone)?;
    let trust = code(&server.trust, "trust")?;
    let printers = printers::printers(&written.printer, file.and_then(Path::parent), &labels.stocks)?;
    Ok(Config {
        file: file.map(PathBuf::from),
        listen,
        access,
        data_dir: written.server.data_dir.clone(),
        time_zone,
        trust,
        desks: desks(&written.desk, &printers, &labels.stocks)?,
        rules: rules(&written.label)?,
        numbering: numbering(&written.numbering)?,
        printers,
        labels: Arc::new(labels),
        adopt: written.scanners.adopt,
        locate: locate::locate(&written.locate)?,
        verify_every: verify_every(&written.verify)?,
        written,
    })
}

fn listen(text: &Spanned<String>) -> Checked<SocketAddr> {
    let written = text.get_ref();
    let local = written.strip_prefix("localhost:").and_then(|port| port.parse().ok());
    if let Some(port) = local {
        return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    written.parse().or_else(|_| {
        complain(
            text,
            format!("listen \"{written}\" is no address with a port: write one such as \"127.0.0.1:8080\""),
        )
    })
}

fn access(server: &written::Server, listen: SocketAddr) -> Checked<Access> {
    match (listen.ip().is_loopback(), server.allow_unauthenticated) {
        (true, _) => Ok(Access::ThisMachine),
        (false, true) => Ok(Access::Everybody),
        (false, false) => complain(
            &server.listen,
            format!(
                "listen \"{listen}\" lets other machines in, and nobody signs in yet: use 127.0.0.1 behind a proxy \
                 that asks who it is, or write allow_unauthenticated = true if everybody in that network may see \
                 and move everything"
            ),
        ),
    }
}

fn time_zone(name: &Spanned<String>) -> Checked<TimeZone> {
    TimeZone::get(name.get_ref()).or_else(|_| {
        complain(
            name,
            format!("time_zone \"{}\" is not known: write one such as \"Europe/London\"", name.get_ref()),
        )
    })
}

pub(super) fn code(text: &Spanned<String>, key: &str) -> Checked<Code> {
    read(text, key)
}

/// Reads a value by its type's own rules and words.
fn read<T>(text: &Spanned<String>, key: &str) -> Checked<T>
where
    T: std::str::FromStr,
    T::Err: Display,
{
    text.get_ref().parse().or_else(|error| complain(text, format!("{key}: {error}")))
}

fn desks(written: &[written::Desk], printers: &[Setup], stocks: &Stocks) -> Checked<Vec<Desk>> {
    if let Some(first_beyond) = written.get(MAX_DESKS) {
        return complain(&first_beyond.code, format!("more than {MAX_DESKS} desks: part the service in two"));
    }
    let mut seen = Seen::default();
    written.iter().map(|block| desk(block, printers, stocks, &mut seen)).collect()
}

/// What may stand in the configuration once only.
#[derive(Default)]
struct Seen<'a> {
    codes: HashSet<Code>,
    pairings: HashMap<u32, Code>,
    ports: HashMap<&'a str, Code>,
}

fn desk<'a>(
    block: &'a written::Desk,
    printers: &[Setup],
    stocks: &Stocks,
    seen: &mut Seen<'a>,
) -> Checked<Desk> {
    let code = code(&block.code, "code")?;
    if !seen.codes.insert(code.clone()) {
        return complain(
            &block.code,
            format!("desk {code} is there twice: give each desk a code of its own"),
        );
    }
    if code.to_string().starts_with('~') {
        return complain(
            &block.code,
            format!("desk {code}: codes that begin with ~ are kept for the program"),
        );
    }
    let setup = DeskSetup {
        place: self::code(&block.place, "place")?,
        sign_on: block.sign_on,
        sign_on_idle: sign_on_idle(&block.sign_on_idle)?,
        pairing: block.pairing.as_ref().map(|number| pairing(number, &code, seen)).transpose()?,
        label_printer: block
            .label_printer
            .as_ref()
            .map(|name| printers::of_desk(name, printers, stocks))
            .transpose()?,
        code,
    };
    if let Some(first_beyond) = block.scanner.get(MAX_SCANNERS_A_DESK) {
        return complain(
            &first_beyond.port,
            format!("more than {MAX_SCANNERS_A_DESK} scanners at desk {}: make it two desks", setup.code),
        );
    }
    let scanners: Checked<_> =
        block.scanner.iter().map(|scanner| self::scanner(scanner, &setup.code, seen)).collect();
    Ok(Desk { scanners: scanners?, setup })
}

fn sign_on_idle(text: &Spanned<String>) -> Checked<Duration> {
    match span::read(text.get_ref()).filter(|duration| SIGN_ON_IDLE.contains(duration)) {
        Some(duration) => Ok(duration),
        None => complain(
            text,
            format!(
                "sign_on_idle \"{}\" is no time from 10 s to 12 h: write one such as \"15 min\"",
                text.get_ref()
            ),
        ),
    }
}

fn verify_every(written: &written::Verify) -> Checked<Duration> {
    match span::read(written.every.get_ref()).filter(|duration| VERIFY_EVERY.contains(duration)) {
        Some(duration) => Ok(duration),
        None => complain(
            &written.every,
            format!(
                "every \"{}\" is no time from 1 h to 31 d: write one such as \"1 d\"",
                written.every.get_ref()
            ),
        ),
    }
}

fn pairing(number: &Spanned<u32>, desk: &Code, seen: &mut Seen<'_>) -> Checked<u32> {
    let written = *number.get_ref();
    if written < MIN_PAIRING {
        return complain(
            number,
            format!(
                "pairing {written}: numbers below {MIN_PAIRING} are command cards; use {MIN_PAIRING} or more"
            ),
        );
    }
    match seen.pairings.insert(written, desk.clone()) {
        Some(other) => complain(
            number,
            format!("pairing {written} is desk {other}'s already: give each desk a number of its own"),
        ),
        None => Ok(written),
    }
}

fn scanner<'a>(block: &'a written::Scanner, desk: &Code, seen: &mut Seen<'a>) -> Checked<Scanner> {
    let port = block.port.get_ref();
    let claim = claim(block)?;
    if let Some(other) = seen.ports.insert(port, desk.clone()) {
        return complain(
            &block.port,
            format!("port {port} is a scanner of desk {other} already: one scanner stands at one desk"),
        );
    }
    let session = match &block.session {
        Some(name) => session(name)?,
        None => port.clone(),
    };
    Ok(Scanner { port: port.clone(), claim, profile: profile(&block.profile)?, session })
}

/// Which USB scanner a block means, if it means one.
fn claim(block: &written::Scanner) -> Checked<Option<Claim>> {
    let device = block.device.as_ref().map(device).transpose()?;
    let address = read::<Address>(&block.port, "port")?;
    match (Claim::of(address, device), &block.device) {
        (Some(Claim::Serial { .. }) | None, Some(written)) => complain(
            written,
            "device: only a USB socket holds now this device, now that: write it beside port = \"usb://1-2.4\", or \
             leave it out",
        ),
        (claim, _) => Ok(claim),
    }
}

fn device(text: &Spanned<String>) -> Checked<(u16, u16)> {
    vid_pid(text.get_ref()).map_or_else(
        || {
            let written = text.get_ref();
            complain(
                text,
                format!("device \"{written}\" is none: write vendor and product, four hex digits each, e.g. \"05e0:1701\""),
            )
        },
        Ok,
    )
}

/// Whether it is `HOST:PORT`.
pub(super) fn is_address(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, number)| {
        !host.is_empty() && number.parse::<u16>().is_ok_and(|number| number != 0)
    })
}

fn session(name: &Spanned<String>) -> Checked<String> {
    let text = name.get_ref().trim();
    if text.is_empty() || text.len() > MAX_SESSION_LEN || text.chars().any(char::is_control) {
        return complain(name, format!("session: write a name of 1 to {MAX_SESSION_LEN} letters and digits"));
    }
    Ok(text.to_owned())
}

fn profile(name: &Spanned<String>) -> Checked<String> {
    let text = name.get_ref();
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=40).contains(&text.len()) && text.bytes().all(plain) {
        return Ok(text.clone());
    }
    complain(
        name,
        format!("profile \"{text}\" is no profile's name: `casetrack scanner profiles` lists them"),
    )
}

fn numbering(block: &written::Numbering) -> Checked<Numbering> {
    let Some(form) = &block.folder else { return Ok(Numbering::Ours) };
    form.as_ref().parse().or_else(|error| complain(form, format!("folder = {:?}: {error}", form.as_ref())))
}

fn rules(written: &[written::Label]) -> Checked<Vec<LabelRule>> {
    if let Some(first_beyond) = written.get(MAX_RULES) {
        return complain(
            &first_beyond.pattern,
            format!("more than {MAX_RULES} label rules: join some patterns"),
        );
    }
    written.iter().map(rule).collect()
}

fn rule(block: &written::Label) -> Checked<LabelRule> {
    LabelRule::new(
        block.symbology.as_ref().map(|word| read(word, "symbology")).transpose()?,
        block.pattern.get_ref(),
        read(&block.check, "check")?,
        code(&block.site, "site")?,
        read(&block.means, "means")?,
    )
    .or_else(|error| {
        let words = error.to_string();
        complain(&block.pattern, words.split_whitespace().collect::<Vec<_>>().join(" "))
    })
}
