//! Standings added up: where volumes are by kind of place, how long they are on their way, who holds what for long.

use std::collections::HashMap;

use crate::clock::{DAY_US, Timestamp};
use crate::domain::directory::Directory;
use crate::domain::movement::How;
use crate::domain::place::PlaceKind;
use crate::domain::whereabouts::State;
use crate::domain::{PlaceId, VolumeId};
use crate::store::overview::{Age, Holder, LONG_DAYS, Standing, Stay, Stayers, TOP};

/// Microseconds in an hour.
const HOUR_US: i64 = DAY_US / 24;

/// What has been added up so far.
pub struct Fold<'a> {
    directory: &'a Directory,
    now: Timestamp,
    places: HashMap<PlaceId, Place>,
    sent: HashMap<Age, u64>,
    sent_longest: Longest,
    held_longest: Longest,
    in_container: u64,
    gone: u64,
}

/// The sum of everything.
pub struct Folded {
    /// Where volumes are, in the order of [`Stay::ALL`].
    pub stays: Vec<(Stay, Stayers)>,
    /// Volumes on their way, in the order of [`Age::ALL`].
    pub sent: Vec<(Age, u64)>,
    /// Those longest on their way.
    pub sent_longest: Vec<VolumeId>,
    /// Those longest outside libraries and stores.
    pub held_longest: Vec<VolumeId>,
    /// The places outside that hold most for long.
    pub holders: Vec<Holder>,
}

/// What is at one place.
struct Place {
    stay: Stay,
    stayers: Stayers,
    for_long: u64,
    oldest: Timestamp,
}

impl<'a> Fold<'a> {
    /// Nothing yet, at `now`.
    pub fn new(directory: &'a Directory, now: Timestamp) -> Self {
        Self {
            directory,
            now,
            places: HashMap::new(),
            sent: HashMap::new(),
            sent_longest: Longest::default(),
            held_longest: Longest::default(),
            in_container: 0,
            gone: 0,
        }
    }

    /// Adds one volume.
    pub fn add(&mut self, standing: &Standing) {
        match (standing.state, standing.place) {
            (State::At, Some(at)) => self.add_at(standing, at),
            (State::OnItsWay, _) => {
                *self.sent.entry(age(self.now, standing.since)).or_default() += 1;
                self.sent_longest.offer(standing);
            }
            (State::InContainer, _) => self.in_container += 1,
            (State::Gone(_), _) => self.gone += 1,
            (State::NotYetSeen, _) | (State::At, None) => {}
        }
    }

    fn add_at(&mut self, standing: &Standing, at: PlaceId) {
        let place = self.places.entry(at).or_insert_with(|| Place {
            stay: stay_at(self.directory, at),
            stayers: Stayers::default(),
            for_long: 0,
            oldest: standing.since,
        });
        place.stayers.volumes += 1;
        place.stayers.unconfirmed += u64::from(!standing.confirmed);
        place.oldest = place.oldest.min(standing.since);
        // What another system told of a folder that nobody has scanned here yet may be years old.
        let is_known_here = standing.how != Some(How::Imported);
        let for_long = is_known_here && self.now.micros_since(standing.since) > LONG_DAYS * DAY_US;
        place.for_long += u64::from(for_long);
        if is_known_here && is_outside(place.stay) {
            self.held_longest.offer(standing);
        }
    }

    /// The sums, where so many volumes are known in all.
    pub fn finish(self, known: u64) -> Folded {
        let mut by_stay: HashMap<Stay, Stayers> = HashMap::new();
        for place in self.places.values() {
            let sum = by_stay.entry(place.stay).or_default();
            sum.volumes += place.stayers.volumes;
            sum.unconfirmed += place.stayers.unconfirmed;
        }
        let on_its_way: u64 = self.sent.values().sum();
        for (stay, volumes) in
            [(Stay::OnItsWay, on_its_way), (Stay::InContainer, self.in_container), (Stay::Gone, self.gone)]
        {
            by_stay.insert(stay, Stayers { volumes, unconfirmed: 0 });
        }
        let seen: u64 = by_stay.values().map(|stayers| stayers.volumes).sum();
        // A volume that came meanwhile is counted, but not known: then there is none too few.
        let unseen = Stayers { volumes: known.saturating_sub(seen), unconfirmed: 0 };
        by_stay.insert(Stay::NotYetSeen, unseen);
        Folded {
            stays: Stay::ALL.map(|stay| (stay, by_stay.get(&stay).copied().unwrap_or_default())).to_vec(),
            sent: Age::ALL.map(|age| (age, self.sent.get(&age).copied().unwrap_or(0))).to_vec(),
            sent_longest: self.sent_longest.volumes(),
            held_longest: self.held_longest.volumes(),
            holders: holders(&self.places),
        }
    }
}

fn holders(places: &HashMap<PlaceId, Place>) -> Vec<Holder> {
    let outside = places.iter().filter(|(_, place)| is_outside(place.stay) && place.for_long > 0);
    let mut holders: Vec<_> = outside
        .map(|(id, place)| Holder { place: *id, volumes: place.for_long, since: place.oldest })
        .collect();
    holders.sort_by_key(|holder| (std::cmp::Reverse(holder.volumes), holder.since, holder.place));
    holders.truncate(TOP);
    holders
}

/// What a place is in the figures. A shelf outside a library is what it is part of.
fn stay_at(directory: &Directory, id: PlaceId) -> Stay {
    let kinds = || directory.upwards(id).map(|place| place.kind);
    if directory.library_of(id).is_some() {
        return if kinds().next() == Some(PlaceKind::Shelf) { Stay::Filed } else { Stay::Unfiled };
    }
    match kinds().find(|kind| *kind != PlaceKind::Shelf).unwrap_or(PlaceKind::Other) {
        PlaceKind::Clinic => Stay::Clinic,
        PlaceKind::Ward => Stay::Ward,
        PlaceKind::Office => Stay::Office,
        PlaceKind::Person => Stay::Person,
        PlaceKind::Store => Stay::Store,
        PlaceKind::Library => Stay::Unfiled,
        PlaceKind::Site | PlaceKind::Shelf | PlaceKind::Container | PlaceKind::Other => Stay::Elsewhere,
    }
}

/// Whether a folder there is out of the hands of those who keep folders.
const fn is_outside(stay: Stay) -> bool {
    !matches!(stay, Stay::Filed | Stay::Unfiled | Stay::Store)
}

const fn age(now: Timestamp, since: Timestamp) -> Age {
    let age_us = now.micros_since(since);
    if age_us < 4 * HOUR_US {
        Age::Fresh
    } else if age_us < DAY_US {
        Age::Day
    } else if age_us < 3 * DAY_US {
        Age::ThreeDays
    } else if age_us < 7 * DAY_US {
        Age::Week
    } else {
        Age::Longer
    }
}

/// The [`TOP`] volumes of the oldest times, oldest first.
#[derive(Default)]
struct Longest(Vec<(Timestamp, VolumeId)>);

impl Longest {
    fn offer(&mut self, standing: &Standing) {
        let entry = (standing.since, standing.volume);
        if self.0.len() >= TOP && self.0.last().is_some_and(|youngest| *youngest <= entry) {
            return;
        }
        let at = self.0.partition_point(|other| *other < entry);
        self.0.insert(at, entry);
        self.0.truncate(TOP);
    }

    fn volumes(&self) -> Vec<VolumeId> {
        self.0.iter().map(|(_, volume)| *volume).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::movement::GoneWhy;
    use crate::domain::place;

    const NOW: Timestamp = Timestamp::from_micros(100 * DAY_US);

    fn directory() -> Directory {
        let place = |key: i64, kind, parent: Option<i64>| place::Place {
            id: PlaceId::new(key),
            code: format!("P{key}").parse().unwrap(),
            name: format!("Place {key}"),
            kind,
            parent: parent.map(PlaceId::new),
            phone: None,
            phone_out_of_hours: None,
            open: None,
            until: None,
            consultants: Vec::new(),
        };
        let places = [
            place(1, PlaceKind::Library, None),
            place(2, PlaceKind::Shelf, Some(1)),
            place(3, PlaceKind::Office, Some(1)),
            place(4, PlaceKind::Clinic, None),
            place(5, PlaceKind::Shelf, Some(4)),
            place(6, PlaceKind::Store, None),
            place(7, PlaceKind::Shelf, Some(6)),
            place(8, PlaceKind::Person, None),
            place(9, PlaceKind::Site, None),
        ];
        Directory::new(places, [], [])
    }

    fn at(volume: i64, place: i64, days: i64) -> Standing {
        Standing {
            how: Some(How::Scanned),
            volume: VolumeId::new(volume),
            state: State::At,
            place: Some(PlaceId::new(place)),
            confirmed: true,
            since: NOW.plus_micros(-days * DAY_US),
        }
    }

    fn folded(standings: &[Standing], known: u64) -> Folded {
        let directory = directory();
        let mut fold = Fold::new(&directory, NOW);
        for standing in standings {
            fold.add(standing);
        }
        fold.finish(known)
    }

    fn told(folded: &Folded) -> String {
        let some = folded.stays.iter().filter(|(_, stayers)| stayers.volumes > 0);
        let words: Vec<_> =
            some.map(|(stay, s)| format!("{stay:?} {}/{}", s.volumes, s.unconfirmed)).collect();
        words.join(", ")
    }

    #[test]
    fn a_place_counts_as_what_it_is_and_a_shelf_as_what_it_is_part_of() {
        let standings: Vec<_> = (1..=10).map(|place| at(place, place, 1)).collect();
        assert_eq!(
            told(&folded(&standings, 10)),
            "Filed 1/0, Unfiled 2/0, Clinic 2/0, Person 1/0, Store 2/0, Elsewhere 2/0"
        );
    }

    #[test]
    fn every_volume_is_counted_once_and_those_never_seen_are_the_rest() {
        let unsure = Standing { confirmed: false, ..at(2, 4, 1) };
        let sent = Standing { state: State::OnItsWay, ..at(3, 4, 1) };
        let packed = Standing { state: State::InContainer, ..at(4, 4, 1) };
        let gone = Standing { state: State::Gone(GoneWhy::Destroyed), ..at(5, 4, 1) };
        let unseen = Standing { state: State::NotYetSeen, place: None, ..at(6, 4, 1) };
        let folded = folded(&[at(1, 4, 1), unsure, sent, packed, gone, unseen], 9);
        assert_eq!(told(&folded), "Clinic 2/1, OnItsWay 1/0, InContainer 1/0, Gone 1/0, NotYetSeen 4/0");
    }

    #[test]
    fn what_was_sent_is_told_by_age_and_the_oldest_by_name() {
        let sent = |volume, hours: i64| Standing {
            state: State::OnItsWay,
            since: NOW.plus_micros(-hours * HOUR_US),
            ..at(volume, 4, 0)
        };
        let hours = [0, 3, 4, 23, 24, 71, 72, 167, 168, 900, 5, 6, 7];
        let standings: Vec<_> = (1..).zip(hours).map(|(volume, hours)| sent(volume, hours)).collect();
        let folded = folded(&standings, 13);
        let counts: Vec<_> = folded.sent.iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, [2, 5, 2, 2, 2]);
        let keys: Vec<_> = folded.sent_longest.iter().map(|volume| volume.key()).collect();
        assert_eq!(keys, [10, 9, 8, 7, 6, 5, 4, 13, 12, 11]);
    }

    #[test]
    fn only_places_outside_libraries_and_stores_hold_folders_for_too_long() {
        let folded =
            folded(&[at(1, 2, 90), at(2, 7, 90), at(3, 4, 28), at(4, 4, 29), at(5, 8, 60), at(6, 8, 40)], 6);
        let keys: Vec<_> = folded.held_longest.iter().map(|volume| volume.key()).collect();
        assert_eq!(keys, [5, 6, 4, 3]);
        let holders: Vec<_> = folded.holders.iter().map(|h| (h.place.key(), h.volumes)).collect();
        assert_eq!(holders, [(8, 2), (4, 1)]);
    }
}
