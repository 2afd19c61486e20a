//! How far long work is, on stderr: on a terminal one line that is rewritten, else a line now and then.

use std::io::IsTerminal as _;
use std::time::Duration;

use super::out;
use crate::clock::Clock;

/// How often a terminal's line is rewritten: often enough to see it move.
const REWRITE_EVERY: Duration = Duration::from_millis(250);
/// How often a line is added where there is no terminal: a night's log stays short.
const ADD_EVERY: Duration = Duration::from_secs(30);
/// Wider than any line, so that a shorter one leaves nothing of the one before.
const WIDTH: usize = 78;

/// How far one piece of work is.
pub struct Progress {
    clock: Clock,
    unit: &'static str,
    of: u64,
    began: Duration,
    told: Duration,
    on_terminal: bool,
    is_shown: bool,
}

impl Progress {
    /// Begins to count `of` units, such as rows.
    pub fn begin(clock: &Clock, unit: &'static str, of: u64) -> Self {
        let now = since_boot(clock);
        let on_terminal = std::io::stderr().is_terminal();
        Self { clock: clock.clone(), unit, of, began: now, told: now, on_terminal, is_shown: false }
    }

    /// So many are done.
    pub fn at(&mut self, done: u64) {
        let now = since_boot(&self.clock);
        let every = if self.on_terminal { REWRITE_EVERY } else { ADD_EVERY };
        if now.saturating_sub(self.told) < every {
            return;
        }
        self.told = now;
        let line = line(self.unit, done, self.of, now.saturating_sub(self.began));
        if self.on_terminal {
            self.is_shown = true;
            out::same_line(format_args!("{line:<WIDTH$}"));
        } else {
            out::tell(line);
        }
    }

    /// Ends; how long it took.
    pub fn end(self) -> Duration {
        if self.is_shown {
            out::same_line(format_args!("{:WIDTH$}\r", ""));
        }
        since_boot(&self.clock).saturating_sub(self.began)
    }
}

fn since_boot(clock: &Clock) -> Duration {
    Duration::from_micros(u64::try_from(clock.read().boot_us).unwrap_or(0))
}

fn line(unit: &str, done: u64, of: u64, took: Duration) -> String {
    let per_cent = done.saturating_mul(100).checked_div(of).unwrap_or(100).min(100);
    let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
    let a_second = done.saturating_mul(1_000) / took_ms;
    let left = of.saturating_sub(done).saturating_mul(took_ms).checked_div(done).map(|ms| ms.div_ceil(1_000));
    let left =
        left.map_or_else(|| "time left not known yet".to_owned(), |left| format!("{} left", span(left)));
    format!(
        "{per_cent:>3} %, {} of {} {unit}, {} a second, {left}",
        parted(done),
        parted(of),
        parted(a_second)
    )
}

/// `1,234,567`.
pub fn parted(number: u64) -> String {
    let digits = number.to_string();
    let mut parted = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            parted.push(',');
        }
        parted.push(digit);
    }
    parted
}

/// `45 s`, `3 min 5 s`, `2 h 10 min`.
fn span(seconds: u64) -> String {
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_how_fast_and_how_long_still() {
        for (done, of, seconds, told) in [
            (0, 1_000_000, 1, "  0 %, 0 of 1,000,000 rows, 0 a second, time left not known yet"),
            (250_000, 1_000_000, 10, " 25 %, 250,000 of 1,000,000 rows, 25,000 a second, 30 s left"),
            (1, 1_000, 10, "  0 %, 1 of 1,000 rows, 0 a second, 2 h 46 min left"),
            (900, 1_000, 900, " 90 %, 900 of 1,000 rows, 1 a second, 1 min 40 s left"),
            (0, 0, 0, "100 %, 0 of 0 rows, 0 a second, time left not known yet"),
        ] {
            assert_eq!(line("rows", done, of, Duration::from_secs(seconds)), told);
        }
    }
}
