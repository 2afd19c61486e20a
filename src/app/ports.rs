//! Scanners: one port a scanner of the configuration, its reads to the session, the session's signals back to it.

use std::time::Duration;

use anyhow::Context;
use futures_util::future::join_all;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::rooms::{Rooms, new_scan_id};
use crate::clock::Clock;
use crate::config::{Desk, Scanner};
use crate::desk::{Desks, MAX_INBOX, Posted, Said, Unheard};
use crate::domain::ScanId;
use crate::domain::answer::Signal;
use crate::domain::barcode::Entry;
use crate::domain::place::Code;
use crate::scan::feedback::Feedback;
use crate::scan::frame::{Frame, FrameEvent};
use crate::scan::port::{Detail, FEEDBACK_QUEUE, Port, PortEvent, PortHandle, PortSpec};
use crate::scan::profile::Profile;

/// How long after *not known yet* the same scan is asked for again.
const ASK_AGAIN_AFTER: Duration = Duration::from_millis(250);

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

    /// Closes all devices, then waits until every read that had come in is answered.
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
        let mouth = Mouth {
            desks: rooms.desks().clone(),
            desk: desk.setup.code.clone(),
            session: scanner.session.clone(),
            clock: rooms.clock.clone(),
        };
        ports.tasks.extend(start(mouth, spec, stopping.clone())?);
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

/// Starts a port: its device's threads, the task that hands its reads on, and the task that speaks to it.
fn start(
    mouth: Mouth,
    spec: PortSpec,
    stopping: watch::Receiver<bool>,
) -> anyhow::Result<[JoinHandle<()>; 2]> {
    let (frames, inbox) = mpsc::channel(MAX_INBOX);
    let (voice, said) = mpsc::channel(FEEDBACK_QUEUE);
    let name = spec.name.clone();
    let overflow = voice.clone();
    let sink = move |event| hand_on(&name, event, &frames, &overflow);
    let handle = Port::spawn(spec, mouth.clock.clone(), sink).context("starting a scanner's threads")?;
    Ok([tokio::spawn(mouth.hear(inbox, voice)), tokio::spawn(speak(handle, said, stopping))])
}

/// On the device's thread: never blocks. A read that finds the inbox full is refused aloud.
fn hand_on(name: &str, event: PortEvent, frames: &mpsc::Sender<FrameEvent>, voice: &mpsc::Sender<Feedback>) {
    match event {
        PortEvent::Connected => tracing::info!(scanner.name = name, "scanner connected"),
        PortEvent::Lost { why } => tracing::warn!(scanner.name = name, %why, "scanner lost"),
        PortEvent::Frame(frame) => {
            if frames.try_send(frame).is_err() {
                tracing::warn!(scanner.name = name, "a read found the inbox full: refused");
                let _ = voice.try_send(Feedback::Refuse);
            }
        }
        PortEvent::Bytes { .. } => {}
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

/// Where a scanner's reads go.
struct Mouth {
    desks: Desks,
    desk: Code,
    session: String,
    clock: Clock,
}

impl Mouth {
    /// Hands on one read after the other, until the port is closed and all it read is answered.
    async fn hear(self, mut inbox: mpsc::Receiver<FrameEvent>, voice: mpsc::Sender<Feedback>) {
        let mut stands = false;
        while let Some(event) = inbox.recv().await {
            let feedback = match event {
                FrameEvent::Read(frame) => self.scan(frame).await,
                FrameEvent::Refused(bad) => {
                    tracing::warn!(desk.code = %self.desk, fault = bad.why.code(), "a read was refused");
                    Feedback::Refuse
                }
            };
            if stands && feedback != Feedback::Stop {
                let _ = voice.try_send(Feedback::Ready);
            }
            stands = feedback == Feedback::Stop;
            // A device that takes no feedback must not hold up the reads.
            let _ = voice.try_send(feedback);
        }
    }

    async fn scan(&self, frame: Frame) -> Feedback {
        let posted = Posted {
            id: ScanId::new(new_scan_id(&self.clock)),
            text: frame.text,
            aim: frame.aim.map(|aim| aim.to_string()),
            entry: Entry::Scanned,
            at: Some(frame.at.wall),
        };
        match self.answer(posted).await {
            Ok(said) => feedback(said.signal),
            Err(unheard) => {
                tracing::warn!(desk.code = %self.desk, %unheard, "a scan was not answered");
                Feedback::Refuse
            }
        }
    }

    /// The desk's answer, waited for as long as it takes: what may be on disk is never called refused.
    async fn answer(&self, posted: Posted) -> Result<Said, Unheard> {
        loop {
            match self.desks.scan(&self.desk, &self.session, posted.clone()).await {
                Err(Unheard::NotKnownYet) => tokio::time::sleep(ASK_AGAIN_AFTER).await,
                answered => return answered,
            }
        }
    }
}

fn feedback(signal: Signal) -> Feedback {
    match signal {
        Signal::Arrived | Signal::Sent | Signal::Filed | Signal::Packed | Signal::Told | Signal::Kept => {
            Feedback::Accept
        }
        Signal::Look => Feedback::Look,
        Signal::Refused => Feedback::Refuse,
        Signal::Stop => Feedback::Stop,
    }
}
