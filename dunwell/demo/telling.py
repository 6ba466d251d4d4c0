"""The result on the screen, and as one JSON object."""

from collections.abc import Mapping

from dunwell.cli.showing.cells import Table, columns
from dunwell.cli.showing.page import say, show
from dunwell.demo.counting import Counted, Shown
from dunwell.demo.stage import LEDGERS
from sync.store.outbox import TO_BOOKS, Kind

OWN_DAYS = frozenset({"not_due", "waiting", "gap", "most", "closed_day", "handed_over", "schedule_ended"})
"""Reasons that are the schedule's own: nothing is held that would be said today."""


def as_plain(counted: Counted, held: Mapping[str, int], seconds: float) -> dict[str, object]:
    """`demo --json`: counted, not told. `gone`: posted once, and gone with an invoice or under a newer file."""
    books = counted.books.values()
    ours = {kind: sum(one[kind] for one in counted.ours.values()) for kind in TO_BOOKS}
    there = {kind: sum(one.there[kind] for one in books) for kind in TO_BOOKS}
    return {
        "ledgers": list(counted.ours),
        "sent": sum(counted.to_people(ledger) for ledger in counted.ours),
        "held": dict(sorted(held.items())),
        "unknown": counted.unclear,
        "notes": ours[Kind.NOTE],
        "statements": ours[Kind.FILE],
        "links": ours[Kind.LINK],
        "read_back": {
            "sent": sum(counted.mail.values()),
            "notes": there[Kind.NOTE],
            "statements": there[Kind.FILE],
            "links": there[Kind.LINK],
            "gone": sum(one.gone[kind] for one in books for kind in TO_BOOKS),
            "twice": len(counted.twice),
        },
        "agree": counted.agree,
        "seconds": round(seconds, 1),
    }


def tell(counted: Counted, held: Mapping[str, int], shown: Mapping[str, Shown], seconds: float) -> None:
    """The closing tables, and one of each as the platforms returned it."""
    show(_three_sides(counted), _held(held))
    for ledger, one in shown.items():
        say(f"Read back from {LEDGERS[ledger]}, ledger {ledger}:")
        say(f"  note       {one.note}", f"  statement  {one.statement}, {one.statement_bytes:,} bytes")
        say(f"  link       {one.link}", "")
    twice = f"{len(counted.twice)} went twice" if counted.twice else "nothing went twice"
    verdict = "All three sides agree" if counted.agree else "THE THREE SIDES DO NOT AGREE"
    say(f"{verdict}; {twice}. {seconds:.1f} seconds.")


def _three_sides(counted: Counted) -> Table:
    rows: list[tuple[str | int | None, ...]] = []
    for ledger, ours in counted.ours.items():
        books = counted.books[ledger]
        rows.append((ledger, "messages and notices", counted.to_people(ledger), counted.mail[ledger], None, None))
        rows += [
            (ledger, name, ours[kind], None, books.there[kind], books.gone[kind])
            for kind, name in ((Kind.NOTE, "notes"), (Kind.FILE, "statements"), (Kind.LINK, "payment links"))
        ]
    return Table(
        kind="counted",
        title="Six weeks, counted from three sides",
        columns=columns("ledger what our_outbox> mail_server> platform> gone_since>"),
        rows=rows,
    )


def _held(held: Mapping[str, int]) -> Table:
    rows = [(code.replace("_", " "), count) for code, count in sorted(held.items(), key=lambda pair: -pair[1])]
    return Table(
        kind="held", title="Invoices that were held, by reason", columns=columns("reason invoices>"), rows=rows
    )
