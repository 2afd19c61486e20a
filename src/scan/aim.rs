//! AIM identifiers: the three characters by which a scanner says what kind of symbol it read.
//!
//! Sources: appendices of the Datalogic QD2300, Symbol LS7808 and Honeywell 8600 manuals. The modifiers of Data
//! Matrix, QR and Aztec were not checked against a device.

use std::fmt;

/// An AIM identifier, e.g. `]C0`: a code letter and a modifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Aim {
    code: u8,
    modifier: u8,
}

/// The kind of symbol an identifier names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Symbology {
    /// Code 39, with or without check character or full ASCII (`]A`).
    Code39,
    /// Code 128 without GS1 meaning (`]C0`, `]C2`, `]C4`).
    Code128,
    /// GS1-128: Code 128 with FNC1 first (`]C1`).
    Gs1Code128,
    /// Data Matrix without GS1 meaning (`]d`).
    DataMatrix,
    /// GS1 Data Matrix (`]d2`), as on the NHS wristband.
    Gs1DataMatrix,
    /// QR without GS1 meaning (`]Q`).
    Qr,
    /// GS1 QR (`]Q3`).
    Gs1Qr,
    /// GS1 DataBar (`]e0`).
    Gs1DataBar,
    /// Interleaved 2 of 5 (`]I`).
    Interleaved2Of5,
    /// Codabar (`]F`).
    Codabar,
    /// Code 93 (`]G`).
    Code93,
    /// EAN or UPC (`]E`).
    Ean,
    /// PDF417 (`]L`).
    Pdf417,
    /// Aztec (`]z`).
    Aztec,
    /// Anything else, vendor data (`]X0`, `]Z6`) included.
    Other,
}

impl Aim {
    /// Takes an identifier off the front: `]`, a letter, a modifier `0`–`9` or `A`–`F`.
    ///
    /// ```
    /// use casetrack::scan::aim::{Aim, Symbology};
    /// let (aim, rest) = Aim::take(b"]A0CN123").unwrap();
    /// assert_eq!((aim.to_string().as_str(), aim.symbology(), rest), ("]A0", Symbology::Code39, &b"CN123"[..]));
    /// ```
    pub fn take(bytes: &[u8]) -> Option<(Self, &[u8])> {
        match bytes {
            [b']', code, modifier, rest @ ..] if code.is_ascii_alphabetic() && is_modifier(*modifier) => {
                Some((Self { code: *code, modifier: *modifier }, rest))
            }
            _ => None,
        }
    }

    /// Whether an identifier stands anywhere in `bytes`: two reads run together.
    pub fn stands_in(bytes: &[u8]) -> bool {
        bytes.windows(3).any(|window| Self::take(window).is_some())
    }

    /// The kind of symbol.
    pub fn symbology(self) -> Symbology {
        match (self.code, self.modifier) {
            (b'A', _) => Symbology::Code39,
            (b'C', b'1') => Symbology::Gs1Code128,
            (b'C', _) => Symbology::Code128,
            (b'd', b'2') => Symbology::Gs1DataMatrix,
            (b'd', _) => Symbology::DataMatrix,
            (b'Q', b'3') => Symbology::Gs1Qr,
            (b'Q', _) => Symbology::Qr,
            (b'e', b'0') => Symbology::Gs1DataBar,
            (b'I', _) => Symbology::Interleaved2Of5,
            (b'F', _) => Symbology::Codabar,
            (b'G', _) => Symbology::Code93,
            (b'E', _) => Symbology::Ean,
            (b'L', _) => Symbology::Pdf417,
            (b'z', _) => Symbology::Aztec,
            _ => Symbology::Other,
        }
    }

    /// Whether the text is a GS1 element string, fields parted by GS (0x1D). A plain `]C0` never is.
    pub fn is_gs1(self) -> bool {
        matches!(
            self.symbology(),
            Symbology::Gs1Code128 | Symbology::Gs1DataMatrix | Symbology::Gs1Qr | Symbology::Gs1DataBar
        )
    }
}

impl fmt::Display for Aim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "]{}{}", char::from(self.code), char::from(self.modifier))
    }
}

impl Symbology {
    /// The name used in the config, e.g. `code39`.
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// The name for people, e.g. `Code 39`.
    pub fn title(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Code39 => ("code39", "Code 39"),
            Self::Code128 => ("code128", "Code 128"),
            Self::Gs1Code128 => ("gs1-128", "GS1-128"),
            Self::DataMatrix => ("datamatrix", "Data Matrix"),
            Self::Gs1DataMatrix => ("gs1-datamatrix", "GS1 Data Matrix"),
            Self::Qr => ("qr", "QR"),
            Self::Gs1Qr => ("gs1-qr", "GS1 QR"),
            Self::Gs1DataBar => ("gs1-databar", "GS1 DataBar"),
            Self::Interleaved2Of5 => ("itf", "Interleaved 2 of 5"),
            Self::Codabar => ("codabar", "Codabar"),
            Self::Code93 => ("code93", "Code 93"),
            Self::Ean => ("ean", "EAN or UPC"),
            Self::Pdf417 => ("pdf417", "PDF417"),
            Self::Aztec => ("aztec", "Aztec"),
            Self::Other => ("other", "another kind"),
        }
    }
}

fn is_modifier(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'A'..=b'F')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_gs1_identifiers_are_gs1() {
        for (text, gs1) in [("]C1", true), ("]d2", true), ("]Q3", true), ("]e0", true), ("]C0", false)] {
            let (aim, _) = Aim::take(text.as_bytes()).unwrap();
            assert_eq!(aim.is_gs1(), gs1, "{text}");
        }
    }

    #[test]
    fn a_bracket_alone_is_no_identifier() {
        for text in ["]", "]C", "]1C", "]Cx", "C]0", ""] {
            assert_eq!(Aim::take(text.as_bytes()), None, "{text}");
        }
    }
}
