//! The writer's double: it decides, and keeps movements and searches in memory.

use super::*;

impl Hospital {
    fn volume(&self, volume: VolumeId) -> VolumeView {
        let folder = self.folders.iter().find(|folder| folder.brief.id == volume).unwrap();
        let others = self.folders.iter().filter(|other| {
            other.brief.casenote == folder.brief.casenote && other.brief.id != folder.brief.id
        });
        let sibling = |other: &Folder| Sibling {
            brief: other.brief.clone(),
            present: self.present_of(Subject::Volume(other.brief.id), &[]),
        };
        VolumeView {
            brief: folder.brief.clone(),
            home: folder.home,
            hold: folder.hold.clone(),
            restricted: folder.restricted,
            present: self.present_of(Subject::Volume(volume), &[]),
            newest: None,
            siblings: others.map(sibling).collect(),
            gone_asked: false,
            unproven: None,
            patient: Some(PatientId::new(1)),
            search: self.book.wanted(volume),
            combines: self.book.combines_of(volume),
        }
    }

    fn container(&self, id: PlaceId) -> ContainerView {
        let inside =
            |folder: &&Folder| self.present_of(Subject::Volume(folder.brief.id), &[]).container == Some(id);
        ContainerView {
            id,
            present: self.present_of(Subject::Container(id), &[]),
            inside: Vec::new(),
            levels: 0,
            holds: u32::try_from(self.folders.iter().filter(inside).count()).unwrap(),
        }
    }

    fn find(&self, thing: &Thing) -> Found {
        match thing {
            Thing::Volume(volume) => Found::Volume(Box::new(self.volume(*volume))),
            Thing::Container(container) => Found::Container(self.container(*container)),
            Thing::Label(code) if code.label.as_str() == "OLD90" => {
                Found::Volumes((91..=93).map(|key| self.volume(VolumeId::new(key))).collect())
            }
            // A rule of the hospital reads the number out of an old label.
            Thing::Label(code) if code.label.as_str() == "OLD5" => {
                Found::Volume(Box::new(self.volume(VolumeId::new(5))))
            }
            Thing::Label(code) => {
                let found = self.folders.iter().find(|folder| folder.brief.barcode == code.label);
                found.map_or(Found::Unknown, |folder| {
                    let unproven = self.unproven.get(&folder.brief.id).copied();
                    Found::Volume(Box::new(VolumeView { unproven, ..self.volume(folder.brief.id) }))
                })
            }
        }
    }

    fn find_patient(&self, patient: &PatientCode) -> Found {
        let numbered = |folder: &&Folder| *patient == PatientCode::Number(folder.brief.number.clone());
        let found = self.folders.iter().find(numbered).filter(|folder| folder.brief.id.key() < 90);
        match found {
            Some(folder) => Found::Volume(Box::new(self.volume(folder.brief.id))),
            None => Found::Volumes((91..=93).map(|key| self.volume(VolumeId::new(key))).collect()),
        }
    }

    /// A cover of a folder has been printed.
    pub fn printed(&mut self, key: i64, unproven: Unproven) {
        self.unproven.insert(VolumeId::new(key), unproven);
    }

    fn load(&self, act: &Act) -> View<'_> {
        let mut view = View {
            directory: &self.directory,
            desk_place: self.setup.desk_place,
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
        match act {
            // No desk settles questions or makes folders up.
            Act::Tell(_)
            | Act::Settle { .. }
            | Act::AssignLabel { .. }
            | Act::SetAside { .. }
            | Act::Pair { .. }
            | Act::Make(_)
            | Act::Look { .. }
            | Act::Declare(_)
            | Act::CloseSearch { .. }
            | Act::ReopenSearch(_)
            | Act::TakeBackLook { .. } => {}
            Act::OpenSearch(missing) => {
                view.found = match &missing.sought {
                    Sought::Thing(thing) => self.find(thing),
                    Sought::Patient(patient) => self.find_patient(patient),
                };
                if let Found::Volume(volume) = &view.found {
                    view.search = volume.search.and_then(|wanted| self.book.search(wanted.search));
                }
            }
            Act::TellWhere { search: Meant::NewestOf(volume), .. } => {
                view.search = self.book.newest_of(*volume);
            }
            Act::TellWhere { search: Meant::Search(search), .. } => view.search = self.book.search(*search),
            Act::Combine { temporary, original: None, .. } => view.found = self.find(temporary),
            Act::Combine { temporary, original: Some(original), .. } => {
                view.found = self.find(original);
                if let Found::Volume(volume) = self.find(temporary) {
                    view.temporary = Some(volume);
                }
            }
            Act::Receive(thing)
            | Act::Send { thing, .. }
            | Act::File { thing, .. }
            | Act::KeepHere { thing, .. }
            | Act::See { thing, .. }
            | Act::Ask(Sought::Thing(thing))
            | Act::Print { sought: Sought::Thing(thing), .. } => view.found = self.find(thing),
            Act::Pack { thing, container, .. } => {
                view.found = self.find(thing);
                view.container = Some(self.container(*container));
            }
            Act::OpenContainer { container, .. } | Act::Empty(container) => {
                view.container = Some(self.container(*container));
            }
            Act::OpenSweep { place, .. } => view.sweep = Some(self.swept(*place)),
            Act::EndSweep(ending) => view.sweep = Some(self.swept(ending.place)),
            Act::SendListed { volumes, .. } => {
                view.listed = volumes.iter().map(|volume| self.volume(*volume)).collect();
            }
            Act::Undo(target) | Act::Resend { target, .. } => view.undo = Some(self.undo(*target)),
            Act::Ask(Sought::Patient(patient)) | Act::Print { sought: Sought::Patient(patient), .. } => {
                view.found = self.find_patient(patient);
            }
        }
        view
    }

    /// A sweep that has seen nothing yet: what it misses is the store's to tell.
    fn swept(&self, place: PlaceId) -> SweepView {
        let shelf = self.directory.place(place).is_some_and(|place| place.kind == PlaceKind::Shelf);
        let swept = Swept {
            place,
            ground: if shelf { Ground::Shelf } else { Ground::Room },
            folders: Vec::new(),
            unknown: 0,
            part: Part::Swept,
            expected: Expected::All,
        };
        SweepView { goes_on: None, swept: Some(swept) }
    }

    fn undo(&self, target: UndoTarget) -> UndoView {
        let undone = |m: &&Movement| m.is_undone_by(target) && !is_undone(m, &self.undone);
        let scans: Vec<_> = self.movements.iter().filter(undone).map(|m| m.id.scan).collect();
        let mut subjects: Vec<Subject> = Vec::new();
        for movement in
            self.movements.iter().filter(|m| m.is_undone_by(target) && !is_undone(m, &self.undone))
        {
            if !subjects.contains(&movement.subject) {
                subjects.push(movement.subject);
            }
        }
        let subject = |subject: &Subject| {
            let mine = self.movements.iter().filter(|m| m.subject == *subject);
            let (newest, _) = newest_two(mine, |m| is_undone(m, &self.undone));
            let volume = match subject {
                Subject::Volume(volume) => Some(self.volume(*volume)),
                Subject::Container(_) => None,
            };
            UndoneSubject {
                subject: *subject,
                brief: volume.as_ref().map(|volume| volume.brief.clone()),
                stands: self.present_of(*subject, &[target]),
                decided: newest.is_some_and(|newest| newest.is_undone_by(target)),
                stopped: volume.is_some_and(|volume| volume.hold.is_some() || volume.restricted),
            }
        };
        UndoView {
            target,
            subjects: subjects.iter().map(subject).collect(),
            turned_up: self.book.turned_up_by(&scans),
            combines: self.book.combined_by(&scans),
        }
    }

    pub fn record(&mut self, command: Command) -> Outcome {
        for change in [&command.session.accepted, &command.session.refused].into_iter().flatten() {
            assert!(change.len() <= MAX_SESSION_CHANGE);
        }
        if let Some(known) = self.known.get(&command.scan.id) {
            return Outcome { novelty: Novelty::Known, ..known.clone() };
        }
        let decision = decide(&self.load(&command.act), &command);
        let mut movements = Vec::new();
        for (index, new) in (0u32..).zip(&decision.movements) {
            let id = MovementId { scan: command.scan.id, index };
            movements.push(id);
            if let crate::domain::movement::Change::Undone(target) = new.change {
                self.undone.push(target);
            }
            self.movements.push(Movement {
                id,
                batch: command.scan.batch,
                subject: new.subject,
                change: new.change,
                how: new.how,
                role: new.role,
                order: Order {
                    happened: command.scan.clocks.happened,
                    desk: command.scan.desk.clone(),
                    incarnation: command.scan.run.incarnation,
                    number: command.scan.number,
                    index,
                },
                uncertainty_us: 0,
            });
        }
        let volumes = decision.volumes.iter().map(|volume| self.now_of(*volume)).collect();
        let siblings = decision.answer.volume.map(|volume| self.volume(volume).siblings).unwrap_or_default();
        let outcome = Outcome {
            scan: command.scan.id,
            novelty: Novelty::New,
            answer: decision.answer,
            movements,
            learned_at: self.now.wall,
            volumes,
            siblings,
            patient: (decision.answer.cover == Cover::Compared).then(john),
        };
        self.book.write(&command, &decision);
        for settled in &decision.settles {
            assert!(matches!(settled, Settles::Covers(volume) if self.unproven.remove(volume).is_some()));
        }
        if let Some(paired) = &decision.pairs {
            for (_, footing) in self.footings.iter_mut().filter(|(name, _)| *name == command.scan.scanner) {
                *footing = Footing::Ours;
            }
            self.paired.push(paired.clone());
        }
        self.jobs.extend(decision.prints.clone());
        self.known.insert(command.scan.id, outcome.clone());
        self.log.push((command, decision));
        outcome
    }
}
