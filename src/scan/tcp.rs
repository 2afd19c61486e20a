//! Connecting to a terminal server or a network scanner.

use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use rustix::net::sockopt;

use super::device::{LostWhy, WRITE_MOST};

/// Longest wait for one address to answer; a terminal server in the same building answers in milliseconds.
const CONNECT_MOST: Duration = Duration::from_secs(3);
/// Most addresses of a name that are tried at one opening.
const ADDRESSES_MOST: usize = 4;
/// Silence after which the network asks whether the other side still lives.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(10);
/// Time between such questions.
const KEEPALIVE_EVERY: Duration = Duration::from_secs(5);
/// Unanswered questions after which the connection is gone: 25 s after a cable was pulled.
const KEEPALIVE_COUNT: u32 = 3;
/// Longest time feedback may stay unacknowledged, in milliseconds; while some is, the questions above are not asked.
const UNACKNOWLEDGED_MOST_MS: u32 = 25_000;

/// Connects to `HOST:PORT`.
pub(super) fn open(host: &str) -> Result<TcpStream, LostWhy> {
    let stream = connect(host).map_err(|error| LostWhy::Unreachable(error.to_string()))?;
    prepare(&stream).map_err(|error| LostWhy::Failed(error.to_string()))?;
    Ok(stream)
}

fn connect(host: &str) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in host.to_socket_addrs()?.take(ADDRESSES_MOST) {
        match TcpStream::connect_timeout(&address, CONNECT_MOST) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_write_timeout(Some(WRITE_MOST))?;
    sockopt::set_tcp_keepidle(stream, KEEPALIVE_IDLE)?;
    sockopt::set_tcp_keepintvl(stream, KEEPALIVE_EVERY)?;
    sockopt::set_tcp_keepcnt(stream, KEEPALIVE_COUNT)?;
    sockopt::set_tcp_user_timeout(stream, UNACKNOWLEDGED_MOST_MS)?;
    sockopt::set_socket_keepalive(stream, true)?;
    Ok(())
}
