"""A raster quality estimate of Code 128, after ISO/IEC 15416. It is not a grade of that standard: nothing was printed, so
nothing reflects; what it sees is whether edges stand where a reader measures them.

Ten lines over the middle of the symbol, each seen through a round opening; every line gets the worst of its figures, the
symbol the mean of its lines. Quiet zones are left to the layout's own checks.
"""

import numpy as np

LINES = 10
# The opening, in modules (ISO/IEC 15416 asks for about so much), and the spread of a dot of ink, in dots.
OPENING = 0.8
SPREAD = 0.5
# Parts of a dot in which edges are found.
PARTS = 16
# What paper and ink reflect.
PAPER, INK = 0.85, 0.05
# From 4 down to 1, in hundredths.
CONTRAST, MODULATION, DECODABILITY = (70, 55, 40, 20), (70, 60, 50, 40), (62, 50, 37, 25)
DEFECTS = (15, 20, 25, 30)
LEAST_EDGE_CONTRAST = 0.15
# Elements of a character, and of the stop; modules of a character (ISO/IEC 15417).
ELEMENTS, STOP_ELEMENTS, MODULES = 6, 7, 11


def estimate(symbol: np.ndarray, module: float) -> float:
    """0 to 4 for bars with their quiet zones, cut out of a raster; `module` in dots."""
    height = symbol.shape[0]
    rows = np.linspace(0.1 * height, 0.9 * height - 1, LINES).astype(int)
    return sum(line(symbol[row], module) for row in rows) / LINES


def line(row: np.ndarray, module: float) -> int:
    """The worst figure of one line."""
    seen = profile(row, module)
    light, dark = seen.max(), seen.min()
    if dark > light / 2:
        return 0
    threshold = (light + dark) / 2
    above = seen > threshold
    at = np.flatnonzero(above[1:] != above[:-1])
    if len(at) < ELEMENTS + STOP_ELEMENTS + 1 or (len(at) - STOP_ELEMENTS - 1) % ELEMENTS:
        return 0
    edges = at + (threshold - seen[at]) / (seen[at + 1] - seen[at])
    # The extreme of each element, quiet zones included.
    parts = np.split(seen, at + 1)
    peaks = np.array([part.max() if above[begin] else part.min() for part, begin in zip(parts, [0, *(at + 1)])])
    contrasts = np.abs(np.diff(peaks))
    contrast = light - dark
    if contrasts.min() < LEAST_EDGE_CONTRAST:
        return 0
    return min(
        grade(contrast, CONTRAST),
        grade(contrasts.min() / contrast, MODULATION),
        grade(decodability(edges), DECODABILITY),
        4 - sum(defects(parts, above, at) / contrast * 100 > most for most in DEFECTS),
    )


def profile(row: np.ndarray, module: float) -> np.ndarray:
    """What an opening sees that moves along a row of dots."""
    ink = row.astype(float) if row.dtype == bool else 1 - row / 255
    fine = np.repeat(ink, PARTS)
    reach = np.arange(-4 * PARTS, 4 * PARTS + 1) / PARTS
    spread = np.exp(-((reach / SPREAD) ** 2) / 2)
    radius = OPENING * module / 2
    across = np.linspace(-radius, radius, 2 * max(round(radius * PARTS), 1) + 1)
    opening = np.sqrt(np.maximum(radius**2 - across**2, 0)) + 1e-9
    for kernel in (spread, opening):
        fine = np.convolve(np.pad(fine, len(kernel) // 2, mode="edge"), kernel / kernel.sum(), mode="valid")
    return PAPER - (PAPER - INK) * fine


def decodability(edges: np.ndarray) -> float:
    """How far the worst distance between like edges stays from being taken for another one; 1 is perfect."""
    worst = 1.0
    for begin in range(0, len(edges) - STOP_ELEMENTS - 1 + 1, ELEMENTS):
        char = edges[begin : begin + ELEMENTS + 1]
        module = (char[-1] - char[0]) / MODULES
        between = (char[2:6] - char[0:4]) / module
        worst = min(worst, float(np.min(1 - 2 * np.abs(between - np.round(between)))))
    return worst


def defects(parts: list, above: np.ndarray, at: np.ndarray) -> float:
    """The largest unevenness within an element: from a peak to the valley between it and the next."""
    worst = 0.0
    for part, begin in zip(parts, [0, *(at + 1)]):
        shape = part if above[begin] else -part
        top = int(np.argmax(shape))
        left, right = shape[: top + 1], shape[top:][::-1]
        for side in (left, right):
            worst = max(worst, float(np.max(np.maximum.accumulate(side) - side)))
    return worst


def grade(share: float, steps: tuple) -> int:
    """4 to 0."""
    return sum(share * 100 >= least for least in steps)
