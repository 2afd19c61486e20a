"""The foreign readers: zxing-cpp, zbar, libdmtx. An image is dots, true is ink."""

import subprocess
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

import numpy as np
import zxingcpp

LINEAR = zxingcpp.BarcodeFormat.Code128
LINEAR_39 = zxingcpp.BarcodeFormat.Code39
MATRIX = zxingcpp.BarcodeFormat.DataMatrix
# Images that zbarimg is given at once: it keeps each only while it reads it, but a command line has an end.
AT_ONCE = 200
# libdmtx looks at a busy machine as long as it is allowed to; one symbol an image never needs so much.
DMTX_PATIENCE_MS = 10_000


def grey(image: np.ndarray) -> np.ndarray:
    """Ink as black on white; what is grey already stays."""
    return np.where(image, 0, 255).astype(np.uint8) if image.dtype == bool else np.ascontiguousarray(image)


def zxing(image: np.ndarray, *formats) -> list:
    """Every symbol of these kinds (linear ones and Data Matrix, unless told)."""
    wanted = zxingcpp.BarcodeFormats(formats or [LINEAR, MATRIX])
    return zxingcpp.read_barcodes(grey(image), formats=wanted, try_downscale=False)


def texts(found: list, kind) -> list[str]:
    return [one.text for one in found if one.format == kind]


def zbar(images: list[np.ndarray], kind: str = "code128") -> list[list[str]]:
    """What zbar reads of this kind in each image."""
    read = []
    for begin in range(0, len(images), AT_ONCE):
        with tempfile.TemporaryDirectory() as folder:
            files = [put(Path(folder) / f"{at:04}.pgm", image) for at, image in enumerate(images[begin : begin + AT_ONCE])]
            command = ["zbarimg", "--quiet", "--xml", "-Sdisable", f"-S{kind}.enable", *files]
            told = subprocess.run(command, capture_output=True, timeout=600).stdout
            found = {Path(source.get("href")).name: source for source in xml.fromstring(told).findall(".//{*}source")}
            for file in files:
                source = found.get(Path(file).name)
                symbols = source.findall(".//{*}data") if source is not None else ()
                read.append([data.text or "" for data in symbols])
    return read


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
