//! How the barcodes of folders that are made up here are made: ours, or in the form that the hospital's labels have.

use std::str::FromStr;

use crate::domain::barcode::OwnBarcode;
use crate::domain::casenote::{CasenoteNumber, LabelText};

const NUMBER: &str = "{number}";
const VOLUME: &str = "{volume}";
const VOLUME_IN_TWO: &str = "{volume:02}";
const SITE: &str = "{site}";

/// How the barcode of a new folder is made.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Numbering {
    /// Our own form: says nothing, and has check digits.
    #[default]
    Ours,
    /// The hospital's: `RX{number}{volume:02}`.
    Hospital(String),
}

/// A form of barcodes that cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadNumbering {
    /// Two folders would get one barcode.
    #[error("a barcode must hold both {{number}} and {{volume}} or {{volume:02}}")]
    NotEach,
    /// Something else stands in braces.
    #[error("only {{site}}, {{number}}, {{volume}} and {{volume:02}} may stand in braces")]
    UnknownPart,
    /// No scanner could read it back.
    #[error("letters, digits and signs without accents are needed")]
    NoLabel,
}

impl FromStr for Numbering {
    type Err = BadNumbering;

    fn from_str(form: &str) -> Result<Self, BadNumbering> {
        let has_volume = form.contains(VOLUME) || form.contains(VOLUME_IN_TWO);
        if !form.contains(NUMBER) || !has_volume {
            return Err(BadNumbering::NotEach);
        }
        let text = filled(form, "S", "1", 1);
        if text.contains(['{', '}']) {
            return Err(BadNumbering::UnknownPart);
        }
        text.parse::<LabelText>().map_err(|_| BadNumbering::NoLabel)?;
        Ok(Self::Hospital(form.to_owned()))
    }
}

impl Numbering {
    /// The hospital's barcode of this volume; none where it would be too long, or have our own form.
    pub fn barcode(&self, casenote: &CasenoteNumber, volume: u32) -> Option<LabelText> {
        let Self::Hospital(form) = self else { return None };
        let text = filled(form, casenote.site.as_str(), casenote.number.as_str(), volume);
        text.parse().ok().filter(|label: &LabelText| label.as_str().parse::<OwnBarcode>().is_err())
    }
}

fn filled(form: &str, site: &str, number: &str, volume: u32) -> String {
    // The number last: what it holds is never taken for a part of the form.
    form.replace(VOLUME_IN_TWO, &format!("{volume:02}"))
        .replace(VOLUME, &volume.to_string())
        .replace(SITE, site)
        .replace(NUMBER, number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::barcode::OwnKind;

    fn casenote(number: &str) -> CasenoteNumber {
        CasenoteNumber {
            site: "RX1".parse().unwrap(),
            number_type: "HOSPITAL".parse().unwrap(),
            number: number.parse().unwrap(),
        }
    }

    #[test]
    fn a_hospitals_own_form_is_filled() {
        for (form, number, volume, barcode) in [
            ("RX{number}{volume:02}", "123456", 3, Some("RX12345603")),
            ("{number}-V{volume}", "A1", 12, Some("A1-V12")),
            ("{site}/{number}/{volume}", "123456", 3, Some("RX1/123456/3")),
            ("V{number}{volume}", "{number}", 1, Some("V{NUMBER}1")),
            ("{number}{volume}", &"9".repeat(32), 1, Some(&format!("{}1", "9".repeat(32)))),
        ] {
            let numbering: Numbering = form.parse().unwrap();
            let made = numbering.barcode(&casenote(number), volume);
            assert_eq!(made.map(|label| label.to_string()).as_deref(), barcode, "{form}");
        }
    }

    #[test]
    fn what_cannot_be_a_barcode_of_each_volume_is_refused() {
        for (form, why) in [
            ("", BadNumbering::NotEach),
            ("RX{number}", BadNumbering::NotEach),
            ("{volume}", BadNumbering::NotEach),
            ("{number}{volume}{seq}", BadNumbering::UnknownPart),
            ("{number}{volume:2}{volume}", BadNumbering::UnknownPart),
            ("é{number}{volume}", BadNumbering::NoLabel),
            ("]{number}{volume}", BadNumbering::NoLabel),
        ] {
            assert_eq!(form.parse::<Numbering>(), Err(why), "{form}");
        }
    }

    #[test]
    fn what_would_have_our_own_form_is_made_ours() {
        let own = OwnBarcode::new(OwnKind::Volume, 13).to_string();
        let (begins, last) = own.split_at(own.len() - 1);
        let numbering: Numbering = "{number}{volume}".parse().unwrap();
        assert_eq!(numbering.barcode(&casenote(begins), last.parse().unwrap()), None);
        assert_eq!(Numbering::Ours.barcode(&casenote("1"), 1), None);
    }
}
