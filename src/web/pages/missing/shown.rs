//! The figures of a day as tiles, tables and plots.

use crate::domain::missing::Class;
use crate::domain::missing::found::{FoundWhere, MIN_OF_A_PERSON, Told};
use crate::domain::missing::report::{AgeCount, ClassFigures, Count, Report};
use crate::domain::missing::sharing::{MIN_VISITS, PlaceScans, Scanning};
use crate::store::report::asking::Kept;
use crate::web::figures::{counted, number};
use crate::web::pages::front::plot::{BarPlot, Value, bar_plot};
use crate::web::pages::whereabouts::Words;
use crate::web::{urls, when};

/// Places that the page shows; the JSON has all.
const MAX_PLACES: usize = 40;
/// Places in the plot of scans.
const MAX_DRAWN: usize = 12;

/// The figures.
pub struct Shown {
    /// What the figures stand for.
    pub summary: String,
    /// Said where the day still goes on.
    pub goes_on: Vec<String>,
    /// The classes as tiles.
    pub tiles: Vec<ClassTile>,
    /// All classes told apart.
    pub together: String,
    /// Why the five are not added up.
    pub several: String,
    /// The classes.
    pub classes: Vec<ClassShown>,
    /// What no class holds.
    pub left: String,
    /// Found where and how.
    pub found: FoundShown,
    /// How much each place scans.
    pub scanning: ScanningShown,
    /// The address of the same as JSON.
    pub json: String,
}

/// One large figure.
pub struct ClassTile {
    /// Where the class is told.
    pub url: String,
    /// How many folders.
    pub number: String,
    /// The class.
    pub title: &'static str,
    /// How many patients, and what has changed.
    pub more: String,
}

/// One class.
pub struct ClassShown {
    /// Its name in the page.
    pub id: &'static str,
    /// Its name.
    pub title: &'static str,
    /// What belongs in it.
    pub definition: &'static str,
    /// The balance of the period.
    pub balance: Vec<BalanceRow>,
    /// The ages, where there is a folder.
    pub ages: Vec<AgesShown>,
}

/// The ages of a class.
pub struct AgesShown {
    /// From when on they count.
    pub title: String,
    /// The ages.
    pub plot: BarPlot,
    /// The same as a table.
    pub rows: Vec<(&'static str, String)>,
}

/// A row of a balance.
pub struct BalanceRow {
    /// What.
    pub label: String,
    /// `+`, `−` or nothing.
    pub sign: &'static str,
    /// `sum` where it is the sum.
    pub class: &'static str,
    /// Folders.
    pub volumes: String,
    /// Patients.
    pub patients: String,
}

/// Found where and how.
pub struct FoundShown {
    /// How many searches told it.
    pub summary: String,
    /// The plot, where there is something to draw.
    pub kinds: Vec<BarPlot>,
    /// By kind of place, by cause, by how it was found.
    pub tables: Vec<FoundTable>,
    /// By place.
    pub places: Vec<FoundPlace>,
    /// Why some are not named.
    pub not_named: Vec<String>,
}

/// What was told, how often.
pub struct FoundTable {
    /// What of.
    pub title: &'static str,
    /// The rows.
    pub rows: Vec<(&'static str, String)>,
}

/// A place where folders were found.
pub struct FoundPlace {
    /// Its page.
    pub url: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: &'static str,
    /// How many.
    pub folders: String,
}

/// How much each place scans.
pub struct ScanningShown {
    /// The plot, where there is something to draw.
    pub plot: Vec<BarPlot>,
    /// The places with most arrivals that nobody scanned first.
    pub rows: Vec<ScanRow>,
    /// What else there is.
    pub others: String,
    /// How many places are left out here.
    pub more: Vec<String>,
}

/// A place that scans.
pub struct ScanRow {
    /// Its page.
    pub url: String,
    /// Its name.
    pub name: String,
    /// Arrivals scanned.
    pub scanned: String,
    /// Visits known.
    pub known: String,
    /// The share.
    pub per_cent: String,
}

/// The page's words for an answer.
pub fn shown(words: &Words<'_>, kept: &Kept) -> Shown {
    let report = &*kept.report;
    let goes_on = (!report.day_is_over).then(|| {
        let at = when::time(kept.at, words.now, words.zone);
        format!("The day goes on: counted at {at}, and the same question will have another answer tonight.")
    });
    Shown {
        summary: format!(
            "{} known by the end of {}. What came, was found and ended is counted from {} on.",
            counted(report.known, "folder was", "folders were"),
            when::date(report.as_of),
            when::date(report.from)
        ),
        goes_on: goes_on.into_iter().collect(),
        tiles: report.classes.iter().map(tile).collect(),
        together: together(report),
        several: several(report),
        classes: report.classes.iter().map(|class| class_shown(class, report)).collect(),
        left: left(report),
        found: found(&report.found),
        scanning: scanning(&report.scanning),
        json: format!("/api/v1/reports/missing?as_of={}&from={}", report.as_of, report.from),
    }
}

fn tile(class: &ClassFigures) -> ClassTile {
    ClassTile {
        url: format!("#{}", class.class.word()),
        number: number(class.now.volumes),
        title: class.title,
        more: format!(
            "of {}; {} came, {} found",
            counted(class.now.patients, "patient", "patients"),
            number(class.opened.volumes),
            number(class.found.volumes)
        ),
    }
}

fn together(report: &Report) -> String {
    let Count { volumes, patients } = report.together.any;
    format!(
        "Each once: {} of {} {} in at least one of the five classes.",
        counted(volumes, "folder", "folders"),
        counted(patients, "patient", "patients"),
        if volumes == 1 { "is" } else { "are" }
    )
}

fn several(report: &Report) -> String {
    let Count { volumes, patients } = report.together.several;
    format!(
        "{} of {} {} in more than one, and counted in each: the five must not be added up.",
        counted(volumes, "folder", "folders"),
        counted(patients, "patient", "patients"),
        if volumes == 1 { "is" } else { "are" }
    )
}

fn left(report: &Report) -> String {
    format!(
        "In no class for that: {} left at a place where nobody scans and not seen since. No arrival can be missed there.",
        counted(report.left_where_nobody_scans, "folder", "folders")
    )
}

fn class_shown(class: &ClassFigures, report: &Report) -> ClassShown {
    let row = |label: String, sign, class, count: Count| BalanceRow {
        label,
        sign,
        class,
        volumes: number(count.volumes),
        patients: number(count.patients),
    };
    let first = when::date(report.from);
    let last = when::date(report.as_of);
    ClassShown {
        id: class.class.word(),
        title: class.title,
        definition: class.definition,
        balance: vec![
            row(format!("When {first} began, as known then"), "", "", class.at_start),
            row("Came".to_owned(), "+", "", class.opened),
            row("Found".to_owned(), "−", "", class.found),
            row("Ended otherwise".to_owned(), "−", "", class.ended_otherwise),
            row(format!("At the end of {last}"), "", "sum", class.now),
        ],
        ages: (class.now.volumes > 0).then(|| ages(class)).into_iter().collect(),
    }
}

fn ages(class: &ClassFigures) -> AgesShown {
    let value = |age: &AgeCount| Value { label: age.age.words().to_owned(), value: age.volumes, unsure: 0 };
    let values: Vec<_> = class.ages.iter().map(value).collect();
    let title = format!("{}, by age", class.title);
    AgesShown {
        title: format!("How long, {}", class.age_is),
        plot: bar_plot(plot_id(class.class), &title, oldest(class), &values),
        rows: class.ages.iter().map(|age| (age.age.words(), number(age.volumes))).collect(),
    }
}

fn oldest(class: &ClassFigures) -> String {
    let oldest = class.ages.iter().rev().find(|age| age.volumes > 0);
    oldest.map_or("No folder.".to_owned(), |oldest| {
        let folders = counted(oldest.volumes, "folder", "folders");
        format!("The oldest: {folders}, {}. All figures stand in the table below.", oldest.age.words())
    })
}

const fn plot_id(class: Class) -> &'static str {
    match class {
        Class::Declared => "ages-declared",
        Class::SearchOpen => "ages-search",
        Class::Sent => "ages-sent",
        Class::Temporary => "ages-temporary",
        Class::NeverSeen => "ages-never",
    }
}

fn found(found: &FoundWhere) -> FoundShown {
    let values: Vec<_> = found
        .kinds
        .iter()
        .map(|told| Value { label: told.what.to_owned(), value: told.folders, unsure: 0 })
        .collect();
    let most =
        found.kinds.first().map(|most| format!("Most often: {}, {}.", most.what, number(most.folders)));
    let plot = most.map(|most| bar_plot("found-kinds", "Found where, by kind of place", most, &values));
    let rows = |told: &[Told]| told.iter().map(|told| (told.what, number(told.folders))).collect();
    let not_named = (found.with_persons_not_named > 0).then(|| {
        format!(
            "{} with persons who had fewer than {MIN_OF_A_PERSON} each: their names are not told.",
            counted(found.with_persons_not_named, "folder was", "folders were")
        )
    });
    FoundShown {
        summary: ended(found),
        kinds: plot.into_iter().collect(),
        tables: vec![
            FoundTable { title: "Kind of place", rows: rows(&found.kinds) },
            FoundTable { title: "Why it was not where it should have been", rows: rows(&found.causes) },
            FoundTable { title: "How it was found", rows: rows(&found.hows) },
        ],
        places: found
            .places
            .iter()
            .take(MAX_PLACES)
            .map(|place| FoundPlace {
                url: urls::place(place.place.as_str()),
                name: place.name.clone(),
                kind: place.kind.word(),
                folders: number(place.folders),
            })
            .collect(),
        not_named: not_named.into_iter().collect(),
    }
}

fn ended(found: &FoundWhere) -> String {
    if found.searches + found.not_told == 0 {
        return "No search ended with its folder in this period.".to_owned();
    }
    format!(
        "{} ended with the folder and with word of where it had been; {} of these folders no scan has shown since. Of \
         {} more that turned up nobody has said where.",
        counted(found.searches, "search", "searches"),
        number(found.not_scanned),
        number(found.not_told)
    )
}

fn scanning(scanning: &Scanning) -> ScanningShown {
    let missed = |place: &&PlaceScans| place.visits.known - place.visits.scanned;
    let mut places: Vec<_> = scanning.places.iter().collect();
    // In the order of the report where as many were missed: by code.
    places.sort_by_key(|place| std::cmp::Reverse(missed(place)));
    let values: Vec<_> = places
        .iter()
        .take(MAX_DRAWN)
        .map(|place| Value { label: place.name.clone(), value: place.visits.known, unsure: missed(place) })
        .collect();
    let worst = places.first().map(|place| {
        let scanned = format!("{} of {}", number(place.visits.scanned), number(place.visits.known));
        format!("Most arrivals nobody scanned: {}, {scanned} known visits scanned.", place.name)
    });
    let plot = worst.map(|worst| bar_plot("scan-shares", "Known visits by place", worst, &values));
    let hidden = places.len().saturating_sub(MAX_PLACES);
    ScanningShown {
        plot: plot.into_iter().collect(),
        rows: places
            .iter()
            .take(MAX_PLACES)
            .map(|place| ScanRow {
                url: urls::place(place.place.as_str()),
                name: place.name.clone(),
                scanned: number(place.visits.scanned),
                known: number(place.visits.known),
                per_cent: format!("{} %", place.per_cent),
            })
            .collect(),
        others: format!(
            "{} with fewer than {MIN_VISITS} known visits each, persons' own places among them: {} of {} scanned.",
            counted(scanning.other_places, "other place", "other places"),
            number(scanning.others.scanned),
            number(scanning.others.known)
        ),
        more: (hidden > 0)
            .then(|| {
                format!(
                    "{} more in the JSON.",
                    counted(u64::try_from(hidden).unwrap_or(u64::MAX), "place", "places")
                )
            })
            .into_iter()
            .collect(),
    }
}
