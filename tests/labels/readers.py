"""The foreign readers: zxing-cpp, zbar, libdmtx. An image is dots, true is ink."""

import ctypes
import functools
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import zxingcpp

LINEAR = zxingcpp.BarcodeFormat.Code128
LINEAR_39 = zxingcpp.BarcodeFormat.Code39Std
MATRIX = zxingcpp.BarcodeFormat.DataMatrix
# libdmtx looks at a busy machine as long as it is allowed to; one symbol an image never needs so much.
DMTX_PATIENCE_MS = 10_000


def grey(image: np.ndarray) -> np.ndarray:
    """Ink as black on white; what is grey already stays."""
    return np.where(image, 0, 255).astype(np.uint8) if image.dtype == bool else np.ascontiguousarray(image)


def zxing(image: np.ndarray, *formats) -> list:
    """Every symbol of these kinds (linear ones and Data Matrix, unless told) on a label that lies as it was printed."""
    return _zxing(image, formats, try_downscale=False, try_rotate=False, try_invert=False)


def zxing_at_length(image: np.ndarray, *formats) -> list:
    """The same with all that the reader can try, both its ways to tell ink from paper too: for what is worn."""
    ways = (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram)
    found = [one for way in ways for one in _zxing(image, formats, binarizer=way)]
    return list({(one.format, one.text): one for one in found}.values())


def _zxing(image: np.ndarray, formats: tuple, **how: object) -> list:
    wanted = zxingcpp.BarcodeFormats(formats or [LINEAR, MATRIX])
    return zxingcpp.read_barcodes(grey(image), formats=wanted, text_mode=zxingcpp.TextMode.Plain, **how)


def texts(found: list, kind) -> list[str]:
    return [one.text for one in found if one.format == kind]


def zbar(image: np.ndarray, kind: int = 0) -> list[str]:
    """What zbar reads of this kind (Code 128, unless told)."""
    scanner, picture = _zbar_scanner(kind or ZBAR_128), grey(image)
    height, width = picture.shape
    held = ZBAR.zbar_image_create()
    ZBAR.zbar_image_set_format(held, int.from_bytes(b"Y800", "little"))
    ZBAR.zbar_image_set_size(held, width, height)
    data = picture.tobytes()
    ZBAR.zbar_image_set_data(held, data, len(data), None)
    ZBAR.zbar_scan_image(scanner, held)
    read, symbol = [], ZBAR.zbar_image_first_symbol(held)
    while symbol:
        read.append(ZBAR.zbar_symbol_get_data(symbol).decode())
        symbol = ZBAR.zbar_symbol_next(symbol)
    ZBAR.zbar_image_destroy(held)
    return read


@functools.cache
def _zbar_scanner(kind: int) -> int:
    scanner = ZBAR.zbar_image_scanner_create()
    for symbology, setting, value in [(0, ENABLE, 0), (kind, ENABLE, 1), (0, X_DENSITY, 0), (0, Y_DENSITY, ROWS_APART)]:
        assert ZBAR.zbar_image_scanner_set_config(scanner, symbology, setting, value) == 0
    return scanner


def _zbar_library() -> ctypes.CDLL:
    """The library itself: `zbarimg` spends nine tenths of its time on reading files."""
    library = ctypes.CDLL("libzbar.so.0")
    for name in ("image_create", "image_scanner_create", "image_first_symbol", "symbol_next"):
        getattr(library, f"zbar_{name}").restype = ctypes.c_void_p
    library.zbar_symbol_get_data.restype = ctypes.c_char_p
    pointer, number = ctypes.c_void_p, ctypes.c_ulong
    library.zbar_image_set_format.argtypes = [pointer, number]
    library.zbar_image_set_size.argtypes = [pointer, ctypes.c_uint, ctypes.c_uint]
    library.zbar_image_set_data.argtypes = [pointer, ctypes.c_char_p, number, pointer]
    library.zbar_image_scanner_set_config.argtypes = [pointer, ctypes.c_int, ctypes.c_int, ctypes.c_int]
    library.zbar_scan_image.argtypes = [pointer, pointer]
    for name in ("image_first_symbol", "image_destroy", "symbol_next", "symbol_get_data"):
        getattr(library, f"zbar_{name}").argtypes = [pointer]
    return library


ZBAR = _zbar_library()
# As zbar.h numbers them.
ZBAR_128, ZBAR_39 = 128, 39
ENABLE, X_DENSITY, Y_DENSITY = 0, 0x100, 0x101
# It sweeps from left to right alone, in every fourth row: labels lie as they were printed.
ROWS_APART = 4


def dmtx(image: np.ndarray) -> str:
    """What libdmtx reads in an image of one symbol."""
    with tempfile.TemporaryDirectory() as folder:
        file = put(Path(folder) / "symbol.pgm", image)
        command = ["dmtxread", "--stop-after=1", f"--milliseconds={DMTX_PATIENCE_MS}", file]
        return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout


def put(file: Path, image: np.ndarray) -> str:
    picture = grey(image)
    height, width = picture.shape
    file.write_bytes(b"P5\n%d %d\n255\n" % (width, height) + picture.tobytes())
    return str(file)


def corners(found) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of a symbol as zxing-cpp saw it."""
    at = found.position
    points = [at.top_left, at.top_right, at.bottom_left, at.bottom_right]
    across, down = [point.x for point in points], [point.y for point in points]
    return min(across), min(down), max(across), max(down)


# Paper that is cut out with a Data Matrix, in hundredths of its side: less than its quiet zone.
AROUND = 8


def around(image: np.ndarray, found) -> np.ndarray:
    """A symbol cut out of its label."""
    left, top, right, bottom = corners(found)
    edge = AROUND * (right - left) // 100
    return image[max(top - edge, 0) : bottom + edge, max(left - edge, 0) : right + edge].copy()
