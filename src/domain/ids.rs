//! Handles of things that a store keeps. Integer handles mean nothing outside one store; UUIDs travel.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(i64);

        impl $name {
            /// Takes the store's key.
            pub const fn new(key: i64) -> Self {
                Self(key)
            }

            /// The store's key.
            pub const fn key(self) -> i64 {
                self.0
            }
        }
    };
}

handle! {
    /// One physical folder.
    VolumeId
}
handle! {
    /// One casenote: a patient's paper record under one number.
    CasenoteId
}
handle! {
    /// One patient.
    PatientId
}
handle! {
    /// One place, or one container (a place that moves).
    PlaceId
}
handle! {
    /// One member of staff.
    StaffId
}

handle! {
    /// One question.
    QuestionId
}

macro_rules! outward {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes an identifier made elsewhere.
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The UUID itself.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

outward! {
    /// One scan: a UUIDv7 made where the scan happened.
    ScanId
}
outward! {
    /// One batch: the id of its first scan.
    BatchId
}
outward! {
    /// One sweep: the id of the scan that began it.
    SweepId
}
outward! {
    /// One search: the id of the scan or act that opened it.
    SearchId
}
