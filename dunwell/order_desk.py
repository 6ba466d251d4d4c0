"""The file of accounts on credit hold that an order desk, or its program, reads."""

import csv
import io
from pathlib import Path

from strategy import money
from sync.bench import Bench
from sync.sheets import cell
from sync.stopped import COLUMNS, stopped


def write(bench: Bench, file: Path) -> None:
    """Write the file anew, in one move, so that nobody reads half of it. Raises `OSError`."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([*COLUMNS, "as_of"])
    for one in stopped(bench):
        overdue = "; ".join(f"{money.to_decimal(minor, currency)} {currency}" for currency, minor in one.overdue_minor)
        row = (one.customer_id, one.number, one.customer, one.trigger, one.since, one.why, overdue, bench.today())
        writer.writerow([cell(value) for value in row])
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.write_bytes(written.getvalue().encode())
    unfinished.replace(file)
