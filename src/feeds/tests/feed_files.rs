//! Feed files, and what they make of files.

use super::*;

/// The same as [`told`] by a feed file, with what the check found before.
fn told_by(feed_file: &str, file: &[u8]) -> String {
    let feed_file = match FeedFile::parse(feed_file, "pas.toml") {
        Ok(feed_file) => feed_file,
        Err(wrong) => return wrong.to_string(),
    };
    let mut feed = match Feed::of(feed_file, Source::Held(file.to_vec())) {
        Ok(feed) => feed,
        Err(problem) => return problem.to_string(),
    };
    let checked = feed.check(|_| {}).unwrap();
    let mut lines = vec![format!("{checked:?}")];
    for chunk in chunks(&feed) {
        lines.extend(good_lines(&chunk));
        lines.extend(chunk.rejected.iter().map(Rejected::to_string));
    }
    lines.join("\n")
}

#[test]
fn every_mistake_in_a_feed_file_is_told_with_its_line() {
    let patients = "kind = \"patients\"\n[column]\nsite = { is = \"RX1\" }\nhospital_number = \"No\"\n";
    let cases = [
        "kind = \"people\"\n",
        "colour = 1\nkind = \"patients\"\n",
        "kind = \"patients\"\ndelimiter = \"::\"\n",
        "kind = \"patients\"\nencoding = \"latin1\"\n",
        "kind = \"patients\"\ndates = [\"DD/MM/YYYY\",\n \"MM/DD/YYYY\"]\n",
        "kind = \"patients\"\ndates = [\"DD/MM/YY\"]\n",
        "kind = \"patients\"\n[column]\nsite = \"Site\"\n",
        &format!("{patients}shoe = \"Shoe\"\n"),
        &format!("{patients}surname = {{ form = \"Name\" }}\n"),
        &format!("{patients}surname = {{ from = \"Name\", is = \"X\" }}\n"),
        &format!("{patients}surname = {{}}\n"),
        &format!("{patients}surname = 7\n"),
        &format!("{patients}surname = {{ from = \"Name\", dates = [\"CCYYMMDD\"] }}\n"),
        &format!("columns = [\"Name\"]\n{patients}"),
        "kind = \"staff\"\n[totals]\nbegins = [\"\"]\n",
        "kind = \"staff\"\n[totals]\nstarts = [\"x\"]\n",
        "kind = \"staff\"\ntitle_lines = 1000\n",
    ];
    let lines: Vec<_> = cases.iter().map(|case| told_by(case, b"")).collect();
    insta::assert_snapshot!(lines.join("\n"), @r##"
    pas.toml, line 1: kind people is not one of: places, staff, patients, volumes, appointments, movements
    pas.toml, line 1: unknown field `colour`, expected one of `kind`, `encoding`, `delimiter`, `title_lines`, `columns`, `dates`, `empty`, `column`, `totals`: correct or remove it
    pas.toml, line 2: delimiter is one of: "," ";" "|" "~" "^" "#" or "tab"
    pas.toml, line 2: unknown variant `latin1`, expected one of `auto`, `utf-8`, `windows-1252`: correct or remove it
    pas.toml, line 3: DD/MM/YYYY and MM/DD/YYYY read 01/02/2003 differently: keep one, or give each column its own `dates`
    pas.toml, line 2: DD/MM/YY: YY says no century: have the year written in four digits, CCYY
    pas.toml, line 2: [column] does not say what hospital_number is made of
    pas.toml, line 5: patients has no column shoe, but: site, hospital_number, nhs_number, surname, forename, born, died
    pas.toml, line 5: unknown field `form`, expected one of `from`, `is`, `dates`, `codes`: correct or remove it
    pas.toml, line 5: surname has `is` and `from`: leave one out
    pas.toml, line 5: surname has neither `is` nor `from`
    pas.toml, line 5: invalid type: integer `7`, expected a column's name, a list of names, or a table with `from` or `is`: correct or remove it
    pas.toml, line 5: surname is no date: leave `dates` out
    pas.toml, line 1: hospital_number is made of No, which columns does not name
    pas.toml, line 3: every line begins with nothing: write how the total lines begin
    pas.toml, line 3: unknown field `starts`, expected `begins` or `cells`: correct or remove it
    pas.toml, line 2: title_lines is more than 100
    "##);
}

#[test]
fn their_columns_become_ours_joined_coded_and_constant() {
    let feed_file = r#"
kind = "places"
delimiter = "tab"
empty = ["-"]
[column]
code = ["Site", "Loc"]
name = "Desc"
kind = { from = "T", codes = { OP = "clinic", "" = "other" } }
parent = { is = "RX1" }
phone = "Ext"
"#;
    let file = b"Loc\tSite\tDesc\tT\tExt\n5\tC\tClinic 5\top\t-\n6\tC\tStore\t\t12\n7\tC\tWard\tWD\t12\n";
    insta::assert_snapshot!(told_by(feed_file, file), @r#"
    Checked { good: 2, rejected: 1, repeated: 0, first_repeated: None, uncompared: 0, totals: 0 }
    row 2 good: PlaceRow { code: C 5, name: Is("Clinic 5"), kind: Is(Clinic), parent: Is(RX1), phone: Nothing, phone_out_of_hours: Unsaid, open: Unsaid, until: Unsaid, consultants: Unsaid }
    row 3 good: PlaceRow { code: C 6, name: Is("Store"), kind: Is(Other), parent: Is(RX1), phone: Is("12"), phone_out_of_hours: Unsaid, open: Unsaid, until: Unsaid, consultants: Unsaid }
    row 4: kind WD is none of the feed's codes: add it to the feed file
    "#);
    insta::assert_snapshot!(told_by(feed_file, b"Loc\tSite\tT\tExt\n"), @"name is made of the column Desc, which is missing; the first row names Loc, Site, T, Ext");
    insta::assert_snapshot!(told_by(feed_file, b"Loc,Site,Desc,T,Ext\n"), @"the columns are parted by commas: save the file with commas, or name the delimiter in a feed file");
}

#[test]
fn a_file_without_a_first_row_and_its_corrected_reject_file_are_read_by_one_feed_file() {
    let feed_file = "kind = \"staff\"\nencoding = \"windows-1252\"\ncolumns = [\"U\", \"N\", \"R\"]\ntitle_lines = 1\n\
        [column]\nbadge = \"U\"\nname = \"N\"\nrole = \"R\"\n";
    let feed_file = FeedFile::parse(feed_file, "pas.toml").unwrap();
    let open = |bytes: &[u8]| Feed::of(feed_file.clone(), Source::Held(bytes.to_vec())).unwrap();
    let feed = open(b"Users of the PAS\nB1,Ann,clerk\nB2,Zo\xEB,boss\n");
    assert_eq!(chunks(&feed)[0].origins.iter().map(|origin| origin.row).collect::<Vec<_>>(), [2]);
    let text = reject_text(&feed);
    assert_eq!(text.lines().next(), Some("\u{FEFF}row,reason,U,N,R"));
    let again = open(text.replace(",boss", ",manager").as_bytes());
    insta::assert_snapshot!(good_lines(&chunks(&again)[0]).join("\n"), @r#"row 2 good: StaffRow { badge: B2, name: Is("Zoë"), role: Is(Manager) }"#);
}

#[test]
fn totals_stand_at_the_end_and_nowhere_else() {
    let feed_file = "kind = \"staff\"\n[totals]\nbegins = [\"total\"]\ncells = [1]\n";
    let file = b"badge,name\nB1,Ann\nTOTAL,in the middle\nB2,Bo\n\nTotal: 2\nend\n\n";
    insta::assert_snapshot!(told_by(feed_file, file), @r#"
    Checked { good: 3, rejected: 0, repeated: 0, first_repeated: None, uncompared: 0, totals: 2 }
    row 2 good: StaffRow { badge: B1, name: Is("Ann"), role: Unsaid }
    row 3 good: StaffRow { badge: TOTAL, name: Is("in the middle"), role: Unsaid }
    row 4 good: StaffRow { badge: B2, name: Is("Bo"), role: Unsaid }
    "#);
    let many = format!("badge,name\nB1,Ann\n{}", "Total\n".repeat(40));
    assert!(told_by(feed_file, many.as_bytes()).starts_with("Checked { good: 1, rejected: 8,"));
}

#[test]
fn the_same_twice_is_taken_once_and_a_contradiction_not_at_all() {
    let patients = "kind = \"patients\"\n";
    let file = b"site,hospital_number,nhs_number,born\nRX1,1,943 476 5919,1990-02-28\nRX1,2,,\n\
        rx1,1,9434765919,28/02/1990\nRX1,3,,1990-01-01\nRX1,3,,1990-01-02\nRX1,3,,1990-01-01\n";
    insta::assert_snapshot!(told_by(patients, file), @r#"
    Checked { good: 2, rejected: 3, repeated: 1, first_repeated: Some((4, 2)), uncompared: 0, totals: 0 }
    row 2 good: RX1 1 Is("9434765919") Unsaid Unsaid Is(1990-02-28) Unsaid
    row 3 good: RX1 2 Nothing Unsaid Unsaid Nothing Unsaid
    row 5: row 6 tells of the same and differs: correct one, or leave one out
    row 6: row 5 tells of the same and differs: correct one, or leave one out
    row 7: row 6 tells of the same and differs: correct one, or leave one out
    "#);
    let volumes = "kind = \"volumes\"\n";
    let file =
        b"site,hospital_number,barcode,casenote,volume\nRX1,1,B1,CN1,1\nRX1,2,B1,CN2,1\nRX1,1,B3,CN1,2\n\
        RX1,4,B4,CN1,3\nRX1,5,B5,CN5,1\nRX1,5,B5,CN5,1\n";
    insta::assert_snapshot!(told_by(volumes, file), @r#"
    Checked { good: 2, rejected: 3, repeated: 1, first_repeated: Some((7, 6)), uncompared: 0, totals: 0 }
    row 4 good: Some("B3") RX1 1 HOSPITAL Some("CN1") 2 Unsaid Unsaid None Unsaid Unsaid None
    row 6 good: Some("B5") RX1 5 HOSPITAL Some("CN5") 1 Unsaid Unsaid None Unsaid Unsaid None
    row 2: row 3 has the same barcode for another folder: correct one of them
    row 3: row 2 has the same barcode for another folder: correct one of them
    row 5: row 2 has the same casenote for another patient: correct one of them
    "#);
}

#[test]
fn a_row_is_either_whole_or_costs_nothing_but_itself() {
    let long = "x".repeat(70_000);
    let file = format!(
        "badge,name\nA,\"two\nlines\"\nB,\"open\nC,Cy\nD,\"closed, \"wrongly\"\"\nE,\"one\nwide,\nF\"\n\
         G,\"said \"\"so\"\"\"\nH,{long}\nI,\"blank\" \nJ,Jo"
    );
    let mut told = told(Kind::Staff, &file);
    told = told.replace(&long, "x…");
    insta::assert_snapshot!(told, @r#"
    row 2 good: StaffRow { badge: A, name: Is("two lines"), role: Unsaid }
    row 4 good: StaffRow { badge: C, name: Is("Cy"), role: Unsaid }
    row 6 good: StaffRow { badge: E, name: Is("one wide, F"), role: Unsaid }
    row 7 good: StaffRow { badge: G, name: Is("said \"so\""), role: Unsaid }
    row 9 good: StaffRow { badge: I, name: Is("blank"), role: Unsaid }
    row 10 good: StaffRow { badge: J, name: Is("Jo"), role: Unsaid }
    row 3: a quotation mark is not closed: close it or leave it out
    row 5: a quotation mark stands in the middle of a cell: write it twice or leave it out
    row 8: the row is longer than 64 KiB, and is cut here: shorten it
    "#);
}

#[test]
fn what_is_not_utf_8_is_rejected_where_the_feed_file_says_that_all_is() {
    let file = b"badge,name\nA,Zo\xC3\xAB\nB,Zo\xEB\n";
    insta::assert_snapshot!(told_by("kind = \"staff\"\nencoding = \"utf-8\"\n", file), @r#"
    Checked { good: 1, rejected: 1, repeated: 0, first_repeated: None, uncompared: 0, totals: 0 }
    row 2 good: StaffRow { badge: A, name: Is("Zoë"), role: Unsaid }
    row 3: the row is not UTF-8: save the file anew, or correct the feed's encoding
    "#);
    insta::assert_snapshot!(told_by("kind = \"staff\"\n", file), @r#"
    Checked { good: 2, rejected: 0, repeated: 0, first_repeated: None, uncompared: 0, totals: 0 }
    row 2 good: StaffRow { badge: A, name: Is("Zoë"), role: Unsaid }
    row 3 good: StaffRow { badge: B, name: Is("Zoë"), role: Unsaid }
    "#);
}

#[test]
fn what_a_service_is_given_reads_as_the_file_did() {
    let feed_file = "kind = \"appointments\"\ndates = [\"CCYYMMDD HHMM\"]\n[column]\nclinic = \"C\"\n\
        starts_at = [\"D\", \"T\"]\nsite = { is = \"RX1\" }\nhospital_number = \"N\"\n";
    let feed_file = FeedFile::parse(feed_file, "pas.toml").unwrap();
    let file = b"C,D,T,N\nCL5,20261130,1400,1\nCL6,20261130,0900,2\nCL5,20261130,1420,3\n";
    let feed = Feed::of(feed_file, Source::Held(file.to_vec())).unwrap();
    let chunk = chunks(&feed).remove(0);
    let csv = feed.as_csv(&chunk.origins).unwrap();
    assert_eq!(csv.lines().nth(1), Some("CL5,1,RX1,2026-11-30 14:00:00"));
    let there = chunks(&Feed::open(Kind::Appointments, csv.into_bytes()).unwrap()).remove(0);
    let words = |chunk: &Chunk| -> Vec<String> {
        good_lines(chunk).iter().map(|line| line.split_once(": ").unwrap().1.to_owned()).collect()
    };
    assert_eq!(words(&chunk), words(&there));
}
