//! What keeps printers from printing, told to whoever shows it.

use std::sync::Arc;

use tokio::sync::watch;

use crate::clock::Timestamp;
use crate::domain::printing::PrinterTrouble;

/// Where the tasks of all printers tell; each its own printer's.
#[derive(Clone)]
pub struct Told(Arc<watch::Sender<Vec<PrinterTrouble>>>);

impl Told {
    /// Nothing is the matter yet.
    pub fn new() -> (Self, watch::Receiver<Vec<PrinterTrouble>>) {
        let (told, troubles) = watch::channel(Vec::new());
        (Self(Arc::new(told)), troubles)
    }

    /// Tells what is the matter with a printer; the same again stays since when it was.
    pub fn trouble(&self, printer: &str, words: &str, now: Timestamp) {
        self.0.send_if_modified(|troubles| {
            let known = troubles.iter_mut().find(|trouble| trouble.printer == printer);
            let is_new = known.as_ref().is_none_or(|trouble| trouble.words != words);
            let trouble =
                || PrinterTrouble { printer: printer.to_owned(), words: words.to_owned(), since: now };
            match known {
                Some(known) if is_new => *known = trouble(),
                Some(_) => {}
                None => troubles.push(trouble()),
            }
            is_new
        });
    }

    /// Nothing is the matter with it any more.
    pub fn well(&self, printer: &str) {
        self.0.send_if_modified(|troubles| {
            let before = troubles.len();
            troubles.retain(|trouble| trouble.printer != printer);
            troubles.len() != before
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_is_told_once_and_since_when_it_began() {
        let (told, mut troubles) = Told::new();
        let at = Timestamp::from_micros;
        told.trouble("Zebra", "out of labels", at(1));
        told.trouble("Library", "paused", at(2));
        troubles.mark_unchanged();
        told.trouble("Zebra", "out of labels", at(3));
        assert!(!troubles.has_changed().unwrap());
        assert_eq!(troubles.borrow()[0].since, at(1));
        told.trouble("Zebra", "its head is open", at(4));
        told.well("Library");
        let now: Vec<_> = troubles.borrow().iter().map(|t| (t.words.clone(), t.since)).collect();
        assert_eq!(now, [("its head is open".to_owned(), at(4))]);
    }
}
