"""Scanners are pulled out, idle and in the middle of a scan, and put back: here, elsewhere, and under another number."""

from hospital import ACCEPTED, ADMISSIONS, CLINIC, LIBRARY, SECRETARY, SPARE_SOCKET, WARD, Hospital
from machine import PATIENCE_S

#: How long a scanner may be away before its desk is told: a programming barcode restarts one.
RESTART_S = 10


def the_service_holds_no_descriptor_of_a_scanner_that_is_gone(here: Hospital) -> None:
    here.pulled(here.library, LIBRARY.port)
    held = here.held()
    assert "ttyACM" in held, "those of the other scanners are open"
    assert "(deleted)" not in held, held


def a_scanner_pulled_out_in_the_middle_of_a_label_moves_nothing_and_the_half_is_said(here: Hospital) -> None:
    for desk, scanner, folder in ((CLINIC, here.clinic, "F1031"), (ADMISSIONS, here.admissions, "F1032"), (SECRETARY, here.secretary, "F1033")):
        mark = here.mark()
        scanner.scan_half_and_pull(folder)
        here.says(mark, "scanner not open", desk.port)
        here.shows(desk, f"{folder[1:]} Half a barcode arrived. Scan it again.")
        assert here.movements(folder) == []
        scanner.forget()
        here.plugged(scanner, desk.socket, desk.port)
        scanner.forget()
        here.received(scanner, folder, desk)


def a_scanner_whose_serial_number_is_its_own_is_its_desks_in_any_socket(here: Hospital) -> None:
    here.pulled(here.ward, WARD.port)
    here.plugged(here.ward, SPARE_SOCKET, WARD.port)
    here.received(here.ward, "F1036", WARD)


def a_scanner_whose_number_another_program_will_not_let_go_is_found_under_its_new_one(here: Hospital) -> None:
    old = here.clinic.node()
    here.machine.run(f"sleep 1000 <{old} & echo $! >/tmp/leak")
    here.pulled(here.clinic, CLINIC.port)
    here.plugged(here.clinic, CLINIC.socket, CLINIC.port)
    assert here.clinic.node() != old
    here.received(here.clinic, "F1037", CLINIC)
    here.machine.run("kill $(cat /tmp/leak)")


def a_scanner_that_stays_away_is_missed_and_goes_on_two_seconds_after_it_is_put_back(here: Hospital) -> None:
    here.says(here.pulled_at[LIBRARY.port], "scanner lost", LIBRARY.port, RESTART_S + PATIENCE_S)
    here.shows(LIBRARY, "SCANNER LOST")
    assert here.is_in_time(here.library, LIBRARY.socket, LIBRARY.port)
    here.library.hears(ACCEPTED[here.library.make])
    here.received(here.library, "F1030", LIBRARY)


def scanners_of_one_kind_that_change_sockets_scan_for_the_desk_of_the_socket(here: Hospital) -> None:
    here.pulled(here.library, LIBRARY.port)
    here.pulled(here.clinic, CLINIC.port)
    here.plugged(here.clinic, LIBRARY.socket, LIBRARY.port)
    here.plugged(here.library, CLINIC.socket, CLINIC.port)
    here.received(here.clinic, "F1034", LIBRARY)
    here.received(here.library, "F1035", CLINIC)
    here.library, here.clinic = here.clinic, here.library


def a_scanner_that_is_named_by_its_path_is_never_taken_for_an_unknown_one(here: Hospital) -> None:
    taken = here.logged(0, "", "usb://1-1")
    assert taken is None, taken
