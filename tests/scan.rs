//! Scanners on pseudo-terminals, from their bytes to the answer they hear.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect fails"
)]

#[expect(dead_code, reason = "only its folder is used")]
mod common;
mod ten_folders;

#[path = "scan/pairing.rs"]
mod pairing;
#[path = "scan/ports.rs"]
mod ports;
#[path = "scan/scanner_configure.rs"]
mod scanner_configure;
#[path = "scan/ssi.rs"]
mod ssi;
