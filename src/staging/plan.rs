//! What is scanned to stage a scanner, in which order: from a profile and the interface that is wanted. Pure.

use crate::labels::code::Symbology;
use crate::scan::feedback::Evidence;
use crate::scan::profile::{Carrier, Interface, Need, Profile, Step};

/// The booklet of a scanner that no profile names.
const ANY_BOOKLET: &str = "the maker’s booklet of your scanner";

/// What becomes of steps that nobody has confirmed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Unconfirmed {
    /// They are left out; without one that is needed there is no sheet.
    LeftOut,
    /// They are printed, and marked.
    Marked,
}

/// Why there is no sheet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSheet {
    /// No sheet of this profile is for this interface.
    #[error("{profile} has no sheet for {asked}: one of {possible} is possible")]
    Interface {
        /// The profile.
        profile: String,
        /// What was asked for.
        asked: Interface,
        /// What is possible.
        possible: String,
    },
    /// The profile says of no interface that it can be set.
    #[error("{0} says nothing of how it is set: program.interfaces is empty")]
    Nothing(String),
    /// A code that is needed is not confirmed.
    #[error(
        "nobody has confirmed the code for “{}”, and the scanner is of no use without it; it can be printed, marked, \
         with --unverified",
        .0.join("”, “")
    )]
    NotConfirmed(Vec<String>),
    /// A text or a symbol does not fit on paper.
    #[error("“{0}” is too long for the sheet")]
    TooLong(String),
}

/// A sheet before it is laid out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// The profile's name.
    pub profile: String,
    /// The scanner, for people.
    pub title: String,
    /// What it will be.
    pub interface: Interface,
    /// On which device the profile was tried, if on any.
    pub tried: Option<String>,
    /// The steps, in their order.
    pub steps: Vec<Planned>,
    /// The titles of those that were left out.
    pub left_out: Vec<String>,
}

/// A step as it is printed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Planned {
    /// What is done, in few words.
    pub title: String,
    /// What carries it.
    pub carrying: Carrying,
    /// What it sets.
    pub sets: String,
    /// What the scanner does after it.
    pub then: String,
    /// Whether it may be left out.
    pub need: Need,
    /// How it is known; `None` where there is nothing to be known.
    pub evidence: Option<Evidence>,
    /// Where it was found.
    pub source: String,
}

/// What carries a step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Carrying {
    /// A symbol of ours.
    Symbol(Symbology, String),
    /// A page of a booklet.
    Booklet {
        /// Which.
        booklet: String,
        /// Where in it.
        page: String,
    },
}

impl Planned {
    /// Whether nobody has confirmed it.
    pub fn is_unconfirmed(&self) -> bool {
        self.evidence == Some(Evidence::Unverified)
    }

    /// Its title, with a word if it may be left out.
    pub fn heading(&self) -> String {
        match self.need {
            Need::Needed => self.title.clone(),
            Need::Optional => format!("{} (may be left out)", self.title),
        }
    }
}

impl Plan {
    /// The plan of a profile's sheet, for its usual interface unless another is wanted.
    pub fn new(
        profile: &Profile,
        interface: Option<Interface>,
        unconfirmed: Unconfirmed,
    ) -> Result<Self, NoSheet> {
        let interface = possible(profile, interface)?;
        let all: Vec<&Step> = profile.program.steps(interface).collect();
        let (left_out, kept): (Vec<&Step>, Vec<&Step>) = all
            .into_iter()
            .partition(|step| unconfirmed == Unconfirmed::LeftOut && step.evidence == Evidence::Unverified);
        let titles = |steps: &[&Step]| steps.iter().map(|step| step.title.clone()).collect::<Vec<_>>();
        let needed: Vec<&Step> = left_out.iter().copied().filter(|step| step.need == Need::Needed).collect();
        if !needed.is_empty() {
            return Err(NoSheet::NotConfirmed(titles(&needed)));
        }
        let booklet = &profile.program.booklet;
        let steps: Vec<Planned> = kept.into_iter().map(|step| planned(step, booklet)).collect();
        Ok(Self {
            profile: profile.name.clone(),
            title: profile.title.clone(),
            interface,
            tried: profile.confirm.is_tried().then(|| profile.confirm.device.clone()),
            left_out: titles(&left_out),
            steps: if steps.is_empty() { by_booklet(interface) } else { steps },
        })
    }
}

fn possible(profile: &Profile, asked: Option<Interface>) -> Result<Interface, NoSheet> {
    let interfaces = &profile.program.interfaces;
    let usual = interfaces.first().copied().ok_or_else(|| NoSheet::Nothing(profile.name.clone()))?;
    let asked = asked.unwrap_or(usual);
    if interfaces.contains(&asked) {
        return Ok(asked);
    }
    let words: Vec<_> = interfaces.iter().map(|interface| interface.word()).collect();
    Err(NoSheet::Interface { profile: profile.name.clone(), asked, possible: words.join(", ") })
}

fn planned(step: &Step, booklet: &str) -> Planned {
    let carrying = match step.symbology {
        Carrier::Code128Fnc3 => Carrying::Symbol(Symbology::Setting, step.payload.clone()),
        Carrier::Code128 => Carrying::Symbol(Symbology::Code128, step.payload.clone()),
        Carrier::Booklet => Carrying::Booklet { booklet: booklet.to_owned(), page: step.page.clone() },
    };
    Planned {
        title: step.title.clone(),
        carrying,
        sets: step.sets.clone(),
        then: step.then.clone(),
        need: step.need,
        evidence: Some(step.evidence),
        source: step.source.clone(),
    }
}

/// What any scanner must be set to, where no code of its brand is known.
fn by_booklet(interface: Interface) -> Vec<Planned> {
    let wants: &[(&str, &str, Need)] = match interface {
        Interface::UsbSerial | Interface::Rs232 | Interface::Ssi => &[
            ("A CR after each read", "Without an end every read is refused as half a barcode.", Need::Needed),
            ("AIM identifier", "The kind of barcode is sent before it.", Need::Optional),
        ],
        Interface::Keyboard => &[
            ("Enter after each read", "Without an end the desk page waits for one.", Need::Needed),
            ("Keyboard country", "That of the computer: British for most of ours.", Need::Needed),
        ],
        Interface::HidPos | Interface::Vendor => &[],
    };
    let first = (interface.says(), "How it shows up at the computer.", Need::Needed);
    std::iter::once(&first).chain(wants).map(|(title, sets, need)| wanted(title, sets, *need)).collect()
}

fn wanted(title: &str, sets: &str, need: Need) -> Planned {
    Planned {
        title: title.to_owned(),
        carrying: Carrying::Booklet { booklet: ANY_BOOKLET.to_owned(), page: format!("Look for: {title}") },
        sets: sets.to_owned(),
        then: "It beeps.".to_owned(),
        need,
        evidence: None,
        source: "Casetrack knows no code of this scanner.".to_owned(),
    }
}
