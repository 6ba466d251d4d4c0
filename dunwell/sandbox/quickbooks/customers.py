"""Customers as QuickBooks shows them."""

from dunwell.sandbox.books.books import Books
from dunwell.sandbox.books.records import Customer
from dunwell.sandbox.quickbooks import lists
from dunwell.sandbox.quickbooks.bodies import stamps
from dunwell.sandbox.quickbooks.wire import Body, money, ref


def customer(books: Books, record: Customer, own: int, jobs: int) -> Body:
    """A customer with its own balance, and that together with its sub-customers. Key order as recorded.

    Both are net of unapplied payments and remaining credits, and may be negative. `Job` is true for a sub-customer.
    """
    body: Body = {"Taxable": False}
    if (where := lists.address(record.address, 1000 + record.id)) is not None:
        body |= {"BillAddr": where, "ShipAddr": where}
    body |= {"Job": record.parent_id is not None, "BillWithParent": record.bills_parent}
    if record.parent_id is not None:
        body |= {"ParentRef": ref(record.parent_id), "Level": _level(books, record)}
    body |= {
        "Balance": money(own),
        "BalanceWithJobs": money(jobs),
        "CurrencyRef": lists.currency(record.currency),
        "PreferredDeliveryMethod": "Print",
        **stamps(record),
    }
    if (term := lists.term_ref(record.term_days)) is not None:
        body["SalesTermRef"] = term
    return body | _named(books, record) | record.fields


def _named(books: Books, record: Customer) -> Body:
    """Names and how to reach them; only the story's own customers are companies without having been told so."""
    body: Body = {"GivenName": record.given_name, "FamilyName": record.family_name}
    body = {name: value for name, value in body.items() if value}
    body["FullyQualifiedName"] = lists.full_name(books, record)
    if record.key:
        body["CompanyName"] = record.name
    body |= {"DisplayName": lists.display_name(record), "PrintOnCheckName": record.name, "Active": lists.active(record)}
    if record.phone:
        body["PrimaryPhone"] = {"FreeFormNumber": record.phone}
    if record.email:
        body["PrimaryEmailAddr"] = {"Address": record.email}
    return body


def _level(books: Books, record: Customer) -> int:
    return 0 if record.parent_id is None else 1 + _level(books, books.customers[record.parent_id])
