"""For all tests: properties at fixed seeds, unless more is to be proved; what `make prove` repeats; where data is."""

import gc
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.data import DATA
from tests.proving import FACTOR, counts, times

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's job in the background ignores the keyboard, and so would a program that a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("dunwell", derandomize=FACTOR == 1, deadline=None, max_examples=times(50), print_blob=True)
settings.load_profile("dunwell")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every property is proved at full count by `make prove`, and so is what carries the mark itself."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.prove)


def pytest_collection_finish() -> None:
    """What was collected stays until the end: the garbage collector need not look at all of it over and over."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


_proved: Counter[str] = Counter()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands what it counted to the process that started it; alone, that is this one."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["proved"] = counts()
    else:
        _proved.update(counts())


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of xdist is done."""
    _proved.update(getattr(node, "workeroutput", {}).get("proved", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How much was proved."""
    for what, count in sorted(_proved.items()):
        terminalreporter.write_line(f"{count:,} {what}")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of contracts, examples and recordings."""
    return DATA
