"""How a command ends: its exit code, and one sentence that says what, which record, and what to do next.

    0  done
    1  something failed, and is named
    2  the command line, config.toml, a strategy or a file is wrong; nothing was done on it
    3  some ledgers failed, the others are done
    4  a person is needed

Where several are true, 2 beats 4 beats 3 beats 1.
"""

import errno
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from typing import IO, TYPE_CHECKING, Any, Final

import click

from dunwell.clock import local

if TYPE_CHECKING:
    from connectors.errors import RetryLater

SOON_S: Final = 90

INTERRUPTED: Final = "Interrupted. What was begun is not half done: the next run continues from what was finished."


class Code(IntEnum):
    """Exit codes."""

    DONE = 0
    FAILED = 1
    WRONG = 2
    SOME_LEDGERS = 3
    PERSON = 4


_WORST_FIRST: Final = (Code.WRONG, Code.PERSON, Code.SOME_LEDGERS, Code.FAILED)


def worst(codes: Iterable[Code]) -> Code:
    """The code that says the most of several."""
    met = set(codes)
    return next((code for code in _WORST_FIRST if code in met), Code.DONE)


class Ended(click.ClickException):
    """The command ends here. An empty message says nothing: it was said already."""

    def show(self, file: IO[Any] | None = None) -> None:
        if self.message:
            click.echo(self.message, file=file, err=file is None)


class Failed(Ended):
    """Something failed, and is named."""

    exit_code = Code.FAILED


class Wrong(Ended):
    """What was typed, or written in a file, cannot be meant."""

    exit_code = Code.WRONG


class SomeFailed(Ended):
    """Some ledgers failed."""

    exit_code = Code.SOME_LEDGERS


class PersonNeeded(Ended):
    """Nothing goes on before a person did something."""

    exit_code = Code.PERSON


_ENDS: Final[Mapping[Code, type[Ended]]] = {
    Code.FAILED: Failed,
    Code.WRONG: Wrong,
    Code.SOME_LEDGERS: SomeFailed,
    Code.PERSON: PersonNeeded,
}


def end(message: str, code: Code) -> Ended:
    """The end with this code, which is not `DONE`."""
    return _ENDS[code](message)


@contextmanager
def explained() -> Iterator[None]:
    """Whatever is expected to go wrong inside ends the command with a sentence; a bug of ours flies on."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except KeyboardInterrupt:
        raise Failed(f"\n{INTERRUPTED}") from None
    except expected() as error:
        raise ended(error) from None


def expected() -> tuple[type[BaseException], ...]:
    """Everything that may go wrong without a bug of ours. Imports much: to be asked for after the fact only."""
    from sync.store import trouble

    return (*_codes(), trouble.Trouble, OSError)


def ended(error: BaseException) -> Ended:
    """What an expected error comes to."""
    from connectors.errors import OutsideError
    from sync.store import trouble

    if isinstance(error, OutsideError):
        return end(_outside(error), _code(error))
    if isinstance(error, trouble.Trouble):
        return Failed(trouble.sentence(error))
    if isinstance(error, OSError):
        return _of_system(error)
    return end(str(error), _code(error))


def _codes() -> Mapping[type[BaseException], Code]:
    from connectors.errors import OutsideError, Reconnect, SetRight
    from dunwell.agreements.refusing import Refused
    from dunwell.config.locating import NoConfig
    from dunwell.config.reading import BadConfig
    from dunwell.config.secret import NoSecret
    from dunwell.demo.broken import DemoBroken
    from dunwell.wiring.house import Misconfigured
    from sync.bench import NeverPulled
    from sync.cycle import Busy
    from sync.store.ledgers import BoundElsewhere
    from sync.store.vault import Exposed, WrongKey

    return {
        Reconnect: Code.PERSON,
        SetRight: Code.PERSON,
        OutsideError: Code.FAILED,
        Busy: Code.FAILED,
        NeverPulled: Code.FAILED,
        DemoBroken: Code.FAILED,
        **dict.fromkeys(
            (NoConfig, BadConfig, NoSecret, Misconfigured, BoundElsewhere, WrongKey, Exposed, Refused), Code.WRONG
        ),
    }


def _code(error: BaseException) -> Code:
    return next(code for kind, code in _codes().items() if isinstance(error, kind))


def _outside(error: BaseException) -> str:
    """The outside's sentence, and what to do next where it does not say so itself."""
    from connectors.errors import RetryLater

    if isinstance(error, RetryLater):
        return f"{error}; nothing was lost, run the same again {_when(error)}"
    return str(error)


def _when(error: "RetryLater") -> str:
    """In a minute, or at a time of the clock on the wall."""
    if error.after_s <= SOON_S and not error.daily:
        return "in a minute"
    return f"in {round(error.after_s / 60)} minutes" if error.until is None else f"after {local(error.until)}"


def _of_system(error: OSError) -> Ended:
    """A file that cannot be read or written. A closed pipe is nobody's mistake and click's to end."""
    if error.errno == errno.EPIPE:
        raise error
    where = f"{error.filename}: " if error.filename else ""
    what = error.strerror or str(error)
    room = "; make room, then run the same again" if error.errno in {errno.ENOSPC, errno.EDQUOT} else ""
    return Failed(f"{where}{what}{room}")
