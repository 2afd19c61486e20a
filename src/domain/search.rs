//! Searches: the open case of a volume that is not where it should be.
//!
//! A search is the fold of its steps, which are added and never changed. Looks commute: whoever tells first, the same
//! looks are known in the end, and nobody's is lost.

mod age;
mod spot;
mod whence;

use std::str::FromStr;

use uuid::Builder;

pub use age::{
    DECLARE_AFTER_DAYS, Escalation, LIBRARIAN_AFTER_US, MANAGER_AFTER_US, Stage, StandIn, escalation,
};
pub use spot::{BadSpot, Spot};
pub use whence::{MAX_CHOICES, Whence};

use super::place::{UnknownWord, one_of};
use super::whereabouts::{Present, State};
use super::{PlaceId, ScanId, SearchId, StaffId, VolumeId};
use crate::clock::{MINUTE_US, Timestamp};

/// The same look told again by the same person within so long is one look: a form sent twice, a second tap. Later it is
/// a second look, which may find what the first overlooked.
pub const SAME_LOOK_US: i64 = 2 * MINUTE_US;

impl SearchId {
    /// The name of the search that the step with this index among those of `scan` opened. A sweep opens several: those
    /// after the first are named by a UUID of version 8 that is made from the scan's.
    pub fn opened_by(scan: ScanId, index: u32) -> Self {
        if index == 0 {
            return Self::new(scan.uuid());
        }
        let made = scan.uuid().as_u128() ^ (u128::from(index) << 64);
        Self::new(Builder::from_custom_bytes(made.to_be_bytes()).into_uuid())
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident $word:literal $says:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name {
            $($(#[$of])* $variant,)*
        }

        impl $name {
            /// Every one, in the order of the store's numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word of the outward interfaces.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// As people say it.
            pub const fn says(self) -> &'static str {
                match self { $(Self::$variant => $says,)* }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                one_of(Self::ALL, Self::word, text)
            }
        }
    };
}

words! {
    /// What came of a look.
    LookResult {
        /// It was there.
        Found "found" "found here",
        /// It was not.
        NotThere "not-there" "looked, not there",
        /// Nobody could look: the room is locked, the clinic is running.
        CannotLook "cannot-look" "cannot look now",
    }
}

words! {
    /// Why it was not where it should have been.
    Cause {
        /// It was passed on, and nobody scanned it out.
        NotScannedOut "not-scanned-out" "not scanned out",
        /// It had come where it was sent, and nobody scanned it in.
        NotScannedIn "not-scanned-in" "not scanned in",
        /// It stood at a wrong place on the shelves.
        Misfiled "misfiled" "misfiled",
        /// It lay inside another folder.
        InsideAnother "inside-another" "inside another folder",
        /// It was sent under a wrong code.
        WrongCode "wrong-code" "wrong code",
        /// It was there all the time: it had never left, or was overlooked.
        NeverLeft "never-left" "never left",
        /// Somebody had taken it away by hand.
        TakenAway "taken-away" "taken away",
        /// Nobody has said.
        Unknown "unknown" "not known",
    }
}

words! {
    /// How it was found.
    FoundHow {
        /// Somebody looked where the plan said, and there it was.
        ByPlan "by-plan" "by the plan",
        /// It was scanned at a desk.
        ByScan "by-scan" "by a scan",
        /// It was scanned in a sweep.
        BySweep "by-sweep" "by a sweep",
        /// Somebody came upon it and told.
        ByChance "by-chance" "by chance",
    }
}

words! {
    /// How far a search has come.
    SearchState {
        /// It is being searched for.
        Open "open" "being searched for",
        /// A scan has shown it; where it really was is asked.
        TurnedUp "turned-up" "turned up",
        /// It is found, and where is known.
        Found "found" "found",
        /// A manager has declared it missing; whoever scans it ends that.
        Declared "declared" "declared missing",
        /// The search has ended without it.
        Closed "closed" "closed",
    }
}

words! {
    /// Why a search ended without its volume.
    ClosedWhy {
        /// It should not have been opened.
        Mistake "mistake" "opened by mistake",
        /// Nobody needs it any more.
        NotNeeded "not-needed" "not needed any more",
        /// It is gone for good: destroyed, transferred.
        Gone "gone" "gone for good",
    }
}

words! {
    /// Whether anybody waits for the volume.
    Quiet {
        /// Somebody does: a scan of it rings.
        Loud "loud" "somebody waits",
        /// A sweep missed it, and nobody has asked for it: a scan of it ends the search without a sound.
        Quiet "quiet" "nobody waits yet",
    }
}

words! {
    /// What kind of scan showed it.
    SeenBy {
        /// One at a desk.
        Scan "scan" "a scan at a desk",
        /// One of a sweep.
        Sweep "sweep" "a sweep",
    }
}

impl SearchState {
    /// Whether the volume is wanted: a scan of it anywhere rings.
    pub const fn is_wanted(self) -> bool {
        matches!(self, Self::Open | Self::Declared)
    }
}

/// Who needs it, by when.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Need {
    /// By when, if that was said.
    pub at: Option<Timestamp>,
    /// Which place waits for it; its telephone is rung.
    pub asker: Option<PlaceId>,
    /// For which consultant, as the clinic's list names them.
    pub consultant: Option<String>,
}

/// Where the log had it when the search was opened.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Tracked {
    /// Nowhere: nobody had ever scanned it.
    Nowhere,
    /// At this place.
    At(PlaceId),
    /// On its way there.
    OnItsWay(PlaceId),
}

impl Tracked {
    /// Where a present that is read through its containers has it.
    pub fn of(present: &Present) -> Self {
        let at = |place: Option<PlaceId>| place.map_or(Self::Nowhere, Self::At);
        match present.state {
            State::OnItsWay => present.to.map_or(Self::Nowhere, Self::OnItsWay),
            State::At | State::InContainer | State::Gone(_) => at(present.place),
            State::NotYetSeen => Self::Nowhere,
        }
    }

    /// The place where one looks first.
    pub const fn place(self) -> Option<PlaceId> {
        match self {
            Self::Nowhere => None,
            Self::At(place) | Self::OnItsWay(place) => Some(place),
        }
    }
}

/// What happened to a search.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// It was opened.
    Opened {
        /// The volume that is searched for.
        volume: VolumeId,
        /// Where the log had it.
        tracked: Tracked,
        /// Who needs it.
        need: Need,
        /// Whether anybody waits for it.
        quiet: Quiet,
    },
    /// Somebody else asked for it, or asked again: a quiet search is quiet no more.
    AskedFor(Need),
    /// Somebody looked.
    Looked {
        /// Where.
        spot: Spot,
        /// With what result.
        result: LookResult,
    },
    /// A look was a mistake: it does not count, and stays in the list.
    LookTakenBack {
        /// The scan or act that told it.
        look: ScanId,
    },
    /// It was scanned: it has turned up, and where it really was is asked.
    Seen {
        /// Where it was scanned.
        at: PlaceId,
        /// By what.
        by: SeenBy,
    },
    /// Where it really was.
    FoundAt {
        /// There.
        spot: Spot,
        /// Why it was not where it should have been.
        cause: Cause,
        /// How it was found.
        how: FoundHow,
    },
    /// A manager declared it missing.
    Declared,
    /// A temporary folder stands in for it.
    StoodIn {
        /// That folder.
        temporary: VolumeId,
    },
    /// It ended without the volume.
    Closed(ClosedWhy),
    /// It goes on: the scan that had ended it does not count, or somebody wants it after all.
    Reopened,
}

/// A step with all that its scan or act says of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stepped {
    /// The scan or act that made it.
    pub scan: ScanId,
    /// When it happened.
    pub at: Timestamp,
    /// Who was signed on, or gave their badge.
    pub by: Option<StaffId>,
    /// Where their desk stands; none: it was said on a page.
    pub from: Option<PlaceId>,
    /// What.
    pub step: Step,
}

/// One look.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Look {
    /// When.
    pub at: Timestamp,
    /// Where.
    pub spot: Spot,
    /// With what result.
    pub result: LookResult,
    /// By whom.
    pub by: Option<StaffId>,
    /// At which desk it was told; none: on a page.
    pub from: Option<PlaceId>,
    /// The scan or act that told it.
    pub scan: ScanId,
}

impl Look {
    /// Whether it found the volume.
    pub fn found(&self) -> bool {
        self.result == LookResult::Found
    }

    /// Whether this only tells `other` once more.
    pub fn repeats(&self, other: &Self) -> bool {
        let same = (&self.spot, self.result, self.by, self.from)
            == (&other.spot, other.result, other.by, other.from);
        same && self.at.micros_since(other.at).abs() <= SAME_LOOK_US
    }
}

/// A scan that showed it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// The scan.
    pub scan: ScanId,
    /// When.
    pub at: Timestamp,
    /// Where it was scanned.
    pub place: PlaceId,
    /// By what.
    pub by: SeenBy,
}

/// Where it really was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundAt {
    /// There.
    pub spot: Spot,
    /// Why.
    pub cause: Cause,
    /// How it was found.
    pub how: FoundHow,
    /// When that was told.
    pub at: Timestamp,
    /// Who told it.
    pub by: Option<StaffId>,
}

/// A search: what its steps add up to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Search {
    /// Its name.
    pub id: SearchId,
    /// The volume that is searched for.
    pub volume: VolumeId,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Who opened it.
    pub opened_by: Option<StaffId>,
    /// At which desk; none: on a page.
    pub opened_from: Option<PlaceId>,
    /// Where the log had it then.
    pub tracked: Tracked,
    /// Who needs it, in the order in which they asked; the first may name nobody.
    pub needs: Vec<Need>,
    /// Whether anybody waits for it.
    pub quiet: Quiet,
    /// The looks, in the order of their times.
    pub looks: Vec<Look>,
    /// The newest scan that showed it, while that counts.
    pub seen: Option<Seen>,
    /// Where it really was, by whoever told last.
    pub found: Option<FoundAt>,
    /// When a manager declared it missing, if one did.
    pub declared_at: Option<Timestamp>,
    /// The temporary folders that stand in for it.
    pub temporaries: Vec<VolumeId>,
    /// Why it ended without the volume.
    pub closed: Option<ClosedWhy>,
    /// How far it has come.
    pub state: SearchState,
    /// When its newest step happened.
    pub changed_at: Timestamp,
}

impl Search {
    /// The search that these steps, in the order in which they were learnt, add up to; none where the first opens none.
    pub fn of(id: SearchId, steps: &[Stepped]) -> Option<Self> {
        let (first, rest) = steps.split_first()?;
        let opened = Self::opened(id, first)?;
        Some(rest.iter().fold(opened, Self::then))
    }

    fn opened(id: SearchId, first: &Stepped) -> Option<Self> {
        let Step::Opened { volume, tracked, need, quiet } = &first.step else { return None };
        Some(Self {
            id,
            volume: *volume,
            opened_at: first.at,
            opened_by: first.by,
            opened_from: first.from,
            tracked: *tracked,
            needs: vec![need.clone()],
            quiet: *quiet,
            looks: Vec::new(),
            seen: None,
            found: None,
            declared_at: None,
            temporaries: Vec::new(),
            closed: None,
            state: SearchState::Open,
            changed_at: first.at,
        })
    }

    /// The search once this has happened too.
    #[must_use]
    pub fn then(mut self, told: &Stepped) -> Self {
        self.changed_at = self.changed_at.max(told.at);
        match &told.step {
            // A search is opened once.
            Step::Opened { .. } => {}
            Step::AskedFor(need) => self.ask(need),
            Step::Looked { spot, result } => self.look(Look {
                at: told.at,
                spot: spot.clone(),
                result: *result,
                by: told.by,
                from: told.from,
                scan: told.scan,
            }),
            Step::LookTakenBack { look } => self.take_back(*look),
            Step::Seen { at, by } => {
                self.seen = Some(Seen { scan: told.scan, at: told.at, place: *at, by: *by });
                if self.state.is_wanted() {
                    self.state = SearchState::TurnedUp;
                }
            }
            Step::FoundAt { spot, cause, how } => {
                let found =
                    FoundAt { spot: spot.clone(), cause: *cause, how: *how, at: told.at, by: told.by };
                self.found = Some(found);
                self.state = SearchState::Found;
            }
            Step::Declared => {
                self.declared_at = Some(told.at);
                if self.state == SearchState::Open {
                    self.state = SearchState::Declared;
                }
            }
            Step::StoodIn { temporary } => {
                if !self.temporaries.contains(temporary) {
                    self.temporaries.push(*temporary);
                }
            }
            Step::Closed(why) => {
                self.closed = Some(*why);
                self.state = SearchState::Closed;
            }
            Step::Reopened => self.reopen(),
        }
        self
    }

    fn ask(&mut self, need: &Need) {
        self.quiet = Quiet::Loud;
        if !self.needs.contains(need) {
            self.needs.push(need.clone());
        }
    }

    /// Kept in the order of their times, so that it does not matter who told first.
    fn look(&mut self, look: Look) {
        if self.looks.contains(&look) {
            return;
        }
        let at = self.looks.partition_point(|known| *known < look);
        self.looks.insert(at, look);
    }

    /// What ended the search by that look does not count either.
    fn take_back(&mut self, look: ScanId) {
        let ended = self.state == SearchState::Found && self.told_by(look).is_some_and(Look::found);
        self.looks.retain(|known| known.scan != look);
        if ended {
            self.found = None;
            self.state = self.goes_on_as();
        }
    }

    /// The look that this scan or act told, as long as it counts.
    pub fn told_by(&self, look: ScanId) -> Option<&Look> {
        self.looks.iter().find(|known| known.scan == look)
    }

    fn reopen(&mut self) {
        (self.seen, self.found, self.closed) = (None, None, None);
        self.state = self.goes_on_as();
    }

    fn goes_on_as(&self) -> SearchState {
        match (self.seen, self.declared_at) {
            (Some(_), _) => SearchState::TurnedUp,
            (None, Some(_)) => SearchState::Declared,
            (None, None) => SearchState::Open,
        }
    }

    /// Who waits for it: whoever named a place last.
    pub fn asker(&self) -> Option<PlaceId> {
        self.needs.iter().rev().find_map(|need| need.asker)
    }

    /// The earliest time by which somebody needs it.
    pub fn needed_at(&self) -> Option<Timestamp> {
        self.needs.iter().filter_map(|need| need.at).min()
    }

    /// Whether a look only tells once more what is known.
    pub fn knows(&self, look: &Look) -> bool {
        self.looks.iter().any(|known| look.repeats(known))
    }

    /// Everybody who looked, each once, in the order of their first look; where nobody was signed on, nobody is named.
    pub fn who_looked(&self) -> Vec<StaffId> {
        let mut people = Vec::new();
        for by in self.looks.iter().filter_map(|look| look.by) {
            if !people.contains(&by) {
                people.push(by);
            }
        }
        people
    }

    /// How it was found, by what has happened.
    pub fn found_how(&self) -> FoundHow {
        if self.looks.iter().any(Look::found) {
            return FoundHow::ByPlan;
        }
        match self.seen.map(|seen| seen.by) {
            Some(SeenBy::Scan) => FoundHow::ByScan,
            Some(SeenBy::Sweep) => FoundHow::BySweep,
            None => FoundHow::ByChance,
        }
    }
}

/// An open search as a scan of its volume meets it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// The search.
    pub search: SearchId,
    /// When it was opened: what was scanned before that does not end it.
    pub opened_at: Timestamp,
    /// Who waits for it.
    pub asker: Option<PlaceId>,
    /// Whether anybody does.
    pub quiet: Quiet,
}

/// Which search is meant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Meant {
    /// The one with this name.
    Search(SearchId),
    /// The newest of this volume: a desk knows no names.
    NewestOf(VolumeId),
}

/// A step as it is decided, before it has a time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewStep {
    /// Of which search.
    pub search: SearchId,
    /// What.
    pub step: Step,
}

#[cfg(test)]
mod tests;
