"""Xero's ids: UUIDs that follow from the company, what a thing is, and its number in the books."""

from functools import lru_cache

from dunwell.sandbox.dice import digest
from dunwell.sandbox.xero.wire import as_uuid

COMPANY = "xero"


@lru_cache(maxsize=100_000)
def uuid_of(kind: str, *number: object) -> str:
    """The id of a thing; the same thing always has the same."""
    return as_uuid(digest(COMPANY, kind, *number))


def tenant() -> str:
    """The organisation as connections call it. It is its OrganisationID too (fact sheet, section 1)."""
    return uuid_of("organisation")


def theme(number: int) -> str:
    """A branding theme."""
    return uuid_of("theme", number)
