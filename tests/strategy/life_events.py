"""What may happen in a life on a day, and how often: in the books, between people, to our messages."""

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from strategy.account import Receivable, TieOut, TieOutState
from strategy.agreements import Claim, Dispute, DisputeOutcome, Every, Hold, HoldKind, Plan, Promise, PromiseState
from strategy.model import InvoiceId, Sent
from strategy.text.grammar.facts import OUTCOMES
from strategy.touches import Bounce, CameOf, Touch, TouchState
from tests.strategy.builders import EUR, USD, a_receivable, days, unapplied
from tests.strategy.life_books import LifeBooks


def invoiced(life: LifeBooks) -> None:
    """Most fall due later; some were typed late, and are overdue at once."""
    number, random = str(life.numbered()), life.random
    amount = random.choice((90, 2_400, 5_000, 120_000, 1_500_000))
    due_on = life.today + days(random.choice((-70, -12, -1, 0, 2, 7, 14, 30)))
    row = a_receivable(
        number,
        due_on=due_on,
        amount=amount,
        currency=random.choices((EUR, USD), (4, 1))[0],
        sent=random.choices((Sent.YES, Sent.NO), (20, 1))[0],
        doubtful_minor=random.choices((0, amount // 3), (30, 1))[0],
    )
    life.invoices[row.invoice_id] = row


def _paid(life: LifeBooks) -> None:
    if row := life.any_open():
        whole = life.random.random() < 0.6
        life.settle(row, row.open_minor if whole else max(1, row.open_minor // 3), by_payment=True)


def _credited(life: LifeBooks) -> None:
    if row := life.any_open():
        life.settle(row, max(1, row.open_minor // 2), by_payment=False)


def _undone(life: LifeBooks) -> None:
    """A payment bounces: its invoice is open again."""
    if life.settlements:
        gone = life.settlements.pop()
        field = "paid_minor" if gone.by_payment else "credited_minor"
        if row := life.invoices.get(gone.invoice_id):
            more = {field: getattr(row, field) - gone.amount_minor}
            life.invoices[row.invoice_id] = replace(row, open_minor=row.open_minor + gone.amount_minor, **more)


def _voided(life: LifeBooks) -> None:
    if row := life.any_open():
        del life.invoices[row.invoice_id]
        life.settlements = [one for one in life.settlements if one.invoice_id != row.invoice_id]


def _prepaid(life: LifeBooks) -> None:
    if life.unapplied and life.random.random() < 0.6:
        life.unapplied.pop()
    else:
        one = unapplied(life.random.choice((100, 30_000, 400_000)), id=f"cn{life.numbered()}", since=life.today)
        life.unapplied.append(one)


def _disputed(life: LifeBooks) -> None:
    if row := life.any_open():
        part = life.random.choice((None, row.open_minor // 2 + 1, 7_000_000))
        dispute = Dispute(
            id=life.numbered(),
            invoice_id=row.invoice_id,
            amount_minor=part,
            category="price",
            opened_on=life.today,
            answer_by=life.random.choice((None, life.today + days(5))),
            currency=row.currency,
            invoiced_minor=row.total_minor,
        )
        life.disputes.append(dispute)


def _answered(life: LifeBooks) -> None:
    for n, one in enumerate(life.disputes):
        if one.closed_on is None and one.outcome is None:
            life.disputes[n] = life.random.choice(
                (
                    replace(one, answered_on=life.today),
                    replace(one, outcome=DisputeOutcome.INVALID, resolved_on=life.today, closed_on=life.today),
                    replace(one, outcome=DisputeOutcome.PARTIAL, resolved_on=life.today, credit_minor=2_000),
                )
            )
            return


def _promised(life: LifeBooks) -> None:
    if row := life.any_open():
        promise = Promise(
            id=life.numbered(),
            made_on=life.today,
            promised_on=life.today + days(life.random.randrange(15)),
            currency=row.currency,
            amounts=((row.invoice_id, life.random.choice((row.open_minor, row.open_minor // 2 + 1, 9_000_000))),),
            counted=_settled(life, row),
        )
        life.promises.append(promise)


def _in_parts(life: LifeBooks) -> None:
    """What is open is to be paid in instalments; some plans are only proposed."""
    if row := life.any_open():
        plan = Plan(
            id=life.numbered(),
            currency=row.currency,
            amounts=((row.invoice_id, row.open_minor),),
            made_on=life.today,
            accepted_on=life.random.choice((None, life.today, life.today)),
            instalments=life.random.randrange(1, 5),
            first_on=life.today + days(life.random.randrange(1, 15)),
            every=life.random.choice(tuple(Every)),
            counted=_settled(life, row),
        )
        life.plans.append(plan)


def _settled(life: LifeBooks, row: Receivable) -> tuple[tuple[InvoiceId, int], ...]:
    """What payments have settled of an invoice."""
    parts = (one for one in life.settlements if one.by_payment and one.invoice_id == row.invoice_id)
    return ((row.invoice_id, sum(one.amount_minor for one in parts)),)


def _withdrawn(life: LifeBooks) -> None:
    if life.promises:
        life.promises[-1] = replace(life.promises[-1], state=PromiseState.CANCELLED)
    life.plans = [replace(one, ended_on=one.ended_on or life.today) for one in life.plans]


def _claimed(life: LifeBooks) -> None:
    if row := life.any_open():
        named, until = frozenset({row.invoice_id}), life.today + days(5)
        life.claims.append(Claim(id=life.numbered(), invoices=named, claimed_on=life.today, until=until))


def _held(life: LifeBooks) -> None:
    row = life.any_open() if life.random.random() < 0.6 else None
    hold = Hold(
        id=life.numbered(),
        kind=life.random.choice(tuple(HoldKind)),
        invoice_id=row.invoice_id if row else None,
        since=life.today,
        until=life.random.choice((None, life.today, life.today + days(9))),
        reason="so",
        amount_minor=life.random.choice((None, 1_000)) if row else None,
    )
    life.holds.append(hold)


def _ended(life: LifeBooks) -> None:
    """Whatever rests is let go."""
    life.holds = [one if one.ended_on else replace(one, ended_on=life.today) for one in life.holds]
    life.bounces = [one if one.ended_on else replace(one, ended_on=life.today) for one in life.bounces]
    life.touches = [replace(one, state=TouchState.ACCEPTED) for one in life.touches]
    life.tie_outs = ()


def _telephoned(life: LifeBooks) -> None:
    """Somebody spoke with them, and noted it; without a word on which invoice."""
    touch = Touch(
        on=life.today,
        act="spoke",
        occasion=f"noted-{life.numbered()}",
        case=None,
        currency=EUR,
        channel="call",
        invoices=frozenset(),
        noted=True,
    )
    life.touches.append(touch)


def _wrote(life: LifeBooks) -> None:
    life.wrote_on = life.today


def _came_back(life: LifeBooks) -> None:
    if life.touches and life.touches[-1].channel == "email":
        last = life.touches[-1]
        bounce = Bounce(
            act=last.act,
            occasion=last.occasion,
            case=last.case,
            currency=last.currency,
            address="ap@lund.example",
            whole=True,
            on=life.today,
        )
        life.bounces.append(bounce)


def _came_of(life: LifeBooks) -> None:
    tasks = [one for one in life.touches if one.channel == "task"]
    if tasks:
        outcome = CameOf(
            task=life.numbered(),
            act=tasks[-1].act,
            occasion=tasks[-1].occasion,
            case=tasks[-1].case,
            currency=tasks[-1].currency,
            on=life.today,
            outcome=life.random.choice(tuple(OUTCOMES)),
            next_on=life.random.choice((None, life.today + days(3))),
        )
        life.came.append(outcome)


def _differs(life: LifeBooks) -> None:
    theirs = TieOut(currency=EUR, state=TieOutState.LESS, ours_minor=500_000, theirs_minor=4_000)
    life.tie_outs = (theirs,)


EVENTS: Final[tuple[Callable[[LifeBooks], None], ...]] = (
    *(invoiced, _paid, _credited, _undone, _voided, _prepaid),
    *(_disputed, _answered, _promised, _in_parts, _withdrawn, _claimed, _held, _ended),
    *(_telephoned, _wrote, _came_back, _came_of, _differs),
)
WEIGHTS: Final = (24, 16, 4, 2, 2, 4, 3, 4, 6, 6, 1, 2, 2, 8, 2, 2, 1, 4, 1)
