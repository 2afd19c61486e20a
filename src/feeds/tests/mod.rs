use proptest::prelude::*;

use super::*;
use crate::domain::casenote::VolumeKind;
use crate::domain::import::{PlaceRow, Restriction, Said};

mod feed_files;

/// Everything a file says, in one text: good rows, then bad rows with their reasons.
fn told(kind: Kind, file: &str) -> String {
    let feed = match Feed::open(kind, file.as_bytes().to_vec()) {
        Ok(feed) => feed,
        Err(problem) => return problem.to_string(),
    };
    let mut lines = Vec::new();
    for chunk in chunks(&feed) {
        lines.extend(good_lines(&chunk));
        lines.extend(chunk.rejected.iter().map(Rejected::to_string));
    }
    lines.join("\n")
}

fn chunks(feed: &Feed) -> Vec<Chunk> {
    feed.chunks().unwrap().map(Result::unwrap).collect()
}

/// A reject file's text.
fn reject_text(feed: &Feed) -> String {
    let mut file = RejectFile::begin(Vec::new(), feed).unwrap();
    chunks(feed).iter().flat_map(|chunk| &chunk.rejected).for_each(|row| file.add(row).unwrap());
    String::from_utf8(file.end().unwrap()).unwrap()
}

fn good_lines(chunk: &Chunk) -> Vec<String> {
    let numbers = chunk.origins.iter().map(|origin| origin.row);
    let told: Vec<String> = match &chunk.piece {
        Piece::Places(rows) => rows.iter().map(|row| format!("{row:?}")).collect(),
        Piece::Staff(rows) => rows.iter().map(|row| format!("{row:?}")).collect(),
        Piece::Patients(rows) => rows
            .iter()
            .map(|row| {
                format!(
                    "{} {} {:?} {:?} {:?} {:?} {:?}",
                    row.site,
                    row.hospital_number,
                    row.nhs_number.map(|number| number.to_string()),
                    row.surname,
                    row.forename,
                    row.born,
                    row.died
                )
            })
            .collect(),
        Piece::Appointments(lists) => lists
            .rows
            .iter()
            .map(|row| {
                format!(
                    "{} {} {} wanted from {} {} {:?} ({:?})",
                    row.clinic,
                    row.starts_at,
                    row.hospital_number,
                    row.wanted_from,
                    row.site,
                    row.consultant,
                    lists.told
                )
            })
            .collect(),
        Piece::Movements(rows) => rows
            .iter()
            .map(|row| {
                let (at, barcode, to, from) = (row.at, &row.barcode, &row.to, &row.from);
                format!("{at} {barcode} to {to} from {from:?} by {:?}", row.by)
            })
            .collect(),
        Piece::Volumes(rows) => rows
            .iter()
            .map(|row| {
                format!(
                    "{:?} {} {} {} {:?} {} {:?} {:?} {:?} {:?} {:?} {:?}",
                    row.barcode.as_ref().map(ToString::to_string),
                    row.site,
                    row.hospital_number,
                    row.number_type,
                    row.casenote.as_ref().map(ToString::to_string),
                    row.volume,
                    row.kind,
                    row.home,
                    row.place,
                    row.hold,
                    row.restricted,
                    row.gone
                )
            })
            .collect(),
    };
    assert_eq!(told.len(), chunk.origins.len());
    numbers.zip(told).map(|(number, row)| format!("row {number} good: {row}")).collect()
}

#[test]
fn columns_stand_in_any_order_and_under_any_case() {
    let file =
        "Born,SURNAME,Hospital Number,Site,NHS-number,Shoe size\n31/12/1990,O'Hara,rx 1,RX1,943 476 5919,7\n";
    insta::assert_snapshot!(told(Kind::Patients, file), @r#"
    row 2 good: RX1 RX1 Is("9434765919") Is("O'Hara") Unsaid Is(1990-12-31) Unsaid
    "#);
    let feed = Feed::open(Kind::Patients, file.as_bytes().to_vec()).unwrap();
    assert_eq!(feed.ignored_columns(), ["Shoe size"]);
}

#[test]
fn every_bad_patient_gets_a_reason_a_records_clerk_understands() {
    let file = "\
site,hospital_number,nhs_number,surname,forename,born,died
RX1,1,,Ames,Ann,1990-02-28,
RX1,2,,Brown,Bea,31/02/1990,
RX1,3,943 476 5918,Cole,Cy,,
RX1,,,Dean,Di,,
,5,,Egan,Ed,,
RX1,6,,Fox,Flo,02/01/2000,01/01/2000
RX1,7,,Gray,Gus,90-02-28,
RX1,8,,Hill
RX1,9,,Ives,Ian,,,,
RX1,10,,Jay,Jo,,,surplus
RX1,11,,Kay,Kim,1/2/1999,
RX1,12,,\"Lee\nLong\",Lu,,
RX1,13,,\u{7},,,
RX1,Nü,,,,,
,,,,,,

RX1,17,,Moss,May,12/13/1999,
";
    insta::assert_snapshot!(told(Kind::Patients, file), @r#"
    row 2 good: RX1 1 Nothing Is("Ames") Is("Ann") Is(1990-02-28) Nothing
    row 10 good: RX1 9 Nothing Is("Ives") Is("Ian") Nothing Nothing
    row 12 good: RX1 11 Nothing Is("Kay") Is("Kim") Is(1999-02-01) Nothing
    row 13 good: RX1 12 Nothing Is("Lee Long") Is("Lu") Nothing Nothing
    row 3: born 31/02/1990 is no date: write 23/11/2026 or 2026-11-23
    row 4: NHS number: not a valid NHS number: ten digits with a right check digit are needed
    row 5: hospital number is empty: it says which one is meant
    row 6: site is empty: it says which one is meant
    row 7: died 2000-01-01 is before born 2000-01-02: correct one of them
    row 8: born 90-02-28 is no date: write 23/11/2026 or 2026-11-23
    row 9: 4 cells where the first row has 7: a comma or a quotation mark is missing or too many
    row 11: 8 cells where the first row has 7: a comma or a quotation mark is missing or too many
    row 14: surname holds a sign that cannot be printed: type it again
    row 15: hospital number: not a usable number: 1 to 32 letters, digits or signs without accents are needed
    row 18: born 12/13/1999 is no date: write 23/11/2026 or 2026-11-23
    "#);
}

#[test]
fn every_bad_volume_gets_a_reason() {
    let file = "\
barcode,site,hospital_number,casenote,volume,kind,home,place,hold,restricted,gone
RX000001,RX1,1,,,,,,,,
,RX1,2,CN2,03,Maternity,S1,LIB,solicitor,yes,
,RX1,3,,0,,,,,,
,RX1,3,,100,,,,,,
,RX1,3,,two,,,,,,
,RX1,4,,,big,,,,,
,RX1,5,,,,,,,perhaps,
,RX1,6,,,,,,,No,Destroyed
,RX1,7,,,,,,,,lost
,RX1,8,,,,,,,,combined
C0184,RX1,9,,,,,,,,
]C0X,RX1,10,,,,,,,,
";
    insta::assert_snapshot!(told(Kind::Volumes, file), @r#"
    row 2 good: Some("RX000001") RX1 1 HOSPITAL None 1 Nothing Nothing None Nothing Nothing None
    row 3 good: None RX1 2 HOSPITAL Some("CN2") 3 Is(Maternity) Is(S1) Some(LIB) Is("solicitor") Is(Restricted) None
    row 9 good: None RX1 6 HOSPITAL None 1 Nothing Nothing None Nothing Is(Open) Some(Destroyed)
    row 4: volume 0 is no number from 1 to 99
    row 5: volume 100 is no number from 1 to 99
    row 6: volume two is no number from 1 to 99
    row 7: kind: "big" is not one of: original, temporary, maternity, mental-health, emergency, therapy, other
    row 8: restricted perhaps is neither yes nor no
    row 10: gone lost is neither destroyed nor transferred
    row 11: gone combined is neither destroyed nor transferred
    row 12: barcode C0184 is that of a card, place, container or badge of Casetrack
    row 13: barcode: not a label: 1 to 64 letters, digits or signs without accents are needed
    "#);
}

#[test]
fn every_bad_place_gets_a_reason() {
    let places = "\
code,name,kind,parent,phone,phone_out_of_hours,open,until
C5,Clinic 5,clinic,RX1,2345,,Mo-Fr 8-18,
RX1,Royal,site,,,,,2030-01-01
C0184,Card,clinic,,,,,
~web,Web,,,,,,
C6,,theatre,,,,,
C7,,,C7,,,,
,Nowhere,,,,,,
";
    insta::assert_snapshot!(told(Kind::Places, places), @r#"
    row 3 good: PlaceRow { code: RX1, name: Is("Royal"), kind: Is(Site), parent: Nothing, phone: Nothing, phone_out_of_hours: Nothing, open: Nothing, until: Is(2030-01-01), consultants: Unsaid }
    row 2 good: PlaceRow { code: C5, name: Is("Clinic 5"), kind: Is(Clinic), parent: Is(RX1), phone: Is("2345"), phone_out_of_hours: Nothing, open: Is("Mo-Fr 8-18"), until: Nothing, consultants: Unsaid }
    row 4: code C0184 has the form of a Casetrack barcode: choose another
    row 5: code ~WEB: codes that begin with ~ are kept for the program
    row 6: kind: "theatre" is not one of: site, library, shelf, clinic, ward, office, person, store, container, other
    row 7: parent C7 is the place itself: leave it empty or name the place above
    row 8: code is empty: it says which one is meant
    "#);
}

#[test]
fn a_missing_column_says_nothing_and_an_empty_cell_says_that_there_is_none() {
    let said = |file: &str| {
        let feed = Feed::open(Kind::Volumes, file.as_bytes().to_vec()).unwrap();
        let mut chunk = chunks(&feed).remove(0);
        let Piece::Volumes(rows) = &mut chunk.piece else { panic!("volumes") };
        let row = rows.remove(0);
        (row.kind, row.home, row.hold, row.restricted)
    };
    let missing = (Said::Unsaid, Said::Unsaid, Said::Unsaid, Said::Unsaid);
    assert_eq!(said("site,hospital_number\nRX1,1\n"), missing);
    let nothing = (Said::Nothing, Said::Nothing, Said::Nothing, Said::Nothing);
    assert_eq!(said("site,hospital_number,kind,home,hold,restricted\nRX1,1,,, ,\n"), nothing);
    let all = "site,hospital_number,kind,home,hold,restricted\nRX1,1,temporary,S12,Coroner,no\n";
    let (shelf, why) = ("S12".parse().unwrap(), "Coroner".to_owned());
    let told = (Said::Is(VolumeKind::Temporary), Said::Is(shelf), Said::Is(why), Said::Is(Restriction::Open));
    assert_eq!(said(all), told);
}

#[test]
fn every_bad_badge_gets_a_reason() {
    insta::assert_snapshot!(told(Kind::Staff, "badge,role\nB1,Clerk\nB2,boss\n,clerk\n"), @r#"
    row 2 good: StaffRow { badge: B1, name: Unsaid, role: Is(Clerk) }
    row 3: role: "boss" is not one of: viewer, clerk, librarian, manager, governance, administrator
    row 4: badge is empty: it says which one is meant
    "#);
}

#[test]
fn a_file_that_cannot_be_read_says_what_to_do() {
    let wide = vec!["x"; MAX_COLUMNS + 1].join(",");
    let cases: [(&str, &[u8]); 8] = [
        ("nothing", b""),
        ("blank", b"\n\n"),
        ("workbook", b"PK\x03\x04\x00\x00"),
        ("utf-16", b"\xFF\xFEs\x00"),
        ("semicolons", b"site;hospital_number\nRX1;1\n"),
        ("tabs", b"site\thospital_number\nRX1\t1\n"),
        ("missing", b"site,number\nRX1,1\n"),
        ("twice", b"site,hospital_number,Site\nRX1,1,2\n"),
    ];
    let mut lines: Vec<_> = cases
        .iter()
        .map(|(name, bytes)| format!("{name}: {}", Feed::open(Kind::Patients, bytes.to_vec()).err().unwrap()))
        .collect();
    lines.push(Feed::open(Kind::Patients, wide.into_bytes()).err().unwrap().to_string());
    insta::assert_snapshot!(lines.join("\n"), @r#"
    nothing: the file is empty: its first row must name the columns
    blank: the file is empty: its first row must name the columns
    workbook: this is no CSV file: save it as "CSV UTF-8 (comma delimited)"
    utf-16: this is no CSV file: save it as "CSV UTF-8 (comma delimited)"
    semicolons: the columns are parted by semicolons: save the file with commas, or name the delimiter in a feed file
    tabs: the columns are parted by tabs: save the file with commas, or name the delimiter in a feed file
    missing: the column hospital_number is missing; the first row names site, number
    twice: the column site is there twice: leave one out
    the file has more than 128 columns: leave out what is not needed
    "#);
}

#[test]
fn a_name_reads_the_same_in_either_encoding() {
    let expected = r#"row 2 good: RX1 1 Unsaid Is("Zoë–Brown") Unsaid Unsaid Unsaid"#;
    for bytes in [
        "site,hospital_number,surname\nRX1,1,Zoë–Brown\n".as_bytes(),
        "\u{FEFF}site,hospital_number,surname\r\nRX1,1,Zoë–Brown\r\n".as_bytes(),
        b"site,hospital_number,surname\r\nRX1,1,Zo\xEB\x96Brown",
        b"site,hospital_number,surname\rRX1,1,Zo\xEB\x96Brown\r",
    ] {
        let feed = Feed::open(Kind::Patients, bytes.to_vec()).unwrap();
        let lines: Vec<_> = chunks(&feed).iter().flat_map(good_lines).collect();
        assert_eq!(lines, [expected]);
    }
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    let file = "\n\"ba\ndge\",badge\n,A\n\n\"x\ny\nz\",B\n,C";
    let feed = Feed::open(Kind::Staff, file.as_bytes().to_vec()).unwrap();
    let rows: Vec<u64> =
        chunks(&feed).iter().flat_map(|chunk| &chunk.origins).map(|origin| origin.row).collect();
    assert_eq!(rows, [3, 5, 6]);
}

#[test]
fn a_quotation_mark_that_is_never_closed_costs_its_own_row_alone() {
    insta::assert_snapshot!(told(Kind::Staff, "badge,name\nA,Ann\nB,\"Bo\nC,Cy\n"), @r#"
    row 2 good: StaffRow { badge: A, name: Is("Ann"), role: Unsaid }
    row 4 good: StaffRow { badge: C, name: Is("Cy"), role: Unsaid }
    row 3: a quotation mark is not closed: close it or leave it out
    "#);
}

#[test]
fn a_place_comes_after_its_parent_whatever_the_order_of_the_file() {
    let file = "code,parent\nA,B\nB,C\nX,Y\nC,\nY,X\n";
    let feed = Feed::open(Kind::Places, file.as_bytes().to_vec()).unwrap();
    let rows: Vec<(PlaceRow, u64)> = chunks(&feed)
        .into_iter()
        .flat_map(|chunk| {
            let Piece::Places(rows) = chunk.piece else { panic!("places") };
            rows.into_iter().zip(chunk.origins.into_iter().map(|origin| origin.row)).collect::<Vec<_>>()
        })
        .collect();
    let order: Vec<String> = rows.iter().map(|(row, number)| format!("{}{number}", row.code)).collect();
    assert_eq!(order, ["C5", "B3", "A2", "X4", "Y6"]);
}

#[test]
fn a_long_file_comes_in_pieces() {
    use std::fmt::Write;
    let mut file = String::from("badge\n");
    for number in 0..1_201 {
        writeln!(file, "B{number}").unwrap();
    }
    let feed = Feed::open(Kind::Staff, file.into_bytes()).unwrap();
    let sizes: Vec<_> = chunks(&feed).iter().map(|chunk| chunk.origins.len()).collect();
    assert_eq!(sizes, [500, 500, 201]);
}

#[test]
fn a_corrected_reject_file_may_be_imported_as_it_is() {
    let feed =
        Feed::open(Kind::Staff, b"badge,name,role\nB1,Ann,clerk\nB2,\"Bo, jr\",boss\n".to_vec()).unwrap();
    let text = reject_text(&feed);
    insta::assert_snapshot!(text, @r#"
    row,reason,badge,name,role
    3,"role: ""boss"" is not one of: viewer, clerk, librarian, manager, governance, administrator",B2,"Bo, jr",boss
    "#);
    let again = Feed::open(Kind::Staff, text.replace("boss", "manager").into_bytes()).unwrap();
    let good: usize = chunks(&again).iter().map(|chunk| chunk.origins.len()).sum();
    assert_eq!((good, again.ignored_columns()), (1, vec!["row", "reason"]));
}

proptest! {
    #[test]
    fn no_bytes_whatever_stop_the_reading(bytes: Vec<u8>, kind in 0usize..4) {
        read_all(Kind::ALL[kind], bytes);
    }

    #[test]
    fn no_rows_whatever_stop_the_reading(rows in "[\"a-zÀ\r\n,;/0-9\\-\t ]{0,200}", kind in 0usize..4) {
        let kind = Kind::ALL[kind];
        let header = match kind {
            Kind::Places => "code,parent,until",
            Kind::Staff => "badge,name,role",
            Kind::Patients => "site,hospital_number,born",
            Kind::Volumes => "site,hospital_number,volume",
            Kind::Appointments => "clinic,starts_at,site,hospital_number",
            Kind::Movements => "at,barcode,to",
        };
        read_all(kind, format!("{header}\n{rows}").into_bytes());
    }
}

/// Reads all of a file; every row is either good or has a reason and a number.
fn read_all(kind: Kind, bytes: Vec<u8>) {
    let Ok(mut feed) = Feed::open(kind, bytes) else { return };
    let checked = feed.check(|_| {}).unwrap();
    let (mut good, mut rejected) = (0, 0);
    for chunk in chunks(&feed) {
        assert!(chunk.origins.len() <= MAX_PIECE_ROWS);
        assert!(chunk.rejected.iter().all(|row| !row.reason.is_empty() && row.origin.row > 1));
        assert!(chunk.origins.iter().all(|origin| origin.row > 1));
        good += chunk.origins.len();
        rejected += chunk.rejected.len();
    }
    assert_eq!((good, rejected), (checked.good, checked.rejected));
    reject_text(&feed);
}

#[test]
fn a_clinic_list_is_read_by_the_hospitals_clocks_and_each_clinics_day_stands_together() {
    let file = "clinic,starts_at,site,hospital_number,consultant\n\
        CL5,2026-11-30 14:00,RX1,123,Dr Rao\n\
        CL6,2026-07-01T09:30:00,RX1,124,\n\
        CL5,30/11/2026 14:20,RX1,125,Dr Rao\n\
        CL5,2026-11-30T23:30:00Z,RX1,126,\n";
    let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
    let feed = Feed::open(Kind::Appointments, file.as_bytes().to_vec()).unwrap().in_zone(zone.clone());
    let lines: Vec<_> = chunks(&feed).iter().flat_map(good_lines).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    row 2 good: CL5 2026-11-30T14:00:00Z 123 wanted from 2026-11-27T00:00:00Z RX1 Some("Dr Rao") (Whole)
    row 4 good: CL5 2026-11-30T14:20:00Z 125 wanted from 2026-11-27T00:00:00Z RX1 Some("Dr Rao") (Whole)
    row 5 good: CL5 2026-11-30T23:30:00Z 126 wanted from 2026-11-27T00:00:00Z RX1 None (Whole)
    row 3 good: CL6 2026-07-01T08:30:00Z 124 wanted from 2026-06-29T23:00:00Z RX1 None (Whole)
    "#);
    let wrong = "clinic,starts_at,site,hospital_number\n\
        CL5,tomorrow,RX1,1\nCL5,2026-03-29 01:30,RX1,2\nCL5,2026-11-30 14:00,RX1,3\nCL5,2026-11-30 25:00,RX1,4\n";
    let feed = Feed::open(Kind::Appointments, wrong.as_bytes().to_vec()).unwrap().in_zone(zone);
    let lines: Vec<_> = chunks(&feed)
        .iter()
        .flat_map(|chunk| {
            let rejected = chunk.rejected.iter().map(Rejected::to_string).collect::<Vec<_>>();
            good_lines(chunk).into_iter().chain(rejected)
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    row 4 good: CL5 2026-11-30T14:00:00Z 3 wanted from 2026-11-27T00:00:00Z RX1 None (Part)
    row 2: starts at tomorrow is no time: write 2026-11-23 14:00
    row 3: starts at 2026-03-29 01:30: that day the clocks go forward over this hour
    row 5: starts at 2026-11-30 25:00 is no time: write 2026-11-23 14:00
    ");
}

#[test]
fn old_history_is_read_by_the_hospitals_clocks_and_a_day_alone_is_its_beginning() {
    let file = "At,Barcode,To,From,By,Remark\n\
        2009-07-01 14:05,f1,cl5,LIB,J SMITH,urgent\n\
        04/03/2009,F1,LIB,,,\n\
        01/01/1900,F1,LIB,,,\n\
        ,F1,LIB,,,\n\
        2009-07-01 14:05,F1,,,,\n\
        yesterday,F1,LIB,,,\n";
    let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
    let feed = Feed::open(Kind::Movements, file.as_bytes().to_vec()).unwrap().in_zone(zone);
    let chunk = chunks(&feed).remove(0);
    let rejected = chunk.rejected.iter().map(Rejected::to_string);
    let lines: Vec<_> = good_lines(&chunk).into_iter().chain(rejected).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    row 2 good: 2009-07-01T13:05:00Z F1 to CL5 from Some(LIB) by Some("J SMITH")
    row 3 good: 2009-03-04T00:00:00Z F1 to LIB from None by None
    row 4: at 01/01/1900 is before 1970, when nothing was tracked: correct it
    row 5: at is empty: it says when the folder was moved
    row 6: to is empty: it says which one is meant
    row 7: at yesterday is no time: write 2026-11-23 14:00
    "#);
}
