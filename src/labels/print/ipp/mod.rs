//! A print server's printer, by IPP over HTTP: how it is, a document for it, how that document is.
//!
//! A job that the server calls *completed* has left the server; that it came out is more than the server knows.

mod message;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Fault, Patience, Server};
use message::{Answer, Operation, Question, Tag};

/// Largest answer that is read: printers tell some hundred attributes, of which we ask for a handful.
const MAX_ANSWER: usize = 256 * 1_024;
/// The kind of document that is sent.
const PDF: &str = "application/pdf";
/// Who prints, as the print server's lists show it.
const USER: &str = "casetrack";

/// How a document ended at the print server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// It has left the server.
    Passed,
    /// Somebody called it off there, or the server gave up.
    GivenUp,
    /// The server does not know it any more.
    Forgotten,
}

/// A print server's printer.
#[derive(Clone, Debug)]
pub struct Client {
    server: Server,
    patience: Patience,
}

impl Client {
    /// For this printer.
    pub const fn new(server: Server, patience: Patience) -> Self {
        Self { server, patience }
    }

    /// What keeps the printer from printing, if anything does.
    pub async fn fault(&self) -> Result<Option<Fault>, Fault> {
        let question = Question::new(Operation::GetPrinterAttributes, &self.server.uri())
            .text(Tag::Name, "requesting-user-name", USER)
            .text(Tag::Keyword, "requested-attributes", "printer-state")
            .text(Tag::Keyword, "", "printer-state-reasons")
            .text(Tag::Keyword, "", "printer-is-accepting-jobs")
            .text(Tag::Keyword, "", "document-format-supported");
        let answer = well(self.ask(question.with(b"")).await?)?;
        Ok(fault_of(&answer))
    }

    /// Sends a document; the server's number for it. `source` is the tray. With [`Fault::HungUp`], [`Fault::Silent`] or
    /// [`Fault::OtherAnswer`] nobody knows what will come of it; with any other, nothing.
    pub async fn print(&self, name: &str, source: Option<&str>, document: &[u8]) -> Result<i32, Fault> {
        let question = Question::new(Operation::PrintJob, &self.server.uri())
            .text(Tag::Name, "requesting-user-name", USER)
            .text(Tag::Name, "job-name", name)
            .text(Tag::MimeType, "document-format", PDF)
            .group(Tag::JobGroup)
            // Scaled, a bar's edges would leave the printer's grid.
            .text(Tag::Keyword, "print-scaling", "none")
            .text(Tag::Keyword, "sides", "one-sided");
        let question = match source {
            Some(source) => question.collected("media-col", "media-source", source),
            None => question,
        };
        let answer = well(self.ask(question.with(document)).await?)?;
        answer.number("job-id").ok_or(Fault::OtherAnswer)
    }

    /// How a document ended; `None` while it waits or is being printed.
    pub async fn ended(&self, job: i32) -> Result<Option<Ended>, Fault> {
        let question = Question::new(Operation::GetJobAttributes, &self.server.uri())
            .number("job-id", job)
            .text(Tag::Name, "requesting-user-name", USER)
            .text(Tag::Keyword, "requested-attributes", "job-state");
        let answer = self.ask(question.with(b"")).await?;
        if answer.status == NOT_FOUND {
            return Ok(Some(Ended::Forgotten));
        }
        // RFC 8011, 5.3.7: 3 to 6 are on their way, 7 and 8 given up, 9 completed.
        match well(answer)?.number("job-state") {
            Some(3..=6) => Ok(None),
            Some(7 | 8) => Ok(Some(Ended::GivenUp)),
            Some(9) => Ok(Some(Ended::Passed)),
            Some(_) | None => Err(Fault::OtherAnswer),
        }
    }

    async fn ask(&self, question: Vec<u8>) -> Result<Answer, Fault> {
        let connected = timeout(self.patience.connect, TcpStream::connect(&self.server.authority)).await;
        let stream = connected.map_err(|_| Fault::NotThere)?.map_err(|_| Fault::NotThere)?;
        let asked = self.talk(stream, question);
        timeout(self.patience.write, asked).await.map_err(|_| Fault::Silent)?
    }

    async fn talk(&self, stream: TcpStream, question: Vec<u8>) -> Result<Answer, Fault> {
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|_| Fault::HungUp)?;
        let request = Request::post(&self.server.path)
            .header(header::HOST, &self.server.authority)
            .header(header::CONTENT_TYPE, "application/ipp")
            .body(Full::new(Bytes::from(question)))
            .map_err(|_| Fault::NoSuchPrinter)?;
        let answered = async {
            let response = sender.send_request(request).await.map_err(|_| Fault::HungUp)?;
            match response.status() {
                StatusCode::OK => {}
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::UPGRADE_REQUIRED => {
                    return Err(Fault::Locked);
                }
                StatusCode::NOT_FOUND => return Err(Fault::NoSuchPrinter),
                _ => return Err(Fault::OtherAnswer),
            }
            let body = Limited::new(response.into_body(), MAX_ANSWER).collect().await;
            Answer::read(&body.map_err(|_| Fault::HungUp)?.to_bytes()).ok_or(Fault::OtherAnswer)
        };
        tokio::select! {
            answer = answered => answer,
            // The connection ends of itself only when it breaks.
            _ = connection => Err(Fault::HungUp),
        }
    }
}

/// `client-error-not-found` (RFC 8011, B.1.4.7).
const NOT_FOUND: u16 = 0x0406;

/// An answer that went well (RFC 8011, appendix B).
fn well(answer: Answer) -> Result<Answer, Fault> {
    Err(match answer.status {
        0x0000..=0x00FF => return Ok(answer),
        NOT_FOUND => Fault::NoSuchPrinter,
        0x0401..=0x0403 => Fault::Locked,
        0x040A => Fault::WrongFormat,
        0x0502 | 0x0505 | 0x0507 => Fault::Busy,
        0x0506 => Fault::NotAccepting,
        status => Fault::Refused(status),
    })
}

/// What a printer's attributes say; what a person must do first is named first (RFC 8011, 5.4.12).
fn fault_of(answer: &Answer) -> Option<Fault> {
    let mut formats = answer.texts("document-format-supported").peekable();
    if formats.peek().is_some() && !formats.any(|format| format == PDF) {
        return Some(Fault::WrongFormat);
    }
    let reasons = [
        ("cover-open", Fault::Open),
        ("door-open", Fault::Open),
        ("interlock-open", Fault::Open),
        ("media-jam", Fault::Jam),
        ("media-empty", Fault::NoPaper),
        ("media-needed", Fault::NoPaper),
        ("toner-empty", Fault::NoToner),
        ("marker-supply-empty", Fault::NoToner),
        ("paused", Fault::Stopped),
        ("offline", Fault::Offline),
        ("shutdown", Fault::Offline),
        ("timed-out", Fault::Offline),
        ("connecting-to-device", Fault::Offline),
    ];
    let said: Vec<&str> = answer.texts("printer-state-reasons").map(without_gravity).collect();
    let named = reasons.iter().find(|(reason, _)| said.contains(reason)).map(|(_, fault)| *fault);
    let is_stopped = answer.number("printer-state") == Some(5);
    let refuses = answer.says_no("printer-is-accepting-jobs");
    named.or(is_stopped.then_some(Fault::Stopped)).or(refuses.then_some(Fault::NotAccepting))
}

/// `media-empty-error` → `media-empty`. What is a warning or a report keeps nobody from printing.
fn without_gravity(reason: &str) -> &str {
    if reason.ends_with("-warning") || reason.ends_with("-report") {
        return "none";
    }
    reason.strip_suffix("-error").unwrap_or(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer with these states and reasons.
    fn printer(state: i32, reasons: &[&str]) -> Answer {
        let question =
            Question::new(Operation::GetPrinterAttributes, "ipp://h/p").number("printer-state", state);
        let question = reasons
            .iter()
            .fold(question, |question, reason| question.text(Tag::Keyword, "printer-state-reasons", reason));
        Answer::read(&question.with(b"")).unwrap()
    }

    #[test]
    fn a_printer_says_what_keeps_it_from_printing() {
        assert_eq!(fault_of(&printer(3, &["none"])), None);
        assert_eq!(fault_of(&printer(5, &["paused"])), Some(Fault::Stopped));
        assert_eq!(fault_of(&printer(5, &[])), Some(Fault::Stopped));
        assert_eq!(fault_of(&printer(4, &["media-low-warning", "media-empty-error"])), Some(Fault::NoPaper));
        assert_eq!(fault_of(&printer(5, &["media-jam", "cover-open"])), Some(Fault::Open));
        assert_eq!(fault_of(&printer(3, &["media-empty-warning"])), None);
    }

    #[test]
    fn a_refusal_is_told_apart_from_what_passes() {
        let status = |status| {
            let mut answer = printer(3, &[]);
            answer.status = status;
            well(answer).err()
        };
        assert_eq!(status(0x0001), None);
        assert_eq!(status(0x040A), Some(Fault::WrongFormat));
        assert_eq!(status(0x0506), Some(Fault::NotAccepting));
        assert_eq!(status(0x0400), Some(Fault::Refused(0x0400)));
        assert!(Fault::NotAccepting.passes() && !Fault::WrongFormat.passes());
    }
}
