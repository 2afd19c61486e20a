//! `POST desks/{code}/scans`: something read or typed at a desk.

use axum::Json;
use axum::extract::Path;
use serde::Deserialize;
use uuid::Uuid;

use super::Body;
use crate::clock::Timestamp;
use crate::desk::{Came, Posted, Said};
use crate::domain::ScanId;
use crate::domain::barcode::Entry;
use crate::domain::place::Code;
use crate::web::auth::Clerk;
use crate::web::error::Failure;

/// Longest name of a session, in characters: a device path fits.
pub const MAX_SESSION_LEN: usize = 128;

/// What is posted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    id: Uuid,
    code: String,
    at: Option<Timestamp>,
    #[serde(default = "api")]
    scanner: String,
    #[serde(default = "scanned")]
    entry: Entry,
}

fn api() -> String {
    "api".to_owned()
}

fn scanned() -> Entry {
    Entry::Scanned
}

/// Takes the scan and answers what the clerk is told.
pub async fn post(
    clerk: Clerk,
    Path(desk): Path<String>,
    Body(scan): Body<Scan>,
) -> Result<Json<Said>, Failure> {
    let desk = desk_named(&desk)?;
    let session = session_named(&scan.scanner)?;
    let said = clerk.scan(&desk, session, posted(scan.id, &scan.code, scan.at, scan.entry)?).await;
    said.map(Json).map_err(Failure::of_desk)
}

/// The code of a desk; a text that can be none names none.
pub fn desk_named(code: &str) -> Result<Code, Failure> {
    code.parse().map_err(|_| Failure::NoSuch { what: "desk", name: code.chars().take(64).collect() })
}

/// The name of a session.
pub fn session_named(name: &str) -> Result<&str, Failure> {
    let name = name.trim();
    let fits = (1..=MAX_SESSION_LEN).contains(&name.len());
    if fits && name.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
        Ok(name)
    } else {
        Err(Failure::Malformed(format!(
            "scanner: 1 to {MAX_SESSION_LEN} visible ASCII characters are needed"
        )))
    }
}

/// A scan as a desk takes it: terminator and AIM identifier are taken off.
pub fn posted(id: Uuid, code: &str, at: Option<Timestamp>, entry: Entry) -> Result<Posted, Failure> {
    if id.get_version_num() != 7 {
        return Err(Failure::Malformed("id: a UUID of version 7 is needed".to_owned()));
    }
    let (aim, text) = bare(code);
    let (id, aim) = (ScanId::new(id), aim.map(str::to_owned));
    Ok(Posted { id, text: text.to_owned(), aim, entry, at, came: Came::Keys })
}

/// The AIM identifier of what a scanner sent, and its text without that and without the terminator.
pub fn bare(code: &str) -> (Option<&str>, &str) {
    without_aim(code.trim_end_matches(['\r', '\n', '\t', '\u{3}']))
}

/// Takes an AIM identifier off the front: `]`, a letter, a digit or letter (ISO/IEC 15424).
fn without_aim(code: &str) -> (Option<&str>, &str) {
    match code.as_bytes() {
        [b']', letter, modifier, ..] if letter.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric() => {
            code.split_at_checked(3).map_or((None, code), |(aim, text)| (Some(aim), text))
        }
        _ => (None, code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminator_and_symbology_are_taken_off_and_nothing_else() {
        let id = Uuid::now_v7();
        let take = |code: &str| {
            let posted = posted(id, code, None, Entry::Scanned).unwrap();
            (posted.aim, posted.text)
        };
        assert_eq!(take("]C0V000001234\r\n"), (Some("]C0".to_owned()), "V000001234".to_owned()));
        assert_eq!(take("V000001234"), (None, "V000001234".to_owned()));
        assert_eq!(take("]é"), (None, "]é".to_owned()));
        assert_eq!(take("]d2\u{1d}01"), (Some("]d2".to_owned()), "\u{1d}01".to_owned()));
        assert_eq!(take(""), (None, String::new()));
    }

    #[test]
    fn a_scan_needs_an_id_made_where_it_happened() {
        assert!(matches!(posted(Uuid::nil(), "V1", None, Entry::Typed), Err(Failure::Malformed(_))));
    }

    #[test]
    fn what_is_not_said_is_a_scan_by_the_interface() {
        let text = format!("{{\"id\":\"{}\",\"code\":\"V1\"}}", Uuid::now_v7());
        let scan: Scan = serde_json::from_str(&text).unwrap();
        assert_eq!((scan.scanner.as_str(), scan.entry), ("api", Entry::Scanned));
        assert!(serde_json::from_str::<Scan>(&text.replace("code", "codes")).is_err());
    }
}
