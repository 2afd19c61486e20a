//! The sentences that a searcher reads.

use super::hospital::{CLINIC, GREY, SECRETARY, THEATRE, WARD, day};
use crate::domain::VolumeId;
use crate::locate::{
    Company, ConsultantIx, Misread, Names, Of, PlaceIx, Reason, Slip, Tie, band, shown, words,
};

fn say(reason: &Reason) -> String {
    let place = |place: PlaceIx| {
        let known = [(CLINIC, "Clinic 5"), (WARD, "Ward 3"), (SECRETARY, "Miss Pym"), (THEATRE, "Theatre")];
        known.iter().find(|(other, _)| *other == place).map_or("?", |(_, name)| name).to_owned()
    };
    let names = Names {
        place: &place,
        consultant: &|_: ConsultantIx| "Dr Grey".to_owned(),
        volume: &|volume: VolumeId| format!("00{}", volume.key()),
        day: &|_| "3 Nov".to_owned(),
    };
    words(reason, &names)
}

#[test]
fn reasons_are_plain_sentences_with_counts() {
    let found = Of { some: 7, all: 30 };
    let all = [
        Reason::Overlooked { at: CLINIC, found },
        Reason::Overlooked { at: CLINIC, found: Of::default() },
        Reason::HandedOn { from: WARD, to: THEATRE, times: 14 },
        Reason::GoesNext { from: CLINIC, to: SECRETARY, times: 210, scanned_percent: 62 },
        Reason::TwoHops { from: CLINIC, via: Some(SECRETARY), to: THEATRE, days: Some(12) },
        Reason::GoneOn { from: WARD, days: Some(30) },
        Reason::GoneOn { from: WARD, days: None },
        Reason::NeverLeft { from: WARD },
        Reason::StillAt { station: WARD },
        Reason::OnShelf { since: Some(day(0)), found },
        Reason::OnShelf { since: None, found },
        Reason::ToBeFiled { days: Some(1), found: Of::default() },
        Reason::ToBeFiled { days: None, found: Of::default() },
        Reason::Misfiled { slip: Slip::Swapped, misread: Some(Misread::Swapped(2)), found },
        Reason::Misfiled {
            slip: Slip::LookAlike,
            misread: Some(Misread::LookAlike(0)),
            found: Of::default(),
        },
        Reason::Misfiled { slip: Slip::Next, misread: None, found },
        Reason::InsideNeighbour { volume: VolumeId::new(4711) },
        Reason::Belongs { tie: Tie::Secretary, consultant: Some(GREY), called: Some(day(0)) },
        Reason::Belongs { tie: Tie::Ward, consultant: Some(GREY), called: None },
        Reason::Together { company: Company::Batch, there: found },
        Reason::Together { company: Company::Siblings, there: Of { some: 1, all: 1 } },
        Reason::BeenThere { times: 1 },
        Reason::WrongCode { picked: CLINIC },
        Reason::FoundBefore { from: WARD, found: Of { some: 1, all: 9 } },
        Reason::HidingPlace { found: 3 },
    ];
    let said: Vec<String> = all.iter().map(say).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    Often still at Clinic 5: 7 of the last 30 folders missing from there were there all the same.
    It may have been overlooked at Clinic 5: look inside other folders and in boxes too.
    Ward 3 passes folders to Theatre without a scan: 14 times lately.
    Folders go from Clinic 5 to Miss Pym: 210 times lately. Miss Pym scans about 62 of 100 it receives.
    Folders go from Clinic 5 by Miss Pym to Theatre; the last scan is 12 days old.
    The last scan is 30 days old: by then folders have mostly left Ward 3.
    Nobody has ever scanned it: in time folders mostly leave Ward 3.
    It was at Ward 3 before and may never have left.
    It was scanned out at Ward 3 and may still wait there.
    It may stand on its own shelf since 3 Nov: 7 of 30 missing folders were found so.
    It may stand on its own shelf: 7 of 30 missing folders were found so.
    Last scanned 1 day ago, it may have come back and wait to be filed.
    Scanned by nobody yet, it may have come back and wait to be filed.
    It may be filed with digits 3 and 4 swapped: 7 of 30 misfiled folders were found so.
    It may be filed with digit 1 taken for one that looks alike.
    It may stand on a shelf beside: 7 of 30 misfiled folders were found so.
    It may be inside folder 004711: they came back together and are neighbours on the shelf.
    Secretary of Dr Grey, for whose appointment it was last called (3 Nov).
    Ward of Dr Grey, who sees this patient too.
    7 of 30 folders scanned in the same batch turned up here.
    The other volume of this casenote is here.
    It has been here once before.
    The code beside that of Clinic 5 in the list: the wrong one is picked now and then.
    1 of the last 9 folders missing from Ward 3 was found here.
    3 missing folders were found here lately.
    ");
}

#[test]
fn no_chance_above_85_in_100_is_shown() {
    assert!((shown(0.97) - 0.85).abs() < 1e-12);
    assert_eq!(band(0.97), band(0.85));
    assert_eq!(band(0.51), "about 1 in 2");
    assert_eq!(band(0.001), "less than 1 in 50");
}
