//! The description of the interface: it has what the service has, and a change of it shows here.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use crate::web::{api, routes};

fn described() -> Value {
    serde_json::from_str(api::openapi::OPENAPI).unwrap()
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// What a `$ref` stands for, or the value itself.
fn resolved<'a>(all: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(to) => all.pointer(to.trim_start_matches('#')).unwrap_or_else(|| panic!("{to} leads nowhere")),
        None => value,
    }
}

/// `barcode` in the path, `limit?` that may be missing, `Last-Event-ID?` in a header.
fn parameter(all: &Value, value: &Value) -> String {
    let value = resolved(all, value);
    let may = if value["required"] == true { "" } else { "?" };
    format!("{}{may}", text(value, "name"))
}

/// `200 Volume`, `404 Problem`, `200 text/html`.
fn answer(all: &Value, status: &str, value: &Value) -> String {
    let content = object(&resolved(all, value)["content"]).map(|(media, body)| {
        body["schema"]["$ref"].as_str().and_then(|to| to.rsplit('/').next()).unwrap_or(media)
    });
    format!("{status} {}", content.collect::<Vec<_>>().join(" or ")).trim_end().to_owned()
}

/// One line of an operation: its parameters, its body, its answers.
fn operation(all: &Value, value: &Value) -> String {
    let parameters = value["parameters"].as_array().into_iter().flatten();
    let body = object(&resolved(all, &value["requestBody"])["content"]).map(|(media, _)| media.clone());
    let asks: Vec<_> = parameters.map(|one| parameter(all, one)).chain(body).collect();
    let answers: Vec<_> = object(&value["responses"]).map(|(status, one)| answer(all, status, one)).collect();
    format!("({}) -> {}", asks.join(", "), answers.join(", "))
}

/// One line of a schema: its fields, `?` where one may be missing.
fn fields(schema: &Value) -> String {
    let required: BTreeSet<_> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let named = object(&schema["properties"])
        .map(|(name, _)| if required.contains(name.as_str()) { name.clone() } else { format!("{name}?") });
    let words = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    named.chain(words).collect::<Vec<_>>().join(" ")
}

#[test]
fn it_has_every_route_and_no_other() {
    let all = described();
    let told: BTreeSet<_> = object(&all["paths"]).map(|(path, _)| path.clone()).collect();
    let ours: BTreeSet<_> = routes().iter().map(|route| route.path.to_owned()).collect();
    assert_eq!(told, ours);
}

#[test]
fn every_part_of_an_address_is_a_parameter() {
    let all = described();
    for (path, item) in object(&all["paths"]) {
        let parts: BTreeSet<_> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        for (method, one) in object(item) {
            let parameters =
                one["parameters"].as_array().into_iter().flatten().map(|one| resolved(&all, one));
            let told: BTreeSet<_> =
                parameters.filter(|one| text(one, "in") == "path").map(|one| text(one, "name")).collect();
            assert_eq!(told, parts, "{method} {path}");
        }
    }
}

#[test]
fn a_change_of_the_interface_shows_here() {
    let all = described();
    let mut told = String::new();
    for (path, item) in object(&all["paths"]) {
        for (method, one) in object(item) {
            // Writing to a string does not fail.
            let _ = writeln!(told, "{} {path} {}", method.to_uppercase(), operation(&all, one));
        }
    }
    for (name, schema) in object(&all["components"]["schemas"]) {
        let _ = writeln!(told, "{name}: {}", fields(schema));
    }
    insta::assert_snapshot!(told, @r#"
GET / (desks?) -> 200 text/html, 400 text/html, 403 text/html, 500 text/html, 503 text/html
GET /api/v1/chase (list?, after?, limit?) -> 200 Chase, 400 Problem, 403 Problem, 500 Problem, 503 Problem
POST /api/v1/desks/{code}/scans (code, application/json) -> 200 Said, 400 Problem, 403 Problem, 404 Problem, 409 Problem, 413 Problem, 500 Problem, 503 Problem
GET /api/v1/live (place?, volume?, desk?, after?, Last-Event-ID?) -> 200 text/event-stream, 400 Problem, 403 Problem, 404 Problem, 500 Problem, 503 Problem
GET /api/v1/openapi.json () -> 200 application/json, 403 Problem
GET /api/v1/places/{code}/volumes (code, after?, limit?) -> 200 Volumes, 400 Problem, 403 Problem, 404 Problem, 500 Problem, 503 Problem
GET /api/v1/reports/missing (as_of?, from?) -> 200 MissingReport, 400 Problem, 403 Problem, 500 Problem, 503 Problem
GET /api/v1/scanners () -> 200 Scanners, 403 Problem, 500 Problem
GET /api/v1/search (q, after?, limit?) -> 200 Volumes, 400 Problem, 403 Problem, 500 Problem, 503 Problem
POST /api/v1/searches/{id}/looks (id, by?, application/json) -> 200 Looked, 400 Problem, 403 Problem, 404 Problem, 409 Problem, 413 Problem, 500 Problem, 503 Problem
GET /api/v1/volumes/{barcode} (barcode) -> 200 Volume, 400 Problem, 403 Problem, 404 Problem, 500 Problem, 503 Problem
GET /api/v1/volumes/{barcode}/movements (barcode, after?, limit?) -> 200 Movements, 400 Problem, 403 Problem, 404 Problem, 500 Problem, 503 Problem
GET /api/v1/volumes/{barcode}/search-plan (barcode, by?) -> 200 Plan, 400 Problem, 403 Problem, 404 Problem, 500 Problem, 503 Problem
GET /chase (list?, after?) -> 200 text/html, 400 text/html, 403 text/html, 500 text/html, 503 text/html
GET /desks/{code} (code, session?) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
POST /desks/{code} (code, application/x-www-form-urlencoded) -> 303, 400 text/html, 403 text/html, 404 text/html, 409 text/html, 413 text/html, 500 text/html, 503 text/html
GET /desks/{code}/card (code) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
GET /desks/{code}/cards (code, what?, stock?, template?, first?, spoiled?, copies?, why?) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
GET /find (q?, scan?, show?, part?, after?) -> 200 text/html, 303, 400 text/html, 403 text/html, 500 text/html, 503 text/html
GET /healthz () -> 200 text/plain, 403 Problem, 500 Problem, 503 Problem
GET /help () -> 200 text/html, 403 text/html
GET /help/scanners () -> 200 text/html, 403 text/html, 500 text/html
GET /help/scanners/{name} (name, interface?, unconfirmed?) -> 200 application/pdf or text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html
GET /help/scanners/{name}/page.svg (name, interface?, unconfirmed?, page?) -> 200 image/svg+xml, 400 text/html, 403 text/html, 404 text/html, 500 text/html
GET /labels (name?, what?, stock?, template?, first?, spoiled?, copies?, why?) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
POST /labels (application/x-www-form-urlencoded) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 413 text/html, 500 text/html, 503 text/html
GET /labels/preview.svg (name?, what?, stock?, template?, at?) -> 200 image/svg+xml, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
POST /labels/print (application/x-www-form-urlencoded) -> 200 application/pdf or text/html, 303, 400 text/html, 403 text/html, 404 text/html, 413 text/html, 500 text/html, 503 text/html
GET /labels/queue (jobs?, labels?) -> 200 text/html, 400 text/html, 403 text/html, 500 text/html, 503 text/html
POST /labels/queue (application/x-www-form-urlencoded) -> 303, 400 text/html, 403 text/html, 404 text/html, 413 text/html, 500 text/html, 503 text/html
POST /labels/queue/print (application/x-www-form-urlencoded) -> 200 application/pdf or text/html, 303, 400 text/html, 403 text/html, 404 text/html, 413 text/html, 500 text/html, 503 text/html
GET /make (said?) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
POST /make (application/x-www-form-urlencoded) -> 200 text/html, 303, 400 text/html, 403 text/html, 409 text/html, 413 text/html, 500 text/html, 503 text/html
GET /metrics () -> 200 text/plain, 403 Problem, 500 Problem, 503 Problem
GET /missing (as_of?, from?) -> 200 text/html, 400 text/html, 403 text/html, 500 text/html
GET /places () -> 200 text/html, 403 text/html, 500 text/html, 503 text/html
GET /places/{code} (code, list?, after?) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
GET /places/{code}/label (code, beneath?, what?, stock?, template?, first?, spoiled?, copies?, why?) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
GET /places/{code}/shelves (code, after?) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
GET /questions (after?, limit?) -> 200 text/html, 400 text/html, 403 text/html, 500 text/html, 503 text/html
GET /questions/{name} (name, said?) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
POST /questions/{name} (name, application/x-www-form-urlencoded) -> 200 text/html, 303, 400 text/html, 403 text/html, 404 text/html, 413 text/html, 500 text/html, 503 text/html
GET /readyz () -> 200 text/plain, 403 Problem, 500 Problem, 503 Problem
GET /searches (show?, after?) -> 200 text/html, 400 text/html, 403 text/html, 500 text/html, 503 text/html
GET /searches/{id} (id, by?) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
POST /searches/{id} (id, by?, application/x-www-form-urlencoded) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 409 text/html, 413 text/html, 500 text/html, 503 text/html
GET /state () -> 200 text/html, 403 text/html, 500 text/html, 503 text/html
GET /static/{folder}/{name} (folder, name) -> 200 text/css or text/javascript, 400 text/html, 403 text/html, 404 text/html
GET /sweeps (after?) -> 200 text/html, 400 text/html, 403 text/html, 500 text/html, 503 text/html
GET /sweeps/{id} (id, said?) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
POST /sweeps/{id} (id, application/x-www-form-urlencoded) -> 303, 400 text/html, 403 text/html, 404 text/html, 413 text/html, 500 text/html, 503 text/html
GET /volumes/{barcode} (barcode, after?) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
GET /volumes/{barcode}/label (barcode, what?, stock?, template?, first?, spoiled?, copies?, why?) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
POST /volumes/{barcode}/not-there (barcode, application/x-www-form-urlencoded) -> 200 text/html, 303, 400 text/html, 403 text/html, 404 text/html, 409 text/html, 413 text/html, 500 text/html, 503 text/html
GET /volumes/{barcode}/slip (barcode) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
GET /wanted (clinic?, day?) -> 200 text/html, 400 text/html, 403 text/html, 404 text/html, 500 text/html, 503 text/html
Chase: items next
Chased: appointment ask text volume
Look: badge? id result spot
Looked: detail plan title
MissingClass: age_is ages at_start class definition ended_otherwise found now opened title
MissingCount: patients volumes
MissingFound: causes hows kinds not_scanned not_told places searches with_persons_not_named
MissingReport: as_of classes day_is_over found from known left_where_nobody_scans scanning time_zone together
MissingScanning: other_places others places
MissingTold: folders what
Movement: at by desk from how id kind learned_at to undone_by via
Movements: items next
Person: badge name
Place: code name path phone
Plan: at by learning lines looks lost set shares there volume
PlanAppointment: clinic consultant starts_at
PlanLine: band building chance detection minutes name phone place reasons spot visit
PlanLook: at result spot
PlanSet: movements neighbours next_appointment numbers volumes
PlanShare: band chance looks minutes
Problem: detail status title type
Question: id text
Said: detail movements session signal title
Scan: at? code entry? id scanner?
Scanner: desk held identity last_read name profile reads reconnects refused session since state why
Scanners: items
Sibling: barcode place state volume
State: not-yet-seen at on-its-way in-container gone
Volume: barcode by casenote confirmed desk filed kind place question search siblings? since state to via volume
Volumes: items next
"#);
}
