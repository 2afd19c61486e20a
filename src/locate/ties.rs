//! Ties: which places belong to a folder, through its library and through whose appointment called it.

use super::ground::{Ground, Library, Owned, PlaceIx, Role};
use super::hops::Hops;
use super::told::Caller;

/// How many ties are told apart.
pub const TIES: usize = 8;

/// How a place is tied to a folder.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[expect(missing_docs, reason = "the words of the department need no gloss")]
pub enum Tie {
    Library,
    Returns,
    Coding,
    Secretary,
    Office,
    Clinic,
    Ward,
    /// Not at all.
    Other,
}

impl Tie {
    /// Every tie but none, in the order of the tables.
    pub const NAMED: [Self; TIES - 1] =
        [Self::Library, Self::Returns, Self::Coding, Self::Secretary, Self::Office, Self::Clinic, Self::Ward];

    /// Its row in a table.
    #[expect(clippy::as_conversions, reason = "the number of a variant")]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// What a place so tied is.
    pub const fn role(self) -> Role {
        match self {
            Self::Library => Role::Library,
            Self::Returns => Role::Returns,
            Self::Coding => Role::Coding,
            Self::Secretary => Role::Secretary,
            Self::Office => Role::Office,
            Self::Clinic => Role::Clinic,
            Self::Ward => Role::Ward,
            Self::Other => Role::Other,
        }
    }
}

/// The places tied to one folder; none where it is not known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Ties([Option<PlaceIx>; TIES - 1]);

impl Ties {
    /// The places tied to a folder of `library` that was last called by `caller`, as the directory says: the same
    /// whatever was learned, so that what a movement has taught can be taken back.
    pub fn said(ground: &Ground, library: Option<&Library>, caller: Option<Caller>) -> Self {
        Self::of(library, caller.map(|caller| said(ground, caller)).unwrap_or_default())
    }

    /// The same, and what the directory does not say by where the clinic's folders go most.
    pub fn learned(ground: &Ground, hops: &Hops, library: Option<&Library>, caller: Option<Caller>) -> Self {
        let owned = caller.map(|caller| learned(ground, hops, said(ground, caller)));
        Self::of(library, owned.unwrap_or_default())
    }

    fn of(library: Option<&Library>, owned: Owned) -> Self {
        Self([
            library.map(|library| library.place),
            library.and_then(|library| library.returns),
            library.and_then(|library| library.coding),
            owned.secretary,
            owned.office,
            owned.clinic,
            owned.ward,
        ])
    }

    /// The place that is so tied.
    pub fn place(&self, tie: Tie) -> Option<PlaceIx> {
        self.0.get(tie.index()).copied().flatten()
    }

    /// How a place is tied.
    pub fn tie(&self, place: PlaceIx) -> Tie {
        let tied = Tie::NAMED.iter().zip(&self.0).find(|(_, known)| **known == Some(place));
        tied.map_or(Tie::Other, |(tie, _)| *tie)
    }

    /// Every tie with its place, if that is known.
    pub fn iter(&self) -> impl Iterator<Item = (Tie, Option<PlaceIx>)> {
        Tie::NAMED.into_iter().zip(self.0)
    }
}

/// Whose clinic, secretary, office and ward: as the directory says, else by where the appointment is.
fn said(ground: &Ground, caller: Caller) -> Owned {
    let said = caller.consultant.map(|consultant| ground.owned(consultant)).unwrap_or_default();
    let called_to = |role| caller.to.filter(|to| ground.role(*to) == role);
    Owned {
        clinic: said.clinic.or_else(|| called_to(Role::Clinic)),
        ward: said.ward.or_else(|| called_to(Role::Ward)),
        ..said
    }
}

/// The secretary and the office to which the clinic's folders go most, where nobody has said which.
fn learned(ground: &Ground, hops: &Hops, said: Owned) -> Owned {
    let usual = |role| said.clinic.and_then(|clinic| usual_next(ground, hops, clinic, role));
    Owned {
        secretary: said.secretary.or_else(|| usual(Role::Secretary)),
        office: said.office.or_else(|| usual(Role::Office)),
        ..said
    }
}

/// The place of a role to which most went from `from`; of equals the first.
fn usual_next(ground: &Ground, hops: &Hops, from: PlaceIx, role: Role) -> Option<PlaceIx> {
    let went = hops.flow.get(from)?;
    let of_role = went.iter().filter(|(to, _)| ground.role(*to) == role);
    of_role.max_by_key(|(to, count)| (*count, std::cmp::Reverse(*to))).map(|(to, _)| to)
}
