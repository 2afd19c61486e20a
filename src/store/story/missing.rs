//! The part of the story in which folders are missing.

use super::{Hospital, label, must};
use crate::domain::SearchId;
use crate::domain::answer::Ring;
use crate::domain::casenote::VolumeKind;
use crate::domain::command::{Act, Consent, Missing, Sought};
use crate::domain::making::{Making, Numbering, Under};
use crate::domain::movement::UndoTarget;
use crate::domain::refusal::Reason;
use crate::domain::search::{LookResult, Meant, Need, Search, SearchState, Spot};
use crate::store::{Page, Register, SearchFilter};

impl Hospital {
    /// MISSING at the desk of `at`, which waits for the folder.
    pub async fn missing(&mut self, at: &str, folder: &str) -> SearchId {
        let missing = Missing {
            sought: Sought::Thing(label(folder)),
            need: Need { asker: Some(self.place(at)), ..Need::default() },
            looked: None,
            consent: Consent::Given,
        };
        let told = self.scan(at, folder, Act::OpenSearch(Box::new(missing))).await;
        assert!(matches!(told.answer.reason, Reason::SearchOpened | Reason::SearchJoined), "{told:?}");
        let open = must(self.store.open_search_of(&self.trust, self.folder(folder).await.brief.id).await);
        open.map_or_else(|| panic!("no search for {folder}"), |search| search.id)
    }

    /// A search as it stands.
    pub async fn search(&self, search: SearchId) -> Search {
        let found = must(self.store.search_named(&self.trust, search).await);
        found.unwrap_or_else(|| panic!("no search {search}")).search
    }

    /// What somebody says on a page of a search, a minute later.
    async fn says(&mut self, badge: &str, act: Act) -> Reason {
        self.pass(std::time::Duration::from_mins(1));
        let command = self.on_a_page(badge, act);
        must(self.submit(command).await).answer.reason
    }
}

/// A folder is missing: two people look for it, a scan elsewhere rings and ends the search, and somebody says where it was.
pub async fn a_missing_folder_is_searched_for(hospital: &mut Hospital) {
    hospital.receive("CL5", "F3").await;
    let search = hospital.missing("CL5", "F3").await;
    assert_eq!(hospital.missing("HUB", "F3").await, search, "one search of a folder at a time");
    let not_there = |spot| Act::Look { search, spot, result: LookResult::NotThere };
    let ward = Spot::Place(hospital.place("WARD7"));
    assert_eq!(hospital.says("BADGE7", not_there(ward.clone())).await, Reason::NotThereNoted);
    assert_eq!(hospital.says("BADGE7", not_there(ward.clone())).await, Reason::LookKnown, "a second tap");
    assert_eq!(
        hospital.says("LIBRARIAN3", not_there(ward)).await,
        Reason::NotThereNoted,
        "two people looked"
    );
    let told = hospital.search(search).await;
    let at_desks = told.looks.iter().filter(|look| look.from.is_some()).count();
    assert_eq!((told.looks.len(), at_desks, told.needs.len()), (4, 2, 2));
    assert_eq!(told.who_looked().len(), 2);
    let ago = std::time::Duration::from_hours(2);
    hospital.late("HUB", "F3", Act::Receive(label("F3")), ago).await;
    assert_eq!(hospital.search(search).await.state, SearchState::Open, "that was before it was missed");
    let asker = Some(hospital.place("HUB"));
    let shown = hospital.send("LIB", "F3", "HUB").await;
    assert_eq!(shown.answer.beside.ring, Some(Ring::TurnedUp(asker)), "whoever asked last is rung");
    assert_eq!(hospital.search(search).await.state, SearchState::TurnedUp);
    let undone = hospital.undo("LIB", UndoTarget::Scan(shown.scan)).await;
    assert_eq!(undone.answer.beside.ring, Some(Ring::GoesOn));
    assert_eq!(hospital.search(search).await.state, SearchState::Open);
    hospital.receive("LIB", "F3").await;
    let volume = hospital.folder("F3").await.brief.id;
    let told = Act::TellWhere { search: Meant::NewestOf(volume), spot: Spot::OwnSlot, cause: None };
    assert_eq!(hospital.says("BADGE7", told).await, Reason::WhereNoted);
    assert_eq!(hospital.search(search).await.state, SearchState::Found);
    assert_eq!(hospital.folder("F3").await.search, None);
    let again = hospital.receive("CL5", "F3").await;
    assert_eq!(again.answer.beside.ring, None, "nobody searches for it any more");
}

/// Who may say what of a search; and what the register shows.
pub async fn a_search_is_declared_closed_and_opened_anew(hospital: &mut Hospital) {
    hospital.receive("CL5", "F4").await;
    let search = hospital.missing("CL5", "F4").await;
    assert_eq!(hospital.says("BADGE7", Act::Declare(search)).await, Reason::MayNotDeclare);
    assert_eq!(hospital.says("LIBRARIAN3", Act::Declare(search)).await, Reason::MayNotDeclare);
    assert_eq!(hospital.says("MANAGER1", Act::Declare(search)).await, Reason::DeclaredMissing);
    let filter = SearchFilter { register: Register::Wanted, quiet: None };
    let page = || Page { after: None, limit: 1 };
    let wanted = must(hospital.store.searches(&hospital.trust, filter, page()).await).items;
    assert_eq!(wanted.iter().map(|line| line.search.id).collect::<Vec<_>>(), [search]);
    let why = crate::domain::search::ClosedWhy::Mistake;
    assert_eq!(hospital.says("BADGE7", Act::CloseSearch { search, why }).await, Reason::MayNotEndSearch);
    assert_eq!(hospital.says("LIBRARIAN3", Act::CloseSearch { search, why }).await, Reason::SearchClosed);
    let quiet = hospital.receive("CL5", "F4").await;
    assert_eq!(quiet.answer.beside.ring, None);
    assert_eq!(hospital.says("LIBRARIAN3", Act::ReopenSearch(search)).await, Reason::SearchGoesOn);
    assert_eq!(hospital.search(search).await.state, SearchState::Declared);
    let rung = hospital.receive("LIB", "F4").await;
    assert!(matches!(rung.answer.beside.ring, Some(Ring::TurnedUp(_))), "declared missing rings too");
}

/// A temporary folder stands in for a missing one; when both have been scanned, they are combined.
pub async fn a_temporary_folder_stands_in_and_is_combined(hospital: &mut Hospital) {
    hospital.receive("CL5", "F5").await;
    let search = hospital.missing("CL5", "F5").await;
    let casenote = hospital.folder("F5").await.brief.casenote;
    let making =
        Making { under: Under::Casenote(casenote), kind: VolumeKind::Temporary, numbering: Numbering::Ours };
    hospital.pass(std::time::Duration::from_mins(1));
    let command = hospital.on_a_page("BADGE7", Act::Make(Box::new(making)));
    let made = must(hospital.submit(command).await);
    let temporary = made.answer.volume.unwrap_or_else(|| panic!("not made: {made:?}"));
    assert_eq!(hospital.search(search).await.temporaries, [temporary]);
    let barcode = must(hospital.store.volumes(&hospital.trust, &[temporary]).await);
    let barcode = barcode.first().map(|record| record.brief.barcode.to_string()).unwrap_or_default();
    let first = hospital.receive("CL5", &barcode).await;
    assert_eq!(first.answer.beside.together, None);
    let second = hospital.receive("LIB", "F5").await;
    assert!(second.answer.beside.ring.is_some(), "the original was searched for");
    assert_eq!(second.answer.beside.together.map(|together| together.other), Some(temporary));
    let file = |consent| Act::File { thing: label("F5"), shelf: None, consent };
    let stopped = hospital.scan("LIB", "F5", file(Consent::Unasked)).await;
    assert_eq!((stopped.answer.reason, hospital.tell("F5").await.as_str()), (Reason::CombineFirst, "at LIB"));
    let combine =
        Act::Combine { temporary: label(&barcode), original: Some(label("F5")), consent: Consent::Unasked };
    let combined = hospital.scan("LIB", "F5", combine).await;
    assert_eq!(combined.answer.reason, Reason::Combined);
    assert_eq!(hospital.tell(&barcode).await, "gone LIB");
    hospital.undo("LIB", UndoTarget::Scan(combined.scan)).await;
    assert_eq!(hospital.tell(&barcode).await, "at LIB");
    let combine =
        Act::Combine { temporary: label(&barcode), original: Some(label("F5")), consent: Consent::Unasked };
    assert_eq!(hospital.scan("LIB", "F5", combine).await.answer.reason, Reason::Combined);
    let seen = hospital.receive("CL5", &barcode).await;
    assert_eq!(seen.answer.reason, Reason::CombinedSeen, "its label looks for ever");
    let filed = hospital.scan("LIB", "F5", file(Consent::Unasked)).await;
    assert_eq!(filed.answer.reason, Reason::Filed);
}
