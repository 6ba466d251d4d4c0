"""Writing down what arrived, on the disk before anybody is thanked for it.

Deliveries that arrive while the database is busy wait together and are written together: a storm of them costs few
transactions. Nothing else is done here; a command that a schedule calls does the reading.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from sync.store.trouble import Trouble
from sync.store.webhooks import Delivery

NOTE_S: Final = 2.0
"""So long may writing take: QuickBooks waits 3 s for an answer, Xero 5."""


class NotNoted(Exception):
    """It could not be written down in time; the platform will send it again."""


class Noting:
    """Takes deliveries, and writes all that wait at once. `write` may take its time: it is called in a thread."""

    def __init__(self, write: Callable[[Sequence[Delivery]], None], on_trouble: Callable[[Trouble], None]) -> None:
        self._write, self._on_trouble = write, on_trouble
        self._waiting: list[tuple[Delivery, asyncio.Future[bool]]] = []
        self._writer: asyncio.Task[None] | None = None
        self.taken = self.refused = 0

    async def note(self, delivery: Delivery) -> None:
        """Return once it is on the disk. Raises `NotNoted`; it may be there even then."""
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append((delivery, kept))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        try:
            done = await asyncio.wait_for(kept, NOTE_S)
        except TimeoutError:
            done = False
        if not done:
            raise NotNoted
        self.taken += 1

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await asyncio.to_thread(self._write, [delivery for delivery, _ in batch])
                done = True
            except Trouble as error:
                self._on_trouble(error)
                done = False
            for _, kept in batch:
                if not kept.done():
                    kept.set_result(done)
