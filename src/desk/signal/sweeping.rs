//! What the end of a sweep says.

use crate::domain::answer::Answer;
use crate::domain::refusal::Reason;
use crate::domain::sweep::Tally;

fn tally(answer: &Answer) -> Tally {
    Tally::unpacked((answer.count, answer.aside))
}

/// `40 expected, 38 seen, 3 of them from elsewhere, 1 unknown label`.
pub fn tallied(answer: &Answer) -> String {
    let Tally { expected, seen, elsewhere, unknown, .. } = tally(answer);
    let labels = if unknown == 1 { "label" } else { "labels" };
    format!(
        "{expected} expected, {seen} seen, {elsewhere} of them from elsewhere, {unknown} unknown {labels}"
    )
}

/// What becomes of those that were expected and not seen.
pub fn missed(answer: &Answer) -> String {
    let missed = tally(answer).missed;
    let folders = if missed == 1 { "1 folder".to_owned() } else { format!("{missed} folders") };
    let were = if missed == 1 { "was" } else { "were" };
    match (missed, answer.reason) {
        (0, Reason::SweepEndedRoom) => "Was that the whole room? Then OK.".to_owned(),
        (0, _) => "Nothing is missed in what was swept.".to_owned(),
        (_, Reason::SweepEndedRoom) => {
            format!(
                "{folders} expected here {were} not seen. Was that the whole room? Then OK, to search for them."
            )
        }
        _ => format!(
            "{folders} expected there {were} not seen: see the sweep's page for what is searched for."
        ),
    }
}
