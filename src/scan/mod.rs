//! Bytes from devices, feedback to devices.
//!
//! ```text
//! device ─ bytes → port (two threads a device) → frame (pure) → PortEvent → the desk
//! desk ─ Feedback → port → bytes of the profile → device
//! ```
//!
//! This room knows nothing of folders, places or desks: it says what was read, when its last byte came, and why
//! a frame was refused. Double reads are settled by the desk's session, not here.

pub mod aim;
pub mod device;
pub mod fault;
pub mod feedback;
pub mod frame;
pub mod hidpos;
pub mod port;
pub mod profile;
pub mod proof;
pub mod pty;
pub mod usb;
pub mod watch;
pub mod wedge;

mod hidraw;
mod keyboard;
mod serial;
mod tcp;
