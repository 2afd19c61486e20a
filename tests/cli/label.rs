//! Labels through the program itself: from the data folder, and from a CSV file without one.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const PLACES: &str = "code,name,kind,parent,phone\nRX1,Royal,site,,\nLIB,Library,library,RX1,ext 1\nS1,Shelf 1,shelf,LIB,\nK1,Crate 1,container,,\n";
const STAFF: &str = "badge,name,role\nB1,Ann Ames,clerk\n";
const PATIENTS: &str =
    "site,hospital_number,surname,forename,born\nRX1,H7771234,Zzyzxsmith,Quentina,28/02/1990\n";
const VOLUMES: &str = "barcode,site,hospital_number,volume,kind\nOLD-1,RX1,H7771234,1,original\n\
    OLD-2,RX1,H7771234,2,temporary\n";

struct Office(PathBuf);

impl Office {
    fn new(test: &str) -> Self {
        let folder =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn with_hospital(self) -> Self {
        for (name, text) in
            [("places", PLACES), ("staff", STAFF), ("patients", PATIENTS), ("volumes", VOLUMES)]
        {
            let file = format!("{name}.csv");
            std::fs::write(self.0.join(&file), text).unwrap();
            assert_eq!(self.told(&["import", name, &file]).2, 0, "{name}");
        }
        self
    }

    /// What it wrote to stdout and to stderr, and its exit code.
    fn told(&self, args: &[&str]) -> (String, String, i32) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_casetrack"));
        let output = command.current_dir(&self.0).stdin(Stdio::null()).args(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code().unwrap())
    }

    fn label(&self, args: &[&str]) -> (String, String, i32) {
        self.told(&[&["label"], args].concat())
    }

    fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn folders_places_badges_and_cards_get_labels() {
    let office = Office::new("label-all").with_hospital();
    let printed = |args: &[&str], file: &str| {
        let (out, err, code) = office.label(args);
        assert_eq!((out.as_str(), code), (format!("{file}\n").as_str(), 0), "{args:?}: {err}");
        assert!(office.file(file).starts_with(b"%PDF-"), "{args:?}");
    };
    printed(&["volume", "OLD-1", "OLD-2"], "labels.pdf");
    printed(&["volume", "OLD-2", "--spine", "--stock", "L4760", "-o", "spine.pdf"], "spine.pdf");
    printed(&["place", "LIB", "--beneath", "--stock", "l7163", "-o", "places.pdf"], "places.pdf");
    printed(&["container", "K1", "--stock", "L7165", "-o", "crate.pdf"], "crate.pdf");
    printed(&["staff", "B1", "-o", "badge.pdf"], "badge.pdf");
    printed(&["cards", "--stock", "L7165", "-o", "cards.pdf"], "cards.pdf");
    printed(&["calibrate", "-o", "rule.pdf"], "rule.pdf");
}

#[test]
fn what_is_not_known_stops_the_print_and_says_why() {
    let office = Office::new("label-unknown").with_hospital();
    let failed = |args: &[&str], why: &str| {
        let (out, err, code) = office.label(args);
        assert_eq!((out.as_str(), code), ("", 1), "{args:?}");
        assert!(err.contains(why), "{args:?}: {err}");
    };
    failed(&["volume", "OLD-1", "NOBODY"], "NOBODY: no folder has this label");
    failed(&["place", "ELSEWHERE"], "ELSEWHERE: no place has this code");
    failed(&["container", "LIB"], "LIB is no container but a library");
    failed(&["staff"], "nothing to print: name some");
    failed(&["cards", "--stock", "L9999"], "no stock L9999: one of ");
    failed(&["cards", "--stock", "L7651"], "Avery L7651, 65 a sheet is too small for a Card label");
    failed(&["cards", "--stock", "L7165", "--start", "9"], "label 9 of a sheet with 8");
    failed(
        &["cards", "--stock", "L7165", "-o", "cards.doc"],
        "a name that ends in .pdf, .svg, .png, .zpl, .tspl or .epl",
    );
    failed(&["calibrate", "--stock", "99010"], "has no room for the rule");
}

#[test]
fn a_row_that_cannot_be_printed_is_named_and_the_others_are_printed() {
    let office = Office::new("label-rows");
    office.write("rows.csv", "kind,key,surname,forename,volume\nvolume,A1,Smith,Ann,Vol 1 of 1\nvolume,é,Jones,Bo,Vol 1 of 1\nchair,A2,Brown,Cy,\n");
    let (out, err, code) = office.label(&["sheet", "rows.csv"]);
    assert_eq!((out.as_str(), code), ("labels.pdf\n", 1));
    assert!(err.contains("not printed: é: Code 128 has no character for 'é'"), "{err}");
    assert!(err.contains("not printed: line 4: kind: unknown variant `chair`"), "{err}");
    assert!(err.contains("2 labels were not printed"), "{err}");
    office.write("bad.csv", "kind,key,colour\n");
    let (_, err, code) = office.label(&["sheet", "bad.csv"]);
    assert_eq!(code, 1);
    assert!(err.contains("column colour: unknown variant `colour`"), "{err}");
}

#[test]
fn a_long_run_is_several_files_and_a_label_printer_gets_one() {
    let office = Office::new("label-long");
    let mut rows = "kind,key,surname\n".to_owned();
    for number in 0..1_050 {
        writeln!(rows, "volume,A{number:06},Smith").unwrap();
    }
    office.write("rows.csv", &rows);
    let (out, err, code) = office.label(&["sheet", "rows.csv"]);
    assert_eq!((out.as_str(), code), ("labels-001.pdf\nlabels-002.pdf\n", 0), "{err}");
    let (out, _, _) =
        office.label(&["sheet", "rows.csv", "--stock", "50x25", "--dpi", "203", "--black", "-o", "l.zpl"]);
    assert_eq!(out, "l.zpl\n");
    let zpl = String::from_utf8(office.file("l.zpl")).unwrap();
    assert_eq!((zpl.matches("^XA").count(), zpl.matches("^XZ").count()), (1_050, 1_050));
}

#[test]
fn a_house_puts_its_own_stock_and_template_beside_the_configuration() {
    let office = Office::new("own-files").with_hospital();
    for folder in ["labels/stocks", "labels/templates"] {
        std::fs::create_dir_all(office.0.join(folder)).unwrap();
    }
    let stock = "code = \"HOUSE\"\nname = \"Roll of the house\"\nsource = \"measured\"\nmedium = \"roll\"\nlabel_mm = [80, 40]\n";
    let template = "code = \"house\"\ntitle = \"Of the house\"\nfor = [\"volume\"]\nleast_mm = [70, 30]\n[[field]]\n\
        shows = \"bars\"\nmodule_mm = 0.5\nleast_module_mm = 0.25\nleft_mm = 0\nright_mm = 0\ntop_mm = 5\nheight_mm = 20\n";
    office.write("labels/stocks/house.toml", stock);
    office.write("labels/templates/house.toml", template);
    office.write(
        "casetrack.toml",
        "[[printer]]\nname = \"Hatch\"\nvia = \"tcp://127.0.0.1:9\"\ndpi = 203\nstock = \"house\"\n",
    );
    let (told, trouble, code) = office.told(&["check-config"]);
    assert_eq!(code, 0, "{trouble}");
    assert!(told.ends_with("# labels/stocks: HOUSE\n# labels/templates: house\n"), "{told}");
    let (_, trouble, code) = office.label(&[
        "volume",
        "OLD-1",
        "--stock",
        "HOUSE",
        "--template",
        "house",
        "--dpi",
        "203",
        "-o",
        "a.zpl",
    ]);
    assert_eq!(code, 0, "{trouble}");
    assert!(String::from_utf8(office.file("a.zpl")).unwrap().contains("^BC"));

    office.write("labels/stocks/house.toml", &stock.replace("[80, 40]", "[5, 40]"));
    for command in ["check-config", "serve"] {
        let (_, trouble, code) = office.told(&[command]);
        assert_eq!(code, 2, "{trouble}");
        assert!(
            trouble.contains("stock labels/stocks/house.toml: a label of 5 mm by 40 mm is too small"),
            "{trouble}"
        );
    }
}
