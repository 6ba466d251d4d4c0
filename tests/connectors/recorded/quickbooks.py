"""QuickBooks' recordings through our connector: every body in which an object of receivables stands."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from connectors.base import File, Page, Target, Written
from connectors.quickbooks.connector import QuickBooks
from strategy.model import InvoiceId, Kind
from tests.connectors.recorded import leaves, playing
from tests.connectors.recorded.comparing import Compared, Plain, fields, kept_whole, plain
from tests.connectors.recorded.plain_quickbooks import TABLES, milliseconds
from tests.connectors.recorded.translated import to_json
from tests.dunwell.sandbox.quickbooks.contract import Schema

KINDS = {"Customer": Kind.CUSTOMER, "Invoice": Kind.INVOICE, "Payment": Kind.PAYMENT, "CreditMemo": Kind.CREDIT}
NOTHING = b'{"QueryResponse":{},"time":"2020-09-29T06:04:50.776-07:00"}'
"""A page without rows, as recorded."""


class Recording(Struct, frozen=True, kw_only=True, dict=True):
    """One recorded answer. `name`: file and number of the exchange in it."""

    name: str
    status: int
    body: bytes

    @cached_property
    def plain(self) -> Any:
        """The JSON, its numbers as text; it knows what was read of it. None where it is no JSON."""
        return leaves.loaded(self.body) if self.body[:1] == b"{" else None


def recordings(data: Path) -> Iterator[Recording]:
    """Every recorded exchange with Intuit's sandbox, and the change feed that was recorded as XML."""
    folder = data / "quickbooks/recorded-sandbox-2020/vcr"
    for path in sorted(folder.rglob("*.yml")):
        for number, exchange in enumerate(yaml.load(path.read_text(), yaml.CSafeLoader)["http_interactions"]):
            response = exchange["response"]
            yield Recording(
                name=f"{path.relative_to(folder).with_suffix('')} {number}",
                status=response["status"]["code"],
                body=response["body"].get("string", "").encode(),
            )
    feed = data / "quickbooks/recorded-faults-xml/change_data_capture_response.xml"
    schema = Schema(data / "quickbooks/xsd")
    yield Recording(name="change_data_capture_response.xml", status=200, body=to_json(feed.read_text(), schema))


def compared(recording: Recording) -> list[Compared]:
    """All that the connector reads out of the recording, beside what stands there. Empty where nothing is ours."""
    body = recording.plain
    if recording.body.startswith(b"%PDF"):
        return _pdf(recording)
    if recording.status != 200 or body is None or "BatchItemResponse" in body:
        return []
    if "CDCResponse" in body:
        return _feed(recording, body)
    if "AttachableResponse" in body or "Attachable" in body:
        return _attachable(recording, body)
    found = body.get("QueryResponse", body)
    return [one for name in found.keys() & KINDS.keys() for one in _objects(recording, name, body)]


def _objects(recording: Recording, name: str, body: Plain) -> list[Compared]:
    """The objects of an answer to a query, served as it is; or the one object of another answer, in a query's."""
    if "QueryResponse" in body:
        served, raws = recording.body, body["QueryResponse"][name]
    elif body[name].get("status") == "Deleted":
        return _deleted(recording, name, body[name]["Id"])
    else:
        time = playing.row(recording.body, "time")
        served = queried(name, [playing.row(recording.body, name)], time)
        raws = [body[name]]
    with playing.quickbooks(*playing.said(counted(len(raws)), served)) as (connector, _):
        pages = list(connector.everything(KINDS[name]))
    return [*read(recording.name, served, pages, raws), _time(recording, pages, body)]


def queried(name: str, rows: Iterable[bytes], time: bytes) -> bytes:
    """The answer to a query that found these rows."""
    return b'{"QueryResponse":{"%s":[%s]},"time":%s}' % (name.encode(), b",".join(rows), time)


def counted(rows: int) -> bytes:
    """The answer to a COUNT(*), as recorded."""
    return b'{"QueryResponse":{"totalCount":%d},"time":"2020-09-29T06:03:53.438-07:00"}' % rows


def read(body: str, served: bytes, pages: list[Page], raws: list[Plain]) -> list[Compared]:
    """The pages' records beside the objects they were read from."""
    records = [record for page in pages for record in page.records]
    ids = [one for page in pages for one in page.ids]
    told = [Compared(body=body, record="page", field="ids", theirs=[raw["Id"] for raw in raws], ours=ids)]
    named = {record.id: record for record in records}
    for raw in raws:
        if record := named.get(raw["Id"]):
            told += fields(body, record, raw, TABLES[type(record)])
        else:
            told.append(Compared(body=body, record=raw["Id"], field="a record", theirs=True, ours=False))
    return told + kept_whole(body, served, pages)


def _time(recording: Recording, pages: list[Page], body: Plain) -> Compared:
    theirs = {milliseconds(_without_fraction(body["time"]))}
    ours = {plain(page.server_time.replace(microsecond=0)) for page in pages}
    return Compared(body=recording.name, record="page", field="server_time", theirs=theirs, ours=ours)


def _without_fraction(text: str) -> str:
    return f"{text[:19]}{text[-6:]}"


def _feed(recording: Recording, body: Plain) -> list[Compared]:
    """A change feed. Deleted invoices are looked for again, and not found."""
    parts = [part for answer in body["CDCResponse"] for part in answer["QueryResponse"]]
    rows = {name: [row for part in parts for row in part.get(name, [])] for name in KINDS}
    deleted = sorted(row["Id"] for found in rows.values() for row in found if row.get("status") == "Deleted")
    with playing.quickbooks(*playing.said(recording.body, NOTHING)) as (connector, clock):
        pages = list(connector.changes(clock.now() - timedelta(days=1)))
    gone = sorted(one.id for page in pages for one in page.deleted)
    told = [Compared(body=recording.name, record="page", field="deleted", theirs=deleted, ours=gone)]
    told += [_time(recording, pages, body)]
    for name, found in rows.items():
        live = [row for row in found if row.get("status") != "Deleted"]
        told += read(recording.name, recording.body, [page for page in pages if page.kind is KINDS[name]], live)
    return told


def _deleted(recording: Recording, name: str, record_id: str) -> list[Compared]:
    """What is left of a deleted object, in a change feed."""
    stub = playing.row(recording.body, name)
    time = playing.row(recording.body, "time")
    feed = b'{"CDCResponse":[{"QueryResponse":[{"%s":[%s]}]}],"time":%s}' % (name.encode(), stub, time)
    with playing.quickbooks(*playing.said(feed, NOTHING)) as (connector, clock):
        pages = list(connector.changes(clock.now() - timedelta(days=1)))
    gone = [one.id for page in pages for one in page.deleted]
    records = [record for page in pages for record in page.records]
    return [
        Compared(body=recording.name, record=record_id, field="deleted", theirs=[record_id], ours=gone),
        Compared(body=recording.name, record=record_id, field="records", theirs=[], ours=records),
    ]


def _attachable(recording: Recording, body: Plain) -> list[Compared]:
    """A file on a record: as the answer to an upload, or asked for."""
    if "AttachableResponse" in body:
        raw = body["AttachableResponse"][0].get("Attachable")
        return [] if raw is None else _written(recording, raw, recording.body, uploaded=True)
    if body["Attachable"].get("status") == "Deleted":
        return []
    served = queried("Attachable", [playing.row(recording.body, "Attachable")], playing.row(recording.body, "time"))
    return _written(recording, body["Attachable"], served, uploaded=False)


def _written(recording: Recording, raw: Plain, served: bytes, *, uploaded: bool) -> list[Compared]:
    with playing.quickbooks(*playing.said(served)) as (connector, _):
        ours = a_file_uploaded(connector) if uploaded else connector.written(Target.INVOICE, "75")[0]
    theirs = {"id": raw["Id"], "text": raw["FileName"], "at": milliseconds(raw["MetaData"]["LastUpdatedTime"])}
    return [
        Compared(body=recording.name, record=f"Attachable {raw['Id']}", field=name, theirs=value, ours=plain(told))
        for name, value in theirs.items()
        for told in [getattr(ours, name)]
    ]


def a_file_uploaded(connector: QuickBooks) -> Written:
    """What the connector takes from the answer to an upload."""
    file = File(
        target=Target.INVOICE,
        target_id="75",
        marker="Dunwell 1a2b3c4d",
        name="no_detail.xml",
        media_type="text/xml",
        content=b"<a/>",
    )
    return connector.write(file, "key-1")


def _pdf(recording: Recording) -> list[Compared]:
    with playing.quickbooks(*playing.said(recording.body)) as (connector, _):
        ours = connector.invoice_pdf(InvoiceId("130"))
    return [Compared(body=recording.name, record="Invoice 130", field="PDF", theirs=recording.body, ours=ours)]
