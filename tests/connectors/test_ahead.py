"""Reading ahead: in order whatever the order of arrival, bounded, and over when it is over."""

import threading
from collections.abc import Callable, Iterable, Iterator

import pytest

from connectors import ahead
from connectors.ahead import Ask, Head, given, in_order

PATIENCE_S = 30


class Gate:
    """Questions that are answered when they are let through; remembers which were asked, and how many at once."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.most = 0
        self._open: set[str] = set()
        self._running = 0
        self._changed = threading.Condition()

    def ask(self, name: str) -> Ask[str]:
        def wait() -> str:
            with self._changed:
                self.asked.append(name)
                self._running += 1
                self.most = max(self.most, self._running)
                self._changed.notify_all()
                assert self._changed.wait_for(lambda: name in self._open, PATIENCE_S)
                self._running -= 1
            return name

        return wait

    def let(self, *names: str) -> None:
        with self._changed:
            self._open.update(names)
            self._changed.notify_all()

    def wait_until_asked(self, *names: str) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: set(names) <= set(self.asked), PATIENCE_S), self.asked


def lists(gate: Gate, *names: str) -> list[Head[str]]:
    """A list of each name with pages of its letters."""
    return [head_of([gate.ask(f"{name}{page}") for page in range(3)]) for name in names]


def never() -> bool:
    """No limit holds a question back."""
    return False


def head_of(asks: Iterable[Ask[str] | None]) -> Head[str]:
    return lambda: asks


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture(autouse=True)
def nothing_keeps_running() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() <= before


def taken(pages: Iterator[str], count: int) -> tuple[threading.Thread, list[str]]:
    """Take so many pages in a thread of its own."""
    found: list[str] = []
    taker = threading.Thread(target=lambda: found.extend(next(pages) for _ in range(count)))
    taker.start()
    return taker, found


def test_pages_come_in_order_though_the_last_one_arrives_first(gate: Gate) -> None:
    pages = in_order(lists(gate, "a"), 4, never)
    taker, found = taken(pages, 3)
    for name in ("a2", "a1", "a0"):
        gate.wait_until_asked(name)
        gate.let(name)
    taker.join()
    assert found == ["a0", "a1", "a2"]
    assert list(pages) == []


@pytest.mark.parametrize("connections", [1, 2, 3, 4])
def test_all_pages_of_all_lists_come_list_after_list(gate: Gate, connections: int) -> None:
    gate.let(*(f"{name}{page}" for name in "abcd" for page in range(3)))
    empty: Head[str] = head_of([])
    heads = lists(gate, "a", "b")
    found = list(in_order([empty, heads[0], empty, heads[1], empty], connections, never))
    assert found == ["a0", "a1", "a2", "b0", "b1", "b2"]
    assert gate.most <= connections


def test_no_more_are_asked_for_than_there_are_connections_beyond_what_was_taken(gate: Gate) -> None:
    gate.let(*(f"{name}{page}" for name in "abc" for page in range(3)))
    for count, _ in enumerate(in_order(lists(gate, "a", "b", "c"), 2, never), start=1):
        assert len(gate.asked) <= count + 2
    assert len(gate.asked) == 9
    assert gate.most <= 2


def test_more_are_asked_for_while_one_is_waited_for(gate: Gate) -> None:
    pages = in_order(lists(gate, "a", "b"), 4, never)
    taker, _ = taken(pages, 6)
    gate.wait_until_asked("a0", "a1", "a2", "b0")
    gate.let("a0", "a1", "a2", "b0", "b1", "b2")
    taker.join()
    assert list(pages) == []


def test_no_more_are_asked_for_while_a_limit_holds_them_back(gate: Gate) -> None:
    looked = threading.Semaphore(0)

    def holds_back() -> bool:
        looked.release()
        return True

    pages = in_order(lists(gate, "a", "b"), 4, holds_back)
    taker, _ = taken(pages, 6)
    for _ in range(3):
        assert looked.acquire(timeout=PATIENCE_S)
    assert gate.asked == ["a0"]
    gate.let("a0", "a1", "a2", "b0", "b1", "b2")
    taker.join()
    assert list(pages) == []


def test_pages_that_come_at_once_do_not_pile_up(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "SOON_S", PATIENCE_S)
    gate.let(*(f"{name}{page}" for name in "abc" for page in range(3)))
    for count, _ in enumerate(in_order(lists(gate, "a", "b", "c"), 4, never), start=1):
        assert len(gate.asked) <= count + 1


def test_after_a_page_that_was_waited_for_fewer_are_asked_for_again(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"a{page}" for page in range(20)]
    pages = in_order([head_of([gate.ask(name) for name in names])], 4, never)
    taker, _ = taken(pages, 1)
    gate.wait_until_asked("a3")
    monkeypatch.setattr(ahead, "SOON_S", PATIENCE_S)
    gate.let(*names)
    taker.join()
    for count, name in enumerate(pages, start=2):
        gate.wait_until_asked(*names[: min(count + 1, 20)])
        assert count < 15 or len(gate.asked) <= count + 1, name


def test_a_list_is_begun_while_the_one_before_it_is_still_read(gate: Gate) -> None:
    begun = threading.Event()

    def begin() -> Iterable[Ask[str]]:
        begun.set()
        return [given("b0")]

    def long() -> Iterable[Ask[str]]:
        assert begun.wait(PATIENCE_S)
        return [given("a0")]

    assert list(in_order([long, begin], 4, never)) == ["a0", "b0"]


def failing() -> str:
    raise LookupError("page two")


def test_an_error_comes_where_its_page_would_have_come_and_ends_all(gate: Gate) -> None:
    names = [f"a{page}" for page in range(9)]
    gate.let(*names)
    asks = [gate.ask("a0"), failing, *map(gate.ask, names[1:])]
    pages = in_order([head_of(asks)], 3, never)
    assert next(pages) == "a0"
    with pytest.raises(LookupError, match="page two"):
        next(pages)
    assert "a5" not in gate.asked
    assert list(pages) == []


def test_a_list_that_cannot_begin_fails_after_the_pages_before_it(gate: Gate) -> None:
    gate.let("a0", "a1", "a2")
    pages = in_order([lists(gate, "a")[0], failing_head, lists(gate, "c")[0]], 4, never)
    assert [next(pages) for _ in range(3)] == ["a0", "a1", "a2"]
    with pytest.raises(LookupError):
        next(pages)
    assert "c0" not in gate.asked


def failing_head() -> Iterable[Ask[str]]:
    raise LookupError("head")


def test_whoever_stops_early_waits_for_what_runs_and_leaves_nothing(gate: Gate) -> None:
    gate.let("a0")
    pages = in_order(lists(gate, "a", "b", "c"), 4, never)
    assert next(pages) == "a0"
    gate.wait_until_asked("a1")
    closer = threading.Thread(target=pages.close)  # type: ignore[attr-defined]  # it is a generator
    closer.start()
    closer.join(0.05)
    assert closer.is_alive()
    gate.let("a1", "a2", "b0", "b1")
    closer.join()
    assert "c0" not in gate.asked


@pytest.mark.parametrize("connections", [1, 4])
def test_what_depends_on_the_pages_before_is_drawn_after_they_came(gate: Gate, connections: int) -> None:
    came: list[str] = []

    def noted(ask: Ask[str]) -> Ask[str]:
        def noting() -> str:
            page = ask()
            came.append(page)
            return page

        return noting

    def asks() -> Iterator[Ask[str] | None]:
        yield from (noted(gate.ask("a0")), noted(gate.ask("a1")))
        yield None
        assert sorted(came) == ["a0", "a1"]
        yield gate.ask("a2")

    begin: Callable[[], Iterable[Ask[str] | None]] = asks
    pages = in_order([begin], connections, never)
    taker, found = taken(pages, 3)
    for name in ("a0", "a1", "a2"):
        gate.wait_until_asked(name)
        gate.let(name)
    taker.join()
    assert found == ["a0", "a1", "a2"]
    assert list(pages) == []
