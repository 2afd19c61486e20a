//! What the form of a search says: one tap, whose badge, and what a tap may need beside it.

use uuid::Uuid;

use crate::domain::ScanId;
use crate::domain::search::{Cause, ClosedWhy, LookResult};
use crate::web::error::Failure;

/// What was tapped.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Tap {
    /// Nothing: Enter in the field of the badge.
    Sign,
    /// Somebody looked there; the spot in its outward form.
    Look(LookResult, String),
    /// That look was a mistake.
    TakeBack(ScanId),
    /// It was there.
    Was(String),
    /// It was at the place whose code was given.
    WasAtPlace,
    /// Why it was where it was found.
    Why(Cause),
    /// It is declared missing.
    Declare,
    /// The search ends without it.
    Close(ClosedWhy),
    /// The search goes on.
    Reopen,
}

impl Tap {
    /// Its value in the form.
    pub fn value(&self) -> String {
        match self {
            Self::Sign => "sign".to_owned(),
            Self::Look(result, spot) => format!("{} {spot}", result.word()),
            Self::TakeBack(look) => format!("take-back {look}"),
            Self::Was(spot) => format!("was {spot}"),
            Self::WasAtPlace => "was-at-place".to_owned(),
            Self::Why(cause) => format!("why {}", cause.word()),
            Self::Declare => "declare".to_owned(),
            Self::Close(why) => format!("close {}", why.word()),
            Self::Reopen => "reopen".to_owned(),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        Some(match (word, rest) {
            ("sign", "") => Self::Sign,
            ("was-at-place", "") => Self::WasAtPlace,
            ("declare", "") => Self::Declare,
            ("reopen", "") => Self::Reopen,
            ("take-back", look) => Self::TakeBack(ScanId::new(look.parse().ok()?)),
            ("why", cause) => Self::Why(cause.parse().ok()?),
            ("close", why) => Self::Close(why.parse().ok()?),
            ("was", spot) if !spot.is_empty() => Self::Was(spot.to_owned()),
            (result, spot) if !spot.is_empty() => Self::Look(result.parse().ok()?, spot.to_owned()),
            _ => return None,
        })
    }
}

/// A form as it was sent. What a field does not hold is empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Posting {
    /// Made with the form.
    pub id: Uuid,
    /// What was scanned or typed as a badge.
    pub badge: String,
    /// What was tapped.
    pub tap: Tap,
    /// Why it was there; none: what is usual for the place.
    pub cause: Option<Cause>,
    /// A place's code.
    pub place: String,
}

impl Posting {
    /// Reads the fields of a form.
    pub fn read(fields: &[(String, String)]) -> Result<Self, Failure> {
        let malformed = |what: &str| Failure::Malformed(format!("{what}: open the search again"));
        Ok(Self {
            id: form_id(fields).ok_or_else(|| malformed("id"))?,
            badge: field(fields, "badge"),
            tap: Tap::read(&field(fields, "tap")).ok_or_else(|| malformed("tap"))?,
            cause: field(fields, "cause").parse().ok(),
            place: field(fields, "place"),
        })
    }
}

/// A field of a form without the blanks around it.
pub fn field(fields: &[(String, String)], name: &str) -> String {
    let found = fields.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

/// The id that was made with the form.
pub fn form_id(fields: &[(String, String)]) -> Option<Uuid> {
    field(fields, "id").parse().ok().filter(|id: &Uuid| id.get_version_num() == 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(more: &[(&str, &str)]) -> Result<Posting, Failure> {
        let id = Uuid::now_v7().to_string();
        let all = [("id", id.as_str())];
        let fields: Vec<_> =
            all.iter().chain(more).map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Posting::read(&fields)
    }

    #[test]
    fn every_tap_is_read_back_as_it_was_offered() {
        let look = ScanId::new(Uuid::now_v7());
        let spot = || "L:own".to_owned();
        for tap in [
            Tap::Sign,
            Tap::Look(LookResult::Found, spot()),
            Tap::Look(LookResult::NotThere, "D:CL 5".to_owned()),
            Tap::Look(LookResult::CannotLook, spot()),
            Tap::TakeBack(look),
            Tap::Was(spot()),
            Tap::WasAtPlace,
            Tap::Why(Cause::Misfiled),
            Tap::Declare,
            Tap::Close(ClosedWhy::NotNeeded),
            Tap::Reopen,
        ] {
            assert_eq!(posted(&[("tap", &tap.value())]).unwrap().tap, tap);
        }
    }

    #[test]
    fn a_form_without_its_id_or_with_an_unknown_tap_is_told_so() {
        for tap in ["", "found", "lost L:own", "why nobody", "take-back x", "declare now"] {
            assert!(matches!(posted(&[("tap", tap)]), Err(Failure::Malformed(_))), "{tap}");
        }
        assert!(matches!(Posting::read(&[("tap".into(), "sign".into())]), Err(Failure::Malformed(_))));
        assert_eq!(
            posted(&[("tap", "was L:own"), ("cause", "misfiled")]).unwrap().cause,
            Some(Cause::Misfiled)
        );
        assert_eq!(posted(&[("tap", "was L:own"), ("cause", "")]).unwrap().cause, None);
    }
}
