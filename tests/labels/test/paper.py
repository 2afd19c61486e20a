"""Documents: fonts that are whole in them and cut, text that comes out again, sizes; every kind on every stock."""

import re
import subprocess
import tomllib
import unittest
from pathlib import Path

import printed
import readers
import said

STOCK = "L7160"
# Bytes of a sheet, and of a thousand labels.
SHEET, THOUSAND = 60_000, 1_000_000
KINDS = {
    "volume": said.folder("V000000111"),
    "spine": said.folder("V000000111") | {"kind": "spine"},
    "place": {"kind": "place", "key": "P0001287", "title": "Cardiology clinic", "below": "St Mary’s › Outpatients · CL5", "phone": "ext. 4521"},
    "container": {"kind": "container", "key": "K0000417", "title": "Crate 14", "below": "Off-site store · K14"},
    "staff": {"kind": "staff", "key": "S0001293", "title": "Margaret O’Brien", "below": "librarian"},
    "card": {"kind": "card", "key": "C018449", "title": "TAKE OUT", "below": "The folders that follow leave the library."},
    "tracer": said.folder("V000000111") | {"kind": "tracer", "title": "OUT", "below": "To Cardiology clinic, for Mr Jones", "phone": "ext. 4521"},
}
LONG = {"title": "Department of Rehabilitation and Occupational Therapy", "below": "St Bartholomew’s Hospital › North building › Level 5 › Corridor C · REHAB-OT-5C"}
LONG_NAMED = {"title": "Wilhelmina Featherstonehaugh-Cholmondeley", "below": "administrator"}
# What a refusal may say: that the label is too small for the template, or for the symbol of a long key.
REFUSALS = re.compile(r"is too small for a|choose a (wider|higher|larger)")
TEMPLATES = [tomllib.loads(file.read_text()) for file in (printed.TREE / "labels/templates").glob("*.toml")]


def run(*command: object) -> str:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True, timeout=60).stdout


def text(pdf: Path) -> str:
    return " ".join(run("pdftotext", "-layout", pdf, "-").split())


class Paper(unittest.TestCase):
    def setUp(self) -> None:
        self.chance = printed.chance("paper")

    def one(self, row: dict, stock: str, dpi: int, *more: object) -> tuple[Path, str]:
        files, told = printed.sheet("paper", [row], stock, dpi, *more)
        return files[0], told

    def test_fonts_are_embedded_and_cut(self) -> None:
        pdf, _ = self.one(said.folder("V000000111", said.HARD["Greek"], **said.WARNINGS), STOCK, 600)
        fonts = [line.split() for line in run("pdffonts", pdf).splitlines()[2:]]
        self.assertEqual(len(fonts), 3)
        for font in fonts:
            embedded, cut, unicode = font[-5:-2]
            self.assertEqual((embedded, cut, unicode), ("yes", "yes", "yes"), font)
            self.assertRegex(font[0], r"^[A-Z]{6}\+NotoSans")

    def test_text_comes_out_again(self) -> None:
        for what, name in said.HARD.items():
            pdf, _ = self.one(said.folder("V000000111", name), "102x76", 600)
            found = text(pdf)
            for wanted in ("V000000111", "A123456", "943 476 5919", "Vol 2 of 3", "12-Mar-1950"):
                self.assertIn(wanted, found, what)
            if what in ("accents", "Greek", "Cyrillic"):
                self.assertIn(f"{name['surname']}, {name['forename']}", found)
            if what == "Hebrew":
                self.assertIn("□□□, Ana", found)

    def test_documents_are_small(self) -> None:
        keys = said.formats(printed.chance("sizes"), 1_000)
        rows = [said.folder(key, {"surname": f"SMITH{key[-3:]}", "forename": "John"}) for key in keys]
        for count, most in ((21, SHEET), (1_000, THOUSAND)):
            (pdf,), _ = printed.sheet("sizes", rows[:count], STOCK, 600)
            size = pdf.stat().st_size
            print(f"{count} labels: {size} bytes", flush=True)
            self.assertLess(size, most)

    def test_every_kind_on_every_stock_is_read_or_refused(self) -> None:
        for kind, plain in KINDS.items():
            hard = [plain | name | said.WARNINGS | {"volume": "Vol 12 of 13", "number": "RXY-0123456"} for name in said.HARD.values()]
            hard = hard if "surname" in plain else [plain | (LONG_NAMED if kind == "staff" else LONG)]
            laid = 0
            for stock in printed.STOCKS:
                with self.subTest(kind=kind, stock=stock):
                    laid += self.are_read([plain, *hard], stock)
            self.assertGreater(laid, 0, kind)

    def are_read(self, rows: list[dict], stock: str) -> bool:
        """All of them at every resolution (in the short form at one by chance), or none, with a reason."""
        for dpi in printed.DPIS if printed.FULL else (self.chance.choice(printed.DPIS),):
            try:
                files, _ = printed.sheet("kinds", rows, stock, dpi)
            except printed.NotPrinted as refused:
                for line in str(refused).splitlines()[:-1]:
                    if line.startswith("not printed"):
                        self.assertRegex(line, REFUSALS)
                self.assertFalse(self.a_template_fits(rows[0]["kind"], stock), f"{stock}: {refused}")
                return False
            for row, label in zip(rows, printed.cut(files, stock, dpi, len(rows)), strict=True):
                found = readers.zxing(label)
                self.assertEqual({one.text for one in found}, {row["key"]}, f"{row}, {dpi} dpi")
                self.assertEqual(len(readers.texts(found, readers.LINEAR)), 1)
                self.assertEqual(readers.zbar(label), [row["key"]])
        return True

    def a_template_fits(self, kind: str, stock: str) -> bool:
        has = self.printable(stock)
        return any(kind in one["for"] and one["least_mm"][0] <= has[0] and one["least_mm"][1] <= has[1] for one in TEMPLATES)

    def printable(self, stock: str) -> tuple[float, float]:
        said = next(one for one in STOCK_FILES if one["code"] == stock)
        return tuple(side - 2 * said.get("margin_mm", 1.5) for side in said["label_mm"])

    def test_a_long_key_is_whole_or_refused(self) -> None:
        for stock in printed.STOCKS:
            for dpi in printed.DPIS:
                with self.subTest(stock=stock, dpi=dpi):
                    try:
                        files, _ = printed.sheet("long", [said.folder("RXY-0123456-V03", **said.WARNINGS)], stock, dpi)
                    except printed.NotPrinted as refused:
                        self.assertRegex(str(refused), REFUSALS)
                        continue
                    (label,) = printed.cut(files, stock, dpi, 1)
                    self.assertEqual({one.text for one in readers.zxing(label)}, {"RXY-0123456-V03"})

    def test_the_rule_of_the_calibration_page_is_100_mm_and_its_symbols_are_read(self) -> None:
        for dpi in printed.DPIS:
            out = printed.WORK / f"calibrate-{dpi}.pdf"
            ran = printed.told("label", "calibrate", "--stock", STOCK, "--dpi", dpi, "--out", out)
            self.assertEqual(ran.returncode, 0, ran.stderr)
            (page,) = printed.pages(out, dpi)
            self.assertGreaterEqual(self.longest_run(page), printed.dots(100_000, dpi))
            self.assertLessEqual(self.longest_run(page), printed.dots(100_200, dpi) + 1)
            found = readers.zxing_at_length(page)
            self.assertEqual({one.text for one in found}, {"TEST-0123456789"})

    def longest_run(self, page: printed.Image) -> int:
        """The longest line of ink along a row of the uppermost part, where the rule stands."""
        longest = 0
        for row in page[: page.shape[0] // 6]:
            edges = [at for at in range(1, len(row)) if row[at] != row[at - 1]] if row.sum() > page.shape[1] // 3 else []
            longest = max([longest, *(end - begin for begin, end in zip(edges, edges[1:]) if row[begin])])
        return longest


STOCK_FILES = [tomllib.loads(file.read_text()) for file in (printed.TREE / "labels/stocks").glob("*.toml")]
