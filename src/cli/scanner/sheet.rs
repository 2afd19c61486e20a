//! `casetrack scanner sheet`: the sheet that programmes a scanner, as PDF or as a picture a page.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::cli::label::write::{numbered, put};
use crate::cli::out;
use crate::config::Config;
use crate::labels::measure::Dpi;
use crate::labels::pdf::pdf;
use crate::labels::raster::{Which, raster};
use crate::labels::scene::Scene;
use crate::labels::sheet::Page;
use crate::labels::svg::svg;
use crate::scan::profile::{Interface, Profile};
use crate::staging::{Plan, Unconfirmed, pages, title};

/// What `scanner sheet` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The profile; `scanner profiles` lists them
    profile: String,
    /// The file, PROFILE.pdf unless told; .png and .svg make a picture a page
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// What the scanner is to be: usb-serial, rs232, ssi, hid-pos, keyboard
    #[arg(long, value_name = "INTERFACE")]
    interface: Option<Interface>,
    /// Print codes too that nobody has confirmed, marked
    #[arg(long)]
    unverified: bool,
    /// Dots to the inch of the printer: 203, 300, 600
    #[arg(long, default_value_t = 600)]
    dpi: u16,
}

/// Makes the sheet.
pub fn run(config: &Config, args: &Args) -> anyhow::Result<()> {
    let profile = Profile::named(&args.profile, config.profiles_dir().as_deref())?;
    let unconfirmed = if args.unverified { Unconfirmed::Marked } else { Unconfirmed::LeftOut };
    let plan = Plan::new(&profile, args.interface, unconfirmed)?;
    for title in &plan.left_out {
        out::tell(format_args!(
            "left out, because nobody has confirmed its code: {title} (--unverified prints it)"
        ));
    }
    let dpi = Dpi::new(args.dpi).context("--dpi: 150 to 1200 are possible")?;
    let pages = pages(&plan, dpi)?;
    let file = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.pdf", profile.name)));
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("pdf") => put(&file, &pdf(&title(&plan), &pages)?),
        Some("png") => each(&file, &pages, |scene| Ok(raster(scene, Which::All).png(scene.dpi)?)),
        Some("svg") => each(&file, &pages, |scene| Ok(svg(scene).into_bytes())),
        _ => bail!("{}: a name that ends in .pdf, .png or .svg is needed", file.display()),
    }
}

/// A file a page; the second and later ones are numbered.
fn each(file: &Path, pages: &[Page], draw: impl Fn(&Scene) -> anyhow::Result<Vec<u8>>) -> anyhow::Result<()> {
    let scenes = pages.iter().flat_map(|page| &page.placed).map(|placed| &placed.scene);
    for (number, scene) in (1..).zip(scenes) {
        let file = if number == 1 { file.to_owned() } else { numbered(file, number) };
        put(&file, &draw(scene)?)?;
    }
    Ok(())
}
