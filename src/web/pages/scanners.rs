//! `GET /help/scanners`: how a scanner is set up, and what is known of each family; from here its sheet is printed.

pub mod one;

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;

use super::Shell;
use crate::staging::{self, Known, Profile};
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::urls;

/// Profiles on the page: a site with more has a folder that somebody should tidy.
const PROFILES: usize = 200;

/// How it is done, in this order.
const STEPS: &[(&str, &str)] = &[
    (
        "Find your scanner below.",
        "Maker and model stand beneath its grip. Not there? Take “Any …” for the way it is plugged in.",
    ),
    (
        "Print its sheet.",
        "At 100 %, black on white. A crease or a smear makes a code unreadable: print it again.",
    ),
    (
        "Scan the sheet.",
        "From 1 on, one symbol at a time. Where it names a page of the maker’s booklet, scan that page instead.",
    ),
    ("Plug it in at its desk.", "Into the socket where it will stay: that socket tells whose it is."),
    (
        "Scan the proof.",
        "It is the last page of the sheet. The desk page says ready, or the one setting that is wrong.",
    ),
    ("Scan the desk’s pairing card.", "From then on the scanner belongs to that desk."),
];

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "scanners.html")]
pub struct ScannersPage {
    shell: Shell,
    steps: &'static [(&'static str, &'static str)],
    brands: Vec<Brand>,
    broken: Vec<String>,
}

struct Brand {
    name: String,
    rows: Vec<Row>,
}

struct Row {
    title: String,
    name: String,
    url: String,
    pdf: Option<String>,
    tried: Tried,
    known: String,
}

/// Whether somebody has tried a profile, in a word and a shape.
struct Tried {
    class: &'static str,
    says: String,
}

impl Tried {
    fn of(profile: &Profile) -> Self {
        match profile.confirm.date {
            Some(date) if profile.confirm.is_tried() => {
                Self { class: "tried", says: format!("Tried {date} on {}", profile.confirm.device) }
            }
            _ => Self { class: "untried", says: "Never tried on a scanner".to_owned() },
        }
    }
}

/// The page.
pub async fn get(viewer: Viewer) -> Result<Response, Failure> {
    let folder = viewer.profiles().map(ToOwned::to_owned);
    let reading = move || staging::profiles(folder.as_deref());
    let found = tokio::task::spawn_blocking(reading).await.map_err(|error| Failure::incident(&error))?;
    Ok(render(&scanners_page(Shell::new(&viewer, "Scanners"), found)))
}

/// The page itself.
pub fn scanners_page(shell: Shell, found: Vec<staging::Found>) -> ScannersPage {
    let mut brands: BTreeMap<(bool, String), Vec<Row>> = BTreeMap::new();
    let mut broken = Vec::new();
    for found in found.into_iter().take(PROFILES) {
        match found {
            Ok(profile) => {
                let name = staging::brand(&profile);
                let (is_last, name) = match name {
                    Some(name) => (false, name.to_owned()),
                    None => (true, "Any other".to_owned()),
                };
                brands.entry((is_last, name)).or_default().push(row(&profile));
            }
            Err(error) => broken.push(error.to_string()),
        }
    }
    let brands = brands.into_iter().map(|((_, name), rows)| Brand { name, rows }).collect();
    ScannersPage { shell, steps: STEPS, brands, broken }
}

fn row(profile: &Profile) -> Row {
    let url = urls::scanner(&profile.name);
    let pdf = (!profile.program.interfaces.is_empty()).then(|| format!("{url}.pdf"));
    Row {
        title: profile.title.clone(),
        name: profile.name.clone(),
        pdf,
        tried: Tried::of(profile),
        known: known(&staging::known(profile)),
        url,
    }
}

/// What is known of its usual sheet, in a line.
fn known(known: &Known) -> String {
    let part = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    };
    let parts = [
        part(known.printed, "code on the sheet", "codes on the sheet"),
        part(known.booklet, "from the maker’s booklet", "from the maker’s booklet"),
        part(known.unconfirmed, "not confirmed", "not confirmed"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        "No code is known: the sheet says what to look for".to_owned()
    } else {
        parts.join(", ")
    }
}
