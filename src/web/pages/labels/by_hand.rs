//! `POST /labels/queue/print`: labels that wait for no printer, as one PDF that somebody prints by hand.

use axum::Form;
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::page::Entry;
use super::queue::{JOBS, URL};
use super::wish::{What, Wish, cell};
use super::{Fields, ordered};
use crate::domain::VolumeId;
use crate::domain::printing::{JobRecord, JobState, News, Printed, WholeJob};
use crate::web::auth::{Clerk, Viewer};
use crate::web::error::Failure;

/// Where the form of the queue goes.
pub const PRINT: &str = "/labels/queue/print";

/// What became of a job whose PDF was made.
const MADE: News = News { state: JobState::Sent, is_being_sent: false, remote: None, said: None };

/// Makes the PDF, then takes its jobs off the queue. The same form again makes the same PDF: a browser asks twice where
/// somebody keeps it.
pub async fn post(clerk: Clerk, Form(fields): Form<Fields>) -> Result<Response, Failure> {
    let jobs = named(&clerk, &fields).await?;
    let Some(first) = jobs.first() else { return Ok(Redirect::to(URL).into_response()) };
    let wish = Wish { first: first_label(&fields)?, names: covers(&clerk, &jobs).await?, ..of(first) };
    let order = ordered(&clerk, wish).await?;
    if let Some(why) = order.why_not() {
        let stays = "In the queue they still wait: throw them away there once these are printed.".to_owned();
        return Ok(order.shown(&clerk, &Entry::All, vec![why, stays]));
    }
    let made = order.file().await?;
    for job in jobs.iter().filter(|whole| whole.job.state == JobState::Queued) {
        clerk.store().tell_job(clerk.trust(), job.job.id, MADE).await?;
    }
    Ok(made)
}

/// Whether a job waits for somebody who prints it by hand.
pub fn waits(job: &JobRecord) -> bool {
    job.printer.is_empty() && job.state == JobState::Queued
}

/// The jobs of a form, but for those that somebody called off.
async fn named(viewer: &Viewer, fields: &Fields) -> Result<Vec<WholeJob>, Failure> {
    let ids = fields.iter().filter(|(key, _)| key == "job").map(|(_, value)| value.parse::<Uuid>());
    let malformed = || Failure::Malformed("job: open the page again".to_owned());
    let ids = ids.collect::<Result<Vec<_>, _>>().map_err(|_| malformed())?;
    if ids.is_empty() || ids.len() > JOBS {
        return Err(malformed());
    }
    let mut jobs = Vec::with_capacity(ids.len());
    for id in ids {
        let none = || Failure::NoSuch { what: "print job", name: id.to_string() };
        let whole = viewer.store().print_job(viewer.trust(), id).await?;
        jobs.push(whole.filter(|whole| whole.job.printer.is_empty()).ok_or_else(none)?);
    }
    jobs.retain(|whole| matches!(whole.job.state, JobState::Queued | JobState::Sent));
    Ok(jobs)
}

/// On the stock of the first job: what waits for no printer is all for the sheet that every office has.
fn of(first: &WholeJob) -> Wish {
    let paper = &first.job.paper;
    Wish {
        stock: paper.stock.clone(),
        template: paper.template.clone().unwrap_or_default(),
        copies: paper.copies,
        why: first.labels.first().map(|label| label.label.why),
        ..Wish::of(What::Cover)
    }
}

/// The barcodes of the folders, in the order of their jobs: only covers wait for no printer.
async fn covers(viewer: &Viewer, jobs: &[WholeJob]) -> Result<Vec<String>, Failure> {
    let labels = jobs.iter().flat_map(|whole| &whole.labels).map(|label| label.label);
    let covers = labels.filter(|label| label.what == Printed::Cover);
    let volumes = covers.map(|label| VolumeId::new(label.subject)).collect();
    let barcodes = viewer.store().barcodes(viewer.trust(), volumes).await?;
    Ok(barcodes.into_iter().map(|(_, barcode)| barcode.to_string()).collect())
}

fn first_label(fields: &Fields) -> Result<u32, Failure> {
    let first = fields.iter().find(|(key, _)| key == "first");
    cell("first", first.map(|(_, value)| value.trim()).unwrap_or_default())
}
