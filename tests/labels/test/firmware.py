"""Every sheet that programmes a scanner is read back byte for byte, with the reader-initialisation flag where the brand
wants it; then the proof, and the cards of a desk. What must be read is taken from the profiles' files and the symbols'
own words, not from the program."""

import re
import tomllib
import unittest

import drawn
import printed
import readers

PROFILES = printed.TREE / "firmware-config/profiles"
DPIS = (203, 300)
ALL = (readers.LINEAR, readers.LINEAR_39)
CARRIERS = {"code128-fnc3": True, "code128": False}
# The proof as the sheets promise it: the bytes, the AIM identifier.
PROOF = [
    (b"C1736", "]C0"),
    (b"C1833", "]A0"),
    (b"91PROOF\x1d92GS", "]C1"),
    (b"proof-azy@#", "]C0"),
    (b"C1930", "]C0"),
    (b"C2027", "]C0"),
]


def over(base: dict, own: dict) -> dict:
    """A profile on top of the one that it is like."""
    both = {name: over(base[name], own[name]) for name in base if isinstance(base[name], dict) and isinstance(own.get(name), dict)}
    return base | own | both


def profiles() -> dict[str, dict]:
    read = {file.stem: tomllib.loads(file.read_text()) for file in sorted(PROFILES.glob("*.toml"))}
    return {name: over(read[said["like"]], said) if "like" in said else said for name, said in read.items()}


def programmed(profile: dict, interface: str) -> list[tuple[bytes, bool]]:
    """What its symbols say, in their order, and whether FNC3 stands first."""
    steps = profile["program"].get("step", [])
    for_it = [step for step in steps if interface in step.get("interfaces", [interface])]
    return [(step["payload"].encode(), CARRIERS[step["symbology"]]) for step in for_it if step["symbology"] in CARRIERS]


def down(found: list) -> list:
    """From the top of the page to its end, then from the left."""
    return sorted(found, key=lambda one: (readers.corners(one)[1] // 40, readers.corners(one)[0]))


def sheet(name: str, interface: str, dpi: int, *more: str) -> list:
    """The symbols of a sheet as a foreign reader sees its pictures."""
    folder = printed.WORK / "firmware"
    folder.mkdir(parents=True, exist_ok=True)
    out = folder / f"{name}-{interface}-{dpi}.png"
    ran = printed.told("scanner", "sheet", name, "--interface", interface, "--dpi", dpi, "--out", out, *more)
    assert ran.returncode == 0, ran.stderr
    pages = [drawn.png(file) for file in ran.stdout.splitlines()]
    return [one for page in pages for one in down(readers.zxing(page, *ALL))]


class Firmware(unittest.TestCase):
    def every_sheet_is_read(self, dpi: int) -> None:
        sheets = [(name, said, interface) for name, said in profiles().items() for interface in said.get("program", {}).get("interfaces", [])]
        self.assertGreater(len(sheets), 30)
        for name, said, interface in sheets:
            with self.subTest(name=name, interface=interface, dpi=dpi):
                found = sheet(name, interface, dpi, "--unverified")
                steps, proof = found[: -len(PROOF)], found[-len(PROOF) :]
                read = [(one.bytes, bool((one.extra or {}).get("ReaderInit"))) for one in steps]
                self.assertEqual(read, programmed(said, interface))
                self.assertEqual([(one.bytes, one.symbology_identifier) for one in proof], PROOF)
                self.assertFalse(any((one.extra or {}).get("ReaderInit") for one in proof), "no scanner takes the proof for an order")

    def test_every_sheet_is_read_at_203_dpi(self) -> None:
        self.every_sheet_is_read(203)

    def test_every_sheet_is_read_at_300_dpi(self) -> None:
        self.every_sheet_is_read(300)

    def test_the_pdf_is_the_picture(self) -> None:
        out = printed.WORK / "firmware/newland.pdf"
        out.parent.mkdir(parents=True, exist_ok=True)
        self.assertEqual(printed.told("scanner", "sheet", "newland-hr22", "--out", out).returncode, 0)
        found = [one for page in printed.pages(out, 300) for one in down(readers.zxing(page, *ALL))]
        read = [(one.bytes, bool((one.extra or {}).get("ReaderInit"))) for one in found]
        steps = [(b"@SETUPE1", True), (b"@INTERF8", True), (b"@SETUPE0", True)]
        self.assertEqual(read, steps + [(said, False) for said, _ in PROOF])

    def test_what_nobody_has_confirmed_is_not_printed_unasked(self) -> None:
        ran = printed.told("scanner", "sheet", "newland-hr22", "--out", printed.WORK / "firmware/unasked.png")
        self.assertIn("left out, because nobody has confirmed its code: AIM identifier", ran.stderr)
        found = sheet("newland-hr22", "usb-serial", 300)
        self.assertNotIn(b"@AIDENA1", [one.bytes for one in found])

    def test_the_cards_of_a_desk_are_read(self) -> None:
        for dpi in DPIS:
            out = printed.WORK / f"firmware/cards-{dpi}.png"
            ran = printed.told("label", "cards", "--stock", "a4-cards", "--dpi", dpi, "--out", out)
            self.assertEqual(ran.returncode, 0, ran.stderr)
            read = [readers.texts(readers.zxing(drawn.png(file)), readers.LINEAR) for file in ran.stdout.splitlines()]
            self.assertTrue(all(len(texts) == 1 and re.fullmatch(r"C\d{4}", texts[0]) for texts in read), read)
            self.assertEqual(len({texts[0] for texts in read}), 16 + 9)
