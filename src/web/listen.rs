//! Where browsers and programs connect: a limit on how many, and patience with the silent that ends.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

/// Connections at a time: twice the live streams, so that pages can post beside them. Later ones wait their turn.
pub const MAX_CONNECTIONS: usize = 8_192;
/// A connection on which nothing was answered for so long is closed: an idle browser, or one that dribbles its
/// request. A live stream says something every 15 s and stays.
pub const SILENCE: Duration = Duration::from_mins(1);
/// Pause after a failed accept, most often for want of file handles.
const AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(200);

/// A listener whose connections end after [`SILENCE`].
#[derive(Debug)]
pub struct Patient {
    listener: TcpListener,
    silence: Duration,
    room: Arc<Semaphore>,
}

impl Patient {
    /// Takes a bound listener.
    pub fn new(listener: TcpListener) -> Self {
        Self { listener, silence: SILENCE, room: Arc::new(Semaphore::new(MAX_CONNECTIONS)) }
    }
}

impl axum::serve::Listener for Patient {
    type Io = Guarded;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Guarded, SocketAddr) {
        loop {
            let Ok(permit) = self.room.clone().acquire_owned().await else { continue };
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    // A signal must not wait for a second packet; without it the answer is only slower.
                    let _ = stream.set_nodelay(true);
                    let silence = Box::pin(tokio::time::sleep(self.silence));
                    return (Guarded { stream, silence, patience: self.silence, _permit: permit }, address);
                }
                Err(error) => {
                    tracing::warn!(error = %error, "a connection was not taken");
                    tokio::time::sleep(AFTER_FAILED_ACCEPT).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection; every byte that is answered begins its patience anew.
#[derive(Debug)]
pub struct Guarded {
    stream: TcpStream,
    silence: Pin<Box<Sleep>>,
    patience: Duration,
    _permit: OwnedSemaphorePermit,
}

impl Guarded {
    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        self.silence.as_mut().poll(context).is_ready()
    }

    fn written(
        &mut self,
        result: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        match result {
            Poll::Ready(Ok(_)) => {
                let until = Instant::now() + self.patience;
                self.silence.as_mut().reset(until);
                result
            }
            Poll::Pending if self.is_over(context) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending | Poll::Ready(Err(_)) => result,
        }
    }
}

impl AsyncRead for Guarded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.is_over(context) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(result, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.written(result, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn a_connection_that_never_ends_its_request_is_closed() {
        let mut patient = Patient::new(TcpListener::bind("127.0.0.1:0").await.unwrap());
        patient.silence = Duration::from_millis(50);
        let address = patient.listener.local_addr().unwrap();
        let routes = Router::new().route("/", get(|| async { "fine" }));
        let server = tokio::spawn(async move { axum::serve(patient, routes).await });
        let mut dribbler = TcpStream::connect(address).await.unwrap();
        dribbler.write_all(b"GET / HTTP/1.1\r\nhost: loc").await.unwrap();
        let mut rest = Vec::new();
        // Ends by itself, whatever it is told in parting.
        let _ = dribbler.read_to_end(&mut rest).await;
        assert!(!String::from_utf8_lossy(&rest).contains("fine"));
        let mut good = TcpStream::connect(address).await.unwrap();
        good.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        good.read_to_string(&mut answer).await.unwrap();
        assert!(answer.ends_with("fine"));
        server.abort();
    }
}
