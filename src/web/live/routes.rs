//! Who watches what, and whom a movement concerns. Values in, values out; [`super::Hub`] owns the one that is in use.

use std::collections::{BTreeSet, HashMap};

use crate::domain::movement::Subject;
use crate::domain::place::Code;
use crate::domain::{PlaceId, VolumeId};
use crate::live::Event;

/// What a stream watches.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Topic {
    /// All that comes to, leaves, or is bound for a place; a container's own movements too.
    Place(PlaceId),
    /// One folder, wherever its containers carry it.
    Volume(VolumeId),
    /// The sessions of a desk.
    Desk(Code),
}

impl Topic {
    /// What moves when this moves; a place that is no container simply never does.
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::Place(place) => Some(Subject::Container(*place)),
            Self::Volume(volume) => Some(Subject::Volume(*volume)),
            Self::Desk(_) => None,
        }
    }

    fn of(subject: Subject) -> Self {
        match subject {
            Subject::Volume(volume) => Self::Volume(volume),
            Subject::Container(place) => Self::Place(place),
        }
    }
}

/// One open stream.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct StreamId(pub u64);

/// Streams that are to be told of a movement, and of which subject: one in a container moves with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivery {
    /// What is told to have moved.
    pub about: Subject,
    /// Who is told.
    pub streams: BTreeSet<StreamId>,
}

/// All streams by what they watch.
#[derive(Default, Debug)]
pub struct Routes {
    streams: HashMap<StreamId, Vec<Topic>>,
    watching: HashMap<Topic, BTreeSet<StreamId>>,
    /// The containers of each watched subject that is in one.
    carriers: HashMap<Subject, Vec<PlaceId>>,
    /// The other way: what each container carries, of what is watched.
    carried: HashMap<PlaceId, BTreeSet<Subject>>,
}

impl Routes {
    /// A stream watches these from now on.
    pub fn add(&mut self, stream: StreamId, topics: Vec<Topic>) {
        for topic in &topics {
            self.watching.entry(topic.clone()).or_default().insert(stream);
        }
        self.streams.insert(stream, topics);
    }

    /// A stream has ended.
    pub fn remove(&mut self, stream: StreamId) {
        for topic in self.streams.remove(&stream).unwrap_or_default() {
            let Some(streams) = self.watching.get_mut(&topic) else { continue };
            streams.remove(&stream);
            if streams.is_empty() {
                self.watching.remove(&topic);
                if let Some(subject) = topic.subject() {
                    self.set_carriers(subject, Vec::new());
                }
            }
        }
    }

    /// What is known of the containers that carry a watched subject, the innermost first.
    pub fn set_carriers(&mut self, subject: Subject, carriers: Vec<PlaceId>) {
        for container in self.carriers.remove(&subject).unwrap_or_default() {
            let Some(carried) = self.carried.get_mut(&container) else { continue };
            carried.remove(&subject);
            if carried.is_empty() {
                self.carried.remove(&container);
            }
        }
        for container in &carriers {
            self.carried.entry(*container).or_default().insert(subject);
        }
        if !carriers.is_empty() {
            self.carriers.insert(subject, carriers);
        }
    }

    /// The watched subjects whose containers these events may have changed: they and what carries them moved.
    pub fn unsettled(&self, events: &[Event]) -> BTreeSet<Subject> {
        let mut found = BTreeSet::new();
        for event in events {
            if self.watching.contains_key(&Topic::of(event.subject)) {
                found.insert(event.subject);
            }
            found.extend(self.carried_by(event.subject));
        }
        found
    }

    /// Who is to be told of a movement: first those who watch its places or what moved itself, then those who
    /// watch what a container carried with it. Nobody: nothing.
    pub fn concerned(&self, event: &Event) -> Vec<Delivery> {
        let topics = event.places.iter().map(|place| Topic::Place(*place));
        let mut streams = BTreeSet::new();
        for topic in topics.chain([Topic::of(event.subject)]) {
            streams.extend(self.watching(&topic));
        }
        let own = Delivery { about: event.subject, streams };
        let carried = self.carried_by(event.subject).into_iter().map(|subject| Delivery {
            about: subject,
            streams: self.watching(&Topic::of(subject)).into_iter().collect(),
        });
        std::iter::once(own).chain(carried).filter(|delivery| !delivery.streams.is_empty()).collect()
    }

    /// The streams that watch exactly this.
    pub fn watching(&self, topic: &Topic) -> Vec<StreamId> {
        self.watching.get(topic).into_iter().flatten().copied().collect()
    }

    /// All streams.
    pub fn streams(&self) -> Vec<StreamId> {
        self.streams.keys().copied().collect()
    }

    fn carried_by(&self, subject: Subject) -> BTreeSet<Subject> {
        match subject {
            Subject::Container(container) => self.carried.get(&container).cloned().unwrap_or_default(),
            Subject::Volume(_) => BTreeSet::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::Cursor;

    const CLINIC: PlaceId = PlaceId::new(5);
    const WARD: PlaceId = PlaceId::new(7);
    const CRATE: PlaceId = PlaceId::new(20);
    const TROLLEY: PlaceId = PlaceId::new(21);
    const FOLDER: VolumeId = VolumeId::new(1);

    fn event(subject: Subject, places: &[PlaceId]) -> Event {
        let cursor = Cursor { epoch: 1, number: 1 };
        Event { cursor, subject, places: places.to_vec(), kind: "arrived" }
    }

    fn told(routes: &Routes, subject: Subject, places: &[PlaceId]) -> Vec<(Subject, Vec<u64>)> {
        let deliveries = routes.concerned(&event(subject, places));
        let ids = |delivery: Delivery| {
            (delivery.about, delivery.streams.iter().map(|stream| stream.0).collect::<Vec<_>>())
        };
        deliveries.into_iter().map(ids).collect()
    }

    #[test]
    fn a_movement_is_told_once_to_each_stream_that_watches_its_places_or_its_folder() {
        let mut routes = Routes::default();
        routes.add(StreamId(1), vec![Topic::Place(CLINIC), Topic::Place(WARD), Topic::Volume(FOLDER)]);
        routes.add(StreamId(2), vec![Topic::Place(WARD)]);
        routes.add(StreamId(3), vec![Topic::Volume(VolumeId::new(2))]);
        routes.add(StreamId(4), vec![Topic::Desk("CL5-1".parse().unwrap())]);
        let moved = Subject::Volume(FOLDER);
        assert_eq!(told(&routes, moved, &[CLINIC, WARD]), [(moved, vec![1, 2])]);
        assert_eq!(told(&routes, moved, &[]), [(moved, vec![1])]);
        assert_eq!(told(&routes, Subject::Volume(VolumeId::new(9)), &[PlaceId::new(8)]), []);
        assert_eq!(routes.watching(&Topic::Desk("CL5-1".parse().unwrap())), [StreamId(4)]);
        routes.remove(StreamId(1));
        assert_eq!(told(&routes, moved, &[CLINIC, WARD]), [(moved, vec![2])]);
    }

    #[test]
    fn a_folder_moves_with_its_containers_while_it_is_in_them() {
        let mut routes = Routes::default();
        let (folder, crate_, trolley) =
            (Subject::Volume(FOLDER), Subject::Container(CRATE), Subject::Container(TROLLEY));
        routes.add(StreamId(1), vec![Topic::Volume(FOLDER)]);
        assert_eq!(told(&routes, trolley, &[WARD]), []);
        routes.set_carriers(folder, vec![CRATE, TROLLEY]);
        assert_eq!(told(&routes, trolley, &[WARD]), [(folder, vec![1])]);
        assert_eq!(told(&routes, crate_, &[WARD]), [(folder, vec![1])]);
        assert_eq!(routes.unsettled(&[event(crate_, &[])]), BTreeSet::from([folder]));
        assert_eq!(routes.unsettled(&[event(folder, &[])]), BTreeSet::from([folder]));
        routes.set_carriers(folder, Vec::new());
        assert_eq!(told(&routes, crate_, &[WARD]), []);
        assert!(routes.unsettled(&[event(crate_, &[])]).is_empty());
    }

    #[test]
    fn a_containers_page_hears_of_the_container_itself_and_of_what_carries_it() {
        let mut routes = Routes::default();
        routes.add(StreamId(1), vec![Topic::Place(CRATE)]);
        let (inner, outer) = (Subject::Container(CRATE), Subject::Container(TROLLEY));
        assert_eq!(told(&routes, inner, &[WARD]), [(inner, vec![1])]);
        routes.set_carriers(inner, vec![TROLLEY]);
        assert_eq!(told(&routes, outer, &[WARD]), [(inner, vec![1])]);
    }

    #[test]
    fn nothing_is_kept_of_streams_that_have_ended() {
        let mut routes = Routes::default();
        routes.add(StreamId(1), vec![Topic::Volume(FOLDER), Topic::Place(CLINIC)]);
        routes.set_carriers(Subject::Volume(FOLDER), vec![CRATE]);
        routes.remove(StreamId(1));
        assert!(routes.streams.is_empty() && routes.watching.is_empty());
        assert!(routes.carriers.is_empty() && routes.carried.is_empty());
    }
}
