//! Writes the pages where a person or a browser can look at them.

use std::path::PathBuf;

use super::pages::all;
use crate::web::assets;

/// `CASETRACK_PAGES=DIR cargo test --lib pages_can_be_looked_at` fills DIR.
#[test]
fn pages_can_be_looked_at() {
    let Some(dir) = std::env::var_os("CASETRACK_PAGES").map(PathBuf::from) else { return };
    for asset in assets::ALL {
        let file = dir.join(assets::url(asset.name).trim_start_matches('/'));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, asset.content).unwrap();
    }
    for (name, page) in all("Clinic 5", "Jones", "RX123456 vol 1 to Cardiology") {
        std::fs::write(dir.join(format!("{name}.html")), page.replace("\"/static/", "\"static/")).unwrap();
    }
}
