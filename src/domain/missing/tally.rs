//! Folders added up, class by class, and told apart: volumes, patients, and those in more than one class.

use jiff::tz::TimeZone;

use super::course::{Course, Due, course};
use super::period::Span;
use super::report::{AgeCount, ClassFigures, Count, Together};
use super::usual::due;
use super::{Band, Class, Followed, Leg};
use crate::clock::Timestamp;
use crate::domain::directory::Directory;

/// A set of classes, a bit each.
type Classes = u8;

/// What is known of one patient's folders: six bytes, and as many for the key between two, so that three million
/// patients take 36 MB.
#[derive(Clone, Copy, Default)]
struct Marks {
    at_start: Classes,
    opened: Classes,
    found: Classes,
    otherwise: Classes,
    at_end: Classes,
    /// The classes of a folder that is in more than one.
    in_several: Classes,
}

/// The sums of one class.
#[derive(Clone, Copy, Default)]
struct Sums {
    at_start: u64,
    opened: u64,
    found: u64,
    otherwise: u64,
    at_end: u64,
    ages: [u64; Band::ALL.len()],
}

/// What usual times depend on.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The places as they were at the beginning of the span.
    pub before: &'a Directory,
    /// The places as they were at its end.
    pub places: &'a Directory,
    /// The hospital's time zone.
    pub zone: &'a TimeZone,
}

impl Due for Ground<'_> {
    fn at_start(&self, leg: &Leg) -> Timestamp {
        due(leg, self.before, self.zone)
    }

    fn at_end(&self, leg: &Leg) -> Timestamp {
        due(leg, self.places, self.zone)
    }
}

/// What has been added up so far.
pub struct Tally<'a> {
    ground: Ground<'a>,
    span: Span,
    known: u64,
    left: u64,
    sums: [Sums; Class::ALL.len()],
    people: Vec<Marks>,
    in_any: u64,
    in_several: u64,
}

/// The sums of everything.
pub struct Tallied {
    /// Volumes that were known.
    pub known: u64,
    /// Volumes left where nobody scans, and not seen since.
    pub left: u64,
    /// The five classes.
    pub classes: Vec<ClassFigures>,
    /// All of them told apart.
    pub together: Together,
}

impl<'a> Tally<'a> {
    /// Nothing yet.
    pub fn new(ground: Ground<'a>, span: Span) -> Self {
        Self {
            ground,
            span,
            known: 0,
            left: 0,
            sums: <[Sums; Class::ALL.len()]>::default(),
            people: Vec::new(),
            in_any: 0,
            in_several: 0,
        }
    }

    /// Adds one volume.
    pub fn add(&mut self, volume: &Followed) {
        self.known += 1;
        self.left += u64::from(volume.stood.last().is_some_and(|stood| stood.is_left));
        let courses = Class::ALL.map(|class| course(class, volume, &self.span, &self.ground));
        let mut marks = Marks::default();
        for ((course, sums), bit) in courses.iter().zip(&mut self.sums).zip(bits()) {
            sums.add(course, &self.span);
            marks.add(course, bit);
        }
        if marks.at_end.count_ones() > 1 {
            marks.in_several = marks.at_end;
        }
        self.in_any += u64::from(marks.at_end != 0);
        self.in_several += u64::from(marks.in_several != 0);
        self.mark(volume.person, marks);
    }

    fn mark(&mut self, person: usize, marks: Marks) {
        if person >= self.people.len() {
            self.people.resize(person.saturating_add(1), Marks::default());
        }
        if let Some(all) = self.people.get_mut(person) {
            *all = all.with(marks);
        }
    }

    /// The sums.
    pub fn finish(self) -> Tallied {
        let patients = |of: fn(&Marks) -> Classes, wanted: Classes| -> u64 {
            self.people.iter().map(|marks| u64::from(of(marks) & wanted != 0)).sum()
        };
        let classes = Class::ALL.into_iter().zip(&self.sums).zip(bits()).map(|((class, sums), bit)| {
            let count = |volumes, of: fn(&Marks) -> Classes| Count { volumes, patients: patients(of, bit) };
            ClassFigures {
                class,
                title: class.title(),
                definition: class.definition(),
                now: count(sums.at_end, |marks| marks.at_end),
                age_is: class.age_of(),
                ages: Band::ALL
                    .into_iter()
                    .zip(sums.ages)
                    .map(|(age, volumes)| AgeCount { age, volumes })
                    .collect(),
                at_start: count(sums.at_start, |marks| marks.at_start),
                opened: count(sums.opened, |marks| marks.opened),
                found: count(sums.found, |marks| marks.found),
                ended_otherwise: count(sums.otherwise, |marks| marks.otherwise),
            }
        });
        let classes = classes.collect();
        let together = Together {
            any: Count { volumes: self.in_any, patients: patients(|marks| marks.at_end, Classes::MAX) },
            several: Count {
                volumes: self.in_several,
                patients: patients(|marks| marks.in_several, Classes::MAX),
            },
        };
        Tallied { known: self.known, left: self.left, classes, together }
    }
}

impl Sums {
    fn add(&mut self, course: &Course, span: &Span) {
        self.at_start += course.at_start;
        self.opened += course.opened;
        self.found += course.found;
        self.otherwise += course.otherwise;
        let Some(since) = course.at_end else { return };
        self.at_end += 1;
        if let Some(age) = self.ages.get_mut(Band::of(since, span.until).index()) {
            *age += 1;
        }
    }
}

impl Marks {
    fn add(&mut self, course: &Course, bit: Classes) {
        let mark = |count: u64| if count > 0 { bit } else { 0 };
        self.at_start |= mark(course.at_start);
        self.opened |= mark(course.opened);
        self.found |= mark(course.found);
        self.otherwise |= mark(course.otherwise);
        self.at_end |= mark(u64::from(course.at_end.is_some()));
    }

    const fn with(self, other: Self) -> Self {
        Self {
            at_start: self.at_start | other.at_start,
            opened: self.opened | other.opened,
            found: self.found | other.found,
            otherwise: self.otherwise | other.otherwise,
            in_several: self.in_several | other.in_several,
            at_end: self.at_end | other.at_end,
        }
    }
}

/// A bit for each class, in their order.
fn bits() -> impl Iterator<Item = Classes> {
    (0..).map(|at| 1 << at).take(Class::ALL.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::DAY_US;
    use crate::domain::VolumeId;
    use crate::domain::missing::{Sought, Stood};

    fn tallied(volumes: &[(usize, Stood)]) -> Tallied {
        let (places, zone) = (Directory::default(), TimeZone::UTC);
        let day = |day: i64| Timestamp::from_micros(day * DAY_US);
        let span = Span { from: day(100), until: day(130), is_over: true };
        let ground = Ground { before: &places, places: &places, zone: &zone };
        let mut tally = Tally::new(ground, span);
        for (key, (person, stood)) in (1..).zip(volumes) {
            let stood = vec![Stood { learned: day(20), ..*stood }];
            tally.add(&Followed { volume: VolumeId::new(key), person: *person, known: day(20), stood });
        }
        tally.finish()
    }

    #[test]
    fn patients_are_told_apart_from_volumes_and_what_is_in_two_classes_stands_in_both() {
        let unseen = Stood::default();
        let sought = Stood { sought: Some(Sought::Open(Timestamp::EPOCH)), ..unseen };
        let seen = Stood { seen: Some(Timestamp::EPOCH), ..unseen };
        let found = Stood { sought: sought.sought, ..seen };
        // Two volumes of the first patient, one of them in two classes; one of the second; one that is well. The fourth
        // patient has two, each in another class: neither is in more than one.
        let tallied = tallied(&[(1, unseen), (1, sought), (2, unseen), (3, seen), (4, unseen), (4, found)]);
        let told: Vec<_> =
            tallied.classes.iter().map(|class| (class.now.volumes, class.now.patients)).collect();
        assert_eq!(told, [(0, 0), (2, 2), (0, 0), (0, 0), (4, 3)]);
        assert_eq!(tallied.together.any, Count { volumes: 5, patients: 3 });
        assert_eq!(tallied.together.several, Count { volumes: 1, patients: 1 });
        assert_eq!(tallied.known, 6);
    }
}
