//! Durations as people write them: "15 min".

use std::time::Duration;

/// Reads a duration such as `15 min`, `90 s`, `1 h 30 min` or `14 d`; `None` if it is none or not positive.
pub(super) fn read(text: &str) -> Option<Duration> {
    let span: jiff::Span = text.trim().parse().ok()?;
    let span = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok()?;
    Duration::try_from(span).ok().filter(|duration| !duration.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, seconds) in [
            ("15 min", 900),
            ("90 s", 90),
            ("2 h", 7_200),
            ("1 h 30 min", 5_400),
            ("15min", 900),
            ("15 minutes", 900),
            ("1 d", 86_400),
        ] {
            assert_eq!(read(text), Some(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["15", "", "soon", "-15 min", "0 s", "15 mins or so"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
