//! Wanted: a folder that comes in at a library and whose patient is on a clinic list.

use super::{Decision, Found, View};
use crate::domain::command::{Command, Moment};
use crate::domain::refusal::Reason;

/// The same decision, where the folder that comes in is wanted for a clinic: it is put aside, not put away. What is
/// told late wants nothing: it came in then.
pub fn wanted(view: &View<'_>, command: &Command, decision: Decision) -> Decision {
    let (Some(lists), Found::Volume(volume)) = (&view.lists, &view.found) else { return decision };
    let answer = decision.answer;
    if command.moment != Moment::Now || !comes_in(answer.reason) {
        return decision;
    }
    let now = command.scan.clocks.happened;
    let told = match lists.wants(volume.present.place, now, view.directory) {
        // It is called for there already: only when is new.
        Some(call) if answer.reason == Reason::ReceivedFor && answer.place == Some(call.clinic) => {
            answer.when(call.starts_at)
        }
        Some(call) => {
            let reason =
                if answer.reason == Reason::Filed { Reason::WantedFiled } else { Reason::WantedHere };
            let shelf = answer.place.filter(|_| answer.reason == Reason::Filed);
            let wanted = crate::domain::answer::Answer { reason, other: shelf, ..answer };
            wanted.at(call.clinic).when(call.starts_at)
        }
        None => match lists.old(now) {
            Some(told_at) if answer.reason != Reason::ReceivedFor => answer.when(told_at),
            Some(_) | None => answer,
        },
    };
    Decision { answer: told, ..decision }
}

/// Whether a folder so answered came in and would stay.
const fn comes_in(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::ReceivedHere
            | Reason::ReceivedOnHold
            | Reason::ReceivedFor
            | Reason::ReceivedTakenOut
            | Reason::Filed
    )
}
