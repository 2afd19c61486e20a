//! Where a field may stand.

use crate::labels::measure::{Area, Dpi, Um};
use crate::labels::template::{Align, Anchor, Anchors, Scale};

/// The box of a field in the printable part of a label.
pub(super) fn boxed(anchors: &Anchors, dpi: Dpi, safe: Area, scale: Scale) -> Option<Area> {
    let (left, across) = placed(anchors.across, dpi, safe.width, scale);
    let (top, down) = placed(anchors.down, dpi, safe.height, scale);
    let area = Area { left: safe.left + left, top: safe.top + top, width: across, height: down };
    (across > 0 && down > 0).then_some(area)
}

fn placed(anchor: Anchor, dpi: Dpi, whole: i32, scale: Scale) -> (i32, i32) {
    let dots = |length: Um| dpi.dots(scale.length(length));
    match anchor {
        Anchor::Begin(begin, long) => (dots(begin), dots(long)),
        Anchor::End(end, long) => (whole - dots(end) - dots(long), dots(long)),
        Anchor::Between(begin, end) => (dots(begin), whole - dots(begin) - dots(end)),
    }
}

/// Where the dark part of a symbol may begin and end in one direction: its quiet zone stays in the box, and where the box
/// reaches the edge of the printable part, it may lie `spare` dots into the margin.
pub(super) fn clear((begin, end): (i32, i32), safe: (i32, i32), spare: i32, quiet: i32) -> (i32, i32) {
    let needed = |is_at_edge: bool| if is_at_edge { (quiet - spare).max(0) } else { quiet };
    (begin + needed(begin <= safe.0), end - needed(end >= safe.1))
}

/// How far from the beginning of its box something stands that leaves so much of it.
pub(super) const fn aligned(align: Align, spare: i32) -> i32 {
    match align {
        Align::Left => 0,
        Align::Centre => spare / 2,
        Align::Right => spare,
    }
}
