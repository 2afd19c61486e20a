use super::*;
use crate::labels::measure::Area;
use crate::labels::scene::{Item, Symbol};
use crate::scan::profile::{Interface, Profile};
use crate::staging::Unconfirmed;

/// Every sheet that can be printed, with all that nobody has confirmed.
fn all() -> impl Iterator<Item = (String, Plan)> {
    Profile::built_in().iter().flat_map(|profile| {
        profile.program.interfaces.iter().map(|interface| {
            let plan = Plan::new(profile, Some(*interface), Unconfirmed::Marked).unwrap();
            (format!("{} {interface}", profile.name), plan)
        })
    })
}

fn symbols(page: &Page) -> Vec<&Symbol> {
    let items = page.placed.iter().flat_map(|placed| &placed.scene.items);
    items
        .filter_map(|item| match item {
            Item::Symbol(symbol) => Some(symbol),
            Item::Fill(..) | Item::Text(_) => None,
        })
        .collect()
}

fn lines(page: &Page) -> Vec<String> {
    let items = page.placed.iter().flat_map(|placed| &placed.scene.items);
    items
        .filter_map(|item| match item {
            Item::Text(line) => Some(line.glyphs.iter().map(|glyph| glyph.sign).collect()),
            Item::Fill(..) | Item::Symbol(_) => None,
        })
        .collect()
}

fn plan(profile: &str, interface: Option<Interface>, unconfirmed: Unconfirmed) -> Result<Plan, NoSheet> {
    Plan::new(&Profile::named(profile, None).unwrap(), interface, unconfirmed)
}

/// Dots between two areas that do not stand above one another, or beside.
fn apart(one: Area, other: Area) -> (i32, i32) {
    let gap = |low: i32, high: i32, low_other: i32, high_other: i32| (low_other - high).max(low - high_other);
    (
        gap(one.left, one.right(), other.left, other.right()),
        gap(one.top, one.bottom(), other.top, other.bottom()),
    )
}

#[test]
fn a_reader_aimed_at_one_symbol_sees_no_other_whole() {
    for dpi in [Dpi::THERMAL_8, Dpi::THERMAL_12, Dpi::OFFICE] {
        let (beside, beneath) = (dpi.dots(Um::new(40_000)), dpi.dots(Um::new(30_000)));
        for (name, plan) in all() {
            for page in pages(&plan, dpi).unwrap() {
                let symbols = symbols(&page);
                for (at, one) in symbols.iter().enumerate() {
                    for other in symbols.iter().skip(at + 1) {
                        let (across, down) = apart(one.with_quiet_zone(), other.with_quiet_zone());
                        assert!(
                            across >= beside || down >= beneath,
                            "{name}: {} and {} are {across} by {down} dots apart at {}",
                            one.text,
                            other.text,
                            dpi.get()
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn nothing_hangs_over_the_paper_or_lies_on_another_block() {
    for (name, plan) in all() {
        for page in pages(&plan, Dpi::OFFICE).unwrap() {
            let paper =
                Area { left: 0, top: 0, width: Dpi::OFFICE.dots(PAPER.0), height: Dpi::OFFICE.dots(FOOT) };
            for symbol in symbols(&page) {
                assert!(paper.holds(symbol.with_quiet_zone()), "{name}: {}", symbol.text);
            }
            let lowest =
                page.placed.iter().flat_map(|placed| &placed.scene.items).filter_map(|item| match item {
                    Item::Fill(area, _) => Some(area.bottom()),
                    Item::Symbol(_) | Item::Text(_) => None,
                });
            assert!(lowest.max().unwrap_or(0) <= paper.height, "{name}");
        }
    }
}

#[test]
fn every_sheet_ends_with_the_proof_and_the_pairing_card() {
    for (name, plan) in all() {
        let pages = pages(&plan, Dpi::OFFICE).unwrap();
        let last = pages.last().unwrap();
        let texts: Vec<_> = symbols(last).iter().map(|symbol| symbol.text.clone()).collect();
        assert_eq!(texts, Proof::ALL.map(|symbol| symbol.text().to_owned()), "{name}");
        assert!(lines(last).iter().any(|line| line.starts_with("Ready? Scan the pairing card")), "{name}");
    }
    for symbol in Proof::ALL {
        let kind = format!("{:?}", symbol.symbology());
        let ours = format!("{:?}", symbology(symbol));
        assert!(kind.starts_with(&ours), "{kind} is drawn as {ours}");
    }
}

#[test]
fn the_steps_stand_in_their_order_with_what_the_maker_wants() {
    let sheet = pages(&plan("newland-hr22", None, Unconfirmed::LeftOut).unwrap(), Dpi::OFFICE).unwrap();
    let first: Vec<_> = sheet
        .iter()
        .flat_map(symbols)
        .map(|symbol| (symbol.symbology, symbol.text.as_str()))
        .take(3)
        .collect();
    let setting = |text| (Symbology::Setting, text);
    assert_eq!(first, [setting("@SETUPE1"), setting("@INTERF8"), setting("@SETUPE0")]);
    let netum = pages(&plan("netum", None, Unconfirmed::LeftOut).unwrap(), Dpi::OFFICE).unwrap();
    let first = netum.iter().flat_map(symbols).next().unwrap();
    assert_eq!((first.symbology, first.text.as_str()), (Symbology::Code128, "%#IFSNO$3"));
}

#[test]
fn a_code_that_nobody_has_confirmed_is_left_out_or_marked() {
    let said = |unconfirmed| -> String {
        let plan = plan("newland-hr22", None, unconfirmed).unwrap();
        pages(&plan, Dpi::OFFICE).unwrap().iter().flat_map(lines).collect::<Vec<_>>().join("\n")
    };
    let (left_out, marked) = (said(Unconfirmed::LeftOut), said(Unconfirmed::Marked));
    assert!(left_out.contains("nobody has confirmed its code: AIM identifier."), "{left_out}");
    assert!(!left_out.contains("@AIDENA1"));
    assert!(marked.contains("NOT CONFIRMED") && marked.contains("<FNC3>@AIDENA1"), "{marked}");
}

#[test]
fn a_sheet_that_would_be_of_no_use_is_refused() {
    let text = "name = \"ours\"\ntitle = \"Ours\"\n[program]\ninterfaces = [\"usb-serial\"]\n[[program.step]]\n\
        title = \"USB serial port\"\nsymbology = \"code128\"\npayload = \"GUESS\"\nsets = \"s\"\nthen = \"t\"\n\
        evidence = \"unverified\"\nsource = \"a forum\"\n";
    let profile = Profile::parse(text, "ours").unwrap();
    let refused = Plan::new(&profile, None, Unconfirmed::LeftOut).unwrap_err().to_string();
    assert!(refused.starts_with("nobody has confirmed the code for “USB serial port”"), "{refused}");
    assert!(Plan::new(&profile, None, Unconfirmed::Marked).is_ok());
    let keyboard = plan("generic-serial", Some(Interface::Keyboard), Unconfirmed::Marked);
    assert_eq!(
        keyboard.unwrap_err().to_string(),
        "generic-serial has no sheet for keyboard: one of usb-serial, rs232 is possible"
    );
}

#[test]
fn a_scanner_whose_codes_are_not_known_has_a_sheet_of_what_to_look_for() {
    let sheet = pages(&plan("generic-serial", None, Unconfirmed::LeftOut).unwrap(), Dpi::OFFICE).unwrap();
    let said = sheet.iter().flat_map(lines).collect::<Vec<_>>().join("\n");
    assert!(said.contains("Look for: A CR after each read"), "{said}");
}
