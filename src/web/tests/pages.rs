//! Every page in every state, with names that try to break out.

use askama::Template;

use super::hospital::*;
use super::{found, fronts, labels};
use crate::desk::Way;
use crate::domain::answer::Signal;
use crate::store::VolumeRecord;
use crate::web::pages::desk::{Neighbours, Own};
use crate::web::pages::{Shell, card, desk, help, volume};

/// All pages in all states, by file name.
pub fn all(clinic: &str, surname: &str, text: &str) -> Vec<(String, String)> {
    let hospital = Hospital::new(clinic);
    let shell = || Shell::bare("A page");
    let mut pages = vec![
        ("front".to_owned(), fronts::front(&hospital, text, Some(hospital.overview())).render()),
        ("state".to_owned(), fronts::state(&hospital, text).render()),
        ("front-uncounted".to_owned(), fronts::front(&hospital, text, None).render()),
        ("help".to_owned(), help::help_page(shell(), &Hospital::setups()).render()),
        ("card".to_owned(), card::card_page(shell(), "CL5", clinic).render()),
    ];
    let presents = Hospital::presents();
    let records: Vec<VolumeRecord> =
        presents.iter().map(|(_, present)| Hospital::volume(surname, *present)).collect();
    pages.extend(super::places::pages(&hospital, surname, text));
    pages.extend(found::all(clinic, surname, text));
    for ((name, _), record) in presents.iter().zip(records) {
        let record = if *name == "left" { Hospital::asked(record) } else { record };
        let page =
            volume::volume_page(shell(), &hospital.words(), &record, &hospital.history(), Some("x".into()));
        pages.push((format!("volume-{name}"), page.render()));
    }
    for signal in [
        Signal::Arrived,
        Signal::Sent,
        Signal::Look,
        Signal::Refused,
        Signal::Stop,
        Signal::Told,
        Signal::Kept,
    ] {
        let view = hospital.session(signal, text, "RX123456 vol 1 · 3 of 3 here");
        let page =
            desk::page_of(shell(), &hospital.times(), "CL5", Own::Session(&view), &Neighbours::default());
        pages.push((format!("desk-{}", signal.word()), page.render()));
    }
    let view = hospital.proved(text);
    let proof = desk::page_of(shell(), &hospital.times(), "CL5", Own::Session(&view), &Neighbours::default());
    pages.push(("desk-proof".to_owned(), proof.render()));
    let idle = desk::page_of(shell(), &hospital.times(), "CL5", Own::Unused(clinic), &Neighbours::default());
    pages.push(("desk-idle".to_owned(), idle.render()));
    let nowhere = "NOT-YET".parse().unwrap();
    let own = Own::Placeless(&nowhere);
    let placeless = desk::page_of(shell(), &hospital.times(), "OLD", own, &Neighbours::default());
    pages.push(("desk-placeless".to_owned(), placeless.render()));
    let mut down = hospital.session(Signal::Arrived, text, text);
    down.line = Way::Down;
    down.scanner_lost = Some(hospital.ago(2));
    down.session = "front".into();
    let own = hospital.session(Signal::Sent, text, text);
    let beside = Neighbours { shown: vec![down], more: 0, ..Neighbours::default() };
    let page = desk::page_of(shell(), &hospital.times(), "CL5", Own::Session(&own), &beside);
    pages.push(("desk-others".to_owned(), page.render()));
    pages.extend(super::questions::pages(&hospital, surname, text));
    pages.extend(labels::pages(&hospital, surname, text));
    pages.extend(super::make::pages(&hospital, surname, text));
    pages.extend(super::scanners::pages(text));
    pages.extend(super::searches::pages(&hospital, surname, text));
    for count in [1, 2, 4] {
        let beside = Neighbours {
            shown: hospital.scanners(text).into_iter().take(count).collect(),
            more: 3,
            ..Neighbours::default()
        };
        let page = desk::page_of(shell(), &hospital.times(), "CL5", Own::Unused(clinic), &beside);
        pages.push((format!("desk-watching-{count}"), page.render()));
    }
    pages.into_iter().map(|(name, page)| (name, page.unwrap())).collect()
}

fn page(name: &str) -> String {
    let pages = all("Clinic 5", "Jones", "RX123456 vol 1");
    pages.into_iter().find(|(other, _)| other == name).unwrap().1
}

#[test]
fn hostile_names_stay_text_on_every_page() {
    for (name, page) in all(HOSTILE, HOSTILE, HOSTILE) {
        assert!(!page.to_lowercase().contains("<script>"), "{name}");
        assert!(!page.contains("\"'>&"), "{name}");
        let shows = ![
            "help",
            "desk-placeless",
            "questions-none",
            "searches-none",
            "found-nothing-asked",
            "make-ask",
            "labels-nothing",
            "labels-queue-nothing",
        ]
        .contains(&name.as_str());
        assert!(!shows || page.to_lowercase().contains("&#60;script&#62;"), "{name} shows no name at all");
    }
}

#[test]
fn no_page_holds_script_or_style_inline_or_loads_from_outside() {
    for (name, page) in all("Clinic 5", "Jones", "x") {
        for forbidden in
            [" style=", "<style", " onclick", " onload", "javascript:", "src=\"http", "href=\"http"]
        {
            assert!(!page.contains(forbidden), "{name} has {forbidden}");
        }
        assert_eq!(page.matches("<script").count(), 1, "{name}");
        assert!(page.len() < 60_000, "{name} is {} bytes", page.len());
    }
}

#[test]
fn the_volume_page_says_where_in_words_that_cannot_be_mistaken() {
    let table = [
        ("not-yet-seen", "Not yet seen", "Nobody has scanned it"),
        ("at", "At Clinic 5", "scanned by J. Smith at CL5"),
        ("at", "Ring: Clinic 5, ext 2345", "since Mon 23 Nov 14:02, 58 minutes"),
        ("meant-for", "At Clinic 5, meant for Ward 7", ""),
        ("filed", "Filed on Shelf S12", "Ring: Health Records Library, ext 2000"),
        ("left", "Should be at Clinic 5", "Not confirmed"),
        ("left", "On hold: it may not leave. legal claim", "Question: Moved while on hold"),
        ("imported", "Not confirmed", "imported from another system"),
        ("on-its-way", "On its way to Ward 7", "from Clinic 5"),
        ("in-container", "In crate K12, which is at Clinic 5, not yet taken out", "In a container"),
        ("container-moved", "In crate K12, bound for Ward 7, last at Clinic 5", "Not confirmed"),
        ("destroyed", "Gone: destroyed", "Do not look for it"),
        ("combined", "Gone: its papers now lie in the original", ""),
        ("either", "Clinic 5 or Ward 7", "clocks cannot tell"),
    ];
    for (name, large, fact) in table {
        let page = page(&format!("volume-{name}")).replace("&#39;", "'");
        assert!(page.contains(large), "{name} lacks {large}");
        assert!(page.contains(fact), "{name} lacks {fact}");
    }
    let page = page("volume-at");
    assert!(page.contains("JONES, Ann") && page.contains("born 4 May 1961"));
    assert!(page.contains("late: learnt Mon 23 Nov 10:17"));
    assert!(page.contains("<del class=\"what\">Sent from Health Records Library to Ward 7</del>"));
    assert!(page.contains("taken back Mon 23 Nov 11:06 by J. Smith, desk LIB-1"));
    assert!(page.contains("Sent from Health Records Library to Clinic 5 (in crate K12)</span></td>"));
    assert!(
        page.contains("<td>carried</td>"),
        "a crate's scan says of its folders only that they were carried"
    );
    assert!(page.contains("href=\"/volumes/V000001234/slip\"") && page.contains("Older movements"));
}

#[test]
fn the_desk_page_shows_each_signal_by_word_and_shape_and_asks_for_help_aloud() {
    for (name, word, shape) in [
        ("arrived", "RECEIVED", "tick"),
        ("sent", "SENT", "arrow"),
        ("look", "LOOK", "eye"),
        ("refused", "NOT DONE", "cross"),
        ("stop", "STOP", "cross"),
        ("told", "NOTED", "speech"),
        ("kept", "KEPT", "clock"),
    ] {
        let page = page(&format!("desk-{name}"));
        let before_list = page.split("id=\"list\"").next().unwrap();
        let panel = before_list.split("class=\"panel").nth(1).unwrap();
        assert!(panel.contains(&format!("<p class=\"word\">{word}</p>")), "{name}");
        assert!(panel.contains(&format!("#shape-{shape}\"")), "{name}");
        let before = before_list.split("class=\"panel").next().unwrap();
        let place = before.rsplit("id=\"").next().unwrap();
        let wanted = match name {
            "stop" => "stop",
            "look" | "refused" => "alert",
            _ => "signal",
        };
        assert!(place.starts_with(wanted), "{name} stands in {place}");
    }
}

#[test]
fn a_desk_whose_place_is_not_imported_says_so_and_asks_for_no_scan() {
    let page = page("desk-placeless").replace("&#39;", "'");
    assert!(page.contains(
        "<p class=\"title\">This desk's place NOT-YET is not known here yet: import the places</p>"
    ));
    assert!(page.contains("USE PAPER SLIPS") && page.contains("Nothing can be scanned here yet"));
    assert!(!page.contains("Scan a folder, or your badge"));
}

#[test]
fn a_desk_page_without_javascript_posts_its_own_session_and_a_fresh_id() {
    let page = page("desk-idle");
    assert!(page.contains("Scan a folder, or your badge"));
    assert!(page.contains("<noscript><meta http-equiv=\"refresh\""));
    assert_eq!(page.matches("name=\"scanner\" value=\"page-").count(), 2);
    assert_eq!(page.matches("name=\"id\" value=\"").count(), 2);
    for card in ["C0184", "C0281"] {
        assert!(page.contains(&format!("name=\"code\" value=\"{card}\"")), "{card}");
    }
}

#[test]
fn a_page_that_only_watches_shows_each_scanner_with_its_person_its_pile_and_its_last_scans() {
    let page = page("desk-watching-4");
    let cards: Vec<_> = page.split("<section class=\"other\"").skip(1).collect();
    assert_eq!(cards.len(), 4);
    for (card, name, word) in [
        (cards[0], "Scanner front", "SENT"),
        (cards[1], "Scanner back", "LOOK"),
        (cards[2], "Scanner 10.1.2.3:4001", "STOP"),
        (cards[3], "Scanner ttyACM3", "SCANNER LOST"),
    ] {
        assert!(card.contains(name) && card.contains("J. Smith"), "{name}");
        assert!(card.contains("Next folder: SENT to Cardiology"), "{name}");
        let panel = card.split("class=\"panel").nth(1).unwrap();
        assert!(panel.contains(&format!("<p class=\"word\">{word}</p>")), "{name} shows {panel}");
        assert!(card.contains(">7777</a>") && card.contains("since 14:57"), "{name} has its pile");
        assert_eq!(card.matches("<time>").count(), 5, "{name} has its last scans");
    }
    assert!(cards[3].contains("#shape-plug") && cards[3].contains("scan on from the next"));
    assert!(page.contains("3 more scanners of this desk are not shown."));
    assert!(page.contains("class=\"others large\"") && !page.contains("Scanned on this page"));
}

#[test]
fn a_page_that_is_scanned_into_shows_its_own_large_and_the_others_small() {
    let page = page("desk-others");
    assert!(page.contains("class=\"others\"") && page.contains("Scanned on this page"));
    let card = page.split("<section class=\"other\"").nth(1).unwrap();
    let card = card.split("</section>").next().unwrap();
    assert!(card.contains("SCANNER LOST") && card.contains("USE PAPER SLIPS") && !card.contains("<time>"));
    assert!(page.contains("signed off at 15:14 if nothing is scanned"));
}

#[test]
fn the_pile_says_what_the_next_ok_is_about() {
    let pile = |name: &str| page(name).split("id=\"aside\"").nth(1).unwrap().to_owned();
    let looks = pile("desk-look");
    assert_eq!(looks.matches("is-next").count(), 1);
    assert!(looks.split("is-next").nth(1).unwrap().contains(">7777</a>"), "the newest");
    assert!(looks.contains("END takes off all"));
    let stops = pile("desk-stop");
    assert!(!stops.contains("is-next") && stops.contains("OK answers the stop first"));
}
