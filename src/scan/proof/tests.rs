//! A technician's afternoon with scanners that are set as they should be, and with some that are not.

use proptest::prelude::*;

use super::Symbol::{Code39, Gs1, LowerCase, Ours, PairFirst, PairSecond};
use super::*;

const BYTE: Came = Came::Whole(End::Byte);

/// A scanner and the proof that is made of it; each symbol a second after the last one.
struct Scanner {
    proof: Proof,
    now_us: i64,
    standing: Standing,
}

fn scanner() -> Scanner {
    Scanner { proof: Proof::default(), now_us: 0, standing: Standing::Wants(Ours) }
}

impl Scanner {
    fn reads(mut self, text: &str, aim: Option<&str>, came: Came) -> Self {
        let seen = recognise(text, aim, came).unwrap_or_else(|| panic!("{text:?} is a symbol of the proof"));
        self.now_us += 1_000_000;
        self.standing = self.proof.on(&seen, came, self.now_us);
        self
    }

    /// Every symbol as a well set scanner sends it.
    fn sheet(mut self, came: Came) -> Self {
        for symbol in Symbol::ALL {
            self = self.reads(symbol.text(), Some(aim(symbol)), came);
        }
        self
    }
}

fn aim(symbol: Symbol) -> &'static str {
    match symbol {
        Code39 => "]A0",
        Gs1 => "]C1",
        Ours | LowerCase | PairFirst | PairSecond => "]C0",
    }
}

/// What is told first where each symbol is sent as `sent` says it.
fn told(came: Came, sent: impl Fn(Symbol) -> Option<(String, Option<&'static str>)>) -> Standing {
    let reads = Symbol::ALL.into_iter().filter_map(sent);
    reads.fold(scanner(), |scanner, (text, aim)| scanner.reads(&text, aim, came)).standing
}

fn as_is(symbol: Symbol) -> (String, Option<&'static str>) {
    (symbol.text().to_owned(), Some(aim(symbol)))
}

#[test]
fn a_scanner_that_is_set_right_is_ready_after_the_five() {
    assert_eq!(scanner().sheet(BYTE).standing, Standing::Ready(vec![]));
    assert_eq!(scanner().sheet(Came::Whole(End::Packet)).standing, Standing::Ready(vec![]));
}

#[test]
fn each_symbol_asks_for_the_next() {
    let one = scanner().reads(Ours.text(), Some("]C0"), BYTE);
    assert_eq!(one.standing, Standing::Wants(Code39));
    assert_eq!(one.proof.words().title, "Proof: scan number 2, Code 39");
}

#[test]
fn without_a_suffix_it_is_named_however_the_profile_ends_its_reads() {
    for came in [Came::Cut, Came::Whole(End::Silence)] {
        assert_eq!(told(came, |symbol| Some(as_is(symbol))), Standing::Wrong(Setting::Suffix), "{came:?}");
        let together = scanner().sheet(came).reads("]C0C1930]C0C2027", None, came);
        assert_eq!(together.standing, Standing::Wrong(Setting::Suffix), "one cause, told once");
    }
}

#[test]
fn a_missing_identifier_is_named_whether_it_is_asked_for_or_not() {
    let bare = |symbol: Symbol| Some((symbol.text().to_owned(), None));
    assert_eq!(told(BYTE, bare), Standing::Wrong(Setting::Identifier));
    let inside = |symbol: Symbol| Some((format!("{}{}", aim(symbol), symbol.text()), None));
    assert_eq!(
        told(Came::Cut, inside),
        Standing::Wrong(Setting::Suffix),
        "a refused read still has it inside"
    );
    assert_eq!(told(Came::Spoilt, bare), Standing::Wrong(Setting::Identifier));
}

#[test]
fn a_profile_that_takes_the_identifier_for_text_is_named() {
    let inside = |symbol: Symbol| Some((format!("{}{}", aim(symbol), symbol.text()), None));
    assert_eq!(told(BYTE, inside), Standing::Wrong(Setting::IdentifierAsText));
}

#[test]
fn a_separator_that_is_lost_or_typed_as_something_else_is_named() {
    for sent in ["91PROOF92GS", "91PROOF02992GS", "91PROOF{GS}92GS", "(91)PROOF(92)GS", "91PROOF]92GS"] {
        let gs1 =
            |symbol| if symbol == Gs1 { Some((sent.to_owned(), Some("]C1"))) } else { Some(as_is(symbol)) };
        assert_eq!(told(BYTE, gs1), Standing::Wrong(Setting::GroupSeparator), "{sent}");
    }
    let plain =
        |symbol| if symbol == Gs1 { Some((Gs1.text().to_owned(), Some("]C0"))) } else { Some(as_is(symbol)) };
    assert_eq!(told(BYTE, plain), Standing::Wrong(Setting::Gs1));
}

#[test]
fn a_change_of_case_is_named() {
    let upper = |symbol: Symbol| Some((symbol.text().to_uppercase(), Some(aim(symbol))));
    assert_eq!(told(BYTE, upper), Standing::Wrong(Setting::Case));
    let lower = |symbol: Symbol| Some((symbol.text().to_lowercase(), Some(aim(symbol))));
    assert_eq!(told(BYTE, lower), Standing::Wrong(Setting::Case));
}

#[test]
fn a_keyboard_of_another_country_is_named() {
    let sent = |lower: &'static str| {
        move |symbol| if symbol == LowerCase { Some((lower.to_owned(), None)) } else { Some(as_is(symbol)) }
    };
    assert_eq!(told(BYTE, sent("proof-azy\"£")), Standing::Wrong(Setting::Signs));
    assert_eq!(told(BYTE, sent("proof-azy\"\\")), Standing::Wrong(Setting::Signs));
    assert_eq!(told(BYTE, sent("PROOF-AZY\"£")), Standing::Wrong(Setting::Signs));
    assert_eq!(told(BYTE, sent("proofßayz\"§")), Standing::Wrong(Setting::Language));
    let french = scanner().reads("C&è\"-", None, BYTE);
    assert!(french.proof.has(Ours), "even the first symbol is known again");
    assert_eq!(told(BYTE, sent("proof)qwy23")), Standing::Wrong(Setting::Language));
}

#[test]
fn two_quick_ones_that_run_together_or_lose_one_are_named() {
    let four = |scanner: Scanner| {
        [Ours, Code39, Gs1, LowerCase]
            .into_iter()
            .fold(scanner, |scanner, symbol| scanner.reads(symbol.text(), Some(aim(symbol)), BYTE))
    };
    let together = four(scanner()).reads("C1930]C0C2027", Some("]C0"), Came::Joined);
    assert_eq!(together.standing, Standing::Wrong(Setting::RunTogether));
    let together = four(scanner()).reads("C1930C2027", None, BYTE);
    assert_eq!(together.standing, Standing::Wrong(Setting::RunTogether));
    let lost = four(scanner()).reads("C2027", Some("]C0"), BYTE);
    assert_eq!(lost.standing, Standing::Wrong(Setting::OneLost));
}

#[test]
fn a_slow_hand_is_asked_once_more() {
    let mut slow = scanner().sheet(BYTE).reads("C1930", Some("]C0"), BYTE);
    slow.now_us += PAIR_MOST_US;
    let slow = slow.reads("C2027", Some("]C0"), BYTE);
    assert_eq!(slow.standing, Standing::Slow);
    let quick = slow.reads("C1930", Some("]C0"), BYTE).reads("C2027", Some("]C0"), BYTE);
    assert_eq!(quick.standing, Standing::Ready(vec![]));
}

#[test]
fn a_kind_that_is_switched_off_is_named_after_the_next_symbol_and_mended_by_its_scan() {
    let without = told(BYTE, |symbol| (symbol != Code39).then(|| as_is(symbol)));
    assert_eq!(without, Standing::Wrong(Setting::Code39));
    let next = scanner().reads("C1736", Some("]C0"), BYTE).reads(Gs1.text(), Some("]C1"), BYTE);
    assert!(next.proof.is_passed_over(Code39));
    assert_eq!(next.standing, Standing::Wants(Code39));
    assert_eq!(next.proof.words().title, "Number 2 did not arrive: Code 39");
    assert!(next.proof.words().clerk.ends_with("go on with number 4, Small letters."));
    let on = next.reads(LowerCase.text(), Some("]C0"), BYTE);
    assert!(on.proof.words().title.starts_with("Proof: scan number 5"), "it is told once");
    let skipped = told(BYTE, |symbol| (symbol != LowerCase).then(|| as_is(symbol)));
    assert_eq!(skipped, Standing::Wants(LowerCase), "Code 128 is on: it was skipped");
}

#[test]
fn stars_around_code_39_are_named() {
    let stars = |symbol| {
        if symbol == Code39 { Some(("*C1833*".to_owned(), Some("]A0"))) } else { Some(as_is(symbol)) }
    };
    assert_eq!(told(BYTE, stars), Standing::Wrong(Setting::Stars));
}

#[test]
fn a_keyboard_is_ready_as_far_as_a_keyboard_can_be_and_says_what_it_cannot() {
    let keys = |symbol: Symbol| Some((symbol.text().replace('\u{1d}', "").to_uppercase(), None));
    let standing = told(Came::Keys, keys);
    let limits = vec![Setting::GroupSeparator, Setting::Case, Setting::Identifier];
    assert_eq!(standing, Standing::Ready(limits));
    assert!(standing.words().clerk.contains("wristband"), "{:?}", standing.words());
    let foreign = |symbol| {
        if symbol == LowerCase { Some(("PROOF-AZY\"£".to_owned(), None)) } else { keys(symbol) }
    };
    assert_eq!(told(Came::Keys, foreign), Standing::Wrong(Setting::Signs));
}

#[test]
fn a_setting_put_right_is_ready_after_the_symbols_are_scanned_again() {
    let again = scanner().sheet(Came::Cut).sheet(BYTE);
    assert_eq!(again.standing, Standing::Ready(vec![]));
}

#[test]
fn the_worst_is_told_first() {
    let both = told(Came::Cut, |symbol| Some((symbol.text().to_uppercase(), None)));
    assert_eq!(both, Standing::Wrong(Setting::Suffix));
    let mut sorted = Setting::ALL;
    sorted.sort();
    assert_eq!(sorted, Setting::ALL);
}

#[test]
fn every_finding_says_what_is_wrong_what_to_do_and_what_works() {
    for setting in Setting::ALL {
        for words in [setting.title(), setting.remedy(), setting.still()] {
            assert!(!words.is_empty() && words.is_ascii() && words.len() < 220, "{setting:?}: {words}");
        }
    }
    let ready = Standing::Ready(vec![]).words();
    assert_eq!(ready.title, "This scanner is ready");
    assert!(ready.clerk.contains("one beep, or two?"));
}

#[test]
fn no_label_card_or_code_of_a_hospital_is_a_symbol_of_the_proof() {
    for text in [
        "C0184",
        "C2196",
        "C3069",
        "V000001250",
        "P000000383",
        "RX123456",
        "123456",
        "8018123456789012345678",
        "91ABC92GS",
        "91PROOF",
        "PROOF",
        "PROOF-AZY",
        "*C1833",
        "C1736C1833",
        "SXUAH2000E",
        "$P,HA35,P",
        "",
    ] {
        assert_eq!(recognise(text, None, BYTE), None, "{text}");
    }
}

proptest! {
    #[test]
    fn numbers_as_hospitals_write_them_are_never_a_symbol_of_the_proof(text in "[A-Z]{0,3}[0-9]{6,12}[A-Z0-9]?") {
        prop_assert_eq!(recognise(&text, Some("]C0"), BYTE), None);
    }

    #[test]
    fn no_text_whatever_stops_the_recognising(text in ".*", aim in proptest::option::of(".*")) {
        recognise(&text, aim.as_deref(), Came::Cut);
    }
}
