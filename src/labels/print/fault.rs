//! What keeps a printer from printing, and what to do about it.

/// What is the matter with a printer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Nothing answers at its address.
    NotThere,
    /// It takes the question and does not answer: out of labels, open, without ribbon, or stuck (Zebra's guide, `~HS`).
    Silent,
    /// It began to answer and stopped.
    HalfAnswer,
    /// What it answers is none of its language.
    OtherAnswer,
    /// It broke the connection off.
    HungUp,
    /// Out of labels.
    NoMedia,
    /// Somebody pressed PAUSE.
    Paused,
    /// The head is open.
    HeadOpen,
    /// Out of ribbon.
    NoRibbon,
    /// It is busy with what somebody else sent.
    Busy,
    /// Out of paper, or of labels on sheets.
    NoPaper,
    /// Its queue at the print server is stopped.
    Stopped,
    /// Its queue at the print server takes nothing.
    NotAccepting,
    /// Paper is stuck.
    Jam,
    /// A cover or door is open.
    Open,
    /// Out of toner or ink.
    NoToner,
    /// The print server cannot reach it.
    Offline,
    /// The print server has no such printer.
    NoSuchPrinter,
    /// The print server asks for a password.
    Locked,
    /// The printer does not take what it was sent.
    WrongFormat,
    /// The print server refused, with this status (RFC 8011, appendix B).
    Refused(u16),
    /// The folder cannot be written to.
    NoFolder,
}

impl Fault {
    /// What is the matter and what to do, in words for people.
    pub fn words(self) -> String {
        let words = match self {
            Self::NotThere => "It cannot be reached. Is it switched on and plugged into the network?",
            Self::Silent => {
                "It does not answer. Look at it: is it out of labels, open or without ribbon? It goes on by itself."
            }
            Self::HalfAnswer => "Its answer broke off. Switch it off and on again.",
            Self::OtherAnswer => "It answers what we do not know. Ask IT whether this is the right printer.",
            Self::HungUp => "It broke the connection off. Was it switched off?",
            Self::NoMedia => "Out of labels. Load a roll and press FEED; it goes on by itself.",
            Self::Paused => "Paused. Press PAUSE on it; it goes on by itself.",
            Self::HeadOpen => "Its head is open. Close it; it goes on by itself.",
            Self::NoRibbon => "Out of ribbon. Put a new one in; it goes on by itself.",
            Self::Busy => "Busy with what somebody else prints. It goes on by itself.",
            Self::NoPaper => "Out of paper or labels. Fill the tray; it goes on by itself.",
            Self::Stopped => "Paused at the print server. Ask IT to start it again; it goes on by itself.",
            Self::NotAccepting => "The print server takes nothing for it. Ask IT to let it accept jobs.",
            Self::Jam => "Paper is stuck. Take it out; it goes on by itself.",
            Self::Open => "A cover is open. Close it; it goes on by itself.",
            Self::NoToner => "Out of toner. Put a new one in; it goes on by itself.",
            Self::Offline => "The print server cannot reach it. Is it switched on?",
            Self::NoSuchPrinter => "The print server does not know it. Ask IT whether its name was changed.",
            Self::Locked => "The print server asks for a password. Ask IT to let this machine print.",
            Self::WrongFormat => "It does not take PDF. Ask IT for the right driver at the print server.",
            Self::Refused(status) => {
                return format!(
                    "The print server refused it with status {status:#06x}. Ask IT to look there."
                );
            }
            Self::NoFolder => "Its folder is not there, or cannot be written to. Ask IT to look at it.",
        };
        words.to_owned()
    }

    /// Whether it passes by itself or by what a person does at the printer, so that the job waits. If not, the job
    /// itself cannot be printed.
    pub const fn passes(self) -> bool {
        match self {
            Self::WrongFormat | Self::Refused(_) => false,
            Self::NotThere
            | Self::Silent
            | Self::HalfAnswer
            | Self::OtherAnswer
            | Self::HungUp
            | Self::NoMedia
            | Self::Paused
            | Self::HeadOpen
            | Self::NoRibbon
            | Self::Busy
            | Self::NoPaper
            | Self::Stopped
            | Self::NotAccepting
            | Self::Jam
            | Self::Open
            | Self::NoToner
            | Self::Offline
            | Self::NoSuchPrinter
            | Self::Locked
            | Self::NoFolder => true,
        }
    }
}
