//! What casenotes are and what may happen to them. Pure: values in, values out, `now` is an argument.
//!
//! A command is decided ([`decide`]) over a view of what is known; the movements it makes are folded
//! ([`whereabouts`]) into where each volume is. Nothing here reads a clock, a file or a database.

pub mod answer;
pub mod asked;
pub mod barcode;
pub mod casenote;
pub mod chase;
pub mod clinic_list;
pub mod combine;
pub mod command;
pub mod decide;
pub mod directory;
pub mod filing;
pub mod gs1;
pub mod ids;
pub mod import;
pub mod kept;
pub mod label_rule;
pub mod leg;
pub mod making;
pub mod movement;
pub mod opening;
pub mod patient;
pub mod place;
pub mod printing;
pub mod question;
pub mod refusal;
pub mod scanner;
pub mod search;
pub mod spelling;
pub mod staff;
pub mod sweep;
pub mod undo;
pub mod whereabouts;

pub use ids::{
    BatchId, CasenoteId, PatientId, PlaceId, QuestionId, ScanId, SearchId, StaffId, SweepId, VolumeId,
};
