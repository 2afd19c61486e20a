"""Plays the chapters of `story/` (all, or those named) in the guest, and tells how many of their claims hold.

A claim is a public function of a chapter; its name is what it claims. They are played in the order of the file, in one
hospital, and a later one may build on what an earlier one has done."""

import importlib
import inspect
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from types import FunctionType, ModuleType

import packages

#: The others go on from scanners that are plugged in and have scanned.
FIRST, OTHERS = ["plugged", "scans"], ["pulled", "strangers", "locked", "typed"]


def claims(chapter: ModuleType) -> list[FunctionType]:
    """In the order of the file."""
    own = [one for one in vars(chapter).values() if inspect.isfunction(one) and one.__module__ == chapter.__name__]
    return [one for one in own if not one.__name__.startswith("_")]


def holds(claim: FunctionType, here: object) -> bool:
    began = time.monotonic()
    try:
        claim(here)
    except Exception as error:
        at = next(frame for frame in traceback.extract_tb(error.__traceback__) if "/story/" in frame.filename)
        print(f"not ok {claim.__name__} ({time.monotonic() - began:.1f} s)")
        print(f"  {Path(at.filename).name}:{at.lineno}: {at.line}\n  {type(error).__name__}: {error}", flush=True)
        return False
    print(f"ok {claim.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
    return True


def play(chapters: list[ModuleType]) -> tuple[int, int]:
    """How many claims hold, and how many do not."""
    import hospital
    import image

    began = time.monotonic()
    files = image.build(Path(os.environ["CASETRACK_BIN"]))
    print(f"# image: {files.stat().st_size >> 20} MB, {time.monotonic() - began:.1f} s", flush=True)
    here = hospital.Hospital(files)
    try:
        held = []
        for chapter in chapters:
            held += [holds(claim, here) for claim in claims(chapter)]
            here.lap(chapter.__name__)
    finally:
        here.close()
    return held.count(True), held.count(False)


def main() -> int:
    began = time.monotonic()
    # Whoever has no more patience with this program ends the guest too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    chapters = [importlib.import_module(f"story.{name}") for name in FIRST + (sys.argv[1:] or OTHERS)]
    try:
        packages.fetch()
    except packages.Missing as why:
        skipped = sum(len(claims(chapter)) for chapter in chapters)
        print(f"NOT TRIED: qemu and a kernel cannot be had here, so nothing of the USB stack was tried.\n{why}")
        print(f"usb: 0 passed, 0 failed, {skipped} skipped")
        return 0
    print(f"# packages: {time.monotonic() - began:.1f} s", flush=True)
    passed, failed = play(chapters)
    print(f"usb: {passed} passed, {failed} failed, 0 skipped, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
