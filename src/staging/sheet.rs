//! The sheet on A4: numbered steps, then the proof on a page of its own.

use super::paper::{Block, Column, Side, Type, moved, shown};
use super::plan::{Carrying, NoSheet, Plan, Planned};
use crate::labels::code::Symbology;
use crate::labels::font::Font;
use crate::labels::measure::{Dpi, Um};
use crate::labels::pdf::{PdfError, pdf};
use crate::labels::scene::Scene;
use crate::labels::sheet::{Page, Placed};
use crate::labels::stock::Extent;
use crate::scan::proof::Symbol as Proof;

/// A4.
const PAPER: Extent = Extent(Um::new(210_000), Um::new(297_000));
/// From the upper edge to the first block, and from the lower edge to the last one's end.
const TOP: Um = Um::new(13_000);
const BOTTOM: Um = Um::new(17_000);
/// From the upper edge to the line at the foot.
const FOOT: Um = Um::new(285_000);
/// The margin of the paper, then the numbers, then words and symbols.
const LEFT: Um = Um::new(15_000);
const NUMBERS: Um = Um::new(15_000);
const WORDS: Um = Um::new(32_000);
const WIDTH: Um = Um::new(180_000);
/// The hatch beside what nobody has confirmed.
const HATCHED: Um = Um::new(8_000);
const HATCH_WIDTH: Um = Um::new(4_000);
/// Clear between what stands above a symbol and its bars, and beneath a block. With the words between them, symbols lie
/// 30 mm apart, and on alternate sides: a reader aimed at one sees no other whole.
const ABOVE_BARS: Um = Um::new(4_000);
const BENEATH: Um = Um::new(8_000);

const TITLE: Type = Type::new(Font::Bold, 24);
const HEADING: Type = Type::new(Font::Bold, 17);
const NUMBER: Type = Type::new(Font::Bold, 28);
const BODY: Type = Type::new(Font::Regular, 11);
const STRONG: Type = Type::new(Font::Bold, 12);
const CODE: Type = Type::new(Font::Key, 9);
const SMALL: Type = Type::new(Font::Regular, 8);
/// Points of the words on a band.
const BAND: u16 = 12;

const HOW: &str = "Plug the scanner in, so that it has power. Scan from 1 on, one symbol at a time, and cover the others \
                   with your hand. If it sounds low, scan the same one again.";
const PROOF: &str = "Now plug it in at its desk and open the desk’s page. Scan these five. The page says ready, or names \
                     the one setting that is wrong and what works all the same.";
const PAIR: &str = "Ready? Scan the pairing card of the desk. From then on the scanner belongs to that desk.";

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// There is no sheet.
    #[error(transparent)]
    None(#[from] NoSheet),
    /// It could not be written.
    #[error(transparent)]
    Pdf(#[from] PdfError),
}

/// The sheet as a PDF, in the dots of an office printer.
pub fn document(plan: &Plan) -> Result<Vec<u8>, SheetError> {
    Ok(pdf(&title(plan), &pages(plan, Dpi::OFFICE)?)?)
}

/// The name of the document.
pub fn title(plan: &Plan) -> String {
    format!("Scanner sheet: {}", plan.title)
}

/// The pages of the sheet.
pub fn pages(plan: &Plan, dpi: Dpi) -> Result<Vec<Page>, NoSheet> {
    let pen = Pen::new(dpi);
    let mut steps = vec![pen.head(plan)?];
    let mut symbols = 0;
    for (number, step) in (1..).zip(&plan.steps) {
        let side = if symbols % 2 == 0 { Side::Left } else { Side::Right };
        steps.push(pen.step(number, step, side)?);
        symbols += usize::from(matches!(step.carrying, Carrying::Symbol(..)));
    }
    let mut filled = pen.fill(steps);
    filled.extend(pen.fill(pen.proof()?));
    let count = filled.len();
    (1..).zip(filled).map(|(number, blocks)| pen.page(plan, blocks, (number, count))).collect()
}

/// The columns of a page.
struct Pen {
    dpi: Dpi,
    whole: Column,
    numbers: Column,
    words: Column,
    hatch: Column,
}

impl Pen {
    const fn new(dpi: Dpi) -> Self {
        let beside = WORDS.get() - LEFT.get();
        Self {
            dpi,
            whole: Column { dpi, left: LEFT, width: WIDTH },
            numbers: Column { dpi, left: LEFT, width: NUMBERS },
            words: Column { dpi, left: WORDS, width: Um::new(WIDTH.get() - beside) },
            hatch: Column { dpi, left: HATCHED, width: HATCH_WIDTH },
        }
    }

    fn head(&self, plan: &Plan) -> Result<Block, NoSheet> {
        let mut block = Block::default();
        self.whole.words(&mut block, TITLE, &plan.title)?;
        self.whole.words(&mut block, STRONG, &format!("Set up as: {}", plan.interface.says()))?;
        self.whole.gap(&mut block, Um::new(2_000));
        match &plan.tried {
            Some(device) => self.whole.words(&mut block, BODY, &format!("Tried on a scanner: {device}"))?,
            None => self.whole.band(&mut block, BAND, "NEVER TRIED ON A SCANNER: write down what happens")?,
        }
        self.whole.gap(&mut block, Um::new(2_000));
        self.whole.words(&mut block, BODY, HOW)?;
        if !plan.left_out.is_empty() {
            let left_out = plan.left_out.join(", ");
            let says = format!("Left out, because nobody has confirmed its code: {left_out}.");
            self.whole.words(&mut block, BODY, &says)?;
        }
        self.whole.gap(&mut block, Um::new(4_000));
        Ok(block)
    }

    fn step(&self, number: usize, step: &Planned, side: Side) -> Result<Block, NoSheet> {
        let mut block = self.numbered(&number.to_string())?;
        if step.is_unconfirmed() {
            self.words.band(&mut block, BAND, "NOT CONFIRMED: nobody has seen this code work")?;
            self.words.gap(&mut block, Um::new(1_000));
        }
        self.words.words(&mut block, HEADING, &step.heading())?;
        self.words.words(&mut block, BODY, &step.sets)?;
        match &step.carrying {
            Carrying::Symbol(symbology, text) => self.bars(&mut block, side, *symbology, text)?,
            Carrying::Booklet { booklet, page } => {
                self.words.gap(&mut block, Um::new(2_000));
                self.words.words(&mut block, STRONG, &format!("Not here: scan it from {booklet}."))?;
                self.words.words(&mut block, STRONG, page)?;
                self.words.gap(&mut block, Um::new(1_000));
            }
        }
        self.words.words(&mut block, STRONG, &format!("Then: {}", step.then))?;
        let known = step.evidence.map_or(String::new(), |evidence| format!("Known: {}. ", evidence.name()));
        self.words.words(&mut block, SMALL, &format!("{known}{}", step.source))?;
        self.words.gap(&mut block, BENEATH);
        if step.is_unconfirmed() {
            self.hatch.hatch(&mut block);
        }
        Ok(block)
    }

    /// A line, the number beneath it, and nothing beside it yet.
    fn numbered(&self, number: &str) -> Result<Block, NoSheet> {
        let mut block = Block::default();
        self.whole.rule(&mut block);
        self.whole.gap(&mut block, Um::new(2_000));
        let height = block.height;
        self.numbers.words(&mut block, NUMBER, number)?;
        Ok(Block { height, ..block })
    }

    fn bars(&self, block: &mut Block, side: Side, symbology: Symbology, text: &str) -> Result<(), NoSheet> {
        self.words.gap(block, ABOVE_BARS);
        let beneath = self.words.symbol(block, side, symbology, text)?;
        self.words.gap(block, Um::new(1_000));
        beneath.words(block, CODE, &shown(symbology, text))?;
        self.words.gap(block, Um::new(1_500));
        Ok(())
    }

    /// The five symbols, the two of the last beside one another, and what comes after them.
    fn proof(&self) -> Result<Vec<Block>, NoSheet> {
        let mut head = Block::default();
        self.whole.words(&mut head, TITLE, "The proof")?;
        self.whole.words(&mut head, BODY, PROOF)?;
        self.whole.gap(&mut head, Um::new(4_000));
        let mut blocks = vec![head];
        let single = Proof::ALL.into_iter().filter(|symbol| !is_pair(*symbol));
        for (symbol, side) in single.zip([Side::Left, Side::Right].into_iter().cycle()) {
            let mut block = self.proof_head(symbol)?;
            self.bars(&mut block, side, symbology(symbol), symbol.text())?;
            self.words.gap(&mut block, BENEATH);
            blocks.push(block);
        }
        blocks.push(self.pair()?);
        let mut last = Block::default();
        self.whole.rule(&mut last);
        self.whole.gap(&mut last, Um::new(3_000));
        self.whole.words(&mut last, HEADING, PAIR)?;
        blocks.push(last);
        Ok(blocks)
    }

    fn pair(&self) -> Result<Block, NoSheet> {
        let mut block = self.proof_head(Proof::PairFirst)?;
        self.words.gap(&mut block, ABOVE_BARS);
        let top = block.height;
        for (symbol, side) in [(Proof::PairFirst, Side::Left), (Proof::PairSecond, Side::Right)] {
            block.height = top;
            self.words.symbol(&mut block, side, symbology(symbol), symbol.text())?;
        }
        self.words.gap(&mut block, BENEATH);
        Ok(block)
    }

    fn proof_head(&self, symbol: Proof) -> Result<Block, NoSheet> {
        let mut block = self.numbered(&symbol.number().to_string())?;
        self.words.words(&mut block, HEADING, symbol.title())?;
        Ok(block)
    }

    /// Blocks on pages: one that does not fit begins the next.
    fn fill(&self, blocks: Vec<Block>) -> Vec<Vec<Block>> {
        let room = self.dpi.dots(PAPER.1) - self.dpi.dots(TOP) - self.dpi.dots(BOTTOM);
        let mut pages: Vec<Vec<Block>> = Vec::new();
        let mut height = room;
        for block in blocks {
            height += block.height;
            match pages.last_mut() {
                Some(page) if height <= room => page.push(block),
                _ => {
                    height = block.height;
                    pages.push(vec![block]);
                }
            }
        }
        pages
    }

    fn page(
        &self,
        plan: &Plan,
        blocks: Vec<Block>,
        (number, count): (usize, usize),
    ) -> Result<Page, NoSheet> {
        let mut items = Vec::new();
        let mut top = self.dpi.dots(TOP);
        for block in blocks {
            items.extend(block.items.into_iter().map(|item| moved(item, 0, top)));
            top += block.height;
        }
        let mut foot = Block::default();
        let says = format!(
            "Casetrack, profile {}, {}. Page {number} of {count}. Print at 100 %.",
            plan.profile, plan.interface
        );
        self.whole.words(&mut foot, SMALL, &says)?;
        items.extend(foot.items.into_iter().map(|item| moved(item, 0, self.dpi.dots(FOOT))));
        let (width, height) = (self.dpi.dots(PAPER.0), self.dpi.dots(PAPER.1));
        let scene = Scene { dpi: self.dpi, width, height, items, notes: Vec::new() };
        Ok(Page { extent: PAPER, dpi: self.dpi, placed: vec![Placed { left: 0, top: 0, scene }] })
    }
}

const fn is_pair(symbol: Proof) -> bool {
    matches!(symbol, Proof::PairFirst | Proof::PairSecond)
}

/// The labels' word for the kind of a symbol of the proof.
const fn symbology(symbol: Proof) -> Symbology {
    match symbol {
        Proof::Ours | Proof::LowerCase | Proof::PairFirst | Proof::PairSecond => Symbology::Code128,
        Proof::Code39 => Symbology::Code39,
        Proof::Gs1 => Symbology::Gs1,
    }
}

#[cfg(test)]
mod tests;
