//! The label of a folder that is made up: on a printer of the configuration at once, or as a PDF afterwards.

use super::form::Posting;
use crate::domain::StaffId;
use crate::domain::command::VolumeNow;
use crate::domain::printing::{JobState, NewJob, NewLabel, Paper, Printed, Why};
use crate::labels::print::Setup;
use crate::labels::stock::Medium;
use crate::labels::{Files, Stock};
use crate::web::auth::Maker;
use crate::web::pages::labels::press::press;
use crate::web::pages::labels::wish::{What, Wish};

/// What became of a folder's label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Label {
    /// It is printed as a PDF.
    ToPrint,
    /// It is in the queue of this printer, or was.
    On(String, JobState),
    /// It was wanted on this printer and did not come into its queue.
    NotOn(String),
}

/// A printer on which the cover of a new folder may come out.
#[derive(Clone, Debug)]
pub struct Offer<'a> {
    /// The printer.
    pub setup: &'a Setup,
    /// What a cover is printed on there.
    pub stock: Stock,
}

impl<'a> Offer<'a> {
    /// `None` where a cover has no room on what the printer holds.
    fn of(files: &Files, setup: &'a Setup) -> Option<Self> {
        let press = press(files, &Wish::of(What::Cover), Some(setup))?;
        let (code, held) = (press.stock.code.as_str(), setup.stock.as_deref());
        let holds_it = held.is_none_or(|held| held == code) || setup.tray(code).is_some();
        (holds_it && press.changed.is_empty()).then_some(Self { setup, stock: press.stock })
    }

    /// All of them, in the order of the configuration.
    pub fn all(files: &'a Files, printers: &'a [Setup]) -> impl Iterator<Item = Self> {
        printers.iter().filter_map(|setup| Self::of(files, setup))
    }

    /// What people choose it by. Nobody can tell how far a sheet in a printer is used up.
    pub fn says(&self) -> String {
        match self.stock.medium {
            Medium::Roll => self.setup.name.clone(),
            Medium::Sheet => format!("{}, on a new sheet {}", self.setup.name, self.stock.code),
        }
    }
}

/// Queues the label of a folder that was made, once for each form. The folder is made already, so that a label that
/// cannot be queued keeps nobody: it is the printer that is answered then.
pub async fn queue(
    maker: &Maker,
    posting: &Posting,
    person: Option<StaffId>,
    volumes: &[VolumeNow],
) -> Option<String> {
    let wanted = posting.printer.as_ref().filter(|printer| !printer.is_empty())?;
    let offer = Offer::all(maker.labels(), maker.printers()).find(|offer| offer.setup.name == *wanted);
    let (Some(offer), Some(volume)) = (offer, volumes.first()) else { return Some(wanted.clone()) };
    let job = NewJob {
        id: posting.id,
        person,
        printer: wanted.clone(),
        paper: Paper::new(&offer.stock.code),
        labels: vec![NewLabel { what: Printed::Cover, subject: volume.brief.id.key(), why: Why::New }],
    };
    let error = maker.store().print(maker.trust(), job).await.err()?;
    tracing::warn!(%error, "the label of a new folder was not queued");
    Some(wanted.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labels::measure::Dpi;
    use crate::labels::print::{Language, Via};
    use crate::labels::printer::Colours;

    #[test]
    fn a_printer_is_offered_with_what_it_holds_and_only_if_a_cover_has_room_there() {
        let setup = |name: &str, language, stock: Option<&str>| Setup {
            name: name.to_owned(),
            via: Via::Folder("spool".into()),
            dpi: Dpi::THERMAL_8,
            colours: Colours::Black,
            language,
            stock: stock.map(str::to_owned),
            offset: (0, 0),
            trays: Vec::new(),
        };
        let printers = [
            setup("Hatch", Language::Zpl, Some("70x35")),
            setup("Office", Language::Pdf, None),
            setup("Odd", Language::Zpl, Some("L7160")),
        ];
        let offered: Vec<_> =
            Offer::all(&Files::of_house(None).unwrap(), &printers).map(|offer| offer.says()).collect();
        assert_eq!(offered, ["Hatch", "Office, on a new sheet L7160"]);
    }
}
