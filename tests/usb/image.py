"""The guest's files: an archive that the kernel unpacks into memory. Small, since it is made anew for each program."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import packages

HERE = Path(__file__).parent
FIRMWARE = HERE.parent.parent / "firmware-config"
RULES = FIRMWARE / "udev/70-casetrack-scanners.rules"
#: Waits longest for the rest of a label, so that a scanner can be pulled out before it gives up.
PATIENT = ("zebra-cdc", "patient", 1000)
#: What is loaded in the guest, with all that these need.
MODULES = """virtio_pci virtio_console configfs libcomposite u_serial usb_f_acm usb_f_hid dummy_hcd cdc-acm
    usbhid hid-generic evdev""".split()
#: Of Debian's own rules, those that touch scanners.
DEBIAN_RULES = ["50-udev-default.rules", "60-serial.rules", "60-input-id.rules", "60-persistent-input.rules"]
#: Users and groups that the rules name, and the user of the service.
GROUPS = "root dialout tty input video audio disk lp kmem render sgx kvm cdrom tape casetrack modem".split()


def build(program: Path) -> Path:
    """The archive with this program in it."""
    tree = packages.HOME / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    for folder in "bin sbin dev proc sys run tmp etc/udev/rules.d lib/udev/rules.d lib64 root data".split():
        (tree / folder).mkdir(parents=True)
    (tree / "lib/x86_64-linux-gnu").mkdir()
    _programs(tree, program)
    _modules(tree)
    _settings(tree)
    return _packed(tree)


def _programs(tree: Path, program: Path) -> None:
    shutil.copy(packages.found("bin/busybox"), tree / "bin/busybox")
    os.symlink("../bin/busybox", tree / "sbin/modprobe")
    subprocess.run(["strip", "-o", tree / "bin/casetrack", program], check=True)
    (tree / "bin/udevadm").write_bytes(packages.found("bin/udevadm").read_bytes())
    (tree / "bin/perl").write_bytes(packages.found("bin/perl").read_bytes())
    os.symlink("../bin/udevadm", tree / "sbin/udevd")
    for name in ("udevadm", "perl"):
        (tree / "bin" / name).chmod(0o755)
    for name in ("casetrack", "udevadm", "perl"):
        _libraries(tree, tree / "bin" / name)


def _libraries(tree: Path, program: Path) -> None:
    told = subprocess.run(["ldd", program], capture_output=True, text=True, check=True, env=packages.libraries()).stdout
    for library in re.findall(r"(/\S+) \(", told):
        folder = "lib64" if "ld-linux" in library else "lib/x86_64-linux-gnu"
        shutil.copy(library, tree / folder / Path(library).name)


def _modules(tree: Path) -> None:
    source = packages.modules()
    files = {file.stem.replace("_", "-"): file for file in source.rglob("*.ko")}
    built_in = {Path(line).stem.replace("_", "-") for line in (source / "modules.builtin").read_text().split()}
    wanted, taken = [name.replace("_", "-") for name in MODULES], set()
    target = tree / "lib/modules" / source.name
    while wanted:
        name = wanted.pop()
        if name in taken or name in built_in:
            continue
        taken.add(name)
        copy = target / files[name].relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(files[name], copy)
        wanted += _needs(files[name])
    shutil.copy(source / "modules.builtin", target)
    shutil.copy(source / "modules.order", target)
    subprocess.run([packages.found("bin/busybox"), "depmod", "-b", tree, source.name], check=True)


def _needs(module: Path) -> list[str]:
    """The modules that one needs, as it says itself."""
    depends = re.search(rb"\0depends=([^\0]*)\0", module.read_bytes())
    return [name.replace("_", "-") for name in depends[1].decode().split(",") if name] if depends else []


def _settings(tree: Path) -> None:
    for name in DEBIAN_RULES:
        shutil.copy(packages.found(f"lib/udev/rules.d/{name}"), tree / "lib/udev/rules.d")
    shutil.copy(RULES, tree / "etc/udev/rules.d")
    groups = [(name, number) for number, name in enumerate(GROUPS)]
    (tree / "etc/group").write_text("".join(f"{name}:x:{number}:\n" for name, number in groups))
    users = [(name, number) for name, number in groups if name in ("root", "casetrack", "modem")]
    (tree / "etc/passwd").write_text("".join(f"{name}:x:{number}:{number}::/:/bin/sh\n" for name, number in users))
    shutil.copytree(HERE / "guest", tree, dirs_exist_ok=True)
    profile, name, waits_ms = PATIENT
    patient = (FIRMWARE / f"profiles/{profile}.toml").read_text().replace(f'name = "{profile}"', f'name = "{name}"')
    (tree / f"hospital/profiles/{name}.toml").write_text(re.sub(r"inter_char_ms = \d+", f"inter_char_ms = {waits_ms}", patient))
    (tree / "init").chmod(0o755)


def _packed(tree: Path) -> Path:
    image = packages.HOME / "initramfs"
    names = "".join(f"{path.relative_to(tree)}\n" for path in sorted(tree.rglob("*")))
    with image.open("wb") as file:
        command = [packages.found("bin/busybox"), "cpio", "-o", "-H", "newc", "-R", "0:0"]
        subprocess.run(command, cwd=tree, input=names.encode(), stdout=file, stderr=subprocess.DEVNULL, check=True)
    return image
