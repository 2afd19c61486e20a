//! Patients' names as they are sought: the surname, then the forename, in the one spelling; and the index of what is
//! inside them. No scan touches either.
//!
//! `name_piece` holds each name by its pieces of three letters. The first letter of a name is in lower case there, so
//! that the piece a name begins with is another one than the same three letters further on: who looks inside words
//! has seen the beginnings already, and for common surnames they are nearly all there is.

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, named_params};

use super::trouble::Res;
use crate::domain::asked::{MIN_INSIDE, is_long};
use crate::domain::spelling::plain;

const ENTER: &str = "INSERT INTO name_piece (rowid, name) VALUES (:patient, :name)";
const TAKE_OUT: &str = "INSERT INTO name_piece (name_piece, rowid, name) VALUES ('delete', :patient, :name)";
const FILL: &str = "INSERT INTO name_piece (rowid, name)
    SELECT key, lower(substr(sought, 1, 1)) || substr(sought, 2) FROM patient WHERE sought <> '' ORDER BY key";
const MERGE: &str = "INSERT INTO name_piece (name_piece) VALUES ('optimize')";

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
/// One word alone is looked for behind the name's beginning; one of several may be the beginning itself. A word's
/// pieces lie end to end, the last one pulled back: those in between say nothing new, and common ones cost time.
pub fn pieces(words: &[String]) -> String {
    let alone = words.len() == 1;
    let word_pieces = words.iter().filter(|word| is_long(word)).flat_map(|word| pieces_of(word, alone));
    word_pieces.collect::<Vec<_>>().join(" AND ")
}

fn pieces_of(word: &str, alone: bool) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut starts: Vec<usize> = (0..=letters.len() - MIN_INSIDE).step_by(MIN_INSIDE).collect();
    if !letters.len().is_multiple_of(MIN_INSIDE) {
        starts.push(letters.len() - MIN_INSIDE);
    }
    let piece = |start: usize| letters.iter().skip(start).take(MIN_INSIDE).collect::<String>();
    starts
        .into_iter()
        .map(|start| match (start, piece(start)) {
            (0, first) if !alone => format!("(\"{first}\" OR \"{}\")", begun_small(&first)),
            (_, piece) => format!("\"{piece}\""),
        })
        .collect()
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
    fn pieces_lie_end_to_end_and_cover_each_word() {
        let asked = |words: &[&str]| pieces(&words.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(asked(&["SMI"]), "\"SMI\"");
        assert_eq!(asked(&["SMITH"]), "\"SMI\" AND \"ITH\"");
        assert_eq!(asked(&["SMITHS"]), "\"SMI\" AND \"THS\"");
        assert_eq!(asked(&["SMIT", "J"]), "(\"SMI\" OR \"sMI\") AND \"MIT\"");
        assert_eq!(asked(&["JO"]), "");
        assert_eq!(sought("Smith-Jones", " Zoë"), "SMITH JONES ZOE");
        assert_eq!(begun_small("ØRE"), "ØRE");
    }
}
