"""Another scanner than the desk's own, and one of no desk: nothing moves until somebody has scanned the pairing card."""

from hospital import ACCEPTED, CLINIC, LIBRARY, REFUSED, VISITOR, WARD, Hospital
from scanners import card

BADGE = "B100"
OK = card(12)
#: The ward's scanner belongs to no socket, and no desk owns the one that it came out of.
NOBODYS = f"usb://{WARD.socket + 1}-1"


def another_scanner_in_a_desks_socket_is_locked_and_what_it_reads_moves_nothing(here: Hospital) -> None:
    here.pulled(here.clinic, CLINIC.port)
    here.plugged(here.visitor, CLINIC.socket, CLINIC.port)
    _is_refused(here, "F1060")
    assert here.movements("F1060") == []


def a_pairing_card_alone_pairs_nothing_while_nobody_has_signed_on(here: Hospital) -> None:
    _is_refused(here, card(CLINIC.pairing))


def another_desks_pairing_card_is_refused(here: Hospital) -> None:
    here.visitor.scan(BADGE)
    here.visitor.hears(ACCEPTED[VISITOR])
    _is_refused(here, card(LIBRARY.pairing))


def the_desks_pairing_card_gives_it_to_the_desk_and_ok_records_what_was_refused(here: Hospital) -> None:
    here.visitor.scan(card(CLINIC.pairing))
    here.visitor.hears(ACCEPTED[VISITOR])
    assert here.movements("F1060") == []
    here.visitor.scan(OK)
    here.machine.until("F1060 is recorded", lambda: here.movements("F1060"))
    here.visitor.forget()
    assert here.movements("F1060") == [("arrived", CLINIC.code)]
    here.received(here.visitor, "F1061", CLINIC)


def a_paired_scanner_is_known_again_and_so_is_the_one_before(here: Hospital) -> None:
    here.pulled(here.visitor, CLINIC.port)
    here.plugged(here.clinic, CLINIC.socket, CLINIC.port)
    here.received(here.clinic, "F1062", CLINIC)
    here.pulled(here.clinic, CLINIC.port)
    here.plugged(here.visitor, CLINIC.socket, CLINIC.port)
    here.received(here.visitor, "F1063", CLINIC)


def a_scanner_of_no_desk_is_refused_until_a_desks_card_takes_it_in(here: Hospital) -> None:
    here.pulled(here.visitor, CLINIC.port)
    here.plugged(here.visitor, WARD.socket, NOBODYS)
    _is_refused(here, "F1064")
    here.visitor.scan(BADGE)
    here.visitor.scan(card(LIBRARY.pairing))
    here.visitor.hears(ACCEPTED[VISITOR])
    here.visitor.scan(OK)
    here.machine.until("F1064 is recorded", lambda: here.movements("F1064"))
    here.visitor.forget()
    assert here.movements("F1064") == [("arrived", LIBRARY.code)]
    here.received(here.visitor, "F1065", LIBRARY)


def _is_refused(here: Hospital, text: str) -> None:
    here.visitor.scan(text)
    here.visitor.hears(REFUSED[VISITOR])
