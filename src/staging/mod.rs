//! Staging: how a scanner out of its box becomes one of ours.
//!
//! ```text
//! scan::profile (steps, evidence) ┐
//! scan::proof (the last symbols)  ├→ plan (what is scanned, in which order) → sheet (A4 pages) → labels: pdf, svg, png
//!        interface, what may be   ┘
//! ```
//!
//! A sheet prints no code that nobody has confirmed unless it is asked to, and then says so on paper by word and
//! hatch. It ends with the proof.

mod known;
pub mod paper;
pub mod plan;
pub mod sheet;

use std::path::Path;

pub use known::{Known, brand, ids, is_heard, known};
pub use paper::shown;
pub use plan::{Carrying, NoSheet, Plan, Planned, Unconfirmed};
pub use sheet::{document, pages, title};

pub use crate::scan::profile::{Interface, Profile, ProfileError};

/// A profile, or what is wrong with its file.
pub type Found = Result<Profile, ProfileError>;

/// The profiles that may be used: those of the program, and those of the site's own folder, which go before one of the
/// same name. What is wrong with a file of the folder stands in its place.
pub fn profiles(extra_dir: Option<&Path>) -> Vec<Found> {
    let mut names: Vec<String> = Profile::built_in().iter().map(|profile| profile.name.clone()).collect();
    let files = extra_dir.and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let own =
        files.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "toml"));
    let mut own: Vec<String> =
        own.filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect();
    own.retain(|name| !names.contains(name));
    own.sort();
    names.extend(own);
    names.iter().map(|name| Profile::named(name, extra_dir)).collect()
}
