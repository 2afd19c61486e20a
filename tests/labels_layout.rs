//! Whatever a label says, on any stock and any printer: it is laid out within its paper, with free quiet zones and its key
//! whole, or it is refused.
#![expect(clippy::unwrap_used, reason = "a failed set-up fails the test")]

use casetrack::labels::font::Font;
use casetrack::labels::measure::{Area, Dpi, Um};
use casetrack::labels::printer::Colours;
use casetrack::labels::scene::{Item, Line, Symbol};
use casetrack::labels::template::{Field, Shown};
use casetrack::labels::{
    Kind, LabelData, LayoutError, Name, Printer, Scene, Stock, Stocks, Template, Templates, Text, layout,
};
use proptest::prelude::*;

const DPIS: [u16; 3] = [203, 300, 600];
const KINDS: [Kind; 7] =
    [Kind::Volume, Kind::Spine, Kind::Place, Kind::Container, Kind::Staff, Kind::Card, Kind::Tracer];
const TEXTS: [Text; 11] = [
    Text::Title,
    Text::Below,
    Text::Born,
    Text::Number,
    Text::Nhs,
    Text::Volume,
    Text::Home,
    Text::Warning,
    Text::Second,
    Text::Phone,
    Text::Printed,
];
/// No bar is lower than this, nor than so many hundredths of its symbol's length.
const LEAST_HEIGHT: Um = Um::new(5_000);
const LEAST_HEIGHT_PERCENT: i32 = 15;
/// Dots by which rounding may move a letter's edge.
const ROUNDING: i32 = 1;

fn printer(dpi: u16) -> Printer {
    Printer { dpi: Dpi::new(dpi).unwrap(), colours: Colours::Black, offset: (0, 0) }
}

fn says() -> impl Strategy<Value = LabelData> {
    let texts = proptest::collection::btree_map(
        proptest::sample::select(&TEXTS[..]),
        "[A-Za-z0-9 ÉŁΩЖ.,-]{1,40}",
        0..TEXTS.len(),
    );
    let key = prop_oneof!["V[0-9]{9}", "[A-Z][0-9]{6}", "RXY-[0-9]{7}-V[0-9]{2}", "[ -~]{1,20}"];
    let name = proptest::option::of(("[A-ZÉŁΩЖ'-]{1,60}", "[A-Za-zé ]{0,40}"));
    (proptest::sample::select(&KINDS[..]), key, name, texts, "[0-9]{0,10}").prop_map(
        |(kind, key, name, texts, digits)| LabelData {
            name: name.map(|(surname, given)| Name { surname, given }),
            texts,
            digits,
            ..LabelData::new(kind, key)
        },
    )
}

fn symbols(scene: &Scene) -> impl Iterator<Item = &Symbol> {
    scene.items.iter().filter_map(|item| match item {
        Item::Symbol(symbol) => Some(symbol),
        Item::Fill(..) | Item::Text(_) => None,
    })
}

fn lines(scene: &Scene) -> impl Iterator<Item = &Line> {
    scene.items.iter().filter_map(|item| match item {
        Item::Text(line) => Some(line),
        Item::Fill(..) | Item::Symbol(_) => None,
    })
}

fn letters(line: &Line) -> String {
    line.glyphs.iter().map(|glyph| glyph.sign).collect()
}

/// From the line that letters stand on up to the top of capitals.
fn capitals(line: &Line, dpi: Dpi) -> Area {
    let units = line.glyphs.iter().map(|glyph| i64::from(glyph.advance)).sum();
    let em = line.font.units_an_em();
    let height = dpi.text_dots(i64::from(line.font.capital()), em, line.size);
    let width = dpi.text_dots(units, em, line.size);
    Area { left: line.left, top: line.baseline - height, width, height }
}

fn ink(item: &Item, dpi: Dpi) -> Area {
    match item {
        Item::Fill(area, _) => *area,
        Item::Text(line) => capitals(line, dpi),
        Item::Symbol(symbol) => symbol.area,
    }
}

fn holds(scene: &Scene, stock: &Stock, template: &Template, data: &LabelData) {
    let dpi = scene.dpi;
    let paper = Area { left: 0, top: 0, width: scene.width, height: scene.height };
    let margin = dpi.dots_of_at_least(stock.margin);
    let safe = paper.grown(-margin, -margin);
    for item in &scene.items {
        let area = ink(item, dpi);
        assert!(safe.grown(ROUNDING, ROUNDING).holds(area), "{area:?} is not within {safe:?}");
    }
    for symbol in symbols(scene) {
        let quiet = symbol.with_quiet_zone();
        assert!(paper.holds(quiet), "a quiet zone leaves the paper");
        let is_other = |item: &&Item| !matches!(item, Item::Symbol(other) if other == symbol);
        for other in scene.items.iter().filter(is_other) {
            let free = !quiet.meets(ink(other, dpi)) || ink(other, dpi).height == 0;
            assert!(free, "{other:?} stands in the quiet zone of {:?}", symbol.symbology);
        }
        assert_eq!(symbol.area.width, symbol.modules.across * symbol.module);
        assert!(symbol.dark().all(|bar| symbol.area.holds(bar) && bar.width % symbol.module == 0));
        assert_eq!(symbol.text, data.key);
    }
    let bars = symbols(scene).next().unwrap();
    let least = dpi.dots_of_at_least(LEAST_HEIGHT).max(bars.area.width * LEAST_HEIGHT_PERCENT / 100);
    assert!(bars.area.height >= least, "the bars are too flat");
    key_is_whole(scene, stock, template, data);
    let Some(name) = template.fields.iter().find_map(|(_, field)| match field {
        Field::Text(Shown::Name, _) => data.name.as_ref(),
        Field::Text(..) | Field::Bars { .. } | Field::Matrix { .. } | Field::Blocks { .. } => None,
    }) else {
        return;
    };
    let all: String = lines(scene).map(letters).collect();
    assert!(all.contains(&name.surname), "{} is not whole in {all}", name.surname);
}

/// In one line, at the template's size as it is on this label.
fn key_is_whole(scene: &Scene, stock: &Stock, template: &Template, data: &LabelData) {
    let style = template.fields.iter().find_map(|(_, field)| match field {
        Field::Text(Shown::Key, style) => Some(style),
        Field::Text(..) | Field::Bars { .. } | Field::Matrix { .. } | Field::Blocks { .. } => None,
    });
    let size = template.scale(stock).size(style.unwrap().size);
    let is_key = |line: &&Line| line.font == Font::Key && line.size == size && letters(line) == data.key;
    assert_eq!(lines(scene).filter(is_key).count(), 1, "the key is not whole, or not at its size");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn whatever_a_label_says_it_is_right_or_refused(data in says()) {
        let (stocks, templates) = (Stocks::read([]).unwrap(), Templates::read([]).unwrap());
        for stock in stocks.all() {
            let Some(template) = templates.largest_for(data.kind, stock) else { continue };
            for dpi in DPIS {
                match layout(stock, template, printer(dpi), &data) {
                    Ok(scene) => holds(&scene, stock, template, &data),
                    Err(errors) => prop_assert!(!errors.is_empty()),
                }
            }
        }
    }
}

#[test]
fn what_would_be_cut_is_refused() {
    let (stocks, templates) = (Stocks::read([]).unwrap(), Templates::read([]).unwrap());
    let (stock, template) = (stocks.find("L7160").unwrap(), templates.find("folder").unwrap());
    let refused = |data: &LabelData| layout(stock, template, printer(203), data).unwrap_err();
    let long_key = refused(&LabelData::new(Kind::Volume, "A".repeat(40)));
    assert!(long_key.iter().any(|error| matches!(error, LayoutError::SymbolTooWide { .. })), "{long_key:?}");
    assert!(long_key.iter().any(|error| matches!(error, LayoutError::Cut { .. })), "{long_key:?}");
    let mut long_name = LabelData::new(Kind::Volume, "V000000111");
    long_name.name = Some(Name { surname: "W".repeat(200), given: "John".to_owned() });
    assert!(matches!(refused(&long_name)[..], [LayoutError::Cut { field: 1, .. }]));
    let accents = refused(&LabelData::new(Kind::Volume, "É123456"));
    assert!(accents.iter().any(|error| matches!(error, LayoutError::NoSymbol(_))), "{accents:?}");
}

#[test]
fn our_own_keys_fit_on_every_label_that_has_a_template() {
    let (stocks, templates) = (Stocks::read([]).unwrap(), Templates::read([]).unwrap());
    for (stock, kind) in stocks.all().flat_map(|stock| KINDS.map(|kind| (stock, kind))) {
        let Some(template) = templates.largest_for(kind, stock) else { continue };
        for dpi in DPIS {
            let mut data = LabelData::new(kind, "V000000111").with(Text::Warning, "TEMPORARY");
            data.name = Some(Name { surname: "SMITH".to_owned(), given: "John".to_owned() });
            let scene = layout(stock, template, printer(dpi), &data);
            let scene = scene.unwrap_or_else(|errors| panic!("{} {kind:?} {dpi}: {errors:?}", stock.code));
            holds(&scene, stock, template, &data);
        }
    }
}
