//! `GET /help`: what each signal looks and sounds like, and what the words mean.

use askama::Template;
use axum::response::Response;

use super::Shell;
use crate::web::auth::Viewer;
use crate::web::error::render;
use crate::web::sign::{self, Sign};

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "help.html")]
pub struct HelpPage {
    shell: Shell,
    signs: &'static [Sign],
    words: &'static [(&'static str, &'static str)],
}

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
    ("On hold", "May not leave. It can still be received."),
    ("Question", "Something only a person can settle; a librarian answers it."),
];

/// The page.
pub async fn get(viewer: Viewer) -> Response {
    render(&help_page(Shell::new(&viewer, "What the signals mean")))
}

/// The page itself.
pub fn help_page(shell: Shell) -> HelpPage {
    HelpPage { shell, signs: sign::ALL, words: WORDS }
}
