"""Labels that are worn are still read, down to a floor; bars that are no whole dots are not, so the tests bite."""

import unittest

import damage
import numpy as np
import printed
import quality
import readers
import said
import zint

STOCK = "L7160"
LABELS = 105 if printed.FULL else 21
# The floor of the raster quality estimate for clean bars of ours, and what no label may fall below.
FLOOR, NEVER = 3.0, 1.5
# Between the two that are meant: no whole number of dots at 203 dpi.
UNSNAPPED_MM, COARSE = 0.21, 203
QUIET = 10


def labels(dpi: int, keys: list[str]) -> list[printed.Image]:
    """Labels with the narrowest modules: two dots at 203 dpi, three at 300."""
    own = ("--templates", printed.HOME / "templates", "--template", "damage")
    files, told = printed.sheet("damaged", [said.folder(key) for key in keys], STOCK, dpi, *own)
    assert "no room" not in told, told
    return list(printed.cut(files, STOCK, dpi, len(keys)))


def bars(label: printed.Image) -> tuple[printed.Image, int]:
    """The bars with their quiet zones, and their module in dots."""
    (found,) = readers.zxing(label, readers.LINEAR)
    left, top, right, bottom = readers.corners(found)
    row = label[(top + bottom) // 2]
    left, right = np.flatnonzero(row[left - 2 : right + 3])[[0, -1]] + left - 2
    widths = np.diff(np.flatnonzero(np.diff(row[left : right + 1].astype(np.int8), prepend=0, append=0)))
    module = int(np.gcd.reduce(widths))
    return label[top + 2 : bottom - 1, max(left - QUIET * module, 0) : right + QUIET * module + 1], module


class Damaged(unittest.TestCase):
    def survives(self, dpi: int, dots: int, level: int, matrices: float) -> None:
        """All bars, and so large a part of the matrices."""
        keys = said.keys(printed.chance(f"damage at {dpi}"), said.FORMATS["ours"], LABELS)
        read = {readers.LINEAR: 0, readers.MATRIX: 0}
        for seed, (key, label) in enumerate(zip(keys, labels(dpi, keys), strict=True)):
            self.assertEqual(bars(label)[1], dots)
            found = readers.zxing_at_length(damage.damaged(label, level, printed.SEED + seed))
            for kind in read:
                read[kind] += readers.texts(found, kind) == [key]
        told = f"level {level} at {dpi} dpi, {dots} dots: {read[readers.LINEAR]} bars, {read[readers.MATRIX]} matrices of {LABELS}"
        print(told, flush=True)
        self.assertEqual(read[readers.LINEAR], LABELS, told)
        self.assertGreaterEqual(read[readers.MATRIX], matrices * LABELS, told)

    def test_two_dots_at_203_dpi_survive_the_first_level(self) -> None:
        self.survives(203, 2, 1, 0.95)

    def test_three_dots_at_300_dpi_survive_the_second_level(self) -> None:
        self.survives(300, 3, 1, 0.95)
        self.survives(300, 3, 2, 0.95)

    def test_clean_bars_have_an_estimate_of_three_at_least(self) -> None:
        keys = said.keys(printed.chance("quality"), said.FORMATS["ours"], LABELS)
        for dpi in printed.DPIS:
            found = [quality.estimate(*bars(label)) for label in labels(dpi, keys)]
            print(f"raster quality estimate at {dpi} dpi: {min(found):.1f} to {max(found):.1f}", flush=True)
            self.assertGreaterEqual(min(found), FLOOR)

    def test_bars_that_are_no_whole_dots_fail(self) -> None:
        keys = said.formats(printed.chance("unsnapped"), LABELS)
        drawn = [zint.placed(symbol, UNSNAPPED_MM, COARSE) for symbol in zint.code_128(keys)]
        read = [readers.texts(readers.zxing(image, readers.LINEAR), readers.LINEAR) == [key] for key, image in zip(keys, drawn)]
        module = UNSNAPPED_MM * COARSE / 25.4
        found = [quality.estimate(image, module) for image in drawn]
        print(f"unsnapped at {COARSE} dpi: {sum(read)} of {LABELS} read, estimate {max(found):.1f} at most", flush=True)
        self.assertFalse(any(read))
        self.assertLess(max(found), NEVER)

    def test_the_control_is_read_where_its_modules_are_whole_dots(self) -> None:
        keys = said.formats(printed.chance("snapped"), LABELS)
        for key, symbol in zip(keys, zint.code_128(keys)):
            image = zint.placed(symbol, 25.4 * 2 / COARSE, COARSE)
            self.assertEqual(readers.texts(readers.zxing(image, readers.LINEAR), readers.LINEAR), [key])
