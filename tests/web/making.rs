//! Making up over a real store and raw HTTP: new casenotes, new volumes, temporary folders, and patients typed in.

use crate::common;
use crate::service;

use casetrack::clock::Clock;
use casetrack::domain::casenote::LabelText;
use casetrack::domain::import::{PatientRow, Piece, Restriction, RowResult, Said, StaffRow, VolumeRow};
use casetrack::domain::patient::Source;
use casetrack::domain::printing::{JobState, NewLabel, Printed, Settled, Why};
use casetrack::domain::staff::Role;
use casetrack::labels::measure::Dpi;
use casetrack::labels::print::{Language, Setup, Via};
use casetrack::labels::printer::Colours;
use casetrack::live::Live;
use casetrack::store::story::{self, Hospital, MORNING, code};
use casetrack::store::{Page, Store, VolumeRecord, verify};
use casetrack::web::{Exposure, urls};
use common::{Folder, options, trust};
use serde_json::json;
use service::{Ground, Service, setups_of};
use uuid::Uuid;

/// The story's hospital with a service over it.
struct Library {
    folder: Folder,
    hospital: Hospital,
    service: Service,
}

/// The fields of a form.
type Fields<'a> = Vec<(&'a str, &'a str)>;

/// What is typed of somebody nobody knows.
const ZOE: [(&str, &str); 6] = [
    ("number", "700001"),
    ("nhs", "943 476 5919"),
    ("surname", "Quuxworthy"),
    ("forename", "Zoë"),
    ("born", "4/5/1961"),
    ("site", "RX1"),
];
/// What is then made for her.
const CASENOTE: [(&str, &str); 4] =
    [("step", "make"), ("what", "casenote"), ("casenote", "700001"), ("badge", "BADGE7")];

impl Library {
    async fn open() -> Self {
        Self::printing(Vec::new()).await
    }

    /// … that has these printers.
    async fn printing(printers: Vec<Setup>) -> Self {
        let folder = Folder::new();
        let (clock, hands) = Clock::manual(MORNING);
        let store = Store::open(options(&folder, clock.clone())).unwrap();
        let hospital = Hospital::open(store.clone(), trust(), clock.clone(), hands).await;
        let (live, setups) = (Live::default(), setups_of(&story::desks()));
        let ground = Ground { store, trust: trust(), clock, live, setups, exposure: Exposure::Loopback };
        Self { folder, hospital, service: Service::printing(ground, printers).await }
    }

    async fn close(self) {
        self.hospital.store.stop().await;
        assert!(verify(&self.folder.0).unwrap().is_sound());
    }

    /// Sends a form with a new id.
    async fn form(&self, fields: &[(&str, &str)]) -> String {
        self.form_again(&Uuid::now_v7().to_string(), fields).await
    }

    /// Sends a form with this id.
    async fn form_again(&self, id: &str, fields: &[(&str, &str)]) -> String {
        let id = [("id", id)];
        let fields = fields.iter().chain(&id).map(|(key, value)| format!("{key}={}", urls::segment(value)));
        let body = fields.collect::<Vec<_>>().join("&");
        let media = "content-type: application/x-www-form-urlencoded\r\n";
        self.service.ask("POST", "/make", media, &body).await
    }

    /// Makes something up that must be made; says the page of what was made.
    async fn make(&self, fields: &[(&str, &str)]) -> String {
        let answer = self.form(fields).await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        let page = self.service.page(location(&answer)).await;
        assert!(page.contains("MADE UP"), "{page}");
        page
    }

    /// The folder that a page says was made.
    async fn made(&self, page: &str) -> VolumeRecord {
        let barcode: LabelText = after(page, "barcode ").parse().unwrap();
        self.hospital.store.volume(&trust(), &barcode).await.unwrap().unwrap()
    }

    async fn import(&self, piece: Piece) -> Vec<RowResult> {
        self.hospital.store.import(&trust(), piece).await.unwrap()
    }

    /// How many patients the search finds under a name.
    async fn count(&self, name: &str) -> usize {
        self.service.page(&format!("/find?q={name}&show=list")).await.matches("class=\"surname\"").count()
    }
}

fn location(answer: &str) -> &str {
    answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_else(|| panic!("{answer}"))
}

/// What stands after `before`, up to the next tag or quotation mark.
fn after<'a>(page: &'a str, before: &str) -> &'a str {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("no {before}: {page}"));
    rest.split(['<', '"']).next().unwrap()
}

fn with<'a>(fields: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Fields<'a> {
    let kept = fields.iter().filter(|(key, _)| !more.iter().any(|(other, _)| other == key));
    kept.chain(more).copied().collect()
}

fn patient(number: &str, surname: &str, forename: &str, born: &str) -> PatientRow {
    PatientRow {
        site: code("RX1"),
        hospital_number: number.parse().unwrap(),
        nhs_number: Said::Unsaid,
        surname: Said::Is(surname.to_owned()),
        forename: Said::Is(forename.to_owned()),
        born: born.parse().map_or(Said::Nothing, Said::Is),
        died: Said::Nothing,
    }
}

#[tokio::test]
async fn a_new_casenote_is_made_in_one_act_and_is_not_yet_seen_until_it_is_scanned() {
    let library = Library::open().await;
    let asked = library.service.page("/make").await;
    assert!(asked.contains("1. Whose is it?") && asked.contains("name=\"site\" value=\"RX1\""), "{asked}");
    let page = library.form(&with(&ZOE, &[("step", "look")])).await;
    assert!(page.contains("QUUXWORTHY, Zoë") && page.contains("2. A new casenote, volume 1"), "{page}");
    assert!(page.contains("provisional until the next import"), "{page}");

    let id = Uuid::now_v7().to_string();
    let form = with(&ZOE, &CASENOTE);
    let answer = library.form_again(&id, &form).await;
    assert_eq!(location(&answer), format!("/make?said={id}"), "no name stands in an address");
    let page = library.service.page(location(&answer)).await;
    assert!(page.contains("700001 volume 1") && page.contains("Print its label"), "{page}");
    let made = library.made(&page).await;
    assert!(page.contains(&format!("href=\"/volumes/{}/label\"", made.brief.barcode)), "{page}");
    let person = made.patient.unwrap();
    assert_eq!((person.surname.as_str(), person.source), ("Quuxworthy", Source::TypedIn));
    assert_eq!(person.nhs_number.unwrap().to_string(), "9434765919");
    let (_, volume) = library.service.json(&format!("volumes/{}", made.brief.barcode)).await;
    assert_eq!(volume["state"], "not-yet-seen", "{volume}");

    assert_eq!(location(&library.form_again(&id, &form).await), format!("/make?said={id}"));
    let other = library.form_again(&id, &with(&form, &[("forename", "Zara")])).await;
    assert!(other.starts_with("HTTP/1.1 409") && other.contains("sent before"), "{other}");
    assert_eq!(library.count("quuxworthy").await, 1);
    let found = library.service.page("/find?q=quuxworthy&show=list").await;
    assert!(found.contains("typed in here, not confirmed"), "{found}");
    let own = library.service.page(&format!("/volumes/{}", made.brief.barcode)).await;
    assert!(own.contains("The patient is provisional: typed in here, not confirmed."), "{own}");

    let scan = json!({"id": Uuid::now_v7(), "code": made.brief.barcode.to_string()});
    let scanned = library.service.scan("LIB-1", scan).await.1;
    assert!(scanned["title"].as_str().unwrap().starts_with("RECEIVED"), "{scanned}");
    library.close().await;
}

/// A label printer, and one that prints on sheets.
fn printers() -> Vec<Setup> {
    let setup = |name: &str, language, stock: Option<&str>| Setup {
        name: name.to_owned(),
        via: Via::Folder("spool".into()),
        dpi: Dpi::THERMAL_8,
        colours: Colours::Black,
        language,
        stock: stock.map(str::to_owned),
        offset: (0, 0),
        trays: Vec::new(),
    };
    vec![setup("The hatch", Language::Zpl, Some("70x35")), setup("Office", Language::Pdf, None)]
}

#[tokio::test]
async fn a_folder_is_made_and_labelled_in_one_act() {
    let library = Library::printing(printers()).await;
    let store = library.hospital.store.clone();
    let page = library.form(&with(&ZOE, &[("step", "new")])).await;
    for offered in [
        "<option value=\"The hatch\" selected>The hatch</option>",
        "<option value=\"Office\">Office, on a new sheet L7160</option>",
        "<option value=\"\">A PDF to print</option>",
    ] {
        assert!(page.contains(offered), "{offered}: {page}");
    }
    let casenote = [ZOE.as_slice(), &CASENOTE].concat();
    let refused = library.form(&with(&casenote, &[("badge", "NOBODY"), ("printer", "")])).await;
    assert!(refused.contains("<option value=\"\" selected>"), "what was chosen stays chosen: {refused}");

    let id = Uuid::now_v7();
    let form = with(&casenote, &[("printer", "The hatch")]);
    for _ in 0..2 {
        let answer = library.form_again(&id.to_string(), &form).await;
        assert_eq!(location(&answer), format!("/make?said={id}"));
    }
    let made_at = format!("/make?said={id}");
    let page = library.service.page(&made_at).await;
    assert!(page.contains("Its label is printing on The hatch.") && page.contains("/labels/queue"), "{page}");
    let made = library.made(&page).await.brief.id.key();
    let jobs = store.print_jobs(&trust(), Page::default()).await.unwrap().items;
    assert_eq!(jobs.len(), 1, "sent twice, it prints once: {jobs:?}");
    let job = store.print_job(&trust(), jobs[0].id).await.unwrap().unwrap();
    assert_eq!((job.job.printer.as_str(), job.job.paper.stock.as_str()), ("The hatch", "70x35"));
    assert_eq!((job.job.state, job.job.person.is_some()), (JobState::Queued, true));
    let labels: Vec<_> = job.labels.iter().map(|label| label.label).collect();
    assert_eq!(labels, [NewLabel { what: Printed::Cover, subject: made, why: Why::New }]);
    store.settle_job(&trust(), id, Settled::CallOff).await.unwrap();
    let page = library.service.page(&made_at).await;
    assert!(page.contains("Its label was called off on The hatch."), "{page}");
    library.close().await;
}

#[tokio::test]
async fn a_folder_is_made_also_where_its_label_cannot_be_queued() {
    let library = Library::printing(printers()).await;
    let form = [ZOE.as_slice(), &CASENOTE, &[("printer", "Sold & gone")]].concat();
    let page = library.make(&form).await;
    assert!(page.contains("Its label is not printing on Sold &#38; gone. Print it from here."), "{page}");
    let made = library.made(&page).await;
    assert!(page.contains(&format!("href=\"/volumes/{}/label\" autofocus", made.brief.barcode)), "{page}");
    let pdf = with(
        &form,
        &[("printer", ""), ("number", "700099"), ("casenote", "700099"), ("nhs", ""), ("surname", "Abbot")],
    );
    let page = library.make(&pdf).await;
    assert!(page.contains("Print its label") && !page.contains("printing on"), "{page}");
    assert!(library.hospital.store.print_jobs(&trust(), Page::default()).await.unwrap().items.is_empty());
    library.close().await;
}

#[tokio::test]
async fn a_volume_is_the_next_of_its_casenote_and_a_temporary_folder_is_one_too() {
    let library = Library::open().await;
    let restricted = VolumeRow { restricted: Said::Is(Restriction::Restricted), ..story::folder(2) };
    library.import(Piece::Volumes(vec![restricted])).await;
    let page = library.form(&[("step", "look"), ("number", "f1")]).await;
    assert!(page.contains("New volume of H1") && page.contains("It will be volume 3."), "{page}");
    assert!(page.contains("Temporary folder for H1"), "{page}");
    let (volume, temporary) = (after(&page, "value=\"volume "), after(&page, "value=\"temporary "));
    assert_eq!(volume, temporary);
    let person = after(&page, "name=\"person\" value=\"");
    let what = format!("volume {volume}");
    let fields = [("step", "make"), ("person", person), ("site", "RX1"), ("badge", "badge7")];
    let unchosen = library.form(&fields).await;
    assert!(unchosen.contains("Choose first what is made."), "{unchosen}");
    let page = library.make(&with(&fields, &[("what", &what), ("kind", "maternity")])).await;
    let third = library.made(&page).await;
    assert_eq!((third.brief.volume, third.brief.kind.word()), (3, "maternity"));
    assert_eq!(third.home, Some(library.hospital.place("S12")), "it belongs beside the others");
    assert!(third.restricted, "what holds for the casenote holds for its new folder");

    let what = format!("temporary {temporary}");
    let page = library.make(&with(&fields, &[("what", &what)])).await;
    assert!(page.contains("H1 volume 4") && page.contains("temporary"), "{page}");
    let fourth = library.made(&page).await;
    assert_eq!(fourth.siblings.len(), 3);
    assert_eq!(library.hospital.folder("F1").await.siblings.len(), 3);

    let gone = library.form(&with(&fields, &[("what", "volume 999")])).await;
    assert!(gone.contains("It has changed since the form was opened"), "{gone}");
    let taken = library.form(&with(&fields, &[("what", "casenote"), ("casenote", "H2")])).await;
    assert!(taken.contains("There is a casenote with this number already"), "{taken}");
    assert!(
        taken.contains("name=\"casenote\" type=\"text\" maxlength=\"32\" spellcheck=\"false\" value=\"H2\"")
    );
    let page = library.make(&with(&fields, &[("what", "casenote"), ("casenote", "mat 77")])).await;
    assert!(page.contains("MAT77 volume 1"), "{page}");
    library.close().await;
}

#[tokio::test]
async fn nobody_becomes_a_second_patient_by_being_overlooked() {
    let library = Library::open().await;
    let rows = vec![
        patient("600001", "QUUXWORTHY", "Zoe", "1961-04-05"),
        patient("600002", "Quuxworthy", "Abel", "1961-05-04"),
        patient("600003", "Quuxworthy", "Zoe", "1988-12-31"),
    ];
    library.import(Piece::Patients(rows)).await;
    let page = library.form(&with(&ZOE, &[("step", "look")])).await;
    assert!(page.contains("Much like what you typed"), "{page}");
    assert!(page.contains("Same name; birth date one digit off, or swapped"), "{page}");
    assert!(page.contains("Same surname and birth date"), "{page}");
    assert_eq!(
        page.matches("name=\"passed\"").count(),
        2,
        "the third is told apart by the birth date: {page}"
    );
    assert!(page.contains("value=\"Quuxworthy\""), "nothing typed is lost: {page}");
    let keys: Vec<&str> =
        page.split("name=\"passed\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();

    let none_passed = library.form(&with(&ZOE, &[("step", "new")])).await;
    assert!(none_passed.contains("Compare them first."), "{none_passed}");
    let one = [("passed", keys[0])];
    let one_passed = library.form(&[ZOE.as_slice(), &one, &[("step", "new")]].concat()).await;
    assert!(one_passed.contains("Compare them first.") && one_passed.contains("checked required"));
    let sent_all_the_same = library.form(&[ZOE.as_slice(), &CASENOTE, &one].concat()).await;
    assert!(sent_all_the_same.contains("Compare them first."), "{sent_all_the_same}");
    let taken = library.form(&[&with(&ZOE, &[("number", "600003")]), CASENOTE.as_slice()].concat()).await;
    assert!(taken.contains("NOT DONE"), "{taken}");
    assert_eq!(library.count("quuxworthy").await, 3);

    let both = [("passed", keys[0]), ("passed", keys[1])];
    let passed = library.form(&[ZOE.as_slice(), &both, &[("step", "new")]].concat()).await;
    assert!(passed.contains("2. A new casenote, volume 1"), "{passed}");
    let hidden = passed.split("class=\"answer what-for\"").nth(1).unwrap().split("</form>").next().unwrap();
    assert_eq!(hidden.matches("name=\"passed\"").count(), 2, "{hidden}");
    library.make(&[ZOE.as_slice(), &CASENOTE, &both].concat()).await;
    assert_eq!(library.count("quuxworthy").await, 4);
    let again = with(&ZOE, &[("number", "700010"), ("step", "look")]);
    let page = library.form(&again).await;
    assert!(page.contains("Same NHS number"), "who was typed in is known at once: {page}");

    let chosen = library.form(&with(&ZOE, &[("step", &format!("person {}", keys[0]))])).await;
    assert!(chosen.contains("QUUXWORTHY, Zoe") && chosen.contains("2. A new casenote"), "{chosen}");
    let back = library.form(&with(&ZOE, &[("step", "again")])).await;
    assert!(back.contains("value=\"Quuxworthy\"") && back.contains("1. Whose is it?"), "{back}");
    library.close().await;
}

#[tokio::test]
async fn an_import_confirms_a_patient_who_was_typed_in_or_says_what_differs() {
    let library = Library::open().await;
    for (number, told, says) in [
        ("700001", patient("700001", "Quuxworthy", "Zoë", "1961-05-04"), None),
        (
            "700002",
            patient("700002", "Quuxworth", "Zoë", "1962-05-04"),
            Some("surname Dunmore, birth date 1950-03-12"),
        ),
    ] {
        let typed = if says.is_none() {
            ZOE.to_vec()
        } else {
            with(&ZOE, &[("surname", "Dunmore"), ("born", "12/3/1950"), ("nhs", ""), ("number", number)])
        };
        let page =
            library.make(&[&typed, with(&CASENOTE, &[("casenote", number)]).as_slice()].concat()).await;
        let volumes = vec![VolumeRow {
            barcode: None,
            hospital_number: number.parse().unwrap(),
            volume: 1,
            ..story::folder(1)
        }];
        library.import(Piece::Volumes(volumes)).await;
        assert_eq!(
            library.made(&page).await.patient.unwrap().source,
            Source::TypedIn,
            "a folder confirms nobody"
        );
        let told = Piece::Patients(vec![told]);
        let results = library.import(told.clone()).await;
        let [RowResult::Confirmed(differs)] = results.as_slice() else { panic!("{results:?}") };
        assert_eq!(differs.is_some(), says.is_some(), "{differs:?}");
        assert!(differs.as_deref().unwrap_or_default().contains(says.unwrap_or_default()), "{differs:?}");
        assert_eq!(library.import(told).await, [RowResult::Same]);
        let patient = library.made(&page).await.patient.unwrap();
        assert_eq!(patient.source, Source::Imported);
        let name = if says.is_none() { "Quuxworthy" } else { "Quuxworth" };
        assert_eq!(patient.surname, name, "the import wins");
    }
    assert_eq!(library.count("dunmore").await, 0);
    assert_eq!(library.count("quuxworth").await, 2, "never a second patient");
    library.close().await;
}

#[tokio::test]
async fn whoever_works_with_the_paper_may_make_up_and_the_log_names_no_patient() {
    let library = Library::open().await;
    let staff = |role: Role| StaffRow {
        badge: code(&format!("R-{}", role.word())),
        name: Said::Is(role.word().to_owned()),
        role: Said::Is(role),
    };
    library.import(Piece::Staff(Role::ALL.into_iter().map(staff).collect())).await;
    let mut number = 710_000;
    for role in Role::ALL {
        number += 100;
        let (text, name) = (number.to_string(), format!("Nomen{}", role.word().replace('-', "")));
        let badge = format!("R-{}", role.word());
        let person = [("number", text.as_str()), ("surname", &name), ("site", "RX1"), ("casenote", &text)];
        let form = with(&[person.as_slice(), &CASENOTE].concat(), &[("badge", &badge), ("casenote", &text)]);
        let answer = library.form(&form).await;
        if matches!(role, Role::Viewer | Role::Governance) {
            assert!(answer.contains("may not make up folders"), "{role:?}: {answer}");
            assert!(answer.contains(&name.to_uppercase()), "nothing typed is lost: {answer}");
        } else {
            assert!(answer.starts_with("HTTP/1.1 303"), "{role:?}: {answer}");
        }
    }
    let nobody = library.form(&with(&[ZOE.as_slice(), &CASENOTE].concat(), &[("badge", "NOBODY")])).await;
    assert!(nobody.contains("No badge that is known here was given"), "{nobody}");
    let log = rusqlite::Connection::open(library.folder.0.join("casetrack.db")).unwrap();
    let mut texts = log.prepare("SELECT text FROM scan WHERE text LIKE 'make %'").unwrap();
    let texts: Vec<String> =
        texts.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(texts.len(), 7);
    assert!(
        texts.iter().all(|text| text.starts_with("make casenote, form ") && text.len() == 24),
        "{texts:?}"
    );
    let movements: i64 = log.query_row("SELECT count(*) FROM movement", [], |row| row.get(0)).unwrap();
    assert_eq!(movements, 0, "nothing was seen");
    library.close().await;
}

#[tokio::test]
async fn two_living_patients_of_one_name_are_told_on_the_page_and_at_the_desk() {
    let library = Library::open().await;
    let dead = PatientRow {
        died: Said::Is("2020-01-01".parse().unwrap()),
        ..patient("H3", "Lee", "Ann", "1930-01-01")
    };
    let rows = vec![
        patient("H1", "O'Brien", "Zoë", "1961-05-04"),
        patient("H2", "OBRIEN", "zoe", "1988-12-31"),
        dead,
        patient("H4", "Lee", "Ann", "1950-01-01"),
    ];
    library.import(Piece::Patients(rows)).await;
    for (folder, is_told) in [("F1", true), ("F3", true), ("F5", false), ("F7", false), ("F9", false)] {
        let page = library.service.page(&format!("/volumes/{folder}")).await;
        assert_eq!(page.contains("Same name as another patient"), is_told, "{folder}");
        let scan = json!({"id": Uuid::now_v7(), "code": folder, "scanner": "page-1"});
        library.service.scan("LIB-1", scan).await;
        let desk = library.service.page("/desks/LIB-1?session=page-1").await;
        assert_eq!(desk.contains("Same name as another patient"), is_told, "{folder}: {desk}");
    }
    library.close().await;
}
