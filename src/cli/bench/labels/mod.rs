//! `casetrack bench labels`: sheets of labels beside reportlab drawing the same sheet, in one run.
//!
//! Both run as processes of their own, from reading the CSV file to the last byte on disk. What each line measures
//! stands in `src/docs/performance.md`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};

use super::table::{Goal, Line, Unit, real};
use super::{MEGABYTE, print, say};
use crate::clock::{self, Clock};
use crate::domain::import::Said;
use crate::labels::code::{Run, Symbology, encode};
use crate::labels::say::born;
use crate::sim::hospital::{Hospital, Size, label};
use crate::sim::random::USUAL_SEED;

/// The same sheet in reportlab.
const FLOOR: &str = include_str!("sheet.py");
/// How many labels; reportlab draws the first two.
const COUNTS: [u64; 4] = [21, 1_000, 10_000, 100_000];
/// reportlab draws no more: its rate is the same for more, and it takes its time.
const MOST_BESIDE: u64 = 1_000;
/// The rate is at least so many times that of reportlab with a Data Matrix of its own, at the larger of both counts.
const TIMES_AS_FAST: f64 = 50.0;
/// Memory at the most.
const MEMORY_MB: f64 = 100.0;
/// What 21 labels, and 1,000, may weigh.
const WEIGHT: [(u64, f64); 2] = [(21, 60_000.0), (1_000, 1_000_000.0)];
/// Between two looks at the memory of a process.
const LOOK: Duration = Duration::from_millis(2);

/// What to measure, and where.
#[derive(clap::Args, Clone, Debug)]
pub struct Bench {
    /// The folder to work in.
    #[arg(long)]
    dir: PathBuf,
    /// A Python that has reportlab.
    #[arg(long, default_value = "python3")]
    python: PathBuf,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// What a run took.
struct Took {
    seconds: f64,
    /// The most memory it had, in bytes.
    memory: u64,
}

/// Runs the bench and prints its table.
pub fn run(bench: &Bench) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(&bench.dir).context("making the bench's folder")?;
    let script = bench.dir.join("sheet.py");
    std::fs::write(&script, FLOOR).context("writing the floor's script")?;
    fonts(&bench.dir)?;
    let mut lines = Vec::new();
    for count in COUNTS {
        say(&format!("{count} labels"));
        let rows = bench.dir.join(format!("labels-{count}.csv"));
        std::fs::write(&rows, sheet(count, &[])?).context("writing the labels")?;
        lines.extend(measure(bench, &script, &rows, count)?);
    }
    print(&lines, bench.json)
}

fn measure(bench: &Bench, script: &Path, rows: &Path, count: u64) -> anyhow::Result<Vec<Line>> {
    let out = bench.dir.join(format!("labels-{count}.pdf"));
    let own = std::env::current_exe().context("finding this program")?;
    let mut product = Command::new(own);
    product.args(["label", "sheet"]).arg(rows).args(["--stock", "L7160", "--out"]).arg(&out);
    let took = timed(&mut product)?;
    let rate = real(count) / took.seconds;
    let memory = real(took.memory) / MEGABYTE;
    let what = format!("{count} labels");
    let mut lines = Vec::new();
    if count > MOST_BESIDE {
        let peak = format!("{what}: peak memory");
        lines.push(Line::alone(what, Unit::PerSecond, rate, Goal::Stated));
        lines.push(Line::alone(peak, Unit::Megabytes, memory, Goal::AtMost(MEMORY_MB)));
        return Ok(lines);
    }
    let goal = if count == MOST_BESIDE { Goal::RatioAtLeast(TIMES_AS_FAST) } else { Goal::Stated };
    for (how, more, goal) in
        [("its own Data Matrix", [].as_slice(), goal), ("our modules given", &["matrix"], Goal::Stated)]
    {
        let beside = bench.dir.join(format!("floor-{count}.csv"));
        std::fs::write(&beside, sheet(count, more)?).context("writing the labels")?;
        let mut floor = Command::new(&bench.python);
        floor
            .arg(script)
            .arg(beside)
            .arg(bench.dir.join(format!("floor-{count}.pdf")))
            .current_dir(&bench.dir);
        let floor = timed(&mut floor).context("drawing the sheet with reportlab: pip install reportlab")?;
        let (rate_there, memory_there) = (real(count) / floor.seconds, real(floor.memory) / MEGABYTE);
        let rates = format!("{what}: reportlab, {how} (floor), casetrack");
        lines.push(Line::ratio(rates, Unit::PerSecond, rate_there, rate, goal));
        let peaks = format!("{what}: peak memory beside it");
        lines.push(Line::ratio(peaks, Unit::Megabytes, memory_there, memory, Goal::AtMost(MEMORY_MB)));
    }
    if let Some((_, most)) = WEIGHT.iter().find(|(of, _)| *of == count) {
        let bytes = std::fs::metadata(&out).context("weighing the PDF")?.len();
        let weight = format!("{what}: weight of the PDF");
        lines.push(Line::alone(weight, Unit::Bytes, real(bytes), Goal::AtMost(*most)));
    }
    Ok(lines)
}

/// Runs a process to its end and watches its memory.
fn timed(command: &mut Command) -> anyhow::Result<Took> {
    let clock = Clock::system();
    let began = clock.read().boot_us;
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("starting it")?;
    let mut memory = 0;
    let status = loop {
        memory = memory.max(peak(child.id()).unwrap_or(0));
        if let Some(status) = child.try_wait().context("waiting for it")? {
            break status;
        }
        clock::pause(LOOK);
    };
    if !status.success() {
        bail!("{} ended with {status}", command.get_program().display());
    }
    let micros = clock.read().boot_us.saturating_sub(began);
    Ok(Took { seconds: Duration::from_micros(u64::try_from(micros)?).as_secs_f64(), memory })
}

/// `VmHWM` of a process, in bytes.
fn peak(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1_024)
}

/// The faces beside the script, so that both set the same.
fn fonts(dir: &Path) -> anyhow::Result<()> {
    for font in crate::labels::font::Font::ALL {
        std::fs::write(dir.join(format!("{}.ttf", font.name())), font.bytes())
            .context("writing the fonts")?;
    }
    Ok(())
}

/// Folders of the seeded hospital as a CSV file; with the column `matrix` each has the modules of its Data Matrix too.
fn sheet(count: u64, more: &[&str]) -> anyhow::Result<Vec<u8>> {
    let hospital = Hospital::build(USUAL_SEED, Size { folders: count.max(100) });
    let mut rows = csv::Writer::from_writer(Vec::new());
    let columns = ["kind", "key", "surname", "forename", "born", "number", "nhs", "volume", "printed"];
    rows.write_record(columns.iter().chain(more))?;
    for folder in 0..count {
        let key = label(folder).to_string();
        let mut row = texts(&hospital, folder);
        row.splice(0..0, ["volume".to_owned(), key.clone()]);
        row.extend(["Vol 1 of 1".to_owned(), "28-Nov-2026".to_owned()]);
        if !more.is_empty() {
            row.push(matrix(&key)?);
        }
        rows.write_record(&row)?;
    }
    Ok(rows.into_inner()?)
}

/// Surname, forename, birth date and numbers of the folder's patient.
fn texts(hospital: &Hospital, folder: u64) -> Vec<String> {
    fn told<T>(said: Said<T>, tell: impl Fn(T) -> String) -> String {
        match said {
            Said::Is(value) => tell(value),
            Said::Nothing | Said::Unsaid => String::new(),
        }
    }
    let number = folder % hospital.size.patients();
    let patient = hospital.patient(number);
    vec![
        told(patient.surname, |name| name.to_uppercase()),
        told(patient.forename, |name| name),
        told(patient.born, |day| format!("born {}", born(day))),
        hospital.hospital_number(number).to_string(),
        told(patient.nhs_number, |number| format!("NHS {}", number.spaced())),
    ]
}

fn matrix(key: &str) -> anyhow::Result<String> {
    let modules = encode(key, Symbology::DataMatrix)?;
    let run = |run: &Run| format!("{}+{}", run.start, run.len);
    let row = |row: &Vec<Run>| row.iter().map(run).collect::<Vec<_>>().join(" ");
    Ok(modules.rows.iter().map(row).collect::<Vec<_>>().join("/"))
}
