"""The guest: qemu without KVM, a shell in it behind its first port, and streams of bytes behind the others."""

import os
import select
import shlex
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import packages

T = TypeVar("T")

#: From the start of qemu to the first word of the guest's shell: 8 s alone on this size of machine, 30 s beside a build.
BOOT_S = 120
#: The longest that one command in the guest may take; an import of the debug build needs 2 s.
COMMAND_S = 60
#: The longest that anything else may be waited for, unless a claim says less.
PATIENCE_S = 40
MEMORY_MB = 512
#: A plain one is emulated fastest; its random numbers save the kernel from gathering its own.
CPU = "qemu64,+rdrand"
#: The first port is the shell's.
SHELL = 1


class Late(AssertionError):
    """What was waited for did not come."""


class Machine:
    """A running guest. Whatever its ports say is kept; waiting ends as soon as something was said that fulfils it."""

    def __init__(self, image: Path, ports: int, log: Path) -> None:
        self._log = log.open("wb")
        self._news = 0
        self.heard: dict[int, bytearray] = {number: bytearray() for number in range(SHELL, SHELL + ports)}
        with tempfile.TemporaryDirectory(prefix="casetrack-usb-") as folder:
            doors = {number: _listening(f"{folder}/{number}") for number in self.heard}
            self._qemu = subprocess.Popen(
                self._command(image, folder), env=packages.libraries(), stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log
            )
            self._ports = {number: _accepted(door) for number, door in doors.items()}
        try:
            self.until("the guest's shell", lambda: b"ready\n" in self.heard[SHELL], BOOT_S)
        except BaseException:
            self.close()
            raise
        self.heard[SHELL].clear()

    def _command(self, image: Path, folder: str) -> list[str]:
        qemu = packages.found("bin/qemu-system-x86_64")
        firmware = [option for place in ("qemu", "seabios") for option in ("-L", str(packages.ROOT / "usr/share" / place))]
        ports = []
        for number in self.heard:
            ports += ["-chardev", f"socket,id=p{number},path={folder}/{number}"]
            ports += ["-device", f"virtserialport,nr={number},chardev=p{number}"]
        boot = ["-kernel", str(packages.kernel()), "-initrd", str(image)]
        # A busy host lets the kernel's look at its timer fail.
        words = "console=ttyS0 quiet panic=-1 reboot=t mitigations=off no_timer_check random.trust_cpu=on"
        plain = ["-nodefaults", "-no-reboot", "-display", "none", "-serial", "stdio", "-device", "virtio-serial"]
        return [str(qemu), *firmware, "-M", "pc", "-accel", "tcg", "-cpu", CPU, "-m", str(MEMORY_MB), *plain, *ports, *boot, "-append", words]

    def run(self, command: str, patience_s: float = COMMAND_S) -> str:
        """What a command of the guest's shell has said; one that fails is an error."""
        status, said = self.tried(command, patience_s)
        if status:
            raise AssertionError(f"{command}: status {status}: {said}")
        return said

    def tried(self, command: str, patience_s: float = COMMAND_S) -> tuple[int, str]:
        """The same, with its status."""
        self._ports[SHELL].sendall(command.encode() + b"\n")
        answer = self.heard[SHELL]

        def whole() -> tuple[int, bytes] | None:
            head, line, body = bytes(answer).partition(b"\n")
            if not line:
                return None
            status, length = map(int, head.split())
            return (status, body) if len(body) >= length else None

        status, body = self.until(f"the end of {command}", whole, patience_s)
        answer.clear()
        return status, body.decode(errors="replace")

    def call(self, *words: str) -> str:
        """A command of words that mean themselves."""
        return self.run(shlex.join(words))

    def until(self, what: str, wanted: Callable[[], T | None], patience_s: float = PATIENCE_S) -> T:
        """Waits for the guest to say what makes `wanted` true, and answers that."""
        end = time.monotonic() + patience_s
        while True:
            before = self._news
            if got := wanted():
                return got
            # What was heard while `wanted` asked the guest may be what it needs.
            if self._news == before:
                self._hear(what, end, patience_s)

    def _hear(self, what: str, end: float, patience_s: float) -> None:
        ready, _, _ = select.select(self._ports.values(), [], [], max(0, end - time.monotonic()))
        if not ready:
            raise Late(f"{what}: {patience_s:g} s were not enough")
        for number, port in self._ports.items():
            if port in ready:
                said = port.recv(65536)
                if not said:
                    raise Late(f"{what}: the guest has ended")
                self.heard[number] += said
                self._news += number != SHELL

    def work_s(self) -> float:
        """How long a processor of this machine has worked for the guest: that does not depend on what else it does."""
        user, system = Path(f"/proc/{self._qemu.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def waited_s(self) -> float:
        """How long the guest had work to do and no processor of this machine had time for it."""
        tasks = Path(f"/proc/{self._qemu.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[1]) for task in tasks) / 1e9

    def close(self) -> None:
        """Ends the guest; what its ports have said is kept."""
        self._qemu.kill()
        self._qemu.wait()
        for port in self._ports.values():
            port.close()
        self._log.close()


def _listening(path: str) -> socket.socket:
    door = socket.socket(socket.AF_UNIX)
    door.bind(path)
    door.listen(1)
    door.settimeout(BOOT_S)
    return door


def _accepted(door: socket.socket) -> socket.socket:
    port, _ = door.accept()
    door.close()
    return port
