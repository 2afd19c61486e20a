//! The local socket of a running service: the commands that change something speak to it.
//!
//! Only the service's own user and root are answered: by the file's mode, and by who is at the other end.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::lines::{Line, next_line};
use super::rooms::Rooms;
use super::wire::{Answered, Asked, MAX_LINE_BYTES, Row, SOCKET, ScanAsked, What, may_ask_again, version};
use crate::domain::import::{Deed, Told};
use crate::feeds::{Chunk, Feed, FileProblem, Kind};

/// Connections at a time: a few imports and `casetrack scan`s. The next waits for one to end.
const MAX_CONNECTIONS: usize = 16;

/// Opens the socket and answers until the service stops. A service whose socket cannot be opened runs without.
pub fn open(rooms: &Arc<Rooms>, stopping: watch::Receiver<bool>) -> JoinHandle<()> {
    let path = rooms.config.data_dir.join(SOCKET);
    let rooms = rooms.clone();
    let opened = bind(&path);
    tokio::spawn(async move {
        match opened {
            Ok(listener) => accept(listener, rooms, stopping).await,
            Err(error) => {
                tracing::warn!(error = %error, "no local socket: imports must wait until the service stops");
            }
        }
        // Another start removes what is left.
        let _ = std::fs::remove_file(path);
    })
}

fn bind(path: &PathBuf) -> io::Result<UnixListener> {
    // The lock on the data folder is ours: a socket found there is a dead one.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

async fn accept(listener: UnixListener, rooms: Arc<Rooms>, mut stopping: watch::Receiver<bool>) {
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let Ok(permit) = room.clone().acquire_owned().await else { return };
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.wait_for(|stopping| *stopping) => break,
        };
        while connections.try_join_next().is_some() {}
        match stream {
            Ok((stream, _)) if is_ours(&stream) => {
                let (rooms, stopping) = (rooms.clone(), stopping.clone());
                connections.spawn(async move {
                    if let Err(error) = answer_all(stream, &rooms, stopping).await {
                        tracing::debug!(error = %error, "a local connection broke");
                    }
                    drop(permit);
                });
            }
            Ok(_) => tracing::warn!("another user's program knocked at the local socket"),
            Err(error) => tracing::warn!(error = %error, "a local connection failed"),
        }
    }
    while connections.join_next().await.is_some() {}
}

fn is_ours(stream: &UnixStream) -> bool {
    let ours = rustix::process::geteuid().as_raw();
    stream.peer_cred().is_ok_and(|peer| peer.uid() == ours || peer.uid() == 0)
}

/// Answers one question after the other; a stop comes between two of them.
async fn answer_all(
    stream: UnixStream,
    rooms: &Rooms,
    mut stopping: watch::Receiver<bool>,
) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    loop {
        let line = tokio::select! {
            line = next_line(&mut read, MAX_LINE_BYTES) => line?,
            _ = stopping.wait_for(|stopping| *stopping) => return Ok(()),
        };
        let answered = match line {
            None => return Ok(()),
            Some(Line::TooLong) => Answered::Failed("the question is too long: shorten the rows".to_owned()),
            Some(Line::Whole(bytes)) => answer(&bytes, rooms).await,
        };
        let mut bytes = serde_json::to_vec(&answered)?;
        bytes.push(b'\n');
        write.write_all(&bytes).await?;
    }
}

async fn answer(line: &[u8], rooms: &Rooms) -> Answered {
    let asked: Asked = match serde_json::from_slice(line) {
        Ok(asked) => asked,
        Err(_) => return Answered::Failed(other_version("another version")),
    };
    if asked.version != version() {
        return Answered::Failed(other_version(&asked.version));
    }
    match asked.what {
        What::Import { kind, csv, told, deed } => match import(&kind, csv, (told, deed), rooms).await {
            Ok(rows) => Answered::Rows(rows),
            Err(why) => Answered::Failed(why),
        },
        What::ImportEnded(file) => match rooms.import_ended(file).await {
            Ok(()) => Answered::Rows(Vec::new()),
            Err(error) => Answered::Failed(error.to_string()),
        },
        What::Scan(asked) => scan(&asked, rooms).await,
    }
}

fn other_version(theirs: &str) -> String {
    format!(
        "the running Casetrack is {}, this is {theirs}: restart the service, or use its program",
        version()
    )
}

/// Applies rows that the asking program has checked; one that does not pass here comes from a fault.
async fn import(
    kind: &str,
    csv: String,
    (told, deed): (Told, Deed),
    rooms: &Rooms,
) -> Result<Vec<Row>, String> {
    let kind = Kind::from_word(kind).ok_or_else(|| format!("{kind} cannot be imported"))?;
    let chunk = single_chunk(kind, csv, told, &deed, rooms).map_err(|problem| problem.to_string())?;
    let chunk = chunk.ok_or("the rows are no single piece")?;
    if let Some(rejected) = chunk.rejected.first() {
        return Err(rejected.reason.clone());
    }
    let results = rooms.import(chunk.piece, deed).await.map_err(|error| error.to_string())?;
    Ok(results.into_iter().map(Row::from).collect())
}

/// The only piece of what was sent; none, if there are several.
fn single_chunk(
    kind: Kind,
    csv: String,
    told: Told,
    deed: &Deed,
    rooms: &Rooms,
) -> Result<Option<Chunk>, FileProblem> {
    let feed = Feed::open(kind, csv.into_bytes())?.in_zone(rooms.config.time_zone.clone()).telling(told);
    let feed = match deed {
        Deed::Apply(_) => feed,
        Deed::Rehearse => feed.for_rehearsal(),
    };
    let mut chunks = feed.chunks()?.collect::<Result<Vec<_>, _>>()?;
    Ok(chunks.pop().filter(|_| chunks.is_empty()))
}

async fn scan(asked: &ScanAsked, rooms: &Rooms) -> Answered {
    match rooms.scan(asked).await {
        Ok(told) => Answered::Told(told),
        Err(unheard) if may_ask_again(&unheard) => Answered::Later(unheard.to_string()),
        Err(unheard) => Answered::Failed(unheard.to_string()),
    }
}
