//! The demo's configuration, written as a hospital would write its own.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use super::{BY_HAND, Folder};
use crate::sim::hospital::{Badge, Hospital, SITE};

/// The configuration as TOML.
pub fn config(hospital: &Hospital, folder: &Folder, listen: SocketAddr) -> String {
    let mut text = format!(
        "# The demo's configuration; a hospital's own looks the same.\n\
         [server]\nlisten = \"{listen}\"\ndata_dir = {}\ntime_zone = \"Europe/London\"\ntrust = \"{SITE}\"\n\n\
         # Labels from before Casetrack: MG, the hospital number, a hyphen, the volume.\n\
         [[label]]\nsymbology = \"code39\"\npattern = '^MG(?<number>[0-9]{{6,7}})-(?<volume>[0-9]{{2}})$'\n\
         check = \"none\"\nsite = \"{SITE}\"\nmeans = \"folder\"\n",
        quoted(&folder.dir.join("data"))
    );
    for plan in &hospital.desks {
        let sign_on = match plan.badge {
            Badge::Optional => "optional",
            Badge::Required => "required",
        };
        let desk = format!(
            "\n[[desk]]\ncode = \"{}\"\nplace = \"{}\"\nsign_on = \"{sign_on}\"\nsign_on_idle = \"15 min\"\npairing = {}\n",
            plan.code, plan.place, plan.pairing
        );
        text.push_str(&desk);
        scanner(&mut text, &folder.scanners().join(plan.code.as_str()), "clerk");
        if BY_HAND.contains(&plan.code.as_str()) {
            scanner(&mut text, &super::hand::scanner(folder, plan.code.as_str()), "hand");
        }
    }
    text
}

fn scanner(text: &mut String, port: &Path, session: &str) {
    let port = quoted(port);
    // Writing to a string does not fail.
    let _ = write!(
        text,
        "[[desk.scanner]]\nport = {port}\nprofile = \"generic-serial\"\nsession = \"{session}\"\n"
    );
}

fn quoted(path: &Path) -> String {
    toml::Value::String(path.display().to_string()).to_string()
}
