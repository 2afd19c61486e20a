//! Patients' names as they are sought: the surname, then the forename, in the one spelling; and the index of what is
//! inside them. No scan touches either.
//!
//! `name_piece` holds each name by its pieces of three letters. The first letter of a name is in lower case there, so
//! that the piece a name begins with is another one than the same three letters further on: who looks inside words
//! has seen the beginnings already, and for common surnames they are nearly all there is.

use std::cmp::Reverse;

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, named_params};

use super::trouble::Res;
use crate::domain::asked::{MIN_INSIDE, is_long};
use crate::domain::spelling::plain;

const ENTER: &str = "INSERT INTO name_piece (rowid, name) VALUES (:patient, :name)";
const TAKE_OUT: &str = "INSERT INTO name_piece (name_piece, rowid, name) VALUES ('delete', :patient, :name)";
const FILL: &str = "INSERT INTO name_piece (rowid, name)
    SELECT key, lower(substr(sought, 1, 1)) || substr(sought, 2) FROM patient WHERE sought <> '' ORDER BY key
    -- whole: all names, once";
const MERGE: &str = "INSERT INTO name_piece (name_piece) VALUES ('optimize')";

/// The letters by how often they stand in names, roughly: an order of magnitude lies between one third and the next.
const RARE_TO_COMMON: &str = "QXZJVFPWUGYKCBDTHMSOILNREA";
/// Most pieces that the index is asked for at once.
const MAX_PIECES: usize = 3;

/// A name as it is sought.
pub fn sought(surname: &str, forename: &str) -> String {
    plain(&format!("{surname} {forename}"))
}

/// Teaches a connection `sought(surname, forename)`, for the migration that spells old rows anew.
pub fn teach(conn: &Connection) -> Res<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    Ok(conn.create_scalar_function("sought", 2, flags, |context| {
        Ok(sought(context.get_raw(0).as_str()?, context.get_raw(1).as_str()?))
    })?)
}

/// Enters a patient's name into the index.
pub fn enter(conn: &Connection, patient: i64, sought: &str) -> Res<()> {
    write(conn, ENTER, patient, sought)
}

/// Takes a patient's old name out of it.
pub fn take_out(conn: &Connection, patient: i64, sought: &str) -> Res<()> {
    write(conn, TAKE_OUT, patient, sought)
}

fn write(conn: &Connection, sql: &str, patient: i64, sought: &str) -> Res<()> {
    if !sought.is_empty() {
        let params = named_params! {":patient": patient, ":name": begun_small(sought)};
        conn.prepare_cached(sql)?.execute(params)?;
    }
    Ok(())
}

/// Enters every name at once, into an empty index.
pub fn fill(conn: &Connection) -> Res<()> {
    conn.execute(FILL, [])?;
    conn.execute(MERGE, [])?;
    Ok(())
}

/// The pieces that a name with all of `words` inside must have, as the index is asked for them.
///
/// The index goes through all patients of each piece that it is asked for, so it is asked for few: of several words
/// the piece that looks rarest of each, of one word two. The name itself is looked at afterwards.
///
/// One word alone is looked for behind the name's beginning; one of several may be the beginning itself.
pub fn pieces(words: &[String]) -> String {
    let long: Vec<&String> = words.iter().filter(|word| is_long(word)).collect();
    let asked: Vec<String> = match long.as_slice() {
        [only] if words.len() == 1 => {
            rarest(only).into_iter().take(2).map(|(_, piece)| format!("\"{piece}\"")).collect()
        }
        several => several
            .iter()
            .take(MAX_PIECES)
            .filter_map(|word| rarest(word).into_iter().next())
            .map(either)
            .collect(),
    };
    asked.join(" AND ")
}

/// A piece, which may be the name's beginning if it is the word's.
fn either((start, piece): (usize, String)) -> String {
    if start == 0 { format!("(\"{piece}\" OR \"{}\")", begun_small(&piece)) } else { format!("\"{piece}\"") }
}

/// The pieces of a word and where they begin, the one that looks rarest first; of two alike the later, for a
/// beginning is asked for in both spellings.
fn rarest(word: &str) -> Vec<(usize, String)> {
    let letters: Vec<char> = word.chars().collect();
    let mut pieces: Vec<_> =
        letters.windows(MIN_INSIDE).map(|piece| piece.iter().collect::<String>()).enumerate().collect();
    pieces.sort_by_key(|(at, piece)| (piece.chars().map(commonness).sum::<usize>(), Reverse(*at)));
    pieces
}

/// How common a letter is in names: 0 for all that is none of the 26.
fn commonness(letter: char) -> usize {
    RARE_TO_COMMON.find(letter).map_or(0, |at| at + 1)
}

/// The first letter in lower case, if it is a plain one; any other stays, and beginnings are then looked at twice.
fn begun_small(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarest_piece_of_each_word_is_asked_for() {
        let asked = |words: &[&str]| pieces(&words.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(asked(&["SMI"]), "\"SMI\"");
        assert_eq!(asked(&["SMITH"]), "\"ITH\" AND \"MIT\"");
        assert_eq!(asked(&["SMIT", "J"]), "\"MIT\"");
        assert_eq!(asked(&["ZOE", "GOLDSMITH"]), "(\"ZOE\" OR \"zOE\") AND \"DSM\"");
        assert_eq!(asked(&["JO"]), "");
        assert_eq!(sought("Smith-Jones", " Zoë"), "SMITH JONES ZOE");
        assert_eq!(begun_small("ØRE"), "ØRE");
    }
}
