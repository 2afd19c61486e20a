"""What the program prints: labels from a CSV file, rasterised without smoothing, cut by the stock."""

import csv
import os
import random
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HOME = Path(__file__).parent
TREE = Path(os.environ["CASETRACK"]).parents[2] if "CASETRACK_TREE" not in os.environ else Path(os.environ["CASETRACK_TREE"])
PROGRAM = os.environ["CASETRACK"]
WORK = HOME / "work"
SEED = int(os.environ.get("CASETRACK_SEED", "20261128"))
FULL = bool(os.environ.get("CASETRACK_FULL"))
# The printers: two thermal ones, an office laser.
DPIS = (203, 300, 600)
# Darker than this is ink: a printer's head burns a dot or does not.
THRESHOLD = 128

Image = np.ndarray
"""Dots from the upper left corner; true is ink."""


def chance(name: str) -> random.Random:
    """Chance of its own for each test, so that one test's draws move no other's."""
    return random.Random(f"{SEED} {name}")


@dataclass(frozen=True)
class Stock:
    """A file of `labels/stocks`, in micrometres."""

    code: str
    page: tuple[int, int]
    label: tuple[int, int]
    columns: int
    rows: int
    origin: tuple[int, int]
    pitch: tuple[int, int]

    @staticmethod
    def read(file: Path) -> "Stock":
        said = tomllib.loads(file.read_text())
        pair = lambda name: tuple(round(side * 1000) for side in said[name])
        label = pair("label_mm")
        if said["medium"] == "roll":
            return Stock(said["code"], label, label, 1, 1, (0, 0), label)
        origin = (round(said["left_mm"] * 1000), round(said["top_mm"] * 1000))
        return Stock(said["code"], pair("page_mm"), label, said["columns"], said["rows"], origin, pair("pitch_mm"))

    def cells(self) -> int:
        return self.columns * self.rows

    def cut(self, page: Image, dpi: int, cell: int) -> Image:
        """The label in this cell, from 0 along the rows."""
        row, column = divmod(cell, self.columns)
        left = dots(self.origin[0] + column * self.pitch[0], dpi)
        top = dots(self.origin[1] + row * self.pitch[1], dpi)
        return page[top : top + dots(self.label[1], dpi), left : left + dots(self.label[0], dpi)]


def dots(um: int, dpi: int) -> int:
    return (um * dpi + 12_700) // 25_400


STOCKS = {stock.code: stock for stock in (Stock.read(file) for file in sorted((TREE / "labels/stocks").glob("*.toml")))}


def told(*words: object) -> subprocess.CompletedProcess:
    """The program, told these words."""
    return subprocess.run([PROGRAM, *map(str, words)], cwd=WORK, capture_output=True, text=True, timeout=600)


def sheet(name: str, rows: list[dict], stock: str, dpi: int, *more: object, ending: str = "pdf") -> tuple[list[Path], str]:
    """Lays rows out; the files that were written, in order, and what was said."""
    folder = WORK / name
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "labels.csv"
    columns = dict.fromkeys(column for row in rows for column in row)
    with source.open("w", newline="") as out:
        writer = csv.DictWriter(out, list(columns), restval="")
        writer.writeheader()
        writer.writerows(rows)
    out = folder / f"{stock}-{dpi}.{ending}"
    ran = told("label", "sheet", source, "--stock", stock, "--dpi", dpi, "--out", out, *more)
    if ran.returncode != 0:
        raise NotPrinted(ran.stderr)
    return [Path(line) for line in ran.stdout.splitlines()], ran.stderr


class NotPrinted(Exception):
    """The program refused a label; the text says why."""


def pages(pdf: Path, dpi: int) -> Iterator[Image]:
    """The pages as a printer without greys puts them on paper."""
    command = ["pdftoppm", "-r", str(dpi), "-gray", "-aa", "no", "-aaVector", "no", str(pdf)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as drawing:
        while header := drawing.stdout.readline():
            assert header == b"P5\n", header
            width, height = map(int, drawing.stdout.readline().split())
            assert drawing.stdout.readline() == b"255\n"
            grey = np.frombuffer(drawing.stdout.read(width * height), np.uint8).reshape(height, width)
            yield grey < THRESHOLD
    assert drawing.returncode == 0, command


def cut(files: list[Path], stock: str, dpi: int, count: int) -> Iterator[Image]:
    """So many labels of these documents, in their order."""
    left, stock = count, STOCKS.get(stock) or stock
    for page in (page for file in files for page in pages(file, dpi)):
        for cell in range(min(stock.cells(), left)):
            yield stock.cut(page, dpi, cell)
        left -= min(stock.cells(), left)
    assert left == 0, f"{left} labels are missing"
