//! `GET /missing`: missing notes as they were known at the end of a day, and how much each place scans.

mod shown;

use askama::Template;
use axum::response::Response;

use super::Shell;
use super::whereabouts::Words;
use crate::domain::missing::period::Period;
use crate::store::report::asking::Answer;
use crate::web::api::Query;
use crate::web::api::reports::Days;
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::when;
use shown::{Shown, shown};

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "missing.html")]
pub struct MissingPage {
    shell: Shell,
    /// The day, in words.
    day: String,
    /// The days of the form, and the newest that it takes.
    as_of: String,
    from: String,
    today: String,
    /// How far the counting is, while it is not done.
    counting: Vec<String>,
    /// Seconds after which the page looks again, while it is not done.
    look_again: Vec<u32>,
    /// The figures, once they are there.
    shown: Vec<Shown>,
}

/// The page looks again so soon while figures are counted.
const LOOK_AGAIN_S: u32 = 2;

/// The page.
pub async fn get(viewer: Viewer, Query(days): Query<Days>) -> Result<Response, Failure> {
    let period = days.period(&viewer)?;
    let directory = viewer.directory();
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    let answer = viewer.missing(period);
    Ok(render(&missing_page(Shell::new(&viewer, "Missing notes"), &words, period, &answer)))
}

/// The page from what is known.
pub fn missing_page(shell: Shell, words: &Words<'_>, period: Period, answer: &Answer) -> MissingPage {
    let ready = if let Answer::Ready(kept) = answer { Some(kept) } else { None };
    let counting = counting(answer);
    MissingPage {
        shell,
        day: when::date(period.last),
        as_of: period.last.to_string(),
        from: period.first.to_string(),
        today: words.now.to_jiff().to_zoned_datetime(words.zone.clone()).date().to_string(),
        look_again: counting.iter().map(|_| LOOK_AGAIN_S).collect(),
        counting: counting.into_iter().collect(),
        shown: ready.map(|kept| shown(words, kept)).into_iter().collect(),
    }
}

fn counting(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Ready(_) => None,
        Answer::Counting(progress) => Some(format!(
            "The figures of this day are being counted: {} % done. They appear here by themselves.",
            progress.per_cent()
        )),
        Answer::Waiting => {
            Some("These figures are counted as soon as others are done. They appear here by themselves.".to_owned())
        }
        Answer::TooMany => {
            Some("Many other days wait to be counted. This page asks again by itself.".to_owned())
        }
        Answer::Failed => Some(
            "These figures could not be counted; they are tried again in a minute. Tell the people who run Casetrack."
                .to_owned(),
        ),
    }
}
