//! One kept connection on which one request follows the other, each timed until its answer is whole.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::Context;

use crate::clock::Clock;

/// A service that does not answer for so long is stuck.
const ANSWER_MOST: Duration = Duration::from_mins(2);
/// Longest answer that is taken: a page has some tens of thousands of bytes.
const BODY_MOST: usize = 16 * 1_024 * 1_024;

/// The connection.
pub struct Client {
    reader: BufReader<TcpStream>,
    address: SocketAddr,
    clock: Clock,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: String,
    /// From the sending to the last byte.
    pub took_us: i64,
}

impl Client {
    /// Connects.
    pub fn open(address: SocketAddr, clock: Clock) -> anyhow::Result<Self> {
        Ok(Self { reader: connect(address)?, address, clock })
    }

    /// Asks for `path`; a connection that the service has closed for its silence is opened anew.
    pub fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        self.once(path).or_else(|_| {
            self.reader = connect(self.address)?;
            self.once(path)
        })
    }

    /// The same, and only an answer that is what was asked for counts. A redirection leads to what was found.
    pub fn good(&mut self, path: &str) -> anyhow::Result<Answer> {
        let answer = self.get(path)?;
        anyhow::ensure!(answer.status < 400, "{path} answers {}", answer.status);
        Ok(answer)
    }

    fn once(&mut self, path: &str) -> anyhow::Result<Answer> {
        let from = self.clock.read().boot_us;
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        self.reader.get_mut().write_all(request.as_bytes()).context("asking")?;
        let status = self.line()?.split(' ').nth(1).context("no status")?.parse().context("a status")?;
        let mut length = 0;
        loop {
            let line = self.line()?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            anyhow::ensure!(!line.starts_with("transfer-encoding:"), "{path} does not say how long it is");
            if let Some(said) = line.strip_prefix("content-length:") {
                length = said.trim().parse().context("a length")?;
            }
        }
        anyhow::ensure!(length <= BODY_MOST, "{path} is longer than any page of ours");
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body).context("reading a body")?;
        let took_us = self.clock.read().boot_us - from;
        Ok(Answer { status, body: String::from_utf8(body).context("a body")?, took_us })
    }

    fn line(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        anyhow::ensure!(self.reader.read_line(&mut line).context("reading a head")? > 0, "closed");
        Ok(line.trim_end().to_owned())
    }
}

fn connect(address: SocketAddr) -> anyhow::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address).context("connecting to the service")?;
    stream.set_nodelay(true).context("setting a connection up")?;
    stream.set_read_timeout(Some(ANSWER_MOST)).context("setting a connection up")?;
    Ok(BufReader::new(stream))
}
