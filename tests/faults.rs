//! What must not break it: the power, the kernel's kill, the disk, the stop, the bytes of a broken scanner.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test that meets what it does not expect fails"
)]

mod program;
mod referee;

#[path = "faults/backup.rs"]
mod backup;
#[path = "faults/copy.rs"]
mod copy;
#[path = "faults/disk.rs"]
mod disk;
#[path = "faults/golden.rs"]
mod golden;
#[path = "faults/intake.rs"]
mod intake;
#[path = "faults/kill.rs"]
mod kill;
#[path = "faults/noise.rs"]
mod noise;
#[path = "faults/power.rs"]
mod power;
#[path = "faults/replay.rs"]
mod replay;
#[path = "faults/space.rs"]
mod space;
#[path = "faults/toy.rs"]
mod toy;
#[path = "faults/trace.rs"]
mod trace;
#[path = "faults/upgrade.rs"]
mod upgrade;
