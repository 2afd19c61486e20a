//! The header row: which column stands where.

use csv::StringRecord;

use super::{FileProblem, Kind, MAX_COLUMNS};

/// The columns of a kind; those that say which is which come first, so many of them as the number says.
const fn known(kind: Kind) -> (&'static [&'static str], usize) {
    match kind {
        Kind::Places => (
            &[
                "code",
                "name",
                "kind",
                "parent",
                "phone",
                "phone_out_of_hours",
                "open",
                "until",
                "consultants",
            ],
            1,
        ),
        Kind::Staff => (&["badge", "name", "role"], 1),
        Kind::Patients => {
            (&["site", "hospital_number", "nhs_number", "surname", "forename", "born", "died"], 2)
        }
        Kind::Appointments => (&["clinic", "starts_at", "site", "hospital_number", "consultant"], 4),
        Kind::Movements => (&["at", "barcode", "to", "from", "by"], 3),
        Kind::Volumes => (
            &[
                "site",
                "hospital_number",
                "barcode",
                "number_type",
                "casenote",
                "volume",
                "kind",
                "home",
                "place",
                "hold",
                "restricted",
                "gone",
            ],
            2,
        ),
    }
}

/// Which column stands where.
pub(super) struct Header {
    columns: Vec<String>,
    /// For each column of the file, which of ours it is.
    meanings: Vec<Option<&'static str>>,
}

impl Header {
    pub(super) fn read(kind: Kind, first: &StringRecord) -> Result<Self, FileProblem> {
        if first.len() > MAX_COLUMNS {
            return Err(FileProblem::TooManyColumns);
        }
        let (known, identifying) = known(kind);
        let columns: Vec<_> = first.iter().map(|name| name.trim().to_owned()).collect();
        let meanings: Vec<_> = columns.iter().map(|name| meaning(name, known)).collect();
        for column in known {
            if meanings.iter().filter(|meaning| **meaning == Some(*column)).count() > 1 {
                return Err(FileProblem::Twice(column));
            }
        }
        let missing = known.iter().take(identifying).find(|column| !meanings.contains(&Some(**column)));
        match missing {
            Some(missing) => Err(told_missing(missing, &columns)),
            None => Ok(Self { columns, meanings }),
        }
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(super) fn ignored(&self) -> Vec<&str> {
        let pairs = self.columns.iter().zip(&self.meanings);
        pairs
            .filter(|(name, meaning)| meaning.is_none() && !name.is_empty())
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// Where a column of ours stands.
    pub(super) fn position(&self, column: &str) -> Option<usize> {
        self.meanings.iter().position(|meaning| *meaning == Some(column))
    }

    /// A row has as many cells as the header; empty ones at its end count for nothing.
    pub(super) fn check_width(&self, record: &StringRecord) -> Result<(), String> {
        let (wanted, found) = (self.columns.len(), record.len());
        if found == wanted
            || (found > wanted && record.iter().skip(wanted).all(|cell| cell.trim().is_empty()))
        {
            return Ok(());
        }
        Err(format!(
            "{found} cells where the first row has {wanted}: a comma or a quotation mark is missing or too many"
        ))
    }
}

/// `Hospital Number` and `hospital-number` are `hospital_number`.
fn meaning(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let plain: String =
        name.chars().map(|c| if matches!(c, ' ' | '-') { '_' } else { c.to_ascii_lowercase() }).collect();
    known.iter().find(|column| **column == plain).copied()
}

fn told_missing(missing: &'static str, columns: &[String]) -> FileProblem {
    if let [only] = columns {
        for (sign, name) in [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")] {
            if only.contains(sign) {
                return FileProblem::OtherSeparator(name);
            }
        }
    }
    let told: Vec<String> = columns.iter().take(12).map(|name| name.chars().take(40).collect()).collect();
    FileProblem::Missing { missing, found: told.join(", ") }
}
