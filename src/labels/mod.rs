//! Labels: from what one says to ink on paper.
//!
//! ```text
//! labels/stocks/*.toml → stock ┐
//! labels/templates/*.toml → template ├→ layout (pure) → scene, in whole dots, or all that is wrong
//!        printer (dots, colours) ┤                       ├→ pdf   by pages of a sheet
//!                  what it says ┘                       ├→ svg, png   the preview
//!                                                       └→ zpl   symbols by the printer, the rest as dots
//! ```
//!
//! A symbol's module is a whole number of dots, and every edge of a bar lies on the printer's grid: a module of 0.21 mm
//! at 203 dots to the inch would be one dot here and two there. The key is printed whole or not at all; a name is
//! shortened from its given names on, and says so.
pub mod calibrate;
pub mod cards;
pub mod code;
pub mod data;
pub mod files;
pub mod font;
pub mod layout;
pub mod measure;
pub mod pdf;
pub mod print;
pub mod printer;
pub mod raster;
pub mod say;
pub mod scene;
pub mod sheet;
pub mod stock;
pub mod svg;
pub mod template;
pub mod text;
pub mod thermal;
pub mod zpl;

pub use data::{Kind, LabelData, Text};
pub use files::Files;
pub use layout::{LayoutError, layout};
pub use printer::Printer;
pub use scene::{Note, Scene};
pub use stock::{Stock, Stocks};
pub use template::{Template, Templates};
pub use text::Name;
