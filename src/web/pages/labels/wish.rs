//! What somebody wants on paper: the form, as it was sent.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::domain::printing::{MAX_COPIES, Why};
use crate::labels::stock::MAX_CELLS;
use crate::web::error::Failure;

/// What labels are chosen for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// Covers of folders.
    Cover,
    /// Spines of folders.
    Spine,
    /// Slips that stand where folders were.
    Tracer,
    /// Places, shelves, containers.
    Place,
    /// Badges.
    Badge,
    /// The command cards, and a desk's own.
    Cards,
    /// The places to which a desk sends most.
    Destinations,
}

impl What {
    /// Every one, as the page lists them.
    pub const ALL: [Self; 7] =
        [Self::Cover, Self::Spine, Self::Tracer, Self::Place, Self::Badge, Self::Cards, Self::Destinations];

    /// The word in addresses and forms.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cover => "cover",
            Self::Spine => "spine",
            Self::Tracer => "tracer",
            Self::Place => "place",
            Self::Badge => "badge",
            Self::Cards => "cards",
            Self::Destinations => "destinations",
        }
    }

    /// What people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Cover => "Folder covers",
            Self::Spine => "Folder spines",
            Self::Tracer => "Tracers",
            Self::Place => "Places, shelves, crates",
            Self::Badge => "Badges",
            Self::Cards => "Command cards",
            Self::Destinations => "Destinations of a desk",
        }
    }

    /// What is scanned or typed for it, one a line.
    pub const fn named_by(self) -> &'static str {
        match self {
            Self::Cover | Self::Spine | Self::Tracer => "the folders’ barcodes",
            Self::Place => "the codes of places, shelves or crates",
            Self::Badge => "badges",
            Self::Cards => "desks, whose own cards are added; or nothing",
            Self::Destinations => "one desk",
        }
    }

    /// Whether it is stuck on a folder.
    pub const fn is_on_a_folder(self) -> bool {
        match self {
            Self::Cover | Self::Spine => true,
            Self::Tracer | Self::Place | Self::Badge | Self::Cards | Self::Destinations => false,
        }
    }
}

/// A wish. What a form does not hold is as usual.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wish {
    /// For what.
    pub what: What,
    /// For which ones: barcodes, codes, badges, desks.
    pub names: Vec<String>,
    /// Whether all places beneath those named are meant too.
    pub with_beneath: bool,
    /// The stock; the usual one if empty.
    pub stock: String,
    /// The template; the largest that fits if empty.
    pub template: String,
    /// The printer; a PDF if empty.
    pub printer: String,
    /// The first label of the first sheet.
    pub first: u32,
    /// Spoiled labels of the first sheet.
    pub spoiled: BTreeSet<u32>,
    /// How often each.
    pub copies: u16,
    /// Why; nobody has said so if absent.
    pub why: Option<Why>,
    /// Whose badge was given.
    pub badge: String,
    /// Whether what cannot be printed may be left out.
    pub leaves_out: bool,
    /// Which of the labels is previewed, from 0.
    pub at: usize,
    /// Made with the form, so that sending it twice prints once.
    pub id: Option<Uuid>,
}

impl Wish {
    /// Nothing yet, of this.
    pub fn of(what: What) -> Self {
        Self {
            what,
            names: Vec::new(),
            with_beneath: false,
            stock: String::new(),
            template: String::new(),
            printer: String::new(),
            first: 1,
            spoiled: BTreeSet::new(),
            copies: 1,
            why: None,
            badge: String::new(),
            leaves_out: false,
            at: 0,
            id: None,
        }
    }

    /// Reads the fields of a form or an address.
    pub fn read(fields: &[(String, String)], usual: What) -> Result<Self, Failure> {
        let field = |name: &str| {
            let found = fields.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.trim()).unwrap_or_default()
        };
        let all = |name: &'static str| fields.iter().filter(move |(key, _)| key == name);
        let what = match field("what") {
            "" => usual,
            word => {
                What::ALL.into_iter().find(|what| what.word() == word).ok_or_else(|| malformed("what"))?
            }
        };
        let lines = all("name").flat_map(|(_, value)| value.lines()).map(str::trim);
        let spoiled = all("spoiled").map(|(_, value)| cell("spoiled", value.trim()));
        let copies: u16 = number("copies", field("copies"), 1)?;
        if !(1..=MAX_COPIES).contains(&copies) {
            return Err(Failure::Malformed(format!("copies: 1 to {MAX_COPIES} are possible")));
        }
        let why = field("why");
        Ok(Self {
            what,
            names: lines.filter(|line| !line.is_empty()).map(str::to_owned).collect(),
            with_beneath: !field("beneath").is_empty(),
            stock: field("stock").to_owned(),
            template: field("template").to_owned(),
            printer: field("printer").to_owned(),
            first: cell("first", field("first"))?,
            spoiled: spoiled.collect::<Result<_, _>>()?,
            copies,
            why: if why.is_empty() { None } else { Some(why.parse().map_err(|_| malformed("why"))?) },
            badge: field("badge").to_owned(),
            leaves_out: !field("leave-out").is_empty(),
            at: number("at", field("at"), 0)?,
            id: field("id").parse().ok().filter(|id: &Uuid| id.get_version_num() == 7),
        })
    }
}

fn malformed(what: &str) -> Failure {
    Failure::Malformed(format!("{what}: open the page again"))
}

/// The number of a label on some sheet.
pub fn cell(what: &str, text: &str) -> Result<u32, Failure> {
    let cell = number(what, text, 1)?;
    if (1..=MAX_CELLS).contains(&cell) { Ok(cell) } else { Err(malformed(what)) }
}

fn number<T: std::str::FromStr>(what: &str, text: &str, absent: T) -> Result<T, Failure> {
    if text.is_empty() { Ok(absent) } else { text.parse().map_err(|_| malformed(what)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> Result<Wish, Failure> {
        let fields: Vec<_> =
            fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Wish::read(&fields, What::Cover)
    }

    #[test]
    fn names_come_one_a_line_and_spoiled_labels_as_often_as_they_are_ticked() {
        let wish =
            read(&[("name", " F1 \r\n\r\nF2\r\n"), ("name", "F3"), ("spoiled", "7"), ("spoiled", "9")]);
        let wish = wish.unwrap();
        assert_eq!(wish.names, ["F1", "F2", "F3"]);
        assert_eq!((wish.first, wish.spoiled, wish.copies), (1, BTreeSet::from([7, 9]), 1));
        assert_eq!(read(&[]).unwrap(), Wish::of(What::Cover));
    }

    #[test]
    fn what_no_form_of_ours_sends_is_told_so() {
        for field in [
            ("what", "money"),
            ("first", "-1"),
            ("first", "0"),
            ("spoiled", "401"),
            ("spoiled", "x"),
            ("copies", "0"),
            ("copies", "51"),
            ("why", "because"),
            ("at", "first"),
        ] {
            assert!(matches!(read(&[field]), Err(Failure::Malformed(_))), "{field:?}");
        }
    }
}
