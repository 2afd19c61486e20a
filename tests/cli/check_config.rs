//! The program itself, as far as it needs no data: what is in force, what a barcode would be, which exit code.

use std::path::PathBuf;
use std::process::{Command, Output};

fn folder(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn casetrack(folder: &PathBuf, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_casetrack")).current_dir(folder).args(args).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn without_a_configuration_the_defaults_are_in_force() {
    let folder = folder("defaults");
    let output = casetrack(&folder, &["check-config", "--data", "elsewhere"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("data_dir = \"elsewhere\""), "{}", stdout(&output));
    assert!(!folder.join("elsewhere").exists(), "reading makes no data folder");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_mistake_in_the_configuration_is_told_once_with_its_line() {
    let folder = folder("mistake");
    std::fs::write(folder.join("casetrack.toml"), "[server]\nlisen = \"127.0.0.1:1\"\n").unwrap();
    for command in [&["check-config"][..], &["serve"], &["import", "staff", "staff.csv"]] {
        let output = casetrack(&folder, command);
        assert_eq!(output.status.code(), Some(2), "{command:?}");
        let told = stderr(&output);
        assert!(told.starts_with("casetrack: casetrack.toml, line 2: unknown field `lisen`"), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_wrong_command_line_is_wrong_use() {
    let folder = folder("wrong-use");
    for command in [&[][..], &["import", "chairs", "x.csv"], &["scan"], &["check-config", "--typed"]] {
        assert_eq!(casetrack(&folder, command).status.code(), Some(2), "{command:?}");
    }
    let output = casetrack(&folder, &["import", "staff", "nowhere.csv"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).starts_with("casetrack: cannot read nowhere.csv: "), "{}", stderr(&output));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_scanner_with_an_unknown_profile_is_told() {
    let folder = folder("profile");
    let config = "[[desk]]\ncode = \"A\"\nplace = \"B\"\n[[desk.scanner]]\nport = \"/dev/ttyS9\"\nprofile = \"nonesuch\"\n";
    std::fs::write(folder.join("casetrack.toml"), config).unwrap();
    let output = casetrack(&folder, &["check-config"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("desk A, scanner /dev/ttyS9: there is no profile \"nonesuch\""));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_barcode_and_the_profiles_are_explained() {
    let folder = folder("explain");
    let output = casetrack(&folder, &["check-config", "--barcode", "C0184"]);
    assert!(stdout(&output).starts_with("a command card: End\n"), "{}", stdout(&output));
    let profiles = stdout(&casetrack(&folder, &["scanner", "profiles"]));
    assert!(profiles.starts_with("generic-serial\t"), "{profiles}");
    let output = casetrack(&folder, &["check-config", "--barcode", "C1833", "--aim", "]A0"]);
    assert_eq!(stdout(&output), "number 2 of the proof of a scanner, Code 39\n");
    std::fs::remove_dir_all(folder).unwrap();
}
