//! What is told, as text of a stream (WHATWG HTML, section 9.2): made once, handed to every stream it concerns.

use serde::Serialize;

use crate::desk::DeskChanged;
use crate::domain::directory::Directory;
use crate::domain::place::Code;
use crate::live::{Cursor, Event, SEARCH, TURNED_UP};

/// After how long a browser comes back, in milliseconds.
const RETRY_MS: u32 = 2_000;
/// Says that a silent stream lives.
pub const ALIVE: &str = ": alive\n\n";

/// One message, and the movement it tells: who may learn of that is asked at delivery.
#[derive(Debug)]
pub struct Told {
    /// The movement; `None`: a change of a desk.
    pub event: Option<Event>,
    /// The message.
    pub text: String,
}

/// A movement as it is told.
#[derive(Serialize)]
struct Moved<'a> {
    cursor: String,
    kind: &'a str,
    /// The folder, or the code of the container; null where it could not be looked up.
    barcode: Option<&'a str>,
    /// The container whose movement carried it.
    #[serde(skip_serializing_if = "Option::is_none")]
    via: Option<&'a str>,
    places: Vec<&'a Code>,
}

/// A change of a desk as it is told.
#[derive(Serialize)]
struct Changed<'a> {
    desk: &'a Code,
    /// Null: any of its sessions may have changed.
    session: Option<&'a str>,
}

/// Where a stream begins.
#[derive(Serialize)]
struct Here<'a> {
    cursor: String,
    /// What was asked for and is not known.
    unknown: &'a [String],
}

impl Told {
    /// A movement, or a step of a search, of what has this `barcode`, or of the container `via` that carried it.
    pub fn moved(event: &Event, directory: &Directory, barcode: Option<&str>, via: Option<&str>) -> Self {
        let moved = Moved {
            cursor: event.cursor.to_string(),
            kind: event.kind,
            barcode,
            via,
            places: event.places.iter().filter_map(|id| Some(&directory.place(*id)?.code)).collect(),
        };
        // Only movements are told again by their cursor.
        let (name, id) = match event.kind {
            SEARCH | TURNED_UP => ("search", None),
            _ => ("movement", Some(event.cursor)),
        };
        Self { event: Some(event.clone()), text: message(name, id, &moved) }
    }

    /// A change of a session.
    pub fn changed(change: &DeskChanged) -> Self {
        Self { event: None, text: changed(&change.desk, Some(&change.session)) }
    }

    /// Something that all sessions of a desk show.
    pub fn desk(desk: &Code) -> Self {
        Self { event: None, text: changed(desk, None) }
    }
}

/// A change of a desk; without a session, of any of its sessions.
pub fn changed(desk: &Code, session: Option<&str>) -> String {
    message("desk", None, &Changed { desk, session })
}

/// The page is to load itself again.
pub fn reset(now: Cursor) -> String {
    message("reset", Some(now), &"reload")
}

/// The stream is open, and tells what comes after `cursor`.
pub fn here(cursor: Cursor, unknown: &[String]) -> String {
    let here = Here { cursor: cursor.to_string(), unknown };
    format!("retry: {RETRY_MS}\n{}", message("here", Some(cursor), &here))
}

/// JSON has no line break, so that one line of data holds it.
fn message(kind: &str, id: Option<Cursor>, data: &impl Serialize) -> String {
    let id = id.map(|cursor| format!("id: {cursor}\n")).unwrap_or_default();
    let data = serde_json::to_string(data).unwrap_or_default();
    format!("event: {kind}\n{id}data: {data}\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::VolumeId;
    use crate::domain::movement::Subject;

    const CURSOR: Cursor = Cursor { epoch: 1, number: 8_192 };

    #[test]
    fn messages_are_lines_that_a_browser_reads() {
        let event = Event {
            cursor: CURSOR,
            subject: Subject::Volume(VolumeId::new(1)),
            places: Vec::new(),
            kind: "arrived",
        };
        let told = Told::moved(&event, &Directory::default(), Some("F0001"), Some("CRATE-01"));
        let step = Event { kind: SEARCH, ..event };
        let step = Told::moved(&step, &Directory::default(), Some("F0001"), None).text;
        let desk = changed(&"CL5-1".parse().unwrap(), None);
        let all = format!(
            "{}{}{step}{desk}{}{ALIVE}",
            here(CURSOR, &["place=OLD\n".to_owned()]),
            told.text,
            reset(CURSOR)
        );
        insta::assert_snapshot!(all, @r#"
        retry: 2000
        event: here
        id: 1-8192
        data: {"cursor":"1-8192","unknown":["place=OLD\n"]}

        event: movement
        id: 1-8192
        data: {"cursor":"1-8192","kind":"arrived","barcode":"F0001","via":"CRATE-01","places":[]}

        event: search
        data: {"cursor":"1-8192","kind":"search","barcode":"F0001","places":[]}

        event: desk
        data: {"desk":"CL5-1","session":null}

        event: reset
        id: 1-8192
        data: "reload"

        : alive
        "#);
    }
}
