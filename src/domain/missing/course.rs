//! One folder in one class through a period: was it there at the beginning, how often did it come and go, is it there
//! at the end.

use super::period::Span;
use super::{Class, Followed, Leg, Sought, Stood};
use crate::clock::Timestamp;

/// What became of one folder in one class. Beginning and opened are found, otherwise ended and end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Course {
    /// How many at the beginning: one or none.
    pub at_start: u64,
    /// How often it came into the class.
    pub opened: u64,
    /// How often it left it because it was found.
    pub found: u64,
    /// How often it left it otherwise.
    pub otherwise: u64,
    /// Since when it has been in it, if it is at the end.
    pub at_end: Option<Timestamp>,
}

/// A stay in a class.
#[derive(Clone, Copy)]
struct Stay {
    /// Since when, where it is told how old that is.
    since: Timestamp,
    /// From when on that was known to be one of this class.
    enters: Timestamp,
}

/// When a way should end, by the places as they were at the beginning of the period, and at its end.
pub trait Due {
    /// By the places as they were at the beginning.
    fn at_start(&self, leg: &Leg) -> Timestamp;
    /// By the places as they were at the end.
    fn at_end(&self, leg: &Leg) -> Timestamp;
}

/// The course of `volume` through `span`.
pub fn course(class: Class, volume: &Followed, span: &Span, due: &impl Due) -> Course {
    let mut course = Course::default();
    let mut before = at_start(class, volume, span, due);
    course.at_start = u64::from(before.is_some());
    let ends = volume.stood.iter().skip(1).map(|next| next.learned).chain([span.until]);
    for (stood, end) in volume.stood.iter().zip(ends) {
        let stay = stay(class, volume, stood, &|leg| due.at_end(leg)).filter(|stay| stay.enters < end);
        // A stay that begins later than this was learnt is another one than the one before.
        let goes_on = stay.is_some_and(|stay| stay.enters <= stood.learned.max(span.from));
        if let Some((left, _)) = before.filter(|_| !goes_on) {
            let found = u64::from(is_found(class, left, stood));
            course.found += found;
            course.otherwise += 1 - found;
        }
        course.opened += u64::from(stay.is_some() && !(goes_on && before.is_some()));
        before = stay.map(|stay| (stood, stay));
    }
    course.at_end = before.map(|(_, stay)| stay.since);
    course
}

/// How the folder stood in the class when the period began: the end of the period before.
fn at_start<'v>(
    class: Class,
    volume: &'v Followed,
    span: &Span,
    due: &impl Due,
) -> Option<(&'v Stood, Stay)> {
    let stood = volume.stood.first()?;
    let stay = stay(class, volume, stood, &|leg| due.at_start(leg))?;
    (stay.enters < span.from).then_some((stood, stay))
}

fn stay(class: Class, volume: &Followed, stood: &Stood, due: &dyn Fn(&Leg) -> Timestamp) -> Option<Stay> {
    let enters = stood.learned;
    match class {
        Class::Declared => match stood.sought? {
            Sought::Declared(since) => Some(Stay { since, enters }),
            Sought::Open(_) | Sought::Found | Sought::Closed => None,
        },
        Class::SearchOpen => match stood.sought? {
            Sought::Open(since) => Some(Stay { since, enters }),
            Sought::Declared(_) | Sought::Found | Sought::Closed => None,
        },
        Class::Sent => stood.leg.map(|leg| Stay { since: leg.since, enters: due(&leg).max(enters) }),
        Class::Temporary => stood.is_alone.then_some(Stay { since: volume.known, enters }),
        Class::NeverSeen => {
            (stood.seen.is_none() && !stood.is_gone).then_some(Stay { since: volume.known, enters })
        }
    }
}

/// Whether a folder that left a class did so because it was found. Searches that somebody only says were found are
/// counted apart beside them (see [`super::found`]).
fn is_found(class: Class, before: &Stood, now: &Stood) -> bool {
    match class {
        Class::Declared | Class::SearchOpen => now.sought == Some(Sought::Found),
        Class::Sent => now.seen > before.seen,
        Class::Temporary => !now.is_gone,
        Class::NeverSeen => now.seen.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::DAY_US;
    use crate::domain::{PlaceId, VolumeId};

    const SPAN: Span = Span { from: day(100), until: day(130), is_over: true };

    struct TwoDays;

    impl Due for TwoDays {
        fn at_start(&self, leg: &Leg) -> Timestamp {
            self.at_end(leg)
        }

        fn at_end(&self, leg: &Leg) -> Timestamp {
            leg.since.plus_micros(2 * DAY_US)
        }
    }

    const fn day(day: i64) -> Timestamp {
        Timestamp::from_micros(day * DAY_US)
    }

    /// The course of a folder that stood so from these days on, where every way should take two days.
    fn told(class: Class, stood: &[(i64, Stood)]) -> String {
        let stood = stood.iter().map(|(at, stood)| Stood { learned: day(*at), ..*stood }).collect();
        let volume = Followed { volume: VolumeId::new(1), person: 1, known: day(10), stood };
        let Course { at_start, opened, found, otherwise, at_end } = course(class, &volume, &SPAN, &TwoDays);
        assert_eq!(at_start + opened, found + otherwise + u64::from(at_end.is_some()));
        let end = at_end.map(|since| format!(", since {}", since.micros() / DAY_US)).unwrap_or_default();
        format!("{at_start} + {opened} - {found} - {otherwise}{end}")
    }

    fn sent(at: i64) -> Stood {
        let leg = Leg { since: day(at), from: PlaceId::new(1), to: PlaceId::new(2) };
        Stood { leg: Some(leg), seen: Some(day(at)), ..Stood::default() }
    }

    fn seen(at: i64) -> Stood {
        Stood { seen: Some(day(at)), ..Stood::default() }
    }

    #[test]
    fn what_is_sent_counts_from_the_end_of_its_usual_time() {
        let sent_class = |stood: &[(i64, Stood)]| told(Class::Sent, stood);
        // Overdue before the period, in it, on its last day, and never.
        assert_eq!(sent_class(&[(90, sent(90))]), "1 + 0 - 0 - 0, since 90");
        assert_eq!(sent_class(&[(99, sent(99))]), "0 + 1 - 0 - 0, since 99");
        assert_eq!(sent_class(&[(98, sent(98))]), "0 + 1 - 0 - 0, since 98");
        assert_eq!(sent_class(&[(20, seen(20)), (127, sent(127))]), "0 + 1 - 0 - 0, since 127");
        assert_eq!(sent_class(&[(20, seen(20)), (128, sent(128))]), "0 + 0 - 0 - 0");
        // It arrives in time, late, or is taken back.
        assert_eq!(sent_class(&[(20, seen(20)), (110, sent(110)), (111, seen(111))]), "0 + 0 - 0 - 0");
        assert_eq!(sent_class(&[(20, seen(20)), (110, sent(110)), (115, seen(115))]), "0 + 1 - 1 - 0");
        assert_eq!(sent_class(&[(90, sent(90)), (115, seen(20))]), "1 + 0 - 0 - 1");
    }

    #[test]
    fn a_folder_sent_anew_without_being_seen_was_not_found() {
        let again = Stood { seen: Some(day(90)), ..sent(110) };
        assert_eq!(told(Class::Sent, &[(90, sent(90)), (110, again)]), "1 + 1 - 0 - 1, since 110");
        // A scan sends it on: it was in somebody's hand.
        assert_eq!(told(Class::Sent, &[(90, sent(90)), (129, sent(129))]), "1 + 0 - 1 - 0");
    }

    #[test]
    fn a_late_word_of_a_way_long_overdue_opens_it_when_it_is_learnt() {
        assert_eq!(told(Class::Sent, &[(20, seen(20)), (110, sent(30))]), "0 + 1 - 0 - 0, since 30");
    }

    #[test]
    fn a_search_that_a_scan_ends_was_found_and_one_that_somebody_closes_was_not() {
        let sought = |sought| Stood { sought: Some(sought), ..Stood::default() };
        let [open, declared] = [Sought::Open(day(90)), Sought::Declared(day(105))].map(sought);
        let [found, closed] = [Sought::Found, Sought::Closed].map(sought);
        let open_class = |stood: &[(i64, Stood)]| told(Class::SearchOpen, stood);
        assert_eq!(open_class(&[(90, open), (104, found)]), "1 + 0 - 1 - 0");
        assert_eq!(open_class(&[(90, open), (104, closed)]), "1 + 0 - 0 - 1");
        assert_eq!(open_class(&[(90, open), (105, declared)]), "1 + 0 - 0 - 1");
        assert_eq!(told(Class::Declared, &[(90, open), (105, declared)]), "0 + 1 - 0 - 0, since 105");
        assert_eq!(told(Class::Declared, &[(90, open), (105, declared), (120, found)]), "0 + 1 - 1 - 0");
    }

    #[test]
    fn never_seen_ends_with_the_first_scan_or_with_the_folder() {
        let never = |stood: &[(i64, Stood)]| told(Class::NeverSeen, stood);
        let gone = Stood { is_gone: true, ..Stood::default() };
        assert_eq!(never(&[(10, Stood::default())]), "1 + 0 - 0 - 0, since 10");
        assert_eq!(never(&[(110, Stood::default())]), "0 + 1 - 0 - 0, since 10");
        assert_eq!(never(&[(10, Stood::default()), (110, seen(110))]), "1 + 0 - 1 - 0");
        assert_eq!(never(&[(10, Stood::default()), (110, gone)]), "1 + 0 - 0 - 1");
    }

    #[test]
    fn a_temporary_folder_whose_original_is_seen_was_ended_well() {
        let alone = Stood { is_alone: true, ..seen(90) };
        let gone = Stood { is_gone: true, ..seen(90) };
        assert_eq!(told(Class::Temporary, &[(90, alone), (110, seen(90))]), "1 + 0 - 1 - 0");
        assert_eq!(told(Class::Temporary, &[(90, alone), (110, gone)]), "1 + 0 - 0 - 1");
    }
}
