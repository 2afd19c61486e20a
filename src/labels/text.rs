//! Setting text into a box: what shrinks, what wraps, what is shortened, and what never is.

use unicode_normalization::UnicodeNormalization as _;

use super::font::{Font, Glyph};
use super::measure::{Dpi, Size};

/// A line takes so many hundredths of its size: capitals with an accent above, letters that reach below.
const LINE_PERCENT: i64 = 118;
/// The line that letters stand on is so many hundredths of the size beneath the top of a line.
const ABOVE_PERCENT: i64 = 92;
/// Names keep this much of their size before anything else is done to them.
const SHRINK_PERCENT: u16 = 80;
/// The smallest that a name is set in the end, of its size.
const LEAST_PERCENT: u16 = 45;
/// Between two sizes that are tried, in hundredths of a point.
const STEP: u16 = 25;
/// What stands for the given names that were left out.
const ELLIPSIS: char = '…';

/// How text may be set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Room {
    /// The face.
    pub font: Font,
    /// The size wanted.
    pub size: Size,
    /// The smallest size.
    pub least: Size,
    /// The most lines.
    pub lines: usize,
    /// Dots across.
    pub width: i32,
    /// Dots down.
    pub height: i32,
    /// Dots to the inch.
    pub dpi: Dpi,
}

/// Text as it was set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fitted {
    /// Its size.
    pub size: Size,
    /// Its lines.
    pub lines: Vec<Vec<Glyph>>,
    /// Whether given names were left out.
    pub is_shortened: bool,
    /// Whether a word was broken in two.
    pub is_broken: bool,
}

/// A person's name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    /// As the hospital writes it.
    pub surname: String,
    /// All of them.
    pub given: String,
}

/// Text in composed form, without control characters, marks of direction and double spaces.
pub fn cleaned(text: &str) -> String {
    let is_space = |sign: char| sign.is_whitespace() || sign.is_control();
    let is_mark = |sign: char| matches!(sign, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let kept: String = text
        .nfc()
        .filter(|sign| !is_mark(*sign))
        .map(|sign| if is_space(sign) { ' ' } else { sign })
        .collect();
    kept.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The glyphs of a text, and the characters that the face lacks.
pub fn glyphs(font: Font, text: &str) -> (Vec<Glyph>, Vec<char>) {
    let mut lacking = Vec::new();
    let mut set = |sign: char| {
        font.glyph(sign).unwrap_or_else(|| {
            lacking.push(sign);
            font.missing()
        })
    };
    let glyphs = text.chars().map(&mut set).collect();
    (glyphs, lacking)
}

/// How wide glyphs are, in units of the face.
pub fn units(glyphs: &[Glyph]) -> i64 {
    glyphs.iter().map(|glyph| i64::from(glyph.advance)).sum()
}

impl Room {
    /// The dots of one line.
    pub fn line(&self, size: Size) -> i32 {
        self.dpi.text_dots(LINE_PERCENT, 100, size)
    }

    /// From the top of a line to the line that letters stand on.
    pub fn above(&self, size: Size) -> i32 {
        self.dpi.text_dots(ABOVE_PERCENT, 100, size)
    }

    fn holds(&self, size: Size, widest: i64, lines: usize) -> bool {
        let down = i64::from(self.line(size)) * i64::try_from(lines).unwrap_or(i64::MAX);
        self.dpi.text_dots(widest, self.font.units_an_em(), size) <= self.width
            && down <= i64::from(self.height)
    }

    /// The sizes from the wanted one down to `least`.
    fn sizes(&self, least: Size) -> impl Iterator<Item = Size> + use<> {
        let (from, to) = (self.size.centipoints(), least.centipoints());
        let steps = (0..).map_while(move |step: u16| from.checked_sub(step.checked_mul(STEP)?));
        let above = steps.take_while(move |size| *size > to);
        above.chain(std::iter::once(to.min(from))).map(Size::from_centipoints)
    }

    /// The largest size, down to `least`, at which these lines fit.
    fn size_for(&self, lines: &[Vec<Glyph>], least: Size) -> Option<Size> {
        let widest = lines.iter().map(|line| units(line)).max().unwrap_or(0);
        self.sizes(least).find(|size| self.holds(*size, widest, lines.len()))
    }

    /// The largest size at which the text fits in so many lines, broken where `breaks` allows.
    fn wrapped(
        &self,
        text: &[Glyph],
        most: usize,
        least: Size,
        breaks: Break,
    ) -> Option<(Size, Vec<Vec<Glyph>>)> {
        self.sizes(least).find_map(|size| {
            let lines = wrap(text, |part| self.holds(size, units(part), 1), breaks)?;
            let fits = lines.len() <= most && self.size_for(&lines, size).is_some();
            fits.then_some((size, lines))
        })
    }
}

/// Where a line may end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Break {
    Words,
    Anywhere,
}

/// Fills lines from the first on; `None` where a word alone is too wide.
fn wrap(text: &[Glyph], fits: impl Fn(&[Glyph]) -> bool, breaks: Break) -> Option<Vec<Vec<Glyph>>> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let ends = (1..=rest.len()).filter(|end| breaks == Break::Anywhere || may_end(rest, *end));
        let end = ends.take_while(|end| fits(trimmed(rest.get(..*end).unwrap_or_default()))).last()?;
        let (line, after) = rest.split_at_checked(end)?;
        lines.push(trimmed(line).to_vec());
        rest = after;
    }
    Some(lines)
}

/// After a space, after a hyphen, at the end.
fn may_end(text: &[Glyph], end: usize) -> bool {
    let last = end.checked_sub(1).and_then(|at| text.get(at)).map(|glyph| glyph.sign);
    end == text.len() || matches!(last, Some(' ' | '-'))
}

fn trimmed(line: &[Glyph]) -> &[Glyph] {
    match line.split_last() {
        Some((last, rest)) if last.sign == ' ' => trimmed(rest),
        Some(_) | None => line,
    }
}

/// A key, and all else that is never shrunk, wrapped or cut.
pub fn fit_whole(text: &[Glyph], room: &Room) -> Option<Fitted> {
    let lines = vec![text.to_vec()];
    room.holds(room.size, units(text), 1).then(|| plain(room.size, lines))
}

/// Text that may shrink and wrap: as large as it can be.
pub fn fit(text: &[Glyph], room: &Room) -> Option<Fitted> {
    let (size, lines) = room.wrapped(text, room.lines, room.least, Break::Words)?;
    Some(plain(size, lines))
}

fn plain(size: Size, lines: Vec<Vec<Glyph>>) -> Fitted {
    Fitted { size, lines, is_shortened: false, is_broken: false }
}

/// A name: it shrinks to 80 %, then takes more lines, then loses given names from the last on, and only then shrinks
/// further, and last is broken inside a word. The surname is always whole.
pub fn fit_name(name: &Name, room: &Room) -> Option<Fitted> {
    let set = |text: &str| glyphs(room.font, text).0;
    let small = room.size.percent(SHRINK_PERCENT);
    let (surname, given) = (cleaned(&name.surname), cleaned(&name.given));
    let whole = set(&written(&surname, &given));
    if let Some(size) = room.size_for(std::slice::from_ref(&whole), small) {
        return Some(plain(size, vec![whole]));
    }
    if let Some((size, lines)) = room.wrapped(&whole, room.lines, small, Break::Words) {
        return Some(plain(size, lines));
    }
    let shorter = shortened(&given).map(|given| set(&written(&surname, &given)));
    for text in shorter {
        if let Some((size, lines)) = room.wrapped(&text, room.lines, small, Break::Words) {
            return Some(Fitted { is_shortened: true, ..plain(size, lines) });
        }
    }
    let least = room.size.percent(LEAST_PERCENT);
    let least_given = if given.is_empty() { String::new() } else { ELLIPSIS.to_string() };
    let text = set(&written(&surname, &least_given));
    let (breaks, (size, lines)) = [Break::Words, Break::Anywhere]
        .into_iter()
        .find_map(|breaks| Some((breaks, room.wrapped(&text, room.lines, least, breaks)?)))?;
    Some(Fitted { size, lines, is_shortened: !given.is_empty(), is_broken: breaks == Break::Anywhere })
}

/// `SMITH, John Paul`.
fn written(surname: &str, given: &str) -> String {
    match (surname.is_empty(), given.is_empty()) {
        (false, false) => format!("{surname}, {given}"),
        (true, _) | (false, true) => format!("{surname}{given}"),
    }
}

/// With fewer and fewer given names, then the first letter of the first, each with an ellipsis.
fn shortened(given: &str) -> impl Iterator<Item = String> {
    let names: Vec<&str> = given.split(' ').filter(|name| !name.is_empty()).collect();
    let fewer: Vec<String> = (1..names.len())
        .rev()
        .filter_map(|kept| names.get(..kept).map(|kept| format!("{} {ELLIPSIS}", kept.join(" "))))
        .collect();
    let initial = given.chars().next().map(|first| format!("{first}{ELLIPSIS}"));
    fewer.into_iter().chain(initial)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(width_mm: i32, lines: usize) -> Room {
        let size = Size::from_points(12.0).unwrap();
        let dpi = Dpi::OFFICE;
        Room {
            font: Font::Bold,
            size,
            least: size.percent(80),
            lines,
            width: dpi.dots(super::super::measure::Um::new(width_mm * 1_000)),
            height: dpi.dots(super::super::measure::Um::new(11_000)),
            dpi,
        }
    }

    fn told(fitted: &Fitted) -> String {
        let lines: Vec<String> =
            fitted.lines.iter().map(|line| line.iter().map(|glyph| glyph.sign).collect()).collect();
        let marks = [(fitted.is_shortened, " shortened"), (fitted.is_broken, " broken")];
        let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect();
        format!("{} at {}{marks}", lines.join(" / "), f64::from(fitted.size.centipoints()) / 100.0)
    }

    fn check(surname: &str, given: &str, width_mm: i32, wanted: &str) {
        let name = Name { surname: surname.to_owned(), given: given.to_owned() };
        let fitted = fit_name(&name, &room(width_mm, 2));
        let told = fitted.as_ref().map_or("none".to_owned(), told);
        assert_eq!(told, wanted);
    }

    #[test]
    fn a_long_name_shrinks_then_wraps_then_loses_given_names() {
        check("SMITH", "John", 60, "SMITH, John at 12");
        check("SMITH", "John Paul Alexander", 45, "SMITH, John Paul / Alexander at 12");
        check("SMITH-FORTESCUE", "Bartholomew John", 40, "SMITH-FORTESCUE, / Bartholomew John at 11.75");
        check(
            "SMITH-FORTESCUE",
            "Bartholomew Alexander Maximilian John",
            40,
            "SMITH-FORTESCUE, / Bartholomew … at 11.75 shortened",
        );
        check(
            "WOLFESCHLEGELSTEINHAUSENBERGERDORFFWELCHEVORALTERNWARENGEWIS",
            "Hubert Blaine",
            60,
            "WOLFESCHLEGELSTEINHAUSENBERGERDO / RFFWELCHEVORALTERNWARENGEWIS, … at 8 shortened broken",
        );
        check("O'BRIEN-NÚÑEZ", "", 60, "O'BRIEN-NÚÑEZ at 12");
        check("WOLFESCHLEGELSTEINHAUSENBERGERDORFFWELCHEVORALTERNWARENGEWIS", "", 20, "none");
    }

    #[test]
    fn what_a_face_lacks_is_shown_as_lacking() {
        let (set, lacking) = glyphs(Font::Bold, "Ana שלום");
        assert_eq!(lacking.iter().collect::<String>(), "שלום");
        assert_eq!(set.iter().filter(|glyph| glyph.id == 0).count(), 4);
    }

    #[test]
    fn text_is_composed_and_without_what_controls() {
        assert_eq!(cleaned("  E\u{301}va\u{202e}\tSm\u{200b}ith \n"), "Éva Smith");
    }

    #[test]
    fn a_key_is_whole_or_not_at_all() {
        let key = glyphs(Font::Key, "V000001234").0;
        let key_room = |width| Room { font: Font::Key, ..room(width, 1) };
        assert_eq!(told(&fit_whole(&key, &key_room(40)).unwrap()), "V000001234 at 12");
        assert_eq!(fit_whole(&key, &key_room(20)), None);
    }
}
