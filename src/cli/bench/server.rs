//! The product under the bench: `casetrack serve` in a process of its own, with nothing about it changed.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, bail};

use super::lines::{ACCEPT, LOOK, REFUSE, STOP};
use crate::clock::{self, Clock, SECOND_US};
use crate::store::DeskStand;

/// The service has this long to be ready before the bench gives up; the goal is far below.
const READY_MOST_US: i64 = 60 * SECOND_US;
/// How often a service that starts is asked whether it is ready.
const ASK_EVERY: Duration = Duration::from_millis(5);
/// How often the log's size is looked at.
const LOG_EVERY: Duration = Duration::from_millis(20);
/// A service that says nothing for so long is stuck.
const ANSWER_MOST: Duration = Duration::from_secs(10);
/// The name of the scanners' profile.
const PROFILE: &str = "bench";

/// A running service.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From the start of the process until it said that it is ready.
    pub ready_us: i64,
}

/// Writes the configuration of a service with these desks; the first so many have a scanner at these `ports`.
pub fn configure(
    dir: &Path,
    desks: &[DeskStand],
    ports: &[PathBuf],
) -> anyhow::Result<(PathBuf, SocketAddr)> {
    let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    let address = address.context("finding a free port")?;
    let mut text =
        format!("[server]\nlisten = \"{address}\"\ndata_dir = '{}'\n", dir.join(super::DATA).display());
    for (number, desk) in desks.iter().enumerate() {
        writeln!(text, "[[desk]]\ncode = \"{}\"\nplace = \"{}\"", desk.desk, desk.place)?;
        if let Some(port) = ports.get(number) {
            writeln!(text, "[[desk.scanner]]\nport = '{}'\nprofile = \"{PROFILE}\"", port.display())?;
        }
    }
    let file = dir.join("casetrack.toml");
    std::fs::write(&file, text).context("writing the configuration")?;
    let profiles = dir.join("profiles");
    std::fs::create_dir_all(&profiles).context("making the folder of profiles")?;
    std::fs::write(profiles.join(format!("{PROFILE}.toml")), profile()).context("writing the profile")?;
    Ok((file, address))
}

/// A profile that tells one byte for each feedback, so that the far end hears what the clerk would.
pub(super) fn profile() -> String {
    let mut text = format!("name = \"{PROFILE}\"\ntitle = \"The bench's scanner\"\n");
    for (name, byte) in [("accept", ACCEPT), ("look", LOOK), ("refuse", REFUSE), ("stop", STOP)] {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n[feedback.{name}]\nsend = \"{byte:02X}\"\nevidence = \"unverified\"\nsource = \"the bench\"\n"
        );
    }
    text
}

impl Server {
    /// Starts the service and waits until it is ready.
    pub fn start(config: &Path, address: SocketAddr, dir: &Path, clock: &Clock) -> anyhow::Result<Self> {
        let log = File::create(dir.join("serve.log")).context("making the service's log")?;
        let start = clock.read().boot_us;
        let child = Command::new(std::env::current_exe().context("finding this program")?)
            .args(["serve", "--config"])
            .arg(config)
            .stdin(Stdio::null())
            .stdout(log.try_clone().context("the service's log")?)
            .stderr(log)
            .spawn()
            .context("starting the service")?;
        let mut server = Self { child, address, ready_us: 0 };
        loop {
            let now = clock.read().boot_us;
            if server.get("/readyz").is_ok_and(|(status, _)| status == 200) {
                server.ready_us = clock.read().boot_us - start;
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait().context("looking at the service")? {
                bail!("the service ended with {status}: see {}", dir.join("serve.log").display());
            }
            if now - start > READY_MOST_US {
                bail!("the service is not ready after a minute");
            }
            clock::pause(ASK_EVERY);
        }
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// One request on a connection of its own.
    fn get(&self, path: &str) -> anyhow::Result<(u16, String)> {
        let mut stream = TcpStream::connect(self.address).context("connecting to the service")?;
        stream.set_read_timeout(Some(ANSWER_MOST)).context("setting a time-out")?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        reader.read_line(&mut head)?;
        let status = head.split(' ').nth(1).context("no status")?.parse().context("a status")?;
        let mut rest = String::new();
        reader.read_to_string(&mut rest)?;
        Ok((status, rest))
    }

    /// A counter of `/metrics`: the first sample whose name is `name`.
    pub fn metric(&self, name: &str) -> anyhow::Result<f64> {
        let (status, text) = self.get("/metrics")?;
        let line = text.lines().find(|line| line.split([' ', '{']).next() == Some(name));
        let line = line.with_context(|| format!("/metrics ({status}) has no {name}"))?;
        line.rsplit(' ').next().unwrap_or_default().parse().with_context(|| format!("the value of {name}"))
    }

    /// Asks it to stop, as systemd would, and waits for its end.
    pub fn stop(mut self) -> anyhow::Result<()> {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, rustix::process::Signal::TERM)
            .context("stopping the service")?;
        let status = self.child.wait().context("waiting for the service")?;
        anyhow::ensure!(status.success(), "the service ended with {status}");
        Ok(())
    }
}

/// A service is never left behind, however the bench ends.
impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            // What cannot be killed has ended.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Watches how long the write-ahead log gets.
#[derive(Debug)]
pub struct LogWatch {
    stop: SyncSender<()>,
    thread: JoinHandle<u64>,
}

impl LogWatch {
    /// Watches the log at `path` from now on.
    pub fn start(path: PathBuf) -> anyhow::Result<Self> {
        let (stop, stopped) = sync_channel(0);
        let thread = std::thread::Builder::new().name("log-watch".to_owned()).spawn(move || {
            let mut most = 0;
            while stopped.recv_timeout(LOG_EVERY) == Err(RecvTimeoutError::Timeout) {
                most = std::fs::metadata(&path).map_or(0, |log| log.len()).max(most);
            }
            most
        });
        Ok(Self { stop, thread: thread.context("no thread to watch the log")? })
    }

    /// The most bytes it had.
    pub fn most(self) -> anyhow::Result<u64> {
        drop(self.stop);
        self.thread.join().map_err(|_| anyhow::anyhow!("watching the log failed"))
    }
}
