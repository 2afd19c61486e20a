//! The explanations: each says where the folder would be if it, and it alone, were what happened.

mod company;
mod habits;
mod owners;
mod places;
mod walked;

pub use company::astray;
pub use owners::{Whose, tie_of};

use super::ground::PlaceIx;
use super::view::{View, normalise};

/// How many explanations there are.
pub const EXPLANATIONS: usize = Explanation::ALL.len();

/// What may have happened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Explanation {
    /// It is where it is tracked, and was overlooked.
    Overlooked,
    /// It went where folders go from there without a scan.
    Habit,
    /// It went where folders go from there with a scan, and the scan was left out.
    Flow,
    /// It went to the folder's own secretary, office, clinic or ward, as folders do from there.
    TiedHabit,
    /// It went on twice.
    TwoHops,
    /// It never left the place before.
    Previous,
    /// It never left where it was scanned out.
    Station,
    /// It is filed wrongly.
    Misfiled,
    /// It waits to be filed.
    Returns,
    /// It is on its own shelf.
    HomeShelf,
    /// The secretary of whose appointment called it last has it.
    SecretaryLast,
    /// It is in that consultant's office.
    OfficeLast,
    /// It is in that clinic.
    ClinicLast,
    /// It is on that ward.
    WardLast,
    /// The secretary of who asks, or who called it before, has it.
    SecretaryOther,
    /// It is in that consultant's office.
    OfficeOther,
    /// It is in that clinic.
    ClinicOther,
    /// It is on that ward.
    WardOther,
    /// It went with the others of its batch.
    BatchMates,
    /// It went with the others of its container.
    CrateMates,
    /// It is with another volume of its casenote.
    Siblings,
    /// It is where it has been before.
    History,
    /// The next place in the pick list was picked.
    WrongCode,
    /// It is where folders missing from there were found.
    FoundBefore,
    /// It is in one of this hospital's hiding places.
    HidingPlace,
    /// It is anywhere.
    Anywhere,
    /// It went on along the ways of this hospital, departments only.
    WalkedOn,
    /// It went back along them.
    WalkedHome,
    /// All of that, with what is overlooked and misfiled.
    Walked,
}

impl Explanation {
    /// Every explanation, in the order in which they are summed.
    pub const ALL: [Self; 29] = [
        Self::Overlooked,
        Self::Habit,
        Self::Flow,
        Self::TiedHabit,
        Self::TwoHops,
        Self::Previous,
        Self::Station,
        Self::Misfiled,
        Self::Returns,
        Self::HomeShelf,
        Self::SecretaryLast,
        Self::OfficeLast,
        Self::ClinicLast,
        Self::WardLast,
        Self::SecretaryOther,
        Self::OfficeOther,
        Self::ClinicOther,
        Self::WardOther,
        Self::BatchMates,
        Self::CrateMates,
        Self::Siblings,
        Self::History,
        Self::WrongCode,
        Self::FoundBefore,
        Self::HidingPlace,
        Self::Anywhere,
        Self::WalkedOn,
        Self::WalkedHome,
        Self::Walked,
    ];

    /// Its place in [`Self::ALL`].
    #[expect(clippy::as_conversions, reason = "the number of a variant")]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Its name in the file of weights.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Overlooked => "overlooked",
            Self::Habit => "habit",
            Self::Flow => "flow",
            Self::TiedHabit => "tied-habit",
            Self::TwoHops => "two-hops",
            Self::Previous => "previous",
            Self::Station => "station",
            Self::Misfiled => "misfiled",
            Self::Returns => "returns",
            Self::HomeShelf => "home-shelf",
            Self::SecretaryLast => "secretary-last",
            Self::OfficeLast => "office-last",
            Self::ClinicLast => "clinic-last",
            Self::WardLast => "ward-last",
            Self::SecretaryOther => "secretary-other",
            Self::OfficeOther => "office-other",
            Self::ClinicOther => "clinic-other",
            Self::WardOther => "ward-other",
            Self::BatchMates => "batch-mates",
            Self::CrateMates => "crate-mates",
            Self::Siblings => "siblings",
            Self::History => "history",
            Self::WrongCode => "wrong-code",
            Self::FoundBefore => "found-before",
            Self::HidingPlace => "hiding-place",
            Self::Anywhere => "anywhere",
            Self::WalkedOn => "walked-on",
            Self::WalkedHome => "walked-home",
            Self::Walked => "walked",
        }
    }
}

/// Where the folder would be by one explanation: shares by cell that add up to one, or nothing at all if it has
/// nothing to say about this case.
#[derive(Clone, PartialEq, Debug)]
pub struct Belief(Vec<f64>);

impl Belief {
    fn none(view: &View) -> Self {
        Self(vec![0.0; view.cells.len()])
    }

    fn at(view: &View, place: Option<PlaceIx>) -> Self {
        let mut belief = Self::none(view);
        if let Some(place) = place {
            belief.add(place, 1.0);
        }
        belief
    }

    fn over(view: &View, places: impl IntoIterator<Item = (PlaceIx, f64)>) -> Self {
        let mut belief = Self::none(view);
        for (place, more) in places {
            belief.add(place, more);
        }
        belief
    }

    fn add(&mut self, place: PlaceIx, more: f64) {
        if let Some(share) = self.0.get_mut(place.index()) {
            *share += more;
        }
    }

    /// Without a place: where it is tracked it was looked for already.
    fn without(mut self, place: PlaceIx) -> Self {
        if let Some(share) = self.0.get_mut(place.index()) {
            *share = 0.0;
        }
        self
    }

    fn normalised(mut self) -> Option<Self> {
        normalise(&mut self.0).then_some(self)
    }

    /// The share of one cell.
    pub fn share(&self, cell: usize) -> f64 {
        self.0.get(cell).copied().unwrap_or_default()
    }

    /// The shares of all cells.
    pub fn shares(&self) -> &[f64] {
        &self.0
    }
}

/// What each explanation says, in the order of [`Explanation::ALL`].
pub fn beliefs(view: &View) -> [Option<Belief>; EXPLANATIONS] {
    let walked = walked::walk(view);
    Explanation::ALL.map(|explanation| {
        let belief = match explanation {
            Explanation::Overlooked => places::overlooked(view),
            Explanation::Habit => habits::habit(view),
            Explanation::Flow => habits::flow(view),
            Explanation::TiedHabit => habits::tied_habit(view),
            Explanation::TwoHops => habits::two_hops(view),
            Explanation::Previous => places::previous(view),
            Explanation::Station => places::station(view),
            Explanation::Misfiled => places::misfiled(view),
            Explanation::Returns => places::returns(view),
            Explanation::HomeShelf => places::home_shelf(view),
            Explanation::SecretaryLast
            | Explanation::OfficeLast
            | Explanation::ClinicLast
            | Explanation::WardLast
            | Explanation::SecretaryOther
            | Explanation::OfficeOther
            | Explanation::ClinicOther
            | Explanation::WardOther => owners::owner(view, explanation),
            Explanation::BatchMates => company::together(view, &view.case.mates),
            Explanation::CrateMates => company::together(view, &view.case.crate_mates),
            Explanation::Siblings => company::together(view, &view.case.siblings),
            Explanation::History => company::history(view),
            Explanation::WrongCode => places::wrong_code(view),
            Explanation::FoundBefore => habits::found_before(view),
            Explanation::HidingPlace => habits::hiding_place(view),
            Explanation::Anywhere => places::anywhere(view),
            Explanation::WalkedOn => walked::on(view, &walked),
            Explanation::WalkedHome => walked::home(view, &walked),
            Explanation::Walked => walked::all(view, &walked),
        };
        belief.normalised()
    })
}
