"""Code 128 as zint makes it: the control beside our own."""

import subprocess

import printed

# A character has eleven modules, the stop two more (ISO/IEC 15417).
CHARACTER, STOP = 11, 2


def code_128(keys: list[str]) -> list[str]:
    """The modules of each symbol, `1` is dark. zint tells them in hexadecimal, filled up to whole digits."""
    source = printed.WORK / "zint.txt"
    source.write_text("".join(f"{key}\n" for key in keys))
    command = ["zint", "--barcode=CODE128", "--dump", "--batch", f"--input={source}"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    bits = ["".join(f"{int(digit, 16):04b}" for digit in line.replace(" ", "")) for line in lines]
    return [symbol[: len(symbol) // CHARACTER * CHARACTER + STOP] for symbol in bits]


def placed(symbol: str, module_mm: float, dpi: int) -> printed.Image:
    """A symbol with modules of this length, wherever they come to lie, as a writer that knows no printer places it."""
    module, quiet, height = module_mm * dpi / 25.4, 10, 100
    point = 72 / dpi
    bars = " ".join(f"{(quiet + at) * module:.6f} 0 {module:.6f} {height} re" for at, bit in enumerate(symbol) if bit == "1")
    stream = f"{point:.6f} 0 0 {point:.6f} 0 0 cm {bars} f"
    page = f"{(len(symbol) + 2 * quiet) * module * point:.4f} {height * point:.4f}"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {page}]/Contents 4 0 R>>",
        f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream",
    ]
    body, starts = "%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        starts.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    rows = "".join(f"{start:010} 00000 n \n" for start in starts)
    end = f"xref\n0 5\n0000000000 65535 f \n{rows}trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    file = printed.WORK / "placed.pdf"
    file.write_text(body + end)
    (image,) = printed.pages(file, dpi)
    return image
