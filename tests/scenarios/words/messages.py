"""What comes of our messages and tasks, and what people do beside them."""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from strategy.model import Currency, InvoiceId
from strategy.touches import Bounce, CameOf, Handed, TouchState
from tests.scenarios.books import Books
from tests.scenarios.words.forms import A_DAY, Words, day_of


def _power(books: Books, state: str) -> None:
    books.is_off = state == "off"


def _dies(books: Books) -> None:
    books.dies = True


def _settled(books: Books, outcome: str) -> None:
    """A person has looked."""
    books.dies = False
    *books.touches, last = books.touches
    if outcome == "left":
        books.touches.append(replace(last, state=TouchState.ACCEPTED))
    else:
        books.failures[last.act, last.occasion, last.currency] += 1


def _came(books: Books, step: str, outcome: str, again: str) -> None:
    """A call is a contact of the day on which it was made; what an agency hears is none."""
    made = next((one for one in reversed(books.touches) if one.act == step), None)
    if made is not None:
        books.touches.remove(made)
        books.touches.append(replace(made, on=books.today))
    books.came.append(
        CameOf(
            task=len(books.came) + 1,
            act=step,
            occasion=made.occasion if made else f"{_placed_by(books)}-by-hand",
            case=made.case if made else None,
            currency=made.currency if made else Currency("EUR"),
            on=books.today,
            what="Northgate" if outcome == "placed" else "",
            outcome=outcome.replace(" ", "_"),
            next_on=day_of(books, again) if again else None,
            handed=tuple(_handed(books, made.invoices)) if made and outcome == "placed" else (),
        )
    )


def _handed(books: Books, invoices: frozenset[InvoiceId]) -> Iterator[Handed]:
    """As the books have them when the agency gets them."""
    for one in books.invoices.values():
        if one.invoice_id in invoices:
            yield Handed(invoice_id=one.invoice_id, open_minor=one.open_minor, paid_minor=one.paid_minor)


def _placed_by(books: Books) -> int:
    """The task by which an agency got the account last; 0 where none has."""
    return max((one.task for one in books.came if one.outcome == "placed"), default=0)


def _refused(books: Books, step: str) -> None:
    """The channel did not take it."""
    back = next(one for one in reversed(books.touches) if one.act == step)
    books.touches.remove(back)
    books.failures[back.act, back.occasion, back.currency] += 1


def _came_back(books: Books, step: str, address: str) -> None:
    """Nobody else got it: it has failed, and was not said."""
    back = next(one for one in reversed(books.touches) if one.act == step)
    _refused(books, step)
    bounce = Bounce(
        act=back.act,
        occasion=back.occasion,
        case=back.case,
        currency=back.currency,
        address=address,
        whole=True,
        on=books.today,
    )
    books.bounces.append(bounce)


def _rejects(books: Books, step: str) -> None:
    books.rejects.append(step)


def _rings(books: Books) -> None:
    books.noted("noted", "call", None, ())


def _they_write(books: Books) -> None:
    books.wrote_on = books.today


def _said_before(books: Books, step: str, number: str) -> None:
    books.noted(step, "email", 1, (InvoiceId(number),))


def _first_word(books: Books, day: str) -> None:
    books.first_word_on = day_of(books, day)


MESSAGES: Final[Words] = (
    (r"dunwell is (off|on)", _power),
    (r"from now on every message may or may not have left", _dies),
    (r"somebody looked: it (left|did not leave)", _settled),
    (rf"what came of (\w+): ([a-z ]+)(?:, again on ({A_DAY}))?", _came),
    (r"(\w+) comes back from (\S+)", _came_back),
    (r"(\w+) is refused by the channel", _refused),
    (r"a person rejects (\w+)", _rejects),
    (r"somebody rings", _rings),
    (r"they write to us", _they_write),
    (rf"others hear their first word before ({A_DAY})", _first_word),
    (r"the program before said (\w+) of (\w+)", _said_before),
)
