//! What a desk's page shows of each session, as ready text.

use super::Times;
use crate::clock::Timestamp;
use crate::desk::{Aside, Confirms, Line, LockedScanner, ProofCame, ProofStep, Proving, SessionView, Way};
use crate::domain::answer::Signal;
use crate::domain::place::Code;
use crate::web::sign::{self, Sign};
use crate::web::{error, urls, when};

/// How the names of pages' sessions begin.
pub const PAGE_SESSION: &str = "page-";

/// What changes with every scan of one session.
pub struct View {
    pub place: String,
    pub next_folder: String,
    pub person: String,
    /// When the person is signed off, if there is one.
    pub until: String,
    /// States that no scan made: a lost scanner, a way to the disk that is not open.
    pub states: Vec<Panel>,
    pub stop: Vec<Panel>,
    /// The last signal where something is to be done: read out at once.
    pub loud: Vec<Panel>,
    /// The last signal otherwise.
    pub last: Vec<Panel>,
    /// Scanners that are being proved, after a sheet has set them.
    pub proofs: Vec<Proof>,
    /// What else must be seen: a scan that was not recorded.
    pub warnings: Vec<String>,
    pub rows: Vec<Row>,
    pub aside: Vec<Beside>,
    /// What OK and END do to what lies beside the pile.
    pub aside_ends: String,
}

/// One signal, large.
#[derive(Clone)]
pub struct Panel {
    pub sign: Sign,
    pub title: String,
    pub detail: String,
}

/// The proof of one scanner.
pub struct Proof {
    /// Which.
    pub scanner: String,
    pub title: String,
    pub steps: Vec<Step>,
}

/// One number of the proof.
pub struct Step {
    pub number: u8,
    pub title: &'static str,
    /// The name in styles.
    pub class: &'static str,
    pub shape: &'static str,
    /// Whether it has come.
    pub word: &'static str,
}

/// One line of the running list.
pub struct Row {
    pub sign: Sign,
    pub url: Vec<String>,
    pub when: String,
    pub title: String,
    pub detail: String,
    pub undone: bool,
}

/// A folder that waits beside the pile.
pub struct Beside {
    pub url: Vec<String>,
    pub last_four: String,
    pub what: String,
    pub when: String,
    /// Whether the next OK is about it.
    pub is_next: bool,
}

/// Another scanner or page of this desk.
pub struct Other {
    /// Its anchor on the page.
    pub id: String,
    pub name: String,
    pub view: View,
}

/// A page into which nothing was scanned yet.
pub fn idle(place: &str) -> View {
    empty(place, "Scan a folder, or your badge")
}

/// A desk at which nothing can be scanned yet: nobody has imported the place where it stands.
pub fn placeless(place: &Code) -> View {
    let panel = Panel {
        sign: sign::DOWN,
        title: error::place_unknown(place),
        detail: error::PLACE_UNKNOWN_ADVICE.to_owned(),
    };
    View { states: vec![panel], ..empty(place.as_str(), "Nothing can be scanned here yet") }
}

fn empty(place: &str, next_folder: &str) -> View {
    View {
        place: place.to_owned(),
        next_folder: next_folder.to_owned(),
        person: NOBODY.to_owned(),
        until: String::new(),
        states: Vec::new(),
        stop: Vec::new(),
        loud: Vec::new(),
        last: Vec::new(),
        proofs: Vec::new(),
        warnings: Vec::new(),
        rows: Vec::new(),
        aside: Vec::new(),
        aside_ends: String::new(),
    }
}

const NOBODY: &str = "nobody signed on";

/// A session as its page shows it.
pub fn view_of(view: &SessionView, times: &Times<'_>) -> View {
    // What is scanned while a stop stands is told once, not as a second stop; a lost scanner stands until it is back.
    let standing = view.stop.as_ref().map(|stop| stop.scan);
    let newest = view.last.as_ref().filter(|line| Some(line.scan) != standing);
    let newest = newest.filter(|line| Some(line.at) != view.scanner_lost);
    let (unrecorded, last) = newest.map_or((None, None), |line| match (standing.is_some(), line.signal) {
        (true, Signal::Stop) => (Some(line), None),
        (_, _) => (None, Some(line)),
    });
    let unrecorded =
        unrecorded.map(|_| "Your last scan was not recorded: first settle this stop.".to_owned());
    let unplugged = view.scanner_lost.map(|since| lost(view, since, times));
    View {
        place: view.place.clone(),
        next_folder: view.next_folder.clone(),
        person: view.person.clone().unwrap_or_else(|| NOBODY.to_owned()),
        until: view.signed_on_until.map(|at| until(at, times)).unwrap_or_default(),
        states: unplugged.into_iter().chain(view.locked.iter().map(locked)).chain(way(view.line)).collect(),
        stop: view.stop.iter().map(panel).collect(),
        loud: last.filter(|line| line.signal.puts_aside()).map(panel).into_iter().collect(),
        last: last.filter(|line| !line.signal.puts_aside()).map(panel).into_iter().collect(),
        proofs: view.proofs.iter().map(proof).collect(),
        warnings: unrecorded.into_iter().collect(),
        rows: view.lines.iter().map(|line| row(line, times)).collect(),
        aside: asides(view, times),
        aside_ends: aside_ends(view.confirms).to_owned(),
    }
}

/// Another session, with the name that people know it by.
pub fn other_of(number: usize, view: &SessionView, times: &Times<'_>) -> Other {
    Other { id: format!("other-{number}"), name: name_of(&view.session), view: view_of(view, times) }
}

/// A scanner's name in the config, else the end of its port; pages have no names.
fn name_of(session: &str) -> String {
    match session.rsplit(['/', '\\']).next().filter(|end| !end.is_empty()) {
        Some(_) if session.starts_with(PAGE_SESSION) => "Another page".to_owned(),
        Some(end) => format!("Scanner {end}"),
        None => format!("Scanner {session}"),
    }
}

fn until(at: Timestamp, times: &Times<'_>) -> String {
    format!("signed off at {} if nothing is scanned", when::time(at, times.now, times.zone))
}

fn way(way: Way) -> Option<Panel> {
    let of = |sign: Sign, title: &str| Panel { sign, title: title.to_owned(), detail: sign.means.to_owned() };
    match way {
        Way::Open => None,
        Way::Wait => Some(of(sign::WAIT, "Wait, do not scan on")),
        Way::Down => Some(of(sign::DOWN, "Nothing is recorded")),
    }
}

fn lost(view: &SessionView, since: Timestamp, times: &Times<'_>) -> Panel {
    let at = |at| when::time(at, times.now, times.zone);
    let last = view.last_recorded.as_ref().map_or_else(
        || "Nothing was recorded yet.".to_owned(),
        |(name, when)| format!("Last recorded: {name}, {}.", at(*when)),
    );
    Panel {
        sign: sign::LOST,
        title: format!("{}, since {}", name_of(&view.session), at(since)),
        detail: format!("{last} Plug it in again, then scan on from the next."),
    }
}

fn locked(scanner: &LockedScanner) -> Panel {
    let refused = match scanner.refused {
        0 => "Nothing it reads is recorded until then.".to_owned(),
        1 => "1 scan was refused and is kept: you will be asked about it.".to_owned(),
        many => format!("{many} scans were refused and are kept: you will be asked about them."),
    };
    Panel {
        sign: sign::LOCKED,
        title: "Scan your badge, then this desk's pairing card".to_owned(),
        detail: format!("{refused} Scanner {}.", scanner.identity),
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

fn proof(proving: &Proving) -> Proof {
    let step = |step: &ProofStep| {
        let (class, shape, word) = match step.came {
            ProofCame::Right => ("right", "tick", "came"),
            ProofCame::Otherwise => ("otherwise", "eye", "came otherwise"),
            ProofCame::Missing => ("missing", "cross", "did not come"),
            ProofCame::Waited => ("waited", "clock", "to scan"),
        };
        Step { number: step.number, title: step.title, class, shape, word }
    };
    let steps = proving.steps.iter().map(step).collect();
    let types = proving.scanner.starts_with(PAGE_SESSION);
    let scanner = if types { "types into this page".to_owned() } else { name_of(&proving.scanner) };
    Proof { scanner, title: proving.title.clone(), steps }
}

fn asides(view: &SessionView, times: &Times<'_>) -> Vec<Beside> {
    let marks = view.confirms == Confirms::Aside;
    let shown = |(at, aside): (usize, &Aside)| Beside {
        url: aside.barcode.iter().map(|barcode| urls::volume(barcode)).collect(),
        last_four: aside.last_four.clone(),
        what: aside.what.clone(),
        when: when::time(aside.at, times.now, times.zone),
        is_next: marks && at == 0,
    };
    view.aside.iter().enumerate().map(shown).collect()
}

/// What the two cards do to what lies beside the pile.
const fn aside_ends(confirms: Confirms) -> &'static str {
    match confirms {
        Confirms::Stop => "OK answers the stop first. END leaves the stop.",
        Confirms::Refused => "OK answers the question about the refused scans first. END leaves them.",
        Confirms::Room => "OK says first that it was the whole room.",
        Confirms::List => "OK answers the list first. END drops the list.",
        Confirms::Aside | Confirms::Nothing => {
            "OK takes off the newest. Its own scan takes a folder off. END takes off all."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_scanner_has_a_short_name() {
        assert_eq!(name_of("front"), "Scanner front");
        assert_eq!(name_of("/dev/ttyACM0"), "Scanner ttyACM0");
        assert_eq!(name_of("tcp://10.1.2.3:4001"), "Scanner 10.1.2.3:4001");
        assert_eq!(name_of("page-0123456789abcdef"), "Another page");
        assert_eq!(name_of("/"), "Scanner /");
    }
}
