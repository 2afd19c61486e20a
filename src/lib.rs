//! Casetrack knows where every paper casenote in a hospital is.
//!
//! # The way of a scan
//!
//! ```text
//! scanner ─ bytes → scan::port (one thread a device) → scan::frame → bounded inbox of the session → desk::runner
//!   → domain::barcode (text → Code) → desk::session.on(Input, now) → Effect::Submit(Command, reply)
//!   → bounded queue → the writer thread of the store, many commands in one transaction:
//!         for each: load view, domain::decide, append scan and movements, fold into whereabouts; COMMIT, fsync
//!   → Outcome → session.on(Outcome) → Signal → beep and lamp on the scanner, desk page
//!   └ after COMMIT: live → SSE → pages patch one row
//! ```
//!
//! A good beep means *on disk*: nothing is signalled, told or acknowledged before the commit returns. A session's task
//! owns the session, the writer thread owns the database, and nobody else owns anything that changes.
//!
//! # The walls
//!
//! `main → cli → app → all` · `web, jobs, feeds → desk's inbox, store, live, domain` · `desk → scan, domain` ·
//! `store → live, domain` · `live → domain` · `scan → nothing of ours` · `domain → domain` · `sim → domain`. Anyone
//! may use [`clock`], `config`'s types and `observe`; `domain`, `desk::session` and `scan::frame` are pure and take
//! only the time type. SQL stands under `store/` and nowhere else. `tests/tidy.rs` fails on a broken wall.
//!
//! # Words
//!
//! A **casenote** is a patient's paper record under one number; a **volume** is one folder of it and what we track. A
//! **place** is anywhere a volume can be; a **container** is a place that moves. A **desk** stands at a place and has
//! scanners. A **scan** is one thing read or typed, with everything that came of it; a **movement** is what it changed
//! for one volume or container. Both are added, never changed. **Whereabouts** are what the movements add up to now.
//! A **signal** is what the desk tells the clerk; a **question** is what only a person can settle.
//!
//! # What is deliberately absent
//!
//! No object-relational mapper, no JavaScript framework, no font, script or picture from outside, no way back from
//! the pages into the log but a scan.
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod desk;
pub mod domain;
pub mod feeds;
pub mod jobs;
pub mod live;
pub mod observe;
pub mod scan;
pub mod sim;
pub mod store;
pub mod web;
