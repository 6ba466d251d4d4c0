"""Attachables: notes and files, and the short-lived links under which files can be fetched."""

from datetime import datetime, timedelta

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.records import Paper
from dunwell.sandbox.dice import digest
from dunwell.sandbox.quickbooks.bodies import stamps
from dunwell.sandbox.quickbooks.lists import ATTACHED_NAMES
from dunwell.sandbox.quickbooks.wire import Body

FILES = "/quickbooks/files/"
LINK_S = 900
"""A download link is good for a quarter of an hour (fact sheet, section 14)."""

_FIRST_ID = 5_000_000_000_000_000_000


def id_of(paper: Paper) -> str:
    """The Id of an attachable: nineteen digits, as recorded (5000000000000503624)."""
    return str(_FIRST_ID + paper.id)


def paper_id(attachable_id: int) -> int:
    """The paper behind an Id."""
    return attachable_id - _FIRST_ID


def attachable(books: Books, paper: Paper) -> Body:
    """A note or a file. The link to fetch it is added when it is asked for (`with_link`)."""
    body: Body = {}
    if paper.content is not None:
        body = {
            "FileName": paper.name,
            "FileAccessUri": f"/v3/company/{realm(books)}/download/{id_of(paper)}",
            "Size": len(paper.content),
            "ContentType": paper.media_type,
        }
    body |= {**stamps(paper), "Id": id_of(paper)}
    if paper.targets:
        include = paper.fields.get("IncludeOnSend", False)
        body["AttachableRef"] = [
            {"EntityRef": {"value": str(record_id), "type": ATTACHED_NAMES[kind]}, "IncludeOnSend": include}
            for kind, record_id in paper.targets
        ]
    body |= {name: value for name, value in paper.fields.items() if name != "IncludeOnSend"}
    return body | ({"Note": paper.note} if paper.note else {})


def realm(books: Books) -> str:
    """The company's id: digits that follow from its name."""
    return "93413" + str(int(digest(books.company.key, "realm", size=5), 16))[:11].zfill(11)


def with_link(body: Body, base: str, now: datetime) -> Body:
    """The attachable with a fresh link to its file, where it has one."""
    return {**body, "TempDownloadUri": link(body["Id"], base, now)} if "FileAccessUri" in body else body


def link(attachable_id: str, base: str, now: datetime) -> str:
    """A signed address of a file that works until `LINK_S` from now."""
    until = int((now + timedelta(seconds=LINK_S)).timestamp())
    return f"{base}{FILES}{attachable_id}?X-Amz-Expires={until}&X-Amz-Signature={_signature(attachable_id, until)}"


def admits(attachable_id: str, until: str, signature: str, now: datetime) -> bool:
    """Whether such an address is genuine and still good."""
    return until.isdigit() and now.timestamp() < int(until) and signature == _signature(attachable_id, int(until))


def _signature(attachable_id: str, until: int) -> str:
    return digest("file", attachable_id, until)
