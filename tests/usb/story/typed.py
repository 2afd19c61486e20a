"""A scanner that plays a keyboard is the service's alone: what it types goes nowhere else."""

from hospital import SECRETARY, Hospital


def a_grabbed_keyboard_types_into_no_screen_and_no_other_program(here: Hospital) -> None:
    here.machine.run("stty -F /dev/tty1 raw -echo; cat /dev/tty1 >/tmp/screen & echo $! >/tmp/watchers")
    here.machine.run(f"cat {here.secretary.node()} >/tmp/program & echo $! >>/tmp/watchers")
    here.received(here.secretary, "F1050", SECRETARY)
    assert _typed(here) == ("", "0"), _typed(here)


def a_keyboard_types_again_for_all_once_the_service_has_ended(here: Hospital) -> None:
    """That it did not before is then no fault of the watching."""
    here.stop()
    here.secretary.scan("F1051")
    here.machine.run("kill $(cat /tmp/watchers)")
    screen, program = _typed(here)
    assert screen.upper() == "F1051" and program != "0", (screen, program)


def _typed(here: Hospital) -> tuple[str, str]:
    """The text on the screen, and how many bytes another program has read from the keyboard."""
    return here.machine.run("cat /tmp/screen").strip(), here.machine.run("stat -c %s /tmp/program").strip()
