//! From what labels say to what a printer is told.

use crate::domain::printing::Paper;
use crate::labels::print::{Language, Setup};
use crate::labels::sheet::{Start, pages};
use crate::labels::stock::Medium;
use crate::labels::{Files, LabelData, Scene, Stock, Template, layout, pdf, zpl};

/// What a printer is told.
pub enum Document {
    /// Pages.
    Pdf(Vec<u8>),
    /// Labels, one after another, each with its copies.
    Zpl(Vec<String>),
}

/// Lays all labels out, or says in words for people why it cannot be: a sheet with a label missing is not printed.
pub fn document(setup: &Setup, files: &Files, paper: &Paper, said: &[LabelData]) -> Result<Document, String> {
    let stock =
        files.stocks.find(&paper.stock).ok_or_else(|| format!("There is no stock {}.", paper.stock))?;
    let scenes = scenes(setup, files, paper, stock, said)?;
    match setup.language {
        Language::Pdf => {
            let start = Start::new(stock, paper.first, paper.spoiled.iter().copied());
            let start = start.map_err(|error| format!("The sheet cannot be begun so: {error}."))?;
            let copies = usize::from(paper.copies);
            let scenes = scenes.into_iter().flat_map(|scene| std::iter::repeat_n(scene, copies));
            let pages: Vec<_> = pages(stock, setup.printer(&stock.code), &start, scenes).collect();
            pdf::pdf("Labels", &pages).map(Document::Pdf).map_err(|error| format!("No PDF: {error}."))
        }
        Language::Zpl if stock.medium == Medium::Sheet => {
            Err(format!("{} is a sheet, and {} prints on rolls: choose a roll.", stock.code, setup.name))
        }
        Language::Zpl => {
            Ok(Document::Zpl(scenes.iter().map(|scene| zpl::zpl(scene, paper.copies)).collect()))
        }
    }
}

fn scenes(
    setup: &Setup,
    files: &Files,
    paper: &Paper,
    stock: &Stock,
    said: &[LabelData],
) -> Result<Vec<Scene>, String> {
    let printer = setup.printer(&stock.code);
    let scene = |data: &LabelData| {
        let template = template(files, paper, stock, data)?;
        layout(stock, template, printer, data).map_err(|errors| {
            let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
            format!("{}: {}.", data.key, errors.join("; "))
        })
    };
    said.iter().map(scene).collect()
}

fn template<'f>(
    files: &'f Files,
    paper: &Paper,
    stock: &Stock,
    data: &LabelData,
) -> Result<&'f Template, String> {
    let find =
        |name: &String| files.templates.find(name).ok_or_else(|| format!("There is no template {name}."));
    let chosen = paper.template.as_ref().map(find).transpose()?;
    files
        .templates
        .for_label(data.kind, stock, chosen)
        .ok_or_else(|| format!("{} is too small for this label: choose another stock.", stock.name))
}
