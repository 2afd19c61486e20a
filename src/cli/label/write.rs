//! Labels into files, a document at a time: however many there are, one document is in memory.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::{Row, out};
use crate::labels::calibrate::calibration;
use crate::labels::pdf::{self, pdf};
use crate::labels::raster::{Which, raster};
use crate::labels::sheet::{Page, Start, pages};
use crate::labels::thermal::{epl, tspl};
use crate::labels::{Kind, Printer, Scene, Stock, Template, layout, svg::svg, zpl::zpl};

/// What is told of labels that cannot be printed; more are only counted.
const MAX_TOLD: usize = 20;

/// How labels are written.
pub struct Writing<'a> {
    /// On what.
    pub stock: &'a Stock,
    /// By which printer.
    pub printer: Printer,
    /// From which label on.
    pub start: Start,
    /// How often each.
    pub copies: u16,
    /// Where.
    pub out: PathBuf,
}

/// What a file's ending asks for.
enum Form {
    Pdf,
    Svg,
    Png,
    Zpl,
    Tspl,
    Epl,
}

impl Form {
    fn of(file: &Path) -> anyhow::Result<Self> {
        match file.extension().and_then(|ending| ending.to_str()) {
            Some("pdf") => Ok(Self::Pdf),
            Some("svg") => Ok(Self::Svg),
            Some("png") => Ok(Self::Png),
            Some("zpl") => Ok(Self::Zpl),
            Some("tspl") => Ok(Self::Tspl),
            Some("epl") => Ok(Self::Epl),
            _ => bail!(
                "{}: a name that ends in .pdf, .svg, .png, .zpl, .tspl or .epl is needed",
                file.display()
            ),
        }
    }
}

impl Writing<'_> {
    /// The calibration page.
    pub fn calibration(&self) -> anyhow::Result<()> {
        let page = calibration(self.stock, self.printer);
        let page =
            page.with_context(|| format!("{} has no room for the rule: use a sheet", self.stock.name))?;
        document(&self.out, &[page])
    }

    /// Lays out and writes; says how many could not be laid out.
    pub fn labels<'t>(
        &self,
        rows: impl Iterator<Item = Row>,
        choose: impl Fn(Kind) -> anyhow::Result<&'t Template>,
    ) -> anyhow::Result<usize> {
        let form = Form::of(&self.out)?;
        let mut failed = 0;
        let mut stopped = None;
        let scenes = rows.filter_map(|row| match self.scene(row, &choose) {
            Ok(scene) => Some(scene),
            Err(error) => {
                failed += 1;
                tell_failed(failed, &error);
                None
            }
        });
        let copies = usize::from(self.copies);
        match form {
            Form::Pdf => {
                let scenes = scenes.flat_map(|scene| std::iter::repeat_n(scene, copies));
                stopped = self.documents(pages(self.stock, self.printer, &self.start, scenes)).err();
            }
            Form::Svg | Form::Png | Form::Zpl | Form::Tspl | Form::Epl => self.each(&form, scenes)?,
        }
        stopped.map_or(Ok(failed), Err)
    }

    fn scene<'t>(
        &self,
        row: Row,
        choose: &impl Fn(Kind) -> anyhow::Result<&'t Template>,
    ) -> anyhow::Result<Scene> {
        let data = row?;
        let scene = layout(self.stock, choose(data.kind)?, self.printer, &data).map_err(|errors| {
            let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("{}: {}", data.key, errors.join("; "))
        })?;
        for note in &scene.notes {
            out::tell(format_args!("{}: {note}", data.key));
        }
        Ok(scene)
    }

    /// Pages by the document; the second and later ones are numbered.
    fn documents(&self, pages: impl Iterator<Item = Page>) -> anyhow::Result<()> {
        let mut number = 0;
        let mut done = 0;
        let mut held: Vec<Page> = Vec::new();
        let mut labels = 0;
        let mut pages = pages.peekable();
        while let Some(page) = pages.next() {
            labels += page.placed.len();
            held.push(page);
            let next = pages.peek().map_or(usize::MAX, |page| page.placed.len());
            if labels.saturating_add(next) <= pdf::MAX_LABELS {
                continue;
            }
            number += 1;
            let is_all = number == 1 && pages.peek().is_none();
            let file = if is_all { self.out.clone() } else { numbered(&self.out, number) };
            document(&file, &held)?;
            done += labels;
            out::tell(format_args!("{done} labels"));
            held.clear();
            labels = 0;
        }
        Ok(())
    }

    /// A picture a label; one file for all that a label printer is told.
    fn each(&self, form: &Form, scenes: impl Iterator<Item = Scene>) -> anyhow::Result<()> {
        let mut told = Vec::new();
        for (number, scene) in (1..).zip(scenes) {
            let file = if number == 1 { self.out.clone() } else { numbered(&self.out, number) };
            match form {
                Form::Zpl => told.extend(zpl(&scene, self.copies).bytes()),
                Form::Tspl => told.extend(tspl(&scene, self.copies)),
                Form::Epl => told.extend(epl(&scene, self.copies)),
                Form::Png => put(&file, &raster(&scene, Which::All).png(scene.dpi)?)?,
                Form::Svg | Form::Pdf => put(&file, svg(&scene).as_bytes())?,
            }
        }
        if !told.is_empty() {
            put(&self.out, &told)?;
        }
        Ok(())
    }
}

fn document(file: &Path, pages: &[Page]) -> anyhow::Result<()> {
    let bytes = pdf("Labels", pages)?;
    put(file, &bytes)
}

fn tell_failed(failed: usize, error: &anyhow::Error) {
    if failed <= MAX_TOLD {
        out::tell(format_args!("not printed: {error:#}"));
    }
}

/// `labels.pdf` → `labels-002.pdf`.
pub(in crate::cli) fn numbered(file: &Path, number: u32) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let ending = file.extension().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!("{stem}-{number:03}.{ending}"))
}

/// Writes a file and names it on stdout.
pub(in crate::cli) fn put(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(file, bytes).with_context(|| format!("writing {}", file.display()))?;
    out::line(file.display())?;
    Ok(())
}
