"""Which scope a call to Xero needs, to name it where Xero refuses a call for want of one and does not say which.

Granular scopes as of 2026-11-21 (fact sheet, section 2); which one history on a payment needs nobody says [U].
"""

from urllib.parse import urlsplit

_OF_ENDPOINT = {
    "Invoices": "accounting.invoices",
    "CreditNotes": "accounting.invoices",
    "Payments": "accounting.payments",
    "Overpayments": "accounting.payments",
    "Prepayments": "accounting.payments",
    "Contacts": "accounting.contacts",
    "Organisation": "accounting.settings",
    "InvoiceReminders": "accounting.settings",
    "BrandingThemes": "accounting.settings",
}

NOT_GRANTED = "AuthorizationUnsuccessful"
"""What Xero says in a 401 where a scope is missing (recorded: Xero-NetStandard 178 and 298, xero-ruby-oauth2-app 82).
"""


def needed(method: str, url: str, below: str) -> str | None:
    """The scope of a call to an address; `below`: where the API's endpoints begin. None where we ask no such thing."""
    endpoint, *rest = urlsplit(url).path.partition(f"{below}/")[2].split("/")
    if "PaymentServices" in (endpoint, *rest):
        return "paymentservices"
    if endpoint == "Reports":
        return "accounting.reports.aged.read"
    scope = "accounting.attachments" if "Attachments" in rest else _OF_ENDPOINT.get(endpoint)
    return f"{scope}.read" if scope and method == "GET" else scope
