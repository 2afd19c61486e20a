//! Many pages that watch: one thread with every stream's far end, noting what comes and when.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{SyncSender, TryRecvError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, bail};
use rustix::event::epoll;

use crate::clock::Clock;

/// How long the opening of all streams may take.
const OPEN_MOST: Duration = Duration::from_mins(1);
/// How often the thread looks whether it is to stop, in nanoseconds.
const LOOK_EVERY_NS: i64 = 50_000_000;
/// Most wake-ups taken from the kernel at a time.
const EVENTS: usize = 512;
/// Most bytes taken from a stream at a time.
const CHUNK: usize = 16 * 1_024;

/// A movement that came to one stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arrival {
    /// Which stream.
    pub stream: usize,
    /// The number of the movement's cursor.
    pub number: u64,
    /// When, by the wall clock, in microseconds.
    pub at_us: i64,
}

/// What all streams heard.
#[derive(Debug, Default)]
pub struct Heard {
    /// Every movement.
    pub movements: Vec<Arrival>,
    /// Changes of desks.
    pub desks: u64,
    /// Times that a stream was told to load itself again.
    pub resets: u64,
    /// Streams that ended.
    pub ended: u64,
    /// Streams that are open.
    here: usize,
}

/// The thread.
#[derive(Debug)]
pub struct Watchers {
    stop: SyncSender<()>,
    thread: JoinHandle<anyhow::Result<Heard>>,
}

struct Stream {
    socket: TcpStream,
    rest: Vec<u8>,
    kind: Kind,
}

/// Which message the lines belong to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Movement,
    Other,
}

impl Watchers {
    /// Opens a stream for each of `queries` and returns once all of them are told that they are here.
    pub fn open(address: SocketAddr, queries: Vec<String>, clock: Clock) -> anyhow::Result<Self> {
        let (stop, stopped) = sync_channel::<()>(0);
        let (say_ready, ready) = sync_channel(1);
        let thread = std::thread::Builder::new().name("watchers".to_owned()).spawn(move || {
            let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).context("making an epoll")?;
            let mut streams = Vec::with_capacity(queries.len());
            for (number, query) in (0u64..).zip(&queries) {
                streams.push(connect(address, query)?);
                let Some(stream) = streams.last() else { continue };
                let data = epoll::EventData::new_u64(number);
                epoll::add(&epoll, &stream.socket, data, epoll::EventFlags::IN)
                    .context("watching a stream")?;
            }
            let mut heard = Heard::default();
            while stopped.try_recv() == Err(TryRecvError::Empty) {
                listen(&epoll, &mut streams, &mut heard, &clock)?;
                if heard.here >= streams.len() {
                    // Only the first time is waited for.
                    let _ = say_ready.try_send(());
                }
            }
            Ok(heard)
        });
        let watchers = Self { stop, thread: thread.context("no thread for the streams")? };
        if ready.recv_timeout(OPEN_MOST).is_err() {
            watchers.close()?;
            bail!("not all streams opened within a minute");
        }
        Ok(watchers)
    }

    /// Closes all streams and says what they heard.
    pub fn close(self) -> anyhow::Result<Heard> {
        drop(self.stop);
        self.thread.join().map_err(|_| anyhow::anyhow!("the streams' thread failed"))?
    }
}

fn connect(address: SocketAddr, query: &str) -> anyhow::Result<Stream> {
    let mut socket = TcpStream::connect(address).context("connecting to the service")?;
    write!(socket, "GET /api/v1/live?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        .context("asking for a stream")?;
    socket.set_nonblocking(true).context("setting a stream up")?;
    Ok(Stream { socket, rest: Vec::new(), kind: Kind::Other })
}

fn listen(
    epoll: &impl std::os::fd::AsFd,
    streams: &mut [Stream],
    heard: &mut Heard,
    clock: &Clock,
) -> anyhow::Result<()> {
    let wait = rustix::time::Timespec { tv_sec: 0, tv_nsec: LOOK_EVERY_NS };
    let mut events = Vec::with_capacity(EVENTS);
    match epoll::wait(epoll, rustix::buffer::spare_capacity(&mut events), Some(&wait)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        Err(error) => return Err(error).context("waiting for streams"),
    }
    for event in events {
        let number = usize::try_from(event.data.u64()).unwrap_or(usize::MAX);
        let Some(stream) = streams.get_mut(number) else { continue };
        let mut chunk = [0; CHUNK];
        match rustix::io::read(&stream.socket, &mut chunk) {
            Ok(0) => {
                heard.ended += 1;
                epoll::delete(epoll, &stream.socket).context("leaving a stream")?;
            }
            Ok(count) => {
                let at_us = clock.now().micros();
                stream.rest.extend_from_slice(chunk.get(..count).unwrap_or_default());
                stream.lines(number, at_us, heard);
            }
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error).context("reading a stream"),
        }
    }
    Ok(())
}

impl Stream {
    /// Takes the whole lines of what has come. Lines of the chunked transfer are none of a stream's and mean nothing.
    fn lines(&mut self, stream: usize, at_us: i64, heard: &mut Heard) {
        let whole = self.rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let lines: Vec<u8> = self.rest.drain(..whole).collect();
        for line in String::from_utf8_lossy(&lines).lines() {
            if let Some(kind) = line.strip_prefix("event: ") {
                self.kind = if kind == "movement" { Kind::Movement } else { Kind::Other };
                heard.desks += u64::from(kind == "desk");
                heard.resets += u64::from(kind == "reset");
                heard.here += usize::from(kind == "here");
            } else if let Some(id) = line.strip_prefix("id: ")
                && self.kind == Kind::Movement
                && let Some(number) = id.split_once('-').and_then(|(_, number)| number.parse().ok())
            {
                heard.movements.push(Arrival { stream, number, at_us });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_however_they_are_cut() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let socket = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let text = "1f\r\nevent: here\nid: 1-5\ndata: {}\n\n\r\n2a\r\nevent: movement\nid: 1-8192\ndata: {}\n\n\
                    event: desk\ndata: {}\n\n\r\n";
        let mut stream = Stream { socket, rest: Vec::new(), kind: Kind::Other };
        let mut heard = Heard::default();
        for (at, byte) in (0..).zip(text.bytes()) {
            stream.rest.push(byte);
            stream.lines(7, at, &mut heard);
        }
        let numbers: Vec<_> =
            heard.movements.iter().map(|arrival| (arrival.stream, arrival.number)).collect();
        assert_eq!((numbers, heard.desks, heard.here, heard.resets), (vec![(7, 8_192)], 1, 1, 0));
    }
}
