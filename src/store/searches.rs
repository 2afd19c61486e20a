//! What the store tells of searches.

use rusqlite::Connection;

use super::records::{Bounded, Listing, SearchBrief, VolumeRecord};
use super::sqlite::reader::Kind;
use super::sqlite::search_lists;
use super::{Page, Store, StoreError, Trust};
use crate::clock::Timestamp;
use crate::domain::search::{Quiet, Search, Stepped};
use crate::domain::{SearchId, VolumeId};

/// Most searches of one part of the register that are counted: beyond that it is simply very many.
pub const MAX_SEARCHES_COUNTED: usize = 1_000;

/// A part of the register.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Register {
    /// Open or declared missing, the oldest first.
    Wanted,
    /// Open, the oldest first.
    Open,
    /// Declared missing, the newest first.
    Declared,
    /// Turned up, and asked where they were, the newest first.
    Asked,
    /// Found or closed, the newest first.
    Ended,
    /// All, the newest first.
    All,
}

/// Which searches are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SearchFilter {
    /// Which part of the register.
    pub register: Register,
    /// Only quiet ones, or only those that somebody waits for; none: both.
    pub quiet: Option<Quiet>,
}

impl SearchFilter {
    /// What is being searched for, and somebody waits for it.
    pub const OPEN: Self = Self { register: Register::Open, quiet: Some(Quiet::Loud) };
    /// What has turned up, and of which nobody has said where it was.
    pub const TURNED_UP: Self = Self { register: Register::Asked, quiet: None };
}

/// A search with its volume, as the register shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SearchLine {
    /// The volume; its siblings are left out.
    pub volume: VolumeRecord,
    /// The search.
    pub search: Search,
}

/// A search with all that its page shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SearchRecord {
    /// The volume, with its siblings.
    pub volume: VolumeRecord,
    /// The search.
    pub search: Search,
    /// Its steps in the order in which they were learnt.
    pub steps: Vec<Stepped>,
}

impl Store {
    /// The search with this name.
    pub async fn search_named(
        &self,
        trust: &Trust,
        search: SearchId,
    ) -> Result<Option<SearchRecord>, StoreError> {
        self.ours(trust)?;
        self.read(Kind::Single, "reading a search", move |conn| search_lists::record(conn, search)).await
    }

    /// A page of the register.
    pub async fn searches(
        &self,
        trust: &Trust,
        filter: SearchFilter,
        page: Page,
    ) -> Result<Listing<SearchLine>, StoreError> {
        self.ours(trust)?;
        let after = page.after.as_deref().map(super::number).transpose()?;
        let limit = page.held();
        let read = move |conn: &Connection| search_lists::page(conn, filter, after, limit);
        let (items, next) = self.read(Kind::List, "listing searches", read).await?;
        Ok(Listing { items, next: next.map(|key| key.to_string()) })
    }

    /// What somebody waits for and has turned up since this time, and nobody has said where it was: `limit` at most.
    pub async fn turned_up_since(
        &self,
        trust: &Trust,
        since: Timestamp,
        limit: usize,
    ) -> Result<Vec<SearchLine>, StoreError> {
        self.ours(trust)?;
        let read = move |conn: &Connection| search_lists::turned_up(conn, since, limit);
        self.read(Kind::List, "looking what has turned up", read).await
    }

    /// How many searches a part of the register has.
    pub async fn count_searches(&self, trust: &Trust, filter: SearchFilter) -> Result<Bounded, StoreError> {
        self.ours(trust)?;
        let most = MAX_SEARCHES_COUNTED;
        let read = move |conn: &Connection| search_lists::count(conn, filter, most + 1);
        Ok(Bounded::of(self.read(Kind::List, "counting searches", read).await?, most))
    }

    /// The newest search for a volume that is open, or of which it is still asked where it was.
    pub async fn open_search_of(
        &self,
        trust: &Trust,
        volume: VolumeId,
    ) -> Result<Option<SearchBrief>, StoreError> {
        self.ours(trust)?;
        self.read(Kind::Single, "looking for a search", move |conn| search_lists::brief_of(conn, volume))
            .await
    }
}
