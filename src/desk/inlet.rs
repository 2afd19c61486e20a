//! The way of one scanner into its session. Nothing here blocks.

use tokio::sync::mpsc;

use super::runner::{Message, Tone, scan_id};
use super::session::Footing;
use super::{Desks, Feedback, Posted, Unheard};
use crate::clock::Reading;
use crate::domain::barcode::Entry;
use crate::domain::place::Code;
use crate::domain::refusal::Reason;

impl Desks {
    /// Attaches a scanner to a session: what it reads comes through the inlet, what it is told through `feedback`,
    /// which must not block.
    pub fn attach(
        &self,
        desk: &Code,
        session: &str,
        scanner: &str,
        feedback: Feedback,
        footing: Footing,
    ) -> Result<ScannerInlet, Unheard> {
        let handle = self.session(desk, session)?;
        let scanner = scanner.to_owned();
        let attach = Message::Attach { scanner: scanner.clone(), feedback: feedback.clone(), footing };
        handle.inbox.try_send(attach).map_err(|_| Unheard::Busy)?;
        Ok(ScannerInlet { inbox: handle.inbox, scanner, feedback })
    }
}

/// See the module.
#[derive(Clone)]
pub struct ScannerInlet {
    inbox: mpsc::Sender<Message>,
    scanner: String,
    feedback: Feedback,
}

impl ScannerInlet {
    /// A read: its text, the AIM identifier as it was sent, and both clocks at its last byte. A full inbox refuses it.
    pub fn read(&self, text: String, aim: Option<String>, at: Reading) {
        self.give(Message::Scan {
            posted: posted(text, aim, at),
            scanner: self.scanner.clone(),
            at,
            reply: None,
        });
    }

    /// A read from before the scanner was attached, which was refused then: no sound.
    pub fn held(&self, text: String, aim: Option<String>, at: Reading) {
        self.give(Message::Held { posted: posted(text, aim, at), scanner: self.scanner.clone(), at });
    }

    /// Something that is no read, why, and what there was of it.
    pub fn refused(&self, reason: Reason, raw: &[u8], at: Reading) {
        let raw = String::from_utf8_lossy(raw).into_owned();
        self.give(Message::Bad { id: scan_id(at), reason, raw, scanner: self.scanner.clone(), at });
    }

    /// The scanner is gone.
    pub fn lost(&self) {
        self.give(Message::Lost { scanner: self.scanner.clone() });
    }

    /// The scanner is there.
    pub fn back(&self) {
        self.give(Message::Back { scanner: self.scanner.clone() });
    }

    /// Another scanner stands where it was, or it is known now.
    pub fn stands(&self, footing: Footing) {
        let (scanner, feedback) = (self.scanner.clone(), self.feedback.clone());
        self.give(Message::Attach { scanner, feedback, footing });
    }

    /// It belongs to the desk no more.
    pub fn detach(&self) {
        self.give(Message::Detach { scanner: self.scanner.clone() });
    }

    fn give(&self, message: Message) {
        if self.inbox.try_send(message).is_err() {
            (self.feedback)(Tone::Refuse);
        }
    }
}

fn posted(text: String, aim: Option<String>, at: Reading) -> Posted {
    Posted { id: scan_id(at), text, aim, entry: Entry::Scanned, at: None }
}
