"""Whether an invoice was sent from QuickBooks, and when it was last."""

from datetime import date, datetime
from typing import Final

from connectors.quickbooks import bodies
from strategy.model import Sent

NOT_SENT: Final = frozenset({"NotSet", "NeedToSend"})


def sent(body: bodies.InvoiceBody) -> Sent:
    """Mailed or printed; where the status is one that we do not know, that is what we know."""
    if body.email_status == "EmailSent" or body.print_status == "PrintComplete":
        return Sent.YES
    if body.delivery_info and body.delivery_info.delivery_time:
        return Sent.YES
    return Sent.NO if body.email_status in NOT_SENT else Sent.UNKNOWN


def delivered_on(body: bodies.InvoiceBody) -> date | None:
    """The day of `DeliveryTime`, which is written with the company's own offset from UTC; one field for the last
    sending (Intuit's IntuitBaseTypes.xsd, "Time of Delivery", read 2026-11-22; that each writes over it is [U]). None
    where it is no time.
    """
    written = body.delivery_info.delivery_time if body.delivery_info else None
    try:
        return datetime.fromisoformat(written).date() if written else None
    except ValueError:
        return None
