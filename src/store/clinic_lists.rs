//! Clinic lists as pages and the search for missing notes read them.

use jiff::civil::Date;
use rusqlite::Connection;

use super::records::VolumeRecord;
use super::sqlite::clinic_lists;
use super::sqlite::reader::Kind;
use super::{Store, StoreError, Trust};
use crate::clock::Timestamp;
use crate::domain::clinic_list::{Calls, Readiness};
use crate::domain::patient::Patient;
use crate::domain::{PatientId, PlaceId, VolumeId};

/// A clinic's day with how far its folders are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClinicDay {
    /// The clinic.
    pub clinic: PlaceId,
    /// Which day, in the hospital's time zone.
    pub day: Date,
    /// When the first patient is expected.
    pub first: Timestamp,
    /// Patients still expected.
    pub patients: u32,
    /// Their folders.
    pub folders: u32,
    /// Those put aside in a library.
    pub put_aside: u32,
    /// Those at the clinic, or on their way to it.
    pub there: u32,
}

impl ClinicDay {
    /// Folders that have still to come in, or to be pulled.
    pub const fn to_come(&self) -> u32 {
        self.folders.saturating_sub(self.put_aside).saturating_sub(self.there)
    }
}

/// The clinics for which folders are wanted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WantedLists {
    /// When a list was told last; none: none ever was.
    pub told_at: Option<Timestamp>,
    /// The clinics, the next first.
    pub days: Vec<ClinicDay>,
    /// Whether there are more patients than were looked at.
    pub more: bool,
}

/// Somebody on a clinic's list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// When.
    pub starts_at: Timestamp,
    /// Who.
    pub patient: Option<Patient>,
    /// Whose clinic it is.
    pub consultant: Option<String>,
    /// Their folders, and how each stands to the appointment.
    pub folders: Vec<(Readiness, VolumeRecord)>,
}

/// An appointment as it was told, and by which acts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Appointment {
    /// Where.
    pub clinic: PlaceId,
    /// When.
    pub starts_at: Timestamp,
    /// Whose clinic it is.
    pub consultant: Option<String>,
    /// The act by which it was learnt: its place in the order of learning.
    pub learned_by: i64,
    /// When that was.
    pub learned_at: Timestamp,
    /// The act by which it was withdrawn.
    pub withdrawn_by: Option<i64>,
}

impl Store {
    /// The clinics up to `until` for which folders are wanted, and how far their folders are.
    pub async fn wanted(
        &self,
        trust: &Trust,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<WantedLists, StoreError> {
        self.ours(trust)?;
        let directory = self.directory().borrow().clone();
        let read = move |conn: &Connection| clinic_lists::days(conn, &directory, now, until);
        self.read(Kind::List, "reading clinic lists", read).await
    }

    /// The list of a clinic's day, by time.
    pub async fn clinic_day(
        &self,
        trust: &Trust,
        clinic: PlaceId,
        day: Date,
    ) -> Result<Vec<Listed>, StoreError> {
        self.ours(trust)?;
        let directory = self.directory().borrow().clone();
        let read = move |conn: &Connection| clinic_lists::list(conn, &directory, clinic, day);
        self.read(Kind::List, "reading a clinic list", read).await
    }

    /// The folders of those who are expected up to `until`, the next clinic first, that are not at their clinic yet.
    pub async fn called_for(
        &self,
        trust: &Trust,
        now: Timestamp,
        until: Timestamp,
        most: usize,
    ) -> Result<Vec<VolumeId>, StoreError> {
        self.ours(trust)?;
        let directory = self.directory().borrow().clone();
        let read = move |conn: &Connection| clinic_lists::called_for(conn, &directory, (now, until), most);
        self.read(Kind::List, "reading who is called for", read).await
    }

    /// For which coming appointments the folders of a patient are wanted, and how old the lists are that say so.
    pub async fn calls_of(
        &self,
        trust: &Trust,
        patient: PatientId,
        now: Timestamp,
    ) -> Result<Calls, StoreError> {
        self.ours(trust)?;
        let read = move |conn: &Connection| {
            Ok(Calls {
                calls: clinic_lists::calls(conn, patient, now)?,
                told_at: clinic_lists::told_at(conn)?,
            })
        };
        self.read(Kind::Single, "reading for what a patient is expected", read).await
    }

    /// The appointments of a patient that begin from `since` on, those withdrawn included, by time.
    pub async fn appointments_of(
        &self,
        trust: &Trust,
        patient: PatientId,
        since: Timestamp,
    ) -> Result<Vec<Appointment>, StoreError> {
        self.ours(trust)?;
        let read = move |conn: &Connection| clinic_lists::of_patient(conn, patient, since);
        self.read(Kind::List, "reading a patient's appointments", read).await
    }
}
