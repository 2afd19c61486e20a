//! Containers: what goes into one, and what comes of what is in it.

use super::{ContainerView, Decision, One, View, arrival, implied_arrival, stopped};
use crate::domain::answer::Answer;
use crate::domain::command::{Consent, Holding, Moment};
use crate::domain::movement::Change;
use crate::domain::question::QuestionKind;
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::MAX_NESTING;

/// It is put into the container.
pub fn pack(view: &View<'_>, moment: Moment, thing: One<'_>, consent: Consent) -> Decision {
    let Some(into) = &view.container else { return Decision::told(Answer::new(Reason::ContainerFirst)) };
    let stop = stopped(thing, consent);
    if let (Some(answer), Moment::Now) = (stop, moment) {
        return Decision::moved(answer.at(into.id), vec![thing.asked(arrival(view, thing))]);
    }
    let misfit = misfit(thing, into);
    if let (Some(reason), Moment::Now) = (misfit, moment) {
        let arrived = thing.asked(arrival(view, thing));
        return Decision::moved(Answer::new(reason).at(into.id), vec![arrived]);
    }
    let change = Change::Packed { at: view.desk_place, container: into.id };
    let movements = implied_arrival(view, thing).into_iter().chain([thing.asked(change)]).collect();
    let decision = Decision::moved(packed(thing, into), movements);
    match (stop, misfit) {
        (_, Some(_)) => decision.asking(QuestionKind::ContainerLoop),
        (Some(_), None) => decision.asking(QuestionKind::AgainstRule),
        (None, None) => decision,
    }
}

fn packed(thing: One<'_>, into: &ContainerView) -> Answer {
    match thing {
        One::Container(container) => Answer::new(Reason::ContainerPacked).at(container.id).or(into.id),
        One::Volume(volume) => {
            let elsewhere = into.present.to.filter(|to| volume.present.to.is_some_and(|bound| bound != *to));
            let answer = elsewhere
                .map_or(Answer::new(Reason::Packed), |to| Answer::new(Reason::PackedElsewhere).or(to));
            answer.at(into.id).of(volume.brief.id)
        }
    }
}

/// Why `thing` does not fit into the container, if it does not.
fn misfit(thing: One<'_>, into: &ContainerView) -> Option<Reason> {
    let One::Container(container) = thing else { return None };
    if container.id == into.id || into.inside.contains(&container.id) {
        return Some(Reason::InsideItself);
    }
    let depth = container.levels + 1 + into.inside.len() + 1;
    (depth > MAX_NESTING).then_some(Reason::TooDeep)
}

/// A container is opened for packing.
pub fn open(view: &View<'_>, container: &ContainerView, holding: Holding) -> Decision {
    let thing = One::Container(container);
    let mut movements: Vec<_> = implied_arrival(view, thing).into_iter().collect();
    let reason = match holding {
        Holding::Ask if container.holds > 0 => Reason::ContainerNotEmpty,
        Holding::WasEmpty => {
            movements.push(thing.asked(Change::Emptied { at: view.desk_place }));
            Reason::PackingInto
        }
        Holding::Ask | Holding::Add => Reason::PackingInto,
    };
    Decision::moved(Answer::new(reason).at(container.id).count(container.holds), movements)
}

/// A container is emptied here.
pub fn empty(view: &View<'_>, container: &ContainerView) -> Decision {
    let emptied = One::Container(container).asked(Change::Emptied { at: view.desk_place });
    let answer = Answer::new(Reason::Emptied).at(container.id).count(container.holds);
    Decision::moved(answer, vec![emptied])
}
