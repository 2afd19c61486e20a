//! Where a missing folder is: a ranked plan of looks with reasons, from counts of this hospital's own log.
//!
//! Pure: values in, values out. [`Ground`] is what stands still, [`Counts`] is the fold of all that was [`Told`], a
//! [`Case`] is the evidence about one folder, and [`plan`] says where to look. Whoever feeds it (the follower of the
//! store's log, or the files of `locate-eval`) tells the same and gets the same, to the last bit.
//!
//! ```text
//! the log, in the order of learning → Told → Counts ┐
//! one folder's movements, appointments, company → Case → View → beliefs → Mixture ─ looks in vain → Plan → words
//!                                  Ground ──────────┘      (evidence, trace)
//! ```
//!
//! Every explanation (see `evidence`) says where the folder would be if that were what happened; the mixture weighs
//! them by what earlier searches found, in the same context first. No order of a hash map, no clock and no chance comes
//! into it: ties are broken by the cell.

mod ageing;
mod case;
mod cell;
mod codec;
mod counts;
mod detection;
mod evidence;
mod filing;
mod ground;
mod hops;
mod mixture;
mod plan;
mod prior;
mod reasons;
mod slips;
mod tally;
mod ties;
mod told;
mod trace;
mod view;
mod watch;
mod ways;
mod weights;
mod words;

#[cfg(test)]
mod tests;

pub use case::{APPOINTMENTS_READ, Appointment, Boxes, Case, Look, MATES_READ, MOVES_READ, Mode, Move};
pub use cell::{Cell, Slip};
pub use counts::Counts;
pub use filing::{Digits, Filing, Misread, NoDigits, Order, misreadings};
pub use ground::{
    ConsultantIx, Effort, Ground, Library, Owned, PlaceFacts, PlaceIx, ROLES, Role, ShelfLooks,
};
pub use plan::{By, Line, MAX_LINES, Plan, plan};
pub use reasons::{Company, Of, Reason};
pub use ties::Tie;
pub use told::{Call, Caller, Moved, Stood, Told};
pub use words::{MOST_SHOWN, Names, band, shown, words};
