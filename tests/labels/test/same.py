"""PDF, PNG, SVG and ZPL have the same symbols, dot for dot, each drawn by somebody else; nothing in a name adds a label."""

import functools
import unittest
from pathlib import Path

import drawn
import numpy as np
import printed
import readers
import said
import zpl

STOCK = "70x35"
LABELS = 200 if printed.FULL else 20
WIDE = "102x76"
HOSTILE = [
    "^FS^XZ^XA^FDSMITH", "~JA", "~HS^XZ", "\\&\\\\", "O'NEIL \"Bob\"", "_5E_7E", "^CC$", "^", "~", "a\tb\nc\x00d\x1b[2J\x7f", "<svg/onload=x>",
    "&amp;</svg>", "(Tj) ET Q", "%PDF", ")\\", "\u202eSMITH", "Ærøskøbing Ōſ", "'; DROP TABLE", "x" * 60, "=cmd|' /C calc'!A0",
]
HOSTILE_KEYS = ["A^FS^XZ^XA", "~HS", "A\"B'C", "A\\B", "^XA^XZ", "A>B>:C>;12", "A_5EB", ">>>", "_", "a,b;c|d", "A&B<C>D", "~~~~", "()[]{}"]


def symbols(label: printed.Image) -> list[tuple[slice, slice]]:
    """Where the symbols of a label are: the bars with their whole height, the matrix with a module of paper."""
    found = readers.zxing(label)
    return [rows_of(label, *readers.corners(one)) for one in found]


def rows_of(label: printed.Image, left: int, top: int, right: int, bottom: int) -> tuple[slice, slice]:
    return slice(max(top - 1, 0), bottom + 2), slice(max(left - 3, 0), right + 4)


def folders(dpi: int) -> list[dict]:
    return [said.folder(key) for key in said.formats(printed.chance(f"same at {dpi}"), LABELS)]


@functools.cache
def in_pdf(dpi: int) -> list[printed.Image]:
    rows = folders(dpi)
    files, _ = printed.sheet("same", rows, STOCK, dpi)
    return list(printed.cut(files, STOCK, dpi, len(rows)))


class Same(unittest.TestCase):
    def have_the_same_symbols(self, dpi: int, others: list[printed.Image], by: str) -> None:
        for row, label, other in zip(folders(dpi), in_pdf(dpi), others, strict=True):
            key = row["key"]
            if by == "zpl":
                # A printer's language counts 8 and 12 dots to the millimetre for 203 and 300 dpi: its paper is larger, and
                # the renderer puts what is as wide as we said in the middle of it.
                left = (other.shape[1] - label.shape[1]) // 2
                other = other[: label.shape[0], left : left + label.shape[1]]
            self.assertEqual(label.shape, other.shape, f"{key}, {by}, {dpi} dpi")
            read = readers.zxing(other)
            self.assertEqual({one.text for one in read}, {key}, f"{by}, {dpi} dpi")
            places = symbols(label)
            self.assertEqual(len(read), len(places))
            for place in places:
                differ = int(np.count_nonzero(label[place] != other[place]))
                self.assertEqual(differ, 0, f"dots of {key} that differ, {by}, {dpi} dpi")

    def test_png_is_the_print(self) -> None:
        for dpi in printed.DPIS:
            files, _ = printed.sheet("png", folders(dpi), STOCK, dpi, ending="png")
            self.have_the_same_symbols(dpi, [drawn.png(file) for file in files], "png")

    def test_svg_is_the_print(self) -> None:
        for dpi in printed.DPIS:
            files, _ = printed.sheet("svg", folders(dpi), STOCK, dpi, ending="svg")
            self.have_the_same_symbols(dpi, drawn.svg(files), "svg")

    def test_zpl_is_the_print(self) -> None:
        for dpi in (203, 300):
            labels = self.in_zpl("zpl", folders(dpi), STOCK, dpi)
            self.have_the_same_symbols(dpi, labels, "zpl")

    def in_zpl(self, name: str, rows: list[dict], stock: str, dpi: int) -> list[printed.Image]:
        """Every row is a label, alone and together."""
        (file,), _ = printed.sheet(name, rows, stock, dpi, ending="zpl")
        texts = [f"^XA{text}" for text in Path(file).read_text().split("^XA")[1:]]
        for row, text in zip(rows, texts, strict=True):
            self.assertEqual(zpl.said(text), row["key"])
        labels = drawn.zpl(texts, stock, dpi)
        self.assertEqual([len(seen) for seen in labels], [1] * len(rows))
        return [seen[0] for seen in labels]

    def test_no_name_and_no_key_adds_or_loses_a_label(self) -> None:
        names = [said.folder(f"V{at:09}", {"surname": name, "forename": name}, number=name[:20], born=name[:20]) for at, name in enumerate(HOSTILE)]
        rows = names + [said.folder(key) for key in HOSTILE_KEYS]
        for dpi in (203, 300):
            for row, label in zip(rows, self.in_zpl("hostile", rows, WIDE, dpi), strict=True):
                self.assertEqual({one.text for one in readers.zxing(label)}, {row["key"]}, f"{dpi} dpi")
            (file,), _ = printed.sheet("hostile", rows, WIDE, dpi, ending="zpl")
            (together,) = drawn.zpl([Path(file).read_text()], WIDE, dpi)
            self.assertEqual(len(together), len(rows))
            files, _ = printed.sheet("hostile", rows, WIDE, dpi)
            for row, label in zip(rows, printed.cut(files, WIDE, dpi, len(rows)), strict=True):
                self.assertEqual({one.text for one in readers.zxing(label)}, {row["key"]}, f"pdf, {dpi} dpi")
