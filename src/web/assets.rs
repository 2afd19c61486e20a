//! The stylesheet and the script, built into the program under names that carry a digest of their content.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::auth::Viewer;
use super::error::Failure;

/// Bytes of the digest in a name: 32 bits tell two releases apart.
const DIGEST_BYTES: usize = 4;

/// One built-in file.
struct Asset {
    name: String,
    media_type: &'static str,
    content: &'static str,
}

static CSS: LazyLock<Asset> =
    LazyLock::new(|| asset("css", "text/css; charset=utf-8", include_str!("static/casetrack.css")));
static JS: LazyLock<Asset> =
    LazyLock::new(|| asset("js", "text/javascript; charset=utf-8", include_str!("static/casetrack.js")));

fn asset(suffix: &str, media_type: &'static str, content: &'static str) -> Asset {
    let digest = Sha256::digest(content.as_bytes());
    let mut name = String::from("casetrack-");
    for byte in digest.iter().take(DIGEST_BYTES) {
        // Writing to a string does not fail.
        let _ = write!(name, "{byte:02x}");
    }
    name.push('.');
    name.push_str(suffix);
    Asset { name, media_type, content }
}

/// Where the stylesheet is.
pub fn css() -> String {
    format!("/static/{}", CSS.name)
}

/// Where the script is.
pub fn js() -> String {
    format!("/static/{}", JS.name)
}

/// `GET /static/{name}`: never changes under its name, so browsers keep it.
pub async fn get(_viewer: Viewer, Path(name): Path<String>) -> Result<Response, Failure> {
    let found = [&*CSS, &*JS].into_iter().find(|asset| asset.name == name).ok_or(Failure::NoSuchPage)?;
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
        for content in [CSS.content, JS.content] {
            assert!(content.len() < 60_000);
            assert!(
                !content.contains("http://") && !content.contains("https://") && !content.contains("@import")
            );
        }
    }
}
