//! A label printer's raw port: bytes go in, and a status comes out when it is asked for.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::status::{QUESTION, Status};
use super::{Fault, Patience};

/// Longest answer that is listened to: three strings are under 100 bytes, and a late answer may stand before them.
const MAX_ANSWER: usize = 1_024;

/// An open line to a label printer. Nobody else has one: a printer takes one at a time.
#[derive(Debug)]
pub struct Line {
    stream: TcpStream,
    patience: Patience,
}

impl Line {
    /// Opens it.
    pub async fn open(address: &str, patience: Patience) -> Result<Self, Fault> {
        let connected = timeout(patience.connect, TcpStream::connect(address)).await;
        let stream = connected.map_err(|_| Fault::NotThere)?.map_err(|_| Fault::NotThere)?;
        Ok(Self { stream, patience })
    }

    /// Asks how the printer is.
    pub async fn status(&mut self) -> Result<Status, Fault> {
        self.send(QUESTION).await?;
        let mut heard = Vec::new();
        match timeout(self.patience.answer, listen(&mut self.stream, &mut heard)).await {
            Ok(answered) => answered,
            Err(_) if heard.is_empty() => Err(Fault::Silent),
            Err(_) => Err(Fault::HalfAnswer),
        }
    }

    /// Sends labels. That they were taken says nothing of paper.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let written = timeout(self.patience.write, self.stream.write_all(bytes)).await;
        written.map_err(|_| Fault::Silent)?.map_err(|_| Fault::HungUp)
    }
}

/// Reads until an answer is whole.
async fn listen(stream: &mut TcpStream, heard: &mut Vec<u8>) -> Result<Status, Fault> {
    loop {
        let read = stream.read_buf(heard).await.map_err(|_| Fault::HungUp)?;
        if let Some(status) = Status::newest(heard) {
            return Ok(status);
        }
        if read == 0 {
            return Err(Fault::HungUp);
        }
        if heard.len() > MAX_ANSWER {
            return Err(Fault::OtherAnswer);
        }
    }
}
