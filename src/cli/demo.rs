//! `casetrack demo`: a believable hospital at work, to look at and scan in.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use super::{out, serve};
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::sim::demo;
use crate::sim::hospital::Size;

/// What `demo` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where it listens
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// How many times as fast as in life the clerks work
    #[arg(long, value_name = "TIMES", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=i64::from(demo::MAX_PACE)))]
    pace: u32,
    /// The same number makes the same hospital
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// How many folders
    #[arg(long, value_name = "COUNT", default_value_t = Size::DEMO.folders, hide = true)]
    folders: u64,
}

/// Builds the hospital in `dir` and serves it until SIGTERM or SIGINT. What an earlier demo left there is cleared.
pub async fn run(args: Args, dir: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    let stop = serve::stop_signal()?;
    let dir = dir.unwrap_or_else(|| PathBuf::from(demo::DEFAULT_DIR));
    let Args { listen, pace, seed, folders } = args;
    let plan = demo::Args { dir, listen, pace, seed, size: Size { folders } };
    out::tell("building the hospital");
    let clock = Clock::system();
    let serve = |config: PathBuf| async move {
        let config = Config::load(Some(&config), None)?;
        app::serve(config, Clock::system(), serve::say_ready, stop).await
    };
    demo::run(plan, clock, serve).await?;
    Ok(ExitCode::SUCCESS)
}
