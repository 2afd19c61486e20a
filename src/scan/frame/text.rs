//! The bytes of one whole frame → identifier and text, or a fault.

use super::{AimRule, FrameRules, Star};
use crate::scan::aim::{Aim, Symbology};
use crate::scan::fault::FrameFault;

/// Beginnings of programming codes that a scanner of another brand passes on as data.
///
/// Sources: symbols of published programming sheets, decoded (Zebra MS4717, Rakinda LV3000U with Newland's engine,
/// Netum C750); Newland BS80 manual (`$$%^`); Datalogic GFS4400 and GD44xx manuals (`$P,`, `$+`).
const PROGRAMMING_STARTS: [&[u8]; 9] =
    [b"SXUAH", b"@SETUP", b"@INTERF", b"@FACDEF", b"%#IFSNO", b"%KB#SP", b"$$%^", b"$P,", b"$+"];
/// Whole programming codes: Datalogic's enter, leave and factory defaults (same manuals).
const PROGRAMMING_WHOLE: [&[u8]; 4] = [b"$P", b"$AE", b"$Ae", b"$-"];

/// Reads a frame whose bytes are all text by the rules' charset; `kind` is what the framing has told of the symbol.
pub(super) fn read(
    raw: &[u8],
    rules: &FrameRules,
    kind: Option<Aim>,
) -> Result<(Option<Aim>, String), FrameFault> {
    let (aim, data) = split_identifier(raw, rules.aim, kind)?;
    if aim.is_some() && Aim::stands_in(data) {
        return Err(FrameFault::Joined);
    }
    let data = match rules.star {
        Star::Keep => data,
        Star::Strip => without_stars(data, aim),
    };
    if data.is_empty() {
        return Err(FrameFault::Truncated);
    }
    if is_programming(data) {
        return Err(FrameFault::Programming);
    }
    Ok((aim, data.iter().copied().map(char::from).collect()))
}

fn split_identifier(
    raw: &[u8],
    rule: AimRule,
    kind: Option<Aim>,
) -> Result<(Option<Aim>, &[u8]), FrameFault> {
    match (rule, Aim::take(raw)) {
        (AimRule::Absent, _) => Ok((kind, raw)),
        (AimRule::Required | AimRule::Optional, Some((aim, data))) => Ok((Some(aim), data)),
        // No number begins with a bracket: it is a spoilt identifier.
        (AimRule::Optional, None) if !raw.starts_with(b"]") => Ok((kind, raw)),
        (AimRule::Required, None) if !raw.starts_with(b"]") && kind.is_some() => Ok((kind, raw)),
        (AimRule::Required | AimRule::Optional, None) => Err(FrameFault::Identifier),
    }
}

fn without_stars(data: &[u8], aim: Option<Aim>) -> &[u8] {
    let may_be_code39 = aim.is_none_or(|aim| aim.symbology() == Symbology::Code39);
    match data {
        [b'*', inner @ .., b'*'] if may_be_code39 => inner,
        _ => data,
    }
}

/// Programming codes, and what a modem manager that probes the port has echoed back: `AT` alone or `AT+…`.
fn is_programming(data: &[u8]) -> bool {
    let modem = data.eq_ignore_ascii_case(b"AT")
        || data.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(b"AT+"));
    modem
        || PROGRAMMING_WHOLE.contains(&data)
        || PROGRAMMING_STARTS.iter().any(|start| data.starts_with(start))
}
