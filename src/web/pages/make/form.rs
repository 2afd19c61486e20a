//! What the form for making up says. It goes to and fro whole: nothing that was typed is lost.

use std::fmt::Write as _;

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::asked::{Asked, MAX_LEN};
use crate::domain::barcode::OwnBarcode;
use crate::domain::casenote::{CasenoteNumber, VolumeKind};
use crate::domain::directory::Directory;
use crate::domain::import::HOSPITAL_NUMBER;
use crate::domain::making::{MAX_ALIKE, Making, Numbering, TypedIn, Under, Whose};
use crate::domain::patient::{NhsNumber, Number};
use crate::domain::place::Code;
use crate::domain::{CasenoteId, PatientId, StaffId};
use crate::web::acts;
use crate::web::error::Failure;

/// Bytes of a form's digest that the log shows: enough to tell an altered form from the same one sent twice, too few
/// to tell who was typed in.
const MARK_BYTES: usize = 2;

/// What to do with a form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Look for the patient.
    Look,
    /// It is this patient.
    Person(PatientId),
    /// It is a patient who is not known yet.
    New,
    /// Make the folder up.
    Make,
    /// Back to the form.
    Again,
}

/// What is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// The next volume of a casenote.
    Volume(CasenoteId),
    /// A temporary folder of a casenote.
    Temporary(CasenoteId),
    /// The first folder of a new casenote.
    Casenote,
}

/// A form as it was sent. What a field does not hold is empty.
#[derive(Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "each is the field of its name")]
pub struct Posting {
    pub id: Uuid,
    pub number: String,
    pub nhs: String,
    pub surname: String,
    pub forename: String,
    pub born: String,
    pub site: String,
    pub person: Option<PatientId>,
    pub passed: Vec<PatientId>,
    pub what: String,
    pub casenote: String,
    pub kind: String,
    pub badge: String,
    /// Where its label comes out: empty is a PDF, `None` is not said yet.
    pub printer: Option<String>,
}

/// What was typed, each part read by itself.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Typed {
    /// A hospital number, a casenote's, or a folder's label.
    pub number: Option<Number>,
    /// A NHS number.
    pub nhs_number: Option<NhsNumber>,
    /// A birth date.
    pub born: Option<Date>,
}

impl Posting {
    /// Reads the fields of a form, and what to do with it.
    pub fn read(fields: &[(String, String)]) -> Result<(Self, Step), Failure> {
        let field = |name: &str| {
            let found = fields.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| tidy(value)).unwrap_or_default()
        };
        let malformed = |what: &str| Failure::Malformed(format!("{what}: open the page again"));
        let id: Uuid = field("id").parse().map_err(|_| malformed("id"))?;
        if id.get_version_num() != 7 {
            return Err(malformed("id"));
        }
        let patient = |text: &str| text.parse().map(PatientId::new).map_err(|_| malformed("person"));
        let passed = fields.iter().filter(|(key, _)| key == "passed").take(MAX_ALIKE);
        let person = Some(field("person")).filter(|text| !text.is_empty());
        let posting = Self {
            id,
            number: field("number"),
            nhs: field("nhs"),
            surname: field("surname"),
            forename: field("forename"),
            born: field("born"),
            site: field("site"),
            person: person.map(|text| patient(&text)).transpose()?,
            passed: passed.map(|(_, value)| patient(value)).collect::<Result<_, _>>()?,
            what: field("what"),
            casenote: field("casenote"),
            kind: field("kind"),
            badge: field("badge"),
            printer: fields.iter().find(|(key, _)| key == "printer").map(|(_, value)| tidy(value)),
        };
        let step = field("step");
        let step = match step.split_once(' ') {
            Some(("person", key)) => Step::Person(patient(key)?),
            None if step == "look" => Step::Look,
            None if step == "new" => Step::New,
            None if step == "make" => Step::Make,
            None if step == "again" => Step::Again,
            Some(_) | None => return Err(malformed("step")),
        };
        Ok((posting, step))
    }

    /// The numbers and the birth date, or what is wrong with them.
    pub fn typed(&self, today: Date) -> Result<Typed, Vec<String>> {
        let mut wrong = Vec::new();
        let long = |text: &&String| text.chars().count() > MAX_LEN;
        if [&self.number, &self.surname, &self.forename].iter().any(long) {
            wrong.push(format!("Numbers and names may have {MAX_LEN} characters at most."));
        }
        let number = read(&self.number, &mut wrong, |text| {
            text.parse().map_err(|_| "Number: type letters and digits, without accents.")
        });
        let nhs_number = read(&self.nhs, &mut wrong, |text| {
            text.parse()
                .map_err(|_| "NHS number: a digit is wrong, or two are swapped. Check it, or leave it out.")
        });
        let born = read(&self.born, &mut wrong, |text| day(text, today));
        if wrong.is_empty() { Ok(Typed { number, nhs_number, born }) } else { Err(wrong) }
    }

    /// The patient as they are typed in, or what is missing for that.
    pub fn typed_in(&self, typed: &Typed) -> Result<TypedIn, &'static str> {
        let number = typed.number.clone().ok_or("their hospital number")?;
        if number.as_str().parse::<OwnBarcode>().is_ok() {
            return Err("their hospital number (this is the barcode of a folder)");
        }
        if self.surname.is_empty() {
            return Err("their surname");
        }
        Ok(TypedIn {
            site: self.site.parse().map_err(|_| "the site that gave the number")?,
            number,
            nhs_number: typed.nhs_number,
            surname: self.surname.clone(),
            forename: self.forename.clone(),
            born: typed.born,
        })
    }

    /// What is to be made, if it was said.
    pub fn what(&self) -> Option<What> {
        let casenote = |key: &str| key.parse().map(CasenoteId::new).ok();
        match self.what.split_once(' ') {
            Some(("volume", key)) => casenote(key).map(What::Volume),
            Some(("temporary", key)) => casenote(key).map(What::Temporary),
            None if self.what == "casenote" => Some(What::Casenote),
            Some(_) | None => None,
        }
    }

    /// What the form asks for, or what is still missing.
    pub fn making(&self, typed: &Typed, numbering: &Numbering) -> Result<Making, String> {
        let what = self.what().ok_or("Choose first what is made.")?;
        let kind = self.kind.parse().unwrap_or(VolumeKind::Original);
        let (under, kind) = match what {
            What::Volume(casenote) => (Under::Casenote(casenote), kind),
            What::Temporary(casenote) => (Under::Casenote(casenote), VolumeKind::Temporary),
            What::Casenote => (self.begins(typed)?, kind),
        };
        Ok(Making { under, kind, numbering: numbering.clone() })
    }

    fn begins(&self, typed: &Typed) -> Result<Under, String> {
        let site: Code = self.site.parse().map_err(|_| "Choose the site that gave the number.".to_owned())?;
        let whose = if let Some(patient) = self.person {
            Whose::Known(patient)
        } else {
            let missing = |what| format!("A new patient needs {what}.");
            let person = self.typed_in(typed).map_err(missing)?;
            Whose::TypedIn { person, passed_by: self.passed.clone() }
        };
        let whose = Box::new(whose);
        let number = self.casenote.parse().map_err(|_| {
            "Casenote number: type the number of the new casenote, letters and digits without accents."
                .to_owned()
        })?;
        let number_type = HOSPITAL_NUMBER.parse().map_err(|_| "No type of number.".to_owned())?;
        Ok(Under::New { number: CasenoteNumber { site, number_type, number }, whose })
    }

    /// Whose badge was given.
    pub fn maker(&self, directory: &Directory) -> Option<StaffId> {
        acts::whose_badge(&self.badge, directory)
    }

    /// What the log shows of the form. It names no patient.
    pub fn told(&self) -> String {
        let what = match self.what() {
            Some(What::Volume(_)) => "volume",
            Some(What::Temporary(_)) => "temporary folder",
            Some(What::Casenote) | None => "casenote",
        };
        let fields = [
            &self.number,
            &self.nhs,
            &self.surname,
            &self.forename,
            &self.born,
            &self.site,
            &self.what,
            &self.casenote,
            &self.kind,
        ];
        let mut digest = Sha256::new();
        for field in fields {
            digest.update(field.as_bytes());
            digest.update([0]);
        }
        let mut mark = String::new();
        for byte in digest.finalize().iter().take(MARK_BYTES) {
            // Writing to a string does not fail.
            let _ = write!(mark, "{byte:02x}");
        }
        format!("make {what}, form {mark}")
    }
}

/// Without blanks at its ends, and with one between words.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads a field that need not be filled; what is wrong goes to the others.
fn read<T, E: Into<String>>(
    text: &str,
    wrong: &mut Vec<String>,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> Option<T> {
    if text.is_empty() {
        return None;
    }
    read(text).map_err(|why| wrong.push(why.into())).ok()
}

fn day(text: &str, today: Date) -> Result<Date, &'static str> {
    let unread = "Birth date: type it as 4/5/1961. It must be past.";
    let asked = Asked::read(text, today).map_err(|_| unread)?;
    match asked.days() {
        [] => asked.day_by_digits().ok_or(unread),
        [day] => Ok(*day),
        _ => Err("Birth date: type the year with four digits."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::barcode::OwnKind;

    const TODAY: Date = jiff::civil::date(2026, 11, 23);

    fn posting(more: &[(&str, &str)]) -> (Posting, Step) {
        let id = Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, 1_800_000_000, 0)).to_string();
        let always = [("id", id.as_str()), ("site", "RX1"), ("step", "look")];
        let fields = more.iter().chain(&always).map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Posting::read(&fields.collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn what_is_wrong_is_said_of_each_field() {
        for (name, value, says) in [
            ("born", "4/5/61", None),
            ("born", "4/5/20", Some("four digits")),
            ("born", "31/2/1961", Some("type it as 4/5/1961")),
            ("born", "04051961", None),
            ("nhs", "943 476 5918", Some("two are swapped")),
            ("nhs", "943 476 5919", None),
            ("number", "Ü12", Some("without accents")),
            ("surname", "", None),
        ] {
            let (posting, _) = posting(&[(name, value)]);
            let wrong = posting.typed(TODAY).err().map(|lines| lines.join(" "));
            assert_eq!(wrong.is_some(), says.is_some(), "{name} {value}: {wrong:?}");
            assert!(wrong.unwrap_or_default().contains(says.unwrap_or_default()), "{name} {value}");
        }
        let two = posting(&[("born", "x"), ("nhs", "1")]).0.typed(TODAY).err().unwrap();
        assert_eq!(two.len(), 2);
        assert!(posting(&[("surname", &"x".repeat(65))]).0.typed(TODAY).is_err());
    }

    #[test]
    fn a_new_patient_needs_a_number_a_surname_and_a_site() {
        let own = OwnBarcode::new(OwnKind::Volume, 12).to_string();
        for (fields, missing) in [
            (vec![("surname", "Lee")], Some("hospital number")),
            (vec![("number", own.as_str()), ("surname", "Lee")], Some("barcode of a folder")),
            (vec![("number", "12")], Some("surname")),
            (vec![("number", "12"), ("surname", "Lee"), ("site", "")], Some("site")),
            (vec![("number", "12"), ("surname", "Lee")], None),
        ] {
            let (posting, _) = posting(&fields);
            let typed = posting.typed(TODAY).unwrap_or_default();
            let said = posting.typed_in(&typed).err();
            assert_eq!(said.is_some(), missing.is_some(), "{fields:?}");
            assert!(said.unwrap_or_default().contains(missing.unwrap_or_default()), "{fields:?}");
        }
    }

    #[test]
    fn the_log_shows_what_was_made_and_no_name_but_tells_altered_forms_apart() {
        let told = |fields: &[(&str, &str)]| posting(fields).0.told();
        let one = told(&[("what", "volume 7"), ("surname", "Lee"), ("badge", "B1")]);
        assert!(one.starts_with("make volume, form ") && !one.contains("Lee") && one.len() == 22, "{one}");
        assert_eq!(one, told(&[("what", "volume 7"), ("surname", " Lee "), ("badge", "B2")]));
        assert_ne!(one, told(&[("what", "volume 7"), ("surname", "Leo")]));
        assert!(told(&[("what", "temporary 7")]).starts_with("make temporary folder, form "));
    }

    #[test]
    fn a_step_that_no_page_offers_is_refused() {
        let id = Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, 1_800_000_000, 0)).to_string();
        for (id, step) in [(id.as_str(), "person x"), (&id, "burn"), (&id, ""), ("1", "look")] {
            let fields = [("id", id), ("step", step)].map(|(key, value)| (key.to_owned(), value.to_owned()));
            assert!(Posting::read(&fields).is_err(), "{id} {step}");
        }
        assert_eq!(posting(&[("step", "person 12")]).1, Step::Person(PatientId::new(12)));
    }
}
