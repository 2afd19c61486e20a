use super::*;
use crate::scan::feedback::Evidence;

const LEAST: &str = "name = \"x\"\ntitle = \"X\"\n";

fn why(text: &str) -> String {
    let error = Profile::parse(&format!("{LEAST}{text}"), "x.toml").expect_err(text);
    std::error::Error::source(&error).map_or(error.to_string(), ToString::to_string)
}

#[test]
fn every_built_in_profile_is_right_and_stands_under_its_name() {
    assert_eq!(Profile::built_in().len(), BUILT_IN.len());
    for (name, text) in BUILT_IN {
        let profile = Profile::parse(text, name).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(profile.name, *name);
    }
}

#[test]
fn every_file_of_the_folder_is_built_in() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/firmware-config/profiles");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut there: Vec<_> =
        files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    there.sort();
    let mut built: Vec<_> = BUILT_IN.iter().map(|(name, _)| (*name).to_owned()).collect();
    built.sort();
    assert_eq!(there, built);
}

#[test]
fn a_profile_names_only_usb_ids_that_the_reference_knows_and_no_adapters() {
    let ids = usb_ids::read_usb_ids().unwrap();
    for profile in Profile::built_in() {
        for vid in &profile.matches.vids {
            let is_bridge = ids.bridge.iter().any(|bridge| bridge.vid == *vid);
            assert!(!is_bridge, "{} takes adapters {vid}", profile.name);
            for pid in &profile.matches.pids {
                let known = known_usb(vid.get(), pid.get());
                assert!(known.is_some(), "{}: {vid}:{pid} is not in usb-ids.toml", profile.name);
            }
        }
    }
    let mut numbers: Vec<_> = ids.usb.iter().map(|known| (known.vid, known.pid)).collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), ids.usb.len(), "an id stands twice");
    assert!(ids.usb.iter().all(|known| !known.source.is_empty() && !known.what.is_empty()));
}

#[test]
fn a_device_gets_the_profiles_of_its_id_the_family_first() {
    let matching = |vid, pid| -> Vec<&str> {
        Profile::matching(vid, pid).iter().map(|profile| profile.name.as_str()).collect()
    };
    assert_eq!(matching(0x05e0, 0x1701), ["zebra-cdc", "zebra-ds2208", "zebra-li2208", "zebra-ds4608"]);
    assert_eq!(matching(0x05e0, 0x1900), [""; 0], "SNAPI is not ours");
    assert_eq!(
        matching(0x0c2e, 0x0b81).first(),
        Some(&"honeywell-voyager-serial"),
        "no list of products is whole"
    );
    assert_eq!(
        matching(0x1eab, 0x1e06),
        ["newland-hr42", "newland-serial"],
        "the product goes before the vendor"
    );
    assert_eq!(matching(0x1a86, 0x7523), [""; 0], "an adapter is no scanner");
}

#[test]
fn what_nobody_has_confirmed_is_never_needed() {
    for profile in Profile::built_in() {
        let steps = profile.program.step.iter().map(|step| (&step.title, step.evidence, step.need));
        let serial = profile.program.serial.iter().map(|step| (&step.title, step.evidence, step.need));
        for (title, evidence, need) in steps.chain(serial) {
            let is_safe = evidence != Evidence::Unverified || need == Need::Optional;
            assert!(is_safe, "{}: a sheet without \u{ab}{title}\u{bb} would be of no use", profile.name);
        }
    }
}

#[test]
fn the_symbols_that_were_read_out_of_the_makers_sheets_stand_in_the_profiles() {
    let decoded = |name: &str| -> Vec<String> {
        let program = Profile::named(name, None).unwrap().program;
        let decoded = program.step.iter().filter(|step| step.evidence == Evidence::Decoded);
        decoded.map(|step| step.payload.clone()).collect()
    };
    assert_eq!(decoded("zebra-ds2208"), ["92", "SXUAH2000E"]);
    assert_eq!(decoded("newland-hr22"), ["@SETUPE1", "@INTERF8", "@INTERF3", "@SETUPE0"]);
    assert_eq!(decoded("netum"), ["%#IFSNO$3", "%#IFSNO$2"]);
    assert!(decoded("honeywell-voyager-1450g").is_empty(), "the form of its symbols is not known");
}

#[test]
fn a_scanner_nobody_named_is_sent_nothing() {
    let profile = Profile::named("generic-serial", None).unwrap();
    assert!(Feedback::ALL.iter().all(|feedback| profile.feedback.bytes(*feedback).is_empty()));
}

#[test]
fn the_bytes_of_the_manuals_stand_in_the_profiles() {
    let sent = |name: &str, feedback| {
        let profile = Profile::named(name, None).unwrap();
        profile.feedback.bytes(feedback).to_vec()
    };
    assert_eq!(sent("zebra-cdc", Feedback::Accept), b"\x07");
    assert_eq!(sent("zebra-cdc", Feedback::Refuse), b"\x07\x07\x07");
    assert_eq!(sent("honeywell-voyager-serial", Feedback::Accept), b"\x16\x07\r");
    assert_eq!(sent("honeywell-voyager-hid", Feedback::Accept), b"\xFD\x03\x16\x07\r");
    assert_eq!(sent("datalogic-gryphon-serial", Feedback::Accept), b"\x1B[6q\x1B[3q\x1B[5q\x1B[7q");
}

/// The same command more than once, as far as it can be seen in the bytes.
fn repeats(bytes: &[u8]) -> bool {
    (1..=bytes.len() / 2).any(|length| {
        bytes.len().is_multiple_of(length) && bytes.chunks(length).all(|chunk| bytes.starts_with(chunk))
    })
}

#[test]
fn an_output_report_of_a_honeywell_says_its_own_length() {
    let profile = Profile::named("honeywell-voyager-hid", None).unwrap();
    for feedback in Feedback::ALL {
        let bytes = profile.feedback.bytes(feedback);
        let [_, length, command @ ..] = bytes else { continue };
        assert_eq!((bytes[0], usize::from(*length)), (0xFD, command.len()), "{}", feedback.name());
    }
}

#[test]
fn a_repeated_beep_is_never_called_verified() {
    for profile in Profile::built_in() {
        for feedback in Feedback::ALL {
            let Some(entry) = profile.feedback.entry(feedback) else { continue };
            let is_known = entry.evidence != Evidence::Unverified;
            assert!(!(is_known && repeats(entry.send.as_slice())), "{} {}", profile.name, feedback.name());
        }
    }
}

#[test]
fn the_signals_of_a_profile_are_told_apart() {
    for profile in Profile::built_in() {
        let spoken = [Feedback::Accept, Feedback::Look, Feedback::Refuse, Feedback::Stop];
        let mut bytes: Vec<_> = spoken.iter().map(|it| profile.feedback.bytes(*it)).collect();
        let count = bytes.len();
        bytes.sort_unstable();
        bytes.dedup();
        assert!(bytes.len() == count || bytes == [b""], "{}", profile.name);
    }
}

#[test]
fn no_signal_disables_a_scanner() {
    let disabling: [&[u8]; 3] = [b"D", b"F", b"\x04\xEA\x04\x00\xFF\x0E"];
    for profile in Profile::built_in() {
        for feedback in Feedback::ALL {
            let bytes = profile.feedback.bytes(feedback);
            assert!(!disabling.contains(&bytes), "{} {}", profile.name, feedback.name());
        }
    }
}

#[test]
fn the_signals_of_ssi_are_packets_made_here() {
    let ssi = Profile::named("zebra-ssi", None).unwrap();
    let accept = ssi.feedback.bytes(Feedback::Accept);
    assert_eq!(accept, b"\x05\xE6\x04\x00\x00\xFF\x11\x05\xE8\x04\x00\xFF\xFE\x10");
    let refuse = ssi.feedback.bytes(Feedback::Refuse);
    assert_eq!(refuse, b"\x05\xE6\x04\x00\x12\xFE\xFF\x05\xE7\x04\x00\x02\xFF\x0E");
    assert_eq!(ssi.attach[2].send.as_slice(), b"\x07\xC6\x04\x00\xFF\x38\x00\xFD\xF8");
    assert!(ssi.attach.iter().all(|step| step.is_ssi && step.reply.is_none()));
}

#[test]
fn what_is_sent_at_attaching_never_stays() {
    let known = "evidence = \"manual\"\nsource = \"s\"\ntitle = \"t\"\n";
    let honeywell = format!("[[attach]]\n{known}send = \"16 4D 0D 42 45 50 42 45 50 30 2E\"");
    assert!(
        why(&honeywell).ends_with("a Honeywell command that stays; end it with `!` (21)"),
        "{}",
        why(&honeywell)
    );
    let newland = format!("[[attach]]\n{known}send = \"7E 01 30 30 30 30 40 41 3B 03\"");
    assert!(why(&newland).ends_with("a Newland command that stays; write `#` (23) before it"));
}

#[test]
fn a_profile_speaks_one_language() {
    let known = "evidence = \"manual\"\nsource = \"s\"\n";
    let beep = format!("[feedback.accept]\nbeep = 1\n{known}");
    assert!(why(&beep).ends_with("`beep` and `lamp` are of link = \"ssi\", `send` of the others"));
    let bytes = format!("link = \"ssi\"\n[feedback.accept]\nsend = \"07\"\n{known}");
    assert!(why(&bytes).ends_with("`beep` and `lamp` are of link = \"ssi\", `send` of the others"));
    assert!(why(&format!("[feedback.accept]\n{known}")).contains("neither `send` nor `beep` nor `lamp`"));
    assert!(why("[ssi]\nextra_bytes = 3").ends_with("ssi: with link = \"ssi\" only"));
    assert!(why("[feedback]\nhost_ack = true").ends_with("needs accept, look, refuse, stop and release"));
}

#[test]
fn a_short_profile_gets_the_usual_rules() {
    assert_eq!(Profile::parse(LEAST, "x.toml").unwrap().frame_rules(), FrameRules::default());
}

#[test]
fn a_wrong_profile_says_what_is_wrong() {
    assert!(why("colour = 1").contains("unknown field `colour`"));
    assert!(why("[feedback.accept]\nsend = \"7\"\nevidence = \"manual\"\nsource = \"s\"").contains("in hex"));
    assert_eq!(
        why("[keyboard]\nlayout = \"uk\""),
        "the profile x.toml: keyboard: with link = \"wedge\" only"
    );
    assert!(why("link = \"wedge\"\n[keyboard]\nstart_key = \"F0\"").contains("write F1 to F24"));
    assert_eq!(why("[line]\nbaud = 1"), "the profile x.toml: line.baud: 1200 to 921600");
    assert_eq!(
        why("[frame]\nend = \"\""),
        "the profile x.toml: frame.end: empty, but frame.suffix_required is true"
    );
    assert_eq!(
        why("[feedback.stop]\nsend = \"\"\nevidence = \"manual\"\nsource = \"s\""),
        "the profile x.toml: feedback.stop.send: 1 to 64 bytes"
    );
}

#[test]
fn a_profile_like_another_says_only_what_differs() {
    let text = "name = \"ours\"\ntitle = \"Ours\"\nlike = \"zebra-cdc\"\n[line]\nbaud = 19200\n\
        [feedback.accept]\nsend = \"07 07\"\n";
    let ours = Profile::parse(text, "ours").unwrap();
    let zebra = Profile::named("zebra-cdc", None).unwrap();
    assert_eq!((ours.line.baud, ours.line.dtr), (19200, zebra.line.dtr));
    assert_eq!(ours.frame, zebra.frame);
    assert_eq!(ours.feedback.bytes(Feedback::Accept), b"\x07\x07");
    assert_eq!(ours.feedback.refuse, zebra.feedback.refuse);
    assert!(why("like = \"acme\"").contains("no built-in profile has this name"));
    assert!(why("like = \"zebra-cdc\"\n[line]\nspeed = 1").contains("unknown field `speed`"));
}

const STEP: &str = "[program]\ninterfaces = [\"usb-serial\"]\n[[program.step]]\ntitle = \"T\"\n\
    symbology = \"code128\"\npayload = \"P\"\nsets = \"s\"\nthen = \"t\"\nevidence = \"decoded\"\nsource = \"s\"\n";

#[test]
fn a_wrong_programming_step_says_what_is_wrong() {
    assert!(Profile::parse(&format!("{LEAST}{STEP}"), "x").is_ok());
    let check = |from: &str, to: &str, wanted: &str| {
        assert_eq!(why(&STEP.replace(from, to)), format!("the profile x.toml: {wanted}"));
    };
    check("\"P\"", "\"\"", "program.step \"T\": payload: 1 to 48 characters");
    check("\"P\"", "\"\\r\"", "program.step \"T\": payload: ASCII, and without FNC3 printable");
    check("then = \"t\"", "then = \"\"", "program.step \"T\": then: missing");
    check("source = \"s\"", "source = \"\"", "program.step \"T\": source: missing");
    check("[\"usb-serial\"]", "[]", "program.interfaces: missing");
    check("\"code128\"", "\"booklet\"", "program.step \"T\": payload: a booklet step prints no symbol");
    let unknown = STEP.replace("evidence = \"decoded\"\n", "");
    assert!(why(&unknown).contains("missing field `evidence`"), "every step says how it is known");
}

#[test]
fn a_wrong_serial_step_says_what_is_wrong() {
    let step = |language: &str, send: &str, query: &str, expect: &str| {
        format!(
            "{LEAST}[program]\nlanguage = \"{language}\"\n[[program.serial]]\ntitle = \"T\"\nsend = \"{send}\"\n\
             query = \"{query}\"\nexpect = \"{expect}\"\nsets = \"s\"\nevidence = \"manual\"\nsource = \"s\"\n"
        )
    };
    let is_right = |text: String| Profile::parse(&text, "x").is_ok();
    assert!(is_right(step("honeywell", "BEPBEP0", "BEPBEP?", "BEPBEP0")));
    assert!(is_right(step("newland", "AIDENA1", "AIDENA*", "AIDENA1")));
    assert!(is_right(step("ssi", "235=1", "235", "1")));
    assert!(
        !is_right(step("honeywell", "BEPBEP0.", "BEPBEP?", "BEPBEP0")),
        "a command cannot end its message"
    );
    assert!(!is_right(step("newland", "AIDENA1", "AIDENA?", "AIDENA1")));
    assert!(!is_right(step("ssi", "235=256", "235", "256")));
    assert!(!is_right(step("ssi", "235=1", "236", "1")));
}

#[test]
fn who_confirmed_a_profile_says_what_when_and_on_which_device() {
    let date = "date = 2026-05-01\n";
    let whole = format!("{LEAST}[confirm]\nevidence = \"read 100 labels\"\n{date}device = \"DS2208 015\"\n");
    assert!(Profile::parse(&whole, "x").unwrap().confirm.is_tried());
    assert!(!Profile::parse(LEAST, "x").unwrap().confirm.is_tried());
    assert!(why(&format!("[confirm]\n{date}")).ends_with("evidence, date and device, or none of them"));
}

#[test]
fn a_name_cannot_leave_the_folder() {
    for name in ["../etc/passwd", "", "A", "a/b"] {
        assert!(matches!(Profile::named(name, None), Err(ProfileError::BadName(_))), "{name}");
    }
    let unknown = Profile::named("acme", Some(Path::new("profiles"))).unwrap_err().to_string();
    assert!(
        unknown.starts_with("there is no profile \"acme\"; built in are generic-serial, zebra-cdc"),
        "{unknown}"
    );
}

#[test]
fn a_file_in_the_folder_goes_before_a_built_in_profile() {
    let folder = std::env::temp_dir().join(format!("casetrack-profiles-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let put = |name: &str| {
        let text = format!("name = \"{name}\"\ntitle = \"Ours\"\n[line]\nbaud = 19200\n");
        std::fs::write(folder.join("zebra-cdc.toml"), text).unwrap();
        Profile::named("zebra-cdc", Some(&folder))
    };
    let ours = put("zebra-cdc").map(|profile| (profile.title, profile.line.baud));
    let misnamed = put("zebra").map(|profile| profile.title);
    let built_in = Profile::named("generic-serial", Some(&folder)).map(|profile| profile.title);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(ours.unwrap(), ("Ours".to_owned(), 19200));
    assert!(misnamed.unwrap_err().to_string().ends_with("the name is not that of the file"));
    assert_eq!(built_in.unwrap(), "Any serial scanner");
}
