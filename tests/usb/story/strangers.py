"""Other programs and other devices: a modem manager that asks every line whether it is a modem."""

from hospital import LIBRARY, SPARE_SOCKET, WARD, Hospital


def a_probe_while_the_desk_works_neither_loses_nor_adds_a_scan(here: Hospital) -> None:
    here.machine.run(f"printf 'AT\\r' >{here.library.node()}")
    here.library.hears(b"AT\r")
    here.received(here.library, "F1040", LIBRARY)


def a_probe_by_another_user_is_turned_away(here: Hospital) -> None:
    probe = f"start-stop-daemon -S -c modem:casetrack -x /bin/sh -- -c 'printf AT >{here.library.node()}'"
    status, said = here.machine.tried(probe)
    assert status and "busy" in said, said
    assert not here.library.fresh()


def a_probe_that_is_there_before_the_service_delays_a_scanner_and_spoils_no_scan(here: Hospital) -> None:
    here.pulled(here.ward, WARD.port)
    here.machine.run("kill -STOP $(pidof casetrack)")
    try:
        here.ward.plug(SPARE_SOCKET)
        here.machine.run("udevadm settle")
        here.machine.run(f"perl /probe.pl {here.ward.node()} & echo $! >/tmp/probe")
        here.ward.hears(b"AT\r")
        mark = here.mark()
    finally:
        here.machine.run("kill -CONT $(pidof casetrack)")
    assert "in use by another program" in here.says(mark, "scanner not open", WARD.port)["why"]
    here.machine.run("kill $(cat /tmp/probe)")
    here.says(mark, "scanner connected", WARD.port)
    here.settled(here.ward)
    here.received(here.ward, "F1041", WARD)


def what_nobody_knows_as_a_scanner_is_never_opened(here: Hospital) -> None:
    held = here.held()
    assert here.library.node() in held, held
    assert here.stranger.node() not in held, held
