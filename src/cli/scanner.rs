//! `casetrack scanner`: what is plugged in, what a scanner sends, which profiles there are.

mod sheet;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::sync_channel;

use anyhow::Context;
use clap::Subcommand;

use super::out;
use crate::clock::Clock;
use crate::config::Config;
use crate::scan::port::{Address, Detail, Port, PortSpec};
use crate::scan::profile::Profile;
use crate::scan::watch::event_lines;

/// Where the system lists USB and serial devices by the socket they are plugged into.
const BY_PATH: &str = "/dev/serial/by-path";
/// Events that may wait for the terminal; a terminal that is slower misses some, and is told.
const MAX_WAITING: usize = 1_024;

/// What `scanner` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    look: Look,
}

#[derive(Debug, Subcommand)]
enum Look {
    /// List the serial devices of this machine and the scanners of the configuration
    List,
    /// Show what arrives at a port, byte by byte and as meaning, until Ctrl-C. It may show patients' numbers
    Watch {
        /// A path such as /dev/ttyS0, or tcp://HOST:PORT
        port: Address,
        /// How the scanner speaks
        #[arg(long, value_name = "NAME", default_value = "generic-serial")]
        profile: String,
    },
    /// List the profiles
    Profiles,
    /// Make the sheet that programmes a scanner: A4, numbered steps, then the proof
    Sheet(sheet::Args),
}

/// Looks at scanners.
pub fn run(config: &Config, args: Args) -> anyhow::Result<ExitCode> {
    match args.look {
        Look::List => list(config)?,
        Look::Watch { port, profile } => watch(config, port, &profile)?,
        Look::Profiles => profiles(config)?,
        Look::Sheet(args) => sheet::run(config, &args)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(config: &Config) -> anyhow::Result<()> {
    let plugged = plugged_in(Path::new(BY_PATH));
    for path in &plugged {
        out::line(format_args!("{}\t{}", path.display(), standing(config, &path.to_string_lossy())))?;
    }
    let scanners = config.desks.iter().flat_map(|desk| &desk.scanners);
    for scanner in
        scanners.filter(|scanner| !plugged.iter().any(|path| path.as_os_str() == scanner.port.as_str()))
    {
        let there = if scanner.port.contains("://") || Path::new(&scanner.port).exists() {
            ""
        } else {
            ", not there"
        };
        out::line(format_args!("{}\t{}{there}", scanner.port, standing(config, &scanner.port)))?;
    }
    if plugged.is_empty() {
        out::tell(format_args!(
            "nothing stands under {BY_PATH}: is a scanner plugged in, in its serial mode?"
        ));
    }
    Ok(())
}

fn plugged_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

fn standing(config: &Config, port: &str) -> String {
    let desk = config.desks.iter().find(|desk| desk.scanners.iter().any(|scanner| scanner.port == port));
    desk.map_or_else(|| "not in the configuration".to_owned(), |desk| format!("desk {}", desk.setup.code))
}

fn watch(config: &Config, address: Address, profile: &str) -> anyhow::Result<()> {
    let profile = Profile::named(profile, config.profiles_dir().as_deref())?;
    out::tell(format_args!("watching {address} as {}; Ctrl-C ends it", profile.title));
    let (events, arrived) = sync_channel(MAX_WAITING);
    let spec = PortSpec { name: "watch".to_owned(), address, profile, detail: Detail::FramesAndBytes };
    let sink = move |event| {
        if events.try_send(event).is_err() {
            tracing::warn!("the terminal is slow: some bytes are not shown");
        }
    };
    // Ends with the process: nothing is kept that an end could spoil.
    let _port = Port::spawn(spec, Clock::system(), sink).context("starting the scanner's threads")?;
    while let Ok(event) = arrived.recv() {
        for line in event_lines(&event, &config.time_zone) {
            out::line(line)?;
        }
    }
    Ok(())
}

fn profiles(config: &Config) -> anyhow::Result<()> {
    for profile in Profile::built_in() {
        out::line(format_args!("{}\t{}", profile.name, profile.title))?;
    }
    let Some(folder) = config.profiles_dir() else { return Ok(()) };
    for path in plugged_in(&folder) {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        match Profile::named(&name, Some(&folder)) {
            Ok(profile) => {
                out::line(format_args!("{}\t{}\t{}", profile.name, profile.title, path.display()))?;
            }
            Err(error) => out::tell(format_args!("{}: {error}", path.display())),
        }
    }
    Ok(())
}
