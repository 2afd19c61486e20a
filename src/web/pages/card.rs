//! `GET /desks/{code}/card`: the desk card, to print and to put beside the scanner.

use std::sync::LazyLock;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

use super::Shell;
use super::bars::{Bars, bars};
use crate::domain::barcode;
use crate::web::api::scans::desk_named;
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};

/// The words of the card: the file that a test plays, too.
pub const DESK_CARD: &str = include_str!("../../../firmware-config/cards/desk-card.toml");

/// The card.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskCard {
    /// The line on top.
    pub title: String,
    /// What to do, in this order, on any day.
    pub step: Vec<Step>,
    /// Cards for rarer acts.
    pub more: Vec<Step>,
}

/// One line of the card.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The name of a command card, or `BADGE`, `FOLDER`, `PLACE`: things that bring their own barcode.
    pub card: String,
    /// What to do with it.
    pub says: String,
}

static CARD: LazyLock<Option<DeskCard>> = LazyLock::new(|| toml::from_str(DESK_CARD).ok());

/// The card's words; `None` only if the built-in file were broken, which a test excludes.
pub fn desk_card() -> Option<&'static DeskCard> {
    CARD.as_ref()
}

/// The command cards by the names on the desk card.
pub fn card_named(name: &str) -> Option<barcode::Card> {
    use barcode::Card;
    let card = match name {
        "END" => Card::End,
        "RECEIVE" => Card::Receive,
        "FILE" => Card::File,
        "PACK" => Card::Pack,
        "EMPTY" => Card::Empty,
        "UNDO" => Card::Undo,
        "UNDO-BATCH" => Card::UndoBatch,
        "WRONG-CARD" => Card::WrongCard,
        "TAKE-OUT" => Card::TakeOut,
        "WHERE" => Card::Where,
        "ALL" => Card::All,
        "OK" => Card::Ok,
        _ => return None,
    };
    Some(card)
}

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
    }
}

fn printed(step: &Step) -> Printed {
    let symbol = card_named(&step.card).and_then(|card| bars(&card.barcode().to_string()));
    Printed { card: step.card.clone(), says: step.says.clone(), bars: symbol.into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_card_is_a_card_or_brings_its_own_barcode() {
        let card: DeskCard = toml::from_str(DESK_CARD).unwrap();
        for step in card.step.iter().chain(&card.more) {
            let own = matches!(step.card.as_str(), "BADGE" | "FOLDER" | "PLACE");
            assert!(own || card_named(&step.card).is_some(), "{}", step.card);
        }
    }
}
