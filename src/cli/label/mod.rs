//! `casetrack label`: lays labels out and writes them as PDF, SVG, PNG or ZPL.

mod rows;
mod said;
pub(super) mod write;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::{Args as ClapArgs, Subcommand};

use super::{FAILED, out};
use crate::config::Config;
use crate::labels::measure::Dpi;
use crate::labels::printer::{Colours, Printer};
use crate::labels::sheet::Start;
use crate::labels::{Kind, LabelData, Stock, Stocks, Template, Templates};
use write::Writing;

/// What `label` takes.
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    paper: Paper,
}

/// What labels are made for.
#[derive(Debug, Subcommand)]
enum What {
    /// Folders, by barcode
    Volume {
        /// Their barcodes
        #[arg(value_name = "BARCODE")]
        barcodes: Vec<String>,
        /// A CSV file with a column barcode
        #[arg(long, value_name = "FILE.csv")]
        csv: Option<PathBuf>,
        /// For the spine instead of the cover
        #[arg(long)]
        spine: bool,
    },
    /// Places and shelves, by code
    Place {
        /// Their codes
        #[arg(value_name = "CODE")]
        codes: Vec<String>,
        /// A CSV file with a column code
        #[arg(long, value_name = "FILE.csv")]
        csv: Option<PathBuf>,
        /// All places beneath these, and these
        #[arg(long)]
        beneath: bool,
    },
    /// Crates, trolleys, boxes, by code
    Container {
        /// Their codes
        #[arg(value_name = "CODE")]
        codes: Vec<String>,
        /// A CSV file with a column code
        #[arg(long, value_name = "FILE.csv")]
        csv: Option<PathBuf>,
    },
    /// Badges, by what stands on them
    Staff {
        /// The badges
        #[arg(value_name = "BADGE")]
        badges: Vec<String>,
        /// A CSV file with a column badge
        #[arg(long, value_name = "FILE.csv")]
        csv: Option<PathBuf>,
    },
    /// The command cards, and with --desk a desk's own card
    Cards {
        /// The desk whose pairing card is printed too
        #[arg(long, value_name = "DESK")]
        desk: Option<String>,
    },
    /// Whatever a CSV file says, without a database: columns kind, key, surname, forename and the texts of a label
    Sheet {
        /// The file
        #[arg(value_name = "FILE.csv")]
        csv: PathBuf,
    },
    /// A page with a 100 mm rule, the frames of the labels and bars of known widths
    Calibrate,
}

/// On what, from where on, by which printer, into which file.
#[derive(Debug, ClapArgs)]
struct Paper {
    /// The stock: L7160, L7163, 50x25 … (see labels/stocks)
    #[arg(long, global = true, default_value = "L7160")]
    stock: String,
    /// A folder with more stocks, *.toml
    #[arg(long, global = true, value_name = "DIR")]
    stocks: Option<PathBuf>,
    /// The template, instead of the largest that fits
    #[arg(long, global = true)]
    template: Option<String>,
    /// A folder with more templates, *.toml
    #[arg(long, global = true, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// Dots to the inch of the printer: 203, 300, 600
    #[arg(long, global = true, default_value_t = 600)]
    dpi: u16,
    /// The printer has no colours
    #[arg(long, global = true)]
    black: bool,
    /// Move everything so many dots to the right and down, as the calibration page showed
    #[arg(long, global = true, value_name = "RIGHT,DOWN", value_parser = offset, default_value = "0,0", allow_hyphen_values = true)]
    offset: (i32, i32),
    /// The first label of the first sheet, along the rows
    #[arg(long, global = true, default_value_t = 1)]
    start: u32,
    /// Spoiled labels of the first sheet
    #[arg(long, global = true, value_name = "N,N", value_delimiter = ',')]
    skip: Vec<u32>,
    /// Copies of each label
    #[arg(long, global = true, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=999))]
    copies: u16,
    /// The file; its ending says what is written: pdf, svg, png, zpl, tspl, epl
    #[arg(short, long, global = true, value_name = "FILE", default_value = "labels.pdf")]
    out: PathBuf,
}

/// More dots than any printer is off by.
const MAX_OFFSET: i32 = 1_200;

fn offset(text: &str) -> Result<(i32, i32), String> {
    let read = |part: &str| part.trim().parse::<i32>().ok().filter(|dots| dots.abs() <= MAX_OFFSET);
    let pair = text.split_once(',').and_then(|(right, down)| Some((read(right)?, read(down)?)));
    pair.ok_or_else(|| format!("two whole numbers of dots, at most {MAX_OFFSET}, such as 3,-2 are needed"))
}

/// Makes labels. Exit 0: all; 1: some could not be laid out, and are named.
pub async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    let paper = args.paper;
    let stocks = Stocks::read(files(&more(paper.stocks.as_deref())?))?;
    let templates = Templates::read(files(&more(paper.templates.as_deref())?))?;
    let known = || stocks.all().map(|stock| stock.code.clone()).collect::<Vec<_>>().join(", ");
    let stock = stocks
        .find(&paper.stock)
        .ok_or_else(|| anyhow!("no stock {}: one of {} is needed", paper.stock, known()))?;
    let dpi = Dpi::new(paper.dpi).context("--dpi: 150 to 1200 are possible")?;
    let colours = if paper.black { Colours::Black } else { Colours::Ten };
    let printer = Printer { dpi, colours, offset: paper.offset };
    let start = Start::new(stock, paper.start, paper.skip.iter().copied())?;
    let writing = Writing { stock, printer, start, copies: paper.copies, out: paper.out.clone() };
    let choose = |kind| template_for(&templates, paper.template.as_deref(), kind, stock);
    let failed = match args.what {
        What::Calibrate => writing.calibration().map(|()| 0)?,
        What::Sheet { csv } => writing.labels(rows::sheet(&csv)?, choose)?,
        what @ (What::Volume { .. }
        | What::Place { .. }
        | What::Container { .. }
        | What::Staff { .. }
        | What::Cards { .. }) => {
            let said = said::said(&config, what).await?;
            writing.labels(said.into_iter().map(Ok), choose)?
        }
    };
    if failed == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    out::tell(format_args!("{failed} labels were not printed; each is named above"));
    Ok(ExitCode::from(FAILED))
}

fn template_for<'t>(
    templates: &'t Templates,
    named: Option<&str>,
    kind: Kind,
    stock: &Stock,
) -> anyhow::Result<&'t Template> {
    match named {
        Some(name) => templates.find(name).ok_or_else(|| {
            let known: Vec<_> = templates.all().map(|template| template.code.as_str()).collect();
            anyhow!("no template {name}: one of {} is needed", known.join(", "))
        }),
        None => templates
            .largest_for(kind, stock)
            .ok_or_else(|| anyhow!("{} is too small for a {kind:?} label: choose another stock", stock.name)),
    }
}

/// The names and texts of a folder's TOML files.
fn more(folder: Option<&std::path::Path>) -> anyhow::Result<Vec<(String, String)>> {
    let Some(folder) = folder else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let text =
                std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
            found.push((path.display().to_string(), text));
        }
    }
    found.sort();
    Ok(found)
}

fn files(more: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    more.iter().map(|(name, text)| (name.as_str(), text.as_str()))
}

/// A label, or what is wrong with the row that should say what it is.
type Row = anyhow::Result<LabelData>;
