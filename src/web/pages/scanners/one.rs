//! `GET /help/scanners/NAME`: what is known of one family, and its sheet as a picture; `NAME.pdf`: the sheet.

use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::Tried;
use crate::labels::measure::Dpi;
use crate::labels::svg::svg;
use crate::staging::{self, Carrying, Interface, NoSheet, Plan, Planned, Profile, ProfileError, Unconfirmed};
use crate::web::api::Query;
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::pages::Shell;
use crate::web::urls;

/// Dots to the inch of the pictures: a screen shows no more.
const PICTURE: Dpi = Dpi::THERMAL_12;

/// Which sheet is wanted.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// The interface; the usual one without it.
    interface: Option<String>,
    /// Anything: codes too that nobody has confirmed, marked.
    unconfirmed: Option<String>,
    /// The page of a picture, from 1.
    page: Option<usize>,
}

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "scanner.html")]
pub struct ScannerPage {
    shell: Shell,
    title: String,
    name: String,
    tried: Tried,
    interfaces: Vec<Choice>,
    sheet: Option<Sheet>,
    why_not: Option<String>,
    ids: Vec<String>,
    serial: Vec<(String, String, String)>,
    beeps: &'static str,
}

struct Choice {
    says: &'static str,
    url: String,
    is_chosen: bool,
}

/// A sheet that can be printed.
struct Sheet {
    pdf: String,
    left_out: Vec<String>,
    /// Where the same stands with what was left out, and the other way round.
    other: Option<(String, &'static str)>,
    steps: Vec<Step>,
    pictures: Vec<(String, usize)>,
}

struct Step {
    class: &'static str,
    title: String,
    sets: String,
    code: Option<String>,
    page: Option<String>,
    then: String,
    known: String,
}

/// The page, or the PDF where the name ends so.
pub async fn get(
    viewer: Viewer,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    if let Some(name) = name.strip_suffix(".pdf") {
        let (_, plan) = planned(&viewer, name, &asked).await?;
        return file(plan.map_err(|why| Failure::Malformed(why.to_string()))?).await;
    }
    let (profile, plan) = planned(&viewer, &name, &asked).await?;
    let shell = Shell::new(&viewer, format!("{}, scanner", profile.title));
    Ok(render(&scanner_page(shell, &profile, plan, asked.unconfirmed())))
}

/// One page of the sheet as a picture.
pub async fn picture(
    viewer: Viewer,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (_, plan) = planned(&viewer, &name, &asked).await?;
    let plan = plan.map_err(|why| Failure::Malformed(why.to_string()))?;
    let page = asked.page.unwrap_or(1).checked_sub(1);
    let drawing = move || staging::pages(&plan, PICTURE);
    let made = tokio::task::spawn_blocking(drawing).await.map_err(|error| Failure::incident(&error))?;
    let pages = made.map_err(|why| Failure::Malformed(why.to_string()))?;
    let placed = page.and_then(|page| pages.get(page)).and_then(|page| page.placed.first());
    let scene = &placed.ok_or(Failure::NoSuchPage)?.scene;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg(scene)).into_response())
}

impl Asked {
    const fn unconfirmed(&self) -> Unconfirmed {
        match self.unconfirmed {
            Some(_) => Unconfirmed::Marked,
            None => Unconfirmed::LeftOut,
        }
    }
}

/// The profile of this name, and the plan of the sheet that is wanted.
async fn planned(
    viewer: &Viewer,
    name: &str,
    asked: &Asked,
) -> Result<(Profile, Result<Plan, NoSheet>), Failure> {
    let (folder, wanted) = (viewer.profiles().map(ToOwned::to_owned), name.to_owned());
    let reading = move || Profile::named(&wanted, folder.as_deref());
    let found = tokio::task::spawn_blocking(reading).await.map_err(|error| Failure::incident(&error))?;
    let profile = found.map_err(|error| match error {
        ProfileError::BadName(_) | ProfileError::Unknown { .. } => {
            Failure::NoSuch { what: "profile", name: name.chars().take(64).collect() }
        }
        wrong @ (ProfileError::Unreadable { .. }
        | ProfileError::Malformed { .. }
        | ProfileError::Invalid { .. }) => Failure::incident(&wrong),
    })?;
    let interface = asked.interface.as_deref().filter(|word| !word.is_empty());
    let interface = interface.map(str::parse::<Interface>).transpose();
    let interface = interface.map_err(|error| Failure::Malformed(error.to_string()))?;
    let plan = Plan::new(&profile, interface, asked.unconfirmed());
    Ok((profile, plan))
}

/// The sheet as a PDF, shown in the browser.
async fn file(plan: Plan) -> Result<Response, Failure> {
    let named = format!("inline; filename=\"scanner-{}-{}.pdf\"", plan.profile, plan.interface);
    let writing = move || staging::document(&plan);
    let made = tokio::task::spawn_blocking(writing).await.map_err(|error| Failure::incident(&error))?;
    let bytes = made.map_err(|error| Failure::incident(&error))?;
    let headers =
        [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, named)];
    Ok((headers, bytes).into_response())
}

/// The page itself.
pub fn scanner_page(
    shell: Shell,
    profile: &Profile,
    plan: Result<Plan, NoSheet>,
    unconfirmed: Unconfirmed,
) -> ScannerPage {
    let url = urls::scanner(&profile.name);
    let chosen = plan.as_ref().ok().map(|plan| plan.interface);
    let interfaces = profile.program.interfaces.iter().map(|interface| Choice {
        says: interface.says(),
        url: format!("{url}?interface={interface}"),
        is_chosen: Some(*interface) == chosen,
    });
    let serial = profile.program.serial.iter();
    let made = plan.map_err(|why| why.to_string()).and_then(|plan| sheet(&url, &plan, unconfirmed));
    let (sheet, why_not) = match made {
        Ok(sheet) => (Some(sheet), None),
        Err(why) => (None, Some(why)),
    };
    ScannerPage {
        shell,
        title: profile.title.clone(),
        name: profile.name.clone(),
        tried: Tried::of(profile),
        interfaces: interfaces.collect(),
        sheet,
        why_not,
        ids: staging::ids(profile),
        serial: serial
            .map(|step| {
                (step.title.clone(), step.send.clone(), known(Some(step.evidence.name()), &step.source))
            })
            .collect(),
        beeps: if staging::is_heard(profile) {
            "Casetrack makes it beep: a beep means recorded."
        } else {
            "It cannot be made to beep: the desk page alone says what was recorded."
        },
    }
}

fn sheet(url: &str, plan: &Plan, unconfirmed: Unconfirmed) -> Result<Sheet, String> {
    let mark = match unconfirmed {
        Unconfirmed::Marked => "&unconfirmed=yes",
        Unconfirmed::LeftOut => "",
    };
    let asked = format!("?interface={}{mark}", plan.interface);
    let pages = staging::pages(plan, PICTURE).map_err(|why| why.to_string())?.len();
    let other = match unconfirmed {
        Unconfirmed::Marked => {
            Some((format!("{url}?interface={}", plan.interface), "Without what nobody has confirmed"))
        }
        Unconfirmed::LeftOut => (!plan.left_out.is_empty()).then(|| {
            (format!("{url}{asked}&unconfirmed=yes"), "With what nobody has confirmed, marked on the paper")
        }),
    };
    Ok(Sheet {
        pdf: format!("{url}.pdf{asked}"),
        left_out: plan.left_out.clone(),
        other,
        steps: plan.steps.iter().map(step).collect(),
        pictures: (1..=pages).map(|page| (format!("{url}/page.svg{asked}&page={page}"), page)).collect(),
    })
}

fn step(step: &Planned) -> Step {
    let (code, page) = match &step.carrying {
        Carrying::Symbol(symbology, text) => (Some(staging::shown(*symbology, text)), None),
        Carrying::Booklet { booklet, page } => {
            (None, Some(format!("Not on the sheet: scan it from {booklet}. {page}")))
        }
    };
    Step {
        class: if step.is_unconfirmed() { "unsure" } else { "" },
        title: step.heading(),
        sets: step.sets.clone(),
        code,
        page,
        then: step.then.clone(),
        known: known(step.evidence.map(|evidence| evidence.name()), &step.source),
    }
}

fn known(evidence: Option<&str>, source: &str) -> String {
    let how = match evidence {
        Some("unverified") => "Not confirmed. ".to_owned(),
        Some(evidence) => format!("Known: {evidence}. "),
        None => String::new(),
    };
    format!("{how}{source}")
}
