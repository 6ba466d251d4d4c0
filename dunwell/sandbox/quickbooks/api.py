"""The company's endpoints, below `/v3/company/{realm}/`."""

from datetime import datetime
from typing import Any

import msgspec

from dunwell.sandbox.books import pdf
from dunwell.sandbox.dialect import Ledger
from dunwell.sandbox.dice import digest
from dunwell.sandbox.exchange import DECODE, Answer, Call, text_answer
from dunwell.sandbox.quickbooks import attached
from dunwell.sandbox.quickbooks.reading import aged_detail, changes, query, reports, selection
from dunwell.sandbox.quickbooks.reading.shelf import Entry, Shelf
from dunwell.sandbox.quickbooks.wire import (
    Body,
    Refused,
    enveloped,
    made_inactive,
    missing,
    no_such,
    refusal,
    unsupported,
)
from dunwell.sandbox.quickbooks.writing import attachables, batch, saving
from dunwell.sandbox.quickbooks.writing.incoming import Incoming, too_long

MOST_REQUEST_ID = 50


class Api:
    """Answers requests that have shown a good token, and remembers what it answered under a request id."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._books = ledger, ledger.books
        self._shelf = Shelf(ledger)
        self._answered: dict[str, Answer] = {}
        self._answered_items: dict[str, dict[str, Body]] = {}

    def answer(self, call: Call, parts: list[str], now: datetime) -> Answer:
        """Answer the call of a path below the company; refusals become Faults."""
        try:
            return self._replayed(call, parts, now) if call.method == "POST" else self._got(call, parts, now)
        except Refused as refused:
            return refusal(refused, now)

    def _replayed(self, call: Call, parts: list[str], now: datetime) -> Answer:
        """POST: the same request id gets the same answer, whatever the body says and whatever happened since.

        Only successes are remembered. `/upload` and `/send` do not know request ids; whether QuickBooks honours them
        there is [UNCONFIRMED].
        """
        request_id = call.arg("requestid")
        if not request_id or parts[0] in ("query", "upload", "batch") or parts[-1] == "send":
            return self._posted(call, parts, now)
        if len(request_id) > MOST_REQUEST_ID:
            raise too_long("requestid", MOST_REQUEST_ID, len(request_id))
        if request_id not in self._answered:
            self._answered[request_id] = self._posted(call, parts, now)
        return self._answered[request_id]

    def _got(self, call: Call, parts: list[str], now: datetime) -> Answer:
        match parts:
            case ["query"]:
                return enveloped(self._queried(call.arg("query") or "", call, now), now)
            case ["cdc"]:
                body = changes.changes(self._shelf, call.arg("entities"), call.arg("changedSince"), now)
                return enveloped(body, now)
            case ["reports", name]:
                return self._reported(name, call, now)
            case ["download", attachable_id]:
                self._one("Attachable", attachable_id, call)
                return text_answer(attached.link(attachable_id, call.base, now))
            case ["invoice", invoice_id, "pdf"]:
                entry = self._one("Invoice", invoice_id, call)
                page = pdf.invoice_pdf(self._books, self._books.invoices[entry.id])
                return Answer(body=page, media_type="application/pdf")
            case ["preferences"]:
                return enveloped({"Preferences": self._one("Preferences", "1", call).body}, now)
            case ["companyinfo", _]:
                return enveloped({"CompanyInfo": self._one("CompanyInfo", "1", call).body}, now)
            case [name, platform_id]:
                entity = self._entity(name, call)
                return enveloped({entity: self._shown(entity, self._one(entity, platform_id, call), call, now)}, now)
        raise _no_resource(call)

    def _queried(self, text: str, call: Call, now: datetime) -> Body:
        response = selection.answer(self._shelf, query.parse(text))
        if "Attachable" in response:
            response["Attachable"] = [attached.with_link(each, call.base, now) for each in response["Attachable"]]
        return {"QueryResponse": response}

    def _reported(self, name: str, call: Call, now: datetime) -> Answer:
        aging = self._ledger.switches["aging_from_invoice_date"]
        match name:
            case "AgedReceivables":
                body = reports.aged_receivables(self._books, call, now, from_invoice_date=aging)
            case "AgedReceivableDetail":
                body = aged_detail.aged_detail(self._books, call, now, from_invoice_date=aging)
            case "CustomerBalance":
                body = reports.customer_balance(self._books, call, now)
            case _:
                raise unsupported(f"report {name}")
        return Answer(body=msgspec.json.encode(body))

    def _one(self, entity: str, platform_id: str, call: Call) -> Entry:
        if not platform_id.isdigit():
            if "/" in platform_id:
                raise _no_resource(call)
            detail = f"Id should be a valid number. Supplied value:{platform_id}"
            raise Refused("2030", "Invalid ID", detail, element="Id")
        number = attached.paper_id(int(platform_id)) if entity == "Attachable" else int(platform_id)
        entry = self._shelf.one(entity, number)
        if entry is None:
            raise made_inactive()
        return entry

    def _shown(self, entity: str, entry: Entry, call: Call, now: datetime) -> Body:
        """The object with what only reading or creating it alone brings: links to its file, or to pay it."""
        if entity == "Attachable":
            return attached.with_link(entry.body, call.base, now)
        asked = (call.arg("include") or "").lower() == "invoicelink"
        if entity == "Invoice" and asked and self._payable_online(entry.body):
            return {**entry.body, "InvoiceLink": _invoice_link(self._books.company.key, entry.body["Id"])}
        return entry.body

    def _payable_online(self, body: Body) -> bool:
        allowed = body["AllowOnlineACHPayment"] or body["AllowOnlineCreditCardPayment"]
        return bool(self._ledger.switches["online_payments"] and allowed and "BillEmail" in body)

    def _entity(self, name: str, call: Call) -> str:
        found = next((entity for entity in self._shelf.entities if entity.lower() == name.lower()), None)
        if found is None:
            raise _no_resource(call)
        return found

    def _posted(self, call: Call, parts: list[str], now: datetime) -> Answer:
        match parts:
            case ["query"]:
                return enveloped(self._queried(call.body.decode("utf-8", "replace"), call, now), now)
            case ["batch"]:
                return self._batched(call, now)
            case ["upload"]:
                return self._uploaded(call, now)
            case ["invoice", invoice_id, "send"]:
                return self._sent(call, invoice_id, now)
            case [name]:
                entity = self._entity(name, call)
                request = Incoming(entity, _json(call))
                order = saving.Order(operation=call.arg("operation"), include=call.arg("include"))
                return enveloped(self._saved(request, order, call, now), now)
        raise _no_resource(call)

    def _saved(self, request: Incoming, order: saving.Order, call: Call, now: datetime) -> Body:
        record = saving.save(self._books, request, order, now)
        entity = request.entity
        if order.operation == "delete":
            return {entity: {"domain": "QBO", "status": "Deleted", "Id": request.id}}
        entry = self._shelf.one(entity, record.id)
        if entry is None:
            raise no_such(f"{entity} {record.id}")
        fresh = request.id is None or entity == "Attachable"
        return {entity: self._shown(entity, entry, call, now) if fresh else entry.body}

    def _batched(self, call: Call, now: datetime) -> Answer:
        request_id = call.arg("requestid")
        if request_id and len(request_id) > batch.MOST_REQUEST_ID:
            raise too_long("requestid", batch.MOST_REQUEST_ID, len(request_id))
        replayed = self._answered_items.setdefault(request_id, {}) if request_id else None

        def saved(name: str, body: Body, operation: str) -> Body:
            request = Incoming(self._entity(name, call), body)
            return self._saved(request, saving.Order(operation=operation), call, now)

        items = batch.run(_json(call), saved, lambda text: self._queried(text, call, now), replayed)
        return enveloped({"BatchItemResponse": items}, now)

    def _uploaded(self, call: Call, now: datetime) -> Answer:
        made = []
        for paper, trouble in attachables.upload(self._books, call, now):
            entry = None if paper is None else self._shelf.one("Attachable", paper.id)
            made.append(trouble if entry is None else {"Attachable": attached.with_link(entry.body, call.base, now)})
        return enveloped({"AttachableResponse": made}, now)

    def _sent(self, call: Call, invoice_id: str, now: datetime) -> Answer:
        """Mail the invoice; an address given here stays with it (fact sheet, section 10)."""
        entry = self._one("Invoice", invoice_id, call)
        invoice = self._books.invoices[entry.id]
        address = call.arg("sendTo") or invoice.email
        if address is None:
            raise missing("BillEmail")
        self._books.change(now, invoice, email=address, sent_at=now)
        return enveloped({"Invoice": self._one("Invoice", invoice_id, call).body}, now)

    def file(self, call: Call, attachable_id: str, now: datetime) -> Answer:
        """A file behind a signed link: it needs no token, and works for a quarter of an hour."""
        until, signature = call.arg("X-Amz-Expires") or "", call.arg("X-Amz-Signature") or ""
        if not attachable_id.isdigit() or not attached.admits(attachable_id, until, signature, now):
            return text_answer("<Error><Code>AccessDenied</Code></Error>", 403, "application/xml")
        paper = self._books.papers.get(attached.paper_id(int(attachable_id)))
        if paper is None or paper.content is None or paper.deleted:
            return text_answer("<Error><Code>NoSuchKey</Code></Error>", 404, "application/xml")
        return Answer(body=paper.content, media_type=paper.media_type or "application/octet-stream")


def _json(call: Call) -> Any:
    try:
        return DECODE.decode(call.body)
    except msgspec.DecodeError as error:
        detail = f"Property Name:{error} specified is unsupported or invalid"
        raise Refused("2010", "Request has invalid or unsupported property", detail) from None


def _no_resource(call: Call) -> Refused:
    return unsupported(f"Could not find resource for relative : {call.path} of full path: {call.base}{call.path}")


def _invoice_link(company: str, invoice_id: str) -> str:
    """The form that Intuit's own sandbox gives; nothing can be paid there (fact sheet, section 15)."""
    secret = digest(company, "link", invoice_id, size=20)
    return f"https://developer.intuit.com/comingSoonview/scs-v1-{secret}&cta=v3invoicelink"
