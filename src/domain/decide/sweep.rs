//! Sweeps: what stands on a shelf or in a room is seen there; what should have been seen and was not is searched for.

use super::{Decision, Found, One, View, with_found_at};
use crate::domain::answer::Answer;
use crate::domain::command::Command;
use crate::domain::movement::Change;
use crate::domain::place::PlaceKind;
use crate::domain::refusal::Reason;
use crate::domain::search::{Need, NewStep, Quiet, Step, Tracked};
use crate::domain::sweep::{Ending, Ground, NewSweepStep, Part, SweepStep, Swept};
use crate::domain::{PlaceId, SearchId, VolumeId};

fn step(place: PlaceId, step: SweepStep) -> NewSweepStep {
    NewSweepStep { place, step }
}

/// A shelf or room is swept from now on; the stretch of the place before ends.
pub fn open(view: &View<'_>, command: &Command, place: PlaceId, left: Option<Ending>) -> Decision {
    let goes_on = view.sweep.as_ref().and_then(|sweep| sweep.goes_on);
    let answer = match goes_on {
        Some(seen) => Answer::new(Reason::SweepGoesOn).at(place).count(seen),
        None => Answer::new(Reason::Sweeping).at(place),
    };
    let begun = if goes_on.is_some() { SweepStep::GoneOn } else { SweepStep::Begun };
    let ended = left.map(|left| ended(view, command, left, answer));
    let mut decision = ended.unwrap_or_else(|| Decision::told(answer));
    decision.sweeps.push(step(place, begun));
    decision
}

/// Something stands there.
pub fn see(view: &View<'_>, command: &Command, place: PlaceId) -> Decision {
    let decision = with_found_at(view, command, place, |thing| seen(view, thing, place));
    let step_of = match (&view.found, decision.movements.is_empty()) {
        (Found::Volume(volume), false) => Some(SweepStep::Saw(volume.brief.id)),
        (Found::Unknown, _) => Some(SweepStep::Unknown),
        (Found::Volume(_) | Found::Volumes(_) | Found::Container(_) | Found::NotSought, _) => None,
    };
    Decision { sweeps: step_of.into_iter().map(|of| step(place, of)).collect(), ..decision }
}

fn seen(view: &View<'_>, thing: One<'_>, place: PlaceId) -> Decision {
    let answer = match thing {
        One::Container(container) => Answer::new(Reason::ContainerSeen).at(container.id).or(place),
        One::Volume(volume) => {
            let is_shelf = view.directory.place(place).is_some_and(|at| at.kind == PlaceKind::Shelf);
            let belongs = volume.home.filter(|home| is_shelf && *home != place);
            let was = volume.present.place.filter(|was| *was != place);
            let answer = match (belongs, was) {
                (Some(home), _) => Answer::new(Reason::SeenStray).or(home),
                (None, Some(was)) => Answer::new(Reason::SeenElsewhere).or(was),
                (None, None) => Answer::new(Reason::SeenHere),
            };
            answer.at(place).of(volume.brief.id)
        }
    };
    Decision::moved(answer, vec![thing.asked(Change::Seen { at: place })])
}

/// A sweep, or a stretch of it, ends.
pub fn end(view: &View<'_>, command: &Command, ending: Ending) -> Decision {
    let Some(swept) = view.sweep.as_ref().and_then(|sweep| sweep.swept.as_ref()) else {
        return Decision::told(Answer::new(Reason::NothingOpen));
    };
    ended(view, command, ending, answer(swept, ending.part).at(ending.place))
}

fn answer(swept: &Swept, part: Part) -> Answer {
    let if_whole = match (part, swept.ground) {
        (Part::Stretch(_) | Part::Swept, Ground::Room) => Part::Whole,
        _ => part,
    };
    let reason = match (part, swept.ground) {
        (Part::Whole, _) => Reason::SweepWhole,
        (Part::Stretch(_) | Part::Swept, Ground::Room) => Reason::SweepEndedRoom,
        (Part::Stretch(_) | Part::Swept, Ground::Shelf) => Reason::SweepEnded,
    };
    let (count, aside) = swept.tally(if_whole).packed();
    Answer::new(reason).count(count).aside(aside)
}

/// Searches quietly for what was missed in the part that ends: nobody has asked for it yet.
fn ended(view: &View<'_>, command: &Command, ending: Ending, answer: Answer) -> Decision {
    let ends = if ending.part == Part::Whole { SweepStep::Whole } else { SweepStep::Ended };
    let swept = view.sweep.as_ref().and_then(|sweep| sweep.swept.as_ref());
    let missed = swept.map(|swept| swept.to_search(ending.part)).unwrap_or_default();
    let search = |(index, volume): (u32, &VolumeId)| NewStep {
        search: SearchId::opened_by(command.scan.id, index),
        step: Step::Opened {
            volume: *volume,
            tracked: Tracked::At(ending.place),
            need: Need::default(),
            quiet: Quiet::Quiet,
        },
    };
    let steps = (0..).zip(&missed).map(search).collect();
    let missed = missed.iter().copied().map(SweepStep::Missed);
    let sweeps = std::iter::once(ends).chain(missed).map(|of| step(ending.place, of)).collect();
    Decision { sweeps, steps, ..Decision::told(answer) }
}
