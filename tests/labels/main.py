"""Runs the parts of `test/` (all, or those named), as many at once as there are processors, and tells how many of their
tests passed and failed."""

import io
import multiprocessing
import os
import sys
import time
import unittest
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

HOME = Path(__file__).parent
sys.path.insert(0, str(HOME))

#: Those that take longest begin first.
LONGEST = ["same", "firmware"]


@dataclass(frozen=True)
class Part:
    """What came of one."""

    name: str
    ran: int
    bad: int
    seconds: float
    said: str


def played(name: str) -> Part:
    """Runs one part, its files in a folder of its own."""
    import printed

    printed.WORK = printed.WORK / name
    printed.WORK.mkdir(parents=True, exist_ok=True)
    began, said = time.monotonic(), io.StringIO()
    suite = unittest.defaultTestLoader.loadTestsFromName(f"test.{name}")
    result = unittest.TextTestRunner(stream=said, verbosity=2).run(suite)
    bad = {id(test) for test, _ in result.failures + result.errors} | {id(test) for test in result.unexpectedSuccesses}
    # Parts of a test that failed count once, as that test.
    bad = min(len(bad), max(result.testsRun, 1))
    return Part(name, result.testsRun, bad, time.monotonic() - began, said.getvalue())


def main() -> int:
    import printed

    every = [path.stem for path in sorted((HOME / "test").glob("[!_]*.py"))]
    wanted = sys.argv[1:] or LONGEST + [name for name in every if name not in LONGEST]
    print(f"seed {printed.SEED}, {'full' if printed.FULL else 'short'} form", flush=True)
    told = []
    # Each begins as a program of its own: a fork would share what numpy and the readers have open.
    with ProcessPoolExecutor(min(len(wanted), os.cpu_count() or 1), multiprocessing.get_context("spawn")) as lanes:
        for part in lanes.map(played, wanted):
            print(part.said, flush=True)
            told.append(part)
    for part in told:
        print(f"{part.name:<9} {part.ran - part.bad:4} passed {part.bad:3} failed {part.seconds:5.0f} s")
    passed, failed = sum(part.ran - part.bad for part in told), sum(part.bad for part in told)
    print(f"labels: {passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    os.chdir(HOME)
    sys.exit(main())
