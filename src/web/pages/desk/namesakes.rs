//! Patients of one name, told at the desk where a folder of one has just been scanned.
//!
//! The page asks for it once the scan is on disk and heard: no scan waits for the look-up.

use crate::desk::SessionView;
use crate::domain::casenote::LabelText;
use crate::web::auth::Clerk;
use crate::web::error::Failure;
use crate::web::pages::volume::SAME_NAME;

/// Says it under the last signal of each session, where a folder was accepted.
pub async fn tell(clerk: &Clerk, mut views: Vec<&mut SessionView>) -> Result<(), Failure> {
    let labels: Vec<_> = views.iter().filter_map(|view| label(view)).collect();
    if labels.is_empty() {
        return Ok(());
    }
    let found = clerk.store().with_namesakes(clerk.trust(), labels).await?;
    for view in &mut views {
        if label(view).is_some_and(|label| found.contains(&label))
            && let Some(last) = &mut view.last
        {
            if !last.detail.is_empty() {
                last.detail.push(' ');
            }
            last.detail.push_str(SAME_NAME);
        }
    }
    Ok(())
}

/// The folder that the last signal accepted.
fn label(view: &SessionView) -> Option<LabelText> {
    let last = view.last.as_ref().filter(|last| last.signal.is_accepted())?;
    last.barcode.as_deref()?.parse().ok()
}
