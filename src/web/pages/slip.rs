//! `GET /volumes/{barcode}/slip`: the tracer slip, to print and to leave in the place of the folder.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::Shell;
use super::bars::{Bars, bars};
use super::whereabouts::{Line, Words, folder_title, patient_name};
use crate::store::VolumeRecord;
use crate::web::api::volume_named;
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::urls;

/// The slip. Of the patient it carries the name that stands on the folder, and nothing else.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "slip.html")]
pub struct SlipPage {
    shell: Shell,
    back: String,
    number: String,
    volume: String,
    patient: Vec<String>,
    symbol: Vec<Bars>,
    line: Line,
    home: Vec<String>,
    printed: String,
}

/// The slip of one volume.
pub async fn get(viewer: Viewer, Path(barcode): Path<String>) -> Result<Response, Failure> {
    let record = volume_named(&viewer, &barcode).await?;
    let directory = viewer.directory();
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    let shell = Shell::new(&viewer, format!("Tracer slip of {}", folder_title(&record.brief)));
    Ok(render(&slip_page(shell, &words, &record)))
}

/// The slip from what is known.
pub fn slip_page(shell: Shell, words: &Words<'_>, record: &VolumeRecord) -> SlipPage {
    let barcode = record.brief.barcode.as_str();
    let kind = record.brief.kind.word().replace('-', " ");
    SlipPage {
        shell,
        back: urls::volume(barcode),
        number: record.brief.number.to_string(),
        volume: format!("Volume {} ({kind})", record.brief.volume),
        patient: record.patient.as_ref().map(patient_name).into_iter().collect(),
        symbol: bars(barcode).into_iter().collect(),
        line: words.line_on_paper(record),
        home: record.home.map(|home| words.name(Some(home)).to_owned()).into_iter().collect(),
        printed: words.when(words.now),
    }
}
