"""The contract of `connectors.base.Connector`, kept by every platform's."""

from collections.abc import Sequence

import msgspec

from connectors.base import Page
from connectors.quickbooks import records as quickbooks
from connectors.xero import records as xero
from strategy.model import Kind
from tests.connectors.contract_bodies import Bodies
from tests.connectors.contract_changes import Changes
from tests.connectors.contract_reading import Reading
from tests.connectors.contract_writing import MAKE, Writing
from tests.connectors.roads import MONDAY


class Contract(Reading, Changes, Writing, Bodies):
    """All of it."""


class TestQuickBooks(Contract):
    platform = "quickbooks"
    no_such_id = "999999"
    tells_zone = False
    tells_reminders = False
    may_write = tuple(MAKE)
    verb = "POST"
    amounts = {Kind.INVOICE: "Balance", Kind.CREDIT: "RemainingCredit"}  # noqa: RUF012 - nobody changes it
    enumerations = {  # noqa: RUF012 - nobody changes it
        Kind.INVOICE: ("EmailStatus", "PrintStatus", "GlobalTaxCalculation"),
        Kind.CUSTOMER: ("PreferredDeliveryMethod",),
        Kind.TERM: ("Type",),
        Kind.METHOD: ("Type",),
    }
    minded = ("EmailStatus", "PrintStatus")

    @staticmethod
    def mapped(kind: Kind, bodies: Sequence[bytes]) -> Page:
        return quickbooks.page(quickbooks.ENTITIES[kind], [msgspec.Raw(body) for body in bodies], MONDAY)


class TestXero(Contract):
    platform = "xero"
    no_such_id = "00000000-0000-4000-8000-000000000000"
    tells_zone = True
    tells_reminders = True
    may_write = tuple(what for what in MAKE if not what.startswith("line"))
    verb = "PUT"
    wide = (
        "offline_access accounting.invoices accounting.payments.read accounting.contacts accounting.settings.read "
        "accounting.attachments paymentservices"
    )
    amounts = {Kind.INVOICE: "AmountDue", Kind.CREDIT: "RemainingCredit"}  # noqa: RUF012 - nobody changes it
    enumerations = {  # noqa: RUF012 - nobody changes it
        Kind.INVOICE: ("LineAmountTypes",),
        Kind.CUSTOMER: ("ContactStatus", "TaxNumberType", "SalesDefaultLineAmountType"),
    }
    minded = ("ContactStatus",)

    @staticmethod
    def mapped(kind: Kind, bodies: Sequence[bytes]) -> Page:
        entity = next(one for one in xero.ENTITIES if one.kind is kind)
        rows = xero.rows(entity, [msgspec.Raw(body) for body in bodies])
        return Page(kind=kind, records=rows.records, ids=rows.ids, raw=rows.raw, issues=rows.issues, server_time=MONDAY)
