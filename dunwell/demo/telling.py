"""The result on the screen, and as one JSON object."""

from collections import Counter
from collections.abc import Sequence

from dunwell.cli.showing.cells import Table, columns
from dunwell.cli.showing.page import say, show
from dunwell.demo.apart import Played
from dunwell.demo.stage import LEDGERS
from sync.store.outbox import TO_BOOKS, Kind


def as_plain(played: Sequence[Played], seconds: float) -> dict[str, object]:
    """`demo --json`: counted, not told. `gone`: posted once, and gone with an invoice or under a newer file."""
    counted = [one.counted for one in played]
    ours = {kind: sum(one.ours.get(kind, 0) for one in counted) for kind in TO_BOOKS}
    there = {kind: sum(one.books.there[kind] for one in counted) for kind in TO_BOOKS}
    return {
        "ledgers": [one.ledger for one in played],
        "sent": sum(one.to_people for one in counted),
        "held": dict(sorted(_held(played).items())),
        "unknown": sum(one.unclear for one in counted),
        "notes": ours[Kind.NOTE],
        "statements": ours[Kind.FILE],
        "links": ours[Kind.LINK],
        "read_back": {
            "sent": sum(one.mail for one in counted),
            "notes": there[Kind.NOTE],
            "statements": there[Kind.FILE],
            "links": there[Kind.LINK],
            "gone": sum(one.books.gone[kind] for one in counted for kind in TO_BOOKS),
            "twice": sum(len(one.twice) for one in counted),
        },
        "agree": agree(played),
        "seconds": round(seconds, 1),
    }


def tell(played: Sequence[Played], seconds: float) -> None:
    """The closing tables, and one of each as the platforms returned it."""
    show(_three_sides(played), _held_table(played), _read_back(played))
    twice = sum(len(one.counted.twice) for one in played)
    verdict = "All three sides agree" if agree(played) else "THE THREE SIDES DO NOT AGREE"
    say(f"{verdict}; {twice or 'nothing'} went twice. {seconds:.1f} seconds.")


def agree(played: Sequence[Played]) -> bool:
    """Whether the three sides say the same of every ledger."""
    return all(one.counted.agree for one in played)


def _three_sides(played: Sequence[Played]) -> Table:
    rows: list[tuple[str | int | None, ...]] = []
    for one in played:
        ours, books = one.counted.ours, one.counted.books
        rows.append((one.ledger, "messages and notices", one.counted.to_people, one.counted.mail, None, None))
        rows += [
            (one.ledger, name, ours.get(kind, 0), None, books.there[kind], books.gone[kind])
            for kind, name in ((Kind.NOTE, "notes"), (Kind.FILE, "statements"), (Kind.LINK, "payment links"))
        ]
    return Table(
        kind="counted",
        title="Six weeks, counted from three sides",
        columns=columns("ledger what our_outbox> mail_server> platform> gone_since>"),
        rows=rows,
    )


def _held(played: Sequence[Played]) -> Counter[str]:
    return sum((Counter(one.held) for one in played), Counter())


def _held_table(played: Sequence[Played]) -> Table:
    rows = [(code.replace("_", " "), count) for code, count in _held(played).most_common()]
    return Table(kind="held", title="Held, by reason", columns=columns("reason invoices>"), rows=rows)


def _read_back(played: Sequence[Played]) -> Table:
    rows: list[tuple[str | int | None, ...]] = []
    for one in played:
        size = f"{one.shown.statement_bytes:,} bytes"
        shown = (("note", one.shown.note), ("statement", f"{one.shown.statement}, {size}"), ("link", one.shown.link))
        rows += [(LEDGERS[one.ledger], what, text) for what, text in shown]
    return Table(kind="read back", title="Read back", columns=columns("platform what as_it_stands_there…"), rows=rows)
