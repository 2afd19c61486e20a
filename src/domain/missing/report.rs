//! The whole answer: what a page shows and a program is told, in one form that is the same whenever it is asked for.

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::found::FoundWhere;
use super::period::Period;
use super::sharing::Scanning;
use super::{Band, Class};

/// The answer for a day.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Report {
    /// The day at whose end the figures stand.
    #[serde(serialize_with = "day")]
    pub as_of: Date,
    /// The first day of the period.
    #[serde(serialize_with = "day")]
    pub from: Date,
    /// The time zone of the days.
    pub time_zone: String,
    /// Whether the day is over: if not, the same question has another answer later.
    pub day_is_over: bool,
    /// How many volumes were known.
    pub known: u64,
    /// The five classes.
    pub classes: Vec<ClassFigures>,
    /// All classes told apart.
    pub together: Together,
    /// Volumes left at a place where nobody scans, and not seen since: no arrival there can be missed.
    pub left_where_nobody_scans: u64,
    /// What was found in the period, where and how.
    pub found: FoundWhere,
    /// How much of what each place received in the period it scanned.
    pub scanning: Scanning,
}

impl Report {
    /// Nothing, for a day that is over.
    pub fn empty(period: Period) -> Self {
        Self {
            as_of: period.last,
            from: period.first,
            time_zone: String::new(),
            day_is_over: true,
            known: 0,
            classes: Vec::new(),
            together: Together::default(),
            left_where_nobody_scans: 0,
            found: FoundWhere::default(),
            scanning: Scanning::default(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives it so")]
fn day<S: Serializer>(day: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}

/// Volumes and the patients they belong to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Count {
    /// Folders; in a flow each as often as it came or went.
    pub volumes: u64,
    /// Different people.
    pub patients: u64,
}

/// One class.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ClassFigures {
    /// Which.
    pub class: Class,
    /// What people call it.
    pub title: &'static str,
    /// What belongs in it.
    pub definition: &'static str,
    /// At the end of the day.
    pub now: Count,
    /// From when on ages count.
    pub age_is: &'static str,
    /// The same volumes by age.
    pub ages: Vec<AgeCount>,
    /// At the beginning of the period, as it was known then.
    pub at_start: Count,
    /// What came in the period.
    pub opened: Count,
    /// What left it in the period because the folder was found.
    pub found: Count,
    /// What left it in the period otherwise.
    pub ended_otherwise: Count,
}

/// Volumes of one age.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct AgeCount {
    /// The age.
    pub age: Band,
    /// How many.
    pub volumes: u64,
}

/// All classes told apart: each volume once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Together {
    /// In any class.
    pub any: Count,
    /// In more than one: these volumes, and whose they are.
    pub several: Count,
}
