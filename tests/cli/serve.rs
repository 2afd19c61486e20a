//! The service itself, from its start to its clean stop: scanners, pages, local socket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use casetrack::scan::proof::Symbol;
use casetrack::scan::pty::VirtualScanner;

const PLACES: &str =
    "code,name,kind,parent\nRX1,Royal,site,\nLIB,Library,library,RX1\nC5,Clinic 5,clinic,RX1\n";
const PATIENTS: &str = "site,hospital_number,surname\nRX1,H7771234,Zzyzxsmith\n";
const VOLUMES: &str = "barcode,site,hospital_number,volume\nRX77712341,RX1,H7771234,1\n";

struct Hospital {
    folder: PathBuf,
    scanner: VirtualScanner,
}

impl Hospital {
    fn new(test: &str) -> Self {
        let folder =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let (scanner, port) = VirtualScanner::new().unwrap();
        let config = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\n[[desk]]\ncode = \"CLI-5\"\nplace = \"C5\"\n\
             [[desk.scanner]]\nport = \"{}\"\nprofile = \"zebra-cdc\"\n",
            port.display()
        );
        for (name, text) in [
            ("casetrack.toml", config.as_str()),
            ("places.csv", PLACES),
            ("patients.csv", PATIENTS),
            ("volumes.csv", VOLUMES),
        ] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        Self { folder, scanner }
    }

    fn casetrack(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_casetrack"));
        command.current_dir(&self.folder).args(args);
        command
    }

    fn import_all(&self) {
        for kind in ["places", "patients", "volumes"] {
            let output = self.casetrack(&["import", kind, &format!("{kind}.csv")]).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }

    fn scan(&self, line: &str) -> Output {
        let mut command = self.casetrack(&["scan", "--desk", "CLI-5"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{line}").unwrap();
        child.wait_with_output().unwrap()
    }

    /// What the scanner was told, once it was told anything.
    fn heard(&self) -> Vec<u8> {
        for _ in 0..200 {
            let heard = self.scanner.heard();
            if !heard.is_empty() {
                return heard;
            }
            casetrack::clock::pause(Duration::from_millis(10));
        }
        Vec::new()
    }

    fn serve(&self) -> Service {
        let mut command = self.casetrack(&["serve", "--log", "debug"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let address = said.trim().strip_prefix("Casetrack is ready at http://").unwrap_or_default();
        Service { child, address: address.trim_end_matches('/').to_owned() }
    }
}

impl Drop for Hospital {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

struct Service {
    child: Child,
    address: String,
}

impl Service {
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let host = &self.address;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Asks until the answer holds `text`.
    fn wait_for(&self, path: &str, text: &str) -> String {
        for _ in 0..200 {
            let answer = self.get(path);
            if answer.contains(text) {
                return answer;
            }
            casetrack::clock::pause(Duration::from_millis(50));
        }
        panic!("{path} never said {text}: {}", self.get(path));
    }

    /// Ends it as systemd does; its exit code and its log.
    fn stop(mut self) -> (Option<i32>, String) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap().code(), log)
    }
}

#[test]
fn a_scanned_folder_is_on_its_page_and_the_stop_loses_nothing() {
    let hospital = Hospital::new("serve");
    hospital.import_all();
    let service = hospital.serve();
    assert!(service.get("/readyz").starts_with("HTTP/1.1 200"));
    hospital.scanner.scan("RX77712341").unwrap();
    let answer = service.wait_for("/api/v1/volumes/RX77712341", "\"state\":\"at\"");
    assert!(answer.contains("Clinic 5"), "{answer}");
    assert!(!hospital.heard().is_empty(), "the scanner is told");
    let (code, log) = service.stop();
    assert_eq!(code, Some(0), "{log}");
    for secret in ["Zzyzx", "H7771234", "RX7771234"] {
        assert!(!log.contains(secret), "{secret} in: {log}");
    }
    let verified = hospital.casetrack(&["verify"]).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    let asked = hospital.scan("RX77712341");
    assert!(String::from_utf8_lossy(&asked.stdout).starts_with("arrived\t"), "{asked:?}");
}

#[test]
fn a_scan_beside_a_running_service_goes_through_it() {
    let hospital = Hospital::new("scan-remote");
    let service = hospital.serve();
    hospital.import_all();
    let said = hospital.scan("RX77712341");
    assert!(String::from_utf8_lossy(&said.stderr).contains("speaking to the running service"), "{said:?}");
    assert!(String::from_utf8_lossy(&said.stdout).starts_with("arrived\t"), "{said:?}");
    assert!(service.get("/api/v1/volumes/RX77712341").contains("Clinic 5"));
    assert_eq!(service.stop().0, Some(0));
}

#[test]
fn a_scanner_works_as_soon_as_its_desks_place_is_imported() {
    let hospital = Hospital::new("late-places");
    let service = hospital.serve();
    hospital.import_all();
    for _ in 0..200 {
        hospital.scanner.scan("RX77712341").unwrap();
        if service.get("/api/v1/volumes/RX77712341").contains("\"state\":\"at\"") {
            break;
        }
        casetrack::clock::pause(Duration::from_millis(50));
    }
    service.wait_for("/api/v1/volumes/RX77712341", "\"state\":\"at\"");
    assert_eq!(service.stop().0, Some(0));
}

#[test]
fn a_desk_that_is_not_there_is_told() {
    let hospital = Hospital::new("no-desk");
    let mut command = hospital.casetrack(&["scan", "--desk", "NOWHERE"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "C0184").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no desk NOWHERE"), "{output:?}");
}

/// What a scanner sends of a symbol of the proof, before its suffix.
fn sent(symbol: Symbol) -> String {
    let identifier = match symbol {
        Symbol::Code39 => "]A0",
        Symbol::Gs1 => "]C1",
        Symbol::Ours | Symbol::LowerCase | Symbol::PairFirst | Symbol::PairSecond => "]C0",
    };
    format!("{identifier}{}", symbol.text())
}

#[test]
fn a_scanner_is_proved_over_its_own_line_and_a_missing_suffix_is_named_on_the_desks_page() {
    let hospital = Hospital::new("proof");
    hospital.import_all();
    let service = hospital.serve();
    // Without a suffix each read ends by silence, and is refused for it.
    let next = [
        (Symbol::Ours, "Proof: scan number 2"),
        (Symbol::Code39, "Proof: scan number 3"),
        (Symbol::Gs1, "Proof: scan number 4"),
        (Symbol::LowerCase, "Proof: scan number 5"),
        (Symbol::PairFirst, "Now the second of the two."),
        (Symbol::PairSecond, "The suffix is missing"),
    ];
    for (symbol, told) in next {
        hospital.scanner.send(sent(symbol).as_bytes()).unwrap();
        service.wait_for("/desks/CLI-5", told);
    }
    for symbol in Symbol::ALL {
        hospital.scanner.scan(&sent(symbol)).unwrap();
    }
    service.wait_for("/desks/CLI-5", "This scanner is ready");
    assert_eq!(service.stop().0, Some(0));
}
