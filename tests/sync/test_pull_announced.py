"""A pull and a ledger that is dirty: what was announced before it began is answered by it, what came later is not."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base import Announcement, Page
from connectors.errors import OutsideError
from strategy.model import Platform
from sync.store import ledgers, webhooks
from sync.store.webhooks import Delivery
from tests.sync.pulls import QUIET, Killed, Puller, a_puller

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NUMBERS = iter(range(1_000))


@pytest.fixture(scope="module")
def puller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Puller]:
    """A mirror that was read, whose ledger is bound."""
    with a_puller(tmp_path_factory.mktemp("pull"), "quickbooks", weeks=QUIET) as puller:
        ledgers.bind(puller.store, puller.ledger, "1", "Harbour", "http://localhost", NOON)
        puller.pull()
        yield puller


def announce(puller: Puller) -> None:
    """Something new."""
    told = Announcement(remote_id="1", digest=next(NUMBERS).to_bytes(16, "big"))
    webhooks.note(puller.store, [Delivery(platform=Platform.QUICKBOOKS, announced=[told])], NOON)


def dirty(puller: Puller) -> bool:
    return webhooks.dirty(puller.store, puller.ledger.id)


class Meanwhile:
    """A connector, and what happens while it is asked for changes."""

    def __init__(self, connector: object, happens: Callable[[], None]) -> None:
        self._connector, self._happens = connector, happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connector, name)

    def changes(self, since: datetime) -> Iterator[Page]:
        self._happens()
        yield from self.__getattr__("changes")(since)


@pytest.mark.parametrize("full", [True, False], ids=["everything", "changes"])
def test_what_was_announced_before_a_pull_is_answered_by_it(puller: Puller, full: bool) -> None:
    announce(puller)
    assert dirty(puller)
    puller.pull(full=full)
    assert not dirty(puller)


@pytest.mark.parametrize("full", [True, False], ids=["everything", "changes"])
def test_what_is_announced_while_a_pull_reads_is_left_for_the_next(puller: Puller, full: bool) -> None:
    announce(puller)
    connector: Any = Meanwhile(puller.road.connector, lambda: announce(puller))
    puller.pull(full=full, connector=connector)
    assert dirty(puller)
    puller.pull()
    assert not dirty(puller)


def test_a_pull_that_breaks_off_leaves_the_ledger_dirty(puller: Puller) -> None:
    announce(puller)
    puller.road.fault("broken", times=None)
    with pytest.raises(OutsideError):
        puller.pull()
    puller.road.sandbox.faults.clear()
    assert dirty(puller)
    puller.pull()
    assert not dirty(puller)


@pytest.mark.parametrize("full", [True, False], ids=["everything", "changes"])
def test_the_ledger_is_clean_with_what_the_pull_saved_or_not_at_all(
    puller: Puller, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    announce(puller)
    puller.road.clock.move(minutes=1)
    before = puller.cursor()

    def die(*args: Any) -> None:
        puller.store.run("UPDATE webhook_ledger SET pulled = ? WHERE ledger_id = ?", args[2], args[1])
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(webhooks, "pulled", die)
        with pytest.raises(Killed):
            puller.pull(full=full)
    assert (dirty(puller), puller.cursor()) == (True, before)
    puller.pull()
    assert not dirty(puller)
    assert puller.cursor() != before
