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


class Keys(unittest.TestCase):
    def every_key_is_read(self, dpi: int) -> None:
        keys = said.formats(printed.chance(f"keys at {dpi}"), KEYS)
        files, told = printed.sheet("keys", [said.folder(key) for key in keys], STOCK, dpi)
        bare = {line.split(": ")[0] for line in told.splitlines() if NO_MATRIX in line}
        self.assertEqual([key for key in bare if not key.startswith("RXY-")], [], "only the longest keys may lose their matrix")
        with_matrix = []
        for key, label in zip(keys, printed.cut(files, STOCK, dpi, len(keys)), strict=True):
            found = readers.zxing(label)
            self.assertEqual(readers.texts(found, readers.LINEAR), [key], f"bars, zxing-cpp, {dpi} dpi")
            matrix = [one for one in found if one.format == readers.MATRIX]
            self.assertEqual([one.text for one in matrix], [] if key in bare else [key], f"matrix, zxing-cpp, {dpi} dpi")
            self.assertEqual(readers.zbar(label), [key], f"bars, zbar, {dpi} dpi")
            with_matrix.extend((key, readers.around(label, one)) for one in matrix)
        for key, symbol in printed.chance(f"sample at {dpi}").sample(with_matrix, SAMPLE):
            self.assertEqual(readers.dmtx(symbol), key, f"matrix, libdmtx, {dpi} dpi")

    def test_every_key_is_read_at_203_dpi(self) -> None:
        self.every_key_is_read(203)

    def test_every_key_is_read_at_300_dpi(self) -> None:
        self.every_key_is_read(300)

    def test_every_key_is_read_at_600_dpi(self) -> None:
        self.every_key_is_read(600)
