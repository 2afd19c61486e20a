//! What a decision reads, loaded inside the transaction that will hold what it decides.

use rusqlite::{Connection, Row, named_params};
use uuid::Uuid;

use super::clinic_lists;
use super::codec::{Standing, Told, VolumeRow, scan_of, subject_key, subject_of, told};
use super::combines;
use super::covers;
use super::find;
use super::fold;
use super::searches;
use super::sweeps;
use super::trouble::Res;
use crate::clock::Timestamp;
use crate::domain::barcode::{FolderCode, PatientCode};
use crate::domain::casenote::{VolumeBrief, VolumeKind, VolumeView};
use crate::domain::clinic_list::Calls;
use crate::domain::command::{Act, Command, Sought, Thing};
use crate::domain::decide::{ContainerView, Found, View};
use crate::domain::directory::Directory;
use crate::domain::label_rule::{Means, Numbered};
use crate::domain::movement::{Movement, Subject, UndoTarget};
use crate::domain::question::{Asked, QuestionKind, QuestionView, Verdict};
use crate::domain::search::Meant;
use crate::domain::sweep::{Ending, SweepView};
use crate::domain::undo::{UndoView, UndoneSubject};
use crate::domain::whereabouts::{MAX_NESTING, Present, State};
use crate::domain::{CasenoteId, PatientId, PlaceId, QuestionId, VolumeId};

const SCAN_KEY: &str = "SELECT key, batch FROM scan WHERE id = :id";
const UNKNOWN_BATCH: &str = "SELECT key FROM batch WHERE id = :id";
const MOVEMENTS_OF_SCAN: &str =
    "SELECT t.* FROM movement_told t WHERE t.key >= :first AND t.key < :end ORDER BY t.key";
const DESK_LAST: &str = "SELECT d.last FROM scan s CROSS JOIN run r ON r.key = s.run
    CROSS JOIN session e ON e.key = r.session CROSS JOIN desk d ON d.key = e.desk WHERE s.key = :scan";
const CHAIN: &str = "SELECT batch, back FROM scan WHERE key = :key";
const ASKED: &str =
    "SELECT 1 FROM question WHERE volume = :volume AND answer IS NULL AND kind = :kind LIMIT 1";
const FIRST_OF_UNKNOWN: &str = "SELECT first FROM batch WHERE key = :batch";

/// Furthest back along a desk's scans that a batch is looked for: two full days of the busiest desk.
const MAX_BATCH_WALK: usize = 20_000;

/// Loads views, and remembers what it read so that recording need not read it again.
pub struct Loader<'c, 'a> {
    conn: &'c Connection,
    directory: &'a Directory,
    lists_told: Option<Timestamp>,
    standings: Vec<(i64, Standing)>,
}

impl<'c, 'a> Loader<'c, 'a> {
    /// A loader for one command.
    pub const fn new(conn: &'c Connection, directory: &'a Directory) -> Self {
        Self { conn, directory, lists_told: None, standings: Vec::new() }
    }

    /// The same, which knows when clinic lists were told last; without, no list is looked at.
    #[must_use]
    pub fn with_lists(self, lists_told: Option<Timestamp>) -> Self {
        Self { lists_told, ..self }
    }

    /// What was read of where things stand.
    pub fn into_standings(self) -> Vec<(i64, Standing)> {
        self.standings
    }

    /// Everything that deciding on `command` needs.
    pub fn view(&mut self, command: &Command) -> Res<View<'a>> {
        let mut view = View {
            directory: self.directory,
            desk_place: command.scan.desk_place,
            found: Found::NotSought,
            container: None,
            listed: Vec::new(),
            undo: None,
            question: None,
            label: None,
            making: None,
            lists: None,
            sweep: None,
            search: None,
            temporary: None,
        };
        match &command.act {
            Act::Tell(_) | Act::Pair { .. } => {}
            Act::Receive(thing) | Act::File { thing, .. } => {
                view.found = self.thing(thing)?;
                view.lists = self.lists(command, &view.found)?;
            }
            Act::Send { thing, .. }
            | Act::KeepHere { thing, .. }
            | Act::See { thing, .. }
            | Act::Settle { question: Asked::Order(thing), .. } => view.found = self.thing(thing)?,
            Act::Pack { thing, container, .. } => {
                view.found = self.thing(thing)?;
                view.container = Some(self.container(*container)?);
            }
            Act::OpenContainer { container, .. } | Act::Empty(container) => {
                view.container = Some(self.container(*container)?);
            }
            Act::OpenSweep { place, left } => view.sweep = Some(self.sweep(command, Some(*place), *left)?),
            Act::EndSweep(ending) => view.sweep = Some(self.sweep(command, None, Some(*ending))?),
            Act::SendListed { volumes, .. } => view.listed = self.listed(volumes)?,
            Act::Undo(target) | Act::Resend { target, .. } => view.undo = Some(self.undo(*target)?),
            Act::Ask(sought) | Act::Print { sought, .. } => view.found = self.sought(sought)?,
            Act::Settle { question: Asked::Raised(id), verdict } => {
                view.question = self.question(*id)?;
                if let Verdict::ContainerAt { container, .. } = verdict {
                    view.found = Found::Container(self.container(*container)?);
                }
            }
            Act::AssignLabel { of, folder, kept } => {
                view.found = self.thing(&Thing::Volume(*folder))?;
                view.label = super::kept::label(self.conn, self.directory, *of, Some(kept))?;
            }
            Act::SetAside { of } => view.label = super::kept::label(self.conn, self.directory, *of, None)?,
            Act::Make(making) => view.making = Some(super::make::view(self.conn, making)?),
            Act::OpenSearch(missing) => {
                view.found = self.sought(&missing.sought)?;
                if let Found::Volume(volume) = &view.found
                    && let Some(wanted) = volume.search
                {
                    view.search = searches::meant(self.conn, Meant::Search(wanted.search))?;
                }
            }
            Act::Look { search, .. }
            | Act::TakeBackLook { search, .. }
            | Act::Declare(search)
            | Act::CloseSearch { search, .. }
            | Act::ReopenSearch(search) => self.search(&mut view, Meant::Search(*search))?,
            Act::TellWhere { search, .. } => self.search(&mut view, *search)?,
            Act::Combine { temporary, original, .. } => match original {
                None => view.found = self.thing(temporary)?,
                Some(original) => {
                    view.found = self.thing(original)?;
                    if let Found::Volume(volume) = self.thing(temporary)? {
                        view.temporary = Some(volume);
                    }
                }
            },
        }
        Ok(view)
    }

    /// A search that is spoken of, and its volume.
    fn search(&mut self, view: &mut View<'a>, meant: Meant) -> Res<()> {
        view.search = searches::meant(self.conn, meant)?;
        if let Some(search) = &view.search {
            view.found = self.thing(&Thing::Volume(search.volume))?;
        }
        Ok(())
    }

    /// What a question names.
    pub fn sought(&mut self, sought: &Sought) -> Res<Found> {
        match sought {
            Sought::Thing(thing) => self.thing(thing),
            Sought::Patient(code) => self.patient(code),
        }
    }

    fn sweep(&self, command: &Command, opens: Option<PlaceId>, ends: Option<Ending>) -> Res<SweepView> {
        sweeps::view(self.conn, self.directory, command.scan.clocks.happened, opens, ends)
    }

    /// What the clinic lists say of a volume that comes in: one look-up, at a library, of a hospital that gives lists.
    fn lists(&self, command: &Command, found: &Found) -> Res<Option<Calls>> {
        let Found::Volume(volume) = found else { return Ok(None) };
        let told_at =
            self.lists_told.filter(|_| self.directory.library_of(command.scan.desk_place).is_some());
        let Some(told_at) = told_at else { return Ok(None) };
        let calls = match volume.patient {
            Some(patient) => clinic_lists::calls(self.conn, patient, command.scan.clocks.happened)?,
            None => Vec::new(),
        };
        Ok(Some(Calls { calls, told_at: Some(told_at) }))
    }

    fn thing(&mut self, thing: &Thing) -> Res<Found> {
        match thing {
            Thing::Label(code) => self.folder(code),
            Thing::Volume(volume) => match find::volume_by_key(self.conn, *volume)? {
                Some(row) => Ok(Found::Volume(Box::new(self.volume(row)?))),
                None => Ok(Found::Unknown),
            },
            Thing::Container(container) => Ok(Found::Container(self.container(*container)?)),
        }
    }

    fn folder(&mut self, code: &FolderCode) -> Res<Found> {
        if let Some(row) = find::volume_by_label(self.conn, &code.label)? {
            let unproven = covers::unproven(self.conn, row.brief.id)?;
            return Ok(Found::Volume(Box::new(VolumeView { unproven, ..self.volume(row)? })));
        }
        code.numbered.as_ref().map_or(Ok(Found::Unknown), |numbered| self.numbered(numbered))
    }

    /// The folder that a rule of the hospital reads out of an old label.
    fn numbered(&mut self, numbered: &Numbered) -> Res<Found> {
        let mut casenotes = find::casenotes(self.conn, &numbered.number, Some(&numbered.site))?;
        if casenotes.is_empty() {
            for patient in find::patients(self.conn, &numbered.number, Some(&numbered.site))? {
                casenotes.extend(find::casenotes_of(self.conn, patient)?);
            }
        }
        let mut rows = Vec::new();
        for casenote in casenotes {
            rows.extend(find::volumes_of_casenote(self.conn, casenote.key())?);
        }
        let live = |row: &VolumeRow| !matches!(row.standing.present.state, State::Gone(_));
        match numbered.volume {
            Some(volume) => rows.retain(|row| row.brief.volume == volume),
            None if rows.iter().any(live) => rows.retain(live),
            None => {}
        }
        self.found(rows, numbered.means == Means::Ask)
    }

    fn found(&mut self, mut rows: Vec<VolumeRow>, ask: bool) -> Res<Found> {
        if rows.is_empty() {
            return Ok(Found::Unknown);
        }
        if rows.len() == 1 && !ask {
            let row = rows.remove(0);
            return Ok(Found::Volume(Box::new(self.volume(row)?)));
        }
        let views: Res<Vec<_>> = rows.into_iter().map(|row| self.volume(row)).collect();
        Ok(Found::Volumes(views?))
    }

    fn patient(&mut self, code: &PatientCode) -> Res<Found> {
        let (patients, mut casenotes) = under(self.conn, code)?;
        let known = !patients.is_empty();
        for patient in patients {
            casenotes.extend(find::casenotes_of(self.conn, patient)?);
        }
        casenotes.sort_unstable();
        casenotes.dedup();
        let mut rows = Vec::new();
        for casenote in casenotes {
            rows.extend(find::volumes_of_casenote(self.conn, casenote.key())?);
        }
        if rows.is_empty() && known {
            return Ok(Found::Volumes(Vec::new()));
        }
        self.found(rows, false)
    }

    fn question(&mut self, id: QuestionId) -> Res<Option<QuestionView>> {
        let Some(row) = super::questions::raised(self.conn, id)? else { return Ok(None) };
        let volume = match row.volume {
            Some(volume) => find::volume_by_key(self.conn, volume)?,
            None => None,
        };
        Ok(Some(QuestionView {
            id,
            kind: row.kind,
            is_open: row.is_open,
            volume: volume.map(|volume| self.volume(volume)).transpose()?,
            containers: row.containers,
        }))
    }

    fn listed(&mut self, volumes: &[VolumeId]) -> Res<Vec<VolumeView>> {
        let mut found = Vec::with_capacity(volumes.len());
        for volume in volumes {
            if let Some(row) = find::volume_by_key(self.conn, *volume)? {
                found.push(self.volume(row)?);
            }
        }
        Ok(found)
    }

    fn volume(&mut self, row: VolumeRow) -> Res<VolumeView> {
        let siblings = find::siblings(self.conn, &row)?;
        let present = find::seen_through(self.conn, row.standing.present)?;
        let hold = find::hold_reason(self.conn, row.hold)?;
        let is_gone = matches!(present.state, State::Gone(_));
        let gone_asked = is_gone && is_asked(self.conn, row.brief.id, QuestionKind::GoneButSeen)?;
        self.remember(Subject::Volume(row.brief.id), row.standing);
        let temporary = |kind| kind == VolumeKind::Temporary;
        let stands_in =
            temporary(row.brief.kind) || siblings.iter().any(|sibling| temporary(sibling.brief.kind));
        let combines = if stands_in { combines::of(self.conn, row.brief.id)? } else { Vec::new() };
        Ok(VolumeView {
            patient: row.patient.map(PatientId::new),
            search: searches::wanted(self.conn, row.brief.id)?,
            combines,
            brief: row.brief,
            home: row.home,
            hold,
            restricted: row.restricted,
            present,
            newest: row.standing.newest,
            siblings,
            gone_asked,
            unproven: None,
        })
    }

    fn remember(&mut self, subject: Subject, standing: Standing) {
        self.standings.push((subject_key(subject), standing));
    }

    fn container(&mut self, id: PlaceId) -> Res<ContainerView> {
        let standing = find::standing_of(self.conn, Subject::Container(id))?;
        self.remember(Subject::Container(id), standing);
        let inside = find::carriers(self.conn, &standing.present)?;
        Ok(ContainerView {
            id,
            present: standing.present,
            inside: inside.into_iter().map(|carrier| carrier.container).collect(),
            levels: levels(self.conn, id)?,
            holds: find::count_inside(self.conn, id)?,
        })
    }

    fn undo(&mut self, target: UndoTarget) -> Res<UndoView> {
        let mut subjects: Vec<UndoneSubject> = Vec::new();
        let mut scans: Vec<i64> = Vec::new();
        for told in movements_of(self.conn, target)? {
            let movement = &told.movement;
            if !movement.is_undone_by(target) || fold::is_taken_back(self.conn, movement)? {
                continue;
            }
            let scan = scan_of(told.key);
            if !scans.contains(&scan) {
                scans.push(scan);
            }
            if !subjects.iter().any(|subject| subject.subject == movement.subject) {
                subjects.push(self.undone_subject(movement, target)?);
            }
        }
        let (mut turned_up, mut combines) = (Vec::new(), Vec::new());
        for scan in scans {
            turned_up.extend(searches::turned_up_by(self.conn, scan)?);
            combines.extend(combines::of_scan(self.conn, scan)?);
        }
        Ok(UndoView { target, subjects, turned_up, combines })
    }

    fn undone_subject(&mut self, movement: &Movement, target: UndoTarget) -> Res<UndoneSubject> {
        let subject = movement.subject;
        let now = fold::fold(self.conn, subject, None)?;
        let without = fold::fold(self.conn, subject, Some(target))?;
        let (brief, stopped) = match subject {
            Subject::Volume(volume) => self.names(volume)?,
            Subject::Container(_) => (None, false),
        };
        let decided = now.movement != without.movement;
        let stands = find::seen_through(self.conn, without.present)?;
        self.remember(subject, find::standing_of(self.conn, subject)?);
        Ok(UndoneSubject { subject, brief, stands, decided, stopped })
    }

    fn names(&self, volume: VolumeId) -> Res<(Option<VolumeBrief>, bool)> {
        let row = find::volume_by_key(self.conn, volume)?;
        let stopped = row.as_ref().is_some_and(|row| row.hold.is_some() || row.restricted);
        Ok((row.map(|row| row.brief), stopped))
    }
}

/// The patients and the casenotes under a patient's number.
pub fn under(conn: &Connection, code: &PatientCode) -> Res<(Vec<i64>, Vec<CasenoteId>)> {
    let (number, site) = match code {
        PatientCode::Nhs(nhs) => return Ok((find::patients_by_nhs(conn, *nhs)?, Vec::new())),
        PatientCode::Number(number) => (number, None),
        PatientCode::Issued { site, number } => (number, Some(site)),
    };
    Ok((find::patients(conn, number, site)?, find::casenotes(conn, number, site)?))
}

/// Whether a question of this kind is open about a volume.
fn is_asked(conn: &Connection, volume: VolumeId, kind: QuestionKind) -> Res<bool> {
    let kind = super::codec::number_in(&QuestionKind::ALL, &kind);
    let params = named_params! {":volume": volume.key(), ":kind": kind};
    Ok(find::one(conn, ASKED, params, |_| Ok(()))?.is_some())
}

/// How many levels of containers are in a container.
fn levels(conn: &Connection, container: PlaceId) -> Res<usize> {
    let mut level = vec![container];
    for depth in 0..=MAX_NESTING {
        let mut next = Vec::new();
        for container in &level {
            let inside = find::inside(conn, *container)?.into_iter().map(subject_of);
            next.extend(inside.filter_map(|subject| match subject {
                Subject::Container(inner) => Some(inner),
                Subject::Volume(_) => None,
            }));
        }
        if next.is_empty() {
            return Ok(depth);
        }
        level = next;
    }
    Ok(MAX_NESTING)
}

/// The key of a scan, and its batch.
pub fn scan_key(conn: &Connection, id: Uuid) -> Res<Option<(i64, Option<i64>)>> {
    find::one(conn, SCAN_KEY, named_params! {":id": id.as_bytes()}, |row: &Row<'_>| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// The key of a batch whose first scan was not known when it was first heard of.
pub fn unknown_batch(conn: &Connection, id: Uuid) -> Res<Option<i64>> {
    find::one(conn, UNKNOWN_BATCH, named_params! {":id": id.as_bytes()}, |row| Ok(row.get(0)?))
}

/// The key by which a batch stands in scans.
pub fn batch_key(conn: &Connection, id: Uuid) -> Res<Option<i64>> {
    if let Some(key) = unknown_batch(conn, id)? {
        return Ok(Some(-key));
    }
    Ok(scan_key(conn, id)?.map(|(key, _)| key))
}

/// The movements of one scan.
pub fn movements_of_scan(conn: &Connection, scan: i64) -> Res<Vec<Told>> {
    let first = super::codec::movement_key(scan, 0);
    let end = super::codec::movement_key(scan.saturating_add(1), 0);
    find::all(conn, MOVEMENTS_OF_SCAN, named_params! {":first": first, ":end": end}, told)
}

fn movements_of(conn: &Connection, target: UndoTarget) -> Res<Vec<Told>> {
    let scans = match target {
        UndoTarget::Scan(id) => scan_key(conn, id.uuid())?.map(|(key, _)| key).into_iter().collect(),
        UndoTarget::Batch(id) => match batch_key(conn, id.uuid())? {
            Some(batch) => scans_of_batch(conn, batch)?,
            None => Vec::new(),
        },
    };
    let mut movements = Vec::new();
    for scan in scans {
        movements.extend(movements_of_scan(conn, scan)?);
    }
    Ok(movements)
}

/// The scans of a batch, oldest first, found along the chain of its desk: no index over all scans is needed.
fn scans_of_batch(conn: &Connection, batch: i64) -> Res<Vec<i64>> {
    let first = if batch > 0 { batch } else { first_of_unknown(conn, -batch)? };
    let newest = find::one(conn, DESK_LAST, named_params! {":scan": first}, |row| Ok(row.get(0)?))?;
    let Some(mut key) = newest else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for _ in 0..MAX_BATCH_WALK {
        let step = find::one(conn, CHAIN, named_params! {":key": key}, |row: &Row<'_>| {
            Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, i64>(1)?))
        })?;
        let Some((of, back)) = step else { break };
        if of == Some(batch) {
            found.push(key);
        }
        if back == 0 || key <= first {
            break;
        }
        key -= back;
    }
    found.reverse();
    Ok(found)
}

fn first_of_unknown(conn: &Connection, batch: i64) -> Res<i64> {
    let first = find::one(conn, FIRST_OF_UNKNOWN, named_params! {":batch": batch}, |row| Ok(row.get(0)?))?;
    Ok(first.unwrap_or(0))
}

/// Where the subject is believed to be, as the history will show it.
pub fn believed(conn: &Connection, standing: &Standing) -> Res<Option<PlaceId>> {
    let present: Present = find::seen_through(conn, standing.present)?;
    Ok(present.place)
}
