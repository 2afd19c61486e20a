//! The running service, asked over its local socket.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::UnixStream;

use crate::app::lines::{Line, next_line};
use crate::app::wire::{Answered, Asked, MAX_LINE_BYTES, Row, SOCKET, ScanAsked, Told, What};
use crate::domain::import::{self, RowResult};
use crate::feeds::Kind;

/// How often a scan whose outcome is not known is asked for again, and how long between: half a minute in all.
const MAX_ASKED_AGAIN: u32 = 60;
const ASK_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// A connection to the running service.
pub struct Remote {
    stream: BufReader<UnixStream>,
}

impl Remote {
    /// Connects to the service that has this data folder.
    pub async fn connect(data_dir: &Path) -> anyhow::Result<Self> {
        let path = data_dir.join(SOCKET);
        let stream = UnixStream::connect(&path).await.with_context(|| {
            format!(
                "a running Casetrack has {}, but does not answer at {}: run this as the service's user, or stop it",
                data_dir.display(),
                path.display()
            )
        })?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// Has the service apply rows, or say what would become of them.
    pub async fn import(
        &mut self,
        kind: Kind,
        csv: String,
        (told, deed): (import::Told, import::Deed),
    ) -> anyhow::Result<Vec<RowResult>> {
        match self.ask(What::Import { kind: kind.word().to_owned(), csv, told, deed }).await? {
            Answered::Rows(rows) => Ok(rows.into_iter().map(Row::into).collect()),
            Answered::Failed(why) | Answered::Later(why) => bail!(why),
            Answered::Told(_) => bail!("the running service gave another answer than was asked for"),
        }
    }

    /// Has the service end an import.
    pub async fn import_ended(&mut self, file: import::FileDigest) -> anyhow::Result<()> {
        match self.ask(What::ImportEnded(file)).await? {
            Answered::Rows(_) => Ok(()),
            Answered::Failed(why) | Answered::Later(why) => bail!(why),
            Answered::Told(_) => bail!("the running service gave another answer than was asked for"),
        }
    }

    /// Has the service scan.
    pub async fn scan(&mut self, asked: &ScanAsked) -> anyhow::Result<Told> {
        let mut asked_again = 0;
        loop {
            match self.ask(What::Scan(asked.clone())).await? {
                Answered::Told(told) => return Ok(told),
                Answered::Later(_) if asked_again < MAX_ASKED_AGAIN => {
                    asked_again += 1;
                    tokio::time::sleep(ASK_AGAIN_AFTER).await;
                }
                Answered::Later(why) | Answered::Failed(why) => bail!(why),
                Answered::Rows(_) => bail!("the running service gave another answer than was asked for"),
            }
        }
    }

    async fn ask(&mut self, what: What) -> anyhow::Result<Answered> {
        let mut bytes = serde_json::to_vec(&Asked::new(what))?;
        bytes.push(b'\n');
        if bytes.len() > MAX_LINE_BYTES {
            bail!("the rows are too long to be sent: shorten their cells");
        }
        self.stream.get_mut().write_all(&bytes).await.context("the running service hung up")?;
        match next_line(&mut self.stream, MAX_LINE_BYTES).await.context("the running service hung up")? {
            Some(Line::Whole(line)) => {
                serde_json::from_slice(&line).context("the running service is of another version: restart it")
            }
            Some(Line::TooLong) | None => bail!("the running service hung up: run the command again"),
        }
    }
}
