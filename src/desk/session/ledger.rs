//! What a session remembers of its folders: the batch, what can be taken back, what lies beside the pile.

use std::collections::{HashMap, VecDeque};

use crate::clock::{MINUTE_US, Timestamp};
use crate::desk::{Aside, Line, MAX_LINES};
use crate::domain::answer::Answer;
use crate::domain::casenote::VolumeBrief;
use crate::domain::command::{MAX_LISTED, VolumeNow};
use crate::domain::movement::UndoTarget;
use crate::domain::refusal::Reason;
use crate::domain::{BatchId, PlaceId, ScanId, StaffId, VolumeId};

/// How long an act may be taken back, from its batch's last scan.
pub const UNDO_US: i64 = 30 * MINUTE_US;
/// Acts remembered to be taken back: a scan every half second for the 30 minutes, with room; older ones are forgotten.
pub const MAX_ACTS: usize = 4_096;
/// Folders remembered as offered a new label: a day of old labels at one scanner; the oldest may be offered again.
pub const MAX_OFFERED: usize = 1_000;
/// Lines beside the pile: more than any desk holds; the oldest leaves when one more comes.
pub const MAX_ASIDE: usize = 200;

/// One folder or container of a batch.
#[derive(Clone, Debug)]
pub struct Member {
    /// The scan that moved it.
    pub scan: ScanId,
    /// Where it was told to go: the shelf or place of its act.
    pub target: Option<PlaceId>,
    /// The volume; none: a container.
    pub volume: Option<VolumeId>,
    /// The container.
    pub container: Option<PlaceId>,
    /// Whether its label was printed again since.
    pub label: MemberLabel,
}

/// Whether a folder of the batch still bears the label that was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MemberLabel {
    /// It does: scanned once more it is *seen again*.
    Read,
    /// A new one was printed: its first scan is a scan like any other, but counts no second folder.
    Printed,
}

/// One person's scans under one act.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Its name.
    pub id: BatchId,
    /// The position of its newest scan.
    pub position: u32,
    /// Folders accepted.
    pub count: u32,
    /// Those accepted, by what was read; [`MAX_LISTED`] at most, later ones are never *seen again*.
    pub members: HashMap<String, Member>,
}

impl Batch {
    /// A batch that begins.
    pub fn new(id: BatchId) -> Self {
        Self { id, position: 0, count: 0, members: HashMap::new() }
    }

    /// Counts one in, but for one that is in it already and has got a new label.
    pub fn add(&mut self, text: String, member: Member) {
        let relabelled =
            |known: &Member| known.label == MemberLabel::Printed && known.target == member.target;
        if !self.members.get(&text).is_some_and(relabelled) {
            self.count = self.count.saturating_add(1);
        }
        if self.members.len() < MAX_LISTED {
            self.members.insert(text, member);
        }
    }

    /// A new label is printed for `volume`.
    pub fn relabel(&mut self, volume: VolumeId) {
        for member in self.members.values_mut().filter(|member| member.volume == Some(volume)) {
            member.label = MemberLabel::Printed;
        }
    }

    fn take_back(&mut self, taken: impl Fn(&Member) -> bool) {
        let before = self.members.len();
        self.members.retain(|_, member| !taken(member));
        let gone = u32::try_from(before - self.members.len()).unwrap_or(u32::MAX);
        self.count = self.count.saturating_sub(gone);
    }
}

/// What an act did, as far as later cards ask.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Did {
    /// It received a folder that may go on.
    Received,
    /// It sent something.
    Sent,
    /// Something else.
    Other,
}

/// A scan that made a movement.
#[derive(Clone, Debug)]
pub struct Act {
    /// The scan.
    pub scan: ScanId,
    /// Its batch.
    pub batch: Option<BatchId>,
    /// Who was signed on.
    pub person: Option<StaffId>,
    /// When.
    pub at: Timestamp,
    /// What it did.
    pub did: Did,
    /// The volume, if it was about one.
    pub volume: Option<VolumeBrief>,
    /// Whether it has been taken back.
    pub undone: bool,
}

impl Act {
    /// Whether `target` names it.
    pub fn is_of(&self, target: UndoTarget) -> bool {
        match target {
            UndoTarget::Scan(scan) => self.scan == scan,
            UndoTarget::Batch(batch) => self.batch == Some(batch),
        }
    }
}

/// One folder beside the pile.
#[derive(Clone, Debug)]
pub struct AsideEntry {
    /// What was read.
    pub text: Option<String>,
    /// The volume, if known.
    pub volume: Option<VolumeId>,
    /// What the page shows.
    pub shown: Aside,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The open batch.
    pub batch: Option<Batch>,
    /// The batch whose folders were received last, and these folders.
    pub received: Option<(BatchId, Vec<VolumeId>)>,
    /// By what labels these folders were read.
    pub labels: HashMap<String, VolumeId>,
    /// The folders of an open list.
    pub list: Vec<VolumeId>,
    /// What can be taken back, oldest first.
    pub acts: VecDeque<Act>,
    /// What lies beside the pile, oldest first.
    pub aside: VecDeque<AsideEntry>,
    /// Folders that a new label was offered for, or printed, oldest first.
    pub offered: VecDeque<VolumeId>,
    /// The running list, newest first.
    pub lines: VecDeque<Line>,
}

impl Ledger {
    /// Writes a line on the running list.
    pub fn line(&mut self, line: Line) {
        self.lines.push_front(line);
        self.lines.truncate(MAX_LINES);
    }

    /// Remembers what can be taken back.
    pub fn act(&mut self, act: Act) {
        if self.acts.len() >= MAX_ACTS {
            self.acts.pop_front();
        }
        self.acts.push_back(act);
    }

    /// Puts a folder beside the pile; the same volume or text takes the place of its earlier line.
    pub fn put_aside(&mut self, entry: AsideEntry) {
        self.bring_back(entry.volume, entry.text.as_deref());
        if self.aside.len() >= MAX_ASIDE {
            self.aside.pop_front();
        }
        self.aside.push_back(entry);
    }

    /// Remembers that a new label was offered for a folder, or printed: it is not offered again.
    pub fn offer(&mut self, volume: VolumeId) {
        if self.offered.contains(&volume) {
            return;
        }
        if self.offered.len() >= MAX_OFFERED {
            self.offered.pop_front();
        }
        self.offered.push_back(volume);
    }

    /// A folder's own next scan: it lies beside the pile no more.
    pub fn bring_back(&mut self, volume: Option<VolumeId>, text: Option<&str>) {
        self.aside.retain(|entry| {
            let same_volume = volume.is_some() && entry.volume == volume;
            let same_text = text.is_some() && entry.text.as_deref() == text;
            !same_volume && !same_text
        });
    }

    /// Remembers a folder as received in `batch`.
    pub fn received(&mut self, batch: BatchId, volume: VolumeId, text: String) {
        if self.received.as_ref().is_none_or(|(known, _)| *known != batch) {
            self.labels.clear();
        }
        if self.labels.len() <= MAX_LISTED {
            self.labels.insert(text, volume);
        }
        match &mut self.received {
            Some((known, volumes)) if *known == batch => {
                if !volumes.contains(&volume) && volumes.len() <= MAX_LISTED {
                    volumes.push(volume);
                }
            }
            received => *received = Some((batch, vec![volume])),
        }
    }

    /// A folder has gone on from here.
    pub fn moved_on(&mut self, volume: VolumeId) {
        if let Some((_, volumes)) = &mut self.received {
            volumes.retain(|received| *received != volume);
        }
    }

    /// Whether a receipt of `volume` in the batch received last stands, once what came after it is taken back.
    fn is_received(&self, volume: VolumeId) -> bool {
        let Some((batch, _)) = &self.received else { return false };
        let of = |act: &&Act| !act.undone && act.volume.as_ref().is_some_and(|brief| brief.id == volume);
        let newest = self.acts.iter().rev().find(of);
        newest.is_some_and(|act| act.did == Did::Received && act.batch == Some(*batch))
    }

    fn still_here(&mut self, volume: VolumeId) {
        if let Some((_, volumes)) = &mut self.received
            && !volumes.contains(&volume)
        {
            volumes.push(volume);
        }
    }

    /// The newest act not yet taken back.
    pub fn newest(&self) -> Option<&Act> {
        self.acts.iter().rev().find(|act| !act.undone)
    }

    /// What one act's taking back would touch, its whole batch if it has one.
    pub fn whole(act: &Act) -> UndoTarget {
        act.batch.map_or(UndoTarget::Scan(act.scan), UndoTarget::Batch)
    }

    /// When the batch of `act` was scanned last.
    pub fn last_of_batch(&self, act: &Act) -> Timestamp {
        let same = |other: &&Act| other.batch.is_some() && other.batch == act.batch;
        self.acts.iter().rev().find(same).map_or(act.at, |last| last.at.max(act.at))
    }

    /// Marks what `target` names as taken back.
    pub fn take_back(&mut self, target: UndoTarget) {
        let mut volumes = Vec::new();
        let mut scans = Vec::new();
        for act in self.acts.iter_mut().filter(|act| act.is_of(target)) {
            act.undone = true;
            scans.push(act.scan);
            volumes.extend(act.volume.as_ref().map(|brief| brief.id));
        }
        for line in self.lines.iter_mut().filter(|line| scans.contains(&line.scan)) {
            line.undone = true;
        }
        if let Some(batch) = &mut self.batch {
            batch.take_back(|member| scans.contains(&member.scan));
        }
        for volume in volumes {
            if self.is_received(volume) {
                self.still_here(volume);
            } else {
                self.moved_on(volume);
            }
        }
    }

    /// Forgets a volume in the batch, because it was moved by another card of the same batch.
    pub fn forget_in_batch(&mut self, volume: VolumeId) {
        if let Some(batch) = &mut self.batch {
            batch.members.retain(|_, member| member.volume != Some(volume));
        }
    }
}

/// Whether `answer` puts a folder beside the pile. A refused card is no folder, and a missing one is not here: nothing
/// lies there for either.
pub fn puts_folder_aside(answer: &Answer) -> bool {
    let missing =
        matches!(answer.reason, Reason::MissingElsewhere | Reason::MissingGone | Reason::MissingCombined);
    answer.signal().puts_aside()
        && !missing
        && (answer.volume.is_some()
            || matches!(
                answer.reason,
                Reason::UnknownLabel
                    | Reason::Unreadable
                    | Reason::Misread
                    | Reason::HalfRead
                    | Reason::TooLong
                    | Reason::JoinedReads
                    | Reason::ProgrammingCode
                    | Reason::ForeignKeyboard
                    | Reason::UnknownGs1
                    | Reason::ActEnded
                    | Reason::FilingEnded
                    | Reason::PackingEnded
                    | Reason::SweepStopped
                    | Reason::SweepPlaceFirst
                    | Reason::WhichVolume
                    | Reason::ContainerReceivedFor
                    | Reason::InsideItself
                    | Reason::TooDeep
                    | Reason::RightCardFirst
                    | Reason::NotAShelfHere
            ))
}

/// The last four characters of a volume's number or of what was read.
pub fn last_four(volume: Option<&VolumeBrief>, text: &str) -> String {
    let whole = volume.map_or(text, |brief| brief.number.as_str());
    let from = whole.chars().count().saturating_sub(4);
    whole.chars().skip(from).collect()
}

/// The volume of `volumes` that `answer` speaks of.
pub fn spoken_of<'a>(answer: &Answer, volumes: &'a [VolumeNow]) -> Option<&'a VolumeNow> {
    volumes.iter().find(|volume| Some(volume.brief.id) == answer.volume)
}
