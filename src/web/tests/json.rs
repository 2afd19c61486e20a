//! The JSON of the interface, state by state.

use super::hospital::*;
use crate::domain::whereabouts::Present;
use crate::web::api::shape;

/// The fields of the table of states: state, place, to, confirmed, filed, via.
fn row(present: Present) -> String {
    let hospital = Hospital::new("Clinic 5");
    let volume = shape::volume(&hospital.directory, &Hospital::volume("Jones", present));
    let value = serde_json::to_value(volume).unwrap();
    let code = |name: &str| value[name].get("code").and_then(|code| code.as_str()).unwrap_or("-").to_owned();
    format!(
        "{:<13} at {:<4} to {:<3} confirmed {:<5} filed {:<4} via {}",
        value["state"].as_str().unwrap(),
        code("place"),
        code("to"),
        value["confirmed"],
        code("filed"),
        value["via"].as_str().unwrap_or("-"),
    )
}

#[test]
fn each_state_has_the_row_of_the_table() {
    let rows: Vec<_> = Hospital::presents().into_iter().map(|(_, present)| row(present)).collect();
    insta::assert_snapshot!(rows.join("\n"), @r#"
not-yet-seen  at -    to -   confirmed false filed -    via -
at            at CL5  to -   confirmed true filed -    via -
at            at CL5  to W7  confirmed true filed -    via -
at            at S12  to -   confirmed true filed S12  via -
at            at CL5  to -   confirmed false filed -    via -
at            at CL5  to -   confirmed false filed -    via -
on-its-way    at CL5  to W7  confirmed false filed -    via -
in-container  at CL5  to -   confirmed true filed -    via K000001234
in-container  at CL5  to W7  confirmed false filed -    via K000001234
gone          at CL5  to -   confirmed true filed -    via -
gone          at CL5  to -   confirmed true filed -    via -
at            at CL5  to -   confirmed true filed -    via -
"#);
}

#[test]
fn a_volume_is_told_whole() {
    let hospital = Hospital::new("Clinic 5");
    let (_, present) = Hospital::presents()[6];
    let record = Hospital::asked(Hospital::volume("Jones", present));
    let volume = shape::volume(&hospital.directory, &record);
    insta::assert_snapshot!(serde_json::to_string_pretty(&volume).unwrap(), @r#"
{
  "barcode": "V000001234",
  "casenote": "RX123456",
  "volume": 1,
  "kind": "original",
  "state": "on-its-way",
  "place": {
    "code": "CL5",
    "name": "Clinic 5",
    "path": [
      "St Elsewhere",
      "Clinic 5"
    ],
    "phone": "ext 2345"
  },
  "confirmed": false,
  "filed": null,
  "to": {
    "code": "W7",
    "name": "Ward 7",
    "path": [
      "St Elsewhere",
      "Ward 7"
    ],
    "phone": "01234 567890"
  },
  "since": "2026-11-23T14:02:00Z",
  "by": {
    "badge": "B77",
    "name": "J. Smith"
  },
  "desk": "CL5",
  "via": null,
  "siblings": [
    {
      "barcode": "V000001331",
      "volume": 2,
      "state": "at",
      "place": {
        "code": "W7",
        "name": "Ward 7",
        "path": [
          "St Elsewhere",
          "Ward 7"
        ],
        "phone": "01234 567890"
      }
    }
  ],
  "question": {
    "id": "q-1",
    "text": "Moved while on hold or restricted. Was that allowed?"
  },
  "search": null
}
"#);
}

#[test]
fn a_list_leaves_the_siblings_out_and_a_question_of_two_places_says_both() {
    let hospital = Hospital::new("Clinic 5");
    let (_, present) = Hospital::presents()[11];
    let value = serde_json::to_value(shape::listed(&hospital.directory, &Hospital::volume("Jones", present)))
        .unwrap();
    assert!(value.get("siblings").is_none());
    assert_eq!(
        value["question"]["text"],
        "At Clinic 5 or Ward 7? The desks' clocks cannot tell which scan came last."
    );
    assert!(value["search"].is_null());
}

#[test]
fn a_movement_is_told_whole() {
    let hospital = Hospital::new("Clinic 5");
    let movement = shape::movement(&hospital.directory, &hospital.history()[3]);
    insta::assert_snapshot!(serde_json::to_string_pretty(&movement).unwrap(), @r#"
{
  "id": "01900000-0000-7000-8000-000000000003-0",
  "kind": "packed",
  "at": "2026-11-23T09:32:00Z",
  "learned_at": "2026-11-23T10:17:00Z",
  "from": {
    "code": "LIB",
    "name": "Health Records Library",
    "path": [
      "St Elsewhere",
      "Health Records Library"
    ],
    "phone": "ext 2000"
  },
  "to": {
    "code": "K000001234",
    "name": "crate K12",
    "path": [
      "St Elsewhere",
      "Health Records Library",
      "crate K12"
    ],
    "phone": "ext 2000"
  },
  "via": null,
  "by": {
    "badge": "B77",
    "name": "J. Smith"
  },
  "desk": "LIB-1",
  "how": "scanned",
  "undone_by": null
}
"#);
}
