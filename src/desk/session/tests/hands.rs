//! What a clerk does at the desk, with scanners that are known and one that is not.

use super::hospital::{Hospital, Told};
use crate::desk::session::{Effect, Footing, Input};
use crate::desk::{Came, Posted};
use crate::domain::PlaceId;
use crate::domain::barcode::{Card, Entry, OwnBarcode, OwnKind};
use crate::domain::command::{Moment, NotRecorded};
use crate::domain::scanner::ScannerId;

impl Hospital {
    pub fn folder(&mut self, key: u64) -> Told {
        self.wait(3).text(&OwnBarcode::new(OwnKind::Volume, key).to_string())
    }

    pub fn card(&mut self, card: Card) -> Told {
        self.wait(3).text(&card.barcode().to_string())
    }

    pub fn place(&mut self, place: PlaceId) -> Told {
        let code = self.directory.place(place).unwrap().code.to_string();
        self.wait(3).text(&code)
    }

    pub fn badge(&mut self, badge: &str) -> Told {
        self.wait(3).text(badge)
    }

    /// Scans a text now.
    pub fn text(&mut self, text: &str) -> Told {
        self.post(text, Entry::Scanned)
    }

    pub fn typed(&mut self, text: &str) -> Told {
        self.wait(3).post(text, Entry::Typed)
    }

    /// An unknown scanner is attached, or another one where `scanner` was.
    pub fn lock(&mut self, scanner: &str) {
        let id = ScannerId { location: "1-2.4".to_owned(), vid: 0x05e0, pid: 0x1701, serial: None };
        self.attach(scanner, Footing::Locked(id));
    }

    pub fn attach(&mut self, scanner: &str, footing: Footing) {
        self.footings.retain(|(name, _)| name != scanner);
        self.footings.push((scanner.to_owned(), footing.clone()));
        self.give(Input::Attached { scanner: scanner.to_owned(), footing });
    }

    /// Another scanner of the session reads a folder.
    pub fn folder_by(&mut self, scanner: &str, key: u64) -> Told {
        let id = self.wait(3).new_id();
        let text = OwnBarcode::new(OwnKind::Volume, key).to_string();
        let posted = Posted { id, text, aim: None, entry: Entry::Scanned, at: None, came: Came::Keys };
        self.told(Input::Read { posted, scanner: scanner.to_owned() })
    }

    /// Gives an input; nothing of the past that comes of it reaches the disk.
    pub fn give_failing(&mut self, input: Input, why: &NotRecorded) {
        let mut effects = self.on(input);
        while let Some(effect) = effects.pop() {
            if let Effect::Submit(command) = effect {
                let past = command.moment == Moment::Past;
                let outcome = if past { Err(why.clone()) } else { Ok(self.record(*command)) };
                effects.extend(self.on(Input::Outcome(outcome)));
            }
        }
    }
}
