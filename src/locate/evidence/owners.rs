//! Explanations from whose patient it is: the consultant whose appointment called the folder, and another one.

use super::{Belief, Explanation};
use crate::locate::ties::Tie;
use crate::locate::view::View;

/// It is at the secretary's, in the office, the clinic or the ward of the consultant of whom `explanation` speaks.
pub fn owner(view: &View, explanation: Explanation) -> Belief {
    let place = tie_of(explanation).and_then(|(whose, tie)| match whose {
        Whose::Last => view.ties.place(tie).filter(|_| view.caller.is_some()),
        Whose::Other => view.other_ties.place(tie),
    });
    Belief::at(view, place)
}

/// Whose place an explanation speaks of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    /// Of whom called the folder last.
    Last,
    /// Of who asks, or who called it before.
    Other,
}

/// Which place, if the explanation is one of these.
pub const fn tie_of(explanation: Explanation) -> Option<(Whose, Tie)> {
    Some(match explanation {
        Explanation::SecretaryLast => (Whose::Last, Tie::Secretary),
        Explanation::OfficeLast => (Whose::Last, Tie::Office),
        Explanation::ClinicLast => (Whose::Last, Tie::Clinic),
        Explanation::WardLast => (Whose::Last, Tie::Ward),
        Explanation::SecretaryOther => (Whose::Other, Tie::Secretary),
        Explanation::OfficeOther => (Whose::Other, Tie::Office),
        Explanation::ClinicOther => (Whose::Other, Tie::Clinic),
        Explanation::WardOther => (Whose::Other, Tie::Ward),
        Explanation::Overlooked
        | Explanation::Habit
        | Explanation::Flow
        | Explanation::TiedHabit
        | Explanation::TwoHops
        | Explanation::Previous
        | Explanation::Station
        | Explanation::Misfiled
        | Explanation::Returns
        | Explanation::HomeShelf
        | Explanation::BatchMates
        | Explanation::CrateMates
        | Explanation::Siblings
        | Explanation::History
        | Explanation::WrongCode
        | Explanation::FoundBefore
        | Explanation::HidingPlace
        | Explanation::Anywhere
        | Explanation::WalkedOn
        | Explanation::WalkedHome
        | Explanation::Walked => return None,
    })
}
