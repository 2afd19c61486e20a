//! Stylesheet and scripts, built into the program under a folder whose name is a digest of all of them, so that
//! browsers keep them for ever and the scripts can import each other by name.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::auth::Viewer;
use super::error::Failure;

/// Bytes of the digest in the folder's name: 32 bits tell two releases apart.
const DIGEST_BYTES: usize = 4;
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

/// One built-in file.
pub struct Asset {
    /// Its name within the folder.
    pub name: &'static str,
    media_type: &'static str,
    /// What it holds.
    pub content: &'static str,
}

/// The style is one file, written in parts: a page asks once.
const STYLE: &str = concat!(
    include_str!("static/base.css"),
    include_str!("static/front.css"),
    include_str!("static/figures.css"),
    include_str!("static/find.css"),
    include_str!("static/pages.css"),
    include_str!("static/map.css"),
    include_str!("static/questions.css"),
    include_str!("static/ahead.css"),
    include_str!("static/labels.css"),
    include_str!("static/searches.css"),
    include_str!("static/make.css"),
    include_str!("static/desk.css"),
    include_str!("static/help.css"),
    include_str!("static/media.css"),
);

macro_rules! script {
    ($name:literal) => {
        Asset { name: $name, media_type: JS, content: include_str!(concat!("static/", $name)) }
    };
}

/// Every file.
pub static ALL: &[Asset] = &[
    Asset { name: "casetrack.css", media_type: CSS, content: STYLE },
    script!("casetrack.js"),
    script!("check.js"),
    script!("desk.js"),
    script!("find.js"),
    script!("help.js"),
    script!("kept.js"),
    script!("keys.js"),
    script!("labels.js"),
    script!("line.js"),
    script!("live.js"),
    script!("make.js"),
    script!("panels.js"),
    script!("patch.js"),
    script!("scanned.js"),
    script!("search.js"),
    script!("sound.js"),
    script!("stream.js"),
    script!("written.js"),
];

static FOLDER: LazyLock<String> = LazyLock::new(|| {
    let mut all = Sha256::new();
    for asset in ALL {
        all.update(asset.content.as_bytes());
    }
    let mut folder = String::new();
    for byte in all.finalize().iter().take(DIGEST_BYTES) {
        // Writing to a string does not fail.
        let _ = write!(folder, "{byte:02x}");
    }
    folder
});

/// Where the file of this name is.
pub fn url(name: &str) -> String {
    format!("/static/{}/{name}", *FOLDER)
}

/// `GET /static/{folder}/{name}`: never changes under its name, so browsers keep it.
pub async fn get(_viewer: Viewer, Path((folder, name)): Path<(String, String)>) -> Result<Response, Failure> {
    let found =
        ALL.iter().find(|asset| asset.name == name && folder == *FOLDER).ok_or(Failure::NoSuchPage)?;
    let headers = [
        (header::CONTENT_TYPE, found.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, found.content).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_and_script_are_small_and_ask_for_nothing_outside() {
        assert!(ALL.iter().map(|asset| asset.content.len()).sum::<usize>() < 120_000);
        for Asset { content, .. } in ALL {
            assert!(
                !content.contains("http://") && !content.contains("https://") && !content.contains("@import")
            );
        }
    }
}
