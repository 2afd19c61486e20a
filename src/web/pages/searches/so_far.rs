//! What happened in a search so far, one line a step, the newest first.

use super::form::Tap;
use super::upper_first;
use crate::clock::MINUTE_US;
use crate::domain::search::{Quiet, SearchState, SeenBy, Step, Stepped, Tracked};
use crate::web::pages::whereabouts::Words;

/// A look may be taken back for so long: whoever mistapped is still at the page. Later it is somebody's word, and a
/// second look says otherwise.
pub const TAKE_BACK_US: i64 = 30 * MINUTE_US;

/// One step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StepLine {
    /// When.
    pub when: String,
    /// What.
    pub what: String,
    /// By whom and where, as far as it is known.
    pub who: Vec<String>,
    /// Whether it was taken back.
    pub is_undone: bool,
    /// What takes it back.
    pub undo: Option<String>,
}

/// Every step, the newest first; the newest look can be taken back while the search goes on.
pub fn so_far(words: &Words<'_>, steps: &[Stepped], state: SearchState) -> Vec<StepLine> {
    let taken_back = |told: &Stepped| {
        steps.iter().any(|other| matches!(&other.step, Step::LookTakenBack { look } if *look == told.scan))
    };
    let is_look = |told: &&Stepped| matches!(told.step, Step::Looked { .. }) && !taken_back(told);
    let newest =
        steps.iter().rev().find(is_look).filter(|_| state.is_wanted() || state == SearchState::Found);
    let recent = |told: &Stepped| words.now.micros_since(told.at) <= TAKE_BACK_US;
    let may_undo = newest.filter(|told| recent(told)).map(|told| told.scan);
    let line = |told: &Stepped| {
        let is_undone = matches!(told.step, Step::Looked { .. }) && taken_back(told);
        let can = may_undo == Some(told.scan) && matches!(told.step, Step::Looked { .. });
        StepLine {
            when: words.when(told.at),
            what: what(words, &told.step),
            who: who(words, told),
            is_undone,
            undo: can.then(|| Tap::TakeBack(told.scan).value()),
        }
    };
    steps.iter().rev().map(line).collect()
}

fn who(words: &Words<'_>, told: &Stepped) -> Vec<String> {
    let person = words.person(told.by).map(str::to_owned);
    let from = told.from.map(|place| format!("at the desk of {}", words.name(Some(place))));
    person.into_iter().chain(from).collect()
}

fn what(words: &Words<'_>, step: &Step) -> String {
    let name = |place| words.name(Some(place));
    match step {
        Step::Opened { tracked, quiet, .. } => format!("{}: {}", opened(*quiet), whence(words, *tracked)),
        Step::AskedFor(need) => match super::need(words, need) {
            Some(need) => format!("Asked for. {need}"),
            None => "Asked for again".to_owned(),
        },
        Step::Looked { spot, result } => {
            format!("{}: {}", upper_first(&spot.says(words.directory)), result.says())
        }
        Step::LookTakenBack { .. } => "That look was a mistake: it does not count".to_owned(),
        Step::Seen { at, by: SeenBy::Scan } => format!("Turned up: scanned at {}", name(*at)),
        Step::Seen { at, by: SeenBy::Sweep } => format!("Turned up: seen in a sweep at {}", name(*at)),
        Step::FoundAt { spot, cause, how } => {
            format!(
                "It was at this place: {}. {}, found {}",
                spot.says(words.directory),
                upper_first(cause.says()),
                how.says()
            )
        }
        Step::Declared => "Declared missing".to_owned(),
        Step::StoodIn { .. } => "A temporary folder stands in for it".to_owned(),
        Step::Closed(why) => format!("Ended without it: {}", why.says()),
        Step::Reopened => "Goes on".to_owned(),
    }
}

const fn opened(quiet: Quiet) -> &'static str {
    match quiet {
        Quiet::Loud => "Opened",
        Quiet::Quiet => "Opened by a sweep, nobody waits for it yet",
    }
}

/// Where the log had it.
pub fn whence(words: &Words<'_>, tracked: Tracked) -> String {
    match tracked {
        Tracked::Nowhere => "nobody had ever scanned it".to_owned(),
        Tracked::At(place) => format!("tracked at {}", words.name(Some(place))),
        Tracked::OnItsWay(place) => format!("tracked on its way to {}", words.name(Some(place))),
    }
}
