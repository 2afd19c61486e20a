//! The store on SQLite: one file a trust, one writer, many readers.

pub mod bulk;
pub mod checkpoint;
pub mod codec;
pub mod core;
pub mod counts;
pub mod find;
pub mod floor;
pub mod fold;
pub mod history;
pub mod import;
pub mod lists;
pub mod lock;
pub mod migrate;
pub mod open;
pub mod places;
pub mod project;
pub mod reader;
pub mod record;
pub mod running;
pub mod scans;
pub mod trouble;
pub mod verify;
pub mod view;
pub mod volumes;
pub mod writer;
