//! The words of each language, byte for byte as the manuals and published code have them.

use proptest::prelude::*;

use super::*;

fn taken(text: &str) -> Answer {
    Answer::Taken(text.to_owned())
}

#[test]
fn a_menu_command_goes_into_memory_that_does_not_wear_unless_it_shall_last() {
    assert_eq!(honeywell::command("BEPBEP0", Keep::UntilOff), b"\x16M\rBEPBEP0!");
    assert_eq!(honeywell::command("TRMUSB130;SUFBK2990D", Keep::ForGood), b"\x16M\rTRMUSB130;SUFBK2990D.");
    assert_eq!(honeywell::command("REVINF?", Keep::UntilOff), b"\x16M\rREVINF?!");
}

#[test]
fn a_menu_answer_says_the_value_and_how_it_was_taken() {
    assert_eq!(honeywell::answer(b"BEPBEP1\x06!"), Some(taken("BEPBEP1")));
    assert_eq!(honeywell::answer(b"TRMUSB130\x06;SUFBK2990D\x06."), Some(taken("TRMUSB130;SUFBK2990D")));
    assert_eq!(honeywell::answer(b"XYZABC?\x05!"), Some(Answer::Unknown));
    assert_eq!(honeywell::answer(b"BEPBEP9\x15!"), Some(Answer::Refused));
    assert_eq!(
        honeywell::answer(b"BEPBEP0\x06;XYZABC1\x05!"),
        Some(Answer::Unknown),
        "one of two is not all"
    );
    assert_eq!(
        honeywell::answer(b"]C0V000001250\rBEPBEP0\x06!"),
        Some(taken("BEPBEP0")),
        "a read came before it"
    );
}

#[test]
fn a_newland_command_and_its_answer_are_framed_as_the_manuals_have_it() {
    let kept = b"\x7E\x01\x30\x30\x30\x30\x40AIDENA1\x3B\x03";
    assert_eq!(newland::command("aidena1", Keep::ForGood), kept);
    assert_eq!(newland::command("GRBENA*", Keep::UntilOff), b"\x7E\x010000#GRBENA*;\x03");
    assert_eq!(newland::answer(b"\x02\x010000@AIDENA1\x06;\x03"), Some(taken("AIDENA1")));
    assert_eq!(
        newland::answer(b"\x02\x010000AIDENA1\x06;\x03"),
        Some(taken("AIDENA1")),
        "without the memory"
    );
    assert_eq!(newland::answer(b"V000001250\r\x02\x010000#QRYPSN\x05;\x03"), Some(Answer::Unknown));
    assert_eq!(newland::answer(b"\x02\x010000#AIDENA7\x15;\x03"), Some(Answer::Refused));
}

#[test]
fn a_parameter_is_set_and_asked_for_by_the_same_name() {
    assert_eq!(ssi::command(235, 1).unwrap(), [7, 0xC6, 4, 0, 0xFF, 235, 1, 0xFD, 0x44]);
    assert_eq!(ssi::question(235).unwrap(), [5, 0xC7, 4, 0, 235, 0xFE, 0x45]);
    assert_eq!(ssi::question(402).unwrap()[..6], [6, 0xC7, 4, 0, 0xF0, 146], "256 and up go by pages");
    assert_eq!(ssi::question(2_000), None);
}

#[test]
fn a_scanner_answers_with_the_parameter_and_its_value() {
    use crate::scan::ssi::{Packet, opcode};
    let packet = |opcode, data: &[u8]| Packet::of_scanner(opcode, data).unwrap().encode();
    assert_eq!(ssi::answer(&packet(opcode::PARAM_SEND, &[0xFF, 235, 1])), Some(taken("235=1")));
    assert_eq!(ssi::answer(&packet(opcode::PARAM_SEND, &[0xFF, 0xF0, 146, 2])), Some(taken("402=2")));
    assert_eq!(ssi::answer(&packet(opcode::ACK, &[])), Some(taken("")));
    assert_eq!(ssi::answer(&packet(opcode::NAK, &[2])), Some(Answer::Refused));
    let after_a_read =
        [packet(opcode::DECODE_DATA, b"\x03V000001250"), packet(opcode::PARAM_SEND, &[0xFF, 235, 0])];
    assert_eq!(ssi::answer(&after_a_read.concat()), Some(taken("235=0")));
}

#[test]
fn half_an_answer_is_none() {
    for (language, whole) in [
        (Language::Honeywell, &b"BEPBEP0\x06!"[..]),
        (Language::Newland, b"\x02\x010000#AIDENA1\x06;\x03"),
        (Language::Ssi, &[7, 0xC6, 0, 0, 0xFF, 235, 1, 0xFD, 0x48]),
    ] {
        assert!(answer(language, whole).is_some(), "{language:?}");
        for length in 0..whole.len() {
            assert_eq!(answer(language, &whole[..length]), None, "{language:?} {length}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_whatever_stop_the_reading(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for language in [Language::Honeywell, Language::Newland, Language::Ssi] {
            answer(language, &bytes);
        }
    }
}
