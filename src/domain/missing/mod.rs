//! Figures of missing notes that cannot be gamed: five classes, each with its definition, told for the end of a day
//! as it was known then. Pure; the store gives how every folder stood, and when that was learnt.
//!
//! A folder stands in a class by what had been learnt, never by what is known today, so that a month's beginning is
//! the end of the month before, and nothing that is learnt later changes an answer that was given.

pub mod course;
pub mod found;
pub mod period;
pub mod report;
pub mod sharing;
pub mod tally;
pub mod usual;

use serde::{Serialize, Serializer};

use super::PlaceId;
use super::VolumeId;
use crate::clock::{DAY_US, Timestamp};

/// A way of being missing. A folder may be in several, and is counted in each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Class {
    /// Declared missing by a manager.
    Declared,
    /// A search is open.
    SearchOpen,
    /// Sent, and not confirmed beyond the usual time.
    Sent,
    /// A temporary folder in use without its original.
    Temporary,
    /// Never seen since it became known.
    NeverSeen,
}

impl Class {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 5] =
        [Self::Declared, Self::SearchOpen, Self::Sent, Self::Temporary, Self::NeverSeen];

    /// The word of the outward interfaces.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Declared => "declared-missing",
            Self::SearchOpen => "search-open",
            Self::Sent => "sent-not-confirmed",
            Self::Temporary => "temporary-without-original",
            Self::NeverSeen => "never-seen",
        }
    }

    /// What people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Declared => "Declared missing",
            Self::SearchOpen => "Search open",
            Self::Sent => "Sent and not confirmed",
            Self::Temporary => "Temporary in use without original",
            Self::NeverSeen => "Never seen",
        }
    }

    /// What belongs in it, in one sentence.
    pub const fn definition(self) -> &'static str {
        match self {
            Self::Declared => "A manager has declared the folder missing, and it has not been found since.",
            Self::SearchOpen => {
                "A search for the folder is open: it was not where it was tracked, no scan has shown it since, and \
                 nobody has closed the search or declared the folder missing."
            }
            Self::Sent => {
                "The folder, or the crate it is in, was sent, and no scan has shown it arrive within the usual time: \
                 48 hours to a library, 5 working days to or from an off-site store, 24 hours otherwise."
            }
            Self::Temporary => {
                "A temporary folder is about, neither combined nor otherwise gone, and the original that it stands in \
                 for has not been scanned since the temporary one was known."
            }
            Self::NeverSeen => {
                "The folder is known from an import or was made up here, is not recorded as gone, and nobody has ever \
                 scanned it."
            }
        }
    }

    /// Since when a folder is in it, where it says how old that is.
    pub const fn age_of(self) -> &'static str {
        match self {
            Self::Declared => "since the declaration",
            Self::SearchOpen => "since the search was opened",
            Self::Sent => "since it was sent",
            Self::Temporary => "since the temporary folder was known",
            Self::NeverSeen => "since the folder was known",
        }
    }

    /// Its place in [`Class::ALL`].
    pub const fn index(self) -> usize {
        match self {
            Self::Declared => 0,
            Self::SearchOpen => 1,
            Self::Sent => 2,
            Self::Temporary => 3,
            Self::NeverSeen => 4,
        }
    }
}

impl Serialize for Class {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// How long a folder has been in a class, in days of 24 hours; each band holds its lower border and not its upper.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the words say it")]
pub enum Band {
    UnderADay,
    UnderAWeek,
    UnderFourWeeks,
    UnderThirteenWeeks,
    UnderAYear,
    AYearAndOver,
}

impl Band {
    /// All, the shortest first.
    pub const ALL: [Self; 6] = [
        Self::UnderADay,
        Self::UnderAWeek,
        Self::UnderFourWeeks,
        Self::UnderThirteenWeeks,
        Self::UnderAYear,
        Self::AYearAndOver,
    ];

    /// The days below which an age is in it; `None`: there is no end.
    const fn under_days(self) -> Option<i64> {
        match self {
            Self::UnderADay => Some(1),
            Self::UnderAWeek => Some(7),
            Self::UnderFourWeeks => Some(28),
            Self::UnderThirteenWeeks => Some(91),
            Self::UnderAYear => Some(365),
            Self::AYearAndOver => None,
        }
    }

    /// The words for it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::UnderADay => "under 1 day",
            Self::UnderAWeek => "1 to 6 days",
            Self::UnderFourWeeks => "7 to 27 days",
            Self::UnderThirteenWeeks => "28 to 90 days",
            Self::UnderAYear => "91 to 364 days",
            Self::AYearAndOver => "365 days and over",
        }
    }

    /// The band of what has lasted from `since` to `until`.
    pub fn of(since: Timestamp, until: Timestamp) -> Self {
        let lasted_us = until.micros_since(since);
        let holds = |band: &Self| band.under_days().is_none_or(|days| lasted_us < days * DAY_US);
        Self::ALL.into_iter().find(holds).unwrap_or(Self::AYearAndOver)
    }

    /// Its place in [`Band::ALL`].
    pub const fn index(self) -> usize {
        match self {
            Self::UnderADay => 0,
            Self::UnderAWeek => 1,
            Self::UnderFourWeeks => 2,
            Self::UnderThirteenWeeks => 3,
            Self::UnderAYear => 4,
            Self::AYearAndOver => 5,
        }
    }
}

impl Serialize for Band {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.words())
    }
}

/// A way that something is on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leg {
    /// When it was sent.
    pub since: Timestamp,
    /// Where it left.
    pub from: PlaceId,
    /// Where it should arrive.
    pub to: PlaceId,
}

/// How far the newest search for a folder is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sought {
    /// It is open, since then.
    Open(Timestamp),
    /// The folder was declared missing then.
    Declared(Timestamp),
    /// The folder has turned up.
    Found,
    /// It was closed without the folder.
    Closed,
}

/// How a folder stood for a while, by what was known then.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Stood {
    /// From when on that was known.
    pub learned: Timestamp,
    /// Whether it was recorded as destroyed, transferred or combined.
    pub is_gone: bool,
    /// The way it was on, by itself or in a crate.
    pub leg: Option<Leg>,
    /// Whether it had been left at a place where nobody scans, and no scan has shown it since.
    pub is_left: bool,
    /// When the newest scan of the folder itself, or of the crate it was in, happened.
    pub seen: Option<Timestamp>,
    /// Its newest search.
    pub sought: Option<Sought>,
    /// Whether it was a temporary folder in use, and its original not seen since.
    pub is_alone: bool,
}

/// One folder through a period.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Followed {
    /// Which.
    pub volume: VolumeId,
    /// Whose it is, as a small number: patients are told apart by it, and nothing else is done with it.
    pub person: usize,
    /// When it became known.
    pub known: Timestamp,
    /// How it stood: at the beginning of the period or when it became known, and after each thing that was learnt of it.
    pub stood: Vec<Stood>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_band_holds_its_lower_border_and_not_its_upper() {
        let until = Timestamp::from_micros(1_000 * DAY_US);
        let told = |lasted_us: i64| Band::of(until.plus_micros(-lasted_us), until).words();
        for (days, under, from) in [
            (1, "under 1 day", "1 to 6 days"),
            (7, "1 to 6 days", "7 to 27 days"),
            (28, "7 to 27 days", "28 to 90 days"),
            (91, "28 to 90 days", "91 to 364 days"),
            (365, "91 to 364 days", "365 days and over"),
        ] {
            assert_eq!((told(days * DAY_US - 1), told(days * DAY_US)), (under, from));
        }
        assert_eq!((told(0), told(-1)), ("under 1 day", "under 1 day"));
    }

    #[test]
    fn classes_and_bands_stand_where_their_index_says() {
        assert!(Class::ALL.iter().enumerate().all(|(at, class)| class.index() == at));
        assert!(Band::ALL.iter().enumerate().all(|(at, band)| band.index() == at));
    }
}
