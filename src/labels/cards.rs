//! The words of the command cards: the file that the page prints and that a test plays.

use std::sync::LazyLock;

use serde::Deserialize;

use super::LabelData;
use super::say;
use crate::domain::barcode::Card;

/// The file.
pub const DESK_CARD: &str = include_str!("../../firmware-config/cards/desk-card.toml");

/// The desk card.
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
    /// The word of a command card, or `BADGE`, `FOLDER`, `PLACE`: things that bring their own barcode.
    pub card: String,
    /// What to do with it.
    pub says: String,
}

static CARD: LazyLock<Option<DeskCard>> = LazyLock::new(|| toml::from_str(DESK_CARD).ok());

/// The card's words; `None` only if the built-in file were broken, which a test excludes.
pub fn desk_card() -> Option<&'static DeskCard> {
    CARD.as_ref()
}

/// A label for every command card that the desk card tells of, then the digits 1 to 9.
pub fn all() -> Vec<LabelData> {
    let steps = desk_card().into_iter().flat_map(|card| card.step.iter().chain(&card.more));
    let named = steps.filter_map(|step| Some(say::card(Card::named(&step.card)?, &step.card, &step.says)));
    let digits = (1..=9).map(|digit| {
        let says = format!("Answers \u{201c}which?\u{201d} with {digit}");
        say::card(Card::Digit(digit), &digit.to_string(), &says)
    });
    named.chain(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_card_is_a_card_or_brings_its_own_barcode() {
        let card: DeskCard = toml::from_str(DESK_CARD).unwrap();
        for step in card.step.iter().chain(&card.more) {
            let own = matches!(step.card.as_str(), "BADGE" | "FOLDER" | "PLACE");
            assert!(own || Card::named(&step.card).is_some(), "{}", step.card);
        }
        assert_eq!(all().len(), 16 + 9);
    }
}
