//! `GET /help`: the desk card, what each signal looks and sounds like, what to do in trouble, what the words mean.

use askama::Template;
use axum::response::Response;

use super::Shell;
use crate::desk::DeskSetup;
use crate::labels::cards::{self, Step};
use crate::web::auth::Viewer;
use crate::web::error::render;
use crate::web::sign::{self, Sign};
use crate::web::urls;

/// Desks whose cards are named here; the cards of all others are on their own pages.
const CARDS: usize = 12;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "help.html")]
pub struct HelpPage {
    shell: Shell,
    contents: &'static [(&'static str, &'static str)],
    rule: &'static str,
    steps: &'static [Step],
    more: &'static [Step],
    cards: Vec<Card>,
    more_cards: usize,
    signs: &'static [Sign],
    labels: &'static [(&'static str, &'static str)],
    trouble: &'static [(&'static str, &'static str)],
    keys: &'static [(&'static str, &'static str)],
    words: &'static [(&'static str, &'static str)],
}

/// A desk whose card can be printed.
struct Card {
    desk: String,
    url: String,
}

const CONTENTS: &[(&str, &str)] = &[
    ("card", "The desk card"),
    ("signals", "What the signals mean"),
    ("labels", "Labels"),
    ("trouble", "When something is wrong"),
    ("scanners", "Scanners"),
    ("keys", "Keys"),
    ("words", "What the words mean"),
];

/// What may be wrong, and what to do.
const TROUBLE: &[(&str, &str)] = &[
    (
        "The label will not scan",
        "Type the number on it and press Enter. If the desk does not know it, put the folder aside for the library.",
    ),
    (
        "Wrong place card",
        "Scan WRONG-CARD, then the right card. The folders just sent go there, and so do the next ones.",
    ),
    ("Scanned the wrong folder", "Scan UNDO. The newest scan is taken back; both stay in the history."),
    (
        "Low notes that do not stop",
        "Read the page. Scan OK to go on, or END to leave it. Nothing else is taken until then.",
    ),
    (
        "“No connection to the server”",
        "Do not scan on. Write a paper slip for each folder: number, from, to, time, name. Scan them when the line is gone.",
    ),
    (
        "“Use paper slips”, and a siren",
        "The server records nothing. Ring IT, and use slips until the page says that it records again.",
    ),
    (
        "No sound",
        "Press F2 on the desk page. If nothing is heard, turn the computer’s sound up: the page says whether it may sound.",
    ),
    (
        "The folder is not where the page says",
        "Ring the place shown. Then tap “Not there” on the folder’s page, or scan MISSING and the folder’s number: a search is opened, and its page says where to look next, and why.",
    ),
    (
        "Searching",
        "Take the places from the top, or print the page for a porter. Tap what you find at each: the others sort themselves anew, for everybody who searches.",
    ),
    (
        "It has turned up",
        "Scan it wherever you are: that ends the search and rings the library. Then tap where it really was. That teaches the next search.",
    ),
    (
        "It is found nowhere",
        "The search’s page says who takes it up next. Somebody waits? Make up a temporary folder. The search stays open, and the folder’s first scan rings.",
    ),
];

/// Labels: what is wanted, and how one comes by it.
const LABELS: &[(&str, &str)] = &[
    (
        "A label for one folder or place",
        "Open its page and choose “Print a label”. Look at the picture: what you see is what is printed.",
    ),
    (
        "A new folder",
        "On the front page, choose “Make up a folder”. Type whose it is, compare who is found, choose where its label comes out, and scan your badge.",
    ),
    (
        "Many at once",
        "Open Labels, choose what for, and scan or type one a line. Then choose the stock, and print.",
    ),
    (
        "A sheet that was begun",
        "Choose the number of the first label that is left, and tick the cross of each that is spoiled.",
    ),
    (
        "Printing a PDF",
        "Print at 100 %, without “fit to page”. If the print lies beside the labels, ask IT for the calibration page.",
    ),
    (
        "Name shortened, shown as a box",
        "A long name loses given names, and a letter that cannot be printed is a box. Compare the label with the folder.",
    ),
    (
        "Put it on the right folder",
        "The first scan of a new label asks what the cover says. Look at it: a sheet that slipped by one puts a wrong name on each.",
    ),
    (
        "Did it print?",
        "Open Labels, then what is being printed. It shows what each printer waits for, and labels that nobody has scanned yet.",
    ),
    (
        "Cards of a desk",
        "From the desk card: large command cards, the numbers 1 to 9, and the twenty places the desk sends to most.",
    ),
];

/// Keys of the pages.
const KEYS: &[(&str, &str)] = &[
    ("Enter or Tab", "On the desk page: ends a scan or a typed number."),
    ("F4, F8, F9, F10", "On the desk page: OK, UNDO, RECEIVE, END: the same as the cards."),
    ("1 to 9, then Enter", "On the desk page: chooses a volume when the desk asks which."),
    ("F2", "On the desk page: lets the page sound, plays the sound, and says that you heard it."),
    ("Up and down, then Enter", "In the search: chooses what was found. Esc empties the box."),
    (
        "A digit, then F, N or C",
        "On a search’s page: chooses a place, then says found here, looked and not there, or cannot look now.",
    ),
    ("A scan", "On any page but a desk’s: looks that folder up. Nothing is moved."),
];

/// What the words mean.
const WORDS: &[(&str, &str)] = &[
    ("Casenote", "A patient's paper record under one number."),
    ("Volume", "One physical folder of a casenote: what carries the barcode and moves."),
    ("Temporary volume", "A folder that stands in for one that cannot be found."),
    ("Place", "Anywhere a folder can be: library, shelf, clinic, ward, office, person, off-site store."),
    ("Container", "A crate, trolley, box or bag. What is in it moves with it."),
    ("Desk", "A point of work with one or more scanners."),
    ("Sent", "On its way. Nobody has scanned it in at the other end yet."),
    ("Arrived, received", "Scanned at that place."),
    ("Filed", "Put on a shelf. Received in the library is not yet filed."),
    ("Not confirmed", "By the log it is there, but nobody has scanned the folder itself there."),
    ("Meant for", "It is here, but on its way to another place: send it on."),
    (
        "Put aside",
        "Folders that need something doing. They stay on the page until OK, their next scan, or END.",
    ),
    ("Taken back", "UNDO was scanned. The movement stays in the history and does not count."),
    ("Late", "Learnt some time after it happened, for example from a desk that was cut off."),
    (
        "Wanted",
        "The patient is on a clinic list before the end of the next working day: put the folder aside.",
    ),
    ("Sweep", "Scanning all that stands on a shelf or in a room: SWEEP, the place, its folders, END."),
    ("On hold", "May not leave. It can still be received."),
    (
        "Search",
        "An open case of a folder that is not where it should be, until it is scanned or told where it was.",
    ),
    ("Look", "One place looked in, with its result."),
    ("Declared missing", "A manager has said so. The search stays, and a scan of the folder still rings."),
    ("Question", "Something only a person can settle; a librarian answers it."),
];

/// The page.
pub async fn get(viewer: Viewer) -> Response {
    render(&help_page(Shell::new(&viewer, "Help"), viewer.setups()))
}

/// The page itself.
pub fn help_page(shell: Shell, desks: &[DeskSetup]) -> HelpPage {
    let card = cards::desk_card();
    let named = |setup: &DeskSetup| Card {
        desk: setup.code.to_string(),
        url: format!("{}/card", urls::desk(setup.code.as_str())),
    };
    HelpPage {
        shell,
        contents: CONTENTS,
        rule: card.map_or("", |card| card.title.as_str()),
        steps: card.map_or(&[], |card| card.step.as_slice()),
        more: card.map_or(&[], |card| card.more.as_slice()),
        cards: desks.iter().take(CARDS).map(named).collect(),
        more_cards: desks.len().saturating_sub(CARDS),
        signs: sign::ALL,
        labels: LABELS,
        trouble: TROUBLE,
        keys: KEYS,
        words: WORDS,
    }
}
