"""Deliveries are written together where they wait, and nobody waits longer than a platform does."""

import asyncio
import sqlite3
import threading
from collections.abc import Sequence

import pytest

from dunwell.web import noting
from dunwell.web.noting import Noting, NotNoted
from strategy.model import Platform
from sync.store.webhooks import Delivery

DELIVERY = Delivery(platform=Platform.XERO, announced=())


def ignored(_error: Exception) -> None:
    """Nobody is told."""


def test_what_waits_while_something_is_written_is_written_at_once() -> None:
    batches: list[int] = []
    begun, go = threading.Event(), threading.Event()

    def write(deliveries: Sequence[Delivery]) -> None:
        batches.append(len(deliveries))
        begun.set()
        go.wait(60)

    async def storm() -> None:
        desk = Noting(write, ignored)
        first = asyncio.create_task(desk.note(DELIVERY))
        await asyncio.to_thread(begun.wait, 60)
        others = [asyncio.create_task(desk.note(DELIVERY)) for _ in range(50)]
        await asyncio.sleep(0)
        go.set()
        await asyncio.gather(first, *others)
        assert desk.taken == 51

    asyncio.run(storm())
    assert batches == [1, 50]


def test_what_is_not_written_in_time_is_not_thanked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noting, "NOTE_S", 0.01)
    go = threading.Event()

    def write(_deliveries: Sequence[Delivery]) -> None:
        go.wait(60)

    async def slow() -> None:
        desk = Noting(write, ignored)
        with pytest.raises(NotNoted):
            await desk.note(DELIVERY)
        go.set()
        assert desk.taken == 0

    asyncio.run(slow())


def test_what_the_database_refuses_is_told_and_the_next_is_tried() -> None:
    told: list[Exception] = []
    answers = [sqlite3.OperationalError("database is locked"), None]

    def write(_deliveries: Sequence[Delivery]) -> None:
        if (error := answers.pop(0)) is not None:
            raise error

    async def twice() -> None:
        desk = Noting(write, told.append)
        with pytest.raises(NotNoted):
            await desk.note(DELIVERY)
        await desk.note(DELIVERY)

    asyncio.run(twice())
    assert len(told) == 1
