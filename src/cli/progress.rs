//! How far long work is, on stderr: its rate and what is left. On a terminal one line that is written over, else a line
//! now and then, so that a log of a night's work stays short.

use std::fmt::Display;
use std::io::IsTerminal as _;
use std::time::Duration;

use super::out;
use crate::clock::{Clock, SECOND_US};
use crate::web::figures::number;

/// A terminal's line is written over so often: what changes faster cannot be read.
const ON_TERMINAL_US: i64 = SECOND_US / 5;
/// A line is written so often where nobody looks on.
const ELSEWHERE_US: i64 = 30 * SECOND_US;

/// What was done of how much.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Done {
    /// What the rate counts.
    pub count: u64,
    /// How much of the whole is done, in whatever unit tells best how long the rest takes.
    pub part: u64,
    /// The whole, in that unit; 0: nobody knows.
    pub whole: u64,
}

/// How far one piece of work is.
#[derive(Debug)]
pub struct Progress {
    what: &'static str,
    whole: u64,
    clock: Clock,
    began_us: i64,
    told_us: i64,
    on_terminal: bool,
    written: usize,
}

impl Progress {
    /// Begins to count `what`: movements, rows.
    pub fn begin(what: &'static str) -> Self {
        Self::begin_of(what, 0)
    }

    /// The same, of which there are `whole`.
    pub fn begin_of(what: &'static str, whole: u64) -> Self {
        let clock = Clock::system();
        let began_us = clock.read().boot_us;
        let on_terminal = std::io::stderr().is_terminal();
        Self { what, whole, clock, began_us, told_us: began_us, on_terminal, written: 0 }
    }

    /// Tells how far it is, if it was not told a moment ago.
    pub fn show(&mut self, done: Done) {
        let now_us = self.clock.read().boot_us;
        let every_us = if self.on_terminal { ON_TERMINAL_US } else { ELSEWHERE_US };
        if now_us.saturating_sub(self.told_us) < every_us {
            return;
        }
        self.told_us = now_us;
        self.write(line(self.what, done, now_us.saturating_sub(self.began_us)));
    }

    /// So many of the whole are done.
    pub fn at(&mut self, done: u64) {
        self.show(Done { count: done, part: done, whole: self.whole });
    }

    /// Leaves the terminal's line, so that what is said next has one of its own; how long it took.
    pub fn end(&mut self) -> Duration {
        if self.written > 0 && self.on_terminal {
            out::tell("");
        }
        self.written = 0;
        let took_us = self.clock.read().boot_us.saturating_sub(self.began_us);
        Duration::from_micros(u64::try_from(took_us).unwrap_or(0))
    }

    fn write(&mut self, text: impl Display) {
        let text = text.to_string();
        if self.on_terminal {
            // Blanks cover what was longer before.
            out::same_line(format_args!("{text:<width$}", width = self.written));
        } else {
            out::tell(&text);
        }
        self.written = text.chars().count();
    }
}

/// `1,200,000 movements, 210,000 a second, 43 %, 12 s left`.
fn line(what: &str, done: Done, took_us: i64) -> String {
    let took = u128::try_from(took_us.max(1)).unwrap_or(1);
    let second = u128::try_from(SECOND_US).unwrap_or(1);
    let rate = u128::from(done.count).saturating_mul(second) / took;
    let told = format!("{} {what}, {} a second", number(done.count), number(rate));
    if done.part == 0 || done.whole < done.part {
        return told;
    }
    let (part, whole) = (u128::from(done.part), u128::from(done.whole));
    let left = took.saturating_mul(whole - part) / part / second;
    format!("{told}, {} %, {} left", part * 100 / whole, how_long(left))
}

fn how_long(seconds: u128) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200.. => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_time_left_are_told_as_far_as_they_are_known() {
        let done = |count, part, whole| Done { count, part, whole };
        let table = [
            (done(0, 0, 0), 0, "0 rows, 0 a second"),
            (done(1_200_000, 43, 100), 6, "1,200,000 rows, 200,000 a second, 43 %, 7 s left"),
            (done(5, 5, 5), 1, "5 rows, 5 a second, 100 %, 0 s left"),
            (done(10, 1, 100), 60, "10 rows, 0 a second, 1 %, 99 min left"),
            (done(10, 1, 1_000), 60, "10 rows, 0 a second, 0 %, 16 h 39 min left"),
            (done(7, 3, 2), 1, "7 rows, 7 a second"),
        ];
        for (done, seconds, told) in table {
            assert_eq!(line("rows", done, seconds * SECOND_US), told);
        }
    }
}
