"""Scanners are plugged in, and the real udev gives them to the service."""

from hospital import STRANGERS_SOCKET, Hospital
from scanners import Scanner


def every_kind_of_scanner_is_usable_within_two_seconds_of_being_plugged_in(here: Hospital) -> None:
    here.stranger.plug(STRANGERS_SOCKET)
    late = [scanner.name for desk, scanner in here.scanners.items() if not here.is_in_time(scanner, desk.socket, desk.port)]
    here.machine.run("udevadm settle")
    assert not late, late


def two_scanners_with_one_serial_number_share_one_name_so_only_their_sockets_tell_them_apart(here: Hospital) -> None:
    by_id = here.machine.run("ls /dev/serial/by-id").split()
    assert len([name for name in by_id if "USB_CDC_SYMBOL_SCANNER" in name]) == 1, by_id
    by_path = here.machine.run("ls /dev/serial/by-path").split()
    assert len(by_path) == 4, by_path


def a_scanner_is_the_services_own_and_nobody_elses(here: Hospital) -> None:
    for scanner in here.scanners.values():
        seen = here.machine.run(f"stat -c '%U %G %a' {scanner.node()}").strip()
        assert seen == "root casetrack 660", f"{scanner.name}: {seen}"


def a_modem_manager_is_told_to_leave_scanners_alone_and_the_word_outlives_the_bind_event(here: Hospital) -> None:
    for scanner in here.scanners.values():
        assert "ID_MM_DEVICE_IGNORE=1" in _properties(here, scanner), scanner.name


def a_scanner_is_never_sent_to_sleep(here: Hospital) -> None:
    for scanner in here.scanners.values():
        power = here.machine.run(f"cat /sys/bus/usb/devices/{scanner.location()}/power/control").strip()
        assert power == "on", f"{scanner.name}: {power}"


def what_is_not_known_as_a_scanner_is_left_as_it_is(here: Hospital) -> None:
    assert "ID_MM_DEVICE_IGNORE=1" not in _properties(here, here.stranger)
    assert here.machine.run(f"stat -c %G {here.stranger.node()}").strip() == "dialout"


def a_point_of_sale_scanner_of_honeywells_is_told_to_begin(here: Hospital) -> None:
    here.admissions.hears(b"\xfe\x01")


def _properties(here: Hospital, scanner: Scanner) -> list[str]:
    """What udev's own database holds of a scanner: what rules set on `add` alone is no longer there."""
    device = here.machine.run(f"cat /sys/bus/usb/devices/{scanner.location()}/dev").strip()
    told = here.machine.run(f"cat /run/udev/data/c{device}").splitlines()
    return [line.removeprefix("E:") for line in told if line.startswith("E:")]
