//! The hospital now: the figures as tiles, plots and lists.

use super::desks::Link;
use super::plot::{BarPlot, ColumnPlot, HourValue, Value, bar_plot, column_plot};
use crate::clock::{MINUTE_US, Timestamp};
use crate::domain::PlaceId;
use crate::domain::casenote::VolumeBrief;
use crate::store::overview::{Age, Held, Holder, HourMoves, LONG_DAYS, OnItsWay, Overview, Stay, Stayers};
use crate::web::figures::{bounded, counted, number};
use crate::web::pages::searches;
use crate::web::pages::whereabouts::{Words, folder_title};
use crate::web::{urls, when};

/// Figures older than this are marked as old: several counts have failed or are late.
const OLD_US: i64 = 5 * MINUTE_US;

/// The figures.
pub struct Now {
    /// When they were counted.
    pub counted: String,
    /// Said loudly where that is long ago.
    pub old: Vec<String>,
    /// The largest.
    pub tiles: Vec<Tile>,
    /// Where folders are.
    pub stays: BarPlot,
    /// The same as a table.
    pub stay_rows: Vec<StayRow>,
    /// Moves by hour.
    pub hours: ColumnPlot,
    /// What the marks in it are.
    pub usual: String,
    /// The same as a table.
    pub hour_rows: Vec<HourRow>,
    /// Sent and not arrived, by age.
    pub sent: BarPlot,
    /// The same as a table.
    pub sent_rows: Vec<(String, String)>,
    /// Those sent longest ago.
    pub sent_longest: Vec<Way>,
    /// Those held longest.
    pub held_longest: Vec<Way>,
    /// Places that hold most for long.
    pub holders: Vec<HolderRow>,
    /// How long that is, in days.
    pub long: i64,
}

/// One large figure.
pub struct Tile {
    /// The figure.
    pub number: String,
    /// What it counts.
    pub words: String,
    /// What more there is to say.
    pub more: String,
    /// The page about it, if there is one.
    pub url: Vec<&'static str>,
}

/// Folders of one kind of place.
pub struct StayRow {
    /// The kind.
    pub label: &'static str,
    /// How many.
    pub volumes: String,
    /// How many of them are not confirmed; empty where that says nothing.
    pub unconfirmed: String,
}

/// One hour.
pub struct HourRow {
    /// From when to when.
    pub label: String,
    /// How many moves; empty if it has not begun.
    pub moves: String,
    /// How many are usual.
    pub usual: String,
}

/// A folder that has been on its way or at a place for long.
pub struct Way {
    /// Its page and its names.
    pub folder: Link,
    /// Where it is, or where it left.
    pub at: Vec<Link>,
    /// Where it should arrive.
    pub to: Vec<Link>,
    /// For how long.
    pub lasting: String,
    /// Since when.
    pub since: String,
}

/// A place that holds folders for long.
pub struct HolderRow {
    /// Its page.
    pub place: Link,
    /// How many.
    pub volumes: String,
    /// Since when it has the oldest of them.
    pub since: String,
}

/// The figures from what was counted.
pub fn now(words: &Words<'_>, overview: &Overview) -> Now {
    Now {
        counted: format!("Counted at {}.", when::time(overview.at, words.now, words.zone)),
        old: old(words, overview.at).into_iter().collect(),
        tiles: tiles(words, overview),
        stays: stays(&overview.stays),
        stay_rows: overview.stays.iter().map(stay_row).collect(),
        hours: hours(words, overview),
        usual: usual(words, &overview.hours),
        hour_rows: overview.hours.iter().map(|hour| hour_row(words, overview.at, hour)).collect(),
        sent: sent(&overview.sent),
        sent_rows: overview
            .sent
            .iter()
            .map(|(age, count)| (age_label(*age).to_owned(), number(*count)))
            .collect(),
        sent_longest: overview.sent_longest.iter().map(|sent| sent_way(words, sent)).collect(),
        held_longest: overview.held_longest.iter().map(|held| held_way(words, held)).collect(),
        holders: overview.holders.iter().map(|holder| holder_row(words, holder)).collect(),
        long: LONG_DAYS,
    }
}

fn old(words: &Words<'_>, at: Timestamp) -> Option<String> {
    let is_old = words.now.micros_since(at) > OLD_US;
    is_old.then(|| format!("These figures are old: they were counted {} ago.", when::how_long(at, words.now)))
}

fn tiles(words: &Words<'_>, overview: &Overview) -> Vec<Tile> {
    let tile =
        |count, words: &str, more| Tile { number: number(count), words: words.to_owned(), more, url: vec![] };
    let stayers =
        |wanted| overview.stays.iter().find(|(stay, _)| *stay == wanted).map_or(0, |(_, s)| s.volumes);
    let longer = overview.sent.iter().find(|(age, _)| *age == Age::Longer).map_or(0, |(_, count)| *count);
    let unconfirmed: u64 = overview.stays.iter().map(|(_, stayers)| stayers.unconfirmed).sum();
    let known: u64 = overview.stays.iter().map(|(_, stayers)| stayers.volumes).sum();
    let in_libraries = stayers(Stay::Filed) + stayers(Stay::Unfiled);
    vec![
        tile(known, "folders known", format!("{} of them in libraries", number(in_libraries))),
        tile(moves(&overview.hours), "moves today", by_now(words, overview).unwrap_or_default()),
        tile(stayers(Stay::OnItsWay), "sent and not arrived", format!("{} for over a week", number(longer))),
        tile(unconfirmed, "not confirmed", "nobody has scanned the folder itself there".to_owned()),
        Tile {
            number: bounded(overview.searches),
            words: "being searched for".to_owned(),
            more: format!("{} turned up: where were they?", bounded(overview.turned_up)),
            url: vec![searches::URL],
        },
        Tile {
            url: vec!["/questions"],
            ..tile(overview.questions, "open questions", "for a librarian to settle".to_owned())
        },
        Tile {
            number: bounded(overview.refused),
            words: "refused scans waiting".to_owned(),
            more: "of labels that name no known folder".to_owned(),
            url: vec!["/questions"],
        },
    ]
}

fn moves(hours: &[HourMoves]) -> u64 {
    hours.iter().filter_map(|hour| hour.moves).sum()
}

/// Today against usual at the end of the last whole hour, where both are known.
fn by_now(words: &Words<'_>, overview: &Overview) -> Option<String> {
    let whole = || overview.hours.iter().filter(|hour| hour.to <= overview.at);
    let until = whole().next_back()?.to;
    let usual: u64 = whole().map(|hour| hour.usual.map(|usual| usual.moves)).sum::<Option<u64>>()?;
    let moves: u64 = whole().filter_map(|hour| hour.moves).sum();
    let until = when::time(until, words.now, words.zone);
    Some(format!("{} by {until}, usually {}", number(moves), number(usual)))
}

fn stays(stays: &[(Stay, Stayers)]) -> BarPlot {
    let values: Vec<_> = stays
        .iter()
        .map(|(stay, stayers)| Value {
            label: stay_label(*stay).to_owned(),
            value: stayers.volumes,
            unsure: stayers.unconfirmed,
        })
        .collect();
    let most = values.iter().max_by_key(|value| value.value).filter(|value| value.value > 0);
    let description = most.map_or("No folder is known yet.".to_owned(), |most| {
        format!("Most folders: {}, {}. All figures stand in the table below.", most.label, number(most.value))
    });
    bar_plot("stays", "Folders by kind of place", description, &values)
}

fn stay_row((stay, stayers): &(Stay, Stayers)) -> StayRow {
    let is_place = !matches!(stay, Stay::OnItsWay | Stay::InContainer | Stay::Gone | Stay::NotYetSeen);
    StayRow {
        label: stay_label(*stay),
        volumes: number(stayers.volumes),
        unconfirmed: if is_place { number(stayers.unconfirmed) } else { String::new() },
    }
}

const fn stay_label(stay: Stay) -> &'static str {
    match stay {
        Stay::Filed => "Library, on a shelf",
        Stay::Unfiled => "Library, not on a shelf",
        Stay::Clinic => "Clinics",
        Stay::Ward => "Wards",
        Stay::Office => "Offices",
        Stay::Person => "With a person",
        Stay::Store => "Off-site stores",
        Stay::Elsewhere => "Other places",
        Stay::OnItsWay => "On the way",
        Stay::InContainer => "In crates, trolleys and boxes",
        Stay::Gone => "Gone for good",
        Stay::NotYetSeen => "Not yet seen",
    }
}

fn hours(words: &Words<'_>, overview: &Overview) -> ColumnPlot {
    let values: Vec<_> = overview
        .hours
        .iter()
        .map(|hour| HourValue {
            label: clock(words, hour.from, "%H"),
            value: hour.moves,
            is_over: hour.to <= overview.at,
            usual: hour.usual.map(|usual| usual.moves),
        })
        .collect();
    let so_far = by_now(words, overview).map(|by_now| format!(", {by_now}")).unwrap_or_default();
    let description = format!(
        "{} so far{so_far}. All hours stand in the table below.",
        counted(moves(&overview.hours), "move", "moves")
    );
    column_plot("hours", "Moves by hour today", description, &values)
}

fn usual(words: &Words<'_>, hours: &[HourMoves]) -> String {
    let weekday = hours.first().map(|hour| clock(words, hour.from, "%A")).unwrap_or_default();
    match hours.iter().filter_map(|hour| hour.usual).map(|usual| usual.days).max() {
        None => format!("usual is not known yet: no whole {weekday} of the last four weeks was recorded"),
        Some(1) => format!("usual, by one {weekday} of the last four weeks"),
        Some(days) => format!("usual: the middle of {days} {weekday}s of the last four weeks"),
    }
}

fn hour_row(words: &Words<'_>, at: Timestamp, hour: &HourMoves) -> HourRow {
    let goes_on = hour.moves.is_some() && hour.to > at;
    HourRow {
        label: format!("{} to {}", clock(words, hour.from, "%H:%M"), clock(words, hour.to, "%H:%M")),
        moves: hour
            .moves
            .map(|moves| if goes_on { format!("{} so far", number(moves)) } else { number(moves) })
            .unwrap_or_default(),
        usual: hour.usual.map(|usual| number(usual.moves)).unwrap_or_default(),
    }
}

fn clock(words: &Words<'_>, at: Timestamp, form: &str) -> String {
    at.to_jiff().to_zoned_datetime(words.zone.clone()).strftime(form).to_string()
}

fn sent(ages: &[(Age, u64)]) -> BarPlot {
    let value =
        |(age, count): &(Age, u64)| Value { label: age_label(*age).to_owned(), value: *count, unsure: 0 };
    let values: Vec<_> = ages.iter().map(value).collect();
    let all: u64 = ages.iter().map(|(_, count)| count).sum();
    let description =
        format!("{} on the way. All figures stand in the table below.", counted(all, "folder", "folders"));
    bar_plot("sent", "Sent and not arrived, by how long ago", description, &values)
}

const fn age_label(age: Age) -> &'static str {
    match age {
        Age::Fresh => "Under 4 hours",
        Age::Day => "4 to 24 hours",
        Age::ThreeDays => "1 to 3 days",
        Age::Week => "3 to 7 days",
        Age::Longer => "Over a week",
    }
}

fn sent_way(words: &Words<'_>, sent: &OnItsWay) -> Way {
    Way {
        folder: folder(&sent.brief),
        at: sent.from.map(|place| place_link(words, place)).into_iter().collect(),
        to: sent.to.map(|place| place_link(words, place)).into_iter().collect(),
        lasting: when::how_long(sent.since, words.now),
        since: when::day_and_time(sent.since, words.now, words.zone),
    }
}

fn held_way(words: &Words<'_>, held: &Held) -> Way {
    Way {
        folder: folder(&held.brief),
        at: vec![place_link(words, held.at)],
        to: Vec::new(),
        lasting: when::how_long(held.since, words.now),
        since: when::day_and_time(held.since, words.now, words.zone),
    }
}

fn holder_row(words: &Words<'_>, holder: &Holder) -> HolderRow {
    HolderRow {
        place: place_link(words, holder.place),
        volumes: number(holder.volumes),
        since: when::day_and_time(holder.since, words.now, words.zone),
    }
}

fn folder(brief: &VolumeBrief) -> Link {
    Link { url: urls::volume(brief.barcode.as_str()), words: folder_title(brief) }
}

fn place_link(words: &Words<'_>, place: PlaceId) -> Link {
    let code = words.directory.place(place).map(|place| place.code.as_str()).unwrap_or_default();
    Link { url: urls::place(code), words: words.directory.name(place).to_owned() }
}
