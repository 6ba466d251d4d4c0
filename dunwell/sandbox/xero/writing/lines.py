"""The lines of a document that is written."""

from decimal import Decimal

from dunwell.sandbox.books.records import Line
from dunwell.sandbox.xero.wire import Unfit, minor
from dunwell.sandbox.xero.writing.incoming import Incoming


def lines(request: Incoming) -> tuple[Line, ...]:
    """The lines; what is left out of quantity, price and amount follows from the others. Raises `Unfit`."""
    return tuple(_line(each) for each in request.things("LineItems"))


def _line(request: Incoming) -> Line:
    description = request.text("Description")
    if description is None:
        raise Unfit("Description is required for each line item.")
    price, amount = request.number("UnitAmount"), request.number("LineAmount")
    quantity = request.number("Quantity")
    if quantity is None:
        quantity = Decimal(1)
    if amount is None:
        amount = quantity * (price or 0)
    elif price is not None and minor(quantity * price) != minor(amount):
        raise Unfit(f"The line total {amount} does not match the expected line total {quantity * price}")
    price = price if price is not None else amount / (quantity or 1)
    return Line(
        description=description, amount=minor(amount), quantity=str(quantity), unit_price=f"{price:.2f}", item=0
    )
