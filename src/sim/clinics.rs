//! Clinic lists of the days around now: who was pulled for is expected, and more people than that.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::flow::{LIBRARY_OUT, Spot, Standing};
use super::hospital::{self, Hospital, SITE};
use super::month::{Deed, Month};
use super::random::Random;
use crate::clock::{DAY_US, Timestamp};
use crate::domain::clinic_list::{working_day_after, working_day_before};
use crate::domain::import::{AppointmentRow, Expected, Lists, MAX_PIECE_ROWS, Told};

/// Lists of so many days back are told.
const DAYS_BACK: i64 = 10;
/// Working days ahead for which there are lists.
const DAYS_AHEAD: usize = 5;
/// Clinics that run every day, and the patients on each one's list beside those who were pulled for.
const CLINICS_A_DAY: u64 = 8;
const MORE_PATIENTS: u64 = 5;
/// Folders on their way back to the library whose patient is expected again by the next working day, in a thousand.
pub const EXPECTED_AGAIN: u64 = 30;

/// Somebody who is expected whatever the month says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Also {
    /// The number of the patient.
    pub patient: u64,
    /// At which clinic, from 0.
    pub clinic: u64,
    /// So many working days from today.
    pub in_days: usize,
}

/// The lists at `now`, each clinic's day whole, in pieces of an import.
pub fn lists(
    hospital: &Hospital,
    month: &Month,
    now: Timestamp,
    zone: &TimeZone,
    also: &[Also],
) -> Vec<Lists> {
    let mut book = Book { hospital, zone, random: Random::of_part(hospital.seed, 0xC11), rows: Vec::new() };
    let today = zone.to_datetime(now.to_jiff()).date();
    book.pulled_for(month, now);
    book.expected_again(month, today);
    book.more(today);
    for also in also {
        book.add(also.clinic, after(today, also.in_days), also.patient);
    }
    book.pieces()
}

fn after(today: Date, days: usize) -> Date {
    (0..days).fold(today, |day, _| working_day_after(day))
}

struct Book<'a> {
    hospital: &'a Hospital,
    zone: &'a TimeZone,
    random: Random,
    rows: Vec<AppointmentRow>,
}

impl Book<'_> {
    /// What the library pulls goes to the clinic of the next working day.
    fn pulled_for(&mut self, month: &Month, now: Timestamp) {
        for step in &month.steps {
            let lately = now.micros_since(step.at) < DAYS_BACK * DAY_US;
            let folder = self.hospital.folder(step.folder);
            if let (Deed::Sent(Spot::Clinic(clinic)), LIBRARY_OUT, 1, true) =
                (step.deed, step.desk, folder.volume, lately)
            {
                let pulled = self.zone.to_datetime(step.at.to_jiff()).date();
                self.add(clinic, working_day_after(pulled), folder.patient);
            }
        }
    }

    /// Some of those whose folders come back to the library now.
    fn expected_again(&mut self, month: &Month, today: Date) {
        let coming = [Standing::OnItsWay(Spot::Library), Standing::At(Spot::Library)];
        for (n, standing) in month.standings() {
            if coming.contains(&standing) && self.random.happens(EXPECTED_AGAIN) {
                let clinic = self.random.below(CLINICS_A_DAY);
                self.add(clinic, working_day_after(today), self.hospital.folder(n).patient);
            }
        }
    }

    /// Others, on every day ahead.
    fn more(&mut self, today: Date) {
        for day in (0..=DAYS_AHEAD).map(|days| after(today, days)) {
            for clinic in 0..CLINICS_A_DAY {
                for _ in 0..MORE_PATIENTS {
                    let patient = self.random.below(self.hospital.size.patients());
                    self.add(clinic, day, patient);
                }
            }
        }
    }

    fn add(&mut self, clinic: u64, day: Date, patient: u64) {
        let minutes = self.random.between(0, 46) * 10;
        let hour = i8::try_from(9 + minutes / 60).unwrap_or(9);
        let minute = i8::try_from(minutes % 60).unwrap_or(0);
        let time = Time::new(hour, minute, 0, 0).unwrap_or_default();
        self.rows.push(AppointmentRow {
            clinic: hospital::clinic(clinic),
            day,
            starts_at: self.at(day, time),
            wanted_from: self.at(working_day_before(day), Time::midnight()),
            expected: Some(Expected {
                site: hospital::code(SITE),
                hospital_number: hospital::number(self.hospital.hospital_number(patient)),
                consultant: self.hospital.consultant_of(clinic).map(str::to_owned),
            }),
        });
    }

    fn at(&self, day: Date, time: Time) -> Timestamp {
        let instant = self.zone.to_timestamp(day.to_datetime(time));
        instant.map_or(Timestamp::EPOCH, Timestamp::from_jiff)
    }

    fn pieces(mut self) -> Vec<Lists> {
        self.rows.sort_by(|one, other| (&one.clinic, one.day).cmp(&(&other.clinic, other.day)));
        let mut pieces: Vec<Lists> = Vec::new();
        for day in self.rows.chunk_by(|one, other| one.clinic == other.clinic && one.day == other.day) {
            match pieces.last_mut() {
                Some(piece) if piece.rows.len() + day.len() <= MAX_PIECE_ROWS => {
                    piece.rows.extend_from_slice(day);
                }
                Some(_) | None => pieces.push(Lists { rows: day.to_vec(), told: Told::Whole }),
            }
        }
        pieces
    }
}
