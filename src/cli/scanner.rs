//! `casetrack scanner`: what is plugged in, what a scanner sends, which profiles there are.

mod list;
mod service;
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
    /// List the scanners, serial adapters and keyboards on USB, and the scanners of the configuration: port, identity,
    /// mode, what it says it is, desk, profile, whether it can be opened, and how it does
    List,
    /// Show what arrives at a port, byte by byte and as meaning, until Ctrl-C. It may show patients' numbers
    Watch {
        /// A path such as /dev/ttyS0, usb://1-2.4, usb-serial://VID:PID/SERIAL, or tcp://HOST:PORT
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
        Look::List => list::run(config)?,
        Look::Watch { port, profile } => watch(config, port, &profile)?,
        Look::Profiles => profiles(config)?,
        Look::Sheet(args) => sheet::run(config, &args)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
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
    for path in files(&folder) {
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
