//! Labels laid out, each with what is to be said of it.

use super::found::Thing;
use super::plain;
use super::press::Press;
use crate::labels::pdf::{PdfError, pdf};
use crate::labels::sheet::pages;
use crate::labels::{Scene, Templates, layout};

/// What a file of labels is called, whoever they are of.
const TITLE: &str = "Labels";

/// A label, or why there is none.
pub type Laid = Result<Scene, Vec<String>>;

/// Lays one thing's label out.
pub fn lay(templates: &Templates, press: &Press, thing: &Thing) -> Laid {
    let template = templates
        .for_label(thing.data.kind, &press.stock, press.template.as_ref())
        .ok_or_else(|| vec![format!("{} has no room for it. Choose larger stock.", press.stock.name)])?;
    layout(&press.stock, template, press.printer, &thing.data)
        .map_err(|errors| errors.iter().map(plain::error).collect())
}

/// The sheets of these labels, each label as often as it is wanted.
pub fn document(press: &Press, scenes: Vec<Scene>, copies: u16) -> Result<Vec<u8>, PdfError> {
    let copies = usize::from(copies);
    let scenes = scenes.into_iter().flat_map(|scene| std::iter::repeat_n(scene, copies));
    let pages: Vec<_> = pages(&press.stock, press.printer, &press.start, scenes).collect();
    pdf(TITLE, &pages)
}
