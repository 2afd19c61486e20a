//! The smallest hospital in which anything can be scanned.
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use casetrack::domain::import::{PatientRow, Piece, PlaceRow, Said, StaffRow, VolumeRow};
use casetrack::domain::place::{Code, PlaceKind};

/// The clerk's badge.
pub const BADGE: &str = "B7";

/// A code that is one.
pub fn code(text: &str) -> Code {
    text.parse().unwrap()
}

/// The label of a folder.
pub fn folder(number: u32) -> String {
    format!("F{number:04}")
}

/// A site, the clinic CL5, the library LIB, one clerk and ten patients with a folder each, as an import brings them.
pub fn pieces() -> [Piece; 4] {
    let place = |name: &str, kind| PlaceRow {
        code: code(name),
        name: Said::Unsaid,
        kind: Said::Is(kind),
        parent: Said::Unsaid,
        phone: Said::Unsaid,
        phone_out_of_hours: Said::Unsaid,
        open: Said::Unsaid,
        until: Said::Unsaid,
        consultants: Said::Unsaid,
    };
    let number = |number: u32| (900_000 + number).to_string().parse().unwrap();
    let patient = |of: u32| PatientRow {
        site: code("RX1"),
        hospital_number: number(of),
        nhs_number: Said::Unsaid,
        surname: Said::Is(format!("Surname{of}")),
        forename: Said::Unsaid,
        born: Said::Unsaid,
        died: Said::Unsaid,
    };
    let volume = |of: u32| VolumeRow {
        barcode: Some(folder(of).parse().unwrap()),
        site: code("RX1"),
        hospital_number: number(of),
        number_type: code("HOSPITAL"),
        casenote: None,
        volume: 1,
        kind: Said::Unsaid,
        home: Said::Unsaid,
        place: None,
        hold: Said::Unsaid,
        restricted: Said::Unsaid,
        gone: None,
    };
    let person = StaffRow { badge: code(BADGE), name: Said::Is("New Clerk".to_owned()), role: Said::Unsaid };
    [
        Piece::Places(vec![
            place("RX1", PlaceKind::Site),
            place("CL5", PlaceKind::Clinic),
            place("LIB", PlaceKind::Library),
        ]),
        Piece::Staff(vec![person]),
        Piece::Patients((1..=10).map(patient).collect()),
        Piece::Volumes((1..=10).map(volume).collect()),
    ]
}
