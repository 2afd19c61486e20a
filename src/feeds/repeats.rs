//! Rows of one file that tell of the same: the same twice is taken once, what contradicts is taken from neither.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::cells::Reason;
use crate::domain::import::{Piece, VolumeRow};

/// Most claims that are kept in mind: they take 150 MB, and are those of three million volumes with barcodes or of seven
/// million movements. Of the rows behind them the store says what it knows already.
const MAX_CLAIMS: usize = 7_000_000;

/// What a row claims to know.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Claimed {
    /// All of one thing.
    Row,
    /// Whose label a text is.
    Barcode,
    /// Whose a casenote is.
    Casenote,
}

impl Claimed {
    fn contradiction(self, other: u64) -> Reason {
        match self {
            Self::Row => format!("row {other} tells of the same and differs: correct one, or leave one out"),
            Self::Barcode => {
                format!("row {other} has the same barcode for another folder: correct one of them")
            }
            Self::Casenote => {
                format!("row {other} has the same casenote for another patient: correct one of them")
            }
        }
    }
}

/// Of what a row claims it, and what it says: digests, since a file has millions of rows. That two of three million
/// things share one has a chance of one in four million, and would be seen: both rows come back.
struct Claim {
    what: Claimed,
    of: u64,
    said: u32,
}

impl Claim {
    fn new(what: Claimed, of: impl Hash, said: impl Hash) -> Self {
        // Half of a digest tells two rows apart that are known to tell of the same.
        let said = u32::try_from(digest(said) >> 32).unwrap_or(0);
        Self { what, of: digest((what, of)), said }
    }
}

fn digest(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// Which rows of a file are repeated.
#[derive(Default)]
pub(super) struct Repeats {
    /// Rows that say what an earlier one has said, and which.
    same: HashMap<u64, u64>,
    /// Rows that contradict another, which one, and in what.
    against: HashMap<u64, (u64, Claimed)>,
    /// Rows that were not compared.
    uncompared: u64,
}

/// What becomes of a row beside the other rows of its file.
pub(super) enum Standing {
    /// Nothing speaks against it.
    Alone,
    /// An earlier one has said it.
    Same,
    /// Another contradicts it.
    Against(Reason),
}

impl Repeats {
    pub(super) fn standing(&self, row: u64) -> Standing {
        match (self.against.get(&row), self.same.contains_key(&row)) {
            (Some((other, what)), _) => Standing::Against(what.contradiction(*other)),
            (None, true) => Standing::Same,
            (None, false) => Standing::Alone,
        }
    }

    /// How many rows say what an earlier one has said.
    pub(super) fn same(&self) -> usize {
        self.same.len()
    }

    /// How many rows contradict another.
    pub(super) fn against(&self) -> usize {
        self.against.len()
    }

    /// How many rows were not compared with the rest.
    pub(super) fn uncompared(&self) -> u64 {
        self.uncompared
    }

    /// The first row that says what an earlier one has said, and that one.
    pub(super) fn first_same(&self) -> Option<(u64, u64)> {
        self.same.iter().map(|(row, first)| (*row, *first)).min()
    }
}

/// Looks for repeated rows, from the first row of a file to its last.
#[derive(Default)]
pub(super) struct Looking {
    /// Of what something is claimed, in which row, and what.
    claims: HashMap<u64, (u32, u32)>,
    found: Repeats,
}

impl Looking {
    /// Looks at good rows with their numbers.
    pub(super) fn at(&mut self, piece: &Piece, numbers: impl Iterator<Item = u64>) {
        match piece {
            Piece::Places(rows) => {
                self.each(rows, numbers, |row| vec![Claim::new(Claimed::Row, &row.code, row)])
            }
            Piece::Staff(rows) => {
                self.each(rows, numbers, |row| vec![Claim::new(Claimed::Row, &row.badge, row)])
            }
            Piece::Patients(rows) => self.each(rows, numbers, |row| {
                vec![Claim::new(Claimed::Row, (&row.site, &row.hospital_number), row)]
            }),
            Piece::Volumes(rows) => self.each(rows, numbers, volume),
            Piece::Appointments(lists) => self.each(&lists.rows, numbers, |row| {
                let of = (&row.clinic, row.starts_at, &row.site, &row.hospital_number);
                vec![Claim::new(Claimed::Row, of, row)]
            }),
            // Who told of a move and where from make it no other.
            Piece::Movements(rows) => self.each(rows, numbers, |row| {
                vec![Claim::new(Claimed::Row, (&row.barcode, row.at, &row.to), ())]
            }),
        }
    }

    fn each<T>(&mut self, rows: &[T], numbers: impl Iterator<Item = u64>, claims: impl Fn(&T) -> Vec<Claim>) {
        for (row, number) in rows.iter().zip(numbers) {
            if self.claims.len() >= MAX_CLAIMS {
                self.found.uncompared += 1;
                continue;
            }
            // What the first claim finds repeated, the others would.
            for claim in claims(row) {
                if !self.is_new(&claim, number) {
                    break;
                }
            }
        }
    }

    /// Whether nobody has claimed it, or the same was said of it.
    fn is_new(&mut self, claim: &Claim, number: u64) -> bool {
        let here = u32::try_from(number).unwrap_or(u32::MAX);
        let (first, said) = *self.claims.entry(claim.of).or_insert((here, claim.said));
        let first = u64::from(first);
        if first == number {
            return true;
        }
        if said == claim.said {
            if claim.what == Claimed::Row {
                self.found.same.insert(number, first);
                return false;
            }
            return true;
        }
        self.found.against.insert(number, (first, claim.what));
        self.found.against.entry(first).or_insert((number, claim.what));
        false
    }

    /// What was found. A row that says what a contradicted one says is contradicted too.
    pub(super) fn end(mut self) -> Repeats {
        let against = &mut self.found.against;
        self.found.same.retain(|row, first| match against.get(first).copied() {
            Some(contradiction) => {
                against.insert(*row, contradiction);
                false
            }
            None => true,
        });
        self.found
    }
}

fn volume(row: &VolumeRow) -> Vec<Claim> {
    let casenote = (&row.site, &row.number_type, row.casenote.as_ref().unwrap_or(&row.hospital_number));
    let folder = (casenote, row.volume);
    let mut claims = vec![Claim::new(Claimed::Row, folder, row)];
    claims.extend(row.barcode.as_ref().map(|barcode| Claim::new(Claimed::Barcode, barcode, folder)));
    if row.casenote.is_some() {
        claims.push(Claim::new(Claimed::Casenote, casenote, &row.hospital_number));
    }
    claims
}
