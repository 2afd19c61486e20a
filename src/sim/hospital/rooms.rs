//! The hospital's places, people and desks.

use super::{
    ALL_CLINICS, ALL_OFFICES, Badge, CLINIC_DESKS, CONTAINERS, DeskPlan, LIBRARY, OFF_SITE, OFFICE_DESKS,
    RETURNS, SHELVES, SITE, STAFF, WARD_DESKS, badge, clinic, code, container, office, shelf, ward,
};
use crate::domain::import::{PlaceRow, Said, StaffRow};
use crate::domain::place::{Code, PlaceKind};
use crate::domain::staff::Role;
use crate::sim::names;
use crate::sim::random::Random;

#[rustfmt::skip]
const CLINICS: [&str; 30] = [
    "Cardiology", "Respiratory", "Diabetes", "Rheumatology", "Gastroenterology", "Neurology", "Dermatology",
    "Renal", "Haematology", "Oncology", "Orthopaedics", "Fracture Clinic", "General Surgery", "Urology",
    "Vascular", "Breast Clinic", "Ear, Nose and Throat", "Eye Clinic", "Oral Surgery", "Gynaecology",
    "Antenatal", "Paediatrics", "Pain Clinic", "Pre-assessment", "Memory Clinic", "Stroke Clinic",
    "Endocrinology", "Colposcopy", "Audiology", "Chest X-ray Clinic",
];
#[rustfmt::skip]
const WARDS: [&str; 18] = [
    "Alder", "Ash", "Beech", "Birch", "Cedar", "Chestnut", "Elder", "Elm", "Hawthorn", "Hazel", "Holly",
    "Juniper", "Larch", "Maple", "Oak", "Rowan", "Sycamore", "Willow",
];

fn place(at: &str, name: &str, kind: PlaceKind, parent: Option<&str>) -> PlaceRow {
    PlaceRow {
        code: code(at),
        name: Said::Is(name.to_owned()),
        kind: Said::Is(kind),
        parent: parent.map(code).into(),
        phone: Said::Nothing,
        phone_out_of_hours: Said::Nothing,
        open: Said::Nothing,
        until: Said::Nothing,
        consultants: Said::Nothing,
    }
}

/// The same place with somebody who answers.
fn answered(row: PlaceRow, random: &mut Random, open: &str, otherwise: &str) -> PlaceRow {
    PlaceRow {
        phone: Said::Is(format!("ext {}", random.between(2_000, 6_999))),
        phone_out_of_hours: Said::Is(otherwise.to_owned()),
        open: Said::Is(open.to_owned()),
        ..row
    }
}

pub fn places(random: &mut Random) -> Vec<PlaceRow> {
    const SWITCHBOARD: &str = "01632 960100 (switchboard)";
    const SITE_MANAGER: &str = "bleep 0123 (site manager)";
    let site = place(SITE, "Marlcombe General Hospital", PlaceKind::Site, None);
    let library = place(LIBRARY, "Health Records Library", PlaceKind::Library, Some(SITE));
    let store = place(OFF_SITE, "Tannery Lane Store", PlaceKind::Store, None);
    let mut all = vec![
        answered(site, random, "always", SWITCHBOARD),
        answered(library, random, "Mon-Fri 07:00-20:00", "ext 2999 (night library)"),
        place(RETURNS, "Library returns", PlaceKind::Other, Some(LIBRARY)),
        answered(store, random, "Mon-Fri 08:00-17:00", SITE_MANAGER),
    ];
    for bay in 0..10 {
        let name = format!("Bay {} (…{bay}0 to …{bay}9)", bay + 1);
        all.push(place(&format!("BAY-{bay}"), &name, PlaceKind::Other, Some(LIBRARY)));
    }
    for n in 0..SHELVES {
        let parent = format!("BAY-{}", n / 10);
        all.push(place(shelf(n).as_str(), &format!("Shelf {n:02}"), PlaceKind::Shelf, Some(&parent)));
    }
    for (n, name) in (0..).zip(CLINICS) {
        let row = place(clinic(n).as_str(), name, PlaceKind::Clinic, Some(SITE));
        all.push(answered(row, random, "Mon-Fri 08:00-17:30", SITE_MANAGER));
    }
    for (n, name) in (0..).zip(WARDS) {
        let row = place(ward(n).as_str(), &format!("{name} Ward"), PlaceKind::Ward, Some(SITE));
        all.push(answered(row, random, "always", SWITCHBOARD));
    }
    let mut consultants = Vec::new();
    for n in 0..ALL_OFFICES {
        let consultant = format!("Dr {}", names::surname(random));
        let row =
            place(office(n).as_str(), &format!("Secretary to {consultant}"), PlaceKind::Office, Some(SITE));
        let row = PlaceRow { consultants: Said::Is(consultant.clone()), ..row };
        all.push(answered(row, random, "Mon-Fri 08:30-16:30", SITE_MANAGER));
        consultants.push(consultant);
    }
    for (n, consultant) in (0..ALL_CLINICS).zip(consultants.iter().cycle()) {
        if let Some(row) = all.iter_mut().find(|row| row.code == clinic(n)) {
            row.consultants = Said::Is(consultant.clone());
        }
    }
    for n in 0..CONTAINERS {
        let what = if n < 14 { "Crate" } else { "Trolley" };
        let name = format!("{what} {}", n + 1);
        all.push(place(container(n).as_str(), &name, PlaceKind::Container, Some(LIBRARY)));
    }
    all
}

pub fn staff(random: &mut Random) -> Vec<StaffRow> {
    let role = |n| match n {
        0 => Role::Manager,
        1 => Role::Governance,
        2 => Role::Administrator,
        3..10 => Role::Librarian,
        _ => Role::Clerk,
    };
    let person = |n| StaffRow {
        badge: badge(n),
        name: Said::Is(format!("{} {}", names::forename(random), names::surname(random))),
        role: Said::Is(role(n)),
    };
    (0..STAFF).map(person).collect()
}

/// The library's two desks, then those of the first clinics, wards and offices.
pub fn desks() -> Vec<DeskPlan> {
    let library = [("LIB-1", Badge::Required), ("LIB-2", Badge::Required)];
    let library = library.map(|(name, badge)| (code(name), code(LIBRARY), badge));
    let others =
        (0..CLINIC_DESKS).map(clinic).chain((0..WARD_DESKS).map(ward)).chain((0..OFFICE_DESKS).map(office));
    let others = others.map(|place| (place.clone(), place, Badge::Optional));
    let plan = |(n, (code, place, badge_asked)): (u32, (Code, Code, Badge))| DeskPlan {
        code,
        place,
        badge: badge_asked,
        pairing: 30 + n,
        clerk: badge(3 + u64::from(n)),
    };
    (0..).zip(library.into_iter().chain(others)).map(plan).collect()
}
