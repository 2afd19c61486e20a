//! `casetrack check-config`: what is in force, and what a barcode would be, and why.

use std::collections::HashSet;
use std::fs::DirEntry;
use std::process::ExitCode;

use anyhow::Context;

use super::{FAILED, out};
use crate::app;
use crate::config::{Config, Fit, LABELS_DIR};
use crate::domain::barcode::{self, Code, Entry, FolderCode, OwnBarcode, PatientCode};
use crate::domain::directory::Directory;
use crate::domain::label_rule::{LabelRule, Means, Symbology};
use crate::domain::scanner::{Pairing, ScannerId};
use crate::feeds::FeedFile;
use crate::labels::Files;
use crate::labels::files::{Filed, Shelf};
use crate::scan::profile::Profile;
use crate::scan::proof::{Came, Seen, recognise};
use crate::scan::usb::Identity;
use crate::store::pairings_in;

/// What `check-config` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Say what this text would be, instead of what is in force
    #[arg(long, value_name = "TEXT")]
    barcode: Option<String>,
    /// The AIM identifier that the scanner sends with it, such as ]A0
    #[arg(long, value_name = "ID", requires = "barcode")]
    aim: Option<String>,
    /// It is typed, not scanned
    #[arg(long, requires = "barcode")]
    typed: bool,
}

/// Prints what is in force, or explains a barcode.
pub fn run(config: &Config, args: &Args) -> anyhow::Result<ExitCode> {
    if let Some(text) = &args.barcode {
        let directory = app::directory(config)?;
        for line in explain(text, args, &config.rules, &directory) {
            out::line(line)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    out::text(config.in_force()?)?;
    for line in own_files(&config.labels) {
        out::line(line)?;
    }
    let (feeds, wrong_feeds) = feed_files(config)?;
    feeds.iter().try_for_each(out::line)?;
    let complaints: Vec<_> = profile_complaints(config).into_iter().chain(wrong_feeds).collect();
    for complaint in &complaints {
        out::tell(complaint);
    }
    match pairings_in(&config.data_dir) {
        Ok(pairings) => doubly_given(config, &pairings).iter().for_each(out::tell),
        Err(error) => out::tell(format_args!("the pairings of scanners cannot be looked at: {error}")),
    }
    Ok(if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// The stocks and templates that are a house's own, as comments of the configuration.
fn own_files(files: &Files) -> Vec<String> {
    fn codes<T: Filed>(own: &Shelf<T>) -> Option<String> {
        let codes: Vec<_> = own.own().map(Filed::code).collect();
        (!codes.is_empty()).then(|| format!("# {LABELS_DIR}/{}s: {}", T::WORD, codes.join(", ")))
    }
    codes(&files.stocks).into_iter().chain(codes(&files.templates)).collect()
}

/// The feed files beside the configuration, as comments of it, and what is wrong with those that cannot be used.
fn feed_files(config: &Config) -> anyhow::Result<(Vec<String>, Vec<String>)> {
    let Some(folder) = config.feeds_dir() else { return Ok((Vec::new(), Vec::new())) };
    let reading = || format!("cannot read {}", folder.display());
    let files = std::fs::read_dir(&folder).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    let mut files: Vec<_> = files.with_context(reading)?.iter().map(DirEntry::path).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for file in files {
        match FeedFile::load(&file) {
            Ok(feed) => good.push(format!("# {}: {}", file.display(), feed.kind)),
            Err(error) => wrong.push(format!("{:#}", anyhow::Error::from(error))),
        }
    }
    Ok((good, wrong))
}

/// Every scanner whose profile cannot be used.
fn profile_complaints(config: &Config) -> Vec<String> {
    let folder = config.profiles_dir();
    let scanners =
        config.desks.iter().flat_map(|desk| desk.scanners.iter().map(move |scanner| (desk, scanner)));
    scanners
        .filter_map(|(desk, scanner)| {
            let error = Profile::named(&scanner.profile, folder.as_deref()).err()?;
            Some(format!("desk {}, scanner {}: {error:#}", desk.setup.code, scanner.port))
        })
        .collect()
}

/// Every scanner that a block and the newest pairing of its socket or number both give to a desk. The block counts.
fn doubly_given(config: &Config, newest_first: &[Pairing]) -> Vec<String> {
    let mut seen = HashSet::new();
    let newest = newest_first.iter().filter(|pairing| seen.insert(&pairing.scanner));
    let told = newest.filter_map(|pairing| {
        let ScannerId { location, vid, pid, serial } = &pairing.scanner;
        let location = location.parse().ok()?;
        let scanner = Identity { location, vid: *vid, pid: *pid, serial: serial.clone() };
        let blocks = config.desks.iter().flat_map(|desk| desk.scanners.iter().map(move |block| (desk, block)));
        let mut meant = blocks.filter(|(_, block)| {
            block.claim.as_ref().is_some_and(|claim| claim.fit(&scanner) == Some(Fit::Meant))
        });
        let (desk, block) = meant.next()?;
        let (code, port, paired) = (&desk.setup.code, &block.port, &pairing.desk);
        Some(format!(
            "desk {code}, scanner {port}: a pairing card gave {} to desk {paired} as well; this block counts. Remove the \
             block if the card is to count",
            pairing.scanner
        ))
    });
    told.collect()
}

/// What the text would be, then why.
fn explain(text: &str, args: &Args, rules: &[LabelRule], directory: &Directory) -> Vec<String> {
    let entry = if args.typed { Entry::Typed } else { Entry::Scanned };
    if let Some(Seen::One { symbol, .. }) = proof(text, args, entry) {
        return vec![format!("number {} of the proof of a scanner, {}", symbol.number(), symbol.title())];
    }
    let code = barcode::read(text, args.aim.as_deref(), entry, rules, directory);
    let mut lines = vec![told(&code, directory)];
    lines.extend(because(text, args, &code, rules).into_iter().map(|reason| format!("because {reason}")));
    lines
}

/// The symbol of the proof that a scanned text is: a desk knows it before anything else.
fn proof(text: &str, args: &Args, entry: Entry) -> Option<Seen> {
    let scanned = Some(text).filter(|_| entry == Entry::Scanned)?;
    recognise(scanned, args.aim.as_deref(), Came::Keys)
}

/// Why a text means what it means, in the order in which it was asked.
fn because(text: &str, args: &Args, code: &Code, rules: &[LabelRule]) -> Vec<String> {
    let symbology = args.aim.as_deref().map(Symbology::from_aim);
    if symbology.is_some_and(Symbology::is_gs1) {
        return vec![
            "the AIM identifier says GS1: the text is read by its application identifiers".to_owned(),
        ];
    }
    if let Ok(own) = text.trim().parse::<OwnBarcode>() {
        return vec![format!(
            "letter, digits and right check digits are those of a Casetrack {:?}",
            own.kind
        )];
    }
    match code {
        Code::Place(_) | Code::Container(_) => vec!["an imported place has this code".to_owned()],
        Code::Staff(_) => vec!["an imported badge has this code".to_owned()],
        Code::Card(_) | Code::Folder(_) | Code::Patient(_) | Code::Unusable(_) if args.typed => {
            vec!["it is typed: a typed number is a patient's unless it is ours".to_owned()]
        }
        Code::Card(_) | Code::Folder(_) | Code::Patient(_) | Code::Unusable(_) => {
            rule_reasons(text, symbology, rules)
        }
    }
}

fn told(code: &Code, directory: &Directory) -> String {
    match code {
        Code::Card(card) => format!("a command card: {card:?}"),
        Code::Place(place) => format!("a place: {}", directory.name(*place)),
        Code::Container(place) => format!("a container: {}", directory.name(*place)),
        Code::Staff(person) => {
            format!("a badge: {}", directory.staff(*person).map_or("unknown", |staff| staff.name.as_str()))
        }
        Code::Folder(folder) => told_folder(folder),
        Code::Patient(PatientCode::Nhs(number)) => format!("a patient: NHS number {number}"),
        Code::Patient(PatientCode::Number(number)) => format!("a patient: number {number} of any site"),
        Code::Patient(PatientCode::Issued { site, number }) => {
            format!("a patient: number {number} of site {site}")
        }
        Code::Unusable(reason) => format!("nothing that can be used: {reason:?}"),
    }
}

fn told_folder(folder: &FolderCode) -> String {
    let label = &folder.label;
    match &folder.numbered {
        None => format!("a folder: the label {label}, if it is known"),
        Some(numbered) => {
            let volume = numbered.volume.map_or_else(String::new, |volume| format!(", volume {volume}"));
            let asked = if numbered.means == Means::Ask { "; the clerk is asked which" } else { "" };
            format!(
                "a folder: the label {label} if it is known, else number {} of site {}{volume}{asked}",
                numbered.number, numbered.site
            )
        }
    }
}

/// For each rule up to the first that fits, whether it does.
fn rule_reasons(text: &str, symbology: Option<Symbology>, rules: &[LabelRule]) -> Vec<String> {
    let text = text.trim().to_ascii_uppercase();
    if rules.is_empty() {
        return vec!["the configuration has no [[label]] rules, and nothing else has this code".to_owned()];
    }
    let mut lines = Vec::new();
    for (number, rule) in (1..).zip(rules) {
        let fits = rule.read(&text, symbology).is_some();
        let verb = if fits { "fits" } else { "does not fit" };
        lines.push(format!("[[label]] rule {number} ({}) {verb}", rule.pattern));
        if fits {
            break;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, aim: Option<&str>, typed: bool) -> String {
        let config = Config::parse(
            "[[label]]\nsymbology = \"code39\"\npattern = \"^RX(?<number>[0-9]{6})(?<volume>[0-9]{2})?$\"\n\
             site = \"RX1\"\nmeans = \"folder\"\n[[label]]\npattern = \"^(?<number>[0-9]{7})$\"\nsite = \"RX2\"\n\
             means = \"patient\"\n",
            None,
        )
        .unwrap();
        let args = Args { barcode: Some(text.to_owned()), aim: aim.map(str::to_owned), typed };
        explain(text, &args, &config.rules, &Directory::default()).join("\n")
    }

    #[test]
    fn a_scanner_with_a_block_and_a_pairing_is_told() {
        let config = Config::parse(
            "[[desk]]\ncode = \"A\"\nplace = \"P\"\n[[desk.scanner]]\nport = \"usb://1-2.4\"\ndevice = \"05e0:1701\"\n",
            None,
        )
        .unwrap();
        let pairing = |location: &str, desk: &str| Pairing {
            scanner: ScannerId { location: location.to_owned(), vid: 0x05e0, pid: 0x1701, serial: None },
            desk: desk.parse().unwrap(),
            at: crate::clock::Timestamp::EPOCH,
        };
        let made = [pairing("1-2.4", "B"), pairing("1-2.4", "A"), pairing("1-3", "B")];
        assert_eq!(
            doubly_given(&config, &made),
            [
                "desk A, scanner usb://1-2.4: a pairing card gave 05e0:1701 at 1-2.4 to desk B as well; this block counts. \
              Remove the block if the card is to count"
            ]
        );
    }

    #[test]
    fn a_barcode_is_explained() {
        let told = [
            check("RX12345602", Some("]A0"), false),
            check("RX12345602", Some("]C0"), false),
            check("1234567", None, false),
            check("1234567", None, true),
            check("C0184", None, false),
            check("943 476 5919", None, true),
            check("V000001299", None, false),
            check("019434765919", Some("]d2"), false),
        ];
        insta::assert_snapshot!(told.join("\n\n"), @r#"
    a folder: the label RX12345602 if it is known, else number 123456 of site RX1, volume 2
    because [[label]] rule 1 (^RX(?<number>[0-9]{6})(?<volume>[0-9]{2})?$) fits

    a folder: the label RX12345602, if it is known
    because [[label]] rule 1 (^RX(?<number>[0-9]{6})(?<volume>[0-9]{2})?$) does not fit
    because [[label]] rule 2 (^(?<number>[0-9]{7})$) does not fit

    a patient: number 1234567 of site RX2
    because [[label]] rule 1 (^RX(?<number>[0-9]{6})(?<volume>[0-9]{2})?$) does not fit
    because [[label]] rule 2 (^(?<number>[0-9]{7})$) fits

    a patient: number 1234567 of any site
    because it is typed: a typed number is a patient's unless it is ours

    a command card: End
    because letter, digits and right check digits are those of a Casetrack Command

    a patient: NHS number 9434765919
    because it is typed: a typed number is a patient's unless it is ours

    nothing that can be used: Misread
    because [[label]] rule 1 (^RX(?<number>[0-9]{6})(?<volume>[0-9]{2})?$) does not fit
    because [[label]] rule 2 (^(?<number>[0-9]{7})$) does not fit

    nothing that can be used: UnknownGs1
    because the AIM identifier says GS1: the text is read by its application identifiers
    "#);
    }
}
