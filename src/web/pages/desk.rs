//! `GET /desks/{code}`: a desk at work; `POST`: one scan of a page without JavaScript.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::{NoContext, Uuid};

mod namesakes;
mod rung;
mod shown;

use super::front::desks::Mark;
use super::{Shell, scanner_words};
use crate::clock::{SECOND_US, Timestamp};
use crate::desk::scanners::ScannerStatus;
use crate::desk::{DeskSetup, Line, SessionView};
use crate::domain::barcode::{Card, Entry};
use crate::domain::place::Code;
use crate::store::{Level, Room};
use crate::web::api::Query;
use crate::web::api::scans::{desk_named, posted, session_named};
use crate::web::auth::Clerk;
use crate::web::error::{Failure, render};
use crate::web::sign::{self, Sign};
use crate::web::urls;
use rung::Rung;
use shown::{Other, PAGE_SESSION, View, idle, other_of, placeless, view_of};

/// Other sessions of the desk that a page shows, two rows of four on a wide screen; the page says how many more
/// scanners there are.
const OTHERS: usize = 8;
/// Lines of each scanner on a page that is only looked at: what fits beneath its signal.
const WATCHED_ROWS: usize = 5;
/// Another page's session is shown so long after its last scan; a tab that was closed leaves the page.
const OTHER_PAGE_US: i64 = 15 * 60 * SECOND_US;
/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "desk.html")]
pub struct DeskPage {
    shell: Shell,
    live: String,
    desk: String,
    url: String,
    scans: String,
    again: String,
    session: String,
    scan_id: String,
    now: View,
    /// Whether this page only looks at the desk's scanners: nothing was scanned into it.
    watches: bool,
    others: Vec<Other>,
    /// Lines shown of each scanner that is watched.
    other_rows: usize,
    /// Says that not all scanners are shown.
    more: String,
    /// How the desk's scanners are doing.
    scanners: Vec<Mark>,
    /// What has turned up at other desks.
    rung: Vec<Rung>,
    buttons: Vec<Button>,
    digits: Vec<String>,
    signs: &'static [Sign],
}

/// A card that can be pressed.
struct Button {
    code: String,
    word: &'static str,
    key: &'static str,
}

/// Which session's page it is.
#[derive(Deserialize)]
pub struct Which {
    session: Option<String>,
}

/// The page of one desk; without a session it is idle until its first scan. A desk whose place is not known has none.
pub async fn get(
    clerk: Clerk,
    Path(code): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let setup = setup(&clerk, &code)?;
    let is_placed = clerk.directory().place_by_code(&setup.place).is_some();
    let mut view = match which.session.as_deref().filter(|_| is_placed) {
        Some(name) => Some(clerk.view(&setup.code, session_named(name)?).await.map_err(Failure::of_desk)?),
        None => None,
    };
    let mut beside = beside(&clerk, &setup, which.session.as_deref()).await;
    beside.rung = rung::at(&clerk, &setup).await?;
    namesakes::tell(&clerk, view.iter_mut().chain(&mut beside.shown).collect()).await?;
    Ok(render(&desk_page(&clerk, &setup, view.as_ref(), &beside)))
}

/// What a form sends.
#[derive(Deserialize)]
pub struct Posting {
    id: Uuid,
    scanner: String,
    code: String,
}

/// One scan of a page without JavaScript, and back to the page.
pub async fn post(
    clerk: Clerk,
    Path(code): Path<String>,
    Form(form): Form<Posting>,
) -> Result<Response, Failure> {
    let desk = desk_named(&code)?;
    let session = session_named(&form.scanner)?;
    let said =
        clerk.scan(&desk, session, posted(form.id, &digit_card(&form.code), None, Entry::Typed)?).await;
    said.map_err(Failure::of_desk)?;
    Ok(Redirect::to(&page_url(&desk.to_string(), session)).into_response())
}

fn page_url(desk: &str, session: &str) -> String {
    format!("{}?session={}", urls::desk(desk), urls::segment(session))
}

/// A single digit that is typed chooses, as its card does.
fn digit_card(typed: &str) -> String {
    match typed.trim().parse() {
        Ok(digit @ 1..=9u8) if typed.trim().len() == 1 => Card::Digit(digit).barcode().to_string(),
        Ok(_) | Err(_) => typed.to_owned(),
    }
}

fn setup(clerk: &Clerk, code: &str) -> Result<DeskSetup, Failure> {
    let desk = desk_named(code)?;
    clerk.setup(&desk).cloned().ok_or_else(|| Failure::NoSuch { what: "desk", name: desk.to_string() })
}

/// What goes on at a desk beside one page.
#[derive(Default)]
pub struct Neighbours {
    /// The sessions that are shown, `OTHERS` at most.
    pub shown: Vec<SessionView>,
    /// Scanners that are not.
    pub more: usize,
    /// How the desk's scanners are doing.
    pub scanners: Vec<ScannerStatus>,
    /// What has turned up at other desks.
    pub rung: Vec<Rung>,
}

/// The other scanners of the desk, then pages beside this one that are at work.
async fn beside(clerk: &Clerk, setup: &DeskSetup, own: Option<&str>) -> Neighbours {
    let all = clerk.sessions(&setup.code).into_iter().filter(|name| Some(name.as_str()) != own);
    let (pages, scanners): (Vec<_>, Vec<_>) = all.partition(|name| name.starts_with(PAGE_SESSION));
    let more = scanners.len().saturating_sub(OTHERS);
    let mut shown = Vec::new();
    for name in scanners.into_iter().chain(pages) {
        if shown.len() == OTHERS {
            break;
        }
        let view = clerk.glance(&setup.code, &name).await;
        shown.extend(view.filter(|view| is_at_work(view, clerk.now())));
    }
    let mut scanners = clerk.scanners();
    scanners.retain(|scanner| scanner.desk.as_ref() == Some(&setup.code));
    Neighbours { shown, more, scanners, rung: Vec::new() }
}

fn is_at_work(view: &SessionView, now: Timestamp) -> bool {
    let recent = |line: &Line| now.micros_since(line.at) < OTHER_PAGE_US;
    !view.session.starts_with(PAGE_SESSION) || view.lines.first().is_some_and(recent)
}

fn desk_page(clerk: &Clerk, setup: &DeskSetup, view: Option<&SessionView>, beside: &Neighbours) -> DeskPage {
    let directory = clerk.directory();
    let place = directory.place_by_code(&setup.place);
    let own = match (place, view) {
        (None, _) => Own::Placeless(&setup.place),
        (Some(place), None) => Own::Unused(&place.name),
        (Some(_), Some(view)) => Own::Session(view),
    };
    let name = place.map_or(setup.place.as_str(), |place| place.name.as_str());
    let shell = Shell::new(clerk, format!("{} · {name}", setup.code));
    let times = Times { now: clerk.now(), zone: clerk.time_zone() };
    let mut page = page_of(shell, &times, &setup.code.to_string(), own, beside);
    page.now.warnings.extend(room_words(clerk.store().room()));
    page
}

/// What a desk says of scarce room; a full disk is a way that is not open.
fn room_words(room: Room) -> Option<String> {
    match room.level {
        Level::Low | Level::NoImports => Some(format!(
            "The server's disk is getting full ({} left). Scan on, and tell the people who run Casetrack.",
            room.left()
        )),
        Level::Ample | Level::Full => None,
    }
}

/// What a page itself has to show.
#[derive(Clone, Copy)]
pub enum Own<'a> {
    /// What was scanned into it.
    Session(&'a SessionView),
    /// Nothing was scanned into it yet, at the place of this name.
    Unused(&'a str),
    /// Nothing can be: the place of the desk is not known.
    Placeless(&'a Code),
}

/// What times on a page need.
pub struct Times<'a> {
    /// The time of the page.
    pub now: Timestamp,
    /// The hospital's time zone.
    pub zone: &'a jiff::tz::TimeZone,
}

/// The page from what is known.
pub fn page_of(shell: Shell, times: &Times<'_>, desk: &str, own: Own<'_>, beside: &Neighbours) -> DeskPage {
    let scan_id = new_id(times.now);
    let (session, now) = match own {
        Own::Session(view) => (view.session.clone(), view_of(view, times)),
        Own::Unused(place) => (new_session(scan_id), idle(place)),
        Own::Placeless(place) => (new_session(scan_id), placeless(place)),
    };
    let watches = now.rows.is_empty() && !beside.shown.is_empty();
    let others = beside.shown.iter().enumerate();
    DeskPage {
        shell,
        live: format!("/api/v1/live?desk={}", urls::segment(desk)),
        desk: desk.to_owned(),
        url: urls::desk(desk),
        scans: format!("/api/v1{}/scans", urls::desk(desk)),
        again: page_url(desk, &session),
        session,
        scan_id: scan_id.to_string(),
        now,
        watches,
        others: others.map(|(number, view)| other_of(number, view, times)).collect(),
        other_rows: WATCHED_ROWS,
        more: more_scanners(beside.more),
        scanners: beside.scanners.iter().map(|scanner| scanner_words::line(scanner, times)).collect(),
        rung: beside.rung.clone(),
        buttons: buttons(),
        digits: (1..=9).map(|digit| Card::Digit(digit).barcode().to_string()).collect(),
        signs: sign::ALL,
    }
}

fn more_scanners(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "One more scanner of this desk is not shown.".to_owned(),
        _ => format!("{count} more scanners of this desk are not shown."),
    }
}

/// An id for the next scan: a UUIDv7 of this moment.
pub fn new_id(now: Timestamp) -> Uuid {
    let seconds = u64::try_from(now.micros() / SECOND_US).unwrap_or(0);
    let nanoseconds = u32::try_from(now.micros().rem_euclid(SECOND_US) * 1_000).unwrap_or(0);
    Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanoseconds))
}

/// A name that no other page has: from the random half of an id.
fn new_session(id: Uuid) -> String {
    let random = id.as_u128() & u128::from(u64::MAX);
    format!("{PAGE_SESSION}{random:016x}")
}

fn buttons() -> Vec<Button> {
    [
        (Card::Ok, "OK", "F4"),
        (Card::Undo, "UNDO", "F8"),
        (Card::Receive, "RECEIVE", "F9"),
        (Card::End, "END", "F10"),
    ]
    .map(|(card, word, key)| Button { code: card.barcode().to_string(), word, key })
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_digit_chooses_and_a_number_does_not() {
        assert_eq!(digit_card(" 1 "), Card::Digit(1).barcode().to_string());
        assert_eq!(digit_card("12"), "12");
        assert_eq!(digit_card("0"), "0");
        assert_eq!(digit_card("01"), "01");
    }

    #[test]
    fn two_pages_never_share_a_session() {
        let now = Timestamp::from_micros(1_800_000_000_123_456);
        let (one, two) = (new_id(now), new_id(now));
        assert_ne!(new_session(one), new_session(two));
        assert_eq!(one.get_version_num(), 7);
    }
}
