"""Scanners, played by gadgets of the guest's kernel: plugged in, pulled out, scanning, and hearing what the host says."""

import re
import shlex
from dataclasses import dataclass

from machine import Machine


#: From half a label to the pull: time for the half to be read, and less than the profile `patient` waits.
HALF_S = 0.3


@dataclass(frozen=True)
class Make:
    """What a scanner says of itself when it is plugged in."""

    vendor: str
    product: str
    maker: str
    name: str
    serial: str


#: Every Zebra in this mode has this serial number.
ZEBRA = Make("05e0", "1701", "Symbol Technologies", "Bar Code Scanner", "USB_CDC_SYMBOL_SCANNER")
HONEYWELL = Make("0c2e", "0901", "Honeywell", "Voyager 1450g", "18290B4D7C")
#: A board's own number, not a scanner's: what is behind it nobody knows.
MODEM = Make("0483", "5740", "STMicroelectronics", "Virtual COM Port", "208A36")


class Scanner:
    """One that speaks by a serial line over USB."""

    def __init__(self, machine: Machine, name: str, make: Make, number: int, port: int) -> None:
        self.name, self.make, self.socket = name, make, None
        self._machine, self._port, self._taken = machine, port, 0
        machine.call("gadget", name, make.vendor, make.product, make.maker, make.name, make.serial, f"acm.{number}")
        minor = machine.run(f"cat $gadgets/{name}/functions/acm.{number}/port_num").strip()
        self.line = f"/dev/ttyGS{minor}"
        machine.call("listen", self.line, str(port))

    def plug(self, socket: int) -> None:
        """Into a socket of the machine. It takes a moment until the system has seen it."""
        self._machine.call("plug", self.name, str(socket))
        self.socket = socket

    def pull(self) -> None:
        self._machine.call("pull", self.name)
        self.socket = None

    def scan(self, text: str) -> None:
        """Reads a label: its AIM identifier for Code 128, its text, CR."""
        self.send(f"]C0{text}\r")

    def send(self, text: str) -> None:
        self._machine.run(f"printf {sent(text)} >{self.line}")

    def half_and_pull(self, text: str) -> None:
        """Sends these signs and no end, and is pulled out while the rest is waited for."""
        self._machine.run(f"printf {sent(text)} >{self.line}; sleep {HALF_S}; pull {self.name}")
        self.socket = None

    def hears(self, wanted: bytes) -> None:
        """Waits until the host has said exactly this, since what was heard before."""
        self._machine.until(f"{self.name} hears {wanted!r}", lambda: len(self.fresh()) >= len(wanted))
        heard = self.fresh()
        self._taken += len(heard)
        assert heard == wanted, f"{self.name} heard {heard!r}, not {wanted!r}"

    def fresh(self) -> bytes:
        """What the host has said and nothing has taken yet."""
        return bytes(self._machine.heard[self._port][self._taken :])

    def forget(self) -> None:
        """Takes what the host has said, whatever it was."""
        self._taken = len(self._machine.heard[self._port])

    def node(self) -> str:
        """The device that the system made of it, such as `ttyACM0`."""
        return self._machine.run(f"basename /sys/bus/usb/devices/{self.location()}:1.0/tty/*").strip()

    def location(self) -> str:
        """Its bus and socket, as the kernel writes them. Each socket of the dummy host is a bus of its own."""
        assert self.socket is not None, f"{self.name} is not plugged in"
        return f"{self.socket + 1}-1"


def sent(text: str) -> str:
    """Signs as `printf` takes them."""
    return shlex.quote(re.sub(r"[^A-Za-z0-9\]]", lambda sign: f"\\{ord(sign[0]):03o}", text))
