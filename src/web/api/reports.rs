//! `GET reports/missing`: missing notes as they were known at the end of a day.

use axum::Json;
use jiff::civil::Date;
use serde::Deserialize;

use super::Query;
use super::search::today;
use crate::domain::missing::period::Period;
use crate::domain::missing::report::Report;
use crate::store::report::asking::Answer;
use crate::web::auth::Viewer;
use crate::web::error::Failure;

/// Which days are asked for; an empty field of a form is none.
#[derive(Deserialize, Default)]
pub struct Days {
    as_of: Option<String>,
    from: Option<String>,
}

impl Days {
    /// The period: a month up to yesterday, unless it is said otherwise.
    pub fn period(&self, viewer: &Viewer) -> Result<Period, Failure> {
        let [last, first] =
            [("as_of", &self.as_of), ("from", &self.from)].map(|(name, text)| day(name, text.as_deref()));
        Period::asked(first?, last?, today(viewer)).map_err(|bad| Failure::Malformed(bad.to_string()))
    }
}

fn day(name: &str, text: Option<&str>) -> Result<Option<Date>, Failure> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    let read = |text: &str| {
        text.parse().map_err(|_| Failure::Malformed(format!("{name}: a day like 2026-11-30 is needed")))
    };
    text.map(read).transpose()
}

/// The figures, once they are counted.
pub async fn missing(viewer: Viewer, Query(days): Query<Days>) -> Result<Json<Report>, Failure> {
    match viewer.missing(days.period(&viewer)?) {
        Answer::Ready(kept) => Ok(Json(Report::clone(&kept.report))),
        Answer::Counting(progress) => Err(Failure::NotCountedYet(format!(
            "{} % of the folders are counted. Ask again.",
            progress.per_cent()
        ))),
        Answer::Waiting => Err(Failure::NotCountedYet("They wait for other figures. Ask again.".to_owned())),
        Answer::TooMany => {
            Err(Failure::NotCountedYet("Too many other days wait to be counted. Ask again later.".to_owned()))
        }
        Answer::Failed => Err(Failure::NotCountedYet(
            "They could not be counted; the service's log says why. Ask again in a minute.".to_owned(),
        )),
    }
}
