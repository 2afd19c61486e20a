//! Lines of a copy: one JSON object each, with a running hash at its end.

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{End, Header};

/// Bytes of SHA-256 that a line carries: 128 bits tell any accident.
const HASH_BYTES: usize = 16;
/// What stands before the hash, and after it.
const OPENS: &str = ",\"sha\":\"";
const CLOSES: &str = "\"}";

/// The running hash: that of the line before, and of each line with it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Chain(String);

impl Chain {
    /// The chain after a line with this hash; empty: before any.
    pub const fn after(hash: String) -> Self {
        Self(hash)
    }

    /// The hash of the line before.
    pub fn hash(&self) -> &str {
        &self.0
    }

    fn next(&self, body: &str) -> String {
        let sum = Sha256::new().chain_update(&self.0).chain_update(body).finalize();
        hex(sum.get(..HASH_BYTES).unwrap_or(&sum))
    }

    /// Makes a line, its end included, of the beginning of an object.
    pub fn seal(&mut self, body: &str) -> String {
        self.0 = self.next(body);
        format!("{body}{OPENS}{}{CLOSES}\n", self.0)
    }

    /// Takes a line without its end; `None`: it is not the one that follows.
    pub fn take(&mut self, line: &str) -> Option<()> {
        let (body, hash) = line.strip_suffix(CLOSES)?.rsplit_once(OPENS)?;
        let wanted = self.next(body);
        (wanted == hash).then(|| self.0 = wanted)
    }
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |four: u8| DIGITS.get(usize::from(four)).copied().unwrap_or('?');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// What [`hex`] wrote.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|four| u8::try_from(four).ok()))
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// The beginning of a header's line.
pub fn begins(header: &Header) -> serde_json::Result<String> {
    Ok(format!("{{\"begin\":{}", serde_json::to_string(header)?))
}

/// The beginning of the line that ends a round.
pub fn ends(end: &End) -> serde_json::Result<String> {
    Ok(format!("{{\"end\":{}", serde_json::to_string(end)?))
}

/// A line that was read.
#[derive(PartialEq, Debug)]
pub enum Line {
    /// The header of a segment.
    Begin(Box<Header>),
    /// A row.
    Row(RowLine),
    /// The end of a round.
    End(Box<End>),
}

/// A row as it stands in a copy.
#[derive(PartialEq, Debug)]
pub struct RowLine {
    /// Its table.
    pub table: String,
    /// The change that it was copied for, by its key in `touched`; `None`: it was added.
    pub touch: Option<i64>,
    /// Its columns in the order of the header. What is no text and no number is an object: `{"x":"00ff"}`.
    pub cells: Vec<Value>,
}

#[derive(Deserialize)]
struct Written {
    #[serde(rename = "in")]
    table: Option<String>,
    touch: Option<i64>,
    #[serde(default)]
    row: Vec<Value>,
    begin: Option<Box<Header>>,
    end: Option<Box<End>>,
}

/// What a line says, without its end; `None`: nothing that we write.
pub fn read(line: &str) -> Option<Line> {
    let written: Written = serde_json::from_str(line).ok()?;
    match written {
        Written { table: Some(table), begin: None, end: None, touch, row } => {
            Some(Line::Row(RowLine { table, touch, cells: row }))
        }
        Written { table: None, begin: Some(header), end: None, .. } => Some(Line::Begin(header)),
        Written { table: None, begin: None, end: Some(end), .. } => Some(Line::End(end)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_follows_the_one_before_and_no_other() {
        let mut writing = Chain::default();
        let lines: Vec<String> =
            (1..=3).map(|n| writing.seal(&format!("{{\"in\":\"word\",\"row\":[{n},\"a\\n\"]"))).collect();
        let mut reading = Chain::default();
        for line in &lines {
            reading.take(line.trim_end()).unwrap();
            assert!(matches!(read(line), Some(Line::Row(row)) if row.table == "word"));
        }
        assert_eq!(reading, writing);
        let first = lines[0].trim_end();
        assert_eq!(Chain::default().take(lines[1].trim_end()), None, "the first is missing");
        assert_eq!(Chain::default().take(&first.replace("[1,", "[2,")), None, "a digit was changed");
        for torn in 0..first.len() {
            assert_eq!(Chain::default().take(&first[..torn]), None, "torn after {torn} bytes");
        }
        assert_eq!(unhex(&hex(&[0, 1, 0xab, 0xff])), Some(vec![0, 1, 0xab, 0xff]));
        assert_eq!((unhex("0"), unhex("0g")), (None, None));
    }
}
