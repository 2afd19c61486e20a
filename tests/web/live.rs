//! Live streams over a real store and real desks, by raw HTTP.

use crate::service;

use std::cell::Cell;
use std::time::Duration;

use casetrack::domain::import::{Piece, VolumeRow};
use casetrack::store::Trust;
use casetrack::web::Exposure;
use casetrack::web::api::live::MAX_TOPICS;
use serde_json::{Value, json};
use service::{PATIENCE, Service, code, hear, volume};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use uuid::Uuid;

/// Streams that are to end together.
const STREAMS: usize = 100;
/// How soon they have to: a busy machine with all other tests on it needs a fraction.
const AT_ONCE: Duration = Duration::from_secs(2);

async fn watch(service: &Service, topics: &str) -> TcpStream {
    service.open("GET", &format!("/api/v1/live?{topics}"), "", "").await
}

async fn scan(service: &Service, desk: &str, text: &str) {
    let (status, said) = service.scan(desk, json!({"id": Uuid::now_v7(), "code": text})).await;
    assert_eq!(status, 200, "{said}");
}

/// What stands behind the last `field` of what was heard.
fn last<'a>(heard: &'a str, field: &str) -> &'a str {
    heard.rsplit(field).next().unwrap().lines().next().unwrap()
}

/// The cursors of all movements, in the order they came. A message that is cut off is not seen yet.
fn cursors(heard: &str) -> Vec<u64> {
    let whole = heard.rsplit_once("\n\n").map_or("", |(whole, _)| whole);
    let data = whole.split("event: movement\n").skip(1).filter_map(|message| message.split("data: ").nth(1));
    data.map(|data| serde_json::from_str::<Value>(data.lines().next().unwrap()).unwrap())
        .map(|moved| moved["cursor"].as_str().unwrap().split_once('-').unwrap().1.parse().unwrap())
        .collect()
}

#[tokio::test]
async fn a_scan_is_seen_by_those_who_watch_its_folder_its_place_or_its_desk() {
    let service = Service::start(Exposure::Loopback).await;
    let mut all = Vec::new();
    for topics in ["volume=F0001", "place=CL5", "desk=CL5-1", "place=LIB&volume=F0002&volume=F0001"] {
        let mut stream = watch(&service, topics).await;
        let head = hear(&mut stream, "event: here").await;
        assert!(head.contains("x-accel-buffering: no") && head.contains("text/event-stream"), "{head}");
        all.push((topics, stream));
    }
    let mut elsewhere = watch(&service, "place=LIB&desk=LIB-1").await;
    hear(&mut elsewhere, "event: here").await;
    scan(&service, "CL5-1", "F0001").await;
    for (topics, stream) in &mut all {
        let wanted = if topics.starts_with("desk") { "event: desk" } else { "event: movement" };
        let event = hear(stream, wanted).await;
        assert_eq!(event.contains("\"barcode\":\"F0001\""), wanted == "event: movement", "{topics}: {event}");
        assert!(!event.contains("Ann"), "no names: {event}");
    }
    scan(&service, "LIB-1", "F0002").await;
    let event = hear(&mut elsewhere, "event: movement").await;
    assert!(!event.contains("F0001") && event.contains("F0002"), "{event}");
}

#[tokio::test]
async fn what_a_stream_asks_for_has_limits_and_what_is_gone_does_not_silence_the_rest() {
    let service = Service::start(Exposure::Loopback).await;
    let (status, problem) = service.json(&format!("live?{}", "place=CL5&".repeat(MAX_TOPICS + 1))).await;
    assert_eq!(status, 400, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("1 to 64"), "{problem}");
    let (status, problem) = service.json("live?place=GONE&volume=NONE").await;
    assert_eq!(status, 404, "{problem}");
    let mut stream = watch(&service, "place=GONE&place=CL5").await;
    let here = hear(&mut stream, "event: here").await + &hear(&mut stream, "\n\n").await;
    assert!(here.contains("\"unknown\":[\"place=GONE\"]"), "{here}");
    scan(&service, "CL5-1", "F0001").await;
    hear(&mut stream, "event: movement").await;
}

#[tokio::test]
async fn a_page_that_slept_is_told_what_it_missed_and_a_desk_once() {
    let service = Service::start(Exposure::Loopback).await;
    let mut stream = watch(&service, "place=CL5&desk=CL5-1").await;
    hear(&mut stream, "event: here").await;
    scan(&service, "CL5-1", "F0001").await;
    let seen = last(&hear(&mut stream, "event: movement").await, "id: ").to_owned();
    drop(stream);
    scan(&service, "CL5-1", "F0002").await;
    scan(&service, "LIB-1", "F0003").await;
    let header = format!("last-event-id: {seen}\r\n");
    let by_header = service.open("GET", "/api/v1/live?place=CL5&desk=CL5-1&after=1-0", &header, "").await;
    let by_query = watch(&service, &format!("place=CL5&desk=CL5-1&after={seen}")).await;
    for mut stream in [by_header, by_query] {
        let heard = hear(&mut stream, "event: here").await;
        assert!(heard.contains("F0002") && !heard.contains("F0001"), "{heard}");
        assert!(!heard.contains("event: reset"), "{heard}");
        assert_eq!(heard.matches("event: desk").count(), 1, "{heard}");
    }
    for lost in ["rubbish", "1-99999999999", "7-0", ""] {
        let mut stream = watch(&service, &format!("place=CL5&after={lost}")).await;
        let heard = hear(&mut stream, "event: here").await;
        assert!(heard.contains("event: reset"), "{lost}: {heard}");
    }
}

#[tokio::test]
async fn a_page_that_comes_back_while_scans_go_on_misses_none_and_gets_none_twice() {
    const SCANS: u32 = 60;
    let service = Service::start(Exposure::Loopback).await;
    let rows = (1..=SCANS).map(|number| VolumeRow {
        barcode: Some(format!("G{number}").parse().unwrap()),
        ..volume(10 + number)
    });
    service.store.import(&Trust(code("RX1")), Piece::Volumes(rows.collect())).await.unwrap();
    let mut all = watch(&service, "place=CL5").await;
    let mut seen = last(&hear(&mut all, "event: here").await, "id: ").to_owned();
    let done = Cell::new(false);
    let scans = async {
        for number in 1..=SCANS {
            scan(&service, "CL5-1", &format!("G{number}")).await;
        }
        done.set(true);
    };
    let comings = async {
        let mut heard = Vec::new();
        loop {
            let last_time = done.get();
            let mut stream = watch(&service, &format!("place=CL5&after={seen}")).await;
            let mut text = hear(&mut stream, "event: here").await;
            let more = tokio::time::timeout(Duration::from_millis(150), hear(&mut stream, "event: movement"));
            text.push_str(&more.await.unwrap_or_default());
            let cursors = cursors(&text);
            if let Some(cursor) = cursors.last() {
                seen = format!("1-{cursor}");
            }
            heard.extend(cursors);
            if last_time {
                return heard;
            }
        }
    };
    let both = async { tokio::join!(scans, comings) };
    let ((), pieces) = tokio::time::timeout(3 * PATIENCE, both).await.unwrap();
    assert_eq!(pieces.len(), 60);
    let mut whole = String::new();
    while cursors(&whole).len() < pieces.len() {
        whole.push_str(&hear(&mut all, "\n\n").await);
    }
    assert_eq!(pieces, cursors(&whole));
    assert!(pieces.is_sorted_by(|one, other| one < other));
}

#[tokio::test]
async fn a_stop_ends_a_hundred_streams_at_once() {
    let service = Service::start(Exposure::Loopback).await;
    let mut streams = Vec::new();
    for _ in 0..STREAMS {
        let mut stream = watch(&service, "place=CL5&desk=CL5-1&volume=F0001").await;
        hear(&mut stream, "event: here").await;
        streams.push(stream);
    }
    assert_eq!(service.live.receivers(), 1, "the writer tells one");
    let metrics = service.page("/metrics").await;
    assert!(metrics.contains(&format!("casetrack_live_streams {STREAMS}\n")), "{metrics}");
    service.stop.send(true).unwrap();
    let ended = async {
        for stream in &mut streams {
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).await.unwrap();
            assert!(rest.ends_with(b"0\r\n\r\n"), "ended in order: {}", String::from_utf8_lossy(&rest));
        }
    };
    tokio::time::timeout(AT_ONCE, ended).await.unwrap();
    assert_eq!(service.json("live?place=CL5").await.0, 503);
}
