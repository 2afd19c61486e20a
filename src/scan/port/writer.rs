//! The thread that writes feedback.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;

use tokio::sync::mpsc;

use crate::scan::device::Device;
use crate::scan::feedback::{Feedback, FeedbackTable};

/// What the writer is asked to do.
pub(super) enum Order {
    Attach(Device),
    /// The sender is dropped when the handle is closed.
    Detach(#[expect(dead_code, reason = "its drop is the answer")] SyncSender<Infallible>),
    Signal(Feedback),
}

/// Writes feedback to the device that is attached, and counts what did not get there.
pub(super) struct Writer {
    pub(super) feedback: FeedbackTable,
    pub(super) dropped: Arc<AtomicU64>,
    pub(super) outlet: Option<Device>,
}

impl Writer {
    pub(super) fn run(mut self, mut queue: mpsc::Receiver<Order>) {
        while let Some(order) = queue.blocking_recv() {
            match order {
                Order::Attach(device) => self.outlet = Some(device),
                Order::Detach(_) => self.outlet = None,
                Order::Signal(feedback) => self.tell(feedback),
            }
        }
    }

    fn tell(&mut self, feedback: Feedback) {
        let bytes = self.feedback.bytes(feedback);
        let told = bytes.is_empty() || self.outlet.as_mut().is_some_and(|device| device.tell(bytes).is_ok());
        if !told {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}
