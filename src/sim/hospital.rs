//! Marlcombe General Hospital, which does not exist: its places, people and folders, as rows of an import.
//!
//! Every patient and every folder follows from the seed and its own number alone. So nothing is kept, and two
//! million folders cost no more memory than one.

mod rooms;

use jiff::civil::Date;

use super::names;
use super::random::Random;
use crate::domain::barcode::{OwnBarcode, OwnKind};
use crate::domain::casenote::{LabelText, VolumeKind};
use crate::domain::import::{
    HOSPITAL_NUMBER, MAX_PIECE_ROWS, PatientRow, Piece, PlaceRow, Restriction, Said, StaffRow, VolumeRow,
};
use crate::domain::patient::{NhsNumber, Number};
use crate::domain::place::Code;

/// The code of the site that issues all numbers.
pub const SITE: &str = "MGH";
/// The code of the library.
pub const LIBRARY: &str = "LIB";
/// The code of the library's returns area.
pub const RETURNS: &str = "LIB-RET";
/// The code of the store outside the hospital.
pub const OFF_SITE: &str = "STORE";
/// Shelves of the library: one for each last two digits of a number.
pub const SHELVES: u64 = 100;
/// Crates, trolleys, boxes and bags.
pub const CONTAINERS: u64 = 20;
/// People with a badge.
pub const STAFF: u64 = 60;

/// How many patients there are in a round, and their folders: the fewest that give one and a half each.
const ROUND_PATIENTS: u64 = 50;
const ROUND_FOLDERS: u64 = 75;
/// How many of a round's patients have so many folders: 33 one, 11 two, 4 three, 2 four.
const FOLDERS_OF: [(u64, u64); 4] = [(33, 1), (11, 2), (4, 3), (2, 4)];

/// Folders that are on hold, in a thousand.
pub const ON_HOLD: u64 = 10;
/// Folders that are restricted, in a thousand.
pub const RESTRICTED: u64 = 4;
/// Later volumes that are temporary, in a thousand.
const TEMPORARY: u64 = 40;
/// Patients whose folders have left their shelf in the last month, in a thousand.
const BORROWED: u64 = 250;
/// Folders that stand outside the hospital, in a thousand.
const STANDS_OFF_SITE: u64 = 80;
/// Folders nobody has ever scanned, in a thousand.
const NEVER_SEEN: u64 = 10;

/// How large a hospital is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    /// How many folders.
    pub folders: u64,
}

impl Size {
    /// 20,000 patients with 30,000 folders.
    pub const DEMO: Self = Self { folders: 30_000 };
    /// 400 patients with 600 folders, for tests.
    pub const SMALL: Self = Self { folders: 600 };
    /// The largest hospital group that the benches know.
    pub const BENCH: Self = Self { folders: 2_000_000 };

    /// How many patients: two for every three folders, in whole rounds.
    pub const fn patients(self) -> u64 {
        self.folders.div_ceil(ROUND_FOLDERS) * ROUND_PATIENTS
    }
}

/// Whether a desk asks for a badge before anything is sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Badge {
    /// Anybody may do everything.
    Optional,
    /// Only receiving works without one.
    Required,
}

/// A desk of the hospital.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeskPlan {
    /// Its code.
    pub code: Code,
    /// The code of its place.
    pub place: Code,
    /// Whether it asks for a badge.
    pub badge: Badge,
    /// The number of its pairing card.
    pub pairing: u32,
    /// The badge of the person who usually works there.
    pub clerk: Code,
}

/// One folder, before any store has a key for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Folder {
    /// Its label.
    pub label: LabelText,
    /// The number of its patient, from 0.
    pub patient: u64,
    /// Which volume, from 1.
    pub volume: u32,
    /// What it is.
    pub kind: VolumeKind,
    /// The shelf it belongs on, 0 to 99.
    pub shelf: u64,
    /// What stands in its way.
    pub bar: Bar,
    /// Where it was a month ago.
    pub stood: Stood,
}

/// Whether a folder may leave.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Bar {
    /// It may.
    Free,
    /// On hold, for this reason.
    Hold(&'static str),
    /// Only named people may send it on.
    Restricted,
}

/// Where a folder was a month ago.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Stood {
    /// On its shelf; since then it has been borrowed.
    Borrowed,
    /// On its shelf, and it has not moved.
    Shelf,
    /// Outside the hospital.
    OffSite,
    /// Nobody knows.
    NeverSeen,
}

/// A hospital that follows from its seed.
#[derive(Clone, Debug)]
pub struct Hospital {
    /// The seed.
    pub seed: u64,
    /// How large it is.
    pub size: Size,
    /// Its places, parents first.
    pub places: Vec<PlaceRow>,
    /// Its people.
    pub staff: Vec<StaffRow>,
    /// Its desks; the two of the library first.
    pub desks: Vec<DeskPlan>,
    /// How many folders each patient of a round has.
    round: Vec<u64>,
}

/// Clinics, wards and offices with a desk: the first so many of each.
pub const CLINIC_DESKS: u64 = 6;
/// Wards with a desk.
pub const WARD_DESKS: u64 = 2;
/// Secretaries' offices with a desk.
pub const OFFICE_DESKS: u64 = 4;
/// All clinics.
pub const ALL_CLINICS: u64 = 30;
/// All wards.
pub const ALL_WARDS: u64 = 18;
/// All secretaries' offices.
pub const ALL_OFFICES: u64 = 20;

/// The code of the library.
pub fn library() -> Code {
    code(LIBRARY)
}

/// The code of clinic `n`, from 0.
pub fn clinic(n: u64) -> Code {
    code(&format!("CLIN-{:02}", n + 1))
}

/// The code of ward `n`, from 0.
pub fn ward(n: u64) -> Code {
    code(&format!("WARD-{:02}", n + 1))
}

/// The code of secretaries' office `n`, from 0.
pub fn office(n: u64) -> Code {
    code(&format!("SEC-{:02}", n + 1))
}

/// The code of shelf `n`, 0 to 99.
pub fn shelf(n: u64) -> Code {
    code(&format!("S{:02}", n % SHELVES))
}

/// The code of container `n`, from 0.
pub fn container(n: u64) -> Code {
    code(&format!("{}-{:02}", if n < 14 { "CRATE" } else { "TROLLEY" }, n + 1))
}

/// The badge of person `n`, from 0.
pub fn badge(n: u64) -> Code {
    code(&format!("B{:03}", n + 101))
}

#[expect(clippy::expect_used, reason = "every code here is made of ASCII letters and digits")]
pub(super) fn code(text: &str) -> Code {
    text.parse().expect("a code of ours fits")
}

#[expect(clippy::expect_used, reason = "digits are a number")]
pub(super) fn number(digits: u64) -> Number {
    digits.to_string().parse().expect("digits are a number")
}

/// The label of folder `n`, from 0.
#[expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a barcode of ours is ASCII and short")]
pub fn label(n: u64) -> LabelText {
    OwnBarcode::new(OwnKind::Volume, n + 1).to_string().parse().expect("a barcode of ours is a label")
}

impl Hospital {
    /// The hospital of `seed`.
    pub fn build(seed: u64, size: Size) -> Self {
        let mut random = Random::of_part(seed, 0x0707);
        let mut round: Vec<u64> =
            FOLDERS_OF.iter().flat_map(|(patients, each)| (0..*patients).map(|_| *each)).collect();
        random.shuffle(&mut round);
        let staff = rooms::staff(&mut random);
        Self { seed, size, places: rooms::places(&mut random), staff, desks: rooms::desks(), round }
    }

    /// Its patients, in no order a reader could guess.
    pub fn patients(&self) -> impl Iterator<Item = PatientRow> + '_ {
        (0..self.size.patients()).map(|n| self.patient(n))
    }

    /// Its folders as rows; `place` where it is said to be, for those that have not moved for a month.
    pub fn volumes(&self) -> impl Iterator<Item = VolumeRow> + '_ {
        (0..self.size.folders).map(|n| self.volume(n))
    }

    /// Everything to import, parents first, in pieces that a store takes.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> + '_ {
        let places = self.places.chunks(MAX_PIECE_ROWS).map(|rows| Piece::Places(rows.to_vec()));
        let staff = self.staff.chunks(MAX_PIECE_ROWS).map(|rows| Piece::Staff(rows.to_vec()));
        let patients = in_pieces(self.patients()).map(Piece::Patients);
        places.chain(staff).chain(patients).chain(in_pieces(self.volumes()).map(Piece::Volumes))
    }

    /// The hospital number of patient `n`: six digits for two thirds of them, seven for the rest, none twice.
    pub fn hospital_number(&self, n: u64) -> u64 {
        let six = (self.size.patients() * 2 / 3).min(800_000);
        // Both factors share no divisor with their range, so that no number comes twice.
        if n < six {
            100_000 + (n * 386_117 + self.seed % 900_000) % 900_000
        } else {
            1_000_000 + ((n - six) * 4_386_119 + self.seed % 9_000_000) % 9_000_000
        }
    }

    /// Patient `n`, from 0.
    pub fn patient(&self, n: u64) -> PatientRow {
        let mut random = Random::of_part(self.seed, n << 8);
        let died = random.happens(60);
        let surname = names::surname(&mut random);
        let forename = names::forename(&mut random);
        let year = i16::try_from(2_025 - random.between(0, 58) - random.between(0, 40)).unwrap_or(1_970);
        let day = |random: &mut Random, year: i16| {
            let month = i8::try_from(random.between(1, 12)).unwrap_or(1);
            Date::new(year, month, i8::try_from(random.between(1, 28)).unwrap_or(1)).ok()
        };
        let born = day(&mut random, year);
        let died = if died && year < 1_990 { day(&mut random, 2_025) } else { None };
        PatientRow {
            site: code(SITE),
            hospital_number: number(self.hospital_number(n)),
            nhs_number: nhs_number(n).into(),
            surname: Said::Is(surname),
            forename: Said::Is(forename),
            born: born.into(),
            died: died.into(),
        }
    }

    /// Folder `n`, from 0.
    pub fn folder(&self, n: u64) -> Folder {
        let (patient, volume, of) = self.whose(n);
        let mut random = Random::of_part(self.seed, (n << 8) | 1);
        let bar = match random.below(1_000) {
            at if at < ON_HOLD => {
                Bar::Hold(random.pick::<&str>(&["Coroner", "Legal claim", "Public inquiry", "Complaint"]))
            }
            at if at < ON_HOLD + RESTRICTED => Bar::Restricted,
            _ => Bar::Free,
        };
        let kind = match random.below(1_000) {
            at if at < TEMPORARY && volume > 1 && u64::from(volume) == of => VolumeKind::Temporary,
            at if at < 70 => VolumeKind::Maternity,
            at if at < 90 => VolumeKind::Therapy,
            at if at < 110 => VolumeKind::Emergency,
            _ => VolumeKind::Original,
        };
        let stood = match (random.below(1_000), bar) {
            (_, Bar::Free) if self.is_borrowed(patient) => Stood::Borrowed,
            (at, Bar::Free) if at < STANDS_OFF_SITE => Stood::OffSite,
            (at, Bar::Free) if at < STANDS_OFF_SITE + NEVER_SEEN => Stood::NeverSeen,
            _ => Stood::Shelf,
        };
        let last_two = self.hospital_number(patient) % SHELVES;
        Folder { label: label(n), patient, volume, kind, shelf: last_two, bar, stood }
    }

    /// Whether the last folder of the same patient is a temporary one: then the papers of two belong together.
    pub fn has_temporary(&self, n: u64) -> bool {
        let (_, volume, of) = self.whose(n);
        let last = (n + of).saturating_sub(u64::from(volume));
        self.folder(last).kind == VolumeKind::Temporary
    }

    /// Whether the patient was seen in the last month; all their folders went together.
    fn is_borrowed(&self, patient: u64) -> bool {
        Random::of_part(self.seed, (patient << 8) | 2).happens(BORROWED)
    }

    /// The patient of folder `n`, which of their folders it is, and how many they have.
    fn whose(&self, n: u64) -> (u64, u32, u64) {
        let mut before = 0;
        for (patient, folders) in (n / ROUND_FOLDERS * ROUND_PATIENTS..).zip(&self.round) {
            let within = n % ROUND_FOLDERS - before;
            if within < *folders {
                return (patient, u32::try_from(within + 1).unwrap_or(1), *folders);
            }
            before += folders;
        }
        unreachable!("a round's patients have all its folders")
    }

    /// The row of folder `n`.
    pub fn volume(&self, n: u64) -> VolumeRow {
        let folder = self.folder(n);
        let home = shelf(folder.shelf);
        VolumeRow {
            // A store that holds nothing else gives its barcodes in the order of these rows: those of `label`.
            barcode: None,
            site: code(SITE),
            hospital_number: number(self.hospital_number(folder.patient)),
            number_type: code(HOSPITAL_NUMBER),
            casenote: None,
            volume: folder.volume,
            kind: Said::Is(folder.kind),
            home: Said::Is(home.clone()),
            place: match folder.stood {
                Stood::Borrowed | Stood::NeverSeen => None,
                Stood::Shelf => Some(home),
                Stood::OffSite => Some(code(OFF_SITE)),
            },
            hold: if let Bar::Hold(why) = folder.bar { Said::Is(why.to_owned()) } else { Said::Nothing },
            restricted: (folder.bar == Bar::Restricted).then_some(Restriction::Restricted).into(),
            gone: None,
        }
    }
}

fn in_pieces<T>(mut rows: impl Iterator<Item = T>) -> impl Iterator<Item = Vec<T>> {
    std::iter::from_fn(move || {
        let piece: Vec<_> = rows.by_ref().take(MAX_PIECE_ROWS).collect();
        (!piece.is_empty()).then_some(piece)
    })
}

/// A valid number beginning with 999, 998 and so on, which are issued to nobody. One in eleven beginnings has no
/// check digit: that patient has no NHS number.
fn nhs_number(n: u64) -> Option<NhsNumber> {
    let stem = 999_000_000 - n / 1_000_000 * 1_000_000 + n * 618_033 % 1_000_000;
    let digits = format!("{stem:09}");
    let sum: u64 =
        digits.bytes().zip((2..=10).rev()).map(|(digit, weight)| u64::from(digit - b'0') * weight).sum();
    format!("{digits}{}", (11 - sum % 11) % 11).parse().ok()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::domain::place::PlaceKind;
    use crate::sim::random::USUAL_SEED;

    #[test]
    fn the_demo_hospital_is_as_large_as_promised() {
        let hospital = Hospital::build(USUAL_SEED, Size::DEMO);
        assert_eq!(hospital.patients().count(), 20_000);
        assert_eq!(hospital.volumes().count(), 30_000);
        let of = |kind| hospital.places.iter().filter(|place| place.kind == Said::Is(kind)).count();
        assert!(of(PlaceKind::Clinic) + of(PlaceKind::Ward) + of(PlaceKind::Office) >= 60);
        assert_eq!((of(PlaceKind::Shelf), of(PlaceKind::Container)), (100, 20));
        assert_eq!(hospital.desks.len(), 14);
    }

    #[test]
    fn no_number_and_no_volume_comes_twice() {
        let hospital = Hospital::build(USUAL_SEED, Size::DEMO);
        let numbers: HashSet<_> = hospital.patients().map(|row| row.hospital_number).collect();
        assert_eq!(numbers.len(), 20_000);
        let nhs: Vec<_> = hospital.patients().filter_map(|row| row.nhs_number.value().copied()).collect();
        assert_eq!(nhs.iter().collect::<HashSet<_>>().len(), nhs.len());
        assert!(nhs.len() > 17_500 && nhs.len() < 19_000, "{}", nhs.len());
        let volumes: HashSet<_> = hospital.volumes().map(|row| (row.hospital_number, row.volume)).collect();
        assert_eq!(volumes.len(), 30_000);
        let bench = Hospital::build(1, Size::BENCH);
        let patients = bench.size.patients();
        assert!((0..patients).map(|n| bench.hospital_number(n)).collect::<HashSet<_>>().len() == 1_333_350);
        assert!(bench.volume(1_999_999).home.value().is_some());
    }

    #[test]
    fn a_folder_belongs_on_the_shelf_of_its_last_two_digits() {
        let hospital = Hospital::build(3, Size::SMALL);
        for row in hospital.volumes() {
            let number = row.hospital_number.as_str();
            assert_eq!(row.home.value().unwrap().as_str(), format!("S{}", &number[number.len() - 2..]));
        }
    }

    #[test]
    fn pieces_hold_everything_once_and_are_small_enough() {
        let hospital = Hospital::build(3, Size::SMALL);
        let mut rows = [0; 4];
        for piece in hospital.pieces() {
            let (at, len) = match piece {
                Piece::Places(rows) => (0, rows.len()),
                Piece::Staff(rows) => (1, rows.len()),
                Piece::Patients(rows) => (2, rows.len()),
                Piece::Volumes(rows) => (3, rows.len()),
                Piece::Appointments(_) | Piece::Movements(_) => continue,
            };
            assert!(len <= MAX_PIECE_ROWS);
            rows[at] += len;
        }
        assert_eq!(rows, [hospital.places.len(), 60, 400, 600]);
    }

    #[test]
    fn every_parent_stands_before_its_places() {
        let hospital = Hospital::build(3, Size::SMALL);
        let mut known = HashSet::new();
        for row in &hospital.places {
            assert!(row.parent.value().is_none_or(|parent| known.contains(parent)), "{}", row.code);
            assert!(known.insert(row.code.clone()), "{} comes twice", row.code);
        }
    }
}
