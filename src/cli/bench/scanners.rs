//! `casetrack bench scanners`: the way of the bytes alone, without folders: how long a scan takes from the scanner's end
//! of a line to a task of the desk and back, and what scanners cost that nobody scans with.
//!
//! The first is measured within this process, on a port with threads as the service has them; the second on the service
//! itself, in a process of its own. What each line measures stands in `src/docs/performance.md`.

use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use anyhow::{Context, bail};
use rustix::event::{PollFd, PollFlags, poll};
use serialport::TTYPort;
use tokio::sync::mpsc;

use super::ground::{self, Extent, UseAgain};
use super::lines::ACCEPT;
use super::process::Usage;
use super::server::{self, Server};
use super::spread::{Spread, Told};
use super::table::{Goal, Line, Unit, micros, real};
use super::{print, say};
use crate::clock::{self, Clock};
use crate::scan::feedback::Feedback;
use crate::scan::frame::FrameEvent;
use crate::scan::port::{Address, Detail, Port, PortEvent, PortSpec};
use crate::scan::profile::Profile;
use crate::scan::pty;

/// Scanners that nobody scans with.
const IDLE_SCANNERS: usize = 64;
/// What they may cost, in hundredths of one core.
const IDLE_MOST: f64 = 0.5;
/// Between two scans: a hand is slower, and what a scan wakes has gone to sleep again.
const PACE: Duration = Duration::from_millis(2);
/// After the start, until what is measured is at rest.
const REST: Duration = Duration::from_secs(3);
/// A scan that is not answered within so long is lost.
const ANSWER_MOST: Duration = Duration::from_secs(5);
/// The same in a form that waits take.
const ANSWER_MOST_SPEC: rustix::time::Timespec = rustix::time::Timespec { tv_sec: 5, tv_nsec: 0 };
/// What the floor reads at a time.
const CHUNK: usize = 512;
/// Folders and movements of the service's ground: it is there only so that the service runs.
const FOLDERS: u64 = 1_000;

/// What to measure, and where.
#[derive(clap::Args, Clone, Debug)]
pub struct Bench {
    /// The folder to work in
    #[arg(long)]
    dir: PathBuf,
    /// Scans of each kind
    #[arg(long, default_value_t = 5_000)]
    scans: u32,
    /// How long idle scanners are looked at, in seconds
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// Runs the bench and prints its table.
pub fn run(bench: &Bench) -> anyhow::Result<ExitCode> {
    let dir = bench.dir.join("scanners");
    std::fs::create_dir_all(&dir).context("making the bench's folder")?;
    let dir = dir.canonicalize().context("finding the bench's folder")?;
    let clock = Clock::system();
    say("scans through a port and back");
    let mut lines = latency(bench.scans, &clock)?;
    say("64 scanners that nobody scans with");
    lines.extend(idle(&dir, bench.seconds, &clock)?);
    print(&lines, bench.json)
}

/// Floor and product turn about, scan by scan.
fn latency(scans: u32, clock: &Clock) -> anyhow::Result<Vec<Line>> {
    let echo = echo()?;
    let desk = Desk::start(clock)?;
    let (mut floor, mut there, mut back) = (Spread::default(), Spread::default(), Spread::default());
    for number in 0..scans {
        let scan = format!("]C0CN{number:07}\r");
        floor.add(trip(&echo, scan.as_bytes(), clock)?.1);
        let (from, took) = trip(&desk.far, scan.as_bytes(), clock)?;
        let arrived = desk.arrived.recv_timeout(ANSWER_MOST).context("a scan did not arrive at the desk")?;
        there.add(arrived - from);
        back.add(took);
        clock::pause(PACE);
    }
    Ok(told(floor.told(), there.told(), back.told()))
}

fn told(floor: Told, there: Told, back: Told) -> Vec<Line> {
    let round = "a scan by pty: serialport's echo (floor), port, desk's task and back";
    let way = "a scan by pty to a task of the desk";
    let ratio = |what: String, floor, product| {
        Line::ratio(what, Unit::Micros, micros(floor), micros(product), Goal::Stated)
    };
    let alone = |what: String, product| Line::alone(what, Unit::Micros, micros(product), Goal::Stated);
    vec![
        ratio(format!("{round}, p50"), floor.p50_us, back.p50_us),
        ratio(format!("{round}, p99"), floor.p99_us, back.p99_us),
        alone(format!("{way}, p50"), there.p50_us),
        alone(format!("{way}, p99"), there.p99_us),
    ]
}

/// Writes `scan` at the far end and waits for one byte back: when it was written, and how long both took.
fn trip(far: &OwnedFd, scan: &[u8], clock: &Clock) -> anyhow::Result<(i64, i64)> {
    let from = clock.read().boot_us;
    let count = rustix::io::write(far, scan).context("writing to a pty")?;
    anyhow::ensure!(count == scan.len(), "a pty took half a scan");
    let mut ready = [PollFd::new(far, PollFlags::IN)];
    if poll(&mut ready, Some(&ANSWER_MOST_SPEC)).context("waiting at a pty")? == 0 {
        bail!("a scan was not answered");
    }
    let mut answer = [0; 8];
    let answered = rustix::io::read(far, &mut answer).context("reading from a pty")?;
    let took = clock.read().boot_us - from;
    anyhow::ensure!(answer.get(..answered) == Some(&[ACCEPT]), "another answer than accept");
    Ok((from, took))
}

/// The far end of a pty whose near end is one thread that reads by serialport and answers each CR. The thread ends when
/// the far end is closed.
fn echo() -> anyhow::Result<OwnedFd> {
    let (far, path) = pty::open_pty().context("making a pty")?;
    let builder = serialport::new(path.to_string_lossy(), 9_600).timeout(ANSWER_MOST);
    let mut near = TTYPort::open(&builder).context("opening a pty's near end")?;
    let answer = move || {
        let mut chunk = [0; CHUNK];
        while let Ok(count @ 1..) = near.read(&mut chunk) {
            if chunk.get(count - 1) == Some(&b'\r') && near.write_all(&[ACCEPT]).is_err() {
                return;
            }
        }
    };
    std::thread::Builder::new()
        .name("pty-echo".to_owned())
        .spawn(answer)
        .context("no thread for the echo")?;
    Ok(far)
}

/// A port as the service has it, and a task that answers every read as soon as it has it.
struct Desk {
    far: OwnedFd,
    arrived: Receiver<i64>,
    /// The task's; it ends with this.
    _runtime: tokio::runtime::Runtime,
}

impl Desk {
    fn start(clock: &Clock) -> anyhow::Result<Self> {
        let (far, path) = pty::open_pty().context("making a pty")?;
        let profile = Profile::parse(&server::profile(), "the bench's profile")?;
        let address = Address::Serial(path);
        let spec = PortSpec { name: "bench".to_owned(), address, profile, detail: Detail::Frames };
        let (events, inbox) = mpsc::channel(8);
        let (tell, arrived) = sync_channel(8);
        let (open, is_open) = sync_channel(1);
        let sink = move |event| match event {
            PortEvent::Connected { .. } => drop(open.try_send(())),
            event @ (PortEvent::Frame(_) | PortEvent::Lost { .. } | PortEvent::Bytes { .. }) => {
                drop(events.try_send(event));
            }
        };
        let port = Port::spawn(spec, clock.clone(), sink).context("starting a port's threads")?;
        is_open.recv_timeout(ANSWER_MOST).context("the port does not open")?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
        let clock = clock.clone();
        runtime.spawn(answer(inbox, tell, clock, move || port.signal(Feedback::Accept)));
        Ok(Self { far, arrived, _runtime: runtime })
    }
}

async fn answer(
    mut inbox: mpsc::Receiver<PortEvent>,
    tell: SyncSender<i64>,
    clock: Clock,
    accept: impl Fn(),
) {
    while let Some(event) = inbox.recv().await {
        if let PortEvent::Frame(FrameEvent::Read(_)) = event {
            // The measuring thread takes them one by one.
            let _ = tell.try_send(clock.read().boot_us);
            accept();
        }
    }
}

/// The service with so many scanners, and nobody there.
fn idle(dir: &Path, seconds: u32, clock: &Clock) -> anyhow::Result<Vec<Line>> {
    let extent = Extent { volumes: FOLDERS, movements: FOLDERS, desks: IDLE_SCANNERS };
    let ground = ground::lay(dir, extent, UseAgain::IfThere, clock)?;
    let ptys: Vec<_> = (0..IDLE_SCANNERS).map(|_| pty::open_pty()).collect::<Result<_, _>>()?;
    let ports: Vec<_> = ptys.iter().map(|(_, path)| path.clone()).collect();
    let (config, address) = server::configure(dir, &ground.desks, &ports)?;
    let server = Server::start(&config, address, dir, clock)?;
    clock::pause(REST);
    let (from, before) = (clock.read().boot_us, Usage::of(server.id())?);
    clock::pause(Duration::from_secs(u64::from(seconds)));
    let (took_us, used) = (clock.read().boot_us - from, Usage::of(server.id())?.since(&before));
    server.stop()?;
    let of_a_core = |cpu_ns: u64| real(cpu_ns) / (micros(took_us) * 1e3) * 100.0;
    let scanners = of_a_core(used.of_threads("scan-").cpu_ns);
    Ok(vec![
        Line::alone("64 idle scanners, of one core", Unit::Percent, scanners, Goal::AtMost(IDLE_MOST)),
        Line::alone(
            "the whole service with them, of one core",
            Unit::Percent,
            of_a_core(used.cpu_ns()),
            Goal::Stated,
        ),
    ])
}
