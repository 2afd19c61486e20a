//! The line to a scanner that is being configured: one question at a time.

use std::time::Duration;

use super::{Answer, CannotConfigure, Done, answer, receipt};
use crate::scan::device::{self, Address, Device, Heard, LostWhy};
use crate::scan::profile::{self, Language, Profile};

/// Longest silence before an answer counts as not coming. Scanners answer in tens of milliseconds, and those that write
/// their permanent memory in under a second.
pub const ANSWER_MOST: Duration = Duration::from_secs(2);
/// Silence before closing, in which the last receipt leaves: its six bytes take 6 ms at 9600 baud, and closing throws away
/// what has not left.
const LAST_WORD: Duration = Duration::from_millis(100);
/// Most bytes of an answer, reads that come meanwhile included; a line that says more says no answer.
const ANSWER_MOST_BYTES: usize = 4_096;
/// Most bytes taken in one read.
const READ_BYTES: usize = 512;

/// An open scanner.
pub struct Link {
    device: Device,
    lost: Option<LostWhy>,
}

impl Link {
    /// Opens it for this program alone.
    ///
    /// # Errors
    /// Says why it cannot be opened; in use by the service is one reason.
    pub fn open(address: &Address, profile: &Profile) -> Result<Self, CannotConfigure> {
        if !matches!(profile.link, profile::Link::Serial | profile::Link::Ssi) {
            return Err(CannotConfigure::NoSerialLink);
        }
        let device::Opened { mut device, .. } =
            device::open(address, profile).map_err(CannotConfigure::Lost)?;
        device.wait_at_most(ANSWER_MOST).map_err(CannotConfigure::Lost)?;
        Ok(Self { device, lost: None })
    }

    /// Closes it, once all has been said.
    pub fn close(mut self) {
        let mut buffer = [0; READ_BYTES];
        let mut is_open = self.device.wait_at_most(LAST_WORD).is_ok() && !self.is_lost();
        while is_open {
            is_open = matches!(self.device.hear(&mut buffer), Heard::Bytes(_) | Heard::Again);
        }
        self.device.close();
    }

    /// Whether the scanner went away.
    pub fn is_lost(&self) -> bool {
        self.lost.is_some()
    }

    /// Says something and waits for the answer's value.
    pub(super) fn ask(&mut self, language: Language, bytes: Option<&[u8]>) -> Result<String, Done> {
        // A step that its language cannot say was refused when its profile was read.
        let bytes = bytes.ok_or(Done::NotAsked)?;
        self.tell(bytes)?;
        match self.listen(language)? {
            Answer::Taken(value) => {
                if let Some(receipt) = receipt(language).filter(|_| !value.is_empty()) {
                    self.tell(&receipt)?;
                }
                Ok(value)
            }
            Answer::Unknown => Err(Done::Unknown),
            Answer::Refused => Err(Done::Refused),
        }
    }

    fn tell(&mut self, bytes: &[u8]) -> Result<(), Done> {
        self.device.tell(bytes).map_err(|error| {
            self.lost = Some(device::lost(&error));
            Done::NotAsked
        })
    }

    fn listen(&mut self, language: Language) -> Result<Answer, Done> {
        let mut heard = Vec::new();
        let mut buffer = [0; READ_BYTES];
        while heard.len() < ANSWER_MOST_BYTES {
            match self.device.hear(&mut buffer) {
                Heard::Bytes(count) => heard.extend_from_slice(buffer.get(..count).unwrap_or(&buffer)),
                Heard::Again => {}
                Heard::Quiet => break,
                Heard::Lost(why) => {
                    self.lost = Some(why);
                    break;
                }
            }
            if let Some(answer) = answer(language, &heard) {
                return Ok(answer);
            }
        }
        Err(if heard.is_empty() { Done::Silent } else { Done::Half })
    }
}
