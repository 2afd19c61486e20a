//! Names for what is told: looked up once for a whole batch.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::told::Told;
use crate::domain::VolumeId;
use crate::domain::casenote::LabelText;
use crate::domain::directory::Directory;
use crate::domain::movement::Subject;
use crate::live::Event;
use crate::store::{Store, Trust};

/// The names in one batch of messages.
#[derive(Debug)]
pub struct Names {
    directory: Arc<Directory>,
    barcodes: HashMap<VolumeId, LabelText>,
}

impl Names {
    /// Looks up what all of `subjects` are called. A name that cannot be had is left out: what moved is told still.
    pub async fn look_up(
        store: &Store,
        trust: &Trust,
        directory: Arc<Directory>,
        subjects: impl Iterator<Item = Subject>,
    ) -> Self {
        let volumes: BTreeSet<_> = subjects.filter_map(volume).collect();
        let barcodes = if volumes.is_empty() {
            Vec::new()
        } else {
            store.barcodes(trust, volumes.into_iter().collect()).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "live pages are told without names");
                Vec::new()
            })
        };
        Self { directory, barcodes: barcodes.into_iter().collect() }
    }

    /// The message that `about` has moved, by itself or with a container.
    pub fn told(&self, event: &Event, about: Subject) -> Told {
        let via = if event.subject == about { None } else { self.of(event.subject) };
        Told::moved(event, &self.directory, self.of(about), via)
    }

    fn of(&self, subject: Subject) -> Option<&str> {
        match subject {
            Subject::Volume(volume) => self.barcodes.get(&volume).map(LabelText::as_str),
            Subject::Container(place) => self.directory.place(place).map(|place| place.code.as_str()),
        }
    }
}

fn volume(subject: Subject) -> Option<VolumeId> {
    match subject {
        Subject::Volume(volume) => Some(volume),
        Subject::Container(_) => None,
    }
}
