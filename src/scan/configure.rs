//! A profile's settings, sent to a scanner over its two-way link and read back one by one.
//!
//! ```text
//! question → value before ─ as wanted → nothing is sent
//!                         └ otherwise → command → question → value after
//! ```
//!
//! Nothing is sent that the profile does not name, and nothing whose value the scanner does not tell: what cannot be
//! read back is not changed. The words of each language are pure; only [`Link`] opens a device.

mod honeywell;
mod link;
mod newland;
mod ssi;

#[cfg(test)]
mod tests;

pub use link::{ANSWER_MOST, Link};

use crate::scan::device::LostWhy;
use crate::scan::feedback::Evidence;
use crate::scan::profile::{Language, Need, Program, SerialStep};

/// How long a setting lasts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Keep {
    /// Until the scanner loses its power: its permanent memory wears with each writing.
    UntilOff,
    /// For good.
    ForGood,
}

/// Whether settings are sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Run {
    /// They are.
    Real,
    /// Only the questions are: it is shown what would change.
    Dry,
}

/// What becomes of settings that nobody has confirmed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Unverified {
    /// They are left out, and said to be.
    Skip,
    /// They are sent.
    Send,
}

/// What is wanted of a run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Wanted {
    /// How long settings last.
    pub keep: Keep,
    /// Whether they are sent.
    pub run: Run,
    /// What becomes of those that nobody has confirmed.
    pub unverified: Unverified,
}

/// What a scanner answers to a command or a question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// Taken; of a question, with the present value.
    Taken(String),
    /// It does not know the setting.
    Unknown,
    /// It does not take the value.
    Refused,
}

/// What came of one setting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Done {
    /// It was so before; nothing was sent.
    Already,
    /// It would be sent.
    Would,
    /// It was sent and reads back as wanted.
    Confirmed,
    /// It was sent and reads back otherwise.
    NotConfirmed,
    /// The scanner does not know it.
    Unknown,
    /// The scanner does not take it.
    Refused,
    /// Half an answer came.
    Half,
    /// No answer came.
    Silent,
    /// It was left out: nobody has confirmed it.
    Skipped,
    /// It was not asked for: the scanner had not answered, or was gone.
    NotAsked,
}

impl Done {
    /// The name in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Already => "already",
            Self::Would => "would-change",
            Self::Confirmed => "confirmed",
            Self::NotConfirmed => "not-confirmed",
            Self::Unknown => "unknown",
            Self::Refused => "refused",
            Self::Half => "half-answer",
            Self::Silent => "silent",
            Self::Skipped => "skipped",
            Self::NotAsked => "not-asked",
        }
    }

    /// What a technician reads.
    pub const fn says(&self) -> &'static str {
        match self {
            Self::Already => "was so already",
            Self::Would => "would be set",
            Self::Confirmed => "set, and read back",
            Self::NotConfirmed => "SENT, BUT IT READS BACK OTHERWISE",
            Self::Unknown => "NOT SET: this scanner does not know it",
            Self::Refused => "NOT SET: this scanner does not take it",
            Self::Half => "NOT CONFIRMED: half an answer came",
            Self::Silent => "NOT CONFIRMED: no answer came",
            Self::Skipped => "left out: nobody has confirmed it",
            Self::NotAsked => "not asked",
        }
    }

    /// Whether a scanner that needs the setting can do without more.
    pub const fn is_well(&self) -> bool {
        matches!(self, Self::Already | Self::Would | Self::Confirmed)
    }
}

/// One setting, before and after.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// What is set, in few words.
    pub title: String,
    /// The command, without its frame.
    pub send: String,
    /// Its value before, as the scanner tells it.
    pub before: Option<String>,
    /// Its value after; the wanted one in a dry run.
    pub after: Option<String>,
    /// What came of it.
    pub done: Done,
    /// Whether the scanner is of no use without.
    pub need: Need,
    /// How the command is known.
    pub evidence: Evidence,
}

/// Why nothing can be configured.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CannotConfigure {
    /// The profile holds no settings for a two-way link.
    #[error("this profile has no settings that can be sent: print its sheet and scan it")]
    NoSettings,
    /// Nobody has confirmed how this family keeps a setting for good.
    #[error("nobody has confirmed how this family keeps a setting for good: leave --permanent out")]
    NotForGood,
    /// Keyboards take nothing, and the answers of HID-POS scanners are not understood.
    #[error("settings are sent over a serial link only: set the scanner to USB serial by its sheet first")]
    NoSerialLink,
    /// The device cannot be opened, or is gone.
    #[error("{0}")]
    Lost(LostWhy),
}

/// Sends the settings of a program, in its order; `tell` is given each as it is done.
///
/// # Errors
/// Before anything is sent. A device that goes away later leaves the rest [`Done::NotAsked`].
pub fn configure(
    link: &mut Link,
    program: &Program,
    wanted: Wanted,
    mut tell: impl FnMut(&Change),
) -> Result<Vec<Change>, CannotConfigure> {
    let language = language_of(program, wanted.keep)?;
    let mut changes = Vec::new();
    let mut answers = true;
    for step in &program.serial {
        let change = if step.evidence == Evidence::Unverified && wanted.unverified == Unverified::Skip {
            change_of(step, Done::Skipped)
        } else if answers {
            Setting { link, language, step }.settle(wanted)
        } else {
            change_of(step, Done::NotAsked)
        };
        // A scanner that is silent once is silent for good: it is another one, or its line goes one way.
        answers &= change.done != Done::Silent && !link.is_lost();
        tell(&change);
        changes.push(change);
    }
    Ok(changes)
}

/// The language of a program that can be sent and kept so long.
///
/// # Errors
/// When it has no settings, or they cannot be kept for good.
pub fn language_of(program: &Program, keep: Keep) -> Result<Language, CannotConfigure> {
    match (program.language, keep) {
        (None, _) => Err(CannotConfigure::NoSettings),
        (Some(Language::Ssi), Keep::ForGood) => Err(CannotConfigure::NotForGood),
        (Some(language), _) => Ok(language),
    }
}

fn change_of(step: &SerialStep, done: Done) -> Change {
    Change {
        title: step.title.clone(),
        send: step.send.clone(),
        before: None,
        after: None,
        done,
        need: step.need,
        evidence: step.evidence,
    }
}

struct Setting<'a> {
    link: &'a mut Link,
    language: Language,
    step: &'a SerialStep,
}

impl Setting<'_> {
    fn settle(mut self, wanted: Wanted) -> Change {
        let change = |done| change_of(self.step, done);
        let before = match self.ask() {
            Ok(value) => value,
            Err(done) => return change(done),
        };
        let change =
            |done, after| Change { before: Some(before.clone()), after, ..change_of(self.step, done) };
        if self.is_wanted(&before) {
            return change(Done::Already, Some(before.clone()));
        }
        if wanted.run == Run::Dry {
            return change(Done::Would, Some(self.step.expect.clone()));
        }
        let command = command(self.language, self.step, wanted.keep);
        if let Err(done) = self.link.ask(self.language, command.as_deref()) {
            return change(done, None);
        }
        match self.ask() {
            Ok(after) if self.is_wanted(&after) => change(Done::Confirmed, Some(after)),
            Ok(after) => change(Done::NotConfirmed, Some(after)),
            Err(done) => change(done, None),
        }
    }

    fn ask(&mut self) -> Result<String, Done> {
        self.link.ask(self.language, question(self.language, self.step).as_deref())
    }

    fn is_wanted(&self, value: &str) -> bool {
        match self.language {
            Language::Honeywell | Language::Newland => {
                value.to_ascii_uppercase().contains(&self.step.expect.to_ascii_uppercase())
            }
            Language::Ssi => value == format!("{}={}", self.step.query, self.step.expect),
        }
    }
}

/// The bytes that set it; nothing where the step is not written in its language.
fn command(language: Language, step: &SerialStep, keep: Keep) -> Option<Vec<u8>> {
    match language {
        Language::Honeywell => Some(honeywell::command(&step.send, keep)),
        Language::Newland => Some(newland::command(&step.send, keep)),
        Language::Ssi => step.ssi_parameter().and_then(|(number, value)| ssi::command(number, value)),
    }
}

/// The bytes that ask for it.
fn question(language: Language, step: &SerialStep) -> Option<Vec<u8>> {
    match language {
        Language::Honeywell => Some(honeywell::command(&step.query, Keep::UntilOff)),
        Language::Newland => Some(newland::command(&step.query, Keep::UntilOff)),
        Language::Ssi => step.query.parse().ok().and_then(ssi::question),
    }
}

/// What is owed to a scanner once it has told a value.
fn receipt(language: Language) -> Option<Vec<u8>> {
    match language {
        Language::Honeywell | Language::Newland => None,
        Language::Ssi => Some(ssi::receipt()),
    }
}

/// The answer in what was heard so far; nothing while it is not whole.
fn answer(language: Language, heard: &[u8]) -> Option<Answer> {
    match language {
        Language::Honeywell => honeywell::answer(heard),
        Language::Newland => newland::answer(heard),
        Language::Ssi => ssi::answer(heard),
    }
}
