"""Runs the tests of `test/` (all, or those named) and tells how many passed and failed."""

import os
import sys
import time
import unittest
from pathlib import Path

HOME = Path(__file__).parent
sys.path.insert(0, str(HOME))


def main() -> int:
    import printed

    wanted = sys.argv[1:] or [path.stem for path in sorted((HOME / "test").glob("[!_]*.py"))]
    print(f"seed {printed.SEED}, {'full' if printed.FULL else 'short'} form", flush=True)
    passed = failed = 0
    told = []
    for name in wanted:
        began = time.monotonic()
        suite = unittest.defaultTestLoader.loadTestsFromName(f"test.{name}")
        result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
        bad = {id(test) for test, _ in result.failures + result.errors} | {id(test) for test in result.unexpectedSuccesses}
        # Parts of a test that failed count once, as that test.
        bad = min(len(bad), max(result.testsRun, 1))
        passed, failed = passed + result.testsRun - bad, failed + bad
        told.append(f"{name:<9} {result.testsRun - bad:4} passed {bad:3} failed {time.monotonic() - began:5.0f} s")
    print("\n" + "\n".join(told))
    print(f"labels: {passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    os.chdir(HOME)
    sys.exit(main())
