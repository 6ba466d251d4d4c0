"""Deciding one account on one day: the function that dry run, real run, explain and simulation share.

    measure and place -> hold by amount -> what is overdue -> what is early -> instalments -> what cannot arrive
    -> statements and thanks, as far as they can -> our own people

Nothing is written, nothing is remembered: the same account, strategy, calendar and day give the same decision.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from msgspec.structs import replace

from strategy import (
    disputes,
    early,
    escalation,
    followups,
    going_live,
    holds,
    instalments,
    monthly,
    plans,
    reminders,
    situation,
    speaking,
    thanks,
    undeliverable,
)
from strategy.account import Account
from strategy.acts import Act
from strategy.business_days import Calendar
from strategy.decision import Decision, Held, TaskAsked, Touchpoint, reason
from strategy.escalation import Escalated
from strategy.holds import CREDIT_COVERS, Agreed, Coverage, Share
from strategy.model import Currency, InvoiceId, Record
from strategy.reminders import Outcome
from strategy.rules import Strategy
from strategy.situation import Situation
from strategy.speaking import Content, Occasion


class Covered(Record):
    """What may be asked for, by currency in the order of their codes. `blocked`: something holds the whole account;
    `asleep`: reminding has not begun, which is one such thing.
    """

    coverages: tuple[Coverage, ...]
    blocked: bool
    asleep: bool

    @property
    def folded(self) -> bool:
        """Whether something overdue may be asked for, in any currency: then nothing is said early."""
        return any(one.overdue for one in self.coverages)


def plan_account(account: Account, strategy: Strategy, calendar: Calendar, as_of: date) -> Decision:
    """What happens with the account on the day, and why everything else does not.

    For each invoice, what the touchpoints ask for and what is held sum to what is open.
    """
    here = situation.situate(account, strategy, calendar, as_of)
    covered = cover(here)
    coverages = covered.coverages
    outcomes = [reminders.remind(here, coverage) for coverage in coverages]
    reminded = [said for outcome in outcomes for said in outcome.touchpoints]
    spoken, coming = _early(here, covered)
    said = [*reminded, *spoken]
    held = (*(one for outcome in outcomes for one in outcome.held), *coming)
    asked = [task for outcome in outcomes for task in outcome.tasks]
    if not (covered.blocked or said):
        instalment = instalments.speak(here, coverages, held)
        said, held, asked = [*instalment.touchpoints], instalment.held, [*asked, *instalment.tasks]
    possible = undeliverable.hand_over(here, said)
    said = [*possible.touchpoints]
    if not covered.blocked:
        held = instalments.use_credit_left(here, coverages, held)
        by_currency = {one.currency: (one, outcome) for one, outcome in zip(coverages, outcomes, strict=True)}
        unheard = {currency for currency, (_, outcome) in by_currency.items() if outcome.unheard}
        said = monthly.with_statements(here, said, lambda one: _next_on(here, *by_currency[one]), unheard)
        said = [*said, *thanks.thank(here, said)]
    besides = undeliverable.hand_over(here, said)
    calling = on_the_day_to_call(here)
    to_call = coverages if calling is here else cover(calling).coverages
    people = (
        Escalated(true_now=account.triggers_true) if covered.asleep else escalation.escalate(here, coverages, to_call)
    )
    return Decision(
        customer_id=account.customer.id,
        customer_name=account.customer.name,
        as_of=as_of,
        placed=here.placed,
        stage=here.stage,
        cases=here.cases,
        touchpoints=(*besides.touchpoints, *people.touchpoints),
        tasks=(
            *asked,
            *possible.tasks,
            *besides.tasks,
            *people.tasks,
            *_credit_tasks(here, coverages, held, coming),
            *followups.ask(here),
        ),
        held=(*held, *possible.held, *besides.held),
        triggers_true=people.true_now,
        fired=people.fired,
        left_behind=people.left_behind,
        end_heard=people.end_heard,
        settled_disputes=tuple(one.id for one in disputes.settled(account)),
        issues=account.issues,
    )


def cover(here: Situation) -> Covered:
    """Everything open of the account, split into what may be asked for, what is coming, and what is held."""
    account, rule, as_of = here.account, here.strategy.holds, here.as_of
    asleep = tuple(going_live.not_started(here))
    blocked = (*asleep, *holds.blockers(account, rule, here.days.calendar, as_of))
    resting = agreed(here)
    coverages = tuple(
        holds.cover(account, currency, rule=rule, agreed=resting, blocked=blocked, as_of=as_of)
        for currency in sorted({receivable.currency for receivable in account.receivables})
    )
    return Covered(coverages=coverages, asleep=bool(asleep), blocked=bool(blocked))


def on_the_day_to_call(here: Situation) -> Situation:
    """The same for whoever is to call again today: the call that others are silent for does not hold back itself."""
    if all(one.next_on != here.as_of for one in here.account.came):
        return here
    came = tuple(replace(one, next_on=None) if one.next_on == here.as_of else one for one in here.account.came)
    return replace(here, account=replace(here.account, came=came))


def agreed(here: Situation) -> Agreed:
    """What rests because of promises and plans."""
    rested = plans.resting(here.plans, here.strategy.plan, here.as_of)
    planned = ((one, plans.spread(rest, one)) for one, rest in rested)
    promised = ((one, one.left) for one in here.judged if one.rests)
    return Agreed(promises=tuple(promised), plans=tuple(planned))


def _next_on(here: Situation, coverage: Coverage, outcome: Outcome) -> date | None:
    """When something is said of the currency next."""
    return outcome.next_on if coverage.overdue else early.next_day(here, coverage)


def _early(here: Situation, covered: Covered) -> tuple[list[Touchpoint], list[Held]]:
    """None where something overdue may be asked for. In several currencies on one day, they are one contact."""
    said: list[Touchpoint] = []
    held: list[Held] = []
    folded = covered.folded
    for coverage in covered.coverages:
        spoken = early.speak_early(here, coverage, folded=folded)
        held += spoken.held
        said += [spoken.touchpoint] if spoken.touchpoint else []
    return said, held


def _credit_tasks(
    here: Situation, coverages: tuple[Coverage, ...], held: Iterable[Held], coming: Iterable[Held]
) -> Iterator[TaskAsked]:
    """Credit that covers something overdue, or an instalment, wants applying: a person is asked once for each oldest
    credit. `held` is everything that is, `coming` what is so because it is not due.
    """
    for coverage in (one for one in coverages if one.unapplied):
        covered = _credited(held, coverage.currency) - _credited(coming, coverage.currency)
        if covered:
            occasion = Occasion(act=Act.APPLY_CREDIT, on=coverage.unapplied[0].id, currency=coverage.currency)
            if not here.is_done(occasion.act, occasion.on, occasion.currency):
                shares = tuple(
                    Share(receivable=receivable, amount_minor=covered[receivable.invoice_id])
                    for receivable in here.account.receivables
                    if receivable.invoice_id in covered
                )
                why = (reason(CREDIT_COVERS, credits=coverage.unapplied[0].number or coverage.unapplied[0].id),)
                content = Content(why=why, shares=shares)
                yield speaking.task(here, "apply credit", occasion, who="bookkeeper", what="", content=content)


def _credited(held: Iterable[Held], currency: Currency) -> Counter[InvoiceId]:
    """What credit covers, by invoice."""
    covered: Counter[InvoiceId] = Counter()
    for one in held:
        if one.currency == currency and one.reasons[0].code == CREDIT_COVERS:
            covered[one.invoice_id] += one.amount_minor
    return covered
