"""A row of a story's first table, told to its books."""

import re
from typing import Final

from tests.scenarios.books import Books
from tests.scenarios.reading import Row, written
from tests.scenarios.words.agreed import AGREED
from tests.scenarios.words.books import BOOKS
from tests.scenarios.words.customer import CUSTOMER
from tests.scenarios.words.forms import Words
from tests.scenarios.words.messages import MESSAGES

WORDS: Final[Words] = (*BOOKS, *CUSTOMER, *AGREED, *MESSAGES)


def happens(books: Books, row: Row) -> None:
    """A row of the first table."""
    books.today = row.on
    for pattern, told in WORDS:
        if match := re.fullmatch(pattern, row.text):
            told(books, *match.groups(default=""))
            return
    raise ValueError(f"{written(row.on)}: nobody knows what this means: {row.text}")
