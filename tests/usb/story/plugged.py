"""Scanners are plugged in, and the real udev gives them to the service."""

from hospital import ATTACH_S, Hospital


def a_scanner_is_usable_within_two_seconds_of_being_plugged_in(here: Hospital) -> None:
    sockets = ((here.library, 0, "LIB-1"), (here.clinic, 1, "CL5-1"), (here.ward, 2, "W7-1"))
    took = [here.plugged(scanner, socket, desk) for scanner, socket, desk in sockets]
    here.stranger.plug(3)
    here.machine.run("udevadm settle")
    assert max(took) <= ATTACH_S, took


def two_scanners_with_one_serial_number_share_one_name_so_only_their_sockets_tell_them_apart(here: Hospital) -> None:
    by_id = here.machine.run("ls /dev/serial/by-id").split()
    assert len([name for name in by_id if "USB_CDC_SYMBOL_SCANNER" in name]) == 1, by_id
    by_path = here.machine.run("ls /dev/serial/by-path").split()
    assert len(by_path) == 4, by_path


def a_scanner_is_the_services_own_and_nobody_elses(here: Hospital) -> None:
    for scanner in (here.library, here.clinic, here.ward):
        seen = here.machine.run(f"stat -c '%U %G %a' /dev/{scanner.node()}").strip()
        assert seen == "root casetrack 660", f"{scanner.name}: {seen}"


def a_modem_manager_is_told_to_leave_scanners_alone_and_the_word_outlives_the_bind_event(here: Hospital) -> None:
    for scanner in (here.library, here.clinic, here.ward):
        assert _properties(here, scanner).get("ID_MM_DEVICE_IGNORE") == "1", scanner.name


def a_scanner_is_never_sent_to_sleep(here: Hospital) -> None:
    for scanner in (here.library, here.clinic, here.ward):
        assert here.machine.run(f"cat /sys/bus/usb/devices/{scanner.location()}/power/control").strip() == "on"


def what_is_not_known_as_a_scanner_is_left_as_it_is(here: Hospital) -> None:
    assert "ID_MM_DEVICE_IGNORE" not in _properties(here, here.stranger)
    assert here.machine.run(f"stat -c %G /dev/{here.stranger.node()}").strip() == "dialout"


def _properties(here: Hospital, scanner) -> dict[str, str]:
    told = here.machine.run(f"udevadm info --query=property --path=/sys/bus/usb/devices/{scanner.location()}")
    return dict(line.split("=", 1) for line in told.splitlines())
