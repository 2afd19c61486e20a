//! `GET /`: one box to find a folder, and the desks.

use askama::Template;
use axum::response::Response;

use super::Shell;
use crate::desk::DeskSetup;
use crate::domain::directory::Directory;
use crate::web::auth::Viewer;
use crate::web::error::render;
use crate::web::urls;

/// The front page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "front.html")]
pub struct FrontPage {
    shell: Shell,
    desks: Vec<Desk>,
}

struct Desk {
    url: String,
    code: String,
    place: String,
    /// The page of what is at its place, once the place is known.
    folders: Vec<String>,
}

/// The front page.
pub async fn get(viewer: Viewer) -> Response {
    let shell = Shell::new(&viewer, "Where is the folder?");
    render(&front_page(shell, viewer.setups(), &viewer.directory()))
}

/// The page from what is known.
pub fn front_page(shell: Shell, setups: &[DeskSetup], directory: &Directory) -> FrontPage {
    let desks = setups.iter().map(|setup| {
        let place = directory.place_by_code(&setup.place);
        Desk {
            url: urls::desk(setup.code.as_str()),
            code: setup.code.to_string(),
            place: place
                .map_or_else(|| format!("{} (not imported yet)", setup.place), |place| place.name.clone()),
            folders: place.map(|place| urls::place(place.code.as_str())).into_iter().collect(),
        }
    });
    FrontPage { shell, desks: desks.collect() }
}
