//! Scanners: one port a scanner of the configuration, its reads to the session, the session's signals back to it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use anyhow::Context;
use futures_util::future::join_all;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::rooms::Rooms;
use crate::config::{Desk, Scanner};
use crate::desk::{Desks, Feedback as Ear, ScannerInlet, Tone, Unheard};
use crate::domain::directory::Directory;
use crate::domain::place::Code;
use crate::domain::refusal::Reason;
use crate::scan::feedback::Feedback;
use crate::scan::frame::{FrameEvent, FrameFault};
use crate::scan::port::{Detail, FEEDBACK_QUEUE, Port, PortEvent, PortHandle, PortSpec};
use crate::scan::profile::Profile;

/// The running ports.
pub struct Ports {
    say_stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    count: usize,
}

impl Ports {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Closes all devices; what they read before is with the sessions.
    pub async fn stop(self) {
        // Without a port nobody listens.
        let _ = self.say_stop.send(true);
        join_all(self.tasks).await;
    }
}

/// Opens a port for each scanner of the configuration. A device need not be there yet.
pub fn open(rooms: &Rooms) -> anyhow::Result<Ports> {
    let specs = specs(rooms)?;
    let (say_stop, stopping) = watch::channel(false);
    let mut ports = Ports { say_stop, tasks: Vec::new(), count: specs.len() };
    for (desk, scanner, spec) in specs {
        ports.tasks.extend(start(rooms, desk, scanner, spec, &stopping)?);
    }
    Ok(ports)
}

/// Every scanner with its profile: one that is wrong is told before any port is open.
fn specs(rooms: &Rooms) -> anyhow::Result<Vec<(&Desk, &Scanner, PortSpec)>> {
    let folder = rooms.config.profiles_dir();
    let mut specs = Vec::new();
    for desk in &rooms.config.desks {
        for scanner in &desk.scanners {
            let profile = Profile::named(&scanner.profile, folder.as_deref())
                .with_context(|| format!("the scanner {} of desk {}", scanner.port, desk.setup.code))?;
            let address = scanner.port.parse()?;
            let name = format!("{} {}", desk.setup.code, scanner.session);
            specs.push((desk, scanner, PortSpec { name, address, profile, detail: Detail::Frames }));
        }
    }
    Ok(specs)
}

/// Starts a port: its device's threads, the task that attaches it to its session, and the task that speaks to it.
fn start(
    rooms: &Rooms,
    desk: &Desk,
    scanner: &Scanner,
    spec: PortSpec,
    stopping: &watch::Receiver<bool>,
) -> anyhow::Result<[JoinHandle<()>; 2]> {
    let (voice, said) = mpsc::channel(FEEDBACK_QUEUE);
    let line = Line { name: spec.name.clone(), inlet: Arc::default(), lost: Arc::default(), voice };
    let plug = Plug {
        desks: rooms.desks().clone(),
        desk: desk.setup.code.clone(),
        session: scanner.session.clone(),
        scanner: scanner.port.clone(),
        line: line.clone(),
    };
    // Attached before the first read if that is possible, so that nothing is refused at the start.
    let attached = plug.attach();
    let sink = move |event| line.hand_on(event);
    let handle = Port::spawn(spec, rooms.clock.clone(), sink).context("starting a scanner's threads")?;
    let directory = rooms.store.directory();
    let attaching = plug.keep_attaching(attached, directory, stopping.clone());
    Ok([tokio::spawn(attaching), tokio::spawn(speak(handle, said, stopping.clone()))])
}

/// What the device's thread and the session's task share of one scanner.
#[derive(Clone)]
struct Line {
    name: String,
    /// Set once the scanner is attached to its session.
    inlet: Arc<OnceLock<ScannerInlet>>,
    lost: Arc<AtomicBool>,
    voice: mpsc::Sender<Feedback>,
}

impl Line {
    /// On the device's thread: never blocks.
    fn hand_on(&self, event: PortEvent) {
        let inlet = self.inlet.get();
        match event {
            PortEvent::Connected { identity } => {
                let identity = identity.map_or("not on USB".to_owned(), |identity| identity.to_string());
                tracing::info!(scanner.name = self.name, scanner.identity = identity, "scanner connected");
                self.lost.store(false, Ordering::SeqCst);
                inlet.inspect(|inlet| inlet.back());
            }
            PortEvent::Lost { why } => {
                tracing::warn!(scanner.name = self.name, %why, "scanner lost");
                self.lost.store(true, Ordering::SeqCst);
                inlet.inspect(|inlet| inlet.lost());
            }
            PortEvent::Frame(frame) => {
                let Some(inlet) = inlet else {
                    tracing::warn!(
                        scanner.name = self.name,
                        "a read was refused: the desk's place is not known"
                    );
                    return self.say(Feedback::Refuse);
                };
                give(inlet, frame);
            }
            PortEvent::Bytes { .. } => {}
        }
    }

    /// A device that takes no feedback must not hold anything up: what it does not take is dropped.
    fn say(&self, feedback: Feedback) {
        let _ = self.voice.try_send(feedback);
    }
}

fn give(inlet: &ScannerInlet, event: FrameEvent) {
    match event {
        FrameEvent::Read(frame) => {
            inlet.read(frame.text, frame.aim.map(|aim| aim.to_string()), frame.at);
        }
        FrameEvent::Refused(bad) => inlet.refused(reason(bad.why), &bad.raw, bad.at),
    }
}

fn reason(fault: FrameFault) -> Reason {
    match fault {
        FrameFault::TooLong => Reason::TooLong,
        FrameFault::Joined => Reason::JoinedReads,
        FrameFault::Truncated => Reason::HalfRead,
        FrameFault::Programming => Reason::ProgrammingCode,
        FrameFault::Layout => Reason::ForeignKeyboard,
        FrameFault::InvalidByte | FrameFault::Identifier => Reason::Unreadable,
    }
}

/// A scanner on its way to its session.
struct Plug {
    desks: Desks,
    desk: Code,
    session: String,
    scanner: String,
    line: Line,
}

impl Plug {
    fn attach(&self) -> Result<(), Unheard> {
        let line = self.line.clone();
        let ear: Ear = Arc::new(move |tone| line.say(feedback(tone)));
        let inlet = self.desks.attach(&self.desk, &self.session, &self.scanner, ear)?;
        if self.line.lost.load(Ordering::SeqCst) {
            inlet.lost();
        }
        // It is set once: there is one plug a line.
        let _ = self.line.inlet.set(inlet);
        Ok(())
    }

    /// Tries again whenever places have been imported, until the desk's place is known.
    async fn keep_attaching(
        self,
        mut attached: Result<(), Unheard>,
        mut directory: watch::Receiver<Arc<Directory>>,
        mut stopping: watch::Receiver<bool>,
    ) {
        while let Err(unheard) = attached {
            tracing::warn!(desk.code = %self.desk, why = %unheard, "a scanner waits for its desk");
            tokio::select! {
                changed = directory.changed() => if changed.is_err() { return },
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
            attached = self.attach();
        }
    }
}

/// Owns the port; when the service stops, closes it.
async fn speak(handle: PortHandle, mut said: mpsc::Receiver<Feedback>, mut stopping: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            feedback = said.recv() => match feedback {
                Some(feedback) => handle.signal(feedback),
                None => break,
            },
            _ = stopping.wait_for(|stopping| *stopping) => break,
        }
    }
    // Closing waits for the device's thread. A panic there has closed the device too.
    let _ = tokio::task::spawn_blocking(move || handle.stop()).await;
}

fn feedback(tone: Tone) -> Feedback {
    match tone {
        Tone::Accept => Feedback::Accept,
        Tone::Look => Feedback::Look,
        Tone::Refuse => Feedback::Refuse,
        Tone::Stop => Feedback::Stop,
        Tone::Ready => Feedback::Ready,
    }
}
