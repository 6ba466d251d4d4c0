"""Each ledger's six weeks in a process of its own, as a firm's schedule runs them; told in the order of the days."""

import heapq
import multiprocessing
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from dunwell.cli import logs
from dunwell.demo import counting, leaving
from dunwell.demo.broken import DemoBroken
from dunwell.demo.counting import Counted, Shown
from dunwell.demo.stage import LEDGERS, staged
from dunwell.demo.story import Story
from dunwell.demo.weeks import Weeks
from strategy.model import Record


class Played(Record):
    """What came of a ledger's six weeks. `held`: by reason, how many invoices were ever held for it."""

    ledger: str
    counted: Counted
    held: Mapping[str, int]
    shown: Shown


class _Told(NamedTuple):
    at: datetime
    sentence: str


def play_apart(folder: Path, seed: int, report: Callable[[str], None]) -> list[Played]:
    """Play all ledgers at the same time, on one database. Raises `DemoBroken`."""
    context = multiprocessing.get_context("spawn")
    played: list[Played] = []
    tales = []
    processes = []
    try:
        for ledger in LEDGERS:
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_play, args=(folder, seed, ledger, theirs), daemon=True)
            process.start()
            theirs.close()
            processes.append(process)
            tales.append(_heard(ours, ledger, played.append))
        for told in heapq.merge(*tales):
            report(told.sentence)
    finally:
        for process in processes:
            process.terminate()
            process.join()
    return sorted(played, key=lambda one: one.ledger)


def _heard(pipe: Connection, ledger: str, finish: Callable[[Played], None]) -> Iterator[_Told]:
    """What a process tells, until it is done."""
    while True:
        try:
            told = pipe.recv()
        except EOFError:
            raise DemoBroken(f"The process that played {ledger} ended before its six weeks did") from None
        if isinstance(told, DemoBroken):
            raise told
        if isinstance(told, Played):
            finish(told)
            return
        yield told


def _play(folder: Path, seed: int, ledger: str, pipe: Connection) -> None:
    """In the process of its own."""
    logs.configure(verbose=False)
    try:
        with staged(folder, seed, ledger) as stage:
            story = Story(stage, lambda sentence: pipe.send(_Told(stage.clock.now(), sentence)))
            weeks = Weeks(stage, story)
            weeks.play()
            story.end()
            leaving.leave(folder, stage)
            held = {code: len(invoices) for code, invoices in weeks.held.items()}
            played = Played(ledger=ledger, counted=counting.count(stage), held=held, shown=counting.show(stage))
        pipe.send(played)
    except DemoBroken as broken:
        pipe.send(broken)
    except KeyboardInterrupt:
        return
