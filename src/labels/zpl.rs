//! A label in ZPL II: symbols by the printer's own commands, everything else as dots, so that no font of a printer and
//! no name can spoil it.
//!
//! Source: Zebra, ZPL II Programming Guide: `^BC`, `^BX`, `^B3`, `^GF`, `^FH`, `^PQ`.

use std::fmt::Write as _;

use super::code::{self, Symbology};
use super::measure::Area;
use super::raster::{Which, raster};
use super::scene::{Item, Scene, Symbol};

/// Copies of one label that a printer is asked for at once.
pub const MAX_COPIES: u16 = 999;

/// The label as one `^XA … ^XZ`, so often. Only for a scene without colours.
pub fn zpl(scene: &Scene, copies: u16) -> String {
    let mut zpl = format!("^XA^CI28^PW{}^LL{}^LH0,0", scene.width, scene.height);
    zpl.push_str(&dots(scene));
    for item in &scene.items {
        match item {
            Item::Symbol(symbol) => zpl.push_str(&native(symbol)),
            Item::Fill(..) | Item::Text(_) => {}
        }
    }
    let _ = write!(zpl, "^PQ{},0,0,N^XZ", copies.clamp(1, MAX_COPIES));
    zpl
}

/// Everything but the symbols, from the first row that has a dot to the last.
fn dots(scene: &Scene) -> String {
    let bitmap = raster(scene, Which::WithoutSymbols);
    let bytes_a_row = bitmap.width.div_ceil(8).max(1);
    let bits = bitmap.bits();
    let rows: Vec<&[u8]> = bits.chunks(bytes_a_row).collect();
    let inked = |row: &&[u8]| row.iter().any(|byte| *byte != 0);
    let (Some(first), Some(last)) = (rows.iter().position(inked), rows.iter().rposition(inked)) else {
        return String::new();
    };
    let rows = rows.get(first..=last).unwrap_or_default();
    let total = rows.len() * bytes_a_row;
    let mut field = format!("^FO0,{first}^GFA,{total},{total},{bytes_a_row},");
    let mut before: Option<&[u8]> = None;
    for row in rows {
        if before == Some(row) {
            field.push(':');
        } else {
            squeezed(row, &mut field);
        }
        before = Some(row);
    }
    field.push_str("^FS");
    field
}

/// A row in hexadecimal, with the guide's letters for repeats: `G` to `Y` are 1 to 19, `g` to `z` 20 to 400; `,` fills
/// the row with zeros.
fn squeezed(row: &[u8], out: &mut String) {
    let digits: Vec<u8> = row.iter().flat_map(|byte| [byte >> 4, byte & 15]).collect();
    let kept = digits.iter().rposition(|digit| *digit != 0).map_or(0, |last| last + 1);
    for run in digits.get(..kept).unwrap_or_default().chunk_by(|one, other| one == other) {
        let sign = run.first().and_then(|digit| char::from_digit(u32::from(*digit), 16)).unwrap_or('0');
        let mut left = run.len();
        while left > 0 {
            let part = left.min(419);
            out.extend(letter(b'g', part / 20));
            out.extend(if part == 1 { None } else { letter(b'G', part % 20) });
            out.push(sign.to_ascii_uppercase());
            left -= part;
        }
    }
    if kept < digits.len() {
        out.push(',');
    }
}

/// The letter that stands for so many, from `first` for one; none for none.
fn letter(first: u8, count: usize) -> Option<char> {
    let above = u8::try_from(count.checked_sub(1)?).ok()?;
    Some(char::from(first + above))
}

fn native(symbol: &Symbol) -> String {
    let (left, top, module) = (symbol.area.left, symbol.area.top, symbol.module);
    let height = symbol.area.height;
    match symbol.symbology {
        Symbology::Code128 | Symbology::Gs1 => {
            let data = escaped(&code::zpl_code128(&symbol.text, symbol.symbology));
            format!("^FO{left},{top}^BY{module},2,{height}^BCN,{height},N,N,N,N^FH_^FD{data}^FS")
        }
        // Its control characters and FNC3 are written otherwise by every language; bars are bars in all of them.
        Symbology::Setting => symbol.dark().map(bar).collect(),
        Symbology::Code39 => {
            let data = escaped(&symbol.text);
            format!("^FO{left},{top}^BY{module},2,{height}^B3N,N,{height},N,N^FH_^FD{data}^FS")
        }
        Symbology::DataMatrix => {
            let (data, side) = (escaped(&symbol.text), symbol.modules.across);
            format!("^FO{left},{top}^BXN,{module},200,{side},{side},,~^FH_^FD{data}^FS")
        }
    }
}

fn bar(area: Area) -> String {
    let Area { left, top, width, height } = area;
    format!("^FO{left},{top}^GB{width},{height},{}^FS", width.min(height))
}

/// Field data in which nothing can end the field or begin a command: all but letters, digits, hyphen and the mark of
/// code sets as two hexadecimal digits.
fn escaped(text: &str) -> String {
    let mut field = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"->:; ".contains(&byte) {
            field.push(char::from(byte));
        } else {
            let _ = write!(field, "_{byte:02X}");
        }
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_squeezed_as_the_guide_says() {
        let check = |row: &[u8], wanted: &str| {
            let mut out = String::new();
            squeezed(row, &mut out);
            assert_eq!(out, wanted);
        };
        check(&[0, 0, 0], ",");
        check(&[0xFF, 0xFF, 0x00], "JF,");
        check(&[0x12, 0x34], "1234");
        check(&[0xAA; 20], "hA");
        check(&[0x0F], "0F");
        check(&[0xFF; 12], "gJF");
    }

    #[test]
    fn nothing_ends_a_field() {
        assert_eq!(escaped("A^FS~_\\B"), "A_5EFS_7E_5F_5CB");
        assert_eq!(code::zpl_code128("V000001234", Symbology::Code128), ">:V0>500001234");
        assert_eq!(code::zpl_code128("A>B", Symbology::Code128), ">:A>0B");
    }
}
