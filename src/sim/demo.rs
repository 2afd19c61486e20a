//! The demo: a hospital made in a minute, then clerks who work in it while somebody looks on.
//!
//! It uses the program as a hospital would: a configuration file, the store's own door, and scanners that the
//! service opens by path. What it cannot show is a real scanner's cable and beep.

mod ahead;
mod build;
mod hand;
mod written;

use std::fmt::Write as _;
use std::future::Future;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;

use super::day::Day;
use super::flow::{Spot, Standing};
use super::hospital::{self, Hospital, Size};
use super::month::Month;
use crate::clock::Clock;
use crate::domain::barcode::Card;
use crate::scan::pty::VirtualScanner;

/// Where the demo lives unless told.
pub const DEFAULT_DIR: &str = "demo-data";
/// Fastest pace: at a higher one the rules about seconds between scans would tell of clerks who hurry.
pub const MAX_PACE: u32 = 60;
/// The service opens its scanners in this time; what is scanned before is not lost, it waits in the terminal.
const BEFORE_WORK: Duration = Duration::from_secs(3);
/// Desks at which one may scan by hand, with a session of their own beside the clerk's.
const BY_HAND: [&str; 3] = ["LIB-1", "LIB-2", "CLIN-01"];

/// What the demo is told.
#[derive(Clone, Debug)]
pub struct Args {
    /// Its folder; made afresh.
    pub dir: PathBuf,
    /// Where the service listens.
    pub listen: SocketAddr,
    /// How many times as fast as in life the clerks work, 1 to [`MAX_PACE`].
    pub pace: u32,
    /// The seed of the hospital.
    pub seed: u64,
    /// How large it is.
    pub size: Size,
}

/// Makes the hospital, tells how to look and scan, and lets the clerks work while `serve` serves the configuration.
///
/// # Errors
/// When the folder is not a demo's or is in use, when something cannot be written, or when the service fails.
pub async fn run<S>(args: Args, clock: Clock, serve: impl FnOnce(PathBuf) -> S) -> anyhow::Result<()>
where
    S: Future<Output = anyhow::Result<()>>,
{
    let folder = Folder::fresh(&args.dir)?;
    let hospital = Hospital::build(args.seed, args.size);
    let config = folder.dir.join("casetrack.toml");
    std::fs::write(&config, written::config(&hospital, &folder, args.listen))
        .with_context(|| format!("writing {}", config.display()))?;
    let started = clock.read();
    let built = build::build(&hospital, &folder.dir.join("data"), &clock).await?;
    let took_us = clock.read().boot_us.saturating_sub(started.boot_us);
    let scanners = plug_in(&hospital, &folder)?;
    let hands = hand::listen(&folder, &BY_HAND)?;
    let mut out = std::io::stdout().lock();
    out.write_all(welcome(&hospital, &built, &args, took_us).as_bytes()).context("telling about the demo")?;
    drop(out);
    let pace = args.pace.clamp(1, MAX_PACE);
    tokio::select! {
        served = serve(config) => served,
        () = work(&hospital, &built.month, &scanners, pace) => Ok(()),
        forwarded = hands => forwarded,
    }
}

/// The demo's folder, held so that no second demo takes it away.
struct Folder {
    dir: PathBuf,
    _held: std::fs::File,
}

impl Folder {
    /// Empties the folder if it is a demo's, or makes it.
    fn fresh(dir: &Path) -> anyhow::Result<Self> {
        const MARK: &str = "made-by-casetrack-demo";
        let dir = std::path::absolute(dir).context("finding the demo's folder")?;
        let marked = dir.join(MARK);
        let is_new = std::fs::read_dir(&dir).map_or(true, |mut entries| entries.next().is_none());
        anyhow::ensure!(
            is_new || marked.exists(),
            "{} holds something that is not a demo's: name another folder",
            dir.display()
        );
        std::fs::create_dir_all(&dir).with_context(|| format!("making {}", dir.display()))?;
        let held = std::fs::File::create(&marked).with_context(|| format!("making {}", marked.display()))?;
        rustix::fs::flock(&held, rustix::fs::FlockOperation::NonBlockingLockExclusive)
            .with_context(|| format!("a demo is running in {} already", dir.display()))?;
        for old in ["data", "scanners", "by-hand"] {
            let old = dir.join(old);
            if old.exists() {
                std::fs::remove_dir_all(&old).with_context(|| format!("clearing {}", old.display()))?;
            }
        }
        let folder = Self { dir, _held: held };
        for new in [folder.scanners(), folder.by_hand()] {
            std::fs::create_dir_all(&new).with_context(|| format!("making {}", new.display()))?;
        }
        Ok(folder)
    }

    fn scanners(&self) -> PathBuf {
        self.dir.join("scanners")
    }

    fn by_hand(&self) -> PathBuf {
        self.dir.join("by-hand")
    }
}

/// A virtual scanner at every desk, in the order of the hospital's list.
fn plug_in(hospital: &Hospital, folder: &Folder) -> anyhow::Result<Vec<VirtualScanner>> {
    let plug = |plan: &hospital::DeskPlan| {
        let path = folder.scanners().join(plan.code.as_str());
        VirtualScanner::linked(&path)
            .with_context(|| format!("opening a virtual scanner at {}", path.display()))
    };
    hospital.desks.iter().map(plug).collect()
}

/// Lets the clerks work for as long as somebody looks on.
async fn work(hospital: &Hospital, month: &Month, scanners: &[VirtualScanner], pace: u32) {
    tokio::time::sleep(BEFORE_WORK).await;
    let mut day = Day::after(hospital, month);
    loop {
        for shot in day.visit() {
            let pause = Duration::from_micros(u64::try_from(shot.after_us).unwrap_or(0)) / pace;
            tokio::time::sleep(pause).await;
            if let Some(scanner) = scanners.get(shot.desk) {
                if let Err(error) = scanner.scan(&shot.text) {
                    tracing::warn!(desk.index = shot.desk, %error, "a virtual scanner is not listened to");
                }
                // The service tells the scanner to beep; nobody is there to hear it.
                scanner.heard();
            }
        }
    }
}

/// What stands on the screen once the hospital is there.
fn welcome(hospital: &Hospital, built: &build::Built, args: &Args, took_us: i64) -> String {
    let example = Examples::of(hospital, &built.month);
    let site = args.listen;
    let dir = args.dir.display();
    let by_hand = args.dir.join("by-hand").join(BY_HAND[0]);
    // The day is the same each time it is asked for: its first visit is what the clerks will do first.
    let first =
        Day::after(hospital, &built.month).visit().first().and_then(|shot| hospital.desks.get(shot.desk));
    let busy = first.map_or(BY_HAND[0], |desk| desk.code.as_str());
    let clerk = hospital.desks.first().map(|desk| desk.clerk.to_string()).unwrap_or_default();
    let mut text = String::new();
    let mut line = |words: std::fmt::Arguments<'_>| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{words}");
    };
    line(format_args!("\nMarlcombe General Hospital (invented, seed {}):", hospital.seed));
    line(format_args!(
        "{} patients, {} folders, {} scans of the last month, made in {}.{} s.\n",
        hospital.size.patients(),
        hospital.size.folders,
        built.month.steps.len(),
        took_us / 1_000_000,
        took_us / 100_000 % 10
    ));
    line(format_args!("Look:"));
    line(format_args!("  find a folder     http://{site}/"));
    line(format_args!(
        "  a desk at work    http://{site}/desks/{busy}   (then others: the front page lists them)"
    ));
    line(format_args!("  one folder        http://{site}/volumes/{}", example.on_its_way));
    line(format_args!("  a place           http://{site}/places/CLIN-01"));
    line(format_args!("  what is missing   http://{site}/searches"));
    line(format_args!("  before anyone asks http://{site}/wanted, /chase, /sweeps"));
    line(format_args!("  the configuration {dir}/casetrack.toml\n"));
    line(format_args!(
        "Scan: on the page http://{site}/desks/{}, Enter after each, one after the other:",
        BY_HAND[0]
    ));
    let mut scan = |text: &str, what: &str| line(format_args!("  {text:<12} {what}"));
    scan(&clerk, "a badge");
    scan("CLIN-01", "the card of Cardiology: what follows is sent there");
    scan(&example.shelved, "a folder from its shelf: sent");
    scan(&Card::Undo.barcode().to_string(), "UNDO: it is back on its shelf");
    scan(&Card::End.barcode().to_string(), "END: from now on folders are received");
    scan(&example.on_its_way, "a folder that comes back: received");
    line(format_args!("or as a scanner does ({}), beside the clerk's own:", BY_HAND.join(", ")));
    line(format_args!("  printf '{}\\r' > {}\n", example.on_its_way, by_hand.display()));
    let pace = match args.pace {
        1 => "as fast as in life".to_owned(),
        times => format!("{times} times as fast as in life"),
    };
    line(format_args!(
        "The clerks work {pace} (--pace 1 to {MAX_PACE}), one visit to a desk after the other."
    ));
    line(format_args!("Their scanners are virtual, under {dir}/scanners."));
    line(format_args!("Stop with Ctrl-C. The next demo begins afresh."));
    text
}

/// Labels worth trying.
struct Examples {
    on_its_way: String,
    shelved: String,
}

impl Examples {
    fn of(hospital: &Hospital, month: &Month) -> Self {
        let standings = month.standings();
        let first = |wanted: fn(Standing) -> bool| {
            let found = standings.iter().find(|(_, standing)| wanted(**standing));
            found.map_or(0, |(folder, _)| *folder).min(hospital.size.folders)
        };
        let on_its_way = first(|standing| standing == Standing::OnItsWay(Spot::Library));
        let shelved = first(|standing| standing == Standing::Shelved);
        Self {
            on_its_way: hospital::label(on_its_way).to_string(),
            shelved: hospital::label(shelved).to_string(),
        }
    }
}
