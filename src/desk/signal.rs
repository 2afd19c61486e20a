//! From an answer to the clerk's sentences. A patient's name is in one of them only: the question about a new label.

mod sweeping;
mod wanted;

pub use wanted::TOGETHER_STEP;

use jiff::tz::TimeZone;

use super::PairingCard;
use crate::clock::{DAY_US, Timestamp};
use crate::domain::PlaceId;
use crate::domain::answer::{Answer, Cover, Signal};
use crate::domain::casenote::{Sibling, VolumeBrief};
use crate::domain::command::VolumeNow;
use crate::domain::directory::Directory;
use crate::domain::patient::Patient;
use crate::domain::printing::LabelPrinter;
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::{Present, State};

/// Most folders that one sentence names; the rest is counted.
const MAX_NAMED: usize = 9;
/// Telephone numbers of up to so many digits are extensions.
const MAX_EXTENSION: usize = 6;

/// What the table says of many, as it is said of one.
const SINGULARS: &[(&str, &str)] = &[
    ("1 folders received here are", "1 folder received here is"),
    ("1 folders by the log were", "1 folder by the log was"),
    ("1 folders now go", "1 folder now goes"),
    ("1 folders are on their way", "1 folder is on its way"),
    ("1 folders", "1 folder"),
    ("1 scans that were", "1 scan that was"),
    ("them, each at its own time. END: leave them", "it, at its own time. END: leave it"),
    ("1 refused scans are", "1 refused scan is"),
    ("1 refused scans were", "1 refused scan was"),
    ("1 were scanned elsewhere since and stay", "1 was scanned elsewhere since and stays"),
    ("1 stay where they were scanned since or are", "1 stays where it was scanned since or is"),
    ("1 are on hold and stay", "1 is on hold and stays"),
    ("1 are left", "1 is left"),
];

/// What sentences are made of besides the answer.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// Places and staff.
    pub directory: &'a Directory,
    /// Where the desk stands.
    pub desk_place: PlaceId,
    /// The hospital's time zone.
    pub time_zone: &'a TimeZone,
    /// The time of speaking.
    pub now: Timestamp,
    /// The volumes spoken of.
    pub volumes: &'a [VolumeNow],
    /// The other volumes of the one folder's casenote.
    pub siblings: &'a [Sibling],
    /// Whose folder it is, where its cover is compared and the sentence leaves the screen again: no name stays on it.
    pub patient: Option<&'a Patient>,
    /// The desk's label printer.
    pub label_printer: Option<&'a LabelPrinter>,
    /// The pairing cards of all desks.
    pub cards: &'a [PairingCard],
}

/// What the clerk reads: one line, large, and what more there is to know.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sentence {
    /// One line, large.
    pub title: String,
    /// What more there is to know, and what to do next.
    pub detail: String,
}

impl Sentence {
    /// The same, with one more thing to know.
    #[must_use]
    pub fn and(self, more: &str) -> Self {
        let detail = [self.detail.as_str(), more].join(" ").trim_start().to_owned();
        Self { detail, ..self }
    }
}

/// What is to be done about a cover.
const COMPARE: &str =
    "Yes: OK. No: put it aside and tell the library; other labels of its sheet may be wrong too.";

/// Says `answer`. Who waits for the folder comes first, then whether its cover is to be compared.
pub fn say(answer: &Answer, scene: &Scene<'_>) -> Sentence {
    wanted::around(answer, scene, say_compared(answer, scene))
}

fn say_compared(answer: &Answer, scene: &Scene<'_>) -> Sentence {
    let done = say_done(answer, scene);
    match answer.cover {
        Cover::Unasked => done,
        Cover::Compared => Sentence {
            title: cover_question(answer, scene),
            detail: format!("{COMPARE} {}. {}", done.title.trim_end_matches('?'), done.detail),
        },
    }
}

/// What a line beside the pile says of an answer with this title: what happened, and what to do.
pub fn beside(answer: &Answer, title: &str) -> String {
    let step = match (wanted::step(answer), answer.cover) {
        (Some(step), _) => step,
        (None, Cover::Unasked) => answer.reason.next_step(),
        (None, Cover::Compared) => COMPARE,
    };
    match (step, title.ends_with('?')) {
        ("", _) => title.to_owned(),
        (step, true) => format!("{title} {step}"),
        (step, false) => format!("{title}. {step}"),
    }
}

/// `Does the cover say SMITH John, 12-Mar-1950, vol 2?`
fn cover_question(answer: &Answer, scene: &Scene<'_>) -> String {
    let name = scene.patient.map(Patient::on_cover).unwrap_or_default();
    match super::session::spoken_of(answer, scene.volumes) {
        Some(volume) if !name.is_empty() => {
            format!("Does the cover say {name}, vol {}?", volume.brief.volume)
        }
        Some(_) | None => "New label: does the cover name the right patient?".to_owned(),
    }
}

/// Says what was done.
fn say_done(answer: &Answer, scene: &Scene<'_>) -> Sentence {
    let title = title(answer, scene).unwrap_or_else(|| filled(answer.reason.says(), answer, scene));
    let parts = [
        folder_of(answer, scene),
        extra(answer, scene),
        filled(answer.reason.next_step(), answer, scene),
        set_line(answer, scene),
    ];
    let spoken: Vec<_> = parts.into_iter().filter(|part| !part.is_empty() && !title.contains(part)).collect();
    Sentence { title: without_stop(&title), detail: spoken.join(" ") }
}

/// The titles that are not simply what the reason says.
#[expect(clippy::wildcard_enum_match_arm, reason = "all other reasons say what their table says")]
fn title(answer: &Answer, scene: &Scene<'_>) -> Option<String> {
    let place = place_name(answer.place, scene);
    let here = scene.directory.name(scene.desk_place);
    Some(match answer.reason {
        Reason::ReceivedHere => format!("RECEIVED at {here}"),
        Reason::ReceivedOnHold => format!("RECEIVED at {here}. It may not leave"),
        Reason::ReceivedFor => format!("RECEIVED. This is for {place}{}", appointment(answer, scene)),
        Reason::WantedHere | Reason::WantedFiled => format!("WANTED {place}{}", appointment(answer, scene)),
        Reason::ReceivedTakenOut => format!("RECEIVED. Filed on {place}. Taken out?"),
        Reason::SentTo => format!("SENT to {place}"),
        Reason::LeftAt => format!("SENT to {place}: nobody scans there"),
        Reason::Filed => format!("FILED on {place}"),
        Reason::Packed => format!("PACKED in {place}"),
        Reason::SeenHere => format!("SEEN at {place}"),
        Reason::SeenElsewhere => {
            format!("SEEN at {place}. By the log at {}", place_name(answer.other, scene))
        }
        Reason::SeenStray => format!("SEEN at {place}. Belongs on {}", place_name(answer.other, scene)),
        Reason::Sweeping | Reason::SweepGoesOn => format!("Next folder: SEEN at {place}"),
        Reason::SweepEnded | Reason::SweepEndedRoom | Reason::SweepWhole => {
            format!("{place}: {}", sweeping::tallied(answer))
        }
        Reason::SweepStopped if answer.place.is_none() => {
            "SWEEP has ended; this folder was not recorded".to_owned()
        }
        Reason::PackedElsewhere => {
            format!("PACKED in {place}, which goes to {}", place_name(answer.other, scene))
        }
        Reason::ContainerReceived => format!("RECEIVED: container {place} with what is in it"),
        Reason::Receiving => format!("Next folder: RECEIVED at {here}"),
        Reason::SendingTo => format!("Next folder: SENT to {place}"),
        Reason::FilingAt => format!("Next folder: FILED on {place}"),
        Reason::PackingInto => format!("Next folder: PACKED in {place}"),
        Reason::FromNowOn => format!("From now to {place}"),
        Reason::Ended => format!("{} in, {} aside", answer.count, answer.aside),
        Reason::Located => located(answer, scene),
        Reason::WhichVolume if !scene.volumes.is_empty() => {
            format!("Which volume? {}", choices(scene.volumes))
        }
        Reason::WhichLabel if !scene.volumes.is_empty() => {
            format!("A label for which volume? {}", choices(scene.volumes))
        }
        Reason::WhichMissing if !scene.volumes.is_empty() => {
            format!("Which volume is missing? {}", choices(scene.volumes))
        }
        Reason::MissingElsewhere => {
            let present = spoken_present(answer, scene);
            format!("By the log it is {}", whereabouts(present.unwrap_or(&Present::default()), scene))
        }
        Reason::LabelPrinting => label_printing(answer, scene)?,
        Reason::OtherDesksCard => others_card(answer, scene)?,
        Reason::PackingEnded if answer.place.is_none() => {
            "PACK has ended; this folder was not recorded".to_owned()
        }
        _ => return None,
    })
}

/// What else there is to know.
#[expect(clippy::wildcard_enum_match_arm, reason = "all other reasons have nothing to add")]
fn extra(answer: &Answer, scene: &Scene<'_>) -> String {
    match answer.reason {
        Reason::ReceivedFor | Reason::ContainerReceivedFor | Reason::PlaceClosed => {
            let bound =
                if answer.reason == Reason::ContainerReceivedFor { answer.other } else { answer.place };
            let ringable = bound.filter(|place| phone(*place, scene).is_some());
            ringable.map(|place| format!("{}.", with_phone(place, scene))).unwrap_or_default()
        }
        Reason::SweepGoesOn => filled(answer.reason.says(), answer, scene),
        Reason::SweepEnded | Reason::SweepEndedRoom | Reason::SweepWhole => sweeping::missed(answer),
        Reason::FromNowOn => "It stays HERE.".to_owned(),
        Reason::ReceivedHere | Reason::ReceivedOnHold | Reason::ReceivedTakenOut | Reason::Filed => {
            answer.beside.when.map(|told_at| not_wanted(told_at.at(), scene.now)).unwrap_or_default()
        }
        Reason::WantedFiled => format!("By the log it is filed on {}.", place_name(answer.other, scene)),
        Reason::Located => spoken_present(answer, scene)
            .and_then(|present| present.since)
            .map(|since| format!("Since {}.", time(since, scene)))
            .unwrap_or_default(),
        Reason::PatientVolumes | Reason::WhichVolume | Reason::WhichLabel | Reason::WhichMissing => {
            sentence_of(&each(scene.volumes, scene))
        }
        Reason::ListSentSomeHeld | Reason::Resent | Reason::UndoneBatch => {
            let named: Vec<_> = scene.volumes.iter().map(|volume| volume.brief.number.to_string()).collect();
            sentence_of(&bounded(named))
        }
        Reason::PackedElsewhere => "Not where the folder was bound.".to_owned(),
        Reason::SignedOn if answer.count > 0 => format!("What was open has ended: {} in.", answer.count),
        _ => String::new(),
    }
}

fn located(answer: &Answer, scene: &Scene<'_>) -> String {
    let Some(volume) = super::session::spoken_of(answer, scene.volumes) else {
        return match answer.place {
            Some(place) => with_phone(place, scene),
            None => "Where it is: see its page".to_owned(),
        };
    };
    format!("{}: {}", folder_name(&volume.brief), whereabouts(&volume.present, scene))
}

/// `, today 14:00`, where the answer speaks of an appointment.
fn appointment(answer: &Answer, scene: &Scene<'_>) -> String {
    answer
        .beside
        .when
        .map(|when| format!(", {}", day_and_time(when.at(), scene.now, scene.time_zone)))
        .unwrap_or_default()
}

/// What stands beside every *not wanted* once the lists are old.
pub fn not_wanted(told_at: Timestamp, now: Timestamp) -> String {
    let days = now.micros_since(told_at) / DAY_US;
    let old = if days < 2 { "more than a day".to_owned() } else { format!("{days} days") };
    format!("On no clinic list, but the lists are {old} old.")
}

/// `Label for 123456 vol 2 is printing on Label printer 2`.
fn label_printing(answer: &Answer, scene: &Scene<'_>) -> Option<String> {
    let brief = &super::session::spoken_of(answer, scene.volumes)?.brief;
    let printer = &scene.label_printer?.name;
    Some(format!("Label for {} vol {} is printing on {printer}", brief.number, brief.volume))
}

/// `This is the pairing card of CL5-2, Clinic 5`.
fn others_card(answer: &Answer, scene: &Scene<'_>) -> Option<String> {
    let card = scene.cards.iter().find(|card| card.number == answer.count)?;
    let place = scene.directory.place_by_code(&card.place);
    let place = place.map_or(card.place.as_str(), |place| &place.name);
    Some(format!("This is the pairing card of {}, {place}", card.desk))
}

fn spoken_present<'a>(answer: &Answer, scene: &Scene<'a>) -> Option<&'a Present> {
    super::session::spoken_of(answer, scene.volumes).map(|volume| &volume.present)
}

/// `Folder 123456 vol 2`.
pub fn folder_name(brief: &VolumeBrief) -> String {
    format!("Folder {} vol {}", brief.number, brief.volume)
}

fn folder_of(answer: &Answer, scene: &Scene<'_>) -> String {
    let spoken = super::session::spoken_of(answer, scene.volumes);
    spoken
        .map(|volume| format!("{}.", folder_name(&volume.brief)))
        .filter(|_| answer.reason != Reason::Located)
        .unwrap_or_default()
}

/// Where something is, in a few words: `at Ward 7 ext 2345`.
fn whereabouts(present: &Present, scene: &Scene<'_>) -> String {
    let named =
        |place: Option<PlaceId>| place.map_or("unknown place".to_owned(), |place| with_phone(place, scene));
    let words = match present.state {
        State::NotYetSeen => "not yet seen".to_owned(),
        State::At => match present.to {
            Some(to) => format!("at {}, meant for {}", named(present.place), named(Some(to))),
            None => format!("at {}", named(present.place)),
        },
        State::OnItsWay => format!("on its way to {}", named(present.to)),
        State::InContainer => {
            format!(
                "in {} at {}, not yet taken out",
                place_name(present.container, scene),
                named(present.place)
            )
        }
        State::Gone(why) => format!("gone: {}", why.word()),
    };
    match present.or_at {
        Some(other) => format!("{words}, or at {}", scene.directory.name(other)),
        None => words,
    }
}

/// A place as it is named beside another volume: `Ward 7 ext 2345`.
fn short(present: &Present, scene: &Scene<'_>) -> String {
    let named =
        |place: Option<PlaceId>| place.map_or("unknown place".to_owned(), |place| with_phone(place, scene));
    match present.state {
        State::NotYetSeen => "not yet seen".to_owned(),
        State::At => named(present.place),
        State::OnItsWay => format!("on its way to {}", named(present.to)),
        State::InContainer => {
            format!("in {} at {}", place_name(present.container, scene), named(present.place))
        }
        State::Gone(why) => why.word().to_owned(),
    }
}

fn with_phone(place: PlaceId, scene: &Scene<'_>) -> String {
    let name = scene.directory.name(place);
    phone(place, scene).map_or_else(|| name.to_owned(), |phone| format!("{name} {phone}"))
}

/// The telephone of a place that is not the desk's own.
fn phone(place: PlaceId, scene: &Scene<'_>) -> Option<String> {
    if scene.directory.is_within(place, scene.desk_place) {
        return None;
    }
    let number = scene.directory.phone(place)?;
    let extension = number.len() <= MAX_EXTENSION && number.bytes().all(|b| b.is_ascii_digit());
    Some(match number.chars().next() {
        // The department wrote `ext 2345` or `bleep 12` itself.
        Some(first) if first.is_alphabetic() => number.to_owned(),
        _ if extension => format!("ext {number}"),
        _ => format!("tel {number}"),
    })
}

/// Volumes of one casenote read as a set: `3 of 3 here`, or what is here and where the others are.
fn set_line(answer: &Answer, scene: &Scene<'_>) -> String {
    let reads_as_set =
        matches!(answer.signal(), Signal::Arrived | Signal::Filed | Signal::Packed | Signal::Look);
    let Some(own) = super::session::spoken_of(answer, scene.volumes) else { return String::new() };
    if scene.siblings.is_empty() || !(reads_as_set || answer.signal() == Signal::Sent) {
        return String::new();
    }
    let is_here = |present: &Present| {
        matches!(present.state, State::At | State::InContainer)
            && present.place.is_some_and(|place| scene.directory.is_within(place, scene.desk_place))
    };
    let all = scene.siblings.len() + 1;
    let others: Vec<_> = scene.siblings.iter().filter(|other| !is_here(&other.present)).collect();
    let own_here = usize::from(is_here(&own.present) || answer.signal() == Signal::Filed);
    let here = scene.siblings.len() - others.len() + own_here;
    if others.is_empty() {
        return format!("{here} of {all} here.");
    }
    let named = others
        .iter()
        .map(|other| format!("vol {} {}", other.brief.volume, short(&other.present, scene)))
        .collect();
    format!("{here} of {all} here: {}.", bounded(named))
}

/// Each volume with where it is.
fn each(volumes: &[VolumeNow], scene: &Scene<'_>) -> String {
    let casenotes: std::collections::HashSet<_> =
        volumes.iter().map(|volume| volume.brief.casenote).collect();
    let named = volumes.iter().map(|volume| {
        let number = if casenotes.len() > 1 { format!("{} ", volume.brief.number) } else { String::new() };
        format!("{number}vol {} {}", volume.brief.volume, short(&volume.present, scene))
    });
    bounded(named.collect())
}

fn choices(volumes: &[VolumeNow]) -> String {
    let numbers: Vec<_> = (0..volumes.len())
        .filter_map(|at| super::session::choice_number(volumes, at))
        .map(|number| number.to_string())
        .collect();
    numbers.join(", ")
}

fn bounded(mut named: Vec<String>) -> String {
    let more = named.len().saturating_sub(MAX_NAMED);
    named.truncate(MAX_NAMED);
    let joined = named.join(", ");
    if more > 0 { format!("{joined} and {more} more") } else { joined }
}

fn sentence_of(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!("{words}.") }
}

fn without_stop(title: &str) -> String {
    title.strip_suffix('.').unwrap_or(title).to_owned()
}

fn place_name(place: Option<PlaceId>, scene: &Scene<'_>) -> String {
    place.map_or("unknown place", |place| scene.directory.name(place)).to_owned()
}

/// The table's sentence with the answer's parameters in it.
fn filled(sentence: &str, answer: &Answer, scene: &Scene<'_>) -> String {
    if !sentence.contains('`') {
        return sentence.to_owned();
    }
    let sentence = match sentence.split_once("; `aside`") {
        Some((all, _)) if answer.aside == 0 => all,
        _ => sentence,
    };
    let person =
        answer.person.and_then(|id| scene.directory.staff(id)).map_or("somebody", |staff| &staff.name);
    let counted = |sentence: &str, word: &str, count: u32| {
        let said = sentence.replace(&format!("`{word}`"), &count.to_string());
        if count == 1 {
            SINGULARS.iter().fold(said, |said, (many, one)| said.replace(many, one))
        } else {
            said
        }
    };
    let sentence = counted(sentence, "count", answer.count);
    counted(&sentence, "aside", answer.aside)
        .replace("`place`", &place_name(answer.place, scene))
        .replace("`other`", &place_name(answer.other, scene))
        .replace("`person`", person)
}

/// A time as people say it: `10:42` today, `12 Nov 10:42` on another day.
pub fn time(at: Timestamp, scene: &Scene<'_>) -> String {
    clock_time(at, scene.now, scene.time_zone)
}

/// A time to come as people say it at `now`: `today 14:00`, `tomorrow 09:30`, `Monday 09:30`, `7 Dec 09:30`.
pub fn day_and_time(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (local, today) = (zone.to_datetime(at.to_jiff()), zone.to_datetime(now.to_jiff()).date());
    let days = today.until(local.date()).map_or(i32::MAX, |span| span.get_days());
    let day = match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        2..7 => local.strftime("%A").to_string(),
        _ => local.strftime("%-d %b").to_string(),
    };
    format!("{day} {}", local.strftime("%H:%M"))
}

/// A time as people say it at `now`.
pub fn clock_time(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let local = zone.to_datetime(at.to_jiff());
    let today = zone.to_datetime(now.to_jiff()).date();
    let form = if local.date() == today { "%H:%M" } else { "%-d %b %H:%M" };
    local.strftime(form).to_string()
}
