"""What labels say: keys of the formats that hospitals have, names that are easy and names that are hard."""

import random

FORMATS = {
    "ours": "V#########",
    "letter and six": "A######",
    "seven digits": "#######",
    "site, seven, volume": "RXY-#######-V##",
    "ten digits": "##########",
}


def keys(chance: random.Random, pattern: str, count: int) -> list[str]:
    """So many different keys; `#` is a digit, `A` a letter where it stands first."""
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        letter = chance.choice("ABCDEFGHJKLMNPQRSTUVWXYZ")
        key = "".join(chance.choice("0123456789") if sign == "#" else sign for sign in pattern)
        drawn[letter + key[1:] if pattern.startswith("A") else key] = None
    return list(drawn)


def formats(chance: random.Random, count: int) -> list[str]:
    """Keys of every format in turn."""
    each = [keys(chance, pattern, -(-count // len(FORMATS))) for pattern in FORMATS.values()]
    return [key for row in zip(*each) for key in row][:count]


def mixed(chance: random.Random, count: int) -> list[str]:
    """Printable ASCII of 1 to 20 characters; a CSV file trims spaces at the ends, so there are none."""
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        length = chance.randint(1, 20)
        digits = chance.random()
        signs = (chance.choice("0123456789") if chance.random() < digits else chr(chance.randint(33, 126)) for _ in range(length))
        drawn["".join(signs)] = None
    return list(drawn)


PLAIN = {"surname": "SMITH", "forename": "John"}
HARD = {
    "60 letters": {"surname": "WOLFESCHLEGELSTEINHAUSENBERGERDORFFWELCHEVORALTERNWARENGEWIS", "forename": "Hubert Blaine"},
    "accents": {"surname": "NÚÑEZ-ŐŘEȘ", "forename": "Ægir Þórður Łukasz"},
    "double-barrelled": {"surname": "FEATHERSTONEHAUGH-CHOLMONDELEY", "forename": "Bartholomew Maximilian"},
    "Greek": {"surname": "ΠΑΠΑΔΟΠΟΥΛΟΣ", "forename": "Γεώργιος"},
    "Cyrillic": {"surname": "ШЕВЧЕНКО", "forename": "Їжак Євген"},
    "Hebrew": {"surname": "כהן", "forename": "Ana"},
}
FOLDER = {
    "born": "born 12-Mar-1950",
    "number": "A123456",
    "nhs": "NHS 943 476 5919",
    "volume": "Vol 2 of 3",
    "home": "Shelf B 12",
    "digits": "123456",
    "printed": "28-Nov-2026, label 2",
}
WARNINGS = {"warning": "TEMPORARY", "second": "SAME NAME, MENTAL HEALTH"}


def folder(key: str, name: dict = PLAIN, **more: str) -> dict:
    """The row of a folder's cover."""
    return {"kind": "volume", "key": key, **FOLDER, **name, **more}
