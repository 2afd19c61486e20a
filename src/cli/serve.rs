//! `casetrack serve`: the service.

use std::process::ExitCode;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use super::out;
use crate::app;
use crate::clock::Clock;
use crate::config::{Access, Config};

/// Serves until SIGTERM or SIGINT.
pub async fn run(config: Config) -> anyhow::Result<ExitCode> {
    warn(&config);
    let stop = stop_signal()?;
    app::serve(config, Clock::system(), say_ready, stop).await?;
    Ok(ExitCode::SUCCESS)
}

fn warn(config: &Config) {
    if config.access == Access::Everybody {
        out::tell(format_args!(
            "warning: whoever reaches {} may see and move everything: nobody is asked who they are",
            config.listen
        ));
    }
    if config.desks.is_empty() {
        out::tell("no desks yet: write [[desk]] blocks into the configuration");
    }
}

/// Tells the address, for people and scripts.
pub fn say_ready(address: std::net::SocketAddr) {
    if out::line(format_args!("Casetrack is ready at http://{address}/")).is_err() {
        tracing::debug!("nobody reads stdout");
    }
}

/// Done when the system or a person asks the program to end. Listening starts at once.
pub fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for SIGINT")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
