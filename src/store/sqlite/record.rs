//! Recording one command: view, decide, append, project. Runs inside the writer's transaction.

use rusqlite::named_params;
use uuid::Uuid;

use super::codec::{
    MOVEMENTS_A_SCAN, Standing, change_columns, digest, kept_number, movement_key, number_in, pack_volumes,
    scan_of, subject_key, target_columns, uuid,
};
use super::combines;
use super::core::Core;
use super::covers;
use super::find;
use super::pairings;
use super::printing;
use super::project;
use super::scans;
use super::searches;
use super::settle;
use super::sweeps;
use super::trouble::{Res, Trouble};
use super::view::{self, Loader};
use crate::clock::Timestamp;
use crate::domain::answer::Answer;
use crate::domain::casenote::{Sibling, VolumeBrief};
use crate::domain::command::{
    Command, MAX_SESSION_CHANGE, Moment, Naming, NotRecorded, Novelty, Outcome, Scan, VolumeNow,
};
use crate::domain::decide::{Decision, Found, Settles, View, decide};
use crate::domain::kept::kept;
use crate::domain::movement::{
    Change, How, Movement, MovementId, NewMovement, Order, Role, Subject, UndoTarget, happened_live,
};
use crate::domain::printing::JobState;
use crate::domain::question::{NewQuestion, QuestionKind};
use crate::domain::whereabouts::Present;
use crate::domain::{PlaceId, StaffId, VolumeId};
use crate::live::Event;

pub const KNOWN: &str = "SELECT key, text, digest FROM scan WHERE id = :id";
pub const INSERT_SCAN: &str = "INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened,
    learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes)
    VALUES (:key, :id, :run, :number, :scanner, :person, :batch, :position, :back, :happened,
    :learned_off, :wall_off, :boot_off, :uncertainty, :past, :typed, :text, :digest, :aim, :answer, :change, :volumes)";
const RUN_OF: &str = "SELECT r.incarnation FROM scan s CROSS JOIN run r ON r.key = s.run WHERE s.key = :scan";
const INSERT_TEXT: &str = "INSERT INTO scan_text (scan, text, kept) VALUES (:scan, :text, :kept)";
pub const INSERT_MOVEMENT: &str =
    "INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed)
    VALUES (:key, :subject, :happened, :kind, :place, :other, :how, :implied, :believed)";
const INSERT_UNDO: &str = "INSERT INTO undo (target, what, scan) VALUES (:target, :what, :scan)";
const INSERT_QUESTION: &str =
    "INSERT INTO question (scan, at, kind, volume) VALUES (:scan, :at, :kind, :volume)";

/// What a command left behind, to be told once it is on disk.
pub struct Recorded {
    /// The answer to the desk.
    pub outcome: Outcome,
    /// What those who watch are told.
    pub events: Vec<Event>,
    /// Changes of the print queue: a label asked for, a cover scanned for the first time.
    pub queue_changes: u64,
}

/// Where a scan's columns come from that its command does not hold.
struct Place {
    key: i64,
    learned_at: Timestamp,
    run: i64,
    boot_base: i64,
    back: i64,
    batch: Option<i64>,
}

/// Records `command`, or finds that it is known. The outer error rolls back; the inner one is an answer.
pub fn record(core: &mut Core, command: &Command) -> Res<Result<Recorded, NotRecorded>> {
    match known(core, &command.scan)? {
        Some(Known::SameText(key)) => return Ok(Ok(again(core, key)?)),
        Some(Known::OtherText) => {
            let Scan { id, desk, .. } = &command.scan;
            tracing::error!(scan.id = %id, desk.id = %desk, "a known scan came with another text and was refused");
            return Ok(Err(NotRecorded::OtherText));
        }
        None => {}
    }
    let directory = core.directory.clone();
    let mut loader = Loader::new(&core.conn, &directory).with_lists(core.lists_told);
    let view = loader.view(command)?;
    let decision = decide(&view, command);
    let mut standings = loader.into_standings();
    if i64::try_from(decision.movements.len()).unwrap_or(i64::MAX) >= MOVEMENTS_A_SCAN {
        return Err(Trouble::Ours("one scan would make more movements than its keys can number".to_owned()));
    }
    let place = append_scan(core, command, &decision)?;
    let (ids, mut events) = append_movements(core, command, &place, &decision.movements, &mut standings)?;
    for question in &decision.questions {
        raise(core, place.key, place.learned_at, question)?;
    }
    settle::apply(core, place.key, place.learned_at, &decision.settles)?;
    let happened = command.scan.clocks.happened.min(place.learned_at);
    events.extend(searches::append(core, place.key, happened, &decision.steps)?);
    combines::append(&core.conn, place.key, happened, &decision.combines)?;
    if let Some(job) = &decision.prints {
        // Without a printer it waits for somebody who prints it elsewhere.
        printing::insert(&core.conn, job, JobState::Queued, place.learned_at)?;
    }
    if let Some(scanner) = &decision.pairs {
        pairings::insert(&core.conn, scanner, place.key, place.learned_at)?;
    }
    sweeps::insert(&core.conn, place.key, place.learned_at, &decision.sweeps)?;
    for follow in &decision.follows {
        // One that is known under another text is told in the log, and is not made again.
        events.extend(record(core, follow)?.into_iter().flat_map(|recorded| recorded.events));
    }
    let volumes = spoken_of(core, &view, &decision, &standings)?;
    let outcome = Outcome {
        scan: command.scan.id,
        novelty: Novelty::New,
        answer: decision.answer,
        movements: ids,
        learned_at: place.learned_at,
        volumes,
        siblings: siblings(view.found, decision.answer),
        patient: covers::patient(&core.conn, &decision.answer)?,
    };
    core.figures.scans += 1;
    Ok(Ok(Recorded { outcome, events, queue_changes: queue_changes(&decision) }))
}

/// Writes an act that was no scan, with what it moves; says its key.
pub fn act(core: &mut Core, command: &Command, movements: &[NewMovement]) -> Res<(i64, Vec<Event>)> {
    let place = append_act(core, command)?;
    let (_, events) = append_movements(core, command, &place, movements, &mut Vec::new())?;
    Ok((place.key, events))
}

/// Writes one step of a history that another system tells, an act of its own; `before` is where its folder stands, and
/// `believed` where the other system had it.
pub fn old_step(
    core: &mut Core,
    command: &Command,
    new: &NewMovement,
    before: &Standing,
    believed: Option<PlaceId>,
) -> Res<()> {
    let place = append_act(core, command)?;
    let movement = recorded(command, new, 0, command.scan.clocks.happened.min(place.learned_at));
    let key = movement_key(place.key, 0);
    insert(core, key, &movement, None, believed)?;
    core.movements += 1;
    if !project::is_overtaken(&movement, before) {
        let after = surely_before(core, &movement, before)?.unwrap_or(place.key);
        let hints = project::Hints { live: true, after };
        project::project(&core.conn, key, &movement, before, &hints)?;
    }
    Ok(())
}

/// The scan of the deciding movement, if that is an imported one of the same time and of the same or an earlier run of
/// imports: it comes before `movement` without a look at the folder's other movements.
fn surely_before(core: &Core, movement: &Movement, before: &Standing) -> Res<Option<i64>> {
    let imported =
        before.present.how == Some(How::Imported) && before.newest == Some(movement.order.happened);
    let Some(deciding) = before.movement.filter(|_| imported).map(scan_of) else { return Ok(None) };
    if core.own_first().is_some_and(|first| first <= deciding) {
        return Ok(Some(deciding));
    }
    let run = find::one(&core.conn, RUN_OF, named_params! {":scan": deciding}, |row| Ok(uuid(row.get(0)?)))?;
    Ok(run.filter(|run| *run < movement.order.incarnation).map(|_| deciding))
}

fn append_act(core: &mut Core, command: &Command) -> Res<Place> {
    let directory = core.directory.clone();
    let decision = decide(&Loader::new(&core.conn, &directory).view(command)?, command);
    append_scan(core, command, &decision)
}

/// A scan whose id is known.
enum Known {
    /// With this text; its key.
    SameText(i64),
    /// With another one.
    OtherText,
}

fn known(core: &Core, scan: &Scan) -> Res<Option<Known>> {
    find::one(&core.conn, KNOWN, named_params! {":id": scan.id.uuid().as_bytes()}, |row| {
        let key: i64 = row.get(0)?;
        let text: Option<&str> = row.get_ref(1)?.as_str_or_null()?;
        let aside: Option<[u8; 8]> = row.get(2)?;
        let same = match (text, aside) {
            (Some(text), _) => text == scan.text,
            (None, Some(aside)) => aside == digest(&scan.text),
            (None, None) => scan.text.is_empty(),
        };
        Ok(if same { Known::SameText(key) } else { Known::OtherText })
    })
}

fn again(core: &Core, key: i64) -> Res<Recorded> {
    let outcome = scans::outcome(&core.conn, key)?.ok_or(Trouble::Broken("a scan"))?;
    Ok(Recorded { outcome, events: Vec::new(), queue_changes: 0 })
}

fn queue_changes(decision: &Decision) -> u64 {
    let covers = decision.settles.iter().any(|settled| matches!(settled, Settles::Covers(_)));
    u64::from(covers) + u64::from(decision.prints.is_some())
}

fn append_scan(core: &mut Core, command: &Command, decision: &Decision) -> Res<Place> {
    let scan = &command.scan;
    let place = placed(core, scan)?;
    let aside = stands_aside(scan, &decision.answer);
    let after = if decision.answer.signal().is_accepted() {
        &command.session.accepted
    } else {
        &command.session.refused
    };
    if after.as_ref().is_some_and(|change| change.len() > MAX_SESSION_CHANGE) {
        return Err(Trouble::Ours("a session's change is longer than its limit".to_owned()));
    }
    let scanner = core.word(&scan.scanner)?;
    let happened = scan.clocks.happened.micros();
    let only_answers = decision.volumes.iter().copied().eq(decision.answer.volume);
    let volumes = (!only_answers).then(|| pack_volumes(&decision.volumes));
    core.conn.prepare_cached(INSERT_SCAN)?.execute(named_params! {
        ":key": place.key,
        ":id": scan.id.uuid().as_bytes(),
        ":run": place.run,
        ":number": i64::try_from(scan.number).unwrap_or(i64::MAX),
        ":scanner": scanner,
        ":person": scan.person.map(StaffId::key),
        ":batch": place.batch,
        ":position": scan.position,
        ":back": place.back,
        ":happened": happened,
        ":learned_off": place.learned_at.micros().saturating_sub(happened),
        ":wall_off": scan.clocks.wall.micros().saturating_sub(happened),
        ":boot_off": happened.saturating_sub(scan.clocks.boot_us).saturating_sub(place.boot_base),
        ":uncertainty": scan.clocks.uncertainty_us.max(0),
        ":past": i64::from(command.moment == Moment::Past),
        ":typed": i64::from(scan.entry == crate::domain::barcode::Entry::Typed),
        ":text": (!aside && !scan.text.is_empty()).then_some(scan.text.as_str()),
        ":digest": aside.then(|| digest(&scan.text)),
        ":aim": scan.aim,
        ":answer": decision.answer.encode(),
        ":change": after,
        ":volumes": volumes,
    })?;
    if aside {
        let mut statement = core.conn.prepare_cached(INSERT_TEXT)?;
        let kept = kept(&command.act, decision).map(kept_number);
        statement.execute(named_params! {":scan": place.key, ":text": scan.text, ":kept": kept})?;
    }
    Ok(place)
}

/// Whether the text stands beside the log: it named no folder, or it may name a patient.
fn stands_aside(scan: &Scan, answer: &Answer) -> bool {
    match scan.naming {
        Naming::Ours => false,
        Naming::Label => answer.volume.is_none(),
        Naming::Aside => true,
    }
}

fn placed(core: &mut Core, scan: &Scan) -> Res<Place> {
    let run = core.run(scan)?;
    let (key, learned_at) = core.next_scan();
    let batch = match scan.batch {
        Some(batch) => Some(core.batch(batch.uuid(), scan.id.uuid(), key)?),
        None => None,
    };
    let back = core.chain(run.desk, key)?;
    Ok(Place { key, learned_at, run: run.key, boot_base: run.boot_base, back, batch })
}

fn append_movements(
    core: &mut Core,
    command: &Command,
    place: &Place,
    movements: &[NewMovement],
    standings: &mut Vec<(i64, Standing)>,
) -> Res<(Vec<MovementId>, Vec<Event>)> {
    let mut ids = Vec::with_capacity(movements.len());
    let mut events = Vec::with_capacity(movements.len());
    let mut undos: Vec<(UndoTarget, i64)> = Vec::new();
    for (index, new) in (0u32..).zip(movements) {
        let before = taken(core, standings, new.subject)?;
        let happened = happened(command, &before, place.learned_at);
        let movement = recorded(command, new, index, happened);
        let undo = if let Change::Undone(target) = new.change {
            Some(undo_key(core, &mut undos, target, place.key)?)
        } else {
            None
        };
        let believed = view::believed(&core.conn, &before)?;
        let key = movement_key(place.key, index);
        insert(core, key, &movement, undo, believed)?;
        let hints = project::Hints { live: command.moment == Moment::Now, after: place.key };
        let after = project::project(&core.conn, key, &movement, &before, &hints)?;
        standings.push((subject_key(new.subject), after));
        events.push(event(core, key, &movement, &before.present, believed, &after.present));
        ids.push(movement.id);
        core.movements += 1;
    }
    Ok((ids, events))
}

/// Where the subject stands now, from what was read already where it was.
fn taken(core: &Core, standings: &[(i64, Standing)], subject: Subject) -> Res<Standing> {
    let key = subject_key(subject);
    match standings.iter().rev().find(|(known, _)| *known == key) {
        Some((_, standing)) => Ok(*standing),
        None => find::standing_of(&core.conn, subject),
    }
}

fn happened(command: &Command, before: &Standing, learned_at: Timestamp) -> Timestamp {
    let runner = command.scan.clocks.happened;
    match command.moment {
        Moment::Now => happened_live(runner, before.newest, learned_at),
        Moment::Past => runner.min(learned_at),
    }
}

fn recorded(command: &Command, new: &NewMovement, index: u32, happened: Timestamp) -> Movement {
    let scan = &command.scan;
    Movement {
        id: MovementId { scan: scan.id, index },
        batch: scan.batch,
        subject: new.subject,
        change: new.change,
        how: new.how,
        role: new.role,
        order: Order {
            happened,
            desk: scan.desk.clone(),
            incarnation: scan.run.incarnation,
            number: scan.number,
            index,
        },
        uncertainty_us: scan.clocks.uncertainty_us.max(0),
    }
}

fn undo_key(core: &Core, undos: &mut Vec<(UndoTarget, i64)>, target: UndoTarget, scan: i64) -> Res<i64> {
    if let Some((_, key)) = undos.iter().find(|(known, _)| *known == target) {
        return Ok(*key);
    }
    let (id, what) = target_columns(target);
    let params = named_params! {":target": id.as_bytes(), ":what": what, ":scan": scan};
    let key = core.conn.prepare_cached(INSERT_UNDO)?.insert(params)?;
    undos.push((target, key));
    Ok(key)
}

/// Appends one movement.
pub fn insert(
    core: &Core,
    key: i64,
    movement: &Movement,
    undo: Option<i64>,
    believed: Option<PlaceId>,
) -> Res<()> {
    let columns = change_columns(movement.change);
    core.conn.prepare_cached(INSERT_MOVEMENT)?.execute(named_params! {
        ":key": key,
        ":subject": subject_key(movement.subject),
        ":happened": movement.order.happened.micros(),
        ":kind": columns.kind,
        ":place": columns.place,
        ":other": undo.or(columns.other),
        ":how": number_in(&How::ALL, &movement.how),
        ":implied": i64::from(movement.role == Role::Implied),
        ":believed": believed.map(PlaceId::key),
    })?;
    Ok(())
}

fn raise(core: &Core, scan: i64, at: Timestamp, question: &NewQuestion) -> Res<()> {
    core.conn.prepare_cached(INSERT_QUESTION)?.execute(named_params! {
        ":scan": scan,
        ":at": at.micros(),
        ":kind": number_in(&QuestionKind::ALL, &question.kind),
        ":volume": question.volume.map(VolumeId::key),
    })?;
    Ok(())
}

/// What those who watch are told of a movement. A container's page shows what is in it, and the page of the place
/// where the container stands does too.
fn event(
    core: &Core,
    key: i64,
    movement: &Movement,
    before: &Present,
    believed: Option<PlaceId>,
    after: &Present,
) -> Event {
    let mut places = Vec::with_capacity(4);
    let changed =
        [believed, before.place, before.to, before.container, after.place, after.to, after.container];
    for place in changed.into_iter().flatten() {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    Event { cursor: core.cursor(key), subject: movement.subject, places, kind: movement.change.word() }
}

fn spoken_of(
    core: &Core,
    view: &View<'_>,
    decision: &Decision,
    standings: &[(i64, Standing)],
) -> Res<Vec<VolumeNow>> {
    let mut found = Vec::with_capacity(decision.volumes.len());
    for volume in &decision.volumes {
        let Some(brief) = brief(core, view, *volume)? else { continue };
        let standing = taken(core, standings, Subject::Volume(*volume))?;
        found.push(VolumeNow { brief, present: find::seen_through(&core.conn, standing.present)? });
    }
    Ok(found)
}

fn brief(core: &Core, view: &View<'_>, volume: VolumeId) -> Res<Option<VolumeBrief>> {
    if let Found::Volume(found) = &view.found
        && found.brief.id == volume
    {
        return Ok(Some(found.brief.clone()));
    }
    Ok(find::volume_by_key(&core.conn, volume)?.map(|row| row.brief))
}

fn siblings(found: Found, answer: Answer) -> Vec<Sibling> {
    match found {
        Found::Volume(volume) if Some(volume.brief.id) == answer.volume => volume.siblings,
        Found::Volume(_) | Found::Volumes(_) | Found::Container(_) | Found::Unknown | Found::NotSought => {
            Vec::new()
        }
    }
}

/// A name for a fault, by which the log finds it.
pub fn incident(now: Timestamp) -> Uuid {
    let seconds = u64::try_from(now.micros() / crate::clock::SECOND_US).unwrap_or(0);
    let micros = u32::try_from(now.micros().rem_euclid(crate::clock::SECOND_US)).unwrap_or(0);
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, micros * 1_000))
}
