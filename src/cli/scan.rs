//! `casetrack scan --desk CODE`: each line of stdin is read at a desk, as if its scanner had sent it.

use std::process::ExitCode;

use serde_json::json;
use tokio::io::BufReader;

use super::door::Door;
use super::{FAILED, out};
use crate::app::lines::{Line, next_line};
use crate::app::wire::{ScanAsked, Told};
use crate::clock::Clock;
use crate::config::Config;
use crate::desk::scan_id;
use crate::domain::barcode::{Entry, MAX_TEXT_LEN};
use crate::domain::place::Code;
use crate::scan::aim::Aim;

/// What `scan` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The desk
    #[arg(long, value_name = "CODE")]
    desk: Code,
    /// The session of that desk; the same name goes on where it ended
    #[arg(long, value_name = "NAME", default_value = "stdin")]
    session: String,
    /// The lines were typed, not scanned
    #[arg(long)]
    typed: bool,
    /// Print JSON, one object a line
    #[arg(long)]
    json: bool,
}

/// Scans every line, one after the other. Stops at the first that cannot be answered.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    let clock = Clock::system();
    let mut door = Door::open(config).await?;
    let scanned = scan_all(&mut door, &args, &clock).await;
    door.close().await;
    scanned
}

async fn scan_all(door: &mut Door, args: &Args, clock: &Clock) -> anyhow::Result<ExitCode> {
    let mut stdin = BufReader::new(tokio::io::stdin());
    let mut all_read = true;
    while let Some(line) = next_line(&mut stdin, MAX_TEXT_LEN).await? {
        let Line::Whole(bytes) = line else {
            out::tell("a line is too long for a barcode and was not scanned");
            all_read = false;
            continue;
        };
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let told = door.scan(&asked(&bytes, args, clock)).await?;
        out::line(if args.json { as_json(&told) } else { as_text(&told) })?;
    }
    Ok(if all_read { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

/// A scanner's line: an AIM identifier may stand before the text. Typed text has none.
fn asked(line: &[u8], args: &Args, clock: &Clock) -> ScanAsked {
    let (aim, text) = match Aim::take(line).filter(|_| !args.typed) {
        Some((aim, text)) => (Some(aim.to_string()), text),
        None => (None, line),
    };
    ScanAsked {
        desk: args.desk.to_string(),
        session: args.session.clone(),
        id: scan_id(clock.read()).uuid(),
        text: String::from_utf8_lossy(text).trim().to_owned(),
        aim,
        entry: if args.typed { Entry::Typed } else { Entry::Scanned },
    }
}

fn as_text(told: &Told) -> String {
    let line = format!("{}\t{}\t{}", told.signal.word(), told.title, told.detail);
    line.trim_end().to_owned()
}

fn as_json(told: &Told) -> String {
    let Told { signal, title, detail, movements, session } = told;
    json!({"signal": signal, "title": title, "detail": detail, "movements": movements, "session": session})
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answer::Signal;

    fn args(typed: bool) -> Args {
        Args { desk: "LIB-1".parse().unwrap(), session: "stdin".to_owned(), typed, json: false }
    }

    #[test]
    fn a_line_is_what_a_scanner_sends() {
        let clock = Clock::system();
        let scanned = asked(b"]A0RX123456 ", &args(false), &clock);
        assert_eq!((scanned.aim.as_deref(), scanned.text.as_str()), (Some("]A0"), "RX123456"));
        let typed = asked(b"]A0RX", &args(true), &clock);
        assert_eq!((typed.aim, typed.text.as_str(), typed.entry), (None, "]A0RX", Entry::Typed));
    }

    #[test]
    fn an_answer_is_one_line() {
        let told = Told {
            signal: Signal::Arrived,
            title: "RECEIVED".to_owned(),
            detail: String::new(),
            movements: Vec::new(),
            session: "Next folder: RECEIVED at Clinic 5".to_owned(),
        };
        assert_eq!(as_text(&told), "arrived\tRECEIVED");
        assert_eq!(serde_json::from_str::<Told>(&as_json(&told)).unwrap().title, "RECEIVED");
    }
}
