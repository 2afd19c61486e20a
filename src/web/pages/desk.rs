//! `GET /desks/{code}`: a desk at work; `POST`: one scan of a page without JavaScript.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::{NoContext, Uuid};

use super::Shell;
use crate::clock::{SECOND_US, Timestamp};
use crate::desk::{Aside, DeskSetup, Line, SessionView, Way};
use crate::domain::answer::Signal;
use crate::domain::barcode::{Card, Entry};
use crate::web::api::Query;
use crate::web::api::scans::{desk_named, posted, session_named};
use crate::web::auth::Clerk;
use crate::web::error::{Failure, render};
use crate::web::sign::{self, Sign};
use crate::web::{urls, when};

/// Other sessions of the desk that a page shows; more than these are scanners of a desk too big to watch on one page.
const OTHERS: usize = 8;
/// Lines of another scanner on a page that is only looked at: what fits beneath its signal.
const OTHER_ROWS: usize = 10;
/// Another page's session is shown so long after its last scan; a tab that was closed leaves the page.
const OTHER_PAGE_US: i64 = 15 * 60 * SECOND_US;
/// How the names of pages' sessions begin.
const PAGE_SESSION: &str = "page-";

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
    others: Vec<Other>,
    /// Lines shown of each other scanner, while this page is only looked at.
    other_rows: usize,
    buttons: Vec<Button>,
    digits: Vec<String>,
    signs: &'static [Sign],
}

/// What changes with every scan.
struct View {
    place: String,
    next_folder: String,
    person: String,
    way: Vec<Panel>,
    stop: Vec<Panel>,
    /// The last signal where something is to be done: read out at once.
    loud: Vec<Panel>,
    /// The last signal otherwise.
    last: Vec<Panel>,
    /// What else must be seen: a lost scanner, a scan that was not recorded.
    warnings: Vec<String>,
    rows: Vec<Row>,
    aside: Vec<Beside>,
}

/// One signal, large.
struct Panel {
    sign: Sign,
    title: String,
    detail: String,
}

/// One line of the running list.
struct Row {
    sign: Sign,
    url: Vec<String>,
    when: String,
    title: String,
    detail: String,
    undone: bool,
}

/// A folder that waits beside the pile.
struct Beside {
    url: Vec<String>,
    last_four: String,
    what: String,
    when: String,
}

/// Another scanner or page of this desk.
struct Other {
    name: String,
    view: View,
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

/// The page of one desk; without a session it is idle until its first scan.
pub async fn get(
    clerk: Clerk,
    Path(code): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let setup = setup(&clerk, &code)?;
    let view = match &which.session {
        Some(name) => Some(clerk.view(&setup.code, session_named(name)?).await.map_err(Failure::of_desk)?),
        None => None,
    };
    let others = others(&clerk, &setup, which.session.as_deref()).await;
    Ok(render(&desk_page(&clerk, &setup, view.as_ref(), &others)))
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

/// The other scanners of the desk, and pages beside this one that are at work.
async fn others(clerk: &Clerk, setup: &DeskSetup, own: Option<&str>) -> Vec<SessionView> {
    let mut views = Vec::new();
    for name in clerk.sessions(&setup.code).into_iter().filter(|name| Some(name.as_str()) != own) {
        if views.len() == OTHERS {
            break;
        }
        let view = clerk.view(&setup.code, &name).await.ok();
        views.extend(view.filter(|view| is_at_work(view, clerk.now())));
    }
    views
}

fn is_at_work(view: &SessionView, now: Timestamp) -> bool {
    let recent = |line: &Line| now.micros_since(line.at) < OTHER_PAGE_US;
    !view.session.starts_with(PAGE_SESSION) || view.lines.first().is_some_and(recent)
}

fn desk_page(
    clerk: &Clerk,
    setup: &DeskSetup,
    own: Option<&SessionView>,
    others: &[SessionView],
) -> DeskPage {
    let directory = clerk.directory();
    let place =
        directory.place_by_code(&setup.place).map_or(setup.place.as_str(), |place| place.name.as_str());
    let shell = Shell::new(clerk, format!("{} · {place}", setup.code));
    let times = Times { now: clerk.now(), zone: clerk.time_zone() };
    page_of(shell, &times, &setup.code.to_string(), place, own, others)
}

/// What times on a page need.
pub struct Times<'a> {
    /// The time of the page.
    pub now: Timestamp,
    /// The hospital's time zone.
    pub zone: &'a jiff::tz::TimeZone,
}

/// The page from what is known.
pub fn page_of(
    shell: Shell,
    times: &Times<'_>,
    desk: &str,
    place: &str,
    own: Option<&SessionView>,
    others: &[SessionView],
) -> DeskPage {
    let scan_id = new_id(times.now);
    let session = own.map_or_else(|| new_session(scan_id), |view| view.session.clone());
    DeskPage {
        shell,
        live: format!("/api/v1/live?desk={}", urls::segment(desk)),
        desk: desk.to_owned(),
        url: urls::desk(desk),
        scans: format!("/api/v1{}/scans", urls::desk(desk)),
        again: page_url(desk, &session),
        session,
        scan_id: scan_id.to_string(),
        now: own.map_or_else(|| idle(place), |view| view_of(view, times)),
        others: others.iter().map(|o| Other { name: o.session.clone(), view: view_of(o, times) }).collect(),
        other_rows: OTHER_ROWS,
        buttons: buttons(),
        digits: (1..=9).map(|digit| Card::Digit(digit).barcode().to_string()).collect(),
        signs: sign::ALL,
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

fn idle(place: &str) -> View {
    View {
        place: place.to_owned(),
        next_folder: "Scan a folder, or your badge".to_owned(),
        person: "nobody signed on".to_owned(),
        way: Vec::new(),
        stop: Vec::new(),
        loud: Vec::new(),
        last: Vec::new(),
        warnings: Vec::new(),
        rows: Vec::new(),
        aside: Vec::new(),
    }
}

fn view_of(view: &SessionView, times: &Times<'_>) -> View {
    // What is scanned while a stop stands is told once, not as a second stop.
    let standing = view.stop.as_ref().map(|stop| stop.scan);
    let newest = view.last.as_ref().filter(|line| Some(line.scan) != standing);
    let (unrecorded, last) = newest.map_or((None, None), |line| match (standing.is_some(), line.signal) {
        (true, Signal::Stop) => (Some(line), None),
        (_, _) => (None, Some(line)),
    });
    let unplugged = view.scanner_lost.map(|since| lost(view, since, times));
    let unrecorded =
        unrecorded.map(|_| "Your last scan was not recorded: first settle this stop.".to_owned());
    View {
        place: view.place.clone(),
        next_folder: view.next_folder.clone(),
        person: view.person.clone().unwrap_or_else(|| "nobody signed on".to_owned()),
        way: way(view.line),
        stop: view.stop.iter().map(panel).collect(),
        loud: last.filter(|line| line.signal.puts_aside()).map(panel).into_iter().collect(),
        last: last.filter(|line| !line.signal.puts_aside()).map(panel).into_iter().collect(),
        warnings: unrecorded.into_iter().chain(unplugged).collect(),
        rows: view.lines.iter().map(|line| row(line, times)).collect(),
        aside: view.aside.iter().map(|aside| beside(aside, times)).collect(),
    }
}

fn way(way: Way) -> Vec<Panel> {
    let of = |sign: Sign, title: &str| Panel { sign, title: title.to_owned(), detail: sign.means.to_owned() };
    match way {
        Way::Open => Vec::new(),
        Way::Wait => vec![of(sign::WAIT, "Wait, do not scan on")],
        Way::Down => vec![of(sign::DOWN, "Nothing is recorded")],
    }
}

fn panel(line: &Line) -> Panel {
    let sign = sign::of(line.signal);
    Panel { sign, title: beside_word(sign, &line.title).to_owned(), detail: line.detail.clone() }
}

/// The title as it stands beside the big word, which it need not say again.
fn beside_word(sign: Sign, title: &str) -> &str {
    let rest = title.strip_prefix(sign.word).unwrap_or(title);
    let rest = rest.strip_prefix([' ', ':', '.']).map_or(title, str::trim_start);
    if rest.is_empty() || rest.len() == title.len() { title } else { rest }
}

fn lost(view: &SessionView, since: Timestamp, times: &Times<'_>) -> String {
    let recorded = view.lines.iter().find(|line| !matches!(line.signal, Signal::Told | Signal::Refused));
    let last = recorded.map(|line| {
        format!(
            " Last recorded: {}, {}. Scan on from the next.",
            line.title,
            when::time(line.at, times.now, times.zone)
        )
    });
    format!("Scanner lost since {}.{}", when::time(since, times.now, times.zone), last.unwrap_or_default())
}

fn row(line: &Line, times: &Times<'_>) -> Row {
    let sign = sign::of(line.signal);
    Row {
        sign,
        url: line.barcode.iter().map(|barcode| urls::volume(barcode)).collect(),
        when: when::time(line.at, times.now, times.zone),
        title: beside_word(sign, &line.title).to_owned(),
        detail: line.detail.clone(),
        undone: line.undone,
    }
}

fn beside(aside: &Aside, times: &Times<'_>) -> Beside {
    Beside {
        url: aside.barcode.iter().map(|barcode| urls::volume(barcode)).collect(),
        last_four: aside.last_four.clone(),
        what: aside.what.clone(),
        when: when::time(aside.at, times.now, times.zone),
    }
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
    fn a_title_does_not_repeat_the_big_word() {
        assert_eq!(beside_word(sign::ARRIVED, "RECEIVED at Clinic 5"), "at Clinic 5");
        assert_eq!(beside_word(sign::ARRIVED, "RECEIVED: container K12"), "container K12");
        assert_eq!(
            beside_word(sign::LOOK, "RECEIVED. This is for Clinic 5"),
            "RECEIVED. This is for Clinic 5"
        );
        assert_eq!(beside_word(sign::SENT, "SENTINEL"), "SENTINEL");
        assert_eq!(beside_word(sign::SENT, "SENT"), "SENT");
    }

    #[test]
    fn two_pages_never_share_a_session() {
        let now = Timestamp::from_micros(1_800_000_000_123_456);
        let (one, two) = (new_id(now), new_id(now));
        assert_ne!(new_session(one), new_session(two));
        assert_eq!(one.get_version_num(), 7);
    }
}
