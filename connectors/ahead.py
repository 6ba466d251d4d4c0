"""Reading ahead: while one page is worked on, the next ones are on their way.

Lists are read one after the other. Each begins with a *head*, a question whose answer tells what is to be asked for its
pages (a count, or a first page that says how many there are). Pages are handed on in the order in which they were asked
for, whichever arrives first, so whoever saves them sees what one connection would have brought.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Generic, TypeVar

CONNECTIONS = 4
"""So many at once where a whole ledger is read: one less than Xero allows, so that somebody else can still ask."""

SOON_S = 0.05
"""An answer that takes longer than this was waited for: then more connections are worth the memory of their pages."""

T = TypeVar("T")

Ask = Callable[[], T]
"""Asks for one page and returns it."""

Head = Callable[[], Iterable[Ask[T] | None]]
"""Begins a list: returns what asks for its pages, in their order. None among them: what follows depends on the pages so
far, and is drawn only once all of these have come. Drawn from by whoever takes the pages.
"""


def in_order(heads: Iterable[Head[T]], connections: int, holds_back: Callable[[], bool]) -> Iterator[T]:
    """The pages of all lists, in order. At most `connections` questions run at once, and as many pages wait at most: as
    few of both as pages are not waited for, so that none lies in memory for nothing. While `holds_back` says that a
    question waits for its turn, a page is late for another reason than that too few are asked for.

    An error comes where its page would have come. Nothing runs any more once this is exhausted, has raised, or is
    closed: what was under way is waited for.
    """
    if connections == 1:
        yield from (ask() for head in heads for ask in head() if ask)
        return
    pool = ThreadPoolExecutor(connections, thread_name_prefix="reading-ahead")
    try:
        yield from _Window(heads, pool, connections, holds_back)
    finally:
        pool.shutdown(cancel_futures=True)


def given(page: T) -> Ask[T]:
    """A page that is here already."""
    return lambda: page


class _List(Generic[T]):
    """One list under way: its head, and the pages that were asked for and not taken yet."""

    def __init__(self, head: Future[Iterable[Ask[T] | None]]) -> None:
        self.head = head
        self.pages: deque[Future[T]] = deque()
        self.ended = False
        self._asks: Iterator[Ask[T] | None] | None = None
        self._held = False

    def next_ask(self) -> Ask[T] | None:
        """What asks for its next page; None where that is not known yet, and after the last one."""
        if self._asks is None:
            if not self.head.done() or self.head.exception():
                return None
            self._asks = iter(self.head.result())
        if self._held and not all(page.done() for page in self.pages):
            return None
        try:
            ask = next(self._asks)
        except StopIteration:
            self.ended = True
            return None
        self._held = ask is None
        return ask


class _Window(Generic[T]):
    """The lists under way. The next one's head is asked for while this one's pages are, so that no list waits for the
    one before it.
    """

    def __init__(
        self, heads: Iterable[Head[T]], pool: ThreadPoolExecutor, most: int, holds_back: Callable[[], bool]
    ) -> None:
        self._heads = iter(heads)
        self._pool = pool
        self._most = most
        self._holds_back = holds_back
        self._room = 1
        self._lists: deque[_List[T]] = deque()

    def __iter__(self) -> Iterator[T]:
        while self._fill() or self._lists:
            first = self._lists[0]
            if first.pages:
                yield self._taken(first.pages)
            elif first.ended:
                self._lists.popleft()
            else:
                self._await(first.head)
                first.head.result()

    def _taken(self, pages: deque[Future[T]]) -> T:
        """The page whose turn it is, once it is there; the next one is asked for before it is handed on."""
        page = pages.popleft()
        if not self._await(page) and all(other.done() for one in self._lists for other in one.pages):
            self._room = max(self._room - 1, 1)
        self._fill()
        return page.result()

    def _await(self, answer: Future[Any]) -> bool:
        """Wait for an answer; whether it was not there soon. While it is not, more is asked for at once."""
        late = False
        while wait([answer], SOON_S).not_done:
            if not self._holds_back():
                late = True
                self._room = min(self._room + 1, self._most)
                self._fill()
        return late

    def _fill(self) -> bool:
        """Ask for whatever there is room for; whether anything was asked for."""
        asked = False
        while self._under_way() < self._room and self._ask_one():
            asked = True
        return asked

    def _under_way(self) -> int:
        return sum(len(one.pages) + (not one.head.done()) for one in self._lists)

    def _ask_one(self) -> bool:
        """Ask for what is wanted soonest; False where nothing can be asked for now."""
        for one in self._lists:
            if (ask := one.next_ask()) is not None:
                one.pages.append(self._pool.submit(ask))
                return True
            if not one.ended:
                break
        if sum(not one.ended for one in self._lists) > 1 or (head := next(self._heads, None)) is None:
            return False
        self._lists.append(_List(self._pool.submit(head)))
        return True
