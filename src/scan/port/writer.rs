//! The thread that writes to a device. It alone writes: answers that are owed to the scanner, set-up, feedback.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use tokio::sync::mpsc;

use super::voice::{SetUp, Voice};
use crate::clock::Clock;
use crate::scan::device::Device;
use crate::scan::feedback::Feedback;
use crate::scan::hearing::Verdict;
use crate::scan::ssi::{Done, For};

/// What the writer is asked to do.
pub(super) enum Order {
    Attach(Device),
    /// The sender is dropped when the handle is closed.
    Detach(#[expect(dead_code, reason = "its drop is the answer")] SyncSender<Infallible>),
    Signal(Feedback),
    /// Bytes that the scanner waits for.
    Reply(Vec<u8>),
    /// The scanner has answered.
    Heard(Verdict),
    /// Something was read or refused.
    Read,
}

/// What others may know of a writer.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Signals that never reached the device.
    pub(super) dropped: AtomicU64,
    set_up: AtomicU8,
}

impl Known {
    pub(super) fn new(voice: &Voice) -> Self {
        let known = Self::default();
        known.keep(voice.set_up());
        known
    }

    pub(super) fn set_up(&self) -> SetUp {
        let all = [SetUp::Nothing, SetUp::Taken, SetUp::Sent, SetUp::Open, SetUp::Unanswered];
        let kept = self.set_up.load(Ordering::Relaxed);
        all.into_iter().find(|it| number(*it) == kept).unwrap_or(SetUp::Refused)
    }

    fn keep(&self, set_up: SetUp) {
        self.set_up.store(number(set_up), Ordering::Relaxed);
    }

    fn drop_one(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }
}

fn number(set_up: SetUp) -> u8 {
    match set_up {
        SetUp::Nothing => 0,
        SetUp::Taken => 1,
        SetUp::Sent => 2,
        SetUp::Open => 3,
        SetUp::Unanswered => 4,
        SetUp::Refused => 5,
    }
}

/// Writes to the device that is attached.
pub(super) struct Writer {
    pub(super) voice: Voice,
    pub(super) known: Arc<Known>,
    pub(super) clock: Clock,
    pub(super) outlet: Option<Device>,
}

impl Writer {
    pub(super) fn run(mut self, mut queue: mpsc::Receiver<Order>) {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        loop {
            let order = match self.voice.due_us() {
                None => queue.blocking_recv(),
                Some(due_us) => match receive(&mut queue, &waker, due_us, &self.clock) {
                    Poll::Ready(order) => order,
                    Poll::Pending => {
                        self.write();
                        continue;
                    }
                },
            };
            let Some(order) = order else { return };
            self.take(order);
            self.write();
            self.known.keep(self.voice.set_up());
        }
    }

    fn now_us(&self) -> i64 {
        self.clock.read().boot_us
    }

    fn take(&mut self, order: Order) {
        match order {
            Order::Attach(device) => {
                self.outlet = Some(device);
                self.voice.attach(self.now_us());
            }
            Order::Detach(_) => {
                self.outlet = None;
                self.voice.detach();
            }
            Order::Signal(feedback) => {
                let is_open = self.outlet.is_some() || !self.voice.has(feedback);
                if !(is_open && self.voice.signal(feedback)) {
                    self.known.drop_one();
                }
            }
            Order::Reply(bytes) => {
                self.voice.is_awake(self.now_us());
                // Where it fails the scanner sends again, or is gone.
                let _ = self.tell(&bytes);
            }
            Order::Heard(verdict) => {
                let done = self.voice.hear(verdict, self.now_us());
                self.count(done);
            }
            Order::Read => self.voice.reads(self.now_us()),
        }
    }

    /// Writes what is due.
    fn write(&mut self) {
        let mut done = Vec::new();
        while let Some(written) = self.voice.next(self.now_us(), &mut done) {
            if !self.tell(&written.bytes) && written.purpose == Some(For::Signal) {
                self.known.drop_one();
            }
        }
        done.into_iter().for_each(|done| self.count(Some(done)));
        self.known.keep(self.voice.set_up());
    }

    fn tell(&mut self, bytes: &[u8]) -> bool {
        self.outlet.as_mut().is_some_and(|device| device.tell(bytes).is_ok())
    }

    fn count(&self, done: Option<Done>) {
        let Some(Done { purpose: For::Signal, verdict }) = done else { return };
        if verdict != Some(Verdict::Taken) {
            self.known.drop_one();
        }
    }
}

/// The next order; `Pending` where none comes before `due_us`.
fn receive(
    queue: &mut mpsc::Receiver<Order>,
    waker: &Waker,
    due_us: i64,
    clock: &Clock,
) -> Poll<Option<Order>> {
    loop {
        if let Poll::Ready(order) = queue.poll_recv(&mut Context::from_waker(waker)) {
            return Poll::Ready(order);
        }
        let left = due_us.saturating_sub(clock.read().boot_us);
        match u64::try_from(left) {
            Ok(left @ 1..) => thread::park_timeout(Duration::from_micros(left)),
            Ok(0) | Err(_) => return Poll::Pending,
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
