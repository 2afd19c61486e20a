//! Folders' labels: the first scan of a printed one, and one that is printed again.

use super::{Decision, Found, View, count, gone_reason};
use crate::domain::answer::Answer;
use crate::domain::barcode::Entry;
use crate::domain::casenote::{Unproven, VolumeView};
use crate::domain::command::{Command, Moment, Sought, Thing};
use crate::domain::printing::{LabelPrinter, NewJob, NewLabel, Paper, Printed, Why};
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::State;

/// The stock of a label that waits for whoever prints it by hand: the sheet that is in every office.
const BY_HAND: &str = "L7160";

/// The same decision, where the scan is the first of a label that was printed: the clerk compares the cover with the
/// patient, and the label is proved. A sheet shifted by one puts a wrong name on a folder.
///
/// Only a scan proves a label, not what is typed; only the volume's own label, not an older one; and only while the
/// folder is in somebody's hand. What was refused or stopped proves nothing: the next scan asks.
pub fn first_scan(view: &View<'_>, command: &Command, decision: Decision) -> Decision {
    let Found::Volume(volume) = &view.found else { return decision };
    let Some(unproven) = volume.unproven.filter(|_| reads_label_of(command, volume)) else { return decision };
    if !decision.answer.signal().is_accepted() {
        return decision;
    }
    let answer = match unproven {
        Unproven::Compared => decision.answer.comparing(),
        Unproven::Relabelled => decision.answer,
    };
    Decision { answer, settles: vec![super::Settles::Covers(volume.brief.id)], ..decision }
}

fn reads_label_of(command: &Command, volume: &VolumeView) -> bool {
    let is_own = matches!(command.act.in_hand(), Some(Thing::Label(code)) if volume.brief.is_on(&code.label));
    is_own && command.moment == Moment::Now && command.scan.entry == Entry::Scanned
}

/// A folder's label is printed again, once for each scan that asks. Nothing moves.
pub fn print(
    view: &View<'_>,
    command: &Command,
    sought: &Sought,
    printer: Option<&LabelPrinter>,
) -> Decision {
    match &view.found {
        Found::Volume(volume) => one(command, volume, sought, printer),
        Found::Volumes(volumes) => {
            let live: Vec<_> = volumes.iter().filter(|volume| !is_gone(volume)).collect();
            match live.as_slice() {
                [] => Decision::told(Answer::new(Reason::PatientUnknown)),
                [volume] => one(command, volume, sought, printer),
                several => Decision {
                    volumes: several.iter().map(|volume| volume.brief.id).collect(),
                    ..Decision::told(Answer::new(Reason::WhichLabel).count(count(several.len())))
                },
            }
        }
        Found::Container(container) => Decision::told(Answer::new(Reason::LabelNotAFolder).at(container.id)),
        Found::Unknown | Found::NotSought => Decision::told(Answer::new(match sought {
            Sought::Thing(_) => Reason::UnknownLabel,
            Sought::Patient(_) => Reason::PatientUnknown,
        })),
    }
}

const fn is_gone(volume: &VolumeView) -> bool {
    matches!(volume.present.state, State::Gone(_))
}

fn one(command: &Command, volume: &VolumeView, sought: &Sought, printer: Option<&LabelPrinter>) -> Decision {
    let volume_id = volume.brief.id;
    if let State::Gone(why) = volume.present.state {
        return Decision::told(Answer::new(gone_reason(why)).of(volume_id));
    }
    let reason = if printer.is_some() { Reason::LabelPrinting } else { Reason::LabelQueued };
    let job = NewJob {
        id: command.scan.id.uuid(),
        person: command.scan.person,
        printer: printer.map(|printer| printer.name.clone()).unwrap_or_default(),
        paper: Paper::new(printer.map_or(BY_HAND, |printer| &printer.stock)),
        labels: vec![NewLabel { what: Printed::Cover, subject: volume_id.key(), why: why(volume, sought) }],
    };
    Decision { prints: Some(job), ..Decision::told(Answer::new(reason).of(volume_id)) }
}

/// A label of ours that is replaced is poor; where the folder was found in another way, it bears none of ours.
fn why(volume: &VolumeView, sought: &Sought) -> Why {
    match sought {
        Sought::Thing(Thing::Label(code)) if volume.brief.is_on(&code.label) => Why::Damaged,
        Sought::Thing(_) | Sought::Patient(_) => Why::OldLabel,
    }
}
