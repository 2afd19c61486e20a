"""Every scanner scans, each for its own desk, and hears what became of it."""

from hospital import ADMISSIONS, CONFIG, REFUSED, WARD, Hospital


def each_scanners_folder_is_received_at_its_own_desk_and_the_scanner_hears_it(here: Hospital) -> None:
    for number, (desk, scanner) in enumerate(here.scanners.items(), 1001):
        here.received(scanner, f"F{number}", desk)


def scanners_that_scan_at_the_same_moment_are_not_mixed_up(here: Hospital) -> None:
    folders = [(desk, scanner, f"F{number}") for number, (desk, scanner) in enumerate(here.scanners.items(), 1011)]
    here.machine.run(" & ".join(scanner.scanning(folder) for _, scanner, folder in folders) + " & wait")
    for desk, scanner, folder in folders:
        here.is_received(scanner, folder, desk)


def a_label_longer_than_one_report_is_one_label(here: Hospital) -> None:
    here.received(here.admissions, "F" + "0123456789" * 6, ADMISSIONS)


def a_label_that_nobody_knows_is_refused_where_it_was_scanned(here: Hospital) -> None:
    for scanner in (here.clinic, here.ward):
        scanner.scan("F9999")
        scanner.hears(REFUSED[scanner.make])
    assert not here.library.fresh()


def half_a_label_is_refused_and_the_next_one_is_read(here: Hospital) -> None:
    here.ward.scan_half("F10")
    here.ward.hears(REFUSED[here.ward.make])
    here.received(here.ward, "F1021", WARD)


def the_list_names_every_scanner_with_its_mode_its_desk_and_that_the_service_has_it(here: Hospital) -> None:
    told = here.machine.run(f"casetrack scanner list --config {CONFIG}")
    rows = {row[0]: row for row in (line.split("\t") for line in told.splitlines())}
    for desk, scanner in here.scanners.items():
        _, identity, mode, _, owner, _, state, *_ = rows[f"usb://{scanner.location()}"]
        assert identity.startswith(f"{scanner.make.vendor}:{scanner.make.product}"), told
        assert (mode, owner, state) == (scanner.mode, f"desk {desk.code}", "in use by the service"), told
    assert "no desk names it" in rows[f"usb://{here.stranger.location()}"], told


def the_figures_count_what_each_scanner_read_and_what_was_refused(here: Hospital) -> None:
    rows = [row for row in here.got("/metrics").splitlines() if row.startswith(("casetrack_scanner_reads", "casetrack_scanner_refused"))]
    for desk, scanner in here.scanners.items():
        labels = f'desk="{desk.code}",scanner="{desk.port}"'
        reads = {here.clinic: 3, here.ward: 4, here.admissions: 3}.get(scanner, 2)
        assert f"casetrack_scanner_reads_total{{{labels}}} {reads}" in rows, (desk.code, rows)
    halves = f'casetrack_scanner_refused_total{{desk="{WARD.code}",scanner="{WARD.port}",kind="truncated"}} 1'
    assert halves in rows, rows
