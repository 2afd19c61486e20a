"""What the rig needs of Debian: fetched by apt, unpacked under target/, never installed. No root, nothing else moved."""

import lzma
import os
import re
import shutil
import subprocess
from pathlib import Path

HOME = Path(os.environ["CASETRACK_USB_HOME"])
ROOT = HOME / "root"
DEBS = HOME / "debs"
#: The flavour for real machines: that for clouds has no USB.
KERNEL = "linux-image-amd64"
WANTED = ["qemu-system-x86", "busybox-static", "udev", "perl-base"]
#: The longest that apt may take for about 80 MB.
FETCH_S = 300
XZ = b"\xfd7zXZ\x00"


class Missing(Exception):
    """Debian does not give it here."""


def fetch() -> None:
    """All that is wanted and not on this machine; once."""
    stamp, wanted = HOME / "fetched", " ".join([*WANTED, KERNEL])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(ROOT, ignore_errors=True)
    shutil.rmtree(DEBS, ignore_errors=True)
    DEBS.mkdir(parents=True)
    try:
        _download()
    except Missing:
        # A machine that has just been made has no lists yet.
        _said([*_as_root(), "apt-get", "update", "-qq"])
        _download()
    for package in sorted(DEBS.glob("*.deb")):
        _said(["dpkg-deb", "-x", str(package), str(ROOT)])
    shutil.rmtree(DEBS)
    stamp.write_text(wanted)


def _download() -> None:
    told = _said(["apt-get", "install", "--simulate", "--no-install-recommends", *WANTED])
    absent = [line.split()[1] for line in told.splitlines() if line.startswith("Inst ")]
    image = re.search(r"Depends: (linux-image-\S+)", _said(["apt-cache", "depends", KERNEL]))
    if not image:
        raise Missing(f"{KERNEL} names no kernel")
    # Packages that lie in the home of the one who runs this are not readable for the user that apt downloads as.
    _said(["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", *absent, image[1]], cwd=DEBS)


def _said(command: list[str], cwd: Path | None = None) -> str:
    try:
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=FETCH_S, check=True).stdout
    except (OSError, subprocess.SubprocessError) as why:
        raise Missing(f"{' '.join(command)}: {why}") from why


def _as_root() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo", "-n"]


def found(path: str) -> Path:
    """A file of the packages, wherever it is: unpacked here, or on this machine."""
    for at in (ROOT / path, ROOT / "usr" / path, Path("/") / path, Path("/usr") / path):
        if at.exists():
            return at
    raise Missing(f"no package has brought {path}")


def libraries() -> dict[str, str]:
    """The environment in which unpacked programs find their libraries."""
    folders = [ROOT / "usr/lib/x86_64-linux-gnu", ROOT / "lib/x86_64-linux-gnu"]
    return os.environ | {"LD_LIBRARY_PATH": ":".join(map(str, folders))}


def kernel() -> Path:
    """The kernel, unpacked: emulated, it would take ten seconds to unpack itself."""
    plain, packed = HOME / "vmlinux", next((ROOT / "boot").glob("vmlinuz-*"))
    if not plain.exists() or plain.stat().st_mtime < (HOME / "fetched").stat().st_mtime:
        image = packed.read_bytes()
        plain.write_bytes(lzma.LZMADecompressor().decompress(image[image.index(XZ) :]))
    return plain


def modules() -> Path:
    """The folder of the kernel's modules."""
    return next((ROOT / "lib/modules").iterdir())
