"""Scanners are pulled out, idle and in the middle of a scan, and put back: here, elsewhere, and under another number."""

from hospital import ATTACH_S, Hospital


def a_scanner_pulled_out_while_idle_is_missed_at_once(here: Hospital) -> None:
    here.pulled(here.library, "LIB-1")
    here.shows("/desks/LIB-1", "SCANNER LOST")
    assert "SCANNER LOST Scanner" not in here.page("/desks/CL5-1")


def the_service_holds_no_descriptor_of_a_scanner_that_is_gone(here: Hospital) -> None:
    held = here.machine.run("ls -l /proc/$(pidof casetrack)/fd")
    assert "ttyACM" in held, "those of the other scanners are open"
    assert "(deleted)" not in held, held


def a_scanner_put_back_is_usable_within_two_seconds(here: Hospital) -> None:
    assert here.back(here.library, 0, "LIB-1") <= ATTACH_S
    here.received(here.library, "F1010", "LIB-1")


def a_scanner_pulled_out_in_the_middle_of_a_label_moves_nothing_and_the_half_is_said(here: Hospital) -> None:
    mark = here.mark()
    here.clinic.half_and_pull("]C0F1011")
    here.says(mark, "scanner lost", "CL5-1")
    here.shows("/desks/CL5-1", "1011 Half a barcode arrived. Scan it again.")
    assert here.movements("F1011") == []
    here.clinic.forget()
    here.back(here.clinic, 1, "CL5-1")
    here.received(here.clinic, "F1011", "CL5-1")


def scanners_of_one_kind_that_change_sockets_scan_for_the_desk_of_the_socket(here: Hospital) -> None:
    here.pulled(here.library, "LIB-1")
    here.pulled(here.clinic, "CL5-1")
    here.back(here.clinic, 0, "LIB-1")
    here.back(here.library, 1, "CL5-1")
    here.received(here.clinic, "F1012", "LIB-1")
    here.received(here.library, "F1013", "CL5-1")
    here.pulled(here.library, "CL5-1")
    here.pulled(here.clinic, "LIB-1")
    here.back(here.library, 0, "LIB-1")
    here.back(here.clinic, 1, "CL5-1")


def a_scanner_whose_number_another_program_will_not_let_go_is_found_under_its_new_one(here: Hospital) -> None:
    old = here.clinic.node()
    here.machine.run(f"sleep 1000 </dev/{old} & echo $! >/tmp/leak")
    here.pulled(here.clinic, "CL5-1")
    here.back(here.clinic, 1, "CL5-1")
    assert here.clinic.node() != old
    here.received(here.clinic, "F1014", "CL5-1")
    here.machine.run("kill $(cat /tmp/leak)")
