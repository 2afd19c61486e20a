//! Lines of bounded length from a stream.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// One line of a stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Line {
    /// Its bytes, without the line break.
    Whole(Vec<u8>),
    /// It had more bytes than allowed; they are gone.
    TooLong,
}

/// Reads the next line; `None` at the end. No more than `max` bytes are kept.
pub async fn next_line(stream: &mut (impl AsyncBufRead + Unpin), max: usize) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    let mut too_long = false;
    let mut any = false;
    loop {
        let ready = stream.fill_buf().await?;
        if ready.is_empty() {
            return Ok(any.then(|| finished(line, too_long)));
        }
        any = true;
        let end = ready.iter().position(|byte| *byte == b'\n');
        let part = ready.get(..end.unwrap_or(ready.len())).unwrap_or(ready);
        too_long |= line.len() + part.len() > max;
        if too_long {
            line.clear();
        } else {
            line.extend_from_slice(part);
        }
        let used = part.len() + usize::from(end.is_some());
        stream.consume(used);
        if end.is_some() {
            return Ok(Some(finished(line, too_long)));
        }
    }
}

fn finished(mut line: Vec<u8>, too_long: bool) -> Line {
    if too_long {
        return Line::TooLong;
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Line::Whole(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_end_at_breaks_and_long_ones_are_told() {
        let mut stream = tokio::io::BufReader::with_capacity(4, &b"one\r\n\ntoo long to keep\nlast"[..]);
        let mut lines = Vec::new();
        while let Some(line) = next_line(&mut stream, 8).await.unwrap() {
            lines.push(line);
        }
        let whole = |text: &str| Line::Whole(text.as_bytes().to_vec());
        assert_eq!(lines, [whole("one"), whole(""), Line::TooLong, whole("last")]);
    }
}
