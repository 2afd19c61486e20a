//! What stands beside what was done: who waits for the folder in hand, and that its papers belong with others.

use super::{Scene, Sentence, folder_name, short, with_phone};
use crate::desk::session::spoken_of;
use crate::domain::PlaceId;
use crate::domain::answer::{Answer, Ring};
use crate::domain::search::Whence;

/// What is to be done with a temporary folder and its original.
pub const TOGETHER_STEP: &str = "Put both aside: COMBINE, temporary, original.";
const RING_STEP: &str = "Ring them, and keep it for them.";

/// What was done, with what stands beside it. Of a folder that was refused or stopped that is said first; of any other,
/// who waits for it.
pub fn around(answer: &Answer, scene: &Scene<'_>, done: Sentence) -> Sentence {
    let done = match together(answer, scene) {
        Some(words) => first(answer, done, "TEMPORARY AND ORIGINAL together", &words),
        None => done,
    };
    match answer.beside.ring {
        None => done,
        Some(Ring::GoesOn) => done.and("The search for it goes on."),
        Some(Ring::TurnedUp(asker)) => {
            let (title, words) = (waits(asker, scene), format!("{RING_STEP} {}", where_was_it(scene)));
            first(answer, done, &title, &words)
        }
    }
}

fn first(answer: &Answer, done: Sentence, title: &str, words: &str) -> Sentence {
    if !answer.signal().is_accepted() {
        return done.and(&format!("{title}. {words}"));
    }
    let detail = format!("{words} {}. {}", done.title.trim_end_matches('?'), done.detail);
    Sentence { title: title.to_owned(), detail: detail.trim_end().to_owned() }
}

/// What a line beside the pile says is to be done, where it is not what the reason says.
pub fn step(answer: &Answer) -> Option<&'static str> {
    match (answer.beside.ring, answer.beside.together) {
        (Some(Ring::TurnedUp(_)), _) => Some(RING_STEP),
        (Some(Ring::GoesOn) | None, Some(_)) => Some(TOGETHER_STEP),
        (Some(Ring::GoesOn) | None, None) => None,
    }
}

/// `WANTED: Clinic 5 ext 2345 waits for it`
fn waits(asker: Option<PlaceId>, scene: &Scene<'_>) -> String {
    match asker {
        Some(asker) if scene.directory.is_within(asker, scene.desk_place) => {
            "WANTED: it is waited for here".to_owned()
        }
        Some(asker) => format!("WANTED: {} waits for it", with_phone(asker, scene)),
        None => "WANTED: it is being searched for".to_owned(),
    }
}

/// `Where was it? 1 here in this room, 2 brought by hand.`
fn where_was_it(scene: &Scene<'_>) -> String {
    let choices = Whence::choices(scene.desk_place, scene.directory).iter().zip(1..);
    let choices: Vec<_> = choices.map(|(whence, digit)| format!("{digit} {}", whence.says())).collect();
    format!("Where was it? {}.", choices.join(", "))
}

fn together(answer: &Answer, scene: &Scene<'_>) -> Option<String> {
    let other = answer.beside.together?.other;
    let Some(other) = scene.volumes.iter().find(|volume| volume.brief.id == other) else {
        return Some(TOGETHER_STEP.to_owned());
    };
    let spoken = spoken_of(answer, scene.volumes).map(|volume| volume.brief.casenote);
    let name = if spoken == Some(other.brief.casenote) {
        format!("vol {}", other.brief.volume)
    } else {
        folder_name(&other.brief)
    };
    Some(format!("{TOGETHER_STEP} The other is {name}: {}.", short(&other.present, scene)))
}
