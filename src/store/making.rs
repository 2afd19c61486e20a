//! What making up asks of the store before it is an act: who is much like whom, whose folders these are.

use rusqlite::Connection;

use super::sqlite::reader::Kind;
use super::sqlite::{find, found, make};
use super::{Labelled, MAX_PAGE, Person, Store, StoreError, Trust};
use crate::domain::PatientId;
use crate::domain::casenote::LabelText;
use crate::domain::making::{Alike, TypedIn};
use crate::domain::place::Code;

impl Store {
    /// Whether another living patient has the same surname and forename as this living one, whatever their case and
    /// accents: one look-up in an index.
    pub async fn has_namesake(&self, trust: &Trust, patient: PatientId) -> Result<bool, StoreError> {
        self.ours(trust)?;
        self.read(Kind::Single, "looking for namesakes", move |conn| make::has_namesake(conn, patient)).await
    }

    /// The volume with this label, and all that its label tells of it.
    pub async fn labelled(&self, trust: &Trust, label: &LabelText) -> Result<Option<Labelled>, StoreError> {
        let Some(record) = self.volume(trust, label).await? else { return Ok(None) };
        let has_namesake = match &record.patient {
            Some(patient) => self.has_namesake(trust, patient.id).await?,
            None => false,
        };
        Ok(Some(Labelled { record, has_namesake }))
    }

    /// Of the folders with these labels, those whose patient has a namesake.
    pub async fn with_namesakes(
        &self,
        trust: &Trust,
        labels: Vec<LabelText>,
    ) -> Result<Vec<LabelText>, StoreError> {
        self.ours(trust)?;
        let read = move |conn: &Connection| {
            let mut found = Vec::new();
            for label in labels {
                let patient = find::volume_by_label(conn, &label)?.and_then(|row| row.patient);
                if let Some(patient) = patient
                    && make::has_namesake(conn, PatientId::new(patient))?
                {
                    found.push(label);
                }
            }
            Ok(found)
        };
        self.read(Kind::Single, "looking for namesakes", read).await
    }

    /// Those who are much like a patient that is typed in, the likeliest first, each with some of their folders.
    pub async fn much_alike(
        &self,
        trust: &Trust,
        typed: &TypedIn,
    ) -> Result<Vec<(Alike, Person)>, StoreError> {
        self.ours(trust)?;
        let typed = typed.clone();
        let read = move |conn: &Connection| {
            let mut people = Vec::new();
            for (alike, patient) in make::much_alike(conn, &typed)? {
                let person = found::person(conn, patient.key(), found::FOLDERS_AMONG_OTHERS)?;
                people.extend(person.map(|person| (alike, person)));
            }
            Ok(people)
        };
        self.read(Kind::List, "comparing patients", read).await
    }

    /// A patient with their folders.
    pub async fn person(&self, trust: &Trust, patient: PatientId) -> Result<Option<Person>, StoreError> {
        self.ours(trust)?;
        let read = move |conn: &Connection| found::person(conn, patient.key(), MAX_PAGE);
        self.read(Kind::List, "looking a patient up", read).await
    }

    /// The sites that have issued casenote numbers, as far as a look at some thousands tells.
    pub async fn issuing_sites(&self, trust: &Trust) -> Result<Vec<Code>, StoreError> {
        self.ours(trust)?;
        self.read(Kind::Single, "looking for sites", make::sites).await
    }
}
