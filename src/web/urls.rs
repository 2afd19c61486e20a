//! Addresses of our own pages.

use std::fmt::Write as _;

/// `text` as one segment of a path or one value of a query: everything but unreserved signs is escaped (RFC 3986, 2.3).
pub fn segment(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            escaped.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// A volume's page.
pub fn volume(barcode: &str) -> String {
    format!("/volumes/{}", segment(barcode))
}

/// A place's page.
pub fn place(code: &str) -> String {
    format!("/places/{}", segment(code))
}

/// A desk's page.
pub fn desk(code: &str) -> String {
    format!("/desks/{}", segment(code))
}

/// The page of a family of scanners.
pub fn scanner(profile: &str) -> String {
    format!("/help/scanners/{}", segment(profile))
}

/// A question's page.
pub fn question(name: &str) -> String {
    format!("/questions/{}", segment(name))
}

/// A search's page.
pub fn search(id: &str) -> String {
    format!("/searches/{}", segment(id))
}

/// A sweep's page.
pub fn sweep(id: crate::domain::SweepId) -> String {
    format!("/sweeps/{id}")
}

/// The search for `text`.
pub fn find(text: &str) -> String {
    format!("/find?q={}", segment(text))
}

/// The exact look-up of something scanned.
pub fn scanned(text: &str) -> String {
    format!("/find?scan={}", segment(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_barcodes_stay_one_segment() {
        assert_eq!(volume("A/B?c=\"<&"), "/volumes/A%2FB%3Fc%3D%22%3C%26");
        assert_eq!(volume(".."), "/volumes/..");
    }
}
