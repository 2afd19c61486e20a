//! The pages of a librarian's questions, from values.

use askama::Template;

use super::hospital::*;
use crate::clock::MINUTE_US;
use crate::domain::QuestionId;
use crate::domain::movement::Change;
use crate::domain::question::QuestionKind;
use crate::domain::whereabouts::{Present, State};
use crate::store::asked::{About, Label, LyingScanner, Order, Question, Raised, Sighting};
use crate::store::{Bounded, Listing, VolumeRecord};
use crate::web::pages::Shell;
use crate::web::pages::questions::said::Said;
use crate::web::pages::questions::{one, questions_page};

type Rendered = Vec<(String, askama::Result<String>)>;

fn sighting(
    hospital: &Hospital,
    minutes: i64,
    place: crate::domain::PlaceId,
    change: Option<Change>,
) -> Sighting {
    Sighting {
        scan: scan_id(usize::try_from(minutes).unwrap()),
        desk: "CL5".parse().unwrap(),
        place: Some(place),
        change,
        happened: hospital.ago(minutes),
        learned_at: hospital.ago(minutes).plus_micros(if minutes > 60 { 30 * MINUTE_US } else { 0 }),
        uncertainty_us: if minutes > 60 { 20 * MINUTE_US } else { 0 },
        by: Some(SMITH),
    }
}

fn order(hospital: &Hospital, about: About) -> Question {
    let present = Present {
        state: State::At,
        place: Some(CLINIC),
        or_at: Some(WARD),
        confirmed: true,
        ..Present::default()
    };
    let arrived = |at| Some(Change::Arrived { at, meant_for: None });
    let sightings =
        vec![sighting(hospital, 58, CLINIC, arrived(CLINIC)), sighting(hospital, 66, WARD, arrived(WARD))];
    Question::Order(Order { about, present, sightings })
}

fn raised(hospital: &Hospital, kind: QuestionKind, volume: Option<VolumeRecord>) -> Question {
    let containers = if volume.is_none() { vec![CRATE, CRATE] } else { Vec::new() };
    let question = QuestionId::new(1);
    let sighting = sighting(hospital, 30, CLINIC, None);
    let seen_since = None;
    Question::Raised(Raised { question, kind, is_open: true, sighting, seen_since, volume, containers })
}

fn label(hospital: &Hospital, text: &str, candidates: Vec<VolumeRecord>) -> Label {
    Label {
        newest: scan_id(12),
        text: text.to_owned(),
        count: Bounded { count: 3, more: false },
        sightings: [12, 40, 90].map(|minutes| sighting(hospital, minutes, CLINIC, None)).into(),
        known: None,
        named_several: false,
        candidates,
    }
}

/// The list and each question, in every state.
pub fn pages(hospital: &Hospital, surname: &str, text: &str) -> Rendered {
    let words = hospital.words();
    let shell = || Shell::bare("A page");
    let present = Hospital::presents()[1].1;
    let record = || Hospital::volume(surname, present);
    let about = || About::Volume(Box::new(record()));
    let unknown = label(hospital, text, vec![record(), record()]);
    let known = Label { known: Some(record()), ..unknown.clone() };
    let over = Label { sightings: Vec::new(), count: Bounded::default(), ..known.clone() };
    let all = vec![
        ("order", order(hospital, about())),
        ("container", order(hospital, About::Container(CRATE))),
        ("gone", raised(hospital, QuestionKind::GoneButSeen, Some(record()))),
        ("loop", raised(hospital, QuestionKind::ContainerLoop, None)),
        ("rule", raised(hospital, QuestionKind::AgainstRule, Some(record()))),
        ("label", Question::Label(unknown.clone())),
        ("known", Question::Label(known)),
        ("over", Question::Label(over)),
    ];
    let scanner = LyingScanner {
        desk: "CL5".parse().unwrap(),
        scanner: text.to_owned(),
        bad: 31,
        all: 400,
        last: hospital.ago(9),
    };
    let listing = Listing {
        items: all.iter().map(|(_, question)| question.clone()).collect(),
        next: Some(text.to_owned()),
    };
    let none = Listing { items: Vec::new(), next: None };
    let mut pages: Rendered = vec![
        (
            "questions".to_owned(),
            questions_page(shell(), &words, &listing, std::slice::from_ref(&scanner)).render(),
        ),
        ("questions-none".to_owned(), questions_page(shell(), &words, &none, &[]).render()),
        ("questions-scanners".to_owned(), questions_page(shell(), &words, &none, &[scanner]).render()),
    ];
    for (name, question) in &all {
        let page = one::question_page(shell(), &words, question, &[], None);
        pages.push((format!("question-{name}"), page.render()));
    }
    let said = Some(Said::not_done(text.to_owned()));
    let label = Question::Label(unknown);
    let chosen = one::question_page(shell(), &words, &label, &[record()], None);
    pages.push(("question-chosen".to_owned(), chosen.render()));
    pages.push(("question-said".to_owned(), one::question_page(shell(), &words, &label, &[], said).render()));
    pages
}

fn page(name: &str) -> String {
    let hospital = Hospital::new("Clinic 5");
    let pages = pages(&hospital, "Jones", "OLD 77");
    pages.into_iter().find(|(other, _)| other == name).unwrap().1.unwrap()
}

#[test]
fn each_question_says_in_plain_words_what_is_to_be_settled_and_how() {
    let table = [
        ("question-order", "At Clinic 5 or Ward 7?", "value=\"at CL5\""),
        ("question-order", "That desk&#39;s clock may be out by 20 min either way.", "value=\"not-known\""),
        ("question-order", "ring ext 2345", "Scanned in at desk CL5"),
        ("question-container", "with all that is in it", "value=\"at"),
        ("question-gone", "Recorded as destroyed or transferred, but scanned", "value=\"gone\""),
        ("question-loop", "Containers inside each other", "stands by itself"),
        ("question-rule", "Was that allowed?", "value=\"seen-to\""),
        ("question-label", "Which folder is this label on?", "Perhaps one of these"),
        ("question-chosen", "Is it this folder?", "for ever"),
        ("question-known", "It is RX123456 volume 1 now", "Yes, this folder"),
        ("question-over", "Nothing is open here any more.", "RX123456 volume 1"),
        ("question-said", "NOT DONE", "OLD 77"),
        ("questions-none", "Nothing needs a librarian.", ""),
        ("questions-scanners", "31 of its last 400 reads were no label.", "Clean the window"),
        ("questions", "refused 3 times", "data-every=\"30\""),
    ];
    for (name, says, offers) in table {
        let page = page(name).replace('’', "'");
        assert!(page.contains(says), "{name} lacks {says}: {page}");
        assert!(page.contains(offers), "{name} lacks {offers}");
    }
}

#[test]
fn the_text_of_an_unknown_label_stands_in_no_address() {
    for name in ["questions", "question-label", "question-chosen"] {
        let page = page(name);
        assert!(page.contains("OLD 77"), "{name}");
        let addresses = page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        let told = addresses.filter(|address| address.contains("OLD") && !address.contains("after=")).count();
        assert_eq!(told, 0, "{name}");
    }
}

#[test]
fn every_kept_scan_is_ticked_and_every_form_has_its_own_id_and_asks_for_a_badge() {
    let page = page("question-chosen");
    assert_eq!(page.matches("name=\"kept\"").count(), 3);
    assert_eq!(page.matches(" checked>").count(), 3);
    let forms = page.matches("<form").count();
    assert_eq!(page.matches("name=\"id\" value=\"").count(), forms);
    assert_eq!(page.matches("name=\"badge\"").count(), forms);
}
