//! The real program, serving.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use super::hospital::{Hospital, PROGRAM};
use super::http::Client;
use super::until;

/// Longest start, in seconds: a debug build beside other tests, under strace.
const START_S: u32 = 60;

/// A running server; ended with its test.
pub struct Server {
    child: Child,
    address: SocketAddr,
    log: PathBuf,
}

impl Server {
    /// Starts it and waits until it says where it listens.
    pub fn start(hospital: &Hospital) -> Self {
        Self::start_as(hospital, Command::new(PROGRAM))
    }

    /// Starts it under strace with these options. The server, not strace, is the child.
    pub fn start_traced(hospital: &Hospital, options: &[&str], record: &Path) -> Self {
        let mut command = Command::new("strace");
        command.args(["-D", "-f"]).args(options).arg("-o").arg(record).arg(PROGRAM);
        Self::start_as(hospital, command)
    }

    /// Starts a program that takes the server's arguments.
    pub fn start_as(hospital: &Hospital, mut command: Command) -> Self {
        let log = hospital.join("server.log");
        let file = File::create(&log).unwrap();
        command.arg("serve").arg("--config").arg(hospital.config());
        command.stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file);
        let mut child = command.spawn().unwrap();
        let address = until("the server says where it listens", START_S, || {
            let text = std::fs::read_to_string(&log).unwrap_or_default();
            if let Some(status) = child.try_wait().unwrap() {
                panic!("the server ended while starting, {status}: {text}");
            }
            let rest = text.split_once("http://127.0.0.1:")?.1;
            let digits = rest.split_once(|c: char| !c.is_ascii_digit())?.0;
            Some(SocketAddr::from(([127, 0, 0, 1], digits.parse().ok()?)))
        });
        Self { child, address, log }
    }

    /// A new connection.
    pub fn client(&self) -> Client {
        Client::connect(self.address).unwrap()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process.
    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Asks it to end, as a service manager does.
    pub fn ask_to_stop(&self) {
        kill_process(self.pid(), Signal::TERM).unwrap();
    }

    /// Waits for its end; fails the test after `seconds`.
    pub fn ended(&mut self, seconds: u32) -> ExitStatus {
        until("the server ends", seconds, || self.child.try_wait().unwrap())
    }

    /// Asks it to end and waits.
    pub fn stop(mut self) -> ExitStatus {
        self.ask_to_stop();
        self.ended(START_S)
    }

    /// Ends it without a word, as the kernel does when memory runs out.
    pub fn kill(mut self) {
        kill_process(self.pid(), Signal::KILL).unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the server's log:\n{}", tail(&self.log()));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn tail(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}
