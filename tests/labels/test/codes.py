"""Linear symbols: Code 128 is never longer than zint makes it; GS1-128 and Code 39 are read."""

import math
import unittest

import numpy as np
import printed
import readers
import said
import zint

DPI = 203
KEYS = 10_000 if printed.FULL else 1_000
FEW = KEYS // 10
STRIPS = printed.Stock.read(printed.HOME / "stocks/strips.toml")
FNC1 = "\x1d"


def strips(name: str, keys: list[str], template: str) -> list[printed.Image]:
    """Bars alone, one strip of paper a key."""
    rows = [{"kind": "volume", "key": key} for key in keys]
    own = ("--stocks", printed.HOME / "stocks", "--templates", printed.HOME / "templates", "--template", template)
    files, _ = printed.sheet(name, rows, "strips", DPI, *own)
    return list(printed.cut(files, STRIPS, DPI, len(keys)))


def modules(strip: printed.Image) -> int:
    """How many modules the bars of a strip are long. Every Code 128 has bars or gaps of one module."""
    row = strip[strip.shape[0] // 2].astype(np.int8)
    edges = np.flatnonzero(np.diff(row, prepend=0, append=0))
    return int(edges[-1] - edges[0]) // math.gcd(*map(int, np.diff(edges)))




class Codes(unittest.TestCase):
    def test_code_128_is_never_longer_than_zint_makes_it_and_is_read(self) -> None:
        chance = printed.chance("codes")
        keys = said.formats(chance, KEYS // 2) + said.mixed(chance, KEYS // 2)
        longer = []
        for key, strip, by_zint in zip(keys, strips("code128", keys, "code128"), zint.code_128(keys), strict=True):
            self.assertEqual((modules(strip) - zint.STOP) % zint.CHARACTER, 0)
            self.assertEqual(readers.texts(readers.zxing(strip, readers.LINEAR), readers.LINEAR), [key])
            longer.extend([key] if modules(strip) > len(by_zint) else [])
        self.assertEqual(longer, [])

    def test_gs1_128_is_read_as_gs1(self) -> None:
        chance = printed.chance("gs1")
        keys = [f"8004{''.join(chance.choices('0123456789ABXYZ', k=chance.randint(4, 16)))}{FNC1}21{number}" for number in range(FEW)]
        for key, strip in zip(keys, strips("gs1", keys, "gs1"), strict=True):
            (found,) = readers.zxing(strip, readers.LINEAR)
            self.assertEqual((found.text, found.symbology_identifier), (key, "]C1"))

    def test_code_39_is_read_by_both(self) -> None:
        keys = said.keys(printed.chance("code 39"), "A######", FEW) + ["RXY-0123", "A B.C/D", "$+%"]
        for key, strip in zip(keys, strips("code39", keys, "code39"), strict=True):
            self.assertEqual([found.text for found in readers.zxing(strip, readers.LINEAR_39)], [key])
            self.assertEqual(readers.zbar(strip, readers.ZBAR_39), [key])
