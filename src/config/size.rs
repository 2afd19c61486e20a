//! Sizes as people write them: "500 MB"; and the floors of the room on the disk.

use toml::Spanned;

use super::check::{Checked, complain};
use super::written::Space;
use crate::store::Floors;
use crate::store::space::{GB, MB, MIN_STOP_BELOW, bytes};

/// Reads a size such as `500 MB` or `2 GB`, in bytes; `None` if it is none. Units are those that disks are sold in.
pub(super) fn read(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text.get(digits.len()..)? {
        "MB" => MB,
        "GB" => GB,
        "TB" => 1_000 * GB,
        _ => return None,
    };
    digits.trim_end().parse::<u64>().ok()?.checked_mul(unit)
}

pub(super) fn floors(written: &Space) -> Checked<Floors> {
    let warn_below = size(&written.warn_below, "warn_below")?;
    let stop_below = size(&written.stop_below, "stop_below")?;
    if stop_below < MIN_STOP_BELOW {
        let least = bytes(MIN_STOP_BELOW);
        return complain(
            &written.stop_below,
            format!("stop_below: at least {least} must stay free, else what is accepted may not fit"),
        );
    }
    if warn_below <= stop_below {
        return complain(
            &written.warn_below,
            "warn_below must be more than stop_below: else nobody is told before it stops",
        );
    }
    Ok(Floors { warn_below, stop_below })
}

fn size(text: &Spanned<String>, key: &str) -> Checked<u64> {
    read(text.get_ref()).map_or_else(
        || complain(text, format!("{key} \"{}\" is no size: write one such as \"2 GB\"", text.get_ref())),
        Ok,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, size) in [("500 MB", 500 * MB), ("2 GB", 2 * GB), ("1TB", 1_000 * GB), (" 0 MB ", 0)] {
            assert_eq!(read(text), Some(size), "{text}");
        }
        for text in ["500", "", "MB", "-1 GB", "1.5 GB", "2 gigs", "2 GiB", "99999999999 TB"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
