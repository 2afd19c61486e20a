//! One device: opened, read, told, and opened again when it comes back.
//!
//! Two threads a device. The reader waits for bytes and calls the sink; the writer waits for feedback, so that a beep
//! never waits for a read nor a read for a beep. The writer alone writes, what the reader owes a scanner too: two hands
//! on one line would mix their packets. The reader owns the device; at a loss it takes the writer's handle
//! away before it opens again, because a handle kept open makes the kernel give a re-plugged scanner another number.

mod voice;
mod writer;

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use tokio::sync::mpsc;

pub use self::voice::SetUp;
use self::voice::Voice;
use self::writer::{Known, Order, Writer};
use crate::clock::{Clock, Reading};
use crate::scan::device::{self, Device, Heard, Opened};
pub use crate::scan::device::{Address, LostWhy, NoAddress};
use crate::scan::feedback::Feedback;
use crate::scan::frame::FrameEvent;
use crate::scan::hearing::{Hearing, Said};
use crate::scan::profile::{Link, Profile};
use crate::scan::usb::Identity;

/// Longest read while no frame is open, and so the longest a stop waits; 64 idle ports cost 0.06 % of a core at it.
pub const IDLE_READ: Duration = Duration::from_secs(1);
/// First wait before a lost device is opened again.
pub const RETRY_FIRST: Duration = Duration::from_millis(250);
/// Longest wait while nothing is at its place: looking costs next to nothing, and a clerk who plugs in again waits. A
/// scanner must be usable 2 s after it was plugged in, and the system needs some of that to name it.
pub const RETRY_ABSENT_MOST: Duration = Duration::from_millis(500);
/// Longest wait while another program holds it or the service may not open it: both pass by themselves just after
/// plugging in.
pub const RETRY_HELD_MOST: Duration = Duration::from_secs(1);
/// Longest wait after any other failure to open; each wait is twice the one before.
pub const RETRY_MOST: Duration = Duration::from_secs(5);
/// Feedback waiting for one device. A session has one scan in flight, so two are rare; more would sound too late to
/// mean anything and are dropped, counted.
pub const FEEDBACK_QUEUE: usize = 4;
/// Room beside it for what the reader owes a scanner that is to be answered: an answer and a verdict a packet.
const ANSWER_QUEUE: usize = 8;
/// Most bytes taken in one read.
const READ_BYTES: usize = 512;
/// Stack of a device's threads, sink and looking through `/sys` included; what is not used costs nothing.
const STACK_BYTES: usize = 128 * 1024;
/// Stack of a network reader: name resolution in the C library takes more.
const STACK_TCP_BYTES: usize = 256 * 1024;

/// Which device, and how it speaks.
#[derive(Clone, Debug)]
pub struct PortSpec {
    /// The name in logs and of its threads.
    pub name: String,
    /// Where it is.
    pub address: Address,
    /// How it speaks.
    pub profile: Profile,
    /// Whether raw bytes are told too.
    pub detail: Detail,
}

/// What a port tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Frames: for a desk.
    Frames,
    /// Also every read as [`PortEvent::Bytes`]: for a technician who watches the line.
    FramesAndBytes,
}

/// What happened at a port.
#[derive(Clone, PartialEq, Eq)]
pub enum PortEvent {
    /// The device is open.
    Connected {
        /// Which scanner it is; `None` where it is not on USB.
        identity: Option<Identity>,
    },
    /// The device is not open; told once for each new reason, the first failed opening included.
    Lost {
        /// Why.
        why: LostWhy,
    },
    /// A read, or something refused.
    Frame(FrameEvent),
    /// Bytes as they came, before the frames they make; only with [`Detail::FramesAndBytes`]. May hold patient data.
    Bytes {
        /// The bytes of one read, at most 512.
        bytes: Vec<u8>,
        /// Both clocks just after the read.
        at: Reading,
    },
}

/// Tells the number of raw bytes only: they may name a patient.
impl fmt::Debug for PortEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connected { identity } => f.debug_struct("Connected").field("identity", identity).finish(),
            Self::Lost { why } => f.debug_struct("Lost").field("why", why).finish(),
            Self::Frame(event) => f.debug_tuple("Frame").field(event).finish(),
            Self::Bytes { bytes, at } => {
                f.debug_struct("Bytes").field("count", &bytes.len()).field("at", at).finish()
            }
        }
    }
}

/// A running port; dropping it ends its threads within [`IDLE_READ`] (4 × 3 s at worst while a network name is tried).
#[derive(Debug)]
pub struct PortHandle {
    name: String,
    orders: mpsc::Sender<Order>,
    known: Arc<Known>,
    /// Never sent on: the reader sees that it is gone.
    stop: SyncSender<Infallible>,
    reader: JoinHandle<()>,
}

/// A port, before it runs.
#[derive(Debug)]
pub struct Port;

impl Port {
    /// Starts the threads of a device. It need not be there yet.
    ///
    /// `sink` is called on the reader's thread (small stack) and must not block: hand on by `try_send`.
    ///
    /// # Errors
    /// Only when the system gives no thread.
    pub fn spawn(
        spec: PortSpec,
        clock: Clock,
        sink: impl FnMut(PortEvent) + Send + 'static,
    ) -> io::Result<PortHandle> {
        // Not std's channel: that wakes the writer while it holds the lock which the writer wants next.
        let PortSpec { name, address, profile, detail } = spec;
        let answers = if profile.link == Link::Ssi || profile.feedback.host_ack { ANSWER_QUEUE } else { 0 };
        let (orders, queue) = mpsc::channel(FEEDBACK_QUEUE + answers);
        let (stop, stopped) = sync_channel(0);

        let voice = Voice::new(&profile);
        let known = Arc::new(Known::new(&voice));
        let writer = Writer { voice, known: Arc::clone(&known), clock: clock.clone(), outlet: None };
        let stack = match address {
            Address::Serial(_) | Address::Usb(_) | Address::UsbSerial { .. } => STACK_BYTES,
            Address::Tcp(_) => STACK_TCP_BYTES,
        };
        let reader =
            Reader { address, profile, detail, clock, sink, orders: orders.clone(), stopped, told: None };
        thread(&name, STACK_BYTES).spawn(move || writer.run(queue))?;
        let reader = thread(&name, stack).spawn(move || reader.run())?;
        Ok(PortHandle { name, orders, known, stop, reader })
    }
}

impl PortHandle {
    /// The name of its spec.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Hands `feedback` to the device; never blocks. Nothing is sent where the profile has nothing for it. Dropped and
    /// counted if [`FEEDBACK_QUEUE`] are waiting, if the device is lost, or does not take it.
    pub fn signal(&self, feedback: Feedback) {
        if self.orders.try_send(Order::Signal(feedback)).is_err() {
            self.known.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many signals never reached the device, or were refused by it.
    pub fn dropped(&self) -> u64 {
        self.known.dropped.load(Ordering::Relaxed)
    }

    /// What became of setting the device up when it was attached.
    pub fn set_up(&self) -> SetUp {
        self.known.set_up()
    }

    /// Ends the port and waits until the device is closed, as long as a drop takes: not for an async task. Nothing
    /// comes to the sink afterwards.
    pub fn stop(self) {
        drop(self.stop);
        // A reader that panicked has closed its device too.
        let _ = self.reader.join();
    }
}

struct Reader<S> {
    address: Address,
    profile: Profile,
    detail: Detail,
    clock: Clock,
    sink: S,
    orders: mpsc::Sender<Order>,
    stopped: Receiver<Infallible>,
    /// The reason last told, until the device is open again.
    told: Option<LostWhy>,
}

/// Whether a reason is news.
#[derive(PartialEq, Eq)]
enum Told {
    Now,
    Before,
}

enum Ended {
    Stopped,
    Lost(LostWhy),
}

impl<S: FnMut(PortEvent)> Reader<S> {
    fn run(mut self) {
        let mut wait = RETRY_FIRST;
        while !self.is_stopped() {
            let why = match device::open(&self.address, &self.profile) {
                Ok(opened) => match self.serve(opened) {
                    Ended::Stopped => return,
                    Ended::Lost(why) => why,
                },
                Err(why) => why,
            };
            let most = retry_most(&why);
            if self.tell_lost(why) == Told::Now {
                // Something has changed: the next change is near, such as the rights on a file that has just come.
                wait = RETRY_FIRST;
            }
            wait = wait.min(most);
            if self.stopped.recv_timeout(wait) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            wait *= 2;
        }
    }

    /// Reads the device until it is lost or the port is stopped, and closes it.
    fn serve(&mut self, opened: Opened) -> Ended {
        let Opened { mut device, identity } = opened;
        let ended = match device.outlet() {
            Ok(outlet) => {
                // The writer lives as long as this sender.
                let _ = self.orders.blocking_send(Order::Attach(outlet));
                self.told = None;
                (self.sink)(PortEvent::Connected { identity });
                self.listen(&mut device)
            }
            Err(why) => Ended::Lost(why),
        };
        let (detached, closed) = sync_channel(0);
        let _ = self.orders.blocking_send(Order::Detach(detached));
        let _ = closed.recv();
        device.close();
        ended
    }

    fn listen(&mut self, device: &mut Device) -> Ended {
        let rules = device::frame_rules(&self.address, &self.profile);
        let mut hearing = Hearing::new(&self.profile, rules);
        let mut buffer = [0; READ_BYTES];
        let mut said = Vec::new();
        let mut waiting = None;
        loop {
            if self.is_stopped() {
                return Ended::Stopped;
            }
            let wait = hearing.quiet_wanted().unwrap_or(IDLE_READ);
            if waiting.replace(wait) != Some(wait)
                && let Err(why) = device.wait_at_most(wait)
            {
                return Ended::Lost(why);
            }
            let heard = device.hear(&mut buffer);
            let at = self.clock.read();
            let lost = match heard {
                Heard::Bytes(count) => {
                    let bytes = buffer.get(..count).unwrap_or(&buffer);
                    self.tell_bytes(bytes, at);
                    hearing.push(bytes, at, &mut said);
                    None
                }
                Heard::Quiet => {
                    hearing.idle(at, &mut said);
                    None
                }
                Heard::Again => None,
                Heard::Lost(why) => {
                    hearing.gone(at, &mut said);
                    Some(why)
                }
            };
            said.drain(..).for_each(|said| self.hand_on(said));
            if let Some(why) = lost {
                return Ended::Lost(why);
            }
        }
    }

    /// The answer to a packet goes before the frame that it held: a scanner waits for it, and not for the disk.
    fn hand_on(&mut self, said: Said) {
        match said {
            Said::Frame(event) => {
                if self.profile.feedback.host_ack {
                    let _ = self.orders.blocking_send(Order::Read);
                }
                (self.sink)(PortEvent::Frame(device::explained(event, &self.profile)));
            }
            Said::Reply(bytes) => drop(self.orders.blocking_send(Order::Reply(bytes))),
            Said::Verdict(verdict) => drop(self.orders.blocking_send(Order::Heard(verdict))),
        }
    }

    fn tell_bytes(&mut self, bytes: &[u8], at: Reading) {
        match self.detail {
            Detail::Frames => {}
            Detail::FramesAndBytes => (self.sink)(PortEvent::Bytes { bytes: bytes.to_vec(), at }),
        }
    }

    fn tell_lost(&mut self, why: LostWhy) -> Told {
        if self.told.as_ref() == Some(&why) {
            return Told::Before;
        }
        self.told = Some(why.clone());
        (self.sink)(PortEvent::Lost { why });
        Told::Now
    }

    fn is_stopped(&self) -> bool {
        self.stopped.try_recv() == Err(TryRecvError::Disconnected)
    }
}

fn retry_most(why: &LostWhy) -> Duration {
    match why {
        LostWhy::Gone | LostWhy::Absent => RETRY_ABSENT_MOST,
        LostWhy::Busy | LostWhy::NotAllowed => RETRY_HELD_MOST,
        LostWhy::Unreachable(_) | LostWhy::Failed(_) => RETRY_MOST,
    }
}

fn thread(name: &str, stack: usize) -> Builder {
    Builder::new().name(format!("scan-{name}").replace('\0', "")).stack_size(stack)
}
