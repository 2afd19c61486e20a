"""Other renderers: ZPL by zebrash (zpl-renderer-js), SVG by resvg, PNG as it is."""

import base64
import io
import json
import subprocess
from pathlib import Path

import numpy as np
import printed
from PIL import Image
from zpl import for_the_renderer

# Dots to the millimetre that a label printer's language knows.
DOTS_A_MM = {203: 8, 300: 12, 600: 24}


def png(file: Path | io.BytesIO) -> printed.Image:
    """A picture with a pixel a dot."""
    with Image.open(file) as picture:
        return np.asarray(picture.convert("L")) < printed.THRESHOLD


def svg(files: list[Path]) -> list[printed.Image]:
    """SVGs as resvg draws them."""
    subprocess.run(["node", printed.HOME / "svg.mjs", *files], check=True, timeout=600)
    return [png(Path(f"{file}.png")) for file in files]


def zpl(texts: list[str], stock: str, dpi: int) -> list[list[printed.Image]]:
    """For each text, the labels that the renderer sees in it."""
    width, height = (side / 1000 for side in printed.STOCKS[stock].label)
    asked = [{"zpl": for_the_renderer(text), "width_mm": width, "height_mm": height, "dots_mm": DOTS_A_MM[dpi]} for text in texts]
    command = ["node", printed.HOME / "zpl.mjs"]
    told = subprocess.run(command, input="\n".join(map(json.dumps, asked)), capture_output=True, text=True, check=True, timeout=900)
    drawn = [json.loads(line) for line in told.stdout.splitlines()]
    assert len(drawn) == len(texts), told.stderr
    return [[png(io.BytesIO(base64.b64decode(label))) for label in labels] for labels in drawn]
