"""Bars in ZPL as its guide explains them (Zebra, ZPL II Programming Guide, `^BC` in mode N)."""

import re

BARS = re.compile(r"\^BCN,(?P<height>\d+),N,N,N,N\^FH_\^FD(?P<data>[^^~]*)\^FS")
START = {">:": "B", ">;": "C"}
CHANGE = {">5": "C", ">6": "B"}
SIGNS = {">0": ">", ">8": "\x1d"}
# What the renderer gets wrong: the change to set C, and a last character that stands alone after any such pair.
MISREAD = re.compile(">5|>.[^>]$")


def unescaped(data: str) -> str:
    return re.sub("_([0-9A-F]{2})", lambda pair: chr(int(pair[1], 16)), data)


def read(data: str) -> str:
    """What the field data say."""
    parts = re.findall(r">.|[^>]", unescaped(data))
    code_set, said, digits = START[parts[0]], "", 0
    for part in parts[1:]:
        if part in CHANGE:
            assert code_set != CHANGE[part] and digits % 2 == 0, data
            code_set = CHANGE[part]
            continue
        assert code_set == "B" or part.isdigit() or part == ">8", data
        digits = digits + 1 if code_set == "C" and part.isdigit() else 0
        said += SIGNS.get(part, part)
    assert digits % 2 == 0, data
    return said


def said(label: str) -> str:
    """What the bars of a label say; there is one symbol of them."""
    (bars,) = BARS.finditer(label)
    return read(bars["data"])


def for_the_renderer(label: str) -> str:
    """The renderer (zebrash, in zpl-renderer-js 3.4.0) takes `>5` for no change of set, and loses a last character that
    stands alone after an invocation: such bars are left to its own choice of sets (mode A), which is as short, and for keys
    of our formats the same. That the fields themselves are right is told by `said`."""

    def chosen(bars: re.Match) -> str:
        if not MISREAD.search(unescaped(bars["data"])):
            return bars[0]
        data = "".join(f"_{ord(sign):02X}" for sign in read(bars["data"]))
        return f"^BCN,{bars['height']},N,N,N,A^FH_^FD{data}^FS"

    return BARS.sub(chosen, label)
