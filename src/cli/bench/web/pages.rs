//! Pages beside the JSON of the same, and what a page weighs on its way to a browser.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::Context;

use super::Bed;
use super::client::Client;
use crate::cli::bench::spread::Spread;
use crate::cli::bench::table::{Goal, Line, Unit, micros, real};
use crate::sim::hospital::label;
use crate::sim::random::Random;
use crate::store::MAX_PAGE;
use crate::web::urls;

/// A page takes at most so many times as long as the JSON of the same.
const TIMES_THE_JSON: f64 = 3.0;
/// What a page may weigh with its style and scripts, gzipped.
const WEIGHT_MOST: f64 = 60_000.0;

/// Asks for pages and for the JSON of the same, turn about.
pub fn measure(bed: &mut Bed, times: u32) -> anyhow::Result<()> {
    let mut client = bed.client()?;
    let mut random = Random::of_part(bed.hospital.seed, 0x9A6E);
    let (mut json, mut page) = (Spread::default(), Spread::default());
    for _ in 0..times {
        let barcode = label(random.below(bed.hospital.size.folders));
        json.add(client.good(&format!("/api/v1/volumes/{barcode}"))?.took_us);
        page.add(client.good(&urls::volume(barcode.as_str()))?.took_us);
    }
    bed.lines.push(beside("volume: JSON (floor), page, p50", &json, &page));
    let (mut json, mut page) = (Spread::default(), Spread::default());
    let mut most = 0;
    for turn in 0..usize::try_from(times)? {
        let Some(desk) = bed.ground.desks.get(turn % bed.ground.desks.len().max(1)) else { break };
        let shown = client.good(&urls::place(desk.place.as_str()))?;
        let rows = rows(&shown.body).clamp(1, MAX_PAGE);
        most = most.max(rows);
        json.add(client.good(&format!("/api/v1/places/{}/volumes?limit={rows}", desk.place))?.took_us);
        page.add(shown.took_us);
    }
    bed.lines.push(beside("place: JSON of as many rows (floor), page, p50", &json, &page));
    bed.lines.push(Line::alone(
        "rows on a place's page, at most",
        Unit::Count,
        real(u64::try_from(most)?),
        Goal::Stated,
    ));
    Ok(())
}

fn beside(what: &'static str, json: &Spread, page: &Spread) -> Line {
    let (json, page) = (json.told().p50_us, page.told().p50_us);
    Line::ratio(what, Unit::Micros, micros(json), micros(page), Goal::RatioAtMost(TIMES_THE_JSON))
}

/// How many folders a page leads to.
fn rows(body: &str) -> usize {
    links(body, "href=\"/volumes/").len()
}

/// What stands behind each `beginning` up to the next quotation mark, once each.
fn links<'a>(body: &'a str, beginning: &str) -> BTreeSet<&'a str> {
    body.split(beginning).skip(1).filter_map(|rest| rest.split(['"', '\'']).next()).collect()
}

/// Weighs one page of each kind, with its style and all scripts that it loads.
pub fn weigh(bed: &mut Bed) -> anyhow::Result<()> {
    let mut client = bed.client()?;
    let desk = bed.ground.desks.first().context("a desk")?.clone();
    let pages = [
        ("front", "/".to_owned()),
        ("volume", urls::volume(label(1).as_str())),
        ("place", urls::place(desk.place.as_str())),
        ("find", "/find?q=smi".to_owned()),
        ("desk", urls::desk(desk.desk.as_str())),
        ("help", "/help".to_owned()),
    ];
    for (name, path) in pages {
        let weight = weight(&mut client, &path)?;
        let what = format!("weight of the {name} page, style and scripts, gzipped");
        bed.lines.push(Line::alone(what, Unit::Bytes, real(weight), Goal::AtMost(WEIGHT_MOST)));
    }
    Ok(())
}

fn weight(client: &mut Client, path: &str) -> anyhow::Result<u64> {
    let page = client.good(path)?.body;
    let mut weight = gzipped(&page)?;
    let mut found: Vec<String> = ["href=\"/static/", "src=\"/static/"]
        .iter()
        .flat_map(|beginning| links(&page, beginning))
        .map(|rest| format!("/static/{rest}"))
        .collect();
    let mut next = 0;
    while let Some(file) = found.get(next).cloned() {
        next += 1;
        let text = client.good(&file)?.body;
        weight += gzipped(&text)?;
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        for name in links(&text, "from './").into_iter().chain(links(&text, "URL('")) {
            let other = format!("{folder}/{}", name.trim_start_matches("./"));
            if !found.contains(&other) {
                found.push(other);
            }
        }
    }
    Ok(weight)
}

/// How many bytes `gzip` makes of it.
fn gzipped(text: &str) -> anyhow::Result<u64> {
    let mut gzip = Command::new("gzip")
        .args(["-6", "-n", "-c"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("starting gzip, by which pages are weighed")?;
    let mut stdin = gzip.stdin.take().context("gzip's input")?;
    let text = text.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let out = gzip.wait_with_output().context("waiting for gzip")?;
    anyhow::ensure!(out.status.success() && writer.join().is_ok_and(|done| done.is_ok()), "gzip failed");
    Ok(u64::try_from(out.stdout.len())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_once_each() {
        let page = r#"<a href="/volumes/A">A</a> <a href="/volumes/B">B</a> <a href="/volumes/A">again</a>"#;
        assert_eq!(rows(page), 2);
        assert_eq!(links("import { a } from './live.js';\n", "from './"), BTreeSet::from(["live.js"]));
    }

    #[test]
    fn a_text_that_repeats_itself_weighs_little() {
        assert!(gzipped(&"folder ".repeat(1_000)).unwrap() < 100);
    }
}
