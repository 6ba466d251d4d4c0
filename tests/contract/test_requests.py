"""No request of ours is refused by a server that was made of Xero's contract."""

from tests.contract.conftest import Run
from tests.dunwell.sandbox.xero.api import Organisation
from tests.dunwell.sandbox.xero.contract import Contract, Request
from tests.dunwell.sandbox.xero.run import exchanges

EXAMPLES_AMISS = {
    'getConnections: createdDateUtc must match format "date-time"': "answers have no offset; we do not read it",
    'getConnections: updatedDateUtc must match format "date-time"': "answers have no offset; we do not read it",
    "getContacts: Contacts found 'TaxNumbeType'": "TaxNumberType, misspelled",
    "getCreditNotes: CreditNotes found 'ID'": "answers have it, and we read it",
    "getCreditNotes: CreditNotes found 'DateString'": "answers have it",
    "getOverpayments: Overpayments found 'ID'": "answers have it, and we read it",
    "getOverpayments: Overpayments found 'DateString'": "answers have it",
    "getPrepayments: Prepayments found 'ID'": "answers have it, and we read it",
    "getPrepayments: Prepayments found 'DateString'": "answers have it",
    "getInvoice: Invoices.Contact.ContactGroups found 'HasValidationErrors'": "answers have it",
    "getInvoice: Invoices.LineItems found 'ValidationErrors'": "answers have it",
}
"""What Prism says against Xero's own examples, which were the answers: keys that the schema leaves out. Nothing of it
is about a request of ours.
"""


def test_no_request_of_ours_is_refused(run: Run) -> None:
    assert run.refused == {}
    assert run.stopped == []
    assert {one.status for one in run.asked} == {200, 204}


def test_the_run_is_as_long_as_it_is_said_to_be(run: Run) -> None:
    assert len(run.asked) >= 66
    assert len(run.operations) >= 27


def test_every_difference_of_an_example_is_known_and_every_known_one_occurs(run: Run) -> None:
    assert run.differences == EXAMPLES_AMISS.keys()


def test_what_is_asked_of_books_that_answer_is_asked_here_in_every_form(run: Run, strict: Contract) -> None:
    """The mock answers by examples and keeps nothing; the sandbox's books lead the connector to all it may ask."""
    with Organisation() as organisation:
        caught = exchanges(organisation)
    there = {
        form(Request(method=one.method, path=one.path, query=one.query, headers=one.headers), strict) for one in caught
    }
    assert there - {form(one.request, strict) for one in run.asked} == set()


def form(request: Request, contract: Contract) -> tuple[str, ...]:
    """What two requests of a kind have in common: the operation, and the names of what it is asked with."""
    operation = contract.operation(request.method, request.path)
    assert operation is not None
    told = [name for name in ("if-modified-since", "idempotency-key") if name in request.headers]
    types = [request.headers.get(name, "") for name in ("accept", "content-type")]
    return (operation.id, *sorted({name for name, _ in request.query}), *told, *types)
