"""The service in the guest, as a hospital runs it: its own user, a desk a scanner, watched by its log and its pages."""

import json
import shlex
import time
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import packages
from machine import PATIENCE_S, Machine
from scanners import HONEYWELL, HONEYWELL_POS, MODEM, VISITOR, ZEBRA, ZEBRA_KEYBOARD, Keyboard, Make, PointOfSale, Scanner, Serial

#: Ports of the machine, behind the shell's.
LOG, LIVE, EARS = 2, 3, 4
#: The longest from a scanner's being plugged in to its being usable.
ATTACH_S = 2.0
#: How often a scanner may be plugged in for that: an emulated machine is late at times with what is not the program's. Each
#: time is told.
ATTACH_TRIES = 3
#: What comes in the first 50 ms after opening is not read (`scan::frame`); emulated, with room.
SETTLE_S = 0.2
CONFIG = "/hospital/casetrack.toml"
SERVICE = "http://127.0.0.1:8080"
#: Another user than root, as operating the service asks for: what the rules for devices give is all it has.
AS_SERVICE = "start-stop-daemon -S -c casetrack:casetrack -x /bin/casetrack --"
#: What scanners hear when they are opened: Honeywell's own beep is silenced, since the host's means "recorded".
OPENED = {HONEYWELL: b"\x16M\rBEPBEP0!", VISITOR: b"\x16M\rBEPBEP0!"}
#: What scanners hear when a folder is recorded, and when it is refused, by their profiles.
_HONEYWELL = b"\x16\x07\r"
ACCEPTED = {ZEBRA: b"\x07", HONEYWELL: _HONEYWELL, VISITOR: _HONEYWELL, HONEYWELL_POS: b"\xfd\x03" + _HONEYWELL, ZEBRA_KEYBOARD: b""}
REFUSED = {make: ACCEPTED[make] * 3 for make in (ZEBRA, HONEYWELL, VISITOR)}


@dataclass(frozen=True)
class Desk:
    """A desk of the configuration: how its scanner is named there, the socket that it is plugged into first, and the
    number of the desk's pairing card."""

    code: str
    port: str
    socket: int
    pairing: int


@dataclass(frozen=True)
class Attached:
    """How long it took from a scanner's being plugged in until the system had made its file, and until it was usable; and
    how long the guest stood still meanwhile, since this machine was busy otherwise."""

    known_s: float
    usable_s: float
    stood_s: float

    def in_time(self) -> bool:
        return self.usable_s - self.stood_s <= ATTACH_S

    def __str__(self) -> str:
        return f"usable after {self.usable_s:.2f} s, its file made after {self.known_s:.2f} s; {self.stood_s:.2f} s stood still"


LIBRARY = Desk("LIB-1", "/dev/serial/by-path/platform-dummy_hcd.0-usb-0:1:1.0", 0, 30)
CLINIC = Desk("CL5-1", "usb://2-1", 1, 31)
WARD = Desk("W7-1", "usb-serial://0c2e:0901/18290B4D7C", 2, 32)
ADMISSIONS = Desk("ADM-1", "usb://5-1", 4, 33)
SECRETARY = Desk("SEC-1", "usb://6-1", 5, 34)
DESKS = (LIBRARY, CLINIC, WARD, ADMISSIONS, SECRETARY)
#: Sockets of no desk.
STRANGERS_SOCKET, SPARE_SOCKET = 3, 6


class Hospital:
    """A machine with a running service and its scanners, none of them plugged in yet."""

    def __init__(self, image: Path) -> None:
        self._began, self._worked = time.monotonic(), 0.0
        #: By port: the point in the log at which its scanner was last pulled out.
        self.pulled_at: dict[str, int] = {}
        self.machine = Machine(image, EARS + 6, packages.HOME / "guest.log")
        self.lap("boot")
        self.library = self._scanner(Serial, "library", ZEBRA, 0)
        self.clinic = self._scanner(Serial, "clinic", ZEBRA, 1)
        self.ward = self._scanner(Serial, "ward", HONEYWELL, 2)
        self.stranger = self._scanner(Serial, "stranger", MODEM, 3)
        self.visitor = self._scanner(Serial, "visitor", VISITOR, 4)
        self.admissions = self._scanner(PointOfSale, "admissions", HONEYWELL_POS, 5)
        self.secretary = self._scanner(Keyboard, "secretary", ZEBRA_KEYBOARD, 6)
        #: Each desk's own.
        self.scanners = dict(zip(DESKS, (self.library, self.clinic, self.ward, self.admissions, self.secretary), strict=True))
        self.lap("scanners")
        for kind in ("places", "staff", "patients", "volumes"):
            self.machine.run(f"{AS_SERVICE} import {kind} /hospital/{kind}.csv --config {CONFIG}")
        self.lap("imports")
        self.serve()
        self.lap("service")

    def _scanner(self, kind: type[Scanner], name: str, make: Make, number: int) -> Scanner:
        return kind(self.machine, name, make, number, EARS + number)

    def lap(self, what: str) -> None:
        """Tells how long it took since the last one, and how long the guest worked."""
        now, worked = time.monotonic(), self.machine.work_s()
        print(f"# {what}: {now - self._began:.1f} s, {worked - self._worked:.1f} s of work", flush=True)
        self._began, self._worked = now, worked

    def serve(self) -> None:
        """Starts the service and waits until it answers."""
        mark = self.mark()
        self.machine.run(f"CASETRACK_LOG_FORMAT=json {AS_SERVICE} serve --config {CONFIG} >/dev/vport0p{LOG} 2>&1 &")
        self.machine.until("the service", lambda: b"Casetrack is ready" in self.machine.heard[LOG][mark:])
        # Whatever changes at a desk is heard, so that nothing need be asked again and again.
        desks = "&".join(f"desk={desk.code}" for desk in DESKS)
        self.machine.run(f"wget -q -O /dev/vport0p{LIVE} '{SERVICE}/api/v1/live?{desks}' 2>/dev/null &")

    def stop(self) -> None:
        """Ends the service, as the system does."""
        self.machine.run("pid=$(pidof casetrack); kill $pid; while [ -e /proc/$pid ]; do sleep 0.05; done")

    def mark(self) -> int:
        """A point in the log, to look for lines after it."""
        return len(self.machine.heard[LOG])

    def logged(self, mark: int, message: str, port: str) -> dict | None:
        """The first line after the mark with these words about the scanner at this port."""
        for line in bytes(self.machine.heard[LOG][mark:]).split(b"\n")[:-1]:
            said = json.loads(line) if line.startswith(b"{") else {}
            if message in said.get("message", "") and said.get("scanner.name") == port:
                return said
        return None

    def says(self, mark: int, message: str, port: str, patience_s: float = PATIENCE_S) -> dict:
        """Waits for such a line."""
        return self.machine.until(f"{port}: {message}", lambda: self.logged(mark, message, port), patience_s)

    def ask(self, path: str) -> dict:
        """What the interface for machines answers."""
        return json.loads(self.got(f"/api/v1/{path}"))

    def page(self, path: str) -> str:
        """The words of a page."""
        words = Words()
        words.feed(self.got(path))
        return " ".join(" ".join(words.said).split())

    def got(self, path: str) -> str:
        return self.machine.run(f"wget -q -O - {shlex.quote(SERVICE + path)}")

    def shows(self, desk: Desk, words: str) -> None:
        """Waits until the page of a desk has these words."""
        page = f"/desks/{desk.code}"
        self.machine.until(f"{page} says {words}", lambda: words in self.page(page))

    def movements(self, folder: str) -> list[tuple[str, str]]:
        """What happened to a folder, newest first, each with the desk that it happened at."""
        return [(one["kind"], one["desk"]) for one in self.ask(f"volumes/{folder}/movements")["items"]]

    def plugged(self, scanner: Scanner, socket: int, port: str) -> Attached:
        """Plugs a scanner in and waits until the service reads it as that of this port."""
        mark, waited = self.mark(), self.machine.waited_s()
        scanner.plug(socket)
        usable = datetime.fromisoformat(self.says(mark, "scanner connected", port)["timestamp"])
        stood_s = self.machine.waited_s() - waited
        self.settled(scanner)
        plugged, known = map(datetime.fromisoformat, scanner.plugged_and_known())
        took = Attached((known - plugged).total_seconds(), (usable - plugged).total_seconds(), stood_s)
        print(f"  {scanner.name}: {took}")
        return took

    def is_in_time(self, scanner: Scanner, socket: int, port: str) -> bool:
        """Plugs a scanner in, anew when it was late: whether it was usable in time once."""
        for number in range(1, ATTACH_TRIES + 1):
            if self.plugged(scanner, socket, port).in_time():
                return True
            print(f"  {scanner.name}: late, time {number} of {ATTACH_TRIES}")
            if number < ATTACH_TRIES:
                self.pulled(scanner, port)
                scanner.forget()
        return False

    def held(self) -> str:
        """The descriptors that the service has; one that it gives back while they are listed is left out."""
        return self.machine.run("ls -l /proc/$(pidof casetrack)/fd 2>/dev/null; true")

    def settled(self, scanner: Scanner) -> None:
        """Waits until what a scanner sends is read, and it was told what its profile says."""
        if scanner.make in OPENED:
            scanner.hears(OPENED[scanner.make])
        self.machine.run(f"sleep {SETTLE_S}")

    def pulled(self, scanner: Scanner, port: str) -> None:
        """Pulls a scanner out and waits until the service knows."""
        self.pulled_at[port] = self.mark()
        scanner.pull()
        self.says(self.pulled_at[port], "scanner not open", port)

    def received(self, scanner: Scanner, folder: str, desk: Desk) -> None:
        """Scans a folder: it is recorded at that desk, once."""
        scanner.scan(folder)
        self.is_received(scanner, folder, desk)

    def is_received(self, scanner: Scanner, folder: str, desk: Desk) -> None:
        """Waits until the scanner hears that it is recorded, or where it has no ears, until it is."""
        if ACCEPTED[scanner.make]:
            scanner.hears(ACCEPTED[scanner.make])
        else:
            self.machine.until(f"{folder} at {desk.code}", lambda: self.movements(folder))
        assert self.movements(folder) == [("arrived", desk.code)], self.movements(folder)

    def close(self) -> None:
        """Ends it all; what the service has said stays in `service.log`."""
        (packages.HOME / "service.log").write_bytes(self.machine.heard[LOG])
        self.machine.close()


class Words(HTMLParser):
    """The text of a page, its markup left out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)
