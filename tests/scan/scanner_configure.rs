//! `casetrack scanner configure` against scanners that are not there: one that answers, and several that do not quite.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use casetrack::clock::{self, Clock};
use casetrack::scan::port::{Address, Detail, Port, PortEvent, PortSpec};
use casetrack::scan::profile::Profile;
use casetrack::scan::pty::VirtualScanner;
use casetrack::scan::ssi::{Packet, opcode};

const ACK: u8 = 0x06;
const ENQ: u8 = 0x05;
const NAK: u8 = 0x15;

/// What a scanner is like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Temper {
    /// It does what it is told.
    Obeys,
    /// It says so, and does not.
    Lies,
    /// It says nothing.
    Silent,
    /// It says half of what it should.
    Half,
    /// It is pulled out at its first command.
    Leaves,
}

/// A scanner with settings, and all that was said to it.
struct Scanner {
    device: VirtualScanner,
    path: PathBuf,
    temper: Temper,
    settings: BTreeMap<String, String>,
    /// A value that it does not take.
    refuses: &'static str,
    pending: Vec<u8>,
    said: Vec<String>,
}

/// Tags of both brands have six characters.
const TAG: usize = 6;

impl Scanner {
    fn new(temper: Temper, settings: &[(&str, &str)]) -> Self {
        let (device, path) = VirtualScanner::new().unwrap();
        let settings = settings.iter().map(|(tag, value)| ((*tag).to_owned(), (*value).to_owned())).collect();
        Self { device, path, temper, settings, refuses: "none", pending: Vec::new(), said: Vec::new() }
    }

    fn configured(&mut self, folder: &Path, args: &[&str]) -> Output {
        let mut program = start(folder, &self.path, args);
        while program.try_wait().unwrap().is_none() {
            self.pending.extend(self.device.heard());
            self.answer();
            clock::pause(Duration::from_millis(1));
        }
        program.wait_with_output().unwrap()
    }

    fn answer(&mut self) {
        while let Some((frame, rest)) = frame(&self.pending) {
            self.pending = rest;
            let reply = match frame {
                Frame::Honeywell { text, memory } => {
                    self.said.push(format!("{text}{memory}"));
                    format!("{}{memory}", self.reply(&text))
                }
                Frame::Newland { text, memory } => {
                    self.said.push(format!("{memory}{text}"));
                    format!("\u{2}\u{1}0000{memory}{};\u{3}", self.reply(&text))
                }
            };
            match self.temper {
                Temper::Silent => {}
                Temper::Leaves => self.device.unplug(),
                Temper::Half => self.device.send(&reply.as_bytes()[..reply.len() / 2]).unwrap(),
                // A clerk scans meanwhile.
                Temper::Obeys | Temper::Lies => {
                    self.device.send(b"]C0V000001250\r").unwrap();
                    self.device.send(reply.as_bytes()).unwrap();
                }
            }
        }
    }

    fn reply(&mut self, text: &str) -> String {
        let (tag, value) = text.split_at(TAG);
        let Some(present) = self.settings.get_mut(tag) else { return format!("{text}{}", char::from(ENQ)) };
        if value == self.refuses {
            return format!("{text}{}", char::from(NAK));
        }
        let asks = ["?", "*"].contains(&value);
        if !asks && self.temper != Temper::Lies {
            value.clone_into(present);
        }
        let value = if asks { present.as_str() } else { value };
        format!("{tag}{value}{}", char::from(ACK))
    }
}

enum Frame {
    Honeywell { text: String, memory: char },
    Newland { text: String, memory: char },
}

/// The first whole command, and what follows it.
fn frame(bytes: &[u8]) -> Option<(Frame, Vec<u8>)> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    if let Some(body) = bytes.strip_prefix(b"\x16M\r") {
        let end = body.iter().position(|byte| matches!(byte, b'!' | b'.'))?;
        let memory = char::from(body[end]);
        return Some((Frame::Honeywell { text: text(&body[..end]), memory }, body[end + 1..].to_vec()));
    }
    let body = bytes.strip_prefix(b"\x7E\x010000")?;
    let end = body.windows(2).position(|pair| pair == b";\x03")?;
    let memory = char::from(body[0]);
    Some((Frame::Newland { text: text(&body[1..end]), memory }, body[end + 2..].to_vec()))
}

fn folder(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn start(folder: &Path, port: &Path, args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_casetrack"))
        .current_dir(folder)
        .args(["scanner", "configure", port.to_str().unwrap()])
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

const HONEYWELL: &[&str] = &["--profile", "honeywell-voyager-serial"];

/// A Voyager out of its box.
fn voyager(temper: Temper) -> Scanner {
    let fresh = [("SUFBK2", "99"), ("128ENA", "1"), ("C39ENA", "0"), ("GS1ENA", "0"), ("BEPBEP", "1")];
    Scanner::new(temper, &fresh)
}

#[test]
fn a_scanner_out_of_its_box_is_set_and_each_setting_is_read_back() {
    let folder = folder("configure");
    let mut scanner = voyager(Temper::Obeys);
    let (code, table, messages) = told(&scanner.configured(&folder, HONEYWELL));
    insta::assert_snapshot!(table, @r"
    CR after each read    SUFBK299     → SUFBK2990D    set, and read back
    Code 128 on           128ENA1      → 128ENA1       was so already
    Code 39 on            C39ENA0      → C39ENA1       set, and read back
    GS1-128 on            GS1ENA0      → GS1ENA1       set, and read back
    Own beep off          BEPBEP1      → BEPBEP0       set, and read back
    AIM identifier first  -            → -             left out: nobody has confirmed it
    ");
    insta::assert_snapshot!(messages, @r"
    1 left out: no manual or device has confirmed them; --unverified sends them too
    what was set lasts until the scanner loses its power; --permanent keeps it
    ");
    assert_eq!(code, Some(0));
    assert_eq!(scanner.settings["C39ENA"], "1");
    insta::assert_snapshot!(scanner.said.join(" "), @"SUFBK2?! SUFBK2990D! SUFBK2?! 128ENA?! C39ENA?! C39ENA1! C39ENA?! GS1ENA?! GS1ENA1! GS1ENA?! BEPBEP?! BEPBEP0! BEPBEP?!");

    scanner.said.clear();
    let (code, table, _) = told(&scanner.configured(&folder, HONEYWELL));
    assert_eq!(code, Some(0));
    assert_eq!(table.matches("was so already").count(), 5, "{table}");
    assert!(scanner.said.iter().all(|said| said.ends_with("?!")), "nothing is set twice: {:?}", scanner.said);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_dry_run_asks_and_sets_nothing() {
    let folder = folder("dry");
    let mut scanner = voyager(Temper::Obeys);
    let (code, table, messages) = told(&scanner.configured(&folder, &[HONEYWELL, &["--dry-run"]].concat()));
    assert_eq!(code, Some(0), "{messages}");
    assert_eq!(table.matches("would be set").count(), 4, "{table}");
    assert!(messages.contains("nothing was set; without --dry-run 4 would be"), "{messages}");
    assert!(scanner.said.iter().all(|said| said.ends_with("?!")), "{:?}", scanner.said);
    assert_eq!(scanner.settings, voyager(Temper::Obeys).settings);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_a_scanner_does_not_know_or_take_is_said_and_the_rest_is_set() {
    let folder = folder("refused");
    let mut scanner = voyager(Temper::Obeys);
    scanner.settings.remove("GS1ENA");
    scanner.refuses = "990D";
    let (code, table, messages) = told(&scanner.configured(&folder, HONEYWELL));
    assert_eq!(code, Some(1));
    assert!(table.contains("NOT SET: this scanner does not know it"), "{table}");
    assert!(table.contains("NOT SET: this scanner does not take it"), "{table}");
    assert_eq!(table.matches("set, and read back").count(), 2, "{table}");
    assert!(messages.contains("2 not as the profile wants it"), "{messages}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_scanner_that_takes_a_setting_and_does_not_keep_it_is_found_out() {
    let folder = folder("lies");
    let mut scanner = voyager(Temper::Lies);
    let (code, table, _) = told(&scanner.configured(&folder, HONEYWELL));
    assert_eq!(code, Some(1));
    assert_eq!(table.matches("SENT, BUT IT READS BACK OTHERWISE").count(), 4, "{table}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_silent_scanner_is_asked_once_and_told_nothing() {
    let folder = folder("silent");
    let mut scanner = voyager(Temper::Silent);
    let (code, table, _) = told(&scanner.configured(&folder, HONEYWELL));
    assert_eq!(code, Some(1));
    assert_eq!(scanner.said, ["SUFBK2?!"]);
    assert!(table.contains("NOT CONFIRMED: no answer came"), "{table}");
    assert_eq!(table.matches("not asked").count(), 4, "{table}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn half_an_answer_confirms_nothing_and_nothing_is_set_on_its_word() {
    let folder = folder("half");
    let profile = "name = \"short\"\ntitle = \"Short\"\n[program]\nlanguage = \"honeywell\"\n[[program.serial]]\n\
        title = \"Own beep off\"\nsend = \"BEPBEP0\"\nquery = \"BEPBEP?\"\nexpect = \"BEPBEP0\"\nsets = \"It.\"\n\
        evidence = \"manual\"\nsource = \"A test.\"\n";
    std::fs::create_dir(folder.join("profiles")).unwrap();
    std::fs::write(folder.join("profiles/short.toml"), profile).unwrap();
    std::fs::write(folder.join("casetrack.toml"), "").unwrap();
    let mut scanner = voyager(Temper::Half);
    let (code, table, messages) = told(&scanner.configured(&folder, &["--profile", "short"]));
    assert_eq!(code, Some(1), "{messages}");
    assert!(table.contains("NOT CONFIRMED: half an answer came"), "{table}{messages}");
    assert_eq!(scanner.said, ["BEPBEP?!"]);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_scanner_that_is_pulled_out_leaves_the_rest_not_asked() {
    let folder = folder("leaves");
    let mut scanner = voyager(Temper::Leaves);
    let (code, table, _) = told(&scanner.configured(&folder, HONEYWELL));
    assert_eq!(code, Some(1));
    assert_eq!(table.matches("not asked").count(), 4, "{table}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_newland_is_set_for_good_if_asked_and_what_nobody_confirmed_only_if_asked() {
    let folder = folder("newland");
    let fresh = [("AIDENA", "0"), ("TSUSET", ""), ("TSUENA", "0"), ("GRBENA", "1")];
    let mut scanner = Scanner::new(Temper::Obeys, &fresh);
    let profile = ["--profile", "newland-serial", "--json"];
    let (code, json, messages) = told(&scanner.configured(&folder, &profile));
    assert!(scanner.said.is_empty(), "{:?}", scanner.said);
    assert!(messages.contains("no manual or device has confirmed them"), "{messages}");
    assert!(!json.contains("\"confirmed\""), "{code:?} {json}");

    let asked = [&profile[..], &["--permanent", "--unverified"]].concat();
    let (_, json, _) = told(&scanner.configured(&folder, &asked));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let settings = json["settings"].as_array().unwrap();
    let aim = settings.iter().find(|setting| setting["send"] == "AIDENA1").unwrap();
    assert_eq!((&aim["before"], &aim["after"]), (&"AIDENA0".into(), &"AIDENA1".into()), "{json}");
    assert_eq!((&aim["done"], &aim["evidence"]), (&"confirmed".into(), &"unverified".into()));
    assert!(scanner.said.contains(&"@AIDENA1".to_owned()), "{:?}", scanner.said);
    assert!(scanner.said.contains(&"#AIDENA*".to_owned()), "{:?}", scanner.said);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_port_that_the_service_listens_to_is_told_with_its_desk() {
    let folder = folder("busy");
    let scanner = voyager(Temper::Silent);
    let port = scanner.path.to_str().unwrap();
    let block = format!(
        "[[desk]]\ncode = \"LIB-1\"\nplace = \"LIB\"\n[[desk.scanner]]\nport = \"{port}\"\nprofile = \"generic-serial\"\n"
    );
    std::fs::write(folder.join("casetrack.toml"), block).unwrap();
    let (events, connected) = std::sync::mpsc::sync_channel(8);
    let spec = PortSpec {
        name: "service".to_owned(),
        address: Address::Serial(scanner.path.clone()),
        profile: Profile::named("generic-serial", None).unwrap(),
        detail: Detail::Frames,
    };
    let listening = Port::spawn(spec, Clock::system(), move |event| drop(events.try_send(event))).unwrap();
    assert!(matches!(connected.recv_timeout(Duration::from_secs(20)), Ok(PortEvent::Connected { .. })));
    let (code, _, messages) = told(&start(&folder, &scanner.path, HONEYWELL).wait_with_output().unwrap());
    assert_eq!(code, Some(1));
    assert!(messages.contains("is a scanner of desk LIB-1"), "{messages}");
    assert!(messages.contains("Stop the service"), "{messages}");
    listening.stop();
    assert!(scanner.device.heard().is_empty(), "nothing was sent");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_profile_without_settings_says_that_its_sheet_is_the_way() {
    let folder = folder("none");
    let scanner = voyager(Temper::Silent);
    let output = start(&folder, &scanner.path, &["--profile", "generic-serial"]).wait_with_output().unwrap();
    let (code, _, messages) = told(&output);
    assert_eq!(code, Some(1));
    assert!(messages.contains("print its sheet and scan it"), "{messages}");
    std::fs::remove_dir_all(folder).unwrap();
}

/// A Zebra that speaks packets, with its parameters.
fn zebra(folder: &Path, args: &[&str], parameters: &mut BTreeMap<u8, u8>) -> (Output, Vec<Packet>) {
    let (device, path) = VirtualScanner::new().unwrap();
    let mut program = start(folder, &path, args);
    let (mut heard, mut packets) = (Vec::new(), Vec::new());
    while program.try_wait().unwrap().is_none() {
        heard.extend(device.heard());
        while let Some(packet) = take(&mut heard) {
            let reply = match (packet.opcode(), packet.data()) {
                (opcode::PARAM_SEND, &[_, number, value]) => {
                    parameters.insert(number, value);
                    Packet::of_scanner(opcode::ACK, &[])
                }
                (0xC7, &[number]) => {
                    Packet::of_scanner(opcode::PARAM_SEND, &[0xFF, number, parameters[&number]])
                }
                _ => None,
            };
            packets.push(packet);
            if let Some(reply) = reply {
                device.send(&reply.encode()).unwrap();
            }
        }
        clock::pause(Duration::from_millis(1));
    }
    (program.wait_with_output().unwrap(), packets)
}

fn take(heard: &mut Vec<u8>) -> Option<Packet> {
    let whole = usize::from(*heard.first()?) + 2;
    let packet = Packet::decode(heard.get(..whole)?).unwrap();
    heard.drain(..whole);
    Some(packet)
}

#[test]
fn a_zebras_parameters_are_set_and_asked_for_in_packets_and_each_answer_is_acknowledged() {
    let folder = folder("zebra");
    let profile = "name = \"packets\"\ntitle = \"Packets\"\n[program]\nlanguage = \"ssi\"\n[[program.serial]]\n\
        title = \"Data and suffix\"\nsend = \"235=1\"\nquery = \"235\"\nexpect = \"1\"\nsets = \"It.\"\n\
        evidence = \"manual\"\nsource = \"A test.\"\n";
    std::fs::create_dir(folder.join("profiles")).unwrap();
    std::fs::write(folder.join("profiles/packets.toml"), profile).unwrap();
    std::fs::write(folder.join("casetrack.toml"), "").unwrap();
    let mut parameters = BTreeMap::from([(235, 0)]);
    let (output, packets) = zebra(&folder, &["--profile", "packets"], &mut parameters);
    let (code, table, messages) = told(&output);
    assert_eq!(code, Some(0), "{table}{messages}");
    assert!(table.contains("235=0") && table.contains("235=1") && table.contains("read back"), "{table}");
    assert_eq!(parameters[&235], 1);
    let opcodes: Vec<_> = packets.iter().map(Packet::opcode).collect();
    assert_eq!(opcodes, [0xC7, opcode::ACK, opcode::PARAM_SEND, 0xC7, opcode::ACK]);

    let (output, packets) = zebra(&folder, &["--profile", "packets", "--permanent"], &mut parameters);
    assert_eq!(told(&output).0, Some(1));
    assert!(packets.is_empty(), "nobody has confirmed how it is kept for good");
    std::fs::remove_dir_all(folder).unwrap();
}
