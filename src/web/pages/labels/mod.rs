//! Labels on pages: chosen, looked at, printed.
//!
//! ```text
//! a form → wish → found (looked up exactly) → press (stock, template, printer, sheet) → laid, each label or its errors
//!        → the page, with pictures by /labels/preview.svg        or → a PDF
//! ```

pub mod by_hand;
pub mod commonest;
pub mod found;
pub mod laid;
pub mod page;
pub mod plain;
pub mod press;
pub mod queue;
pub mod sheet;
pub mod wish;

use axum::Form;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};

use uuid::Uuid;

use super::Shell;
use super::desk::new_id;
use super::whereabouts::folder_title;
use crate::domain::printing::{MAX_LABELS, NewJob, NewLabel, Paper, Why};
use crate::labels::Scene;
use crate::labels::svg::svg;
use crate::web::acts;
use crate::web::api::places::place_named;
use crate::web::api::scans::desk_named;
use crate::web::api::{Query, volume_named};
use crate::web::auth::{Clerk, Viewer};
use crate::web::error::{Failure, render};
use crate::web::when;
use found::{Found, find};
use laid::{Laid, lay};
use page::{Entry, Shown, labels_page};
use press::{Press, press};
use wish::{What, Wish};

/// The fields of a form or an address, in their order.
type Fields = Vec<(String, String)>;

/// `GET /labels`: to choose, or what an address of ours names.
pub async fn get(viewer: Viewer, Query(fields): Query<Fields>) -> Result<Response, Failure> {
    let wish = Wish::read(&fields, What::Cover)?;
    shown(&viewer, Entry::All, wish).await
}

/// `POST /labels`: what was chosen. A list of folders is longer than an address may be.
pub async fn post(viewer: Viewer, Form(fields): Form<Fields>) -> Result<Response, Failure> {
    let wish = Wish::read(&fields, What::Cover)?;
    shown(&viewer, Entry::All, wish).await
}

/// `GET /volumes/{barcode}/label`.
pub async fn volume(
    viewer: Viewer,
    Path(barcode): Path<String>,
    Query(fields): Query<Fields>,
) -> Result<Response, Failure> {
    let record = volume_named(&viewer, &barcode).await?;
    let entry = Entry::Folder(record.brief.barcode.to_string(), folder_title(&record.brief));
    let order = ordered(&viewer, of_one(&entry, record.brief.barcode.to_string(), &fields)?).await?;
    let waiting = match order.wish.what {
        What::Cover => viewer.store().covers_waiting(viewer.trust(), record.brief.id).await?,
        What::Spine | What::Tracer | What::Place | What::Badge | What::Cards | What::Destinations => None,
    };
    let said = waiting.map(|waiting| {
        let at = when::day_and_time(waiting.since, viewer.now(), viewer.time_zone());
        plain::printed_before(&waiting, &at)
    });
    Ok(order.shown(&viewer, &entry, said.into_iter().collect()))
}

/// `GET /places/{code}/label`.
pub async fn place(
    viewer: Viewer,
    Path(code): Path<String>,
    Query(fields): Query<Fields>,
) -> Result<Response, Failure> {
    let id = place_named(&viewer, &code)?;
    let directory = viewer.directory();
    let place = directory.place(id).ok_or(Failure::NoSuchPage)?;
    let code = place.code.to_string();
    one(&viewer, Entry::Place(code.clone(), place.name.clone()), code, &fields).await
}

/// `GET /desks/{code}/cards`.
pub async fn desk(
    viewer: Viewer,
    Path(code): Path<String>,
    Query(fields): Query<Fields>,
) -> Result<Response, Failure> {
    let desk = desk_named(&code)?;
    let none = || Failure::NoSuch { what: "desk", name: desk.to_string() };
    let code = viewer.setup(&desk).ok_or_else(none)?.code.to_string();
    one(&viewer, Entry::Desk(code.clone()), code, &fields).await
}

/// The page of one thing.
async fn one(viewer: &Viewer, entry: Entry, name: String, fields: &Fields) -> Result<Response, Failure> {
    let wish = of_one(&entry, name, fields)?;
    shown(viewer, entry, wish).await
}

/// What is wished of one thing: the form says how, the address says what.
fn of_one(entry: &Entry, name: String, fields: &Fields) -> Result<Wish, Failure> {
    let read = Wish::read(fields, entry.usual())?;
    let what = if entry.whats().contains(&read.what) { read.what } else { entry.usual() };
    Ok(Wish { what, names: vec![name], ..read })
}

/// `GET /labels/preview.svg`: one label as it will be printed.
pub async fn preview(viewer: Viewer, Query(fields): Query<Fields>) -> Result<Response, Failure> {
    let wish = Wish::read(&fields, What::Cover)?;
    if wish.names.len() > 1 {
        return Err(Failure::Malformed("name: one at a time".to_owned()));
    }
    let found = find(&viewer, &wish).await?;
    let thing = found.things.get(wish.at).ok_or(Failure::NoSuchPage)?;
    let press = pressed(&viewer, &wish)?;
    let scene = lay(&viewer.labels().templates, &press, thing)
        .map_err(|errors| Failure::Malformed(errors.join(" ")))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg(&scene)).into_response())
}

/// `POST /labels/print`: a job for the queue, or the PDF, recorded as printed; or the page again, where something must
/// be read first.
pub async fn print(clerk: Clerk, Form(fields): Form<Fields>) -> Result<Response, Failure> {
    let wish = Wish::read(&fields, What::Cover)?;
    let id = wish.id.ok_or_else(|| Failure::Malformed("id: open the page again".to_owned()))?;
    let order = ordered(&clerk, wish).await?;
    if let Some(why) = order.why_not() {
        return Ok(order.shown(&clerk, &Entry::All, vec![why]));
    }
    let job = order.job(&clerk, id);
    if !job.printer.is_empty() {
        clerk.store().print(clerk.trust(), job).await?;
        return Ok(Redirect::to(queue::URL).into_response());
    }
    let made = order.file().await?;
    clerk.store().print(clerk.trust(), job).await?;
    Ok(made)
}

fn pressed(viewer: &Viewer, wish: &Wish) -> Result<Press, Failure> {
    let named = viewer.printers().iter().find(|setup| setup.name == wish.printer);
    if named.is_none() && !wish.printer.is_empty() {
        return Err(Failure::NoSuch { what: "printer", name: wish.printer.chars().take(64).collect() });
    }
    let none = || Failure::Malformed("No stock has room for that.".to_owned());
    press(viewer.labels(), wish, named).ok_or_else(none)
}

/// The page of a wish.
async fn shown(viewer: &Viewer, entry: Entry, wish: Wish) -> Result<Response, Failure> {
    Ok(ordered(viewer, wish).await?.shown(viewer, &entry, Vec::new()))
}

/// A wish with all that came of it.
struct Order {
    wish: Wish,
    found: Found,
    press: Press,
    laid: Vec<Laid>,
}

/// Looks everything up and lays it out, away from the threads that answer.
async fn ordered(viewer: &Viewer, wish: Wish) -> Result<Order, Failure> {
    let found = find(viewer, &wish).await?;
    let press = pressed(viewer, &wish)?;
    let files = viewer.labels().clone();
    let working = move || {
        let things = found.things.iter().take(MAX_LABELS);
        let laid = things.map(|thing| lay(&files.templates, &press, thing)).collect();
        Order { wish, found, press, laid }
    };
    tokio::task::spawn_blocking(working).await.map_err(|error| Failure::incident(&error))
}

impl Order {
    /// Why it is not printed as it stands.
    fn why_not(&self) -> Option<String> {
        let count = self.found.things.len().max(self.wish.names.len());
        let bad = self.laid.iter().any(Result::is_err) || !self.found.missing.is_empty();
        if !self.press.changed.is_empty() || count.saturating_mul(usize::from(self.wish.copies)) > MAX_LABELS
        {
            Some("Nothing was printed. Read what is said here first.".to_owned())
        } else if self.laid.iter().all(Result::is_err) {
            Some("Nothing was printed: there is no label that can be.".to_owned())
        } else if self.lacks_why() {
            Some("Nothing was printed: choose why it is printed.".to_owned())
        } else if bad && !self.wish.leaves_out {
            Some(
                "Nothing was printed: some labels cannot be. Change them, or tick the box to leave them out."
                    .to_owned(),
            )
        } else {
            None
        }
    }

    /// Whether a label is for a folder that has borne one, and nobody has said why it gets another.
    fn lacks_why(&self) -> bool {
        self.wish.what.is_on_a_folder() && self.wish.why.is_none() && self.found.was_scanned()
    }

    fn shown(&self, viewer: &Viewer, entry: &Entry, said: Vec<String>) -> Response {
        let shell = Shell::new(viewer, "Labels");
        let shown = Shown {
            files: viewer.labels(),
            printers: viewer.printers(),
            entry,
            wish: &self.wish,
            found: &self.found,
            press: &self.press,
            laid: &self.laid,
        };
        render(&labels_page(shell, new_id(viewer.now()), &shown, said))
    }

    /// What the print queue is told.
    fn job(&self, clerk: &Clerk, id: Uuid) -> NewJob {
        let wish = &self.wish;
        let good = self.found.things.iter().zip(&self.laid).filter(|(_, laid)| laid.is_ok());
        let why = wish.why.filter(|_| wish.what.is_on_a_folder()).unwrap_or(Why::New);
        NewJob {
            id,
            person: acts::whose_badge(&wish.badge, &clerk.directory()),
            printer: wish.printer.clone(),
            paper: Paper {
                stock: self.press.stock.code.clone(),
                template: self.press.template.as_ref().map(|template| template.code.clone()),
                first: self.press.first,
                spoiled: wish.spoiled.iter().copied().collect(),
                copies: wish.copies,
            },
            labels: good
                .map(|(thing, _)| NewLabel { what: thing.what, subject: thing.subject, why })
                .collect(),
        }
    }

    /// The sheets as a PDF, shown in the browser; its name tells nothing.
    async fn file(self) -> Result<Response, Failure> {
        let scenes: Vec<Scene> = self.laid.into_iter().flatten().collect();
        let (press, copies) = (self.press, self.wish.copies);
        let working = move || laid::document(&press, scenes, copies);
        let made = tokio::task::spawn_blocking(working).await.map_err(|error| Failure::incident(&error))?;
        let bytes = made.map_err(|error| Failure::incident(&error))?;
        let headers = [
            (header::CONTENT_TYPE, "application/pdf"),
            (header::CONTENT_DISPOSITION, "inline; filename=\"labels.pdf\""),
        ];
        Ok((headers, bytes).into_response())
    }
}
