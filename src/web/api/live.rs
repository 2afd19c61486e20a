//! `GET live`: committed movements and changes of desks, as they happen, by server-sent events.
//!
//! One stream takes many topics, so that all tabs of a browser can share it. An event carries no names of people. Who
//! fell behind, or comes with a cursor of another life of the log, is told `reset` once and reloads.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::places::place_named;
use super::scans::desk_named;
use super::{Query, volume_named};
use crate::web::auth::Viewer;
use crate::web::error::Failure;
use crate::web::live::Topic;
use crate::web::live::feed::Feed;

/// Most topics of one stream: the tabs of one browser, each with a page of its own. More are turned away.
pub const MAX_TOPICS: usize = 64;

/// The stream.
pub async fn get(
    viewer: Viewer,
    headers: HeaderMap,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let (topics, unknown) = topics(&viewer, &asked).await?;
    let permit = viewer.stream().ok_or(Failure::Busy("Too many live pages are open."))?;
    let feed = Feed::open(viewer, topics, &unknown, seen(&headers, &asked), permit).await?;
    let feed = feed.ok_or(Failure::Busy("The service is stopping."))?;
    let told = stream::unfold(feed, |mut feed| async {
        let text = feed.next().await?;
        Some((Ok::<_, Infallible>(text), feed))
    });
    let headers =
        [(header::CONTENT_TYPE, "text/event-stream"), (HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, Body::from_stream(told)).into_response())
}

/// Where the client left off. A browser that comes back by itself says so in the header, which is newer than the
/// `after=` that it first asked with.
fn seen<'a>(headers: &'a HeaderMap, asked: &'a [(String, String)]) -> Option<&'a str> {
    let header = headers.get("last-event-id").map(|seen| seen.to_str().unwrap_or_default());
    header.or_else(|| asked.iter().find(|(name, _)| name == "after").map(|(_, after)| after.as_str()))
}

/// What is watched, and what of it is not known: one page whose place is gone must not silence all others. Only where
/// nothing is known is it a failure.
async fn topics(viewer: &Viewer, asked: &[(String, String)]) -> Result<(Vec<Topic>, Vec<String>), Failure> {
    let wanted: Vec<_> =
        asked.iter().filter(|(name, _)| matches!(name.as_str(), "place" | "volume" | "desk")).collect();
    if wanted.is_empty() || wanted.len() > MAX_TOPICS {
        let why = format!("1 to {MAX_TOPICS} of place=, volume= and desk= are needed");
        return Err(Failure::Malformed(why));
    }
    let (mut topics, mut unknown, mut why) = (Vec::new(), Vec::new(), None);
    for (kind, name) in wanted {
        match topic(viewer, kind, name).await {
            Ok(topic) if topics.contains(&topic) => {}
            Ok(topic) => topics.push(topic),
            Err(failure @ Failure::NoSuch { .. }) => {
                unknown.push(format!("{kind}={name}"));
                why.get_or_insert(failure);
            }
            Err(failure) => return Err(failure),
        }
    }
    match why {
        Some(failure) if topics.is_empty() => Err(failure),
        _ => Ok((topics, unknown)),
    }
}

async fn topic(viewer: &Viewer, kind: &str, name: &str) -> Result<Topic, Failure> {
    match kind {
        "place" => place_named(viewer, name).map(Topic::Place),
        "volume" => Ok(Topic::Volume(volume_named(viewer, name).await?.brief.id)),
        _ => {
            let desk = desk_named(name)?;
            match viewer.setup(&desk) {
                Some(setup) => Ok(Topic::Desk(setup.code.clone())),
                None => Err(Failure::NoSuch { what: "desk", name: desk.to_string() }),
            }
        }
    }
}
