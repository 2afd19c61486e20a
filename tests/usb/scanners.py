"""Scanners, played by gadgets of the guest's kernel: plugged in, pulled out, scanning, and hearing what the host says."""

import re
import shlex
from dataclasses import dataclass

from machine import Machine


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
VISITOR = Make("0c2e", "0901", "Honeywell", "Voyager 1450g", "18290B5577")
HONEYWELL_POS = Make("0c2e", "0b61", "Honeywell", "Vuquest 3310g", "14035B0A91")
ZEBRA_KEYBOARD = Make("05e0", "1200", "Symbol Technologies", "Bar Code Scanner", "S/N:0000000000")
#: A board's own number, not a scanner's: what is behind it nobody knows.
MODEM = Make("0483", "5740", "STMicroelectronics", "Virtual COM Port", "208A36")

#: From half a label to the pull: time for the half to be read, and less than the profile `patient` waits.
HALF_S = 0.3


class Scanner:
    """A scanner of any kind, not plugged in yet."""

    #: What `casetrack scanner list` calls its way of speaking.
    mode: str
    #: The kernel's word for its function, and how large its reports are and what they hold, if it has any.
    kind: str
    reports: tuple[str, ...] = ()
    #: Where its device stands under its interface in `/sys`, and the folder of its file.
    nodes: str
    folder = "/dev/"

    def __init__(self, machine: Machine, name: str, make: Make, number: int, port: int) -> None:
        self.name, self.make, self.socket = name, make, None
        self._machine, self._port, self._taken = machine, port, 0
        function = f"{self.kind}.{number}"
        machine.call("gadget", name, make.vendor, make.product, make.maker, make.name, make.serial, function, *self.reports)
        self._line = machine.call("line_of", name, function).strip()
        machine.call("listen", name, self._line, str(port))

    def plug(self, socket: int) -> None:
        """Into a socket of the machine. It takes a moment until the system has seen it."""
        self._machine.call("plug", self.name, str(socket))
        self.socket = socket

    def pull(self) -> None:
        self._machine.call("pull", self.name)
        self.socket = None

    def whole(self, text: str) -> str:
        """The signs by which a label in Code 128 is told."""
        raise NotImplementedError

    def half(self, text: str) -> str:
        """The same for the beginning of a label."""
        raise NotImplementedError

    def scanning(self, text: str) -> str:
        """The guest's command by which a label is read."""
        return self._sending(self.whole(text))

    def scan(self, text: str) -> None:
        """Reads a label."""
        self._machine.run(self.scanning(text))

    def scan_half(self, text: str) -> None:
        """Reads the beginning of a label, and never sends the rest."""
        self._machine.run(self._sending(self.half(text)))

    def scan_half_and_pull(self, text: str) -> None:
        """The same, and is pulled out while the rest is waited for."""
        self._machine.run(f"{self._sending(self.half(text))}; sleep {HALF_S}; pull {self.name}")
        self.socket = None

    def _sending(self, signs: str) -> str:
        """Each sign as `printf` takes it."""
        octal = re.sub(r"[^A-Za-z0-9\]]", lambda sign: f"\\{ord(sign[0]):03o}", signs)
        return f"printf {shlex.quote(octal)} >{self._line}"

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

    def location(self) -> str:
        """Its bus and socket, as the kernel writes them. Each socket of the dummy host is a bus of its own."""
        assert self.socket is not None, f"{self.name} is not plugged in"
        return f"{self.socket + 1}-1"

    def plugged_and_known(self) -> list[str]:
        """When it was plugged in, and when its file was made over to the service."""
        # Python reads six digits of a second.
        lines = self._machine.call("plugged_and_known", self.name, self.node()).splitlines()
        return [re.sub(r"(\.\d{6})\d*", r"\1", line) for line in lines]

    def node(self) -> str:
        """The device file that the system made of it, once it has."""
        place = self._machine.call("made", f"/sys/bus/usb/devices/{self.location()}:1.0/{self.nodes}").strip()
        return self.folder + place.rsplit("/", 1)[1]


class Serial(Scanner):
    """One that speaks by a serial line over USB."""

    mode, kind, nodes = "serial over USB", "acm", "tty/*"

    def whole(self, text: str) -> str:
        return f"]C0{text}\r"

    def half(self, text: str) -> str:
        return f"]C0{text}"


class PointOfSale(Scanner):
    """One that speaks by reports of the HID point-of-sale page: number 2, length, AIM identifier, data, Honeywell's own
    letter for Code 128, and whether more reports of the same label follow."""

    mode, kind, nodes = "HID-POS", "hid", "*/hidraw/*"
    #: Written from the usage tables; a scanner's own may differ.
    reports = (
        "64",
        "068c000902a10185020912a102150026ff00750895010666ff09048102068c0009fb9501810209fc9501810209fd9501810209fe95388202019502"
        "09ff8103950109ff8103c0c0",
    )
    DATA = 56

    def whole(self, text: str) -> str:
        *first, last = (text[at : at + self.DATA] for at in range(0, len(text), self.DATA))
        return "".join(self._report(piece, more=True) for piece in first) + self._report(last, more=False)

    def half(self, text: str) -> str:
        return self._report(text, more=True)

    def _report(self, piece: str, more: bool) -> str:
        return f"\x02{chr(len(piece))}]C0{piece.ljust(self.DATA, chr(0))}j\0{chr(more)}"


class Keyboard(Scanner):
    """One that plays a keyboard: for each sign the key goes down and up, as boot keyboards report it."""

    mode, kind, nodes, folder = "keyboard", "hid", "*/input/*/event*", "/dev/input/"
    #: HID 1.11, appendix B.1.
    reports = (
        "8",
        "05010906a101050719e029e71500250175019508810295017508810395057501050819012905910295017503910395067508150025650507"
        "190029658100c0",
    )
    SHIFT, UP = 0x02, "\0" * 8

    def whole(self, text: str) -> str:
        return self.half(f"{text}\n")

    def half(self, text: str) -> str:
        return "".join(self._key(sign) + self.UP for sign in text)

    def _key(self, sign: str) -> str:
        """The key of a capital letter, a digit or Enter (HID usage tables, page 7)."""
        if sign == "\n":
            usage = 0x28
        elif sign.isdigit():
            usage = 0x1E + "1234567890".index(sign)
        else:
            usage = 0x04 + ord(sign) - ord("A")
        return chr(self.SHIFT if sign.isupper() else 0) + "\0" + chr(usage) + "\0" * 5


def card(number: int) -> str:
    """The text of a command card or a pairing card, with its check digits: ISO/IEC 7064 MOD 97-10, letters as 10 to 35."""
    return f"C{number:02}{98 - int(f'12{number:02}00') % 97:02}"
