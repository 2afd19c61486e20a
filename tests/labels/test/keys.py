"""Every key on a printed sheet is read: the bars by zxing-cpp and zbar, the Data Matrix by zxing-cpp and libdmtx."""

import unittest

import printed
import readers
import said

STOCK = "L7160"
KEYS = 10_000 if printed.FULL else 1_000
# libdmtx takes its time.
SAMPLE = 100 if printed.FULL else 10
NO_MATRIX = "no room for the Data Matrix"
# Dots of paper around a Data Matrix that is cut out for libdmtx, in modules: less than its quiet zone.
AROUND = 1.5


class Keys(unittest.TestCase):
    def every_key_is_read(self, dpi: int) -> None:
        keys = said.formats(printed.chance(f"keys at {dpi}"), KEYS)
        files, told = printed.sheet("keys", [said.folder(key) for key in keys], STOCK, dpi)
        bare = {line.split(": ")[0] for line in told.splitlines() if NO_MATRIX in line}
        self.assertEqual([key for key in bare if not key.startswith("RXY-")], [], "only the longest keys may lose their matrix")
        labels, with_matrix = [], []
        for key, label in zip(keys, printed.cut(files, STOCK, dpi, len(keys)), strict=True):
            found = readers.zxing(label)
            self.assertEqual(readers.texts(found, readers.LINEAR), [key], f"bars, zxing-cpp, {dpi} dpi")
            matrix = [one for one in found if one.format == readers.MATRIX]
            self.assertEqual([one.text for one in matrix], [] if key in bare else [key], f"matrix, zxing-cpp, {dpi} dpi")
            labels.append(label)
            with_matrix.extend((key, label, one) for one in matrix if len(with_matrix) < KEYS)
            if len(labels) == readers.AT_ONCE:
                self.zbar_reads(keys[:KEYS], labels, dpi)
        self.zbar_reads(keys, labels, dpi)
        for key, label, one in printed.chance(f"sample at {dpi}").sample(with_matrix, SAMPLE):
            left, top, right, bottom = readers.corners(one)
            edge = round(AROUND * (right - left) / 16)
            cut = label[max(top - edge, 0) : bottom + edge, max(left - edge, 0) : right + edge]
            self.assertEqual(readers.dmtx(cut), key, f"matrix, libdmtx, {dpi} dpi")

    def zbar_reads(self, keys: list[str], labels: list, dpi: int) -> None:
        """Checks and forgets the labels that were gathered, which are the next ones of the keys."""
        begin = self.read_by_zbar
        for key, read in zip(keys[begin : begin + len(labels)], readers.zbar(labels), strict=True):
            self.assertEqual(read, [key], f"bars, zbar, {dpi} dpi")
        self.read_by_zbar += len(labels)
        labels.clear()

    def setUp(self) -> None:
        self.read_by_zbar = 0

    def test_every_key_is_read_at_203_dpi(self) -> None:
        self.every_key_is_read(203)

    def test_every_key_is_read_at_300_dpi(self) -> None:
        self.every_key_is_read(300)

    def test_every_key_is_read_at_600_dpi(self) -> None:
        self.every_key_is_read(600)
