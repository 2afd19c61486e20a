//! Scanners that often send what is no label.

use rusqlite::{Connection, Row, named_params};

use super::find::{self, all, one};
use super::trouble::{Res, Trouble};
use crate::clock::{DAY_US, Timestamp};
use crate::domain::answer::Answer;
use crate::domain::kept::KEPT_SESSION;
use crate::domain::place::Code;
use crate::store::asked::{LIES_AT_LEAST, LIES_WITHIN_DAYS, LyingScanner};

const BAD: &str = "SELECT d.key, d.code, s.scanner, w.text, s.happened + s.learned_off
    FROM scan_text t INDEXED BY scan_text_kept CROSS JOIN scan s ON s.key = t.scan CROSS JOIN run r ON r.key = s.run
    CROSS JOIN session e ON e.key = r.session CROSS JOIN desk d ON d.key = e.desk
    CROSS JOIN word w ON w.key = s.scanner
    WHERE t.kept = 2 AND t.settled IS NULL ORDER BY t.scan DESC LIMIT :limit";
const LAST: &str = "SELECT last FROM desk WHERE key = :desk";
const STEP: &str = "SELECT s.back, s.scanner, s.happened + s.learned_off, s.answer, e.name FROM scan s
    CROSS JOIN run r ON r.key = s.run CROSS JOIN session e ON e.key = r.session WHERE s.key = :key";

/// Newest bad reads of the hospital that are looked at: ten for each of two hundred bad scanners.
const MAX_BAD: i64 = 2_000;
/// Suspects whose desks are walked; those with the most bad reads first.
const MAX_SUSPECTS: usize = 20;
/// Newest scans of a suspect's desk that are walked: a busy day. A scanner is judged by those among them.
const MAX_WALK: usize = 2_000;

struct Suspect {
    desk: i64,
    code: Code,
    scanner: i64,
    name: String,
    bad: u32,
    last: Timestamp,
}

/// The scanners that lie, the worst first.
pub fn lying(conn: &Connection, now: Timestamp) -> Res<Vec<LyingScanner>> {
    let since = now.plus_micros(-LIES_WITHIN_DAYS * DAY_US);
    let mut suspects = suspects(conn, since)?;
    suspects.retain(|suspect| suspect.bad >= LIES_AT_LEAST);
    suspects.sort_by_key(|suspect| std::cmp::Reverse(suspect.bad));
    suspects.truncate(MAX_SUSPECTS);
    let mut lying = Vec::new();
    for suspect in suspects {
        lying.push(judged(conn, suspect, since)?);
    }
    lying.retain(LyingScanner::lies);
    lying.sort_by_key(|scanner| std::cmp::Reverse(scanner.bad));
    Ok(lying)
}

fn suspects(conn: &Connection, since: Timestamp) -> Res<Vec<Suspect>> {
    let mut suspects: Vec<Suspect> = Vec::new();
    for bad in all(conn, BAD, named_params! {":limit": MAX_BAD}, suspect)? {
        if bad.last < since {
            break;
        }
        match suspects.iter_mut().find(|known| known.desk == bad.desk && known.scanner == bad.scanner) {
            Some(known) => known.bad += 1,
            None => suspects.push(bad),
        }
    }
    Ok(suspects)
}

fn suspect(row: &Row<'_>) -> Res<Suspect> {
    Ok(Suspect {
        desk: row.get(0)?,
        code: row.get_ref(1)?.as_str()?.parse().map_err(|_| Trouble::Broken("a desk's code"))?,
        scanner: row.get(2)?,
        name: row.get(3)?,
        bad: 1,
        last: Timestamp::from_micros(row.get(4)?),
    })
}

/// The bad and the good reads of a scanner among the newest scans of its desk.
fn judged(conn: &Connection, suspect: Suspect, since: Timestamp) -> Res<LyingScanner> {
    let (mut bad, mut count) = (0, 0);
    let mut key: i64 =
        one(conn, LAST, named_params! {":desk": suspect.desk}, |row| Ok(row.get(0)?))?.unwrap_or(0);
    for _ in 0..MAX_WALK {
        let Some((back, scanner, learned, answer, session)) =
            find::one(conn, STEP, named_params! {":key": key}, step)?
        else {
            break;
        };
        if learned < since {
            break;
        }
        if scanner == suspect.scanner && session != KEPT_SESSION {
            count += 1;
            bad += u32::from(answer.reason.is_bad_read());
        }
        if back == 0 {
            break;
        }
        key -= back;
    }
    let Suspect { code, name, last, .. } = suspect;
    Ok(LyingScanner { desk: code, scanner: name, bad, all: count, last })
}

fn step(row: &Row<'_>) -> Res<(i64, i64, Timestamp, Answer, String)> {
    let answer = Answer::decode(row.get_ref(3)?.as_blob()?).ok_or(Trouble::Broken("an answer"))?;
    Ok((row.get(0)?, row.get(1)?, Timestamp::from_micros(row.get(2)?), answer, row.get(4)?))
}
