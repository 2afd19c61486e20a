//! What went wrong, told to a person or a program. This file alone picks the HTTP status.

use askama::Template;
use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

use super::pages::Shell;
use crate::desk::Unheard;
use crate::domain::command::NotRecorded;
use crate::domain::place::Code;
use crate::store::StoreError;

/// Seconds after which to ask again while the writer is busy.
const RETRY_BUSY_S: u32 = 1;
/// Seconds after which to ask again for figures that are being counted.
const RETRY_COUNTED_S: u32 = 2;
/// Seconds after which to ask again once the store has stopped: somebody has to start it.
const RETRY_DOWN_S: u32 = 30;

/// Why a request was not done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    /// The request is not of the described form.
    Malformed(String),
    /// It came under a name that is not this machine's.
    NotFromHere,
    /// It came from another site's page.
    OtherOrigin,
    /// There is no such page.
    NoSuchPage,
    /// There is none of this name.
    NoSuch {
        /// Volume, place or desk.
        what: &'static str,
        /// What was asked for.
        name: String,
    },
    /// Nobody has imported the place at which the desk stands.
    PlaceUnknown(Code),
    /// The page does not take this method.
    WrongMethod,
    /// The id is known with another text.
    OtherText,
    /// The form was sent before, with another answer.
    SentBefore,
    /// More was sent than a scan can be.
    TooLarge,
    /// Too many things at once.
    Busy(&'static str),
    /// Figures that are being counted, in words how far that is.
    NotCountedYet(String),
    /// Not known yet whether it was recorded.
    NotKnownYet,
    /// The store has stopped.
    Down,
    /// A fault of ours, logged under this number.
    Incident(Uuid),
}

/// A failure in words: what happened, and what to do.
struct Told {
    status: StatusCode,
    title: String,
    advice: String,
    retry_after_s: Option<u32>,
}

impl Failure {
    fn told(self) -> Told {
        match self {
            Self::Malformed(why) => told(StatusCode::BAD_REQUEST, "Not understood", why),
            Self::NotFromHere => told(
                StatusCode::FORBIDDEN,
                "Only from this machine",
                "This service answers only on its own machine, as http://localhost or http://127.0.0.1. To open it to \
                 the network see allow_unauthenticated in the configuration.",
            ),
            Self::OtherOrigin => told(
                StatusCode::FORBIDDEN,
                "Not from this site",
                "Another site's page sent this. Open the page here and do it again.",
            ),
            Self::NoSuchPage => told(
                StatusCode::NOT_FOUND,
                "There is no such page",
                "Check the address, or begin at the front page.",
            ),
            Self::NoSuch { what, name } => told(
                StatusCode::NOT_FOUND,
                format!("There is no {what} {name}"),
                "Check what was typed. If a label says so, put its folder aside for the library.",
            ),
            Self::PlaceUnknown(place) => {
                told(StatusCode::NOT_FOUND, place_unknown(&place), PLACE_UNKNOWN_ADVICE)
            }
            Self::WrongMethod => told(
                StatusCode::METHOD_NOT_ALLOWED,
                "Not done that way",
                "This address does not take this method; /api/v1/openapi.json says which it takes.",
            ),
            Self::OtherText => told(
                StatusCode::CONFLICT,
                "A scan with this id is known, with another text",
                "Nothing was recorded. Make a new id for each scan, and keep it when you send that scan again.",
            ),
            Self::SentBefore => told(
                StatusCode::CONFLICT,
                "This form was sent before, with another answer",
                "The first answer counts; nothing was changed now. Open the page again to see it.",
            ),
            Self::TooLarge => told(
                StatusCode::PAYLOAD_TOO_LARGE,
                "Too much at once",
                "Send one scan in one request, or a list of 1,000 labels: 64 KiB at most.",
            ),
            Self::Busy(why) => Told {
                retry_after_s: Some(RETRY_BUSY_S),
                ..told(StatusCode::SERVICE_UNAVAILABLE, "Wait, do not scan on", why)
            },
            Self::NotCountedYet(how_far) => Told {
                retry_after_s: Some(RETRY_COUNTED_S),
                ..told(StatusCode::SERVICE_UNAVAILABLE, "These figures are being counted", how_far)
            },
            Self::NotKnownYet => Told {
                retry_after_s: Some(RETRY_BUSY_S),
                ..told(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Wait, do not scan on",
                    "It is not known yet whether this is recorded. Reload this page (F5) or send it again with the \
                     same id: it cannot be recorded twice.",
                )
            },
            Self::Down => Told {
                retry_after_s: Some(RETRY_DOWN_S),
                ..told(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Use paper slips",
                    "The server records nothing at the moment. Write a slip for each folder and tell the people who \
                     run Casetrack.",
                )
            },
            Self::Incident(id) => told(
                StatusCode::INTERNAL_SERVER_ERROR,
                "This did not work, and it is our fault",
                format!("Nothing was recorded. Tell the people who run Casetrack this number: {id}"),
            ),
        }
    }

    /// Logs a fault once, with its whole chain, and gives it a number.
    pub fn incident(error: &(dyn std::error::Error + 'static)) -> Self {
        let id = Uuid::now_v7();
        let chain: Vec<String> =
            std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect();
        tracing::error!(incident.id = %id, error = chain.join(": "), "a request failed");
        Self::Incident(id)
    }

    /// Why a desk did not answer.
    pub fn of_desk(unheard: Unheard) -> Self {
        match unheard {
            Unheard::NoSuchDesk(name) => Self::NoSuch { what: "desk", name },
            Unheard::NoSuchPlace(code) => Self::PlaceUnknown(code),
            Unheard::Busy => Self::Busy("Too many scans wait. Send this one again, with the same id."),
            Unheard::NotKnownYet => Self::NotKnownYet,
            Unheard::Down => Self::Down,
            Unheard::OtherText => Self::OtherText,
            Unheard::Incident(id) => Self::Incident(id),
        }
    }
}

/// What a desk says whose place nobody has imported.
pub fn place_unknown(place: &Code) -> String {
    format!("This desk's place {place} is not known here yet: import the places")
}

/// … and what to do meanwhile.
pub const PLACE_UNKNOWN_ADVICE: &str = "Nothing scanned at this desk is recorded until then. Write a slip for each folder and tell the people who run \
     Casetrack.";

impl Failure {
    /// Why an act of a page was not recorded.
    pub fn of_page(why: &NotRecorded) -> Self {
        match why {
            NotRecorded::Stopped => Self::Down,
            NotRecorded::Busy => Self::Busy("Too many forms wait. Send this one again."),
            NotRecorded::OtherText => Self::SentBefore,
            NotRecorded::Incident(id) => Self::Incident(*id),
        }
    }
}

fn told(status: StatusCode, title: impl Into<String>, advice: impl Into<String>) -> Told {
    Told { status, title: title.into(), advice: advice.into(), retry_after_s: None }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::BadCursor => Self::Malformed(StoreError::BadCursor.to_string()),
            StoreError::Job(bad) => Self::Malformed(bad.to_string()),
            StoreError::Stopped => Self::Down,
            fault @ (StoreError::InUse(_)
            | StoreError::Newer { .. }
            | StoreError::Foreign(_)
            | StoreError::Backup(_)
            | StoreError::Io { .. }
            | StoreError::Database { .. }) => Self::incident(&fault),
        }
    }
}

/// The status alone; [`dress`] gives it the form that the address asks for.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = self.clone().told().status;
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// RFC 9457.
#[derive(Serialize)]
struct Problem {
    r#type: &'static str,
    title: String,
    status: u16,
    detail: String,
}

/// The page of a failure.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "error.html")]
pub struct FailurePage {
    shell: Shell,
    title: String,
    advice: String,
}

/// Addresses outside `/api` that only programs ask.
const WATCHED: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/") || WATCHED.contains(&path)
}

/// Gives every failure its words: problem+json for programs, a plain page for people.
pub async fn dress(request: Request, next: Next) -> Response {
    let for_programs = is_for_programs(request.uri().path());
    let mut response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let failure = response.extensions_mut().remove::<Failure>();
    match failure.or_else(|| undressed(status, &response)) {
        Some(failure) => wear(failure.told(), for_programs, &response),
        None => response,
    }
}

/// What a refusal of the machinery means, where it has not the words of a handler.
fn undressed(status: StatusCode, response: &Response) -> Option<Failure> {
    match status {
        StatusCode::NOT_FOUND => Some(Failure::NoSuchPage),
        StatusCode::METHOD_NOT_ALLOWED => Some(Failure::WrongMethod),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Failure::TooLarge),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Some(Failure::Malformed("The request is not of the form that is described.".to_owned()))
        }
        _ if response.headers().contains_key(header::CONTENT_TYPE) => None,
        _ => Some(Failure::incident(&std::io::Error::other("a handler failed"))),
    }
}

fn wear(told: Told, for_programs: bool, bare: &Response) -> Response {
    let status = told.status;
    let retry_after_s = told.retry_after_s;
    let mut response = if for_programs { problem(told) } else { page(told) };
    *response.status_mut() = status;
    if let Some(allow) = bare.headers().get(header::ALLOW) {
        response.headers_mut().insert(header::ALLOW, allow.clone());
    }
    if let Some(seconds) = retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn problem(told: Told) -> Response {
    let body = Problem {
        r#type: "about:blank",
        title: told.title,
        status: told.status.as_u16(),
        detail: told.advice,
    };
    ([(header::CONTENT_TYPE, "application/problem+json")], Json(body)).into_response()
}

fn page(told: Told) -> Response {
    let shell = Shell::bare(&told.title);
    render(&FailurePage { shell, title: told.title, advice: told.advice })
}

/// A page's answer.
pub fn render(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => Failure::incident(&error).into_response(),
    }
}

/// The answer after a handler that panicked; the log has where.
pub fn after_panic(_panic: Box<dyn std::any::Any + Send>) -> axum::http::Response<axum::body::Body> {
    Failure::incident(&std::io::Error::other("a handler panicked")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_has_its_status_and_says_what_to_do() {
        let table = [
            (Failure::Malformed("x".into()), 400),
            (Failure::NotFromHere, 403),
            (Failure::OtherOrigin, 403),
            (Failure::NoSuchPage, 404),
            (Failure::NoSuch { what: "desk", name: "X".into() }, 404),
            (Failure::of_desk(Unheard::NoSuchDesk("X".into())), 404),
            (Failure::of_desk(Unheard::NoSuchPlace("X".parse().unwrap())), 404),
            (Failure::WrongMethod, 405),
            (Failure::of_desk(Unheard::OtherText), 409),
            (Failure::of_page(&NotRecorded::OtherText), 409),
            (Failure::TooLarge, 413),
            (Failure::NotCountedYet("x".into()), 503),
            (Failure::of_page(&NotRecorded::Stopped), 503),
            (Failure::of_page(&NotRecorded::Busy), 503),
            (Failure::of_page(&NotRecorded::Incident(Uuid::nil())), 500),
            (Failure::of_desk(Unheard::Incident(Uuid::nil())), 500),
            (Failure::of_desk(Unheard::Busy), 503),
            (Failure::of_desk(Unheard::NotKnownYet), 503),
            (Failure::of_desk(Unheard::Down), 503),
            (StoreError::Stopped.into(), 503),
            (StoreError::BadCursor.into(), 400),
            (StoreError::Foreign("x".into()).into(), 500),
        ];
        for (failure, status) in table {
            let told = failure.clone().told();
            assert_eq!(told.status.as_u16(), status, "{failure:?}");
            assert_eq!(told.retry_after_s.is_some(), status == 503, "{failure:?}");
            assert!(!told.title.is_empty() && !told.advice.is_empty(), "{failure:?}");
        }
    }
}
