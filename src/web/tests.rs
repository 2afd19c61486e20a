//! Tests of pages and answers over values that never saw a store.

mod description;
mod found;
mod fronts;
mod hospital;
mod json;
mod labels;
mod look;
mod make;
mod missing;
mod pages;
mod places;
mod questions;
mod scanners;
mod searches;

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

/// Serves `routes` on a free port and answers one raw request.
async fn ask(routes: Router, request: String) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, routes).await });
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    server.abort();
    answer
}

fn request(method: &str, path: &str, more: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{more}\r\n")
}

/// Routes that fail in every way, inside the same surroundings as ours.
fn failing() -> Router {
    let routes = Router::new()
        .route("/fine", get(|| async { "fine" }))
        .route("/panics", get(|| async { if true { panic!("a fault") } else { "never" } }))
        .route("/api/v1/panics", get(|| async { if true { panic!("a fault") } else { "never" } }))
        .route("/api/v1/wait", get(|| async { error::Failure::NotKnownYet }))
        .route("/posts", post(|_body: axum::body::Bytes| async { "done" }))
        .route("/kept", get(|| async { ([("cache-control", "immutable")], Body::empty()) }));
    dressed(routes.fallback(nowhere))
}

#[tokio::test]
async fn every_answer_tells_the_browser_to_run_nothing_but_our_own_files() {
    for path in ["/fine", "/panics", "/api/v1/panics", "/api/v1/wait", "/posts", "/none", "/api/none"] {
        let answer = ask(failing(), request("GET", path, "")).await.to_lowercase();
        for header in [
            &format!("content-security-policy: {CONTENT_SECURITY_POLICY}\r\n"),
            "x-content-type-options: nosniff\r\n",
            "referrer-policy: same-origin\r\n",
            "cache-control: no-store\r\n",
        ] {
            assert!(answer.contains(header), "{path} lacks {header}:\n{answer}");
        }
    }
    assert!(ask(failing(), request("GET", "/kept", "")).await.contains("cache-control: immutable\r\n"));
    let answer = ask(failing(), request("GET", "/find?q=smith", "")).await;
    assert!(
        answer.contains("referrer-policy: no-referrer\r\n"),
        "what was looked for goes nowhere: {answer}"
    );
}

#[tokio::test]
async fn programs_are_told_a_problem_and_people_a_page() {
    let answer = ask(failing(), request("GET", "/api/v1/wait", "")).await;
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("retry-after: 1\r\n"), "{answer}");
    assert!(answer.contains("content-type: application/problem+json"), "{answer}");
    assert!(answer.contains("\"title\":\"Wait, do not scan on\",\"status\":503"), "{answer}");
    let answer = ask(failing(), request("GET", "/panics", "")).await;
    assert!(answer.starts_with("HTTP/1.1 500") && answer.contains("text/html"), "{answer}");
    assert!(answer.contains("this number:") && !answer.contains("a fault"), "{answer}");
    let answer = ask(failing(), request("GET", "/none", "")).await;
    assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("There is no such page"), "{answer}");
    let answer = ask(failing(), request("POST", "/fine", "content-length: 0\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 405") && answer.contains("allow: GET,HEAD\r\n"), "{answer}");
}

#[tokio::test]
async fn a_post_of_another_site_or_of_too_much_is_turned_away() {
    let foreign = "content-length: 0\r\norigin: http://evil.example\r\n";
    assert!(ask(failing(), request("POST", "/posts", foreign)).await.starts_with("HTTP/1.1 403"));
    let ours = "content-length: 0\r\norigin: http://localhost\r\nsec-fetch-site: same-origin\r\n";
    assert!(ask(failing(), request("POST", "/posts", ours)).await.starts_with("HTTP/1.1 200"));
    let large = format!("content-length: {}\r\n", MAX_BODY + 1);
    assert!(ask(failing(), request("POST", "/posts", &large)).await.starts_with("HTTP/1.1 413"));
}
