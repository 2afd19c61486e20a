//! How long a search may go on before somebody more senior takes it up.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use super::{Search, SearchState};
use crate::clock::{DAY_US, Timestamp};

/// After so long a librarian takes it up: the first round of the plan has been walked.
pub const LIBRARIAN_AFTER_US: i64 = DAY_US;
/// After so long a manager is told: the written procedure asks for an incident report.
pub const MANAGER_AFTER_US: i64 = 2 * DAY_US;
/// From so many working days on, Monday to Friday, a manager declares it missing or says why not.
pub const DECLARE_AFTER_DAYS: u32 = 5;

/// Who has the search in hand by its age.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Stage {
    /// Whoever searches.
    Searching,
    /// A librarian.
    Librarian,
    /// A manager.
    Manager,
    /// A manager, to declare it missing.
    Declare,
}

impl Stage {
    /// Every stage, the youngest first.
    pub const ALL: [Self; 4] = [Self::Searching, Self::Librarian, Self::Manager, Self::Declare];

    /// The word of the outward interfaces.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Searching => "searching",
            Self::Librarian => "librarian",
            Self::Manager => "manager",
            Self::Declare => "declare",
        }
    }

    /// What is to be done at this age.
    pub const fn next_step(self) -> &'static str {
        match self {
            Self::Searching => "Go on with the plan.",
            Self::Librarian => {
                "More than a day: a librarian goes through the plan and the whole set of folders."
            }
            Self::Manager => "More than two days: tell the manager, and report it as an incident.",
            Self::Declare => "More than five working days: a manager declares it missing.",
        }
    }
}

/// What a search's age asks for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Escalation {
    /// Who has it in hand.
    pub stage: Stage,
    /// Since when it is open, in microseconds.
    pub age_us: i64,
    /// Whether somebody needs the folder and no temporary one stands in yet: one may be issued at once.
    pub may_stand_in: StandIn,
}

/// Whether a temporary folder is worth issuing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StandIn {
    /// Somebody needs the folder, and none stands in.
    Offered,
    /// Nobody said that they need it, or one stands in already.
    NotOffered,
}

/// What is to be done about a search now; nothing once it has ended.
pub fn escalation(search: &Search, now: Timestamp, zone: &TimeZone) -> Option<Escalation> {
    if !search.state.is_wanted() {
        return None;
    }
    let age_us = now.micros_since(search.opened_at);
    let day = |at: Timestamp| zone.to_datetime(at.to_jiff()).date();
    let days = working_days(day(search.opened_at), day(now));
    let stage = if search.state == SearchState::Declared {
        // That is done; it stays with the manager.
        Stage::Manager
    } else if days >= DECLARE_AFTER_DAYS {
        Stage::Declare
    } else if age_us >= MANAGER_AFTER_US {
        Stage::Manager
    } else if age_us >= LIBRARIAN_AFTER_US {
        Stage::Librarian
    } else {
        Stage::Searching
    };
    let needed = search.needed_at().is_some() || search.asker().is_some();
    let may_stand_in =
        if needed && search.temporaries.is_empty() { StandIn::Offered } else { StandIn::NotOffered };
    Some(Escalation { stage, age_us, may_stand_in })
}

/// How many days from Monday to Friday came after `from`, `to` included. No bank holidays.
fn working_days(from: Date, to: Date) -> u32 {
    let days = from.until(to).map_or(0, |span| span.get_days().max(0));
    let (weeks, rest) = (days / 7, days % 7);
    let mut weekday = from.weekday();
    let mut working = weeks * 5;
    for _ in 0..rest {
        weekday = weekday.next();
        working += i32::from(!matches!(weekday, Weekday::Saturday | Weekday::Sunday));
    }
    u32::try_from(working).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::working_days;
    use jiff::civil::date;

    #[test]
    fn a_weekend_makes_no_search_older() {
        let friday = date(2026, 11, 20);
        for (to, days) in [
            (date(2026, 11, 20), 0),
            (date(2026, 11, 22), 0),
            (date(2026, 11, 23), 1),
            (date(2026, 11, 27), 5),
            (date(2026, 11, 29), 5),
            (date(2026, 12, 4), 10),
            (date(2026, 11, 19), 0),
        ] {
            assert_eq!(working_days(friday, to), days, "{to}");
        }
    }
}
