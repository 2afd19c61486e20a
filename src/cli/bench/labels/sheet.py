"""The sheet of `casetrack bench labels` drawn with reportlab: the same texts, bars and Data Matrix, 21 a page.

reportlab makes its bars itself, and its Data Matrix too, which is always 44 modules wide. Where the column `matrix` is
given, it is spared that: the modules of ours stand there, dark runs of a row as start+length, rows from the top.
"""
import csv
import sys

from reportlab.graphics.barcode import createBarcodeDrawing
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

for name in ("NotoSans-Regular", "NotoSans-Bold", "NotoSansMono-Bold"):
    pdfmetrics.registerFont(TTFont(name, name + ".ttf"))

rows, out = sys.argv[1:3]
canvas = Canvas(out, pagesize=(210 * mm, 297 * mm), pageCompression=1)


def text(font, size, x, y, says, right=False):
    canvas.setFont(font, size)
    (canvas.drawRightString if right else canvas.drawString)(x, y, says)


with open(rows, newline="", encoding="utf-8") as file:
    for number, row in enumerate(csv.DictReader(file)):
        cell = number % 21
        if number and not cell:
            canvas.showPage()
        left = 7.25 * mm + cell % 3 * 66.04 * mm
        up = (297 - 15.15 - (cell // 3 + 1) * 38.1) * mm
        right = left + 61 * mm
        text("NotoSans-Bold", 12, left + 2.5 * mm, up + 31 * mm, row["surname"] + ", " + row["forename"])
        text("NotoSans-Bold", 9, left + 2.5 * mm, up + 25.5 * mm, row["born"])
        text("NotoSans-Bold", 9, right, up + 25.5 * mm, row["number"], True)
        text("NotoSans-Bold", 11, left + 2.5 * mm, up + 21 * mm, row["volume"])
        text("NotoSans-Regular", 7.5, right, up + 22 * mm, row["nhs"], True)
        text("NotoSansMono-Bold", 9, left + 3.5 * mm, up + 2.6 * mm, row["key"])
        text("NotoSans-Regular", 5.5, left + 50 * mm, up + 2 * mm, row["printed"], True)
        bars = Code128(row["key"], barWidth=0.34 * mm, barHeight=7.4 * mm, quiet=0)
        bars.drawOn(canvas, left + 4 * mm, up + 5.2 * mm)
        if "matrix" not in row:
            matrix = createBarcodeDrawing("ECC200DataMatrix", value=row["key"], width=7.14 * mm, height=7.14 * mm)
            matrix.drawOn(canvas, left + 53 * mm, up + 2.4 * mm)
            continue
        side = 0.51 * mm
        for down, runs in enumerate(row["matrix"].split("/")):
            for run in filter(None, runs.split()):
                start, length = map(int, run.split("+"))
                canvas.rect(left + 53 * mm + start * side, up + 9 * mm - down * side, length * side, side, 0, 1)
canvas.save()
