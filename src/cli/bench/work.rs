//! What the desks do, and when: the same for the product and for the bare writer.

use uuid::Uuid;

use super::lines::Way;
use crate::clock::{Clock, SECOND_US};
use crate::domain::casenote::LabelText;
use crate::domain::place::Code;
use crate::sim::hospital;
use crate::sim::random::Random;

/// Folders are taken in steps of this prime, so that no folder comes twice before all others have come.
const STRIDE: u64 = 7_368_787;

/// A scan that will happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Planned {
    /// When, in microseconds from the start.
    pub at_us: i64,
    /// At which desk.
    pub desk: usize,
}

/// Every desk scans so many times a second, each in its own rhythm: evenly, with a jitter of half an interval.
pub fn plan(seed: u64, desks: usize, a_second: i64, seconds: i64) -> Vec<Planned> {
    let mut random = Random::new(seed);
    let every = SECOND_US / a_second.max(1);
    let mut plan = Vec::new();
    for desk in 0..desks {
        let phase = random.between(0, every - 1);
        for turn in 0..a_second * seconds {
            let jitter = random.between(-every / 4, every / 4);
            plan.push(Planned { at_us: (turn * every + phase + jitter).max(0), desk });
        }
    }
    plan.sort_unstable_by_key(|planned| planned.at_us);
    plan
}

/// Which folder is scanned next, and how a scan is written.
#[derive(Debug)]
pub struct Work {
    volumes: u64,
    next: u64,
    desks: Vec<Code>,
    random: Random,
    clock: Clock,
}

impl Work {
    /// Work of `desks` over the first `volumes` folders of the hospital, from folder `first` on.
    pub fn new(volumes: u64, first: u64, desks: Vec<Code>, clock: Clock) -> Self {
        Self { volumes, next: first, desks, random: Random::new(first ^ volumes), clock }
    }

    /// The label of the next folder.
    pub fn label(&mut self) -> LabelText {
        self.next += 1;
        self.label_at(self.next)
    }

    /// The labels of the next `count` folders.
    pub fn upcoming(&self, count: usize) -> Vec<String> {
        (self.next + 1..).take(count).map(|number| self.label_at(number).to_string()).collect()
    }

    fn label_at(&self, number: u64) -> LabelText {
        hospital::label(number.wrapping_mul(STRIDE) % self.volumes.max(1))
    }

    /// The id of a scan that happens now.
    pub fn id(&mut self) -> Uuid {
        self.random.uuid(self.clock.now())
    }

    /// The next scan at `desk`, as bytes.
    pub fn scan(&mut self, desk: usize, way: Way) -> Vec<u8> {
        let label = self.label();
        match way {
            Way::Pty => format!("{label}\r").into_bytes(),
            Way::Http => {
                let body = format!("{{\"id\":\"{}\",\"code\":\"{label}\",\"entry\":\"scanned\"}}", self.id());
                let desk = self.desks.get(desk).map(Code::as_str).unwrap_or_default();
                let length = body.len();
                format!(
                    "POST /api/v1/desks/{desk}/scans HTTP/1.1\r\nHost: 127.0.0.1\r\n\
                     Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
                )
                .into_bytes()
            }
        }
    }

    /// A question where the next folder is.
    pub fn lookup(&mut self) -> Vec<u8> {
        get(&format!("/api/v1/volumes/{}", self.label()))
    }
}

/// A request for `path`.
pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_in_order_and_gives_every_desk_its_scans() {
        let plan = plan(7, 5, 2, 10);
        assert!(plan.is_sorted_by_key(|planned| planned.at_us));
        assert!((0..5).all(|desk| plan.iter().filter(|planned| planned.desk == desk).count() == 20));
    }

    #[test]
    fn no_folder_comes_twice_before_all_have_come() {
        let mut work = Work::new(1_000, 0, Vec::new(), Clock::system());
        let upcoming = work.upcoming(1);
        assert_eq!(upcoming, [work.label().to_string()]);
        let labels: std::collections::HashSet<_> = (0..1_000).map(|_| work.label().to_string()).collect();
        assert_eq!(labels.len(), 1_000);
    }
}
