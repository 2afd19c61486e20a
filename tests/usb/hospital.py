"""The service in the guest, as a hospital runs it: its own user, a desk a scanner, watched by its log and its pages."""

import json
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import packages
from machine import Machine
from scanners import HONEYWELL, MODEM, ZEBRA, Scanner

#: Ports of the machine, behind the shell's.
LOG, LIVE, EARS = 2, 3, 4
#: The longest from the system's knowing of a scanner to its being usable. Emulated, the system alone may take a second.
ATTACH_S = 2.0
#: What comes in the first 50 ms after opening is not read (`scan::frame`); emulated, with room.
SETTLE_S = 0.2
CONFIG = "/hospital/casetrack.toml"
#: Another user than root, as operating the service asks for: what the rules for devices give is all it has.
AS_SERVICE = "start-stop-daemon -S -c casetrack:casetrack -x /bin/casetrack --"
#: What scanners hear when a folder is recorded, and when it is refused, by their profiles.
ACCEPTED = {ZEBRA: b"\x07", HONEYWELL: b"\x16\x07\r"}
REFUSED = {make: accepted * 3 for make, accepted in ACCEPTED.items()}


class Hospital:
    """A machine with a running service and its scanners, none of them plugged in yet."""

    def __init__(self, image: Path) -> None:
        self.timed: list[tuple[str, float]] = []
        self._began = time.monotonic()
        self.machine = Machine(image, EARS + 3, packages.HOME / "guest.log")
        self._lap("boot")
        self.library = self._scanner("library", ZEBRA, 0)
        self.clinic = self._scanner("clinic", ZEBRA, 1)
        self.ward = self._scanner("ward", HONEYWELL, 2)
        self.stranger = self._scanner("stranger", MODEM, 3)
        self._lap("scanners")
        for kind in ("places", "patients", "volumes"):
            self.machine.run(f"{AS_SERVICE} import {kind} /hospital/{kind}.csv --config {CONFIG}")
        self._lap("imports")
        self.serve()
        self._lap("service")

    def _scanner(self, name: str, make, number: int) -> Scanner:
        return Scanner(self.machine, name, make, number, EARS + number)

    def _lap(self, what: str) -> None:
        self.timed.append((what, time.monotonic() - self._began))
        self._began = time.monotonic()

    def serve(self) -> None:
        """Starts the service and waits until it answers."""
        self.machine.run(f"CASETRACK_LOG_FORMAT=json {AS_SERVICE} serve --config {CONFIG} >/dev/vport0p{LOG} 2>&1 &")
        self.machine.until("the service", lambda: b"Casetrack is ready" in self.machine.heard[LOG])
        desks = "&".join(f"desk={desk}" for desk in ("LIB-1", "CL5-1", "W7-1"))
        self.machine.run(f"wget -q -O /dev/vport0p{LIVE} 'http://127.0.0.1:8080/api/v1/live?{desks}' 2>/dev/null &")

    def mark(self) -> int:
        """A point in the log, to look for lines after it."""
        return len(self.machine.heard[LOG])

    def logged(self, mark: int, message: str, desk: str = "") -> dict | None:
        """The first line after the mark with these words, about a scanner of that desk."""
        for line in bytes(self.machine.heard[LOG][mark:]).split(b"\n")[:-1]:
            said = json.loads(line) if line.startswith(b"{") else {}
            if message in said.get("message", "") and said.get("scanner.name", "").startswith(desk):
                return said
        return None

    def says(self, mark: int, message: str, desk: str, patience_s: float = 20) -> dict:
        """Waits for such a line."""
        return self.machine.until(f"{desk}: {message}", lambda: self.logged(mark, message, desk), patience_s)

    def ask(self, path: str) -> dict:
        """What the interface for machines answers."""
        return json.loads(self._got(f"/api/v1/{path}"))

    def page(self, path: str) -> str:
        """The words of a page."""
        words = Words()
        words.feed(self._got(path))
        return " ".join(" ".join(words.said).split())

    def _got(self, path: str) -> str:
        return self.machine.call("wget", "-q", "-O", "-", f"http://127.0.0.1:8080{path}")

    def shows(self, path: str, words: str) -> None:
        """Waits until a page has these words."""
        self.machine.until(f"{path} says {words}", lambda: words in self.page(path))

    def place(self, folder: str) -> str | None:
        """Where a folder is."""
        return (self.ask(f"volumes/{folder}")["place"] or {}).get("code")

    def movements(self, folder: str) -> list[tuple[str, str]]:
        """What happened to a folder, newest first, each with the desk that it happened at."""
        return [(one["kind"], one["desk"]) for one in self.ask(f"volumes/{folder}/movements")["items"]]

    def plugged(self, scanner: Scanner, socket: int, desk: str) -> float:
        """Plugs a scanner in and waits until its desk reads it; answers how long that took once the system knew of the
        scanner, in seconds."""
        mark, plugged = self.mark(), time.monotonic()
        scanner.plug(socket)
        self.machine.run("udevadm settle")
        known = time.monotonic()
        self.says(mark, "scanner connected", desk)
        self.machine.run(f"sleep {SETTLE_S}")
        usable = time.monotonic()
        print(f"  {desk}: known {known - plugged:.2f} s after it was plugged in, usable {usable - known:.2f} s later")
        return usable - known

    def back(self, scanner: Scanner, socket: int, desk: str) -> float:
        """The same for a desk that has missed its scanner: it tells the clerk that it goes on."""
        took = self.plugged(scanner, socket, desk)
        scanner.hears(ACCEPTED[scanner.make])
        return took

    def pulled(self, scanner: Scanner, desk: str) -> None:
        """Pulls a scanner out and waits until its desk knows."""
        mark = self.mark()
        scanner.pull()
        self.says(mark, "scanner lost", desk)

    def received(self, scanner: Scanner, folder: str, desk: str) -> None:
        """Scans a folder and hears it recorded, at that desk and once."""
        scanner.scan(folder)
        scanner.hears(ACCEPTED[scanner.make])
        assert self.movements(folder)[0] == ("arrived", desk), self.movements(folder)

    def close(self) -> None:
        self.machine.close()


class Words(HTMLParser):
    """The text of a page, its markup left out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)
