//! Stock, template and printer for a wish: what was chosen where that is possible, else what is usual, and said so.

use super::plain;
use super::wish::{What, Wish};
use crate::labels::measure::Um;
use crate::labels::print::{Language, Setup};
use crate::labels::sheet::Start;
use crate::labels::stock::{Extent, Medium};
use crate::labels::{Files, Kind, Printer, Stock, Template};

/// On what, by which template, from where on.
#[derive(Clone, Debug)]
pub struct Press {
    /// The stock.
    pub stock: Stock,
    /// The template, instead of the largest of each kind that fits.
    pub template: Option<Template>,
    /// The printer.
    pub printer: Printer,
    /// From which label of the sheet on.
    pub start: Start,
    /// The first label.
    pub first: u32,
    /// What is not as it was asked for. Nothing is printed until somebody has read it.
    pub changed: Vec<String>,
}

/// What the labels of a wish are.
pub const fn kinds(what: What) -> &'static [Kind] {
    match what {
        What::Cover => &[Kind::Volume],
        What::Spine => &[Kind::Spine],
        What::Tracer => &[Kind::Tracer],
        What::Place | What::Destinations => &[Kind::Place, Kind::Container],
        What::Badge => &[Kind::Staff],
        What::Cards => &[Kind::Card],
    }
}

/// The stock that is taken where none was chosen.
const fn usual(what: What) -> &'static str {
    match what {
        What::Cover | What::Badge => "L7160",
        What::Spine => "L4760",
        What::Tracer => "L7165",
        What::Place => "L7163",
        What::Cards => "A4-CARDS",
        What::Destinations => "A4-DESTINATIONS",
    }
}

/// The templates that have room on this stock.
pub fn templates_on<'a>(files: &'a Files, what: What, stock: &Stock) -> impl Iterator<Item = &'a Template> {
    let fits = move |template: &&Template| {
        template.fits(stock) && kinds(what).iter().any(|kind| template.kinds.contains(kind))
    };
    files.templates.all().filter(fits)
}

/// The stocks on which some template has room.
pub fn stocks_for(files: &Files, what: What) -> impl Iterator<Item = &Stock> {
    files.stocks.all().filter(move |stock| templates_on(files, what, stock).next().is_some())
}

/// Whether a printer takes this stock: one that is told labels prints on rolls alone.
pub fn takes(setup: Option<&Setup>, stock: &Stock) -> bool {
    setup.is_none_or(|setup| match setup.language {
        Language::Pdf => true,
        Language::Zpl => stock.medium == Medium::Roll,
    })
}

/// What a wish comes to on a printer, or as a PDF; `None` only where no stock at all has room for it.
pub fn press(files: &Files, wish: &Wish, setup: Option<&Setup>) -> Option<Press> {
    let what = wish.what;
    let stocks = &files.stocks;
    let suits = |stock: &&Stock| takes(setup, stock) && templates_on(files, what, stock).next().is_some();
    let mut changed = Vec::new();
    let chosen = stocks.find(&wish.stock).filter(suits);
    let held = || setup.and_then(|setup| stocks.find(setup.stock.as_deref()?)).filter(suits);
    let any = || stocks_for(files, what);
    let suiting = chosen.or_else(held).or_else(|| stocks.find(usual(what)).filter(suits));
    let suiting = suiting.or_else(|| any().find(suits));
    let stock = suiting.or_else(|| any().next())?;
    if suiting.is_none() {
        changed.push("No stock of this printer has room for that. Choose another printer.".to_owned());
    } else if chosen.is_none() && !wish.stock.is_empty() {
        changed.push(format!("{} does not suit that: {} is chosen now.", wish.stock, stock.name));
    }
    let printer = setup.map_or(Printer::OFFICE, |setup| setup.printer(&stock.code));
    let template = templates_on(files, what, stock).find(|template| template.code == wish.template);
    if template.is_none() && !wish.template.is_empty() {
        changed.push("The layout does not suit this stock: the largest that fits is taken now.".to_owned());
    }
    let (start, first) = match Start::new(stock, wish.first, wish.spoiled.iter().copied()) {
        Ok(start) => (start, wish.first),
        Err(bad) => {
            changed.push(plain::start(&bad, stock));
            (Start::new(stock, 1, []).ok()?, 1)
        }
    };
    Some(Press { stock: stock.clone(), template: template.cloned(), printer, start, first, changed })
}

/// `63.5 × 38.1 mm`.
pub fn size(Extent(width, height): Extent) -> String {
    let mm = |length: Um| f64::from(length.get()) / 1e3;
    format!("{} × {} mm", mm(width), mm(height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::measure::Dpi;
    use crate::labels::print::Via;
    use crate::labels::printer::Colours;

    fn pressed(wish: &Wish) -> Press {
        press(&Files::of_house(None).unwrap(), wish, None).unwrap()
    }

    #[test]
    fn a_label_printer_has_its_roll_and_no_sheet() {
        let setup = Setup {
            name: "Hatch".to_owned(),
            via: Via::Tcp("10.1.2.9:9100".to_owned()),
            dpi: Dpi::THERMAL_8,
            colours: Colours::Black,
            language: Language::Zpl,
            stock: Some("70x35".to_owned()),
            offset: (3, 0),
            trays: Vec::new(),
        };
        let on = |what, stock: &str| {
            let wish = Wish { stock: stock.to_owned(), ..Wish::of(what) };
            let press = press(&Files::of_house(None).unwrap(), &wish, Some(&setup)).unwrap();
            (press.stock.code.clone(), press.printer.offset, press.changed.len())
        };
        assert_eq!(on(What::Cover, ""), ("70x35".to_owned(), (3, 0), 0));
        assert_eq!(
            on(What::Cover, "L7160"),
            ("70x35".to_owned(), (3, 0), 1),
            "a sheet does not go through it"
        );
        assert_eq!(on(What::Spine, "").2, 1, "no roll is long enough for a spine");
    }

    #[test]
    fn what_is_usual_has_room_for_it() {
        for what in What::ALL {
            let press = pressed(&Wish::of(what));
            assert_eq!(press.stock.code, usual(what));
            assert!(press.changed.is_empty(), "{what:?}: {:?}", press.changed);
        }
    }

    #[test]
    fn what_cannot_be_is_changed_and_said_so() {
        let spine = Wish { stock: "L7160".to_owned(), ..Wish::of(What::Spine) };
        assert_eq!(pressed(&spine).stock.code, "L4760");
        assert_eq!(pressed(&spine).changed.len(), 1);
        let small = Wish {
            stock: "L7651".to_owned(),
            template: "folder".to_owned(),
            first: 66,
            ..Wish::of(What::Cover)
        };
        let press = pressed(&small);
        assert_eq!((press.stock.code.as_str(), press.template, press.first), ("L7651", None, 1));
        assert_eq!(press.changed.len(), 2, "{:?}", press.changed);
    }
}
