//! What is known of a family of scanners, for people.

use super::plan::{Carrying, Plan, Unconfirmed};
use crate::scan::feedback::Feedback;
use crate::scan::profile::{Profile, usb_ids};

/// How the steps of a sheet are known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Known {
    /// Symbols that are printed.
    pub printed: usize,
    /// Steps that the maker's booklet has.
    pub booklet: usize,
    /// Steps that nobody has confirmed.
    pub unconfirmed: usize,
}

/// How the steps of a profile's usual sheet are known; nothing where it knows no step of its own.
pub fn known(profile: &Profile) -> Known {
    let mut known = Known::default();
    let Ok(plan) = Plan::new(profile, None, Unconfirmed::Marked) else { return known };
    for step in plan.steps.iter().filter(|step| step.evidence.is_some()) {
        let count = match step.carrying {
            _ if step.is_unconfirmed() => &mut known.unconfirmed,
            Carrying::Symbol(..) => &mut known.printed,
            Carrying::Booklet { .. } => &mut known.booklet,
        };
        *count += 1;
    }
    known
}

/// The maker, by the first word of the title; `None` for the profiles of any scanner.
pub fn brand(profile: &Profile) -> Option<&str> {
    let word = profile.title.split([' ', ',']).next()?;
    (word != "Any").then_some(word)
}

/// Whether Casetrack can make it beep.
pub fn is_heard(profile: &Profile) -> bool {
    profile.feedback.entry(Feedback::Accept).is_some()
}

/// What the USB ids of its makers are known to mean, a line each: `05e0:1701, USB serial (virtual COM, CDC): Zebra …`.
pub fn ids(profile: &Profile) -> Vec<String> {
    let of_it = usb_ids().usb.iter().filter(|known| profile.matches.vids.contains(&known.vid));
    let said = of_it.map(|known| {
        let how = known.interface.map_or("mode not known", |interface| interface.says());
        format!("{}:{}, {how}: {}", known.vid, known.pid, known.what)
    });
    said.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Profile {
        Profile::named(name, None).unwrap()
    }

    #[test]
    fn what_is_known_is_counted_by_how() {
        let of = |name| known(&named(name));
        assert_eq!(of("zebra-ds2208"), Known { printed: 2, booklet: 2, unconfirmed: 0 });
        assert_eq!(of("newland-hr22"), Known { printed: 3, booklet: 1, unconfirmed: 1 });
        assert_eq!(of("honeywell-voyager-1450g"), Known { printed: 0, booklet: 2, unconfirmed: 0 });
        assert_eq!(of("generic-wedge"), Known::default());
    }

    #[test]
    fn a_technician_is_told_what_the_usb_id_means() {
        assert_eq!(brand(&named("zebra-cdc")), Some("Zebra"));
        assert_eq!(brand(&named("generic-hid")), None);
        let ids = ids(&named("zebra-ds2208"));
        assert_eq!(ids.first().unwrap(), "05e0:1701, USB serial (virtual COM, CDC): Zebra, Symbol: USB CDC");
        assert!(ids.iter().any(|id| id.contains("05e0:1900, the maker’s own driver")), "{ids:?}");
    }
}
