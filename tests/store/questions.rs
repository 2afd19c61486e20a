//! What a librarian settles, over a real store: which of two places, gone but seen, unknown labels with their kept
//! scans. After each the log and the projection agree.

use crate::common;

use std::time::Duration;

use casetrack::clock::{Clock, DAY_US, MINUTE_US, ManualClock, Timestamp};
use casetrack::domain::answer::Answer;
use casetrack::domain::barcode::{OwnBarcode, OwnKind};
use casetrack::domain::command::{Act, Consent, Moment, Naming, NotRecorded, Novelty, Thing};
use casetrack::domain::import::{Piece, VolumeRow};
use casetrack::domain::kept;
use casetrack::domain::movement::GoneWhy;
use casetrack::domain::question::{Asked, QuestionKind, QuestionName, Verdict};
use casetrack::domain::refusal::Reason;
use casetrack::domain::whereabouts::either;
use casetrack::domain::{QuestionId, ScanId, VolumeId};
use casetrack::jobs::redacting::Redacting;
use casetrack::store::asked::{About, LIES_AT_LEAST, Label, Question};
use casetrack::store::overview::MAX_REFUSED;
use casetrack::store::story::{self, Hospital, MORNING, code, label};
use casetrack::store::{Bounded, Page, Store, verify};
use common::{Folder, options, trust};

struct Day {
    folder: Folder,
    clock: Clock,
    hospital: Hospital,
}

impl Day {
    async fn begin() -> Self {
        let (clock, hands) = Clock::manual(MORNING);
        Self::with(clock, hands).await
    }

    async fn with(clock: Clock, hands: ManualClock) -> Self {
        let folder = Folder::new();
        let store = Store::open(options(&folder, clock.clone())).unwrap();
        let hospital = Hospital::open(store, trust(), clock.clone(), hands).await;
        Self { folder, clock, hospital }
    }

    async fn restart(&mut self) {
        self.hospital.store.clone().stop().await;
        self.hospital.store = Store::open(options(&self.folder, self.clock.clone())).unwrap();
    }

    async fn end(self) {
        self.hospital.store.stop().await;
        let report = verify(&self.folder.0).unwrap();
        assert!(report.is_sound(), "{report:?}");
    }

    async fn list(&self, after: Option<String>, limit: usize) -> (Vec<Question>, Option<String>) {
        let page = Page { after, limit };
        let listing = self.hospital.store.questions(&trust(), page).await.unwrap();
        (listing.items, listing.next)
    }

    /// The list in a few words.
    async fn told(&self) -> Vec<String> {
        self.list(None, 200).await.0.iter().map(words).collect()
    }

    async fn named(&self, name: &str) -> Question {
        self.hospital.store.question(&trust(), &name.parse().unwrap()).await.unwrap().unwrap()
    }

    async fn id(&self, folder: &str) -> VolumeId {
        self.hospital.folder(folder).await.brief.id
    }

    async fn raised(&self) -> (QuestionId, String) {
        let (items, _) = self.list(None, 200).await;
        let names = items.iter().filter_map(|item| match item {
            Question::Raised(raised) => Some(raised.name()),
            Question::Order(_) | Question::Label(_) => None,
        });
        let names: Vec<_> = names.collect();
        let [QuestionName::Raised { question, .. }] = names.as_slice() else { panic!("{names:?}") };
        (*question, names.first().unwrap().to_string())
    }

    async fn assign(&mut self, of: ScanId, folder: &str, kept: &[ScanId]) -> Answer {
        let folder = self.id(folder).await;
        self.hospital.settle(Act::AssignLabel { of, folder, kept: kept.to_vec() }).await.answer
    }

    async fn contest(&mut self, folder: &str) {
        self.hospital.receive("CL5", folder).await;
        self.hospital.pass(Duration::from_mins(5));
        self.hospital.unsure_by(20 * MINUTE_US);
        let act = Act::Receive(label(folder));
        self.hospital.late("HUB", folder, act, Duration::from_mins(1)).await;
        self.hospital.unsure_by(0);
    }
}

fn words(item: &Question) -> String {
    match item {
        Question::Order(order) => match &order.about {
            About::Volume(record) => format!("order {} {}", record.brief.barcode, order.sightings.len()),
            About::Container(_) => "order container".to_owned(),
        },
        Question::Raised(raised) => format!("{:?}", raised.kind),
        Question::Label(label) => format!("label {} {}", label.text, label.count.count),
    }
}

fn the_label(question: Question) -> Label {
    let Question::Label(label) = question else { panic!("no label: {question:?}") };
    label
}

#[tokio::test]
async fn what_waits_is_counted_questions_and_refused_scans_apart() {
    let mut day = Day::begin().await;
    let counted = async |day: &Day| {
        let store = &day.hospital.store;
        (store.open_questions(&trust()).await.unwrap(), store.refused_scans(&trust()).await.unwrap())
    };
    assert_eq!(counted(&day).await, (0, Bounded::default()));
    day.contest("F1").await;
    assert_eq!(counted(&day).await, (1, Bounded::default()));
    for at in 0..=MAX_REFUSED {
        let refused = day.hospital.receive("HUB", &format!("OLD {}", at % 7)).await;
        assert_eq!(refused.answer.reason, Reason::UnknownLabel);
        assert_eq!(
            counted(&day).await,
            (1, Bounded { count: MAX_REFUSED.min(at + 1), more: at == MAX_REFUSED })
        );
    }
    let at = Verdict::At(day.hospital.place("CL5"));
    day.hospital.settle(Act::Settle { question: Asked::Order(label("F1")), verdict: at }).await;
    assert_eq!(counted(&day).await, (0, Bounded { count: MAX_REFUSED, more: true }));
    day.end().await;
}

#[tokio::test]
async fn one_of_two_places_is_settled_once_and_stays_settled() {
    let mut day = Day::begin().await;
    day.contest("F1").await;
    assert_eq!(day.hospital.tell("F1").await, "at HUB or CL5");
    assert_eq!(day.told().await, ["order F1 2"]);
    let settle = |verdict| Act::Settle { question: Asked::Order(label("F1")), verdict };
    let elsewhere = settle(Verdict::At(day.hospital.place("LIB")));
    assert_eq!(day.hospital.settle(elsewhere).await.answer.reason, Reason::QuestionChanged);
    assert_eq!(day.hospital.tell("F1").await, "at HUB or CL5");
    let at = Verdict::At(day.hospital.place("CL5"));
    // One minute later: well inside the interval of the desk whose clock is unsure.
    assert_eq!(day.hospital.settle(settle(at)).await.answer.reason, Reason::SettledAt);
    assert_eq!(
        day.hospital.tell("F1").await,
        "at CL5 unconfirmed",
        "a librarian said so, and nobody scanned it"
    );
    assert_eq!(day.told().await, [""; 0]);
    let record = day.hospital.folder("F1").await;
    assert_eq!(record.by, day.hospital.person("LIBRARIAN3"));
    day.restart().await;
    assert_eq!(day.hospital.settle(settle(at)).await.answer.reason, Reason::QuestionOver);
    assert_eq!(day.hospital.history("F1").await, "answered arrived arrived");
    day.contest("F2").await;
    day.hospital.pass(Duration::from_hours(1));
    day.hospital.receive("LIB", "F2").await;
    let not_known = Act::Settle { question: Asked::Order(label("F2")), verdict: Verdict::NotKnown };
    let moved_on = day.hospital.settle(not_known.clone()).await;
    assert_eq!((moved_on.answer.reason, moved_on.movements.len()), (Reason::QuestionOver, 0));
    day.contest("F2").await;
    assert_eq!(day.hospital.settle(not_known).await.answer.reason, Reason::SettledNotKnown);
    assert_eq!(day.hospital.tell("F2").await, "not-yet-seen");
    day.end().await;
}

#[tokio::test]
async fn a_crate_at_one_of_two_places_is_settled_with_what_is_in_it() {
    let mut day = Day::begin().await;
    day.hospital.pack("LIB", "F1", "K12").await;
    let crate_ = Thing::Container(day.hospital.place("K12"));
    day.hospital.scan("CL5", "K12", Act::Receive(crate_.clone())).await;
    day.hospital.unsure_by(20 * MINUTE_US);
    day.hospital.late("HUB", "K12", Act::Receive(crate_.clone()), Duration::from_secs(20)).await;
    day.hospital.unsure_by(0);
    assert_eq!(day.told().await, ["order container"]);
    let Question::Order(order) = day.named("order:F1").await else { panic!("no order") };
    assert_eq!(
        order.about,
        About::Container(day.hospital.place("K12")),
        "the crate is in doubt, not the folder"
    );
    let verdict = Verdict::At(day.hospital.place("HUB"));
    day.hospital.settle(Act::Settle { question: Asked::Order(crate_), verdict }).await;
    assert_eq!(day.hospital.tell("F1").await, "in-container HUB in K12");
    assert_eq!(day.told().await, [""; 0]);
    day.end().await;
}

#[tokio::test]
async fn a_folder_recorded_as_destroyed_but_scanned_is_live_again_or_stays_gone() {
    let mut day = Day::begin().await;
    let gone = |n: u32| VolumeRow { gone: Some(GoneWhy::Destroyed), ..story::folder(n) };
    day.hospital.import(Piece::Volumes(vec![gone(1), gone(2)])).await;
    for (folder, verdict, stands) in [
        ("F1", Verdict::At(day.hospital.place("LIB")), "at LIB unconfirmed"),
        ("F2", Verdict::Gone, "gone CL5"),
    ] {
        day.hospital.receive("CL5", folder).await;
        assert_eq!(day.told().await, ["GoneButSeen"]);
        let (id, name) = day.raised().await;
        let settle = Act::Settle { question: Asked::Raised(id), verdict };
        let unfit = Act::Settle { question: Asked::Raised(id), verdict: Verdict::Allowed };
        assert_eq!(day.hospital.settle(unfit).await.answer.reason, Reason::QuestionChanged);
        day.hospital.settle(settle.clone()).await;
        assert_eq!(day.hospital.tell(folder).await, stands);
        assert_eq!(day.told().await, [""; 0]);
        assert_eq!(day.hospital.settle(settle).await.answer.reason, Reason::QuestionOver);
        let Question::Raised(raised) = day.named(&name).await else { panic!("no question") };
        assert!(!raised.is_open);
        assert_eq!(day.hospital.folder(folder).await.question, None);
    }
    assert_eq!(day.hospital.history("F2").await, "seen gone");
    day.hospital.receive("HUB", "F1").await;
    assert_eq!(day.hospital.tell("F1").await, "at HUB");
    day.end().await;
}

#[tokio::test]
async fn a_gone_folder_that_was_scanned_twice_is_offered_where_it_was_scanned_last() {
    let mut day = Day::begin().await;
    let gone = VolumeRow { gone: Some(GoneWhy::Destroyed), ..story::folder(1) };
    day.hospital.import(Piece::Volumes(vec![gone])).await;
    for (at, last) in [("CL5", None), ("HUB", Some("HUB")), ("LIB", Some("LIB"))] {
        day.hospital.receive(at, "F1").await;
        let (_, name) = day.raised().await;
        let Question::Raised(raised) = day.named(&name).await else { panic!("no question") };
        assert_eq!(raised.sighting.place, Some(day.hospital.place("CL5")));
        assert_eq!(
            raised.seen_since.and_then(|seen| seen.place),
            last.map(|place| day.hospital.place(place))
        );
    }
    day.end().await;
}

#[tokio::test]
async fn a_packed_folder_at_one_of_two_places_is_where_its_crate_went_or_at_the_other() {
    let mut day = Day::begin().await;
    day.hospital.receive("HUB", "F1").await;
    day.hospital.pass(Duration::from_mins(2));
    let mut between = day.hospital.command("CL5", "F1", Act::Receive(label("F1")));
    day.hospital.pass(Duration::from_mins(5));
    day.hospital.unsure_by(20 * MINUTE_US);
    let container = day.hospital.place("K12");
    let act = Act::Pack { thing: label("F1"), container, consent: Consent::Unasked };
    day.hospital.late("HUB", "F1", act, Duration::from_mins(1)).await;
    day.hospital.unsure_by(0);
    between.moment = Moment::Past;
    day.hospital.submit(between).await.unwrap();
    day.hospital.scan("LIB", "K12", Act::Receive(Thing::Container(container))).await;
    assert_eq!(day.hospital.tell("F1").await, "in-container LIB in K12 or CL5");
    let Question::Order(order) = day.named("order:F1").await else { panic!("no order") };
    let (crate_at, _) = either(&order.present).unwrap();
    assert_eq!(crate_at, day.hospital.place("LIB"));
    let settle = Act::Settle { question: Asked::Order(label("F1")), verdict: Verdict::At(crate_at) };
    assert_eq!(day.hospital.settle(settle).await.answer.reason, Reason::SettledAt);
    day.end().await;
}

#[tokio::test]
async fn a_loop_of_crates_is_settled_by_saying_where_one_of_them_is() {
    let mut day = Day::begin().await;
    day.hospital.pass(Duration::from_hours(1));
    let (crate_, trolley) = (day.hospital.place("K12"), day.hospital.place("TROLLEY"));
    for (inner, container, ago) in [(crate_, trolley, 30), (trolley, crate_, 20)] {
        let act = Act::Pack { thing: Thing::Container(inner), container, consent: Consent::Unasked };
        day.hospital.late("HUB", "K12", act, Duration::from_mins(ago)).await;
    }
    assert_eq!(day.told().await, ["ContainerLoop"]);
    let (id, _) = day.raised().await;
    let at = day.hospital.place("LIB");
    let verdict = Verdict::ContainerAt { container: trolley, at };
    let settled = day.hospital.settle(Act::Settle { question: Asked::Raised(id), verdict }).await;
    assert_eq!((settled.answer.reason, settled.movements.len()), (Reason::SettledAt, 1));
    assert_eq!(day.told().await, [""; 0]);
    day.end().await;
}

#[tokio::test]
async fn nobody_but_a_librarian_or_a_manager_settles_anything() {
    let mut day = Day::begin().await;
    day.contest("F1").await;
    let verdict = Verdict::At(day.hospital.place("CL5"));
    let act = Act::Settle { question: Asked::Order(label("F1")), verdict };
    for (badge, reason) in [("BADGE7", Reason::NotALibrarian), ("NOBODY", Reason::BadgeUnknown)] {
        let command = day.hospital.on_a_page(badge, act.clone());
        let outcome = day.hospital.submit(command).await.unwrap();
        assert_eq!(outcome.answer.reason, reason);
        assert_eq!(day.hospital.tell("F1").await, "at HUB or CL5");
    }
    day.end().await;
}

#[tokio::test]
async fn kept_scans_of_a_label_become_movements_at_their_own_time_and_only_once() {
    let mut day = Day::begin().await;
    let early = day.hospital.receive("HUB", "OLD 77").await.scan;
    day.hospital.receive("LIB", "F1").await;
    let late = day.hospital.receive("CL5", "OLD 77").await.scan;
    let other = day.hospital.receive("CL5", "OLD 78").await.scan;
    assert_eq!(day.told().await, ["label OLD 77 2", "label OLD 78 1"]);
    let label = the_label(day.named(&format!("label:{early}")).await);
    assert_eq!(label.sightings.iter().map(|s| s.scan).collect::<Vec<_>>(), [late, early]);
    assert_eq!(label.sightings.first().unwrap().place, Some(day.hospital.place("CL5")));
    let answer = day.assign(early, "F1", &[early, late, other]).await;
    assert_eq!((answer.reason, answer.count), (Reason::LabelAssigned, 2), "another label's scan is not its");
    assert_eq!(day.hospital.tell("F1").await, "at CL5");
    assert_eq!(day.hospital.history("F1").await, "arrived arrived arrived");
    assert_eq!(day.told().await, ["label OLD 78 1"]);
    let record = day.hospital.store.scan(&trust(), kept::again(early)).await.unwrap().unwrap();
    assert_eq!((record.desk, record.text.as_deref()), (code("HUB-1"), Some("OLD 77")));
    day.restart().await;
    assert_eq!(day.assign(early, "F1", &[early, late]).await.reason, Reason::QuestionOver);
    assert_eq!(day.assign(early, "F2", &[early, late]).await.reason, Reason::LabelTaken);
    assert_eq!(day.hospital.history("F1").await, "arrived arrived arrived");
    let session = day.hospital.store.session(&trust(), &code("CL5-1"), "front").await.unwrap();
    assert!(session.iter().all(|scan| scan.id != kept::again(late)), "no scanner goes on from a kept scan");
    day.end().await;
}

#[tokio::test]
async fn a_kept_scan_older_than_later_movements_does_not_move_the_folder() {
    let mut day = Day::begin().await;
    let kept = day.hospital.receive("HUB", "OLD 77").await.scan;
    day.hospital.receive("LIB", "F1").await;
    day.hospital.send("LIB", "F1", "CL5").await;
    let before = day.hospital.folder("F1").await.present;
    day.assign(kept, "F1", &[kept]).await;
    assert_eq!(day.hospital.folder("F1").await.present, before);
    assert_eq!(day.hospital.history("F1").await, "sent arrived arrived");
    day.end().await;
}

/// Whether a text stands anywhere in the files of a data folder.
fn stands(folder: &Folder, text: &str) -> bool {
    let files = std::fs::read_dir(&folder.0).unwrap().map(|file| file.unwrap().path());
    let mut files = files.filter(|file| file.is_file()).map(|file| std::fs::read(file).unwrap());
    files.any(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
}

#[tokio::test]
async fn a_refused_text_is_emptied_ninety_days_after_it_was_settled_and_no_sooner() {
    let mut day = Day::begin().await;
    let settled = day.hospital.receive("HUB", "ZZYZX 4711").await.scan;
    let open = day.hospital.receive("HUB", "ZZYZX 0815").await.scan;
    day.hospital.settle(Act::SetAside { of: settled }).await;
    let redacting = Redacting { store: day.hospital.store.clone(), trust: trust(), clock: day.clock.clone() };
    let after = |days| MORNING.plus_micros(days * DAY_US);
    assert_eq!(redacting.once(after(89)).await.unwrap(), 0);
    assert_eq!(redacting.once(after(91)).await.unwrap(), 1);
    assert_eq!(redacting.once(after(9_999)).await.unwrap(), 0, "what nobody has settled stays");
    assert_eq!(the_label(day.named(&format!("label:{settled}")).await).text, "");
    assert_eq!(the_label(day.named(&format!("label:{open}")).await).text, "ZZYZX 0815");
    let folder = day.folder;
    day.hospital.store.stop().await;
    let report = verify(&folder.0).unwrap();
    assert!(report.is_sound(), "the digest in the log stays: {report:?}");
    assert_eq!((report.texts, report.redacted), (2, 1));
    assert!(stands(&folder, "ZZYZX 0815"));
    assert!(!stands(&folder, "ZZYZX 4711"), "a redacted text is gone from the file, too");
}

#[tokio::test]
async fn scans_that_are_not_ticked_stay_kept_and_can_be_given_later_or_set_aside() {
    let mut day = Day::begin().await;
    let one = day.hospital.receive("HUB", "OLD 77").await.scan;
    let other = day.hospital.receive("CL5", "OLD 77").await.scan;
    assert_eq!(day.assign(one, "F1", &[one]).await.count, 1);
    assert_eq!(day.told().await, ["label OLD 77 1"]);
    let label = the_label(day.named(&format!("label:{other}")).await);
    assert_eq!(label.known.map(|known| known.brief.id), Some(day.id("F1").await));
    assert_eq!(day.assign(other, "F1", &[other]).await.reason, Reason::KeptPlaced);
    let rubbish = day.hospital.receive("HUB", "CRISPS").await.scan;
    day.hospital.receive("CL5", "CRISPS").await;
    let aside = day.hospital.settle(Act::SetAside { of: rubbish }).await;
    assert_eq!(aside.answer.reason, Reason::LabelSetAside);
    assert_eq!(day.told().await, [""; 0]);
    let again = day.hospital.settle(Act::SetAside { of: rubbish }).await;
    assert_eq!(again.answer.reason, Reason::QuestionOver);
    day.hospital.receive("HUB", "CRISPS").await;
    assert_eq!(day.told().await, ["label CRISPS 1"], "it is asked anew when it is scanned anew");
    day.end().await;
}

#[tokio::test]
async fn two_librarians_at_once_and_one_who_presses_twice_make_nothing_twice() {
    let mut day = Day::begin().await;
    let kept = day.hospital.receive("HUB", "OLD 77").await.scan;
    let folder = day.id("F1").await;
    let act = Act::AssignLabel { of: kept, folder, kept: vec![kept] };
    let commands: Vec<_> = (0..4).map(|_| day.hospital.on_a_page("LIBRARIAN3", act.clone())).collect();
    let twice = commands.first().unwrap().clone();
    let all = commands.into_iter().map(|command| day.hospital.submit(command));
    let outcomes = futures_util::future::join_all(all).await;
    let reasons: Vec<_> = outcomes.into_iter().map(|outcome| outcome.unwrap().answer.reason).collect();
    let new = reasons.iter().filter(|reason| **reason == Reason::LabelAssigned).count();
    let over = reasons.iter().filter(|reason| **reason == Reason::QuestionOver).count();
    assert_eq!((new, over), (1, 3), "{reasons:?}");
    let again = day.hospital.submit(twice.clone()).await.unwrap();
    assert_eq!(again.novelty, Novelty::Known);
    let mut other = twice;
    "another answer".clone_into(&mut other.scan.text);
    assert_eq!(day.hospital.submit(other).await.err(), Some(NotRecorded::OtherText));
    assert_eq!(day.hospital.history("F1").await, "arrived");
    day.end().await;
}

#[tokio::test]
async fn a_text_that_means_something_else_is_never_made_a_folders_label() {
    let mut day = Day::begin().await;
    let place = OwnBarcode::new(OwnKind::Place, 99).to_string();
    let folder = OwnBarcode::new(OwnKind::Volume, 999).to_string();
    for (text, reason) in [
        (place.as_str(), Reason::LabelIsOurs),
        (folder.as_str(), Reason::LabelIsOurs),
        ("LIB", Reason::LabelIsPlace),
        ("BADGE7", Reason::LabelIsBadge),
        ("C0184", Reason::LabelIsCard),
        ("V000001299", Reason::LabelIsMisread),
    ] {
        let mut command = day.hospital.command("HUB", text, Act::Tell(Answer::new(Reason::UnknownLabel)));
        command.scan.naming = Naming::Aside;
        let kept = day.hospital.submit(command).await.unwrap().scan;
        let answer = day.assign(kept, "F1", &[kept]).await;
        assert_eq!(answer.reason, reason, "{text}");
        assert_eq!(day.hospital.tell("F1").await, "not-yet-seen");
    }
    assert_eq!(day.told().await.len(), 6);
    day.end().await;
}

#[tokio::test]
async fn an_unknown_label_that_an_import_makes_known_offers_its_kept_scans() {
    let mut day = Day::begin().await;
    let kept = day.hospital.receive("HUB", "F10").await.scan;
    day.hospital.import(Piece::Volumes(vec![story::folder(10)])).await;
    let label = the_label(day.named(&format!("label:{kept}")).await);
    assert_eq!(label.known.unwrap().brief.id, day.id("F10").await);
    assert_eq!(day.assign(kept, "F10", &[kept]).await.reason, Reason::KeptPlaced);
    assert_eq!(day.hospital.tell("F10").await, "at HUB");
    day.end().await;
}

#[tokio::test]
async fn a_late_scan_of_an_unknown_label_is_asked_once_and_settled_with_its_label() {
    let mut day = Day::begin().await;
    day.hospital.pass(Duration::from_hours(1));
    let act = Act::Receive(label("OLD 77"));
    let late = day.hospital.late("HUB", "OLD 77", act, Duration::from_mins(30)).await.scan;
    assert_eq!(day.told().await, ["label OLD 77 1"]);
    let label = the_label(day.named(&format!("{late}-q1")).await);
    assert_eq!(label.newest, late);
    day.assign(late, "F1", &[late]).await;
    assert_eq!(day.told().await, [""; 0]);
    assert_eq!(day.hospital.tell("F1").await, "at HUB");
    let since = day.hospital.folder("F1").await.present.since.unwrap();
    assert!(since < MORNING.plus_micros(45 * MINUTE_US), "it happened then, not now: {since}");
    day.end().await;
}

/// Folders with a label that is known and folders with the same scans under a label that is not are in the same place
/// once the label is known.
#[tokio::test]
async fn a_label_known_late_gives_the_present_that_it_would_have_given_at_once() {
    for seed in 1u64..=12 {
        let mut presents = Vec::new();
        for spelt in ["F1", "OLD 1"] {
            let mut day = Day::begin().await;
            let mut dice = seed;
            let mut roll = |sides: u64| {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (dice >> 33) % sides
            };
            let mut kept = Vec::new();
            for _ in 0..24 {
                let desk = ["LIB", "HUB", "CL5"][usize::try_from(roll(3)).unwrap()];
                let text = if roll(2) == 0 { spelt } else { "F1" };
                let mut command = day.hospital.command(desk, text, Act::Receive(label(text)));
                day.hospital.pass(Duration::from_secs(30 + roll(90)));
                command.scan.clocks.uncertainty_us = i64::try_from(roll(2)).unwrap() * 40_000_000;
                command.scan.run.incarnation = uuid::Uuid::from_u128(u128::from(roll(3)));
                if roll(3) == 0 {
                    command.moment = Moment::Past;
                    let ago = i64::try_from(roll(600)).unwrap() * 1_000_000;
                    command.scan.clocks.happened = command.scan.clocks.happened.plus_micros(-ago);
                }
                let outcome = day.hospital.submit(command).await.unwrap();
                if outcome.answer.reason == Reason::UnknownLabel {
                    kept.push(outcome.scan);
                }
            }
            if let Some(first) = kept.first() {
                day.assign(*first, "F1", &kept).await;
            }
            presents.push((day.hospital.folder("F1").await.present, day.hospital.history("F1").await));
            day.end().await;
        }
        let [known, late] = presents.as_slice() else { panic!("two") };
        assert_eq!(known, late, "seed {seed}");
    }
}

#[tokio::test]
async fn the_list_is_told_page_by_page_and_nothing_twice() {
    let mut day = Day::begin().await;
    for folder in ["F1", "F2", "F3"] {
        day.contest(folder).await;
    }
    let gone = VolumeRow { gone: Some(GoneWhy::Destroyed), ..story::folder(9) };
    day.hospital.import(Piece::Volumes(vec![gone])).await;
    day.hospital.receive("CL5", "F9").await;
    for label in ["A", "B", "C", "A", "D", "A"] {
        day.hospital.receive("HUB", &format!("OLD {label}")).await;
    }
    let whole = day.told().await;
    assert_eq!(whole.len(), 8);
    assert_eq!(whole.get(3).map(String::as_str), Some("GoneButSeen"));
    for limit in [1, 2, 3, 5] {
        let mut told = Vec::new();
        let mut after = None;
        loop {
            let (items, next) = day.list(after, limit).await;
            assert!(items.len() <= limit);
            told.extend(items.iter().map(words));
            after = next;
            if after.is_none() {
                break;
            }
        }
        let mut sorted = (told.clone(), whole.clone());
        sorted.0.sort();
        sorted.1.sort();
        assert_eq!(sorted.0, sorted.1, "{limit} a page: {told:?}");
    }
    day.end().await;
}

#[tokio::test]
async fn a_scanner_that_often_sends_what_is_no_label_is_named_with_its_desk() {
    let mut day = Day::begin().await;
    let now = |day: &Day| day.clock.now();
    for number in 0..LIES_AT_LEAST {
        let mut command = day.hospital.command("CL5", "V00#", Act::Tell(Answer::new(Reason::Misread)));
        command.scan.naming = Naming::Aside;
        command.scan.scanner = "tty3".to_owned();
        day.hospital.submit(command).await.unwrap();
        let lying = day.hospital.store.lying_scanners(&trust(), now(&day)).await.unwrap();
        assert_eq!(lying.len(), usize::from(number + 1 == LIES_AT_LEAST));
    }
    day.hospital.receive("CL5", "F1").await;
    let lying = day.hospital.store.lying_scanners(&trust(), now(&day)).await.unwrap();
    let worst = lying.first().unwrap();
    assert_eq!((worst.desk.as_str(), worst.scanner.as_str(), worst.bad, worst.all), ("CL5-1", "tty3", 5, 5));
    assert_eq!(day.told().await, [""; 0], "a bad read is no label that a librarian could know");
    day.hospital.pass(Duration::from_hours(8 * 24));
    assert!(day.hospital.store.lying_scanners(&trust(), now(&day)).await.unwrap().is_empty());
    assert!(now(&day) > Timestamp::from_micros(MORNING.micros() + 7 * DAY_US));
    day.end().await;
}

#[test]
fn every_kind_of_question_has_its_words() {
    for kind in QuestionKind::ALL {
        assert!(kind.text().ends_with('?'), "{kind:?}");
    }
}
