//! Profiles that are like another: a model of a family says what differs, and nothing twice.

use toml::{Table, Value};

/// The key that names the other profile.
pub const LIKE: &str = "like";

/// `own` on top of `base`: tables are laid over one another, every other value replaces what stood there.
pub fn over(base: Table, own: Table) -> Table {
    own.into_iter().fold(base, |mut whole, (key, value)| {
        let laid = match (whole.remove(&key), value) {
            (Some(Value::Table(base)), Value::Table(own)) => Value::Table(over(base, own)),
            (_, value) => value,
        };
        whole.insert(key, laid);
        whole
    })
}
