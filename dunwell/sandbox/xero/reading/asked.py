"""What a list is asked for: filters, order, page, shape. Unknown parameters are ignored, as Xero does."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from dunwell.sandbox.exchange import Call
from dunwell.sandbox.xero.reading.values import read_instant
from dunwell.sandbox.xero.wire import Refused

DEFAULT_PAGE, MAX_PAGE = 100, 1000


class Asked(Struct, frozen=True, kw_only=True):
    """The parameters of a list. `page` None: unpaged, and then lists are poorer. Sets are None where not asked for."""

    page: int | None = None
    size: int = DEFAULT_PAGE
    where: str | None = None
    order: str | None = None
    ids: frozenset[str] | None = None
    contact_ids: frozenset[str] | None = None
    numbers: frozenset[str] | None = None
    statuses: frozenset[str] | None = None
    archived: bool = False
    summary: bool = False
    mine: bool = False
    term: str | None = None
    since: datetime | None = None
    places: int = 2


def read(call: Call) -> Asked:
    """The parameters of a call; names count without regard to case. Raises `Refused`.

    A page size out of range is clamped in silence (fact sheet, section 4). An If-Modified-Since that is no date is
    refused here; what Xero does is [UNCONFIRMED].
    """
    given = {name.lower(): value for name, value in reversed(call.query)}
    summary = _flag(given, "summaryonly")
    paged = summary or "page" in given or "pagesize" in given
    return Asked(
        page=max(1, _number(given, "page", 1)) if paged else None,
        size=min(MAX_PAGE, max(1, _number(given, "pagesize", DEFAULT_PAGE))),
        where=given.get("where") or None,
        order=given.get("order") or None,
        ids=_ids(given, "ids"),
        contact_ids=_ids(given, "contactids"),
        numbers=_several(given, "invoicenumbers"),
        statuses=_several(given, "statuses"),
        archived=_flag(given, "includearchived"),
        summary=summary,
        mine=_flag(given, "createdbymyapp"),
        term=given.get("searchterm") or None,
        since=_since(call.header("if-modified-since")),
        places=4 if given.get("unitdp") == "4" else 2,
    )


def _flag(given: dict[str, str], name: str) -> bool:
    """Python's True counts as well (recorded for IncludeOnline)."""
    return given.get(name, "").lower() == "true"


def _number(given: dict[str, str], name: str, default: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise _bad(name, text) from None


def _several(given: dict[str, str], name: str) -> frozenset[str] | None:
    texts = [each.strip().strip('"').casefold() for each in given.get(name, "").split(",")]
    return frozenset(each for each in texts if each) or None


def _ids(given: dict[str, str], name: str) -> frozenset[str] | None:
    try:
        return frozenset(str(UUID(text)) for text in _several(given, name) or ()) or None
    except ValueError:
        raise _bad(name, given[name]) from None


def _since(text: str) -> datetime | None:
    try:
        return read_instant(text) if text else None
    except ValueError:
        raise _bad("If-Modified-Since", text) from None


def _bad(name: str, text: str) -> Refused:
    message = f"The value '{text}' is not valid for {name}."
    return Refused({"ErrorNumber": 16, "Type": "QueryParseException", "Message": message})
