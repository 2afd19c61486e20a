//! Templates: what stands where on a label. Each is a file of `labels/templates`.

use serde::Deserialize;

use super::code::Symbology;
use super::data::{Kind, Text};
use super::files::{Filed, Shelf, built_in};
use super::font::Font;
use super::measure::{Size, Um};
use super::stock::{Extent, Stock};

/// Fields of one template.
const MAX_FIELDS: usize = 24;
/// Colour blocks of one label.
const MAX_BLOCKS: usize = 8;
/// Text shrinks to this much of its size where the file says nothing.
const LEAST_PERCENT: u16 = 70;

/// Where a field stands: two of left, width and right, two of top, height and bottom; from the edges of the label's
/// printable part, so that one template serves many stocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Anchors {
    /// Across.
    pub across: Anchor,
    /// Down.
    pub down: Anchor,
}

/// One direction of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Anchor {
    /// From the beginning, so long.
    Begin(Um, Um),
    /// From the end, so long.
    End(Um, Um),
    /// All but so much at the beginning and the end.
    Between(Um, Um),
}

/// How text stands in its box.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// At the left.
    #[default]
    Left,
    /// In the middle.
    Centre,
    /// At the right.
    Right,
}

/// How a text looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// Black on the paper.
    #[default]
    Plain,
    /// White on a black band, as wide as its box.
    Band,
}

/// What text a field shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    /// The key, in letters.
    Key,
    /// The patient's name.
    Name,
    /// Another text.
    Text(Text),
}

/// How text is set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Style {
    /// The face.
    pub font: Font,
    /// The size.
    pub size: Size,
    /// The smallest size.
    pub least: Size,
    /// The most lines.
    pub lines: usize,
    /// Where it stands.
    pub align: Align,
    /// How it looks.
    pub look: Look,
}

/// What a field is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// A text; nothing where the data have none.
    Text(Shown, Style),
    /// A linear symbol of the key, with modules as wide as fit between the two lengths.
    Bars {
        /// Which.
        symbology: Symbology,
        /// The widest module.
        most: Um,
        /// The narrowest.
        least: Um,
        /// Where it stands in its box.
        align: Align,
    },
    /// Data Matrix of the key, where there is room for it beside everything else.
    Matrix {
        /// The widest module.
        most: Um,
        /// The narrowest.
        least: Um,
    },
    /// The last digits of the number, each on its colour.
    Blocks {
        /// How many.
        count: usize,
    },
}

/// A template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Template {
    /// Its name on the command line and the page.
    pub code: String,
    /// What it is.
    pub title: String,
    /// What it is for.
    pub kinds: Vec<Kind>,
    /// The smallest printable part on which it is tried; on a larger one everything grows with it.
    pub least: Extent,
    /// Its fields: the box of each, and what it is.
    pub fields: Vec<(Anchors, Field)>,
}

/// How much larger than in its file a template is drawn, in thousandths, 1,000 at least.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scale(i64);

impl Scale {
    /// As in the file.
    const WHOLE: i64 = 1_000;

    fn times(self, number: i64) -> i64 {
        number * self.0 / Self::WHOLE
    }

    /// A length of the file.
    pub fn length(self, length: Um) -> Um {
        Um::new(i32::try_from(self.times(i64::from(length.get()))).unwrap_or(i32::MAX))
    }

    /// A size of the file.
    pub fn size(self, size: Size) -> Size {
        let scaled = self.times(i64::from(size.centipoints()));
        Size::from_centipoints(u16::try_from(scaled).unwrap_or(u16::MAX))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    code: String,
    title: String,
    #[serde(rename = "for")]
    kinds: Vec<Kind>,
    least_mm: Extent,
    field: Vec<FileField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileField {
    shows: String,
    left_mm: Option<Um>,
    width_mm: Option<Um>,
    right_mm: Option<Um>,
    top_mm: Option<Um>,
    height_mm: Option<Um>,
    bottom_mm: Option<Um>,
    font: Option<Font>,
    size_pt: Option<Size>,
    least_pt: Option<Size>,
    lines: Option<usize>,
    #[serde(default)]
    align: Align,
    #[serde(default)]
    look: Look,
    symbology: Option<String>,
    module_mm: Option<Um>,
    least_module_mm: Option<Um>,
    count: Option<usize>,
}

/// What is wrong with a template's file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateFault {
    /// It does not read as one.
    #[error("{0}")]
    Unreadable(String),
    /// A field is wrong.
    #[error("field {0} ({1}): {2}")]
    Field(usize, String, String),
    /// No fields, or too many.
    #[error("{0} fields: 1 to {MAX_FIELDS} are possible")]
    Fields(usize),
    /// It is for nothing.
    #[error("`for` names nothing that it is for")]
    ForNothing,
}

impl Template {
    /// Whether a label has room for it.
    pub fn fits(&self, stock: &Stock) -> bool {
        let has = stock.printable();
        self.least.0 <= has.0 && self.least.1 <= has.1
    }

    /// How much larger it is drawn on this label: as much as both its sides allow.
    pub fn scale(&self, stock: &Stock) -> Scale {
        let has = stock.printable();
        let thousandths =
            |has: Um, least: Um| i64::from(has.get()) * Scale::WHOLE / i64::from(least.get()).max(1);
        let both = thousandths(has.0, self.least.0).min(thousandths(has.1, self.least.1));
        Scale(both.max(Scale::WHOLE))
    }
}

fn read_field(field: &FileField) -> Result<(Anchors, Field), String> {
    let across = anchor([field.left_mm, field.width_mm, field.right_mm]);
    let down = anchor([field.top_mm, field.height_mm, field.bottom_mm]);
    let anchors = Anchors {
        across: across.ok_or("two of left_mm, width_mm and right_mm are needed")?,
        down: down.ok_or("two of top_mm, height_mm and bottom_mm are needed")?,
    };
    let read = match field.shows.as_str() {
        "bars" => {
            let (most, least) = modules(field)?;
            Field::Bars { symbology: linear(field.symbology.as_deref())?, most, least, align: field.align }
        }
        "matrix" => {
            let (most, least) = modules(field)?;
            Field::Matrix { most, least }
        }
        "blocks" => {
            let count = field.count.ok_or("count is needed")?;
            if !(1..=MAX_BLOCKS).contains(&count) {
                return Err(format!("count: 1 to {MAX_BLOCKS} blocks are possible"));
            }
            Field::Blocks { count }
        }
        "key" => Field::Text(Shown::Key, style(field, Font::Key)?),
        "name" => Field::Text(Shown::Name, style(field, Font::Bold)?),
        other => {
            let text =
                Text::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(other));
            let text = text.map_err(|error| error.to_string())?;
            Field::Text(Shown::Text(text), style(field, Font::Regular)?)
        }
    };
    Ok((anchors, read))
}

fn anchor(lengths: [Option<Um>; 3]) -> Option<Anchor> {
    match lengths {
        [Some(begin), Some(long), None] => Some(Anchor::Begin(begin, long)),
        [None, Some(long), Some(end)] => Some(Anchor::End(end, long)),
        [Some(begin), None, Some(end)] => Some(Anchor::Between(begin, end)),
        _ => None,
    }
}

fn modules(field: &FileField) -> Result<(Um, Um), String> {
    let most = field.module_mm.ok_or("module_mm is needed")?;
    let least = field.least_module_mm.unwrap_or(most);
    if least.get() == 0 || least > most {
        return Err("least_module_mm: more than 0 and no more than module_mm is needed".to_owned());
    }
    Ok((most, least))
}

fn linear(name: Option<&str>) -> Result<Symbology, String> {
    match name {
        None | Some("code128") => Ok(Symbology::Code128),
        Some("gs1") => Ok(Symbology::Gs1),
        Some("code39") => Ok(Symbology::Code39),
        Some(other) => Err(format!("symbology {other}: one of code128, gs1, code39 is needed")),
    }
}

fn style(field: &FileField, font: Font) -> Result<Style, String> {
    let size = field.size_pt.ok_or("size_pt is needed")?;
    let least = field.least_pt.unwrap_or_else(|| size.percent(LEAST_PERCENT));
    if least > size {
        return Err("least_pt is larger than size_pt".to_owned());
    }
    let font = field.font.unwrap_or(font);
    Ok(Style { font, size, least, lines: field.lines.unwrap_or(1), align: field.align, look: field.look })
}

/// All templates.
pub type Templates = Shelf<Template>;

impl Filed for Template {
    const WORD: &'static str = "template";
    const BUILT_IN: &'static [(&'static str, &'static str)] = built_in![
        "templates":
        "folder",
        "folder-flat",
        "folder-small",
        "spine",
        "place",
        "place-small",
        "destination",
        "container",
        "badge",
        "badge-small",
        "card",
        "card-large",
        "tracer",
    ];
    type Fault = TemplateFault;

    fn read(text: &str) -> Result<Self, TemplateFault> {
        let file: File = toml::from_str(text)
            .map_err(|error| TemplateFault::Unreadable(error.to_string().trim().to_owned()))?;
        if file.kinds.is_empty() {
            return Err(TemplateFault::ForNothing);
        }
        if file.field.is_empty() || file.field.len() > MAX_FIELDS {
            return Err(TemplateFault::Fields(file.field.len()));
        }
        let fields = (1..).zip(&file.field).map(|(number, field)| {
            read_field(field).map_err(|why| TemplateFault::Field(number, field.shows.clone(), why))
        });
        Ok(Self {
            fields: fields.collect::<Result<_, _>>()?,
            code: file.code,
            title: file.title,
            kinds: file.kinds,
            least: file.least_mm,
        })
    }

    fn code(&self) -> &str {
        &self.code
    }
}

impl Templates {
    /// The template of this name.
    pub fn find(&self, code: &str) -> Option<&Template> {
        self.of_code(code)
    }

    /// The template for a label: the one chosen where it is for this, else the largest that fits.
    pub fn for_label<'a>(
        &'a self,
        kind: Kind,
        stock: &Stock,
        chosen: Option<&'a Template>,
    ) -> Option<&'a Template> {
        chosen.filter(|template| template.kinds.contains(&kind)).or_else(|| self.largest_for(kind, stock))
    }

    /// The largest template for this kind that this label has room for.
    pub fn largest_for(&self, kind: Kind, stock: &Stock) -> Option<&Template> {
        self.all()
            .filter(|template| template.kinds.contains(&kind) && template.fits(stock))
            .max_by_key(|template| i64::from(template.least.0.get()) * i64::from(template.least.1.get()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "code = 't'\ntitle = 'T'\nfor = ['volume']\nleast_mm = [30, 20]\n[[field]]\nshows = 'key'\n\
        left_mm = 2\nright_mm = 2\ntop_mm = 2\nheight_mm = 5\nsize_pt = 9\n";

    fn fault(from: &str, to: &str) -> String {
        Template::read(&SMALL.replace(from, to)).unwrap_err().to_string()
    }

    #[test]
    fn a_wrong_file_says_what_is_wrong() {
        assert!(Template::read(SMALL).is_ok());
        assert_eq!(
            fault("right_mm = 2\n", ""),
            "field 1 (key): two of left_mm, width_mm and right_mm are needed"
        );
        assert_eq!(fault("size_pt = 9", ""), "field 1 (key): size_pt is needed");
        assert!(fault("'key'", "'colour'").starts_with("field 1 (colour): unknown variant `colour`"));
        assert_eq!(fault("'key'", "'bars'"), "field 1 (bars): module_mm is needed");
        assert_eq!(fault("['volume']", "[]"), "`for` names nothing that it is for");
    }
}
