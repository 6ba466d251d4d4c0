"""Customers to whom something happens on purpose, besides all those of the sandbox's own story."""

from datetime import timedelta

from dunwell.demo.stage import Stage
from strategy.model import CustomerId, InvoiceId, Record


class Player(Record):
    """One of them, with an invoice. `days_late` on the opening day; below zero it falls due later."""

    ledger: str
    name: str
    email: str
    days_late: int
    amount: int
    currency: str


LARKSPUR = Player(
    ledger="brindlewick",
    name="Larkspur Catering",
    email="ap@larkspur.example",
    days_late=3,
    amount=184_000,
    currency="USD",
)
"""Promises to pay by Friday, and does not."""

OAKLINE = Player(
    ledger="harbour", name="Oakline Studio", email="finance@oakline.example", days_late=4, amount=96_050, currency="GBP"
)
"""Disputes a part of its invoice."""

TIDEWATER = Player(
    ledger="harbour",
    name="Tidewater Bicycles",
    email="accounts@tidewater.example",
    days_late=1,
    amount=43_500,
    currency="GBP",
)
"""Pays in the half hour between plan and send."""

MARLOW = Player(
    ledger="brindlewick",
    name="Marlow Print & Post",
    email="office@marlow.example",
    days_late=-12,
    amount=67_890,
    currency="USD",
)
"""Is being written to when the process dies."""

EVERYONE = (LARKSPUR, OAKLINE, TIDEWATER, MARLOW)


class Met(Record):
    """A player as the books know it."""

    player: Player
    customer_id: CustomerId
    invoice_id: InvoiceId
    number: str


def enter(stage: Stage, player: Player) -> Met:
    """Put a player and its invoice, sent thirty days before it is due, into the platform's books."""
    control = stage.control
    customer = control.add_customer(player.name, player.email, currency=player.currency)
    due_on = stage.bench.today() - timedelta(days=player.days_late)
    number = f"DEMO-{player.name.split()[0].upper()}"
    invoice = control.add_invoice(
        player.name, player.amount, due_on - timedelta(days=30), due_on, number, player.currency
    )
    return Met(
        player=player,
        customer_id=CustomerId(str(customer["customer"])),
        invoice_id=InvoiceId(str(invoice["invoice"])),
        number=number,
    )
