//! `GET /desks/{code}/card`: the desk card, to print and to put beside the scanner.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::Shell;
use super::bars::{Bars, bars};
use crate::domain::barcode;
use crate::labels::cards::{Step, desk_card};
use crate::web::api::scans::desk_named;
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::urls;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "card.html")]
pub struct CardPage {
    shell: Shell,
    title: String,
    desk: String,
    place: String,
    steps: Vec<Printed>,
    more: Vec<Printed>,
    digits: Vec<Bars>,
    /// Where its cards are printed one by one.
    cards: String,
}

/// One line with its bars, where it has any.
struct Printed {
    card: String,
    says: String,
    bars: Vec<Bars>,
}

/// The card of one desk.
pub async fn get(viewer: Viewer, Path(code): Path<String>) -> Result<Response, Failure> {
    let desk = desk_named(&code)?;
    let none = || Failure::NoSuch { what: "desk", name: desk.to_string() };
    let setup = viewer.setup(&desk).ok_or_else(none)?;
    let directory = viewer.directory();
    let place =
        directory.place_by_code(&setup.place).map_or(setup.place.as_str(), |place| place.name.as_str());
    Ok(render(&card_page(Shell::new(&viewer, format!("Card of {desk}")), desk.as_str(), place)))
}

/// The page of the card.
pub fn card_page(shell: Shell, desk: &str, place: &str) -> CardPage {
    let (title, steps, more) = desk_card().map_or_else(Default::default, |card| {
        (card.title.clone(), card.step.iter().map(printed).collect(), card.more.iter().map(printed).collect())
    });
    let digits = (1..=9).filter_map(|digit| bars(&barcode::Card::Digit(digit).barcode().to_string()));
    CardPage {
        shell,
        title,
        desk: desk.to_owned(),
        place: place.to_owned(),
        steps,
        more,
        digits: digits.collect(),
        cards: format!("{}/cards", urls::desk(desk)),
    }
}

fn printed(step: &Step) -> Printed {
    let symbol = barcode::Card::named(&step.card).and_then(|card| bars(&card.barcode().to_string()));
    Printed { card: step.card.clone(), says: step.says.clone(), bars: symbol.into_iter().collect() }
}
