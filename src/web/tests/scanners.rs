//! The pages of scanners: what is known of each, and what its sheet will be.

use askama::Template;

use crate::staging::{self, Plan, Profile, Unconfirmed};
use crate::web::pages::Shell;
use crate::web::pages::scanners::{one, scanners_page};

/// The pages, with a site's own profile of this title.
pub fn pages(text: &str) -> Vec<(String, askama::Result<String>)> {
    let own = Profile { title: text.to_owned(), ..named("newland-hr22") };
    let mut found = staging::profiles(None);
    found.push(Ok(own.clone()));
    let mut pages = vec![("scanners".to_owned(), scanners_page(Shell::bare("Scanners"), found).render())];
    for (name, unconfirmed) in [("scanner", Unconfirmed::LeftOut), ("scanner-all", Unconfirmed::Marked)] {
        let plan = Plan::new(&own, None, unconfirmed);
        let page = one::scanner_page(Shell::bare("Scanner"), &own, plan, unconfirmed);
        pages.push((name.to_owned(), page.render()));
    }
    pages
}

fn named(name: &str) -> Profile {
    Profile::named(name, None).unwrap()
}

fn shown(name: &str, unconfirmed: Unconfirmed) -> String {
    let profile = named(name);
    let plan = Plan::new(&profile, None, unconfirmed);
    one::scanner_page(Shell::bare("Scanner"), &profile, plan, unconfirmed).render().unwrap()
}

#[test]
fn every_brand_has_its_sheets_and_says_that_nobody_has_tried_them() {
    let page = scanners_page(Shell::bare("Scanners"), staging::profiles(None)).render().unwrap();
    for brand in ["Datalogic", "Honeywell", "Netum", "Newland", "Zebra", "Any other"] {
        assert!(page.contains(&format!(">{brand}</h2>")), "{brand}");
    }
    assert!(
        page.find(">Zebra</h2>") < page.find(">Any other</h2>"),
        "what is meant for any scanner stands last"
    );
    let rows = page.matches("<li><p class=\"title\">").count();
    assert_eq!(rows, Profile::built_in().len());
    assert_eq!(page.matches("Never tried on a scanner").count(), rows);
    assert_eq!(page.matches(".pdf\"").count(), rows, "every profile has a sheet");
}

#[test]
fn a_family_shows_what_is_on_paper_and_how_it_is_known() {
    let page = shown("zebra-ds2208", Unconfirmed::LeftOut);
    assert!(page.contains("&#60;FNC3&#62;SXUAH2000E"), "{page}");
    assert!(page.contains("Known: decoded."));
    assert!(page.contains("scan it from Zebra DS2208 Product Reference Guide."));
    assert!(page.contains("/help/scanners/zebra-ds2208/page.svg?interface=usb-serial&#38;page=2"), "{page}");
    let honeywell = shown("honeywell-voyager-1450g", Unconfirmed::LeftOut);
    assert!(honeywell.contains("casetrack scanner configure") && honeywell.contains("SUFBK2990D"));
}

#[test]
fn what_nobody_has_confirmed_is_shown_only_when_it_is_asked_for() {
    let (left_out, marked) =
        (shown("newland-hr22", Unconfirmed::LeftOut), shown("newland-hr22", Unconfirmed::Marked));
    assert!(left_out.contains("nobody has confirmed the code: AIM identifier."));
    assert!(!left_out.contains("@AIDENA1") && left_out.contains("unconfirmed=yes"));
    assert!(marked.contains("@AIDENA1") && marked.contains("<li class=\"unsure\">"));
    assert!(marked.contains("Not confirmed."));
}
