//! Counts as bytes, and back: exactly the same counts.
//!
//! Little-endian numbers; a list is its length and its members. The first bytes name the form: what was written in
//! another one is not read, and the counts are learned anew from the log.

use super::ageing::Age;
use super::counts::Counts;
use super::detection::Detection;
use super::ground::PlaceIx;
use super::hops::Hops;
use super::slips::Slips;
use super::tally::{PerPlace, PerRole, Row};
use super::watch::Watch;
use super::ways::Ways;
use super::weights::Weights;

/// Names the form. Goes up with every change of what is counted, and of what it means.
const FORM: &[u8] = b"casetrack counts 1\n";

impl Counts {
    /// The counts as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = FORM.to_vec();
        self.put(&mut bytes);
        bytes
    }

    /// The counts that were encoded so; none if these bytes are of another form, cut short, or too long.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(FORM)?;
        let counts = Self::take(&mut rest)?;
        rest.is_empty().then_some(counts)
    }
}

/// Something that can be written as bytes and read again.
trait Coded: Sized {
    fn put(&self, bytes: &mut Vec<u8>);
    fn take(bytes: &mut &[u8]) -> Option<Self>;
}

macro_rules! number {
    ($($number:ty),*) => {$(
        impl Coded for $number {
            fn put(&self, bytes: &mut Vec<u8>) {
                bytes.extend_from_slice(&self.to_le_bytes());
            }
            fn take(bytes: &mut &[u8]) -> Option<Self> {
                let (number, rest) = bytes.split_first_chunk()?;
                *bytes = rest;
                Some(Self::from_le_bytes(*number))
            }
        }
    )*};
}
number!(u32, u64, i64, f64);

/// Written field by field, in this order.
macro_rules! fields {
    ($name:ident $(<$generic:ident>)? { $($field:tt),* }) => {
        impl $(<$generic: Coded>)? Coded for $name $(<$generic>)? {
            fn put(&self, bytes: &mut Vec<u8>) {
                $(self.$field.put(bytes);)*
            }
            fn take(bytes: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: Coded::take(bytes)?),* })
            }
        }
    };
}
fields!(Counts { age, hops, ways, watch, slips, detection, weights });
fields!(Age { weeks, changes, all_changes });
fields!(Watch { recent, gain, all_gain, all_hops });
fields!(Hops { hidden, hidden_role, flow, found, found_role, visits, registered, ties, ties_role });
fields!(Ways {
    onward,
    onward_role,
    strays,
    strays_role,
    left,
    left_scanned,
    left_role,
    arrived_in,
    arrived_out,
    sent,
    sent_tracked,
    stays
});
fields!(Slips { 0 });
fields!(Detection { 0 });
fields!(Weights { all, by_role, by_context, by_time });
fields!(Row { 0 });
fields!(PerRole<T> { 0 });

/// Without the places at the end that have none: the same counts are the same bytes.
impl<T: Coded + Default + PartialEq> Coded for PerPlace<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        let none = T::default();
        let long = self.0.iter().rposition(|one| *one != none).map_or(0, |last| last + 1);
        put_list(self.0.iter().take(long), long, bytes);
    }
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        Vec::take(bytes).map(Self)
    }
}

fn put_list<'a, T: Coded + 'a>(list: impl Iterator<Item = &'a T>, long: usize, bytes: &mut Vec<u8>) {
    u64::try_from(long).unwrap_or(u64::MAX).put(bytes);
    for one in list {
        one.put(bytes);
    }
}

impl Coded for PlaceIx {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.number().put(bytes);
    }
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        u32::take(bytes).map(Self::new)
    }
}

impl<A: Coded, B: Coded> Coded for (A, B) {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.0.put(bytes);
        self.1.put(bytes);
    }
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        Some((A::take(bytes)?, B::take(bytes)?))
    }
}

impl<T: Coded> Coded for Option<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        u32::from(self.is_some()).put(bytes);
        if let Some(one) = self {
            one.put(bytes);
        }
    }
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        match u32::take(bytes)? {
            0 => Some(None),
            1 => T::take(bytes).map(Some),
            _ => None,
        }
    }
}

impl<T: Coded, const N: usize> Coded for [T; N] {
    fn put(&self, bytes: &mut Vec<u8>) {
        for one in self {
            one.put(bytes);
        }
    }
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let list: Option<Vec<T>> = (0..N).map(|_| T::take(bytes)).collect();
        list?.try_into().ok()
    }
}

impl<T: Coded> Coded for Vec<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        put_list(self.iter(), self.len(), bytes);
    }
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let length = u64::take(bytes)?;
        (0..length).map(|_| T::take(bytes)).collect()
    }
}
