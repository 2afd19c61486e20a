//! Searching, kind by kind: the answer for machines, the page for people, and a LIKE scan of the same file beside it.

use anyhow::Context;

use super::Bed;
use super::client::{Answer, Client};
use crate::cli::bench::spread::Spread;
use crate::cli::bench::table::{Goal, Line, Unit, micros, real};
use crate::cli::out;
use crate::domain::import::{HOSPITAL_NUMBER, PatientRow, Piece, Said, VolumeRow};
use crate::sim::hospital::{Hospital, SITE};
use crate::sim::random::Random;
use crate::store::floor;
use crate::web::urls::segment;

/// The goal for every kind of search, in microseconds.
const P99_MOST_US: f64 = 20_000.0;
/// An inside-word search takes at most this share of a LIKE scan.
const OF_A_SCAN: f64 = 0.01;
/// LIKE scans of one kind; each takes about a second.
const SCANS: usize = 3;
/// People whose names hold letters that no other name of the hospital has in a row.
const RARE: [&str; 6] = ["Quixelworth", "Vozhymetz", "Tzugwenda", "Jyxovbrand", "Ekwuzimba", "Pfaxhaller"];
/// The hospital number of the first of them; they go on by one.
const RARE_FROM: u64 = 90_000_001;

/// A kind of search: whether it looks inside words, and whether there is anything to be found.
struct Kind {
    name: &'static str,
    inside: bool,
    finds: Finds,
    query: fn(&Hospital, &mut Random) -> String,
}

/// What a right answer holds. A fast answer that finds nothing is not a fast search.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Finds {
    Something,
    Nothing,
}

const KINDS: [Kind; 12] = [
    Kind { name: "hospital number", inside: false, finds: Finds::Something, query: hospital_number },
    Kind { name: "NHS number", inside: false, finds: Finds::Something, query: nhs_number },
    Kind { name: "barcode", inside: false, finds: Finds::Something, query: barcode },
    Kind {
        name: "name, beginning of 3",
        inside: false,
        finds: Finds::Something,
        query: |h, r| beginning(h, r, 3),
    },
    Kind {
        name: "name, beginning of 5",
        inside: false,
        finds: Finds::Something,
        query: |h, r| beginning(h, r, 5),
    },
    Kind {
        name: "inside a word, 3 letters, common",
        inside: true,
        finds: Finds::Something,
        query: |h, r| inside(h, r, 3),
    },
    Kind {
        name: "inside a word, 5 letters, common",
        inside: true,
        finds: Finds::Something,
        query: |h, r| inside(h, r, 5),
    },
    Kind {
        name: "inside a word, 3 letters, rare",
        inside: true,
        finds: Finds::Something,
        query: |_, r| rare(r, 3),
    },
    Kind {
        name: "inside a word, 5 letters, rare",
        inside: true,
        finds: Finds::Something,
        query: |_, r| rare(r, 5),
    },
    Kind {
        name: "inside a word, 5 letters, absent",
        inside: true,
        finds: Finds::Nothing,
        query: |_, r| absent(r),
    },
    Kind { name: "surname and forename", inside: false, finds: Finds::Something, query: two_words },
    Kind { name: "birth date", inside: false, finds: Finds::Something, query: birth_date },
];

fn patient(hospital: &Hospital, random: &mut Random) -> PatientRow {
    hospital.patient(random.below(hospital.size.patients()))
}

fn said<T>(said: Said<T>) -> Option<T> {
    match said {
        Said::Is(value) => Some(value),
        Said::Nothing | Said::Unsaid => None,
    }
}

fn surname(hospital: &Hospital, random: &mut Random) -> String {
    said(patient(hospital, random).surname).unwrap_or_default()
}

fn hospital_number(hospital: &Hospital, random: &mut Random) -> String {
    hospital.hospital_number(random.below(hospital.size.patients())).to_string()
}

fn nhs_number(hospital: &Hospital, random: &mut Random) -> String {
    let mut numbers = std::iter::repeat_with(|| said(patient(hospital, random).nhs_number));
    numbers.find_map(|number| number).map(|number| number.to_string()).unwrap_or_default()
}

fn barcode(hospital: &Hospital, random: &mut Random) -> String {
    crate::sim::hospital::label(random.below(hospital.size.folders)).to_string()
}

fn beginning(hospital: &Hospital, random: &mut Random, letters: usize) -> String {
    surname(hospital, random).chars().take(letters).collect()
}

/// Letters from inside a word that has enough of them.
fn cut(word: &str, random: &mut Random, letters: usize) -> Option<String> {
    let inner: Vec<char> = word.chars().skip(1).collect();
    let starts = inner.windows(letters).filter(|part| part.iter().all(|letter| letter.is_alphabetic()));
    let parts: Vec<String> = starts.map(|part| part.iter().collect()).collect();
    (!parts.is_empty()).then(|| random.pick(&parts).clone())
}

fn inside(hospital: &Hospital, random: &mut Random, letters: usize) -> String {
    loop {
        let word = surname(hospital, random);
        if let Some(part) = cut(&word, random, letters) {
            return part;
        }
    }
}

/// The middle of a rare name, where no common name has the same letters.
fn rare(random: &mut Random, letters: usize) -> String {
    random.pick(&RARE).chars().skip(2).take(letters).collect()
}

fn absent(random: &mut Random) -> String {
    let letters: Vec<char> = "qxzjv".chars().collect();
    (0..5).map(|_| *random.pick(&letters)).collect()
}

fn two_words(hospital: &Hospital, random: &mut Random) -> String {
    let row = patient(hospital, random);
    let forename = said(row.forename).unwrap_or_default();
    let forename = forename.split(' ').next().unwrap_or_default();
    format!("{} {forename}", said(row.surname).unwrap_or_default())
}

fn birth_date(hospital: &Hospital, random: &mut Random) -> String {
    said(patient(hospital, random).born).map(|born| born.strftime("%d/%m/%Y").to_string()).unwrap_or_default()
}

/// The people with rare names, each with a folder.
pub fn rare_people() -> anyhow::Result<[Piece; 2]> {
    let mut patients = Vec::new();
    let mut volumes = Vec::new();
    for (number, surname) in (RARE_FROM..).zip(RARE) {
        let site = SITE.parse().context("the site")?;
        let hospital_number = number.to_string().parse().context("a number")?;
        patients.push(PatientRow {
            site,
            hospital_number,
            nhs_number: Said::Nothing,
            surname: Said::Is(surname.to_owned()),
            forename: Said::Is("Ann".to_owned()),
            born: Said::Nothing,
            died: Said::Nothing,
        });
        volumes.push(VolumeRow {
            barcode: None,
            site: SITE.parse().context("the site")?,
            hospital_number: number.to_string().parse().context("a number")?,
            number_type: HOSPITAL_NUMBER.parse().context("the type of number")?,
            casenote: None,
            volume: 1,
            kind: Said::Nothing,
            home: Said::Nothing,
            place: None,
            hold: Said::Nothing,
            restricted: Said::Nothing,
            gone: None,
        });
    }
    Ok([Piece::Patients(patients), Piece::Volumes(volumes)])
}

/// Times, and how many answers were wrong: empty though there was something to find, or the other way round.
struct Asked {
    times: Spread,
    wrong: u64,
}

/// Asks every kind of search so many times, for machines and for people.
pub fn measure(bed: &mut Bed, times: u32) -> anyhow::Result<()> {
    let mut client = bed.client()?;
    for (number, kind) in (0..).zip(&KINDS) {
        let mut random = Random::of_part(bed.hospital.seed, 0x5EA0 + number);
        let queries: Vec<_> = (0..times).map(|_| (kind.query)(&bed.hospital, &mut random)).collect();
        let answers = asked(&mut client, "/api/v1/search?limit=20&q=", &queries, kind.finds)?;
        let pages = asked(&mut client, "/find?q=", &queries, kind.finds)?;
        let (told, page) = (answers.times.told(), pages.times.told());
        out::tell(format_args!("{}: {told:?}, page {page:?}", kind.name));
        let name = kind.name;
        let line = |what: String, time_us, goal| Line::alone(what, Unit::Micros, micros(time_us), goal);
        bed.lines.push(line(format!("search: {name}, p50"), told.p50_us, Goal::Stated));
        bed.lines.push(line(format!("search: {name}, p99"), told.p99_us, Goal::AtMost(P99_MOST_US)));
        bed.lines.push(line(format!("search: {name}, page, p50"), page.p50_us, Goal::Stated));
        bed.lines.push(line(format!("search: {name}, page, p99"), page.p99_us, Goal::AtMost(P99_MOST_US)));
        let wrong = real(answers.wrong + pages.wrong);
        bed.lines.push(Line::alone(
            format!("search: {name}, wrong answers"),
            Unit::Count,
            wrong,
            Goal::AtMost(0.0),
        ));
        if kind.inside {
            let scan_us = scanned(bed, &queries)?;
            bed.lines.push(Line::ratio(
                format!("LIKE scan (floor), search: {name}, p50"),
                Unit::Micros,
                micros(scan_us),
                micros(told.p50_us),
                Goal::RatioAtMost(OF_A_SCAN),
            ));
        }
    }
    Ok(())
}

fn asked(client: &mut Client, path: &str, queries: &[String], finds: Finds) -> anyhow::Result<Asked> {
    let mut asked = Asked { times: Spread::default(), wrong: 0 };
    for query in queries {
        let answer = client.good(&format!("{path}{}", segment(query)))?;
        asked.wrong += u64::from(found(&answer) != finds);
        asked.times.add(answer.took_us);
    }
    Ok(asked)
}

/// A list of folders, a page that leads to some, or a page that has moved to the one that was found.
fn found(answer: &Answer) -> Finds {
    let leads = answer.body.contains("\"barcode\":") || answer.body.contains("href=\"/volumes/");
    if answer.status >= 300 || leads { Finds::Something } else { Finds::Nothing }
}

/// The middle time of LIKE scans for the first of `queries`.
fn scanned(bed: &Bed, queries: &[String]) -> anyhow::Result<i64> {
    let mut times = Spread::default();
    for query in queries.iter().take(SCANS) {
        let from = bed.clock.read().boot_us;
        let found = floor::like_scan(&bed.ground.data, query)?;
        times.add(bed.clock.read().boot_us - from);
        out::tell(format_args!("  a LIKE scan found {}", real(found)));
    }
    Ok(times.told().p50_us)
}
