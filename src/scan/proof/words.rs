//! What is said of each finding: what is wrong, what to do, and what the scanner can do all the same.

use super::{Setting, Standing, Symbol};

/// The words for one standing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Words {
    /// One line, large.
    pub title: String,
    /// For the clerk: what to do now, and what works all the same.
    pub clerk: String,
    /// For whoever sets the scanner: what to change. Empty where there is nothing.
    pub technician: &'static str,
}

/// What nobody but the clerk can hear.
const BEEPS: &str = "Did each scan make one beep, or two? Two: the scanner beeps by itself too. That works: only the \
                     second one says that it is recorded.";

impl Standing {
    /// What is said.
    pub fn words(&self) -> Words {
        match self {
            Self::Wants(symbol) => wants(*symbol),
            Self::Slow => Words {
                title: "Once more, faster: number 5".to_owned(),
                clerk: "Scan its two symbols one right after the other, within two seconds.".to_owned(),
                technician: "",
            },
            Self::Ready(limits) => Words {
                title: "This scanner is ready".to_owned(),
                clerk: limits.iter().map(|limit| limit.still()).chain([BEEPS]).collect::<Vec<_>>().join(" "),
                technician: "",
            },
            Self::Wrong(setting) => Words {
                title: setting.title().to_owned(),
                clerk: setting.still().to_owned(),
                technician: setting.remedy(),
            },
        }
    }
}

fn wants(symbol: Symbol) -> Words {
    let clerk = match symbol {
        Symbol::PairFirst => "Scan its two symbols one right after the other, as fast as you can.",
        Symbol::PairSecond => "Now the second of the two.",
        Symbol::Ours | Symbol::Code39 | Symbol::Gs1 | Symbol::LowerCase => "",
    };
    Words {
        title: format!("Proof: scan number {}, {}", symbol.number(), symbol.title()),
        clerk: clerk.to_owned(),
        technician: "",
    }
}

impl Setting {
    /// All, the one that is told first standing first.
    pub const ALL: [Self; 13] = [
        Self::Language,
        Self::Suffix,
        Self::RunTogether,
        Self::OneLost,
        Self::Signs,
        Self::Code39,
        Self::Stars,
        Self::IdentifierAsText,
        Self::Gs1,
        Self::GroupSeparator,
        Self::Case,
        Self::Identifier,
        Self::OwnBeep,
    ];

    /// What is wrong, in one line.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Language => "The keyboard language is wrong",
            Self::Suffix => "The suffix is missing",
            Self::RunTogether => "Two quick scans ran together",
            Self::OneLost => "Of two quick scans one was lost",
            Self::Signs => "The keyboard is set to the wrong country",
            Self::Code39 => "Code 39 does not arrive",
            Self::Stars => "Stars are sent around Code 39",
            Self::IdentifierAsText => "An identifier is taken for text",
            Self::Gs1 => "GS1-128 does not arrive as GS1",
            Self::GroupSeparator => "The GS1 separator is lost",
            Self::Case => "Capital and small letters are changed",
            Self::Identifier => "AIM identifiers are missing",
            Self::OwnBeep => "The scanner beeps by itself",
        }
    }

    /// What to set, for a technician.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Language => {
                "Set the scanner's keyboard country to that of this computer, or use its serial mode."
            }
            Self::Suffix => "Scan the sheet's step for the suffix again: CR after each read.",
            Self::RunTogether => {
                "Scan the sheet's step for the suffix again. If it stays so, the profile's end byte is not the one that \
                 the scanner sends."
            }
            Self::OneLost => {
                "Scan number 5 again. If it stays so, shorten the scanner's pause between two reads, and see that \
                 nothing else has its port open."
            }
            Self::Signs => {
                "Set the scanner's keyboard country to that of this computer (mostly British), or use its serial mode."
            }
            Self::Code39 => {
                "Scan number 2 again. If nothing comes, scan the sheet's step that switches Code 39 on."
            }
            Self::Stars => {
                "Switch off sending of start and stop characters, or use a profile with strip_star = true."
            }
            Self::IdentifierAsText => {
                "The profile says aim = \"none\", but the scanner sends identifiers: change one of the two."
            }
            Self::Gs1 => {
                "Scan number 3 again. If it stays so, scan the sheet's step that switches GS1-128 on."
            }
            Self::GroupSeparator => {
                "Use the scanner's serial or HID-POS mode. As a keyboard: let it send control characters as Ctrl with \
                 a letter."
            }
            Self::Case => "Switch off the scanner's change of case, and caps lock at this computer.",
            Self::Identifier => "Scan the sheet's step for AIM identifiers again.",
            Self::OwnBeep => {
                "Switch off the scanner's own good-read beep where its profile has an accept tone."
            }
        }
    }

    /// What the scanner can do all the same, and what it cannot.
    pub const fn still(self) -> &'static str {
        match self {
            Self::Language => "Do not use it: labels arrive as other letters, and no folder is found.",
            Self::Suffix => {
                "Without it each scan waits for a pause, and two quick scans may arrive as one: they are refused, never \
                 taken for a folder. Scan slowly until it is put right."
            }
            Self::RunTogether => {
                "Two quick scans are refused, never taken for a folder. Scan slowly until it is put right."
            }
            Self::OneLost => "Wait for the beep after each scan: what was not heard was not recorded.",
            Self::Signs => {
                "Our own labels work. Old labels with one of @ # \" ~ are not recognised, or not as what they are."
            }
            Self::Code39 => "Our own labels work. Old labels in Code 39 cannot be read.",
            Self::Stars => "Our own labels work. Old labels in Code 39 are not recognised.",
            Self::IdentifierAsText => "Do not use it: every label arrives with three signs too many.",
            Self::Gs1 => "Our own labels work. Wristbands may not be recognised.",
            Self::GroupSeparator => {
                "All folder labels work. Of a wristband only the first part may be read: type its number instead."
            }
            Self::Case => {
                "Our own labels and most old ones work: Casetrack takes small letters for capitals."
            }
            Self::Identifier => {
                "All labels work, but rules for old labels that name a kind of barcode cannot tell it, and a wristband \
                 may not be known as one."
            }
            Self::OwnBeep => "It works: only the second beep says that the scan is recorded.",
        }
    }
}
