//! What of a session outlives a restart: one small value, changed only by recorded scans.
//!
//! Stored form, at most [`MAX_SESSION_CHANGE`](crate::domain::command::MAX_SESSION_CHANGE) bytes: a byte for the mode
//! (its highest bit is the fourth of the next-scan card); a byte of flags (bits 0–2 the next-scan card, bits 3–4 the
//! list, bit 5 a stop stands, bits 6–7 cards with exactly one folder); then the key of the place of the mode, the list or
//! the card as a varint, if there is one. A list is open only while nothing else is, and so is the question whether a room
//! was swept whole: one place is enough.

use crate::clock::{MINUTE_US, SECOND_US};
use crate::domain::PlaceId;
use crate::domain::answer::{Answer, put_varint, take_varint};
use crate::domain::refusal::Reason;

/// An act without a scan for so long has ended.
pub const ACT_IDLE_US: i64 = 120 * SECOND_US;
/// FILE, PACK and SWEEP wait longer: shelves are far apart.
pub const LONG_IDLE_US: i64 = 15 * MINUTE_US;
/// WHERE, LABEL, MISSING and TAKE-OUT wait so long for their scan.
pub const ASK_IDLE_US: i64 = 15 * SECOND_US;

/// What the next folder will do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mode {
    /// Nothing is open: it is received.
    #[default]
    Idle,
    /// RECEIVE: it is received.
    Receive,
    /// It is sent there.
    Send(PlaceId),
    /// It is filed, on that shelf if one was scanned.
    File(Option<PlaceId>),
    /// PACK waits for its container.
    PackAsk,
    /// It is packed into that.
    Pack(PlaceId),
    /// SWEEP waits for its place.
    SweepAsk,
    /// It is seen there.
    Sweep(PlaceId),
    /// An act ended unheard: the next folder is refused once.
    Ended(Finished),
}

/// An act that ended without anybody hearing it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Finished {
    /// Sending there.
    Send(PlaceId),
    /// Filing.
    File,
    /// Packing into that.
    Pack(Option<PlaceId>),
    /// Sweeping that.
    Sweep(Option<PlaceId>),
}

/// A card that is about the next scan only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arm {
    /// It only asks.
    Where,
    /// It is taken out of the batch or the list.
    TakeOut,
    /// The container is emptied.
    Empty,
    /// The right card is scanned.
    WrongCard,
    /// A folder's label is printed again.
    Label,
    /// A search for it is opened.
    Missing,
    /// COMBINE waits for the temporary folder.
    Combine,
    /// … and for the original.
    Original,
    /// OK says that the room was swept whole; any other scan is as it would be.
    Whole(PlaceId),
}

impl Arm {
    /// Every card without a place, in the order of the stored numbers, which begin with 1.
    const ALL: [Self; 8] = [
        Self::Where,
        Self::TakeOut,
        Self::Empty,
        Self::WrongCard,
        Self::Label,
        Self::Missing,
        Self::Combine,
        Self::Original,
    ];

    /// The number of the one that has a place.
    const WHOLE: u8 = 9;

    fn stored(arm: Option<Self>) -> u8 {
        if matches!(arm, Some(Self::Whole(_))) {
            return Self::WHOLE;
        }
        let at = arm.and_then(|arm| Self::ALL.iter().position(|known| *known == arm));
        at.and_then(|at| u8::try_from(at + 1).ok()).unwrap_or(0)
    }

    /// `None`: it is no card's number.
    fn from_stored(number: u8, place: Option<PlaceId>) -> Option<Self> {
        if number == Self::WHOLE {
            return place.map(Self::Whole);
        }
        Self::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }
}

/// The bit of the mode's byte that is the fourth of the next-scan card's number.
const ARM_HIGH: u8 = 0x80;

/// The list of ALL.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum List {
    /// It waits for the place card.
    Gathered,
    /// It waits for OK.
    To(PlaceId),
}

/// Whether a stop waits for its way out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Stopping {
    /// None stands.
    #[default]
    Free,
    /// One stands.
    Standing,
}

/// See the module.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct State {
    /// What the next folder will do.
    pub mode: Mode,
    /// What the next scan will do instead.
    pub arm: Option<Arm>,
    /// A list that is open.
    pub list: Option<List>,
    /// Place cards in a row with exactly one folder after each, 3 at most.
    pub ones: u8,
    /// Whether a stop stands.
    pub stopping: Stopping,
}

impl State {
    /// The state once a card has opened `mode`: nothing else is open.
    #[must_use]
    pub const fn opened(mode: Mode) -> Self {
        Self { mode, arm: None, list: None, ones: 0, stopping: Stopping::Free }
    }

    /// The same without a next-scan card.
    #[must_use]
    pub const fn disarmed(self) -> Self {
        Self { arm: None, ..self }
    }

    /// The same with a next-scan card.
    #[must_use]
    pub const fn armed(self, arm: Arm) -> Self {
        Self { arm: Some(arm), ..self }
    }

    /// The same with a list.
    #[must_use]
    pub const fn listing(self, list: Option<List>) -> Self {
        Self { list, ..self }
    }

    /// The same without a stop.
    #[must_use]
    pub const fn free(self) -> Self {
        Self { stopping: Stopping::Free, ..self }
    }

    /// What of the state has lapsed after `idle_us` without a scan, and what of it is heard at once.
    pub fn lapsed(self, idle_us: i64) -> (Self, Option<Answer>) {
        let mut after = self;
        let mut heard = None;
        let arm_idle = match self.arm {
            Some(Arm::Where | Arm::TakeOut | Arm::Label | Arm::Missing) => ASK_IDLE_US,
            Some(Arm::Empty | Arm::WrongCard | Arm::Combine | Arm::Original | Arm::Whole(_)) | None => {
                ACT_IDLE_US
            }
        };
        if self.arm.is_some() && idle_us > arm_idle {
            after.arm = None;
            let asks = !matches!(self.arm, Some(Arm::Whole(_)));
            heard = asks.then(|| Answer::new(Reason::AskLapsed));
        }
        if self.list.is_some() && idle_us > ACT_IDLE_US {
            after.list = None;
            heard = Some(Answer::new(Reason::ListDropped));
        }
        (Self { mode: self.mode.after(idle_us), ..after }, heard)
    }

    /// The stored form.
    pub fn encode(self) -> Vec<u8> {
        let (mode, place) = self.mode.stored();
        let (list, place) = match self.list {
            None => (0, place),
            Some(List::Gathered) => (1, place),
            Some(List::To(to)) => (2, Some(to)),
        };
        let arm = Arm::stored(self.arm);
        let mode = if arm > 7 { mode | ARM_HIGH } else { mode };
        let place = if let Some(Arm::Whole(room)) = self.arm { Some(room) } else { place };
        let stop = u8::from(self.stopping == Stopping::Standing);
        let mut bytes = vec![mode, arm & 7 | list << 3 | stop << 5 | self.ones.min(3) << 6];
        if let Some(place) = place {
            put_varint(&mut bytes, place.key().cast_unsigned());
        }
        bytes
    }

    /// Reads the stored form; `None` if it is not one.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (&[mode, flags], mut rest) = bytes.split_first_chunk::<2>()?;
        let place =
            if rest.is_empty() { None } else { Some(PlaceId::new(take_varint(&mut rest)?.cast_signed())) };
        let list = match flags >> 3 & 3 {
            0 => None,
            1 => Some(List::Gathered),
            _ => Some(List::To(place?)),
        };
        let arm = match flags & 7 | if mode & ARM_HIGH == 0 { 0 } else { 8 } {
            0 => None,
            number => Some(Arm::from_stored(number, place)?),
        };
        let stopping = if flags & 0x20 == 0 { Stopping::Free } else { Stopping::Standing };
        Some(Self {
            mode: Mode::from_stored(mode & !ARM_HIGH, place)?,
            arm,
            list,
            ones: flags >> 6,
            stopping,
        })
    }
}

impl Mode {
    fn after(self, idle_us: i64) -> Self {
        match self {
            Self::Receive if idle_us > ACT_IDLE_US => Self::Idle,
            Self::Send(to) if idle_us > ACT_IDLE_US => Self::Ended(Finished::Send(to)),
            Self::File(_) | Self::PackAsk | Self::Pack(_) | Self::SweepAsk | Self::Sweep(_)
                if idle_us > LONG_IDLE_US =>
            {
                self.ended()
            }
            Self::Idle
            | Self::Receive
            | Self::Send(_)
            | Self::File(_)
            | Self::PackAsk
            | Self::Pack(_)
            | Self::SweepAsk
            | Self::Sweep(_)
            | Self::Ended(_) => self,
        }
    }

    /// What is left of it when it ends unheard.
    #[must_use]
    pub const fn ended(self) -> Self {
        match self {
            Self::Idle | Self::Receive => Self::Idle,
            Self::Send(to) => Self::Ended(Finished::Send(to)),
            Self::File(_) => Self::Ended(Finished::File),
            Self::PackAsk => Self::Ended(Finished::Pack(None)),
            Self::Pack(container) => Self::Ended(Finished::Pack(Some(container))),
            Self::SweepAsk => Self::Ended(Finished::Sweep(None)),
            Self::Sweep(place) => Self::Ended(Finished::Sweep(Some(place))),
            Self::Ended(finished) => Self::Ended(finished),
        }
    }

    /// Whether a folder scanned now is received with nothing else to happen to it.
    pub const fn receives(self) -> bool {
        matches!(self, Self::Idle | Self::Receive)
    }

    const fn stored(self) -> (u8, Option<PlaceId>) {
        match self {
            Self::Idle => (0, None),
            Self::Receive => (1, None),
            Self::Send(to) => (2, Some(to)),
            Self::File(shelf) => (3, shelf),
            Self::PackAsk => (4, None),
            Self::Pack(container) => (5, Some(container)),
            Self::Ended(Finished::Send(to)) => (6, Some(to)),
            Self::Ended(Finished::File) => (7, None),
            Self::Ended(Finished::Pack(container)) => (8, container),
            Self::SweepAsk => (20, None),
            Self::Sweep(place) => (21, Some(place)),
            Self::Ended(Finished::Sweep(place)) => (22, place),
        }
    }

    const fn from_stored(number: u8, place: Option<PlaceId>) -> Option<Self> {
        Some(match (number, place) {
            (0, _) => Self::Idle,
            (1, _) => Self::Receive,
            (2, Some(to)) => Self::Send(to),
            (3, shelf) => Self::File(shelf),
            (4, _) => Self::PackAsk,
            (5, Some(container)) => Self::Pack(container),
            (6, Some(to)) => Self::Ended(Finished::Send(to)),
            (7, _) => Self::Ended(Finished::File),
            (8, container) => Self::Ended(Finished::Pack(container)),
            (20, _) => Self::SweepAsk,
            (21, Some(place)) => Self::Sweep(place),
            (22, place) => Self::Ended(Finished::Sweep(place)),
            _ => return None,
        })
    }
}

impl Finished {
    /// What the folder that comes too late is answered.
    pub fn answer(self) -> Answer {
        match self {
            Self::Send(to) => Answer::new(Reason::ActEnded).at(to),
            Self::File => Answer::new(Reason::FilingEnded),
            Self::Pack(container) => Answer { place: container, ..Answer::new(Reason::PackingEnded) },
            Self::Sweep(place) => Answer { place, ..Answer::new(Reason::SweepStopped) },
        }
    }
}
