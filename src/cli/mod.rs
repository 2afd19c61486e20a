//! The command line: one file a subcommand. Data go to stdout, messages to stderr.

pub mod bench;
pub mod check_config;
pub mod configure;
pub mod demo;
pub mod door;
pub mod export;
pub mod import;
pub mod intake;
pub mod label;
pub mod locate;
pub mod locate_eval;
pub mod out;
pub mod progress;
pub mod remote;
pub mod report;
pub mod scan;
pub mod scanner;
pub mod serve;
pub mod verify;

use std::future::Future;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::config::{Config, ConfigError};
use crate::feeds::WrongFeed;
use crate::observe::{self, Format};

/// Exit code of a command that did not do all that was asked.
pub const FAILED: u8 = 1;
/// Exit code of a wrong command line or configuration.
pub const WRONG_USE: u8 = 2;

/// Knows where every paper casenote is.
#[derive(Debug, Parser)]
#[command(name = "casetrack", version, about, max_term_width = 100)]
pub struct Cli {
    /// The configuration; casetrack.toml here if there is one, else built-in defaults
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data folder, instead of the configuration's
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Which log lines are written, such as info or casetrack::store=debug [env: CASETRACK_LOG]
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    /// The form of log lines, text or json [env: CASETRACK_LOG_FORMAT]
    #[arg(long, global = true, value_name = "FORM")]
    log_format: Option<Format>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Listen to the scanners and serve the pages
    Serve,
    /// Build a believable hospital, let its clerks work, and serve it
    Demo(demo::Args),
    /// Scan what stands on stdin, one text a line, at a desk
    Scan(scan::Args),
    /// Import what another system knows from a CSV file
    Import(import::Args),
    /// Write movements, whereabouts or questions for other programs, as CSV or JSON Lines
    Export(export::Args),
    /// Make labels, cards and the page that shows how a printer prints
    Label(label::Args),
    /// Tell figures as they were known at the end of a day
    Report(report::Args),
    /// Say where to look for a folder that is not where it should be
    Locate(locate::Args),
    /// Plan the searches of a simulated hospital, to be scored
    LocateEval(locate_eval::Args),
    /// Rebuild what is where from the log and compare; exit 1 if anything is wrong
    Verify(verify::Args),
    /// Say what is in force, or what a barcode would be
    CheckConfig(check_config::Args),
    /// Measure this machine's floors and the product beside them
    Bench(bench::Args),
    /// Look at scanners
    Scanner(scanner::Args),
}

/// Does what the command line asks.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    observe::start(cli.log_format, cli.log.as_deref())?;
    let config = || Config::load(cli.config.as_deref(), cli.data.as_deref());
    match cli.command {
        Command::Serve => in_runtime(serve::run(config()?)),
        Command::Demo(args) => in_runtime(demo::run(args, cli.data.clone())),
        Command::Scan(args) => in_runtime(scan::run(config()?, args)),
        Command::Import(args) => in_runtime(import::run(config()?, args)),
        Command::Export(args) => export::run(&config()?, &args),
        Command::Label(args) => in_runtime(label::run(config()?, args)),
        Command::Report(args) => in_runtime(report::run(config()?, args)),
        Command::Locate(args) => in_runtime(locate::run(config()?, args)),
        Command::LocateEval(args) => locate_eval::run(&args),
        Command::Verify(args) => verify::run(&config()?, &args),
        Command::CheckConfig(args) => check_config::run(&config()?, &args),
        Command::Bench(args) => bench::run(&args),
        Command::Scanner(args) => scanner::run(&config()?, args),
    }
}

fn in_runtime(command: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the system gives no threads")?;
    let done = runtime.block_on(command);
    // A read of stdin cannot be called off: it must not hold up the end.
    runtime.shutdown_background();
    done
}

/// The exit code of an error: mistakes in the configuration and in feed files are wrong use.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    let is_wrong_use =
        error.downcast_ref::<ConfigError>().is_some() || error.downcast_ref::<WrongFeed>().is_some();
    if is_wrong_use { WRONG_USE } else { FAILED }
}
