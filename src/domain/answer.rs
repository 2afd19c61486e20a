//! What a desk is answered: a signal, a reason and its parameters. Sentences are made when read.

use serde::{Deserialize, Serialize};

use super::refusal::Reason;
use super::{PlaceId, StaffId, VolumeId};
use crate::clock::{SECOND_US, Timestamp};

/// What the clerk hears.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// Accepted: it is here.
    Arrived,
    /// Accepted: it goes, or was left, there.
    Sent,
    /// Accepted: it lies there.
    Filed,
    /// Accepted: it lies in there.
    Packed,
    /// Accepted, and do something with this folder now.
    Look,
    /// What was asked was not done.
    Refused,
    /// What was asked was not done, and a way out must be scanned.
    Stop,
    /// An answer, or a card taken.
    Told,
    /// Safe in the desk's journal; the server has not got it.
    Kept,
}

impl Signal {
    /// The word of the outward interfaces.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Arrived => "arrived",
            Self::Sent => "sent",
            Self::Filed => "filed",
            Self::Packed => "packed",
            Self::Look => "look",
            Self::Refused => "refused",
            Self::Stop => "stop",
            Self::Told => "told",
            Self::Kept => "kept",
        }
    }

    /// Whether what was asked was done.
    pub const fn is_accepted(self) -> bool {
        !matches!(self, Self::Refused | Self::Stop)
    }

    /// Whether the folder belongs in the put-aside column until somebody has dealt with it.
    pub const fn puts_aside(self) -> bool {
        matches!(self, Self::Look | Self::Refused | Self::Stop)
    }
}

/// Whether the clerk is asked to compare the folder's cover with the patient.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Cover {
    /// Nobody is asked.
    #[default]
    Unasked,
    /// Its new label was scanned for the first time.
    Compared,
}

/// What a scan did to the search for its folder.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ring {
    /// It was wanted and has turned up; this place waits for it, where one was named.
    TurnedUp(Option<PlaceId>),
    /// What had made it turn up was taken back: the search goes on.
    GoesOn,
}

/// A time in whole seconds since 1970, held to the second before it; good until 2106.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Second(u32);

impl Second {
    /// The second in which `at` is.
    pub fn of(at: Timestamp) -> Self {
        let seconds = at.micros().div_euclid(SECOND_US);
        Self(u32::try_from(seconds.max(0)).unwrap_or(u32::MAX))
    }

    /// Its beginning.
    pub fn at(self) -> Timestamp {
        Timestamp::from_micros(i64::from(self.0) * SECOND_US)
    }
}

/// A temporary folder or its original, beside the other of the two.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Together {
    /// The other one.
    pub other: VolumeId,
    /// Whether that lies here too.
    pub near: Near,
}

/// Whether something is at the desk's place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Near {
    /// It is.
    Here,
    /// It is somewhere else.
    Away,
}

/// What is to be known of the folder in hand beside what was done with it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Beside {
    /// What became of the search for it.
    pub ring: Option<Ring>,
    /// Its temporary folder, or the original that it stands in for: the papers of the two belong together.
    pub together: Option<Together>,
    /// A time spoken of, in whole seconds: when an appointment begins, or when the clinic lists were told.
    pub when: Option<Second>,
}

impl Beside {
    /// Whether something is to be done with the folder now: then the signal is *look*.
    pub const fn calls(&self) -> bool {
        matches!(self.ring, Some(Ring::TurnedUp(_))) || self.together.is_some()
    }
}

/// A reason with what it speaks of. What a reason does not use is empty.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Answer {
    /// Why.
    pub reason: Reason,
    /// The volume spoken of.
    pub volume: Option<VolumeId>,
    /// The place, shelf or container spoken of.
    pub place: Option<PlaceId>,
    /// A second place.
    pub other: Option<PlaceId>,
    /// The person spoken of.
    pub person: Option<StaffId>,
    /// How many.
    pub count: u32,
    /// How many not.
    pub aside: u32,
    /// Whether the cover is to be compared: then what was done is told, and the signal is *look*.
    pub cover: Cover,
    /// What else is to be known of the folder.
    pub beside: Beside,
}

/// The bit of the stored form's second byte that says that the cover is to be compared.
const COMPARED: u8 = 1 << 6;
/// The bit that says that something stands beside: a third byte of flags follows, and what they announce.
const BESIDE: u8 = 1 << 7;
/// The flags of the third byte.
const TURNED_UP: u8 = 1;
const ASKED_FROM: u8 = 1 << 1;
const GOES_ON: u8 = 1 << 2;
const TOGETHER: u8 = 1 << 3;
const OTHER_HERE: u8 = 1 << 4;
const TIMED: u8 = 1 << 5;
const KNOWN_BESIDE: u8 = TURNED_UP | ASKED_FROM | GOES_ON | TOGETHER | OTHER_HERE | TIMED;

impl Answer {
    /// An answer that speaks of nothing in particular.
    pub const fn new(reason: Reason) -> Self {
        Self {
            reason,
            volume: None,
            place: None,
            other: None,
            person: None,
            count: 0,
            aside: 0,
            cover: Cover::Unasked,
            beside: Beside { ring: None, together: None, when: None },
        }
    }

    /// The same, speaking of a volume.
    #[must_use]
    pub const fn of(self, volume: VolumeId) -> Self {
        Self { volume: Some(volume), ..self }
    }

    /// The same, speaking of a place.
    #[must_use]
    pub const fn at(self, place: PlaceId) -> Self {
        Self { place: Some(place), ..self }
    }

    /// The same, speaking of a second place.
    #[must_use]
    pub const fn or(self, other: PlaceId) -> Self {
        Self { other: Some(other), ..self }
    }

    /// The same, speaking of a person.
    #[must_use]
    pub const fn by(self, person: StaffId) -> Self {
        Self { person: Some(person), ..self }
    }

    /// The same, with how many.
    #[must_use]
    pub const fn count(self, count: u32) -> Self {
        Self { count, ..self }
    }

    /// The same, with how many not.
    #[must_use]
    pub const fn aside(self, aside: u32) -> Self {
        Self { aside, ..self }
    }

    /// The same, speaking of a time.
    #[must_use]
    pub fn when(self, when: Timestamp) -> Self {
        Self { beside: Beside { when: Some(Second::of(when)), ..self.beside }, ..self }
    }

    /// The same, and the cover is to be compared.
    #[must_use]
    pub const fn comparing(self) -> Self {
        Self { cover: Cover::Compared, ..self }
    }

    /// The same, with what became of the search for the folder.
    #[must_use]
    pub const fn ringing(self, ring: Ring) -> Self {
        Self { beside: Beside { ring: Some(ring), ..self.beside }, ..self }
    }

    /// The same, and its papers belong together with those of another.
    #[must_use]
    pub const fn together(self, together: Together) -> Self {
        Self { beside: Beside { together: Some(together), ..self.beside }, ..self }
    }

    /// What the clerk hears: *refused* and *stop* go before *look*, and *look* before *accepted*.
    pub const fn signal(&self) -> Signal {
        let signal = self.reason.signal();
        let looks = matches!(self.cover, Cover::Compared) || self.beside.calls();
        if looks && signal.is_accepted() { Signal::Look } else { signal }
    }

    /// The stored form: the reason's number, a byte that says which parameters follow and whether the cover is to be
    /// compared, and the parameters as varints.
    pub fn encode(&self) -> Vec<u8> {
        let fields = [
            self.volume.map(VolumeId::key),
            self.place.map(PlaceId::key),
            self.other.map(PlaceId::key),
            self.person.map(StaffId::key),
            (self.count > 0).then_some(i64::from(self.count)),
            (self.aside > 0).then_some(i64::from(self.aside)),
        ];
        let mut bytes = vec![self.reason.number(), 0];
        let mut present = match self.cover {
            Cover::Unasked => 0u8,
            Cover::Compared => COMPARED,
        };
        for (bit, field) in fields.into_iter().enumerate() {
            if let Some(value) = field {
                present |= 1 << bit;
                put_varint(&mut bytes, value.cast_unsigned());
            }
        }
        if self.beside != Beside::default() {
            present |= BESIDE;
            self.beside.encode(&mut bytes);
        }
        if let Some(flags) = bytes.get_mut(1) {
            *flags = present;
        }
        bytes
    }

    /// Reads the stored form; `None` if it is not one.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (&[number, present], mut rest) = bytes.split_first_chunk::<2>()?;
        let mut field = |bit: u8| -> Option<Option<i64>> {
            if present & (1 << bit) == 0 {
                return Some(None);
            }
            take_varint(&mut rest).map(|value| Some(value.cast_signed()))
        };
        let mut answer = Self {
            reason: Reason::numbered(number)?,
            volume: field(0)?.map(VolumeId::new),
            place: field(1)?.map(PlaceId::new),
            other: field(2)?.map(PlaceId::new),
            person: field(3)?.map(StaffId::new),
            count: u32::try_from(field(4)?.unwrap_or(0)).ok()?,
            aside: u32::try_from(field(5)?.unwrap_or(0)).ok()?,
            cover: if present & COMPARED == 0 { Cover::Unasked } else { Cover::Compared },
            beside: Beside::default(),
        };
        if present & BESIDE != 0 {
            answer.beside = Beside::decode(&mut rest)?;
        }
        rest.is_empty().then_some(answer)
    }
}

impl Beside {
    fn encode(&self, bytes: &mut Vec<u8>) {
        let (ring, asker) = match self.ring {
            None => (0, None),
            Some(Ring::GoesOn) => (GOES_ON, None),
            Some(Ring::TurnedUp(None)) => (TURNED_UP, None),
            Some(Ring::TurnedUp(Some(asker))) => (TURNED_UP | ASKED_FROM, Some(asker.key())),
        };
        let together = match self.together {
            None => 0,
            Some(Together { near: Near::Away, .. }) => TOGETHER,
            Some(Together { near: Near::Here, .. }) => TOGETHER | OTHER_HERE,
        };
        let timed = if self.when.is_some() { TIMED } else { 0 };
        bytes.push(ring | together | timed);
        let other = self.together.map(|together| together.other.key());
        let when = self.when.map(|when| i64::from(when.0));
        for key in asker.into_iter().chain(other).chain(when) {
            put_varint(bytes, key.cast_unsigned());
        }
    }

    fn decode(rest: &mut &[u8]) -> Option<Self> {
        let (flags, after) = rest.split_first()?;
        let flags = *flags;
        *rest = after;
        let mut key = |flag: u8| -> Option<Option<i64>> {
            if flags & flag == 0 { Some(None) } else { take_varint(rest).map(|key| Some(key.cast_signed())) }
        };
        let asker = key(ASKED_FROM)?.map(PlaceId::new);
        let near = if flags & OTHER_HERE == 0 { Near::Away } else { Near::Here };
        let together = key(TOGETHER)?.map(|key| Together { other: VolumeId::new(key), near });
        let when = match key(TIMED)? {
            Some(seconds) => Some(Second(u32::try_from(seconds).ok()?)),
            None => None,
        };
        let ring = match flags & (TURNED_UP | GOES_ON) {
            0 => None,
            TURNED_UP => Some(Ring::TurnedUp(asker)),
            GOES_ON => Some(Ring::GoesOn),
            _ => return None,
        };
        (flags & !KNOWN_BESIDE == 0).then_some(Self { ring, together, when })
    }
}

/// Appends `value` in groups of seven bits, the lowest first (LEB128).
pub fn put_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(low_seven(value) | 0x80);
        value >>= 7;
    }
    bytes.push(low_seven(value));
}

fn low_seven(value: u64) -> u8 {
    u8::try_from(value & 0x7F).unwrap_or(0)
}

/// Takes one value off the front of `bytes`; `None` if none stands there.
pub fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7F) << shift;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_answer_survives_its_storage(number in 0..Reason::ALL.len(), keys in proptest::array::uniform6(proptest::option::of(1i64..i64::MAX)), count: u32, aside: u32, when: Option<u32>, compared: bool, ring in 0..3) {
            let answer = Answer {
                reason: Reason::ALL[number],
                volume: keys[0].map(VolumeId::new),
                place: keys[1].map(PlaceId::new),
                other: keys[2].map(PlaceId::new),
                person: keys[3].map(StaffId::new),
                count,
                aside,
                cover: if compared { Cover::Compared } else { Cover::Unasked },
                beside: Beside {
                    ring: match ring {
                        0 => None,
                        1 => Some(Ring::GoesOn),
                        _ => Some(Ring::TurnedUp(keys[4].map(PlaceId::new))),
                    },
                    together: keys[5].map(|key| Together {
                        other: VolumeId::new(key),
                        near: if compared { Near::Here } else { Near::Away },
                    }),
                    when: when.map(Second),
                },
            };
            prop_assert_eq!(Answer::decode(&answer.encode()), Some(answer));
        }

        #[test]
        fn a_cover_is_compared_beside_what_was_accepted_and_never_hides_a_stop(number in 0..Reason::ALL.len()) {
            let answer = Answer::new(Reason::ALL[number]);
            let accepted = answer.signal().is_accepted();
            let expected = if accepted { Signal::Look } else { answer.signal() };
            prop_assert_eq!(answer.comparing().signal(), expected);
        }

        #[test]
        fn noise_is_no_answer_and_no_crash(bytes: Vec<u8>) {
            let _ = Answer::decode(&bytes);
        }
    }
}
