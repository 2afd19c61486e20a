//! What the labels of a job say, as the data are now.

use std::collections::HashMap;

use crate::domain::barcode::Card;
use crate::domain::directory::Directory;
use crate::domain::place::Code;
use crate::domain::printing::{NewLabel, Printed};
use crate::domain::{PlaceId, StaffId, VolumeId};
use crate::labels::cards;
use crate::labels::say;
use crate::labels::{Kind, LabelData, Template, Text};
use crate::store::Labelled;

/// All that labels may tell of.
pub struct Known<'a> {
    /// Places and staff.
    pub directory: &'a Directory,
    /// The volumes of the job, by key.
    pub volumes: &'a HashMap<i64, Labelled>,
    /// The desks with a pairing card, by its number.
    pub desks: &'a HashMap<u32, Code>,
    /// The template that was chosen, if one was.
    pub template: Option<&'a Template>,
    /// The day, as labels write it.
    pub today: &'a str,
}

/// The volumes that these labels are of.
pub fn volumes(labels: impl Iterator<Item = NewLabel>) -> Vec<VolumeId> {
    let of_folder = |label: NewLabel| match label.what {
        Printed::Cover | Printed::Spine | Printed::Tracer => Some(VolumeId::new(label.subject)),
        Printed::Place | Printed::Container | Printed::Badge | Printed::Card => None,
    };
    labels.filter_map(of_folder).collect()
}

impl Known<'_> {
    /// What a label says; `None`: what it is of is not known any more.
    pub fn said(&self, label: NewLabel) -> Option<LabelData> {
        match label.what {
            Printed::Cover => self.folder(Kind::Volume, label.subject),
            Printed::Spine => self.folder(Kind::Spine, label.subject),
            Printed::Tracer => self.folder(Kind::Tracer, label.subject),
            Printed::Place | Printed::Container => self.place(label.subject),
            Printed::Badge => self.directory.staff(StaffId::new(label.subject)).map(say::badge),
            Printed::Card => self.card(label.subject),
        }
    }

    fn folder(&self, kind: Kind, key: i64) -> Option<LabelData> {
        let folder = self.volumes.get(&key)?.folder();
        Some(say::folder(kind, &folder, self.directory).with(Text::Printed, self.today))
    }

    /// A place's own label, or its card among a desk's destinations where a template for cards was chosen.
    fn place(&self, key: i64) -> Option<LabelData> {
        let place = self.directory.place(PlaceId::new(key))?;
        let is_card = self.template.is_some_and(|template| template.kinds.contains(&Kind::Card));
        let said = if is_card { say::destination } else { say::place };
        Some(said(place, self.directory))
    }

    fn card(&self, number: i64) -> Option<LabelData> {
        let card = Card::numbered(u64::try_from(number).ok()?)?;
        if let Card::Pairing(number) = card {
            let desk = self.desks.get(&number)?;
            return Some(say::pairing(number, desk.as_str()));
        }
        let key = card.barcode().to_string();
        cards::all().into_iter().find(|data| data.key == key)
    }
}
