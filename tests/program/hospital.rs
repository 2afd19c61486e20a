//! A small hospital in four CSV files and one config file, taken in by the real program.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::folder::Folder;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_casetrack");
/// Places that are no shelf: a library, three clinics, one ward.
pub const PLACES: [(&str, &str, &str); 5] = [
    ("LIB", "Main Library", "library"),
    ("CLIN-1", "Clinic 1", "clinic"),
    ("CLIN-2", "Clinic 2", "clinic"),
    ("CLIN-3", "Clinic 3", "clinic"),
    ("WARD-7", "Ward 7", "ward"),
];

/// What is taken in, in this order.
pub const KINDS: [&str; 4] = ["places", "staff", "patients", "volumes"];

/// One of our barcodes: the kind's letter, digits, two check digits by ISO 7064 MOD 97-10.
pub fn barcode(kind: char, number: usize, digits: usize) -> String {
    let body = format!("{kind}{number:0digits$}");
    let remainder = body.chars().chain("00".chars()).fold(0, |sum, c| {
        let value = c.to_digit(36).unwrap();
        (sum * if value > 9 { 100 } else { 10 } + value) % 97
    });
    format!("{body}{:02}", 98 - remainder)
}

/// The card of a command, as the desk card numbers them.
pub fn card(number: usize) -> String {
    barcode('C', number, 2)
}

/// The code of a desk, from 0.
pub fn desk(number: usize) -> String {
    format!("DESK-{number}")
}

/// The code of the place where a desk stands.
pub fn place_of(desk: usize) -> &'static str {
    PLACES[desk % PLACES.len()].0
}

/// The barcode of a volume, from 0: the hospital's own label, as it came with the folder.
pub fn volume(number: usize) -> String {
    format!("F{:07}", number + 1)
}

/// The number on the cover of a volume, from 0.
pub fn hospital_number(number: usize) -> String {
    (500_000 + number).to_string()
}

/// How large it is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Desks, spread over the places in turn.
    pub desks: usize,
    /// Volumes, one a patient.
    pub volumes: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self { desks: 3, volumes: 200 }
    }
}

/// A hospital's folder: config, CSV files, data.
pub struct Hospital {
    folder: Folder,
    data: PathBuf,
    size: Size,
    scanners: Vec<(usize, String)>,
    before_program: Vec<String>,
    space: String,
}

impl Hospital {
    /// Writes the files and lets the program take them in.
    pub fn open(name: &str, size: Size) -> Self {
        let mut hospital = Self::plan(name, size);
        hospital.found(&[]);
        hospital
    }

    /// A hospital whose imports run under strace with these options; the record of each is `KIND.record`.
    pub fn open_traced(name: &str, size: Size, options: &[&str]) -> Self {
        let mut hospital = Self::plan(name, size);
        hospital.before_program = ["strace", "-f"].iter().chain(options).map(ToString::to_string).collect();
        hospital.found(&[]);
        hospital.before_program.clear();
        hospital
    }

    /// A hospital whose desks have scanners at these ports: (desk, port).
    pub fn with_scanners(name: &str, size: Size, scanners: &[(usize, String)]) -> Self {
        let mut hospital = Self::plan(name, size);
        hospital.found(scanners);
        hospital
    }

    /// A hospital that keeps its data in this folder, and so much free on its disk: a warning below the one, a stop
    /// below the other.
    pub fn above_floors(name: &str, size: Size, data: &Path, floors: (&str, &str)) -> Self {
        let mut hospital = Self::plan(name, size);
        data.clone_into(&mut hospital.data);
        let (warn, stop) = floors;
        hospital.space = format!("\n[space]\nwarn_below = \"{warn}\"\nstop_below = \"{stop}\"\n");
        hospital.found(&[]);
        hospital
    }

    fn plan(name: &str, size: Size) -> Self {
        let folder = Folder::new(name);
        let data = folder.join("data");
        Self { folder, data, size, scanners: Vec::new(), before_program: Vec::new(), space: String::new() }
    }

    fn found(&mut self, scanners: &[(usize, String)]) {
        self.scanners = scanners.to_vec();
        std::fs::write(self.config(), self.config_text()).unwrap();
        for (kind, text) in KINDS.into_iter().zip([places(), staff(), self.patients(), self.volumes()]) {
            let file = self.folder.join(&format!("{kind}.csv"));
            std::fs::write(&file, text).unwrap();
            let output = self.import(kind, &file);
            assert!(output.status.success(), "import {kind}: {}", told(&output));
        }
    }

    fn import(&self, kind: &str, file: &Path) -> Output {
        let Some((tracer, options)) = self.before_program.split_first() else {
            return self.run(&["import", kind, &file.to_string_lossy()]);
        };
        let mut command = Command::new(tracer);
        command.args(options).arg("-o").arg(self.join(&format!("{kind}.record"))).arg(PROGRAM);
        command.args(["import", kind]).arg(file).arg("--config").arg(self.config());
        command.output().unwrap()
    }

    /// Runs a subcommand on this hospital.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).arg("--config").arg(self.config());
        command.output().unwrap()
    }

    /// Rebuilds the present from the movements and compares; fails the test if they differ.
    #[track_caller]
    pub fn verify(&self) {
        let output = self.run(&["verify"]);
        assert!(output.status.success(), "verify: {}", told(&output));
    }

    /// The config file.
    pub fn config(&self) -> PathBuf {
        self.folder.join("casetrack.toml")
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A name in the hospital's own folder.
    pub fn join(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// How large it is.
    pub fn size(&self) -> Size {
        self.size
    }

    fn config_text(&self) -> String {
        let data = self.data.display();
        let space = &self.space;
        let mut text = format!("[server]\nlisten = \"127.0.0.1:0\"\ndata_dir = \"{data}\"\n{space}");
        for number in 0..self.size.desks {
            let (code, place) = (desk(number), place_of(number));
            writeln!(text, "\n[[desk]]\ncode = \"{code}\"\nplace = \"{place}\"").unwrap();
            for (_, port) in self.scanners.iter().filter(|(at, _)| *at == number) {
                writeln!(text, "[[desk.scanner]]\nport = \"{port}\"\nprofile = \"generic-serial\"").unwrap();
            }
        }
        text
    }

    fn patients(&self) -> String {
        let mut text = "site,hospital_number,surname,forename\n".to_owned();
        for number in 0..self.size.volumes {
            writeln!(text, "RX1,{},Surname{number},Forename", hospital_number(number)).unwrap();
        }
        text
    }

    fn volumes(&self) -> String {
        let mut text = "barcode,site,hospital_number,volume\n".to_owned();
        for number in 0..self.size.volumes {
            writeln!(text, "{},RX1,{},1", volume(number), hospital_number(number)).unwrap();
        }
        text
    }
}

/// What a finished program said.
pub fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn places() -> String {
    let mut text = "code,name,kind,parent,phone\n".to_owned();
    for (code, name, kind) in PLACES {
        writeln!(text, "{code},{name},{kind},,2345").unwrap();
    }
    text.push_str("S1,Shelf 1,shelf,LIB,\nS2,Shelf 2,shelf,LIB,\n");
    text
}

fn staff() -> String {
    "badge,name,role\nS100001,Jo Clerk,clerk\nS100002,Sam Librarian,librarian\n".to_owned()
}
