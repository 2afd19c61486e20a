//! Bytes from devices, feedback to devices.
