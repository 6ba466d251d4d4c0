"""Which scope a call needs, since scopes are granular (fact sheet, section 2; History on payments is [UNCONFIRMED])."""

_OF_ENDPOINT = {
    "invoices": "accounting.invoices",
    "creditnotes": "accounting.invoices",
    "repeatinginvoices": "accounting.invoices",
    "payments": "accounting.payments",
    "overpayments": "accounting.payments",
    "prepayments": "accounting.payments",
    "contacts": "accounting.contacts",
    "contactgroups": "accounting.contacts",
    "organisation": "accounting.settings",
    "invoicereminders": "accounting.settings",
    "brandingthemes": "accounting.settings",
    "currencies": "accounting.settings",
}


def admits(scopes: frozenset[str], method: str, parts: list[str]) -> bool:
    """Whether a token with these scopes may make the call; endpoints that do not exist are let through to their 404."""
    names = [part.lower() for part in parts]
    if "paymentservices" in names:
        return "paymentservices" in scopes
    if names[0] == "reports":
        return "accounting.reports.aged.read" in scopes
    needed = "accounting.attachments" if "attachments" in names[2:3] else _OF_ENDPOINT.get(names[0])
    return needed is None or needed in scopes or (method == "GET" and f"{needed}.read" in scopes)
