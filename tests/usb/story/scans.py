"""Every scanner scans, each for its own desk, and hears what became of it."""

from hospital import ACCEPTED, REFUSED, Hospital


def each_scanners_folder_is_received_at_its_own_desk_and_the_scanner_hears_it(here: Hospital) -> None:
    for scanner, folder, desk in ((here.library, "F1001", "LIB-1"), (here.clinic, "F1002", "CL5-1"), (here.ward, "F1003", "W7-1")):
        here.received(scanner, folder, desk)


def scanners_that_scan_at_the_same_moment_are_not_mixed_up(here: Hospital) -> None:
    folders = ((here.library, "F1004", "LIB-1"), (here.clinic, "F1005", "CL5-1"), (here.ward, "F1006", "W7-1"))
    here.machine.run(" & ".join(f"printf ']C0{folder}\\r' >{scanner.line}" for scanner, folder, _ in folders) + " & wait")
    for scanner, folder, desk in folders:
        scanner.hears(ACCEPTED[scanner.make])
        assert here.movements(folder) == [("arrived", desk)]


def a_label_that_nobody_knows_is_refused_where_it_was_scanned(here: Hospital) -> None:
    for scanner in (here.clinic, here.ward):
        scanner.scan("F9999")
        scanner.hears(REFUSED[scanner.make])
    assert not here.library.fresh()


def half_a_label_is_refused_and_the_next_one_is_read(here: Hospital) -> None:
    here.clinic.send("]C0F10")
    here.clinic.hears(REFUSED[here.clinic.make])
    here.received(here.clinic, "F1007", "CL5-1")


def the_list_names_every_scanner_with_its_desk(here: Hospital) -> None:
    told = here.machine.run("casetrack scanner list --config /hospital/casetrack.toml")
    for socket, desk in ((0, "LIB-1"), (1, "CL5-1"), (2, "W7-1")):
        assert f"dummy_hcd.{socket}-usb-0:1:1.0\tdesk {desk}\n" in told, told
