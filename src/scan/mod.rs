//! Bytes from devices, feedback to devices.
//!
//! ```text
//! device ─ bytes → port (two threads a device) → hearing (pure: frame, header or ssi) → PortEvent → the desk
//! desk ─ Feedback → port → voice (pure: bytes of the profile, or ssi) → device
//! ```
//!
//! This room knows nothing of folders, places or desks: it says what was read, when its last byte came, and why
//! a frame was refused. Double reads are settled by the desk's session, not here.

pub mod aim;
pub mod answers;
pub mod configure;
pub mod device;
pub mod fault;
pub mod feedback;
pub mod frame;
pub mod header;
pub mod hearing;
pub mod hidpos;
pub mod port;
pub mod probe;
pub mod profile;
pub mod proof;
pub mod pty;
pub mod ssi;
pub mod usb;
pub mod watch;
pub mod wedge;

pub(crate) mod hidraw;
mod keyboard;
mod serial;
mod tcp;
