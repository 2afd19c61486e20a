//! Kinds of symbol: Zebra's number → the AIM identifier that says the same.

use crate::scan::aim::Aim;

/// Sources: Motorola CS3000 guide table B-1, enioka_scan. A Data Matrix or QR code is not told from its GS1 form by
/// this number; the scanner says which if it is set to send AIM identifiers itself, and that goes before this table.
const IDENTIFIERS: [(u8, &[u8; 3]); 17] = [
    (0x01, b"]A0"),
    (0x02, b"]F0"),
    (0x03, b"]C0"),
    (0x06, b"]I0"),
    (0x07, b"]G0"),
    (0x08, b"]E0"),
    (0x09, b"]E0"),
    (0x0A, b"]E4"),
    (0x0B, b"]E0"),
    (0x0F, b"]C1"),
    (0x10, b"]E0"),
    (0x11, b"]L0"),
    (0x13, b"]A4"),
    (0x16, b"]E0"),
    (0x1B, b"]d1"),
    (0x1C, b"]Q1"),
    (0x2D, b"]z0"),
];

/// The identifier of a symbology; nothing where the number is not known.
pub(super) fn identifier(symbology: u8) -> Option<Aim> {
    let (_, identifier) = IDENTIFIERS.iter().find(|(number, _)| *number == symbology)?;
    Aim::take(*identifier).map(|(aim, _)| aim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_the_table_has_an_identifier_and_gs1_128_alone_is_gs1() {
        for (number, text) in IDENTIFIERS {
            let aim = identifier(number).unwrap();
            assert_eq!(aim.to_string().as_bytes(), text);
            assert_eq!(aim.is_gs1(), number == 0x0F, "{aim}");
        }
        assert_eq!(identifier(0xEE), None);
    }
}
