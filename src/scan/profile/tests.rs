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
        assert_eq!(profile.name, name);
    }
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
    assert_eq!(sent("datalogic-gryphon-serial", Feedback::Accept), b"\x1B[6q\x1B[3q\x1B[5q\x1B[7q");
}

#[test]
fn a_repeated_beep_is_never_called_verified() {
    for profile in Profile::built_in() {
        for feedback in [Feedback::Look, Feedback::Refuse, Feedback::Stop] {
            let Some(entry) = profile.feedback.entry(feedback) else { continue };
            assert_eq!(entry.evidence, Evidence::Unverified, "{} {}", profile.name, feedback.name());
        }
    }
}

#[test]
fn a_short_profile_gets_the_usual_rules() {
    assert_eq!(Profile::parse(LEAST, "x.toml").unwrap().frame_rules(), FrameRules::default());
}

#[test]
fn a_wrong_profile_says_what_is_wrong() {
    assert!(why("colour = 1").contains("unknown field `colour`"));
    assert!(why("[feedback.accept]\nsend = \"7\"\nevidence = \"manual\"\nsource = \"s\"").contains("in hex"));
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
