//! The naive model: all movements kept, sorted, and folded from scratch for every question. No index and no
//! cleverness; it shares nothing with the fold of `domain::whereabouts`, which is held against it.

use std::collections::HashSet;

use crate::domain::PlaceId;
use crate::domain::movement::{Change, How, Movement, Role, Subject, UndoTarget};
use crate::domain::whereabouts::{Present, State};

/// All movements that count, in order.
#[derive(Clone, Debug)]
pub struct Model(Vec<Movement>);

impl Model {
    /// Keeps what counts of movements that were learnt in any order, some of them twice.
    pub fn new(learnt: &[Movement]) -> Self {
        let mut log = learnt.to_vec();
        log.sort_by(|a, b| a.order.cmp(&b.order));
        log.dedup();
        let undo = |m: &Movement| if let Change::Undone(target) = m.change { Some(target) } else { None };
        let undone: HashSet<UndoTarget> = log.iter().filter_map(undo).collect();
        let names = |m: &Movement| [Some(UndoTarget::Scan(m.id.scan)), m.batch.map(UndoTarget::Batch)];
        let taken_back = |m: &Movement| names(m).into_iter().flatten().any(|name| undone.contains(&name));
        log.retain(|m| undo(m).is_none() && (m.role == Role::Implied || !taken_back(m)));
        Self(log)
    }

    /// Where the subject is now, read through the containers it is in.
    pub fn present(&self, subject: Subject) -> Present {
        let own = self.stand(subject);
        let mut way: Vec<(PlaceId, Present)> = Vec::new();
        let mut next = own.container;
        while let Some(container) = next.filter(|next| way.iter().all(|(passed, _)| passed != next)) {
            let stand = self.stand(Subject::Container(container));
            next = stand.container;
            way.push((container, stand));
        }
        let Some((_, mut outermost)) = way.last().copied() else { return own };
        if let Some(again) = next {
            // A loop: its newest link does not count, so that container stands where it was packed.
            let ring = way.iter().skip_while(|(container, _)| *container != again);
            let cut = ring.max_by_key(|(container, stand)| (stand.since, *container));
            outermost = cut.map_or(outermost, |(_, stand)| *stand);
        }
        let moved_since = way.iter().any(|(_, stand)| stand.since > own.since);
        let confirmed = own.confirmed && !moved_since;
        let or_at = own.or_at.or(outermost.or_at);
        Present { place: outermost.place, to: outermost.to, confirmed, or_at, ..own }
    }

    /// Where the subject is by its own movements and by the first emptying of what it was packed into.
    fn stand(&self, subject: Subject) -> Present {
        let mut own = self.0.iter().rev().filter(|m| m.subject == subject);
        let Some(newest) = own.next() else { return Present::default() };
        let or_at = own.next().filter(|before| unclear(before, newest)).and_then(|m| m.change.ends_at());
        let packed = Present { or_at, ..alone(newest) };
        let Some(into) = packed.container else { return packed };
        let mut later =
            self.0.iter().filter(|m| m.subject == Subject::Container(into) && m.order > newest.order);
        let emptied =
            |m: &Movement| if let Change::Emptied { at } = m.change { Some((at, m.clone())) } else { None };
        let Some((at, emptying)) = later.find_map(emptied) else { return packed };
        let since = Some(emptying.order.happened);
        let how = Some(How::Carried);
        Present { state: State::At, place: Some(at), since, how, or_at, ..Present::default() }
    }
}

/// Where one movement alone leaves its subject.
fn alone(m: &Movement) -> Present {
    let (state, place, to, confirmed) = match m.change {
        Change::Arrived { at, meant_for } => (State::At, Some(at), meant_for, m.how != How::Imported),
        Change::Sent { from, to } => (State::OnItsWay, Some(from), Some(to), false),
        Change::LeftAt { at } | Change::Emptied { at } => (State::At, Some(at), None, false),
        Change::Filed { shelf: at } | Change::Seen { at } => (State::At, Some(at), None, true),
        Change::Answered { at: Some(at) } => (State::At, Some(at), None, m.how == How::Scanned),
        Change::Packed { at, .. } => (State::InContainer, Some(at), None, true),
        Change::SeenGone { at, why } => (State::Gone(why), Some(at), None, true),
        Change::Gone { at, why } => (State::Gone(why), at, None, true),
        Change::Answered { at: None } | Change::Undone(_) => return Present::default(),
    };
    let container = if let Change::Packed { container, .. } = m.change { Some(container) } else { None };
    let filed = if let Change::Filed { shelf } = m.change { Some(shelf) } else { None };
    let since = Some(m.order.happened);
    Present { state, place, to, container, confirmed, filed, since, how: Some(m.how), or_at: None }
}

/// Whether two neighbours may have happened the other way round, and that would matter.
fn unclear(before: &Movement, newest: &Movement) -> bool {
    let apart = newest.order.happened.micros_since(before.order.happened);
    let width = before.uncertainty_us + newest.uncertainty_us;
    let step = |first: Change, second: Change| match (first, second) {
        (Change::Sent { to, .. }, then) => then.ends_at() == Some(to),
        (was, Change::Sent { from, .. }) => was.ends_at() == Some(from),
        _ => false,
    };
    width > 0
        && apart <= width
        && !matches!(newest.change, Change::Answered { .. })
        && before.order.incarnation != newest.order.incarnation
        && before.change.ends_at() != newest.change.ends_at()
        && !step(before.change, newest.change)
        && !step(newest.change, before.change)
}
