//! Time enters the program here and nowhere else.
//!
//! Everything below takes `now` as an argument. Inside the program a time is a [`Timestamp`]: integer
//! microseconds since 1970-01-01T00:00:00Z. Local time exists only in views and on labels.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Microseconds in a second.
pub const SECOND_US: i64 = 1_000_000;
/// Microseconds in a minute.
pub const MINUTE_US: i64 = 60 * SECOND_US;
/// Microseconds in a day of 24 hours.
pub const DAY_US: i64 = 24 * 60 * MINUTE_US;

/// A point in time: microseconds since 1970-01-01T00:00:00Z, UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The epoch, 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// Makes a timestamp from microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This time moved by `micros` (negative: earlier), held at the ends of the range.
    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Microseconds from `earlier` to this time; negative if `earlier` is later.
    pub const fn micros_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The calendar's view of this time; times outside jiff's range are held at its ends.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }

    /// Takes a calendar time, cut to whole microseconds.
    pub fn from_jiff(at: jiff::Timestamp) -> Self {
        Self(at.as_microsecond())
    }

    /// When a day begins in a time zone, also where its first hour is left out.
    pub fn beginning_of(day: Date, zone: &TimeZone) -> Self {
        let begins = zone.to_ambiguous_timestamp(day.to_datetime(Time::midnight())).compatible();
        begins.map_or(Self::EPOCH, Self::from_jiff)
    }
}

/// RFC 3339 in UTC, e.g. `2026-11-23T14:00:00.000001Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_jiff())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_jiff())
    }
}

/// Reads RFC 3339 with any offset.
impl std::str::FromStr for Timestamp {
    type Err = jiff::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from_jiff(text.parse()?))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// When a day begins in a time zone; `None` outside the calendar's range.
pub fn day_start(day: jiff::civil::Date, zone: &jiff::tz::TimeZone) -> Option<Timestamp> {
    Some(Timestamp::from_jiff(day.to_zoned_datetime(zone.clone()).ok()?.timestamp()))
}

/// One look at both clocks of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The wall clock; may jump when somebody sets it.
    pub wall: Timestamp,
    /// Microseconds since boot, time asleep included; never runs back within one boot.
    pub boot_us: i64,
}

/// The machine's clocks, or a test's.
#[derive(Clone)]
pub struct Clock(Arc<dyn Source>);

trait Source: Send + Sync {
    fn read(&self) -> Reading;
}

impl Clock {
    /// The clocks of this machine.
    pub fn system() -> Self {
        Self(Arc::new(System))
    }

    /// A clock that stands still until its [`ManualClock`] moves it.
    pub fn manual(start: Timestamp) -> (Self, ManualClock) {
        let hands = Arc::new(Hands { wall: AtomicI64::new(start.micros()), boot: AtomicI64::new(0) });
        (Self(hands.clone()), ManualClock(hands))
    }

    /// Both clocks, read together.
    pub fn read(&self) -> Reading {
        self.0.read()
    }

    /// The wall clock.
    pub fn now(&self) -> Timestamp {
        self.0.read().wall
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

struct System;

impl Source for System {
    fn read(&self) -> Reading {
        let boot = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
        let wall = Timestamp::from_jiff(jiff::Timestamp::now());
        Reading { wall, boot_us: boot.tv_sec.saturating_mul(SECOND_US).saturating_add(boot.tv_nsec / 1_000) }
    }
}

struct Hands {
    wall: AtomicI64,
    boot: AtomicI64,
}

impl Source for Hands {
    fn read(&self) -> Reading {
        Reading {
            wall: Timestamp::from_micros(self.wall.load(Ordering::SeqCst)),
            boot_us: self.boot.load(Ordering::SeqCst),
        }
    }
}

/// The hands of a clock made by [`Clock::manual`].
#[derive(Clone)]
pub struct ManualClock(Arc<Hands>);

impl ManualClock {
    /// Lets `by` pass on both clocks.
    pub fn advance(&self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.0.wall.fetch_add(micros, Ordering::SeqCst);
        self.0.boot.fetch_add(micros, Ordering::SeqCst);
    }

    /// Sets the wall clock alone, as a person or a time server would.
    pub fn set_wall(&self, to: Timestamp) {
        self.0.wall.store(to.micros(), Ordering::SeqCst);
    }
}

/// A wall clock that does not run back within one boot: an anchor taken once, moved by the boot clock.
///
/// The anchor is taken again only when the wall clock is ahead of it, so that a time server may correct forwards.
#[derive(Clone, Copy, Debug)]
pub struct Anchor {
    wall: Timestamp,
    boot_us: i64,
}

impl Anchor {
    /// Takes the anchor.
    pub fn new(reading: Reading) -> Self {
        Self { wall: reading.wall, boot_us: reading.boot_us }
    }

    /// The anchored time at `reading`; never earlier than at an earlier reading.
    pub fn at(&mut self, reading: Reading) -> Timestamp {
        let anchored = self.wall.plus_micros(reading.boot_us.saturating_sub(self.boot_us));
        if reading.wall > anchored {
            *self = Self::new(reading);
            return reading.wall;
        }
        anchored
    }
}

/// Names this boot of the machine; `None` where the system tells none.
pub fn boot_id() -> Option<uuid::Uuid> {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().parse().ok()
}

/// Blocks this thread. For threads of devices and tests only: a task waits with `tokio::time`.
pub fn pause(duration: Duration) {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that sleeps")]
    std::thread::sleep(duration);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchored_clock_never_runs_back() {
        let (clock, hands) = Clock::manual(Timestamp::from_micros(1_000_000));
        let mut anchor = Anchor::new(clock.read());
        hands.advance(Duration::from_secs(5));
        let before = anchor.at(clock.read());
        hands.set_wall(Timestamp::EPOCH);
        hands.advance(Duration::from_secs(1));
        let after = anchor.at(clock.read());
        assert_eq!(after.micros_since(before), SECOND_US);
    }
}
