use std::time::Duration;

use super::*;
use crate::desk::SignOn;
use crate::domain::label_rule::Symbology;
use crate::labels::print::{Language, Via};
use crate::locate::{Effort, Filing, Role};

const WHOLE: &str = r#"
[server]
listen   = "127.0.0.1:8080"
data_dir = "data"
time_zone = "Europe/London"
allow_unauthenticated = false

[[desk]]
code  = "LIB-1"          # printed on the desk
place = "LIB"
sign_on = "required"
sign_on_idle = "20 min"
pairing = 30
label_printer = "Label printer 2"
[[desk.scanner]]
port    = "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0"
profile = "generic-serial"
session = "front"
[[desk.scanner]]
port    = "tcp://10.1.2.3:4001"
session = "front"

[[desk]]
code  = "CLI-5"
place = "C5"

[[label]]
symbology = "code39"
pattern   = "^RX(?<number>[0-9]{6})(?<volume>[0-9]{2})?$"
check     = "mod43"
site      = "RX1"
means     = "folder"

[[printer]]
name  = "Label printer 2"
via   = "tcp://10.1.2.9:9100"
dpi   = 203
stock = "70x35"
"#;

#[test]
fn the_configuration_of_the_design_means_what_it_says() {
    let config = Config::parse(WHOLE, Some(Path::new("/etc/casetrack/casetrack.toml"))).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.access, Access::ThisMachine);
    assert_eq!(config.data_dir, Path::new("/etc/casetrack/data"));
    assert_eq!(config.trust.to_string(), "TRUST");
    let [library, clinic] = config.desks.as_slice() else { panic!("two desks") };
    assert_eq!(library.setup.sign_on, SignOn::Required);
    assert_eq!(library.setup.sign_on_idle, Duration::from_mins(20));
    assert_eq!(library.setup.pairing, Some(30));
    let printer = library.setup.label_printer.as_ref().unwrap();
    assert_eq!((printer.name.as_str(), printer.stock.as_str()), ("Label printer 2", "70x35"));
    assert_eq!(clinic.setup.label_printer, None);
    let sessions: Vec<_> = library.scanners.iter().map(|scanner| scanner.session.as_str()).collect();
    assert_eq!(sessions, ["front", "front"]);
    assert_eq!(clinic.setup.sign_on, SignOn::Optional);
    assert_eq!(clinic.setup.sign_on_idle, Duration::from_mins(15));
    let [rule] = config.rules.as_slice() else { panic!("one rule") };
    assert_eq!(rule.symbology, Some(Symbology::Code39));
}

#[test]
fn what_is_in_force_is_a_configuration_that_means_the_same() {
    for text in [WHOLE, ""] {
        let config = Config::parse(text, None).unwrap();
        let printed = config.in_force().unwrap();
        let again = Config::parse(&printed, None).unwrap();
        assert_eq!(again.in_force().unwrap(), printed);
        assert_eq!(again.desks, config.desks);
    }
    insta::assert_snapshot!(Config::parse("", None).unwrap().in_force().unwrap(), @r#"
    desk = []
    label = []
    printer = []

    [server]
    listen = "127.0.0.1:8080"
    data_dir = "data"
    time_zone = "Europe/London"
    allow_unauthenticated = false
    trust = "TRUST"

    [verify]
    every = "1 d"
    "#);
}

#[test]
fn the_data_are_verified_once_a_day_or_as_often_as_is_said_within_reason() {
    let every = |text: &str| Config::parse(text, None).unwrap().verify_every;
    assert_eq!(every(""), Duration::from_hours(24));
    assert_eq!(every("[verify]\nevery = \"7 d\""), Duration::from_hours(7 * 24));
    assert_eq!(
        complaint("[verify]\nevery = \"1 min\""),
        "line 2: every \"1 min\" is no time from 1 h to 31 d: write one such as \"1 d\""
    );
}

#[test]
fn a_scanner_without_a_session_has_its_own() {
    let text = "[[desk]]\ncode = \"A\"\nplace = \"B\"\n[[desk.scanner]]\nport = \"/dev/ttyS0\"\n";
    let config = Config::parse(text, None).unwrap();
    assert_eq!(config.desks[0].scanners[0].session, "/dev/ttyS0");
    assert_eq!(config.desks[0].scanners[0].profile, "generic-serial");
}

#[test]
fn usb_scanners_are_named_by_socket_or_by_serial_number() {
    let text = format!(
        "{DESK}[[desk.scanner]]\nport = \"usb://1-2.4\"\ndevice = \"05E0:1701\"\n\
         [[desk.scanner]]\nport = \"usb-serial://0c2e:0901/ABC123\"\n[scanners]\nadopt = \"none\"\n"
    );
    let config = Config::parse(&text, None).unwrap();
    assert_eq!(config.adopt, Adopt::None);
    let claims: Vec<_> =
        config.desks[0].scanners.iter().map(|scanner| scanner.claim.clone().unwrap()).collect();
    let location = "1-2.4".parse().unwrap();
    assert_eq!(claims[0], Claim::Socket { location, device: Some((0x05e0, 0x1701)) });
    assert_eq!(claims[1], Claim::Serial { vid: 0x0c2e, pid: 0x0901, serial: "ABC123".to_owned() });
    let again = Config::parse(&config.in_force().unwrap(), None).unwrap();
    assert_eq!((again.desks, again.adopt), (config.desks, config.adopt));
}

#[test]
fn every_address_but_this_machine_must_be_allowed() {
    for local in ["127.0.0.1:1", "127.8.0.1:1", "[::1]:1", "localhost:1"] {
        let config = Config::parse(&format!("[server]\nlisten = \"{local}\""), None).unwrap();
        assert_eq!(config.access, Access::ThisMachine, "{local}");
    }
    for open in ["0.0.0.0:1", "[::]:1", "10.0.0.1:1", "[::ffff:127.0.0.1]:1"] {
        let text = format!("[server]\nlisten = \"{open}\"");
        assert!(Config::parse(&text, None).is_err(), "{open}");
        let config = Config::parse(&format!("{text}\nallow_unauthenticated = true"), None).unwrap();
        assert_eq!(config.access, Access::Everybody, "{open}");
    }
}

#[test]
fn the_data_folder_of_the_command_line_counts() {
    let mut config = Config::parse(WHOLE, None).unwrap();
    config.set_data_dir(Path::new("/srv/casetrack"));
    assert_eq!(config.data_dir, Path::new("/srv/casetrack"));
    assert!(config.in_force().unwrap().contains("data_dir = \"/srv/casetrack\""));
}

/// The complaint about `text`, without the file's name.
fn complaint(text: &str) -> String {
    Config::parse(text, None).unwrap_err().to_string().replace("casetrack.toml, ", "")
}

const DESK: &str = "[[desk]]\ncode = \"A\"\nplace = \"B\"\n";

#[test]
fn every_mistake_is_told_with_its_line_and_its_remedy() {
    let many_scanners: String =
        (0..17).fold(String::new(), |text, n| text + &format!("[[desk.scanner]]\nport = \"/dev/ttyS{n}\"\n"));
    let label = |lines: &str| format!("[[label]]\nsite = \"RX1\"\nmeans = \"folder\"\n{lines}");
    let cases = [
        "[server]\nlisen = \"127.0.0.1:1\"".to_owned(),
        "[sever]".to_owned(),
        "[server]\nlisten = 8080".to_owned(),
        "[server]\n\nlisten = \"here\"".to_owned(),
        "[server]\nlisten = \"0.0.0.0:80\"".to_owned(),
        "[server]\ntime_zone = \"Europe/Londn\"".to_owned(),
        "[server]\ntrust = \"Ä\"".to_owned(),
        "[[desk]]\ncode = \"A\"".to_owned(),
        "[[desk]]\ncode = \"\"\nplace = \"B\"".to_owned(),
        "[[desk]]\ncode = \"~web\"\nplace = \"B\"".to_owned(),
        format!("{DESK}\n[[desk]]\ncode = \"a\"\nplace = \"C\""),
        format!("{DESK}sign_on = \"maybe\""),
        format!("{DESK}sign_on_idle = \"15\""),
        format!("{DESK}sign_on_idle = \"1 s\""),
        format!("{DESK}pairing = 29"),
        format!("{DESK}pairing = 30\n[[desk]]\ncode = \"C\"\nplace = \"B\"\npairing = 30"),
        format!("{DESK}[[desk.scanner]]\nport = \"udp://x:1\""),
        format!("{DESK}[[desk.scanner]]\nport = \"tcp://x\""),
        format!("{DESK}[[desk.scanner]]\nport = \"/dev/ttyS0\"\n[[desk.scanner]]\nport = \"/dev/ttyS0\""),
        format!("{DESK}[[desk.scanner]]\nport = \"/dev/ttyS0\"\nprofile = \"../x\""),
        format!("{DESK}[[desk.scanner]]\nport = \"/dev/ttyS0\"\nsession = \" \""),
        format!("{DESK}[[desk.scanner]]\nport = \"/dev/ttyS0\"\nbaud = 9600"),
        format!("{DESK}{many_scanners}"),
        format!("{DESK}[[desk.scanner]]\nport = \"usb://dev\""),
        format!("{DESK}[[desk.scanner]]\nport = \"usb-serial://0c2e:0901\""),
        format!("{DESK}[[desk.scanner]]\nport = \"usb-serial://05e0:1701/USB_CDC_SYMBOL_SCANNER\""),
        format!("{DESK}[[desk.scanner]]\nport = \"usb://1-2.4\"\ndevice = \"5e0:1701\""),
        format!("{DESK}[[desk.scanner]]\nport = \"/dev/ttyS0\"\ndevice = \"05e0:1701\""),
        "[scanners]\nadopt = \"all\"".to_owned(),
        label("pattern = \"^RX$\""),
        label("pattern = \"(\""),
        label("pattern = \"(?<number>.*)\"\ncheck = \"mod10\""),
        label("pattern = \"(?<number>.*)\"\nsymbology = \"ean\""),
        "[[label]]\npattern = \"(?<number>.*)\"\nsite = \"RX1\"\nmeans = \"box\"".to_owned(),
        "[server".to_owned(),
    ];
    let told: Vec<_> = cases.iter().map(|text| complaint(text)).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    line 2: unknown field `lisen`, expected one of `listen`, `data_dir`, `time_zone`, `allow_unauthenticated`, `trust`: correct or remove it
    line 1: unknown field `sever`, expected one of `server`, `desk`, `label`, `numbering`, `printer`, `scanners`, `locate`: correct or remove it
    line 2: invalid type: integer `8080`, expected a string: correct or remove it
    line 3: listen "here" is no address with a port: write one such as "127.0.0.1:8080"
    line 2: listen "0.0.0.0:80" lets other machines in, and nobody signs in yet: use 127.0.0.1 behind a proxy that asks who it is, or write allow_unauthenticated = true if everybody in that network may see and move everything
    line 2: time_zone "Europe/Londn" is not known: write one such as "Europe/London"
    line 2: trust: "Ä" cannot be a code: use 1 to 32 letters, digits and signs without accents
    line 1: missing field `place`: correct or remove it
    line 2: code: "" cannot be a code: use 1 to 32 letters, digits and signs without accents
    line 2: desk ~WEB: codes that begin with ~ are kept for the program
    line 6: desk A is there twice: give each desk a code of its own
    line 4: unknown variant `maybe`, expected `optional` or `required`: correct or remove it
    line 4: sign_on_idle "15" is no time from 10 s to 12 h: write one such as "15 min"
    line 4: sign_on_idle "1 s" is no time from 10 s to 12 h: write one such as "15 min"
    line 4: pairing 29: numbers below 30 are command cards; use 30 or more
    line 8: pairing 30 is desk A's already: give each desk a number of its own
    line 5: port: "udp://x:1" is no port: write a path such as /dev/serial/by-path/…, usb://1-2.4, usb-serial://0c2e:0901/SERIAL or tcp://HOST:PORT
    line 5: port: "tcp://x" is no port: write a path such as /dev/serial/by-path/…, usb://1-2.4, usb-serial://0c2e:0901/SERIAL or tcp://HOST:PORT
    line 7: port /dev/ttyS0 is a scanner of desk A already: one scanner stands at one desk
    line 6: profile "../x" is no profile's name: `casetrack scanner profiles` lists them
    line 6: session: write a name of 1 to 128 letters and digits
    line 6: unknown field `baud`, expected one of `port`, `device`, `profile`, `session`: correct or remove it
    line 37: more than 16 scanners at desk A: make it two desks
    line 5: port: "usb://dev" is no port: write a path such as /dev/serial/by-path/…, usb://1-2.4, usb-serial://0c2e:0901/SERIAL or tcp://HOST:PORT
    line 5: port: "usb-serial://0c2e:0901" is no port: write a path such as /dev/serial/by-path/…, usb://1-2.4, usb-serial://0c2e:0901/SERIAL or tcp://HOST:PORT
    line 5: port: "usb-serial://05e0:1701/USB_CDC_SYMBOL_SCANNER": this serial number does not tell one scanner from another: write its socket, usb://1-2.4
    line 6: device "5e0:1701" is none: write vendor and product, four hex digits each, e.g. "05e0:1701"
    line 6: device: only a USB socket holds now this device, now that: write it beside port = "usb://1-2.4", or leave it out
    line 2: unknown variant `all`, expected `known` or `none`: correct or remove it
    line 4: the pattern needs a group (?<number>…) that says which part is the number
    line 4: the pattern is not a regular expression: regex parse error: ( ^ error: unclosed group
    line 5: check: "mod10" is not one of: none, mod43
    line 5: symbology: "ean" is not one of: code39, code128, gs1-128, itf, codabar, code93, datamatrix, gs1-datamatrix, qr, gs1-qr, pdf417, aztec
    line 4: means: "box" is not one of: folder, patient, ask
    line 1: unclosed table, expected `]`: correct or remove it
    "#);
}

#[test]
fn desks_and_rules_have_limits() {
    let desks: String = (0..=MAX_DESKS)
        .fold(String::new(), |text, n| text + &format!("[[desk]]\ncode = \"D{n}\"\nplace = \"P\"\n"));
    assert!(complaint(&desks).ends_with("more than 2048 desks: part the service in two"));
    let rule = "[[label]]\npattern = \"(?<number>.*)\"\nsite = \"RX1\"\nmeans = \"ask\"\n";
    assert!(complaint(&rule.repeat(65)).ends_with("more than 64 label rules: join some patterns"));
}

#[test]
fn a_named_file_that_is_not_there_is_told() {
    let error = Config::load(Some(Path::new("/nowhere/casetrack.toml")), None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot read the configuration /nowhere/casetrack.toml: name another with --config FILE"
    );
}

#[test]
fn a_hospitals_own_form_of_barcodes_is_checked_and_told_again() {
    let config = Config::parse("[numbering]\nfolder = \"RX{number}{volume:02}\"\n", None).unwrap();
    assert_eq!(config.numbering, Numbering::Hospital("RX{number}{volume:02}".to_owned()));
    assert!(config.in_force().unwrap().contains("folder = \"RX{number}{volume:02}\""));
    assert_eq!(Config::parse("", None).unwrap().numbering, Numbering::Ours);
    let wrong = Config::parse("\n[numbering]\nfolder = \"RX{number}\"\n", None).unwrap_err().to_string();
    assert!(wrong.contains(":3:") || wrong.contains("line 3"), "{wrong}");
    assert!(wrong.contains("must hold both {number} and {volume}"), "{wrong}");
}

const PRINTER: &str = "[[printer]]\nname = \"P\"\nvia = \"tcp://10.1.2.9:9100\"\ndpi = 203\n";

#[test]
fn printers_are_told_by_their_way_their_dots_and_what_lies_in_them() {
    let text = format!(
        "{PRINTER}stock = \"70x35\"\n\
         [[printer]]\nname = \"Library\"\nvia = \"ipp://print.local/printers/Library\"\ndpi = 600\n\
         colours = \"ten\"\noffset = [3, -2]\n[[printer.tray]]\nsource = \"tray-2\"\nstock = \"l7160\"\noffset = [0, 5]\n\
         [[printer]]\nname = \"Spool\"\nvia = \"folder:spool\"\ndpi = 203\nlanguage = \"zpl\"\n"
    );
    let config = Config::parse(&text, Some(Path::new("/etc/casetrack/casetrack.toml"))).unwrap();
    let [label, office, spool] = config.printers.as_slice() else { panic!("three printers") };
    assert_eq!((&label.via, label.language), (&Via::Tcp("10.1.2.9:9100".to_owned()), Language::Zpl));
    let Via::Ipp(server) = &office.via else { panic!("IPP") };
    assert_eq!(server.uri(), "ipp://print.local:631/printers/Library");
    assert_eq!(office.printer("L7160").offset, (0, 5));
    assert_eq!(office.printer("L7163").offset, (3, -2));
    assert_eq!(spool.via, Via::Folder(PathBuf::from("/etc/casetrack/spool")));
    let again = Config::parse(&config.in_force().unwrap(), Some(Path::new("/etc/casetrack/x"))).unwrap();
    assert_eq!(again.printers, config.printers);
}

#[test]
fn a_printer_that_cannot_be_is_told_with_its_line() {
    let replaced = |from: &str, to: &str| PRINTER.replace(from, to);
    let of_desk =
        |name: &str, stock: &str| format!("{PRINTER}stock = \"{stock}\"\n{DESK}label_printer = \"{name}\"");
    let tray = |lines: &str| format!("{PRINTER}[[printer.tray]]\nstock = \"L7160\"\n{lines}");
    let cases = [
        format!("{PRINTER}speed = 4"),
        format!("{PRINTER}{PRINTER}"),
        replaced("name = \"P\"", "name = \" \""),
        replaced("tcp://10.1.2.9:9100", "usb:1"),
        replaced("tcp://10.1.2.9:9100", "tcp://10.1.2.9"),
        replaced("tcp://10.1.2.9:9100", "ipp://host"),
        replaced("dpi = 203", "dpi = 96"),
        format!("{PRINTER}language = \"pdf\""),
        format!("{PRINTER}language = \"epl\""),
        format!("{PRINTER}colours = \"ten\""),
        format!("{PRINTER}stock = \"L9999\""),
        format!("{PRINTER}offset = [0, 9999]"),
        tray("source = \"the left one\""),
        of_desk("Q", "70x35"),
        of_desk("P", "L7160"),
        format!("{PRINTER}{DESK}label_printer = \"P\""),
    ];
    let told: Vec<_> = cases.iter().map(|text| complaint(text)).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    line 5: unknown field `speed`, expected one of `name`, `via`, `dpi`, `colours`, `language`, `stock`, `offset`, `tray`: correct or remove it
    line 6: printer P is there twice: give each printer a name of its own
    line 2: name: write one of 1 to 64 letters and digits
    line 3: via "usb:1" is no way to a printer: write one such as "ipp://print.local:631/printers/Labels", "tcp://10.1.2.9:9100" or "folder:spool"
    line 3: via "tcp://10.1.2.9" is no way to a printer: write one such as "ipp://print.local:631/printers/Labels", "tcp://10.1.2.9:9100" or "folder:spool"
    line 3: via "ipp://host" is no way to a printer: write one such as "ipp://print.local:631/printers/Labels", "tcp://10.1.2.9:9100" or "folder:spool"
    line 4: dpi 96: 150 to 1200 are possible, such as 203, 300, 600
    line 5: language "pdf" does not go this way: ipp:// takes pdf, tcp:// takes zpl
    line 5: language "epl" is none: write "pdf" or "zpl"
    line 5: colours: a printer that is told ZPL prints black alone
    line 5: stock "L9999" is not one of: 102x51, 102x76, 11356, 50x25, 70x35, 99010, 99012, 99014, A4, A4-CARDS, A4-DESTINATIONS, DK-11201, DK-11202, DK-11208, L4760, L7159, L7160, L7161, L7163, L7165, L7651
    line 5: offset [0, 9999]: whole dots, at most 1200 each way
    line 7: source "the left one" is no tray: write the printer's own word, such as "tray-2" or "manual"
    line 9: label_printer "Q" is no printer of this file: write the name of a [[printer]]
    line 9: label_printer "P" prints a label at a time: give that printer the stock of a roll, such as "70x35"
    line 8: label_printer "P" prints a label at a time: give that printer the stock of a roll, such as "70x35"
    "#);
}

#[test]
fn what_plans_of_where_to_look_cannot_read_out_of_the_places_is_said_or_left_out() {
    let usual = Config::parse("", None).unwrap().locate;
    assert_eq!((usual.filing, usual.fetched), (Filing::TerminalDigit, Duration::from_hours(48)));
    assert_eq!(usual.look(Role::Ward), Role::Ward.usual_look());
    let text = "[locate]\nfiling = \"straight\"\nfetched = \"24 h\"\nreturns = [\"ret\"]\n\
                [[locate.library]]\ncode = \"LIB2\"\nfiling = \"by-place\"\n\
                [locate.look.ward]\nminutes = 12\ndetection = 0.7\n";
    let config = Config::parse(text, None).unwrap();
    let said = config.locate.clone();
    let code = |text: &str| text.parse::<Code>().unwrap();
    assert_eq!(said.filing_of(&code("LIB2")), Filing::ByPlace);
    assert_eq!(said.filing_of(&code("LIB")), Filing::Straight);
    assert_eq!(said.returns, Some(vec![code("RET")]));
    assert_eq!(said.look(Role::Ward), Effort::new(12.0, 0.7));
    assert_eq!(Config::parse(&config.in_force().unwrap(), None).unwrap().locate, said);
    let told: Vec<_> = [
        "[locate]\nfiling = \"by-name\"",
        "[locate]\nfetched = \"a week\"",
        "[locate.look.garden]\nminutes = 1",
        "[locate.look.ward]\ndetection = 1.0",
    ]
    .iter()
    .map(|text| complaint(text))
    .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    line 2: filing: "by-name" is not one of: terminal-digit, straight, middle-digit, by-place
    line 2: fetched "a week" is no time from 1 min to 14 days: write one such as "48 h"
    line 1: look: "garden" is not one of: library, clinic, ward, secretary, office, coding, store, other, returns
    line 2: detection 1: from 0.05 to 0.99 are possible
    "#);
}
