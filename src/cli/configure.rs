//! `casetrack scanner configure`: a profile's settings, sent over a scanner's two-way link and read back.

use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Value, json};

use super::{FAILED, out};
use crate::config::Config;
use crate::scan::configure::{
    CannotConfigure, Change, Done, Keep, Link, Run, Unverified, Wanted, configure, language_of,
};
use crate::scan::port::{Address, LostWhy};
use crate::scan::profile::{Need, Profile};

/// What stands where a scanner told no value.
const NO_VALUE: &str = "-";

/// What `scanner configure` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A path such as /dev/ttyACM0, or another port as the configuration writes it
    port: Address,
    /// Whose settings
    #[arg(long, value_name = "NAME")]
    profile: String,
    #[command(flatten)]
    how: How,
    /// Print the changes as JSON
    #[arg(long)]
    json: bool,
}

/// How settings are sent.
#[derive(Debug, clap::Args)]
struct How {
    /// Ask what is set now and show what would change; set nothing
    #[arg(long)]
    dry_run: bool,
    /// Let the scanner keep the settings without power; its memory wears, so do it once
    #[arg(long)]
    permanent: bool,
    /// Send also what nobody has confirmed
    #[arg(long)]
    unverified: bool,
}

impl How {
    fn wanted(&self) -> Wanted {
        Wanted {
            keep: if self.permanent { Keep::ForGood } else { Keep::UntilOff },
            run: if self.dry_run { Run::Dry } else { Run::Real },
            unverified: if self.unverified { Unverified::Send } else { Unverified::Skip },
        }
    }
}

/// Configures a scanner. Exit 0: it is as the profile needs it; 1: it is not, or not shown to be.
pub fn run(config: &Config, args: &Args) -> anyhow::Result<ExitCode> {
    let profile = Profile::named(&args.profile, config.profiles_dir().as_deref())?;
    let wanted = args.how.wanted();
    language_of(&profile.program, wanted.keep).with_context(|| profile.title.clone())?;
    let mut link = Link::open(&args.port, &profile).map_err(|error| cannot_open(config, args, &error))?;
    let widths = Widths::of(&profile);
    let mut told = Ok(());
    let changes = configure(&mut link, &profile.program, wanted, |change| {
        if !args.json && told.is_ok() {
            told = out::line(widths.line(change));
        }
    });
    link.close();
    told?;
    let changes = changes?;
    if args.json {
        out::line(as_json(args, &changes))?;
    }
    tell(args, &changes);
    let is_well = changes.iter().all(is_well);
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// Whether the scanner can be used, as far as this setting goes. What it may be without, it may also not know.
fn is_well(change: &Change) -> bool {
    let is_left_out = matches!(change.done, Done::Skipped | Done::Unknown | Done::Refused);
    change.done.is_well() || (change.need == Need::Optional && is_left_out)
}

/// Why the port cannot be opened, and what to do where the service has it.
fn cannot_open(config: &Config, args: &Args, error: &CannotConfigure) -> anyhow::Error {
    let port = args.port.to_string();
    let desk = config.desks.iter().find(|desk| desk.scanners.iter().any(|scanner| scanner.port == port));
    match (error, desk) {
        (CannotConfigure::Lost(LostWhy::Busy), Some(desk)) => anyhow::anyhow!(
            "{port} is in use: it is a scanner of desk {}, and the service listens to it. Stop the service, configure \
             the scanner, and start it again. Nothing was sent",
            desk.setup.code
        ),
        (CannotConfigure::Lost(LostWhy::Busy), None) => anyhow::anyhow!(
            "{port} is in use by another program, perhaps by this service: stop it first. Nothing was sent"
        ),
        (error, _) => anyhow::anyhow!("{port}: {error}"),
    }
}

/// The widths of the table, from what the profile says; longer values push what follows.
struct Widths {
    title: usize,
    value: usize,
}

impl Widths {
    fn of(profile: &Profile) -> Self {
        let longest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or(0);
        let steps = &profile.program.serial;
        Self {
            title: longest(&mut steps.iter().map(|step| step.title.chars().count())),
            value: longest(&mut steps.iter().map(|step| step.expect.chars().count())),
        }
    }

    fn line(&self, change: &Change) -> String {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| NO_VALUE.to_owned());
        format!(
            "{:<title$}  {:<width$} → {:<width$}  {}",
            change.title,
            value(&change.before),
            value(&change.after),
            change.done.says(),
            title = self.title,
            width = self.value,
        )
    }
}

/// What the table does not say by itself.
fn tell(args: &Args, changes: &[Change]) {
    let count = |done: Done| changes.iter().filter(|change| change.done == done).count();
    let (set, skipped, would) = (count(Done::Confirmed), count(Done::Skipped), count(Done::Would));
    if skipped > 0 {
        out::tell(format_args!(
            "{skipped} left out: no manual or device has confirmed them; --unverified sends them too"
        ));
    }
    if would > 0 {
        out::tell(format_args!("nothing was set; without --dry-run {would} would be"));
    }
    if set > 0 && !args.how.permanent {
        out::tell("what was set lasts until the scanner loses its power; --permanent keeps it");
    }
    let wrong = changes.iter().filter(|change| !is_well(change)).count();
    if wrong > 0 {
        out::tell(format_args!("{wrong} not as the profile wants it, or not shown to be"));
    }
}

fn as_json(args: &Args, changes: &[Change]) -> Value {
    let change = |change: &Change| {
        json!({
            "title": change.title,
            "send": change.send,
            "before": change.before,
            "after": change.after,
            "done": change.done.name(),
            "needed": change.need == Need::Needed,
            "evidence": change.evidence.name(),
        })
    };
    json!({
        "port": args.port.to_string(),
        "profile": args.profile,
        "dry_run": args.how.dry_run,
        "permanent": args.how.permanent,
        "settings": changes.iter().map(change).collect::<Vec<_>>(),
    })
}
