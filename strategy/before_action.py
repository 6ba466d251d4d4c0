"""Letters before action: not sent where the law of the customer's country may ask more, and given their days.

A step with a `deadline` is one. `law` has what is known of the law; where that is not enough, a person decides.
"""

from datetime import date, timedelta

from strategy import law
from strategy.account import Account
from strategy.business_days import DAY
from strategy.contacts import TASK
from strategy.decision import Reason, reason
from strategy.model import SOMEWHERE, Currency
from strategy.rules import Step, Verb
from strategy.situation import Situation
from strategy.touches import Touch


def bar(account: Account, step: Step) -> Reason | None:
    """Why the letter is not sent by itself; None where it may be, or is no letter before action."""
    if step.deadline is None:
        return None
    country, form = country_of(account), account.profile.legal_form
    if country is None:
        return reason("law_wants_country", step=step.name)
    if country in step.lawful:
        return None
    if form is None:
        return reason("law_wants_form", step=step.name, country=country)
    known, named = law.demand(country, form), form.replace("_", " ")
    if known is None:
        return reason("law_not_known", step=step.name, country=country, form=named)
    if known.asks is not None:
        return reason("law_asks", step=step.name, country=country, form=named, asks=known.asks)
    return None


def days(account: Account, step: Step) -> int:
    """How many days after the day of the letter they have to pay or answer: what the step gives, and no less than the
    law asks. 0 where it is no letter before action.
    """
    if step.deadline is None:
        return 0
    return max(step.deadline, law.days(country_of(account), account.profile.legal_form))


def runs(situation: Situation, step: Step, currency: Currency) -> tuple[Reason, date] | None:
    """Why nobody is handed over yet, and the first day on which that may be: the days that the letters of the case gave
    have not passed, whichever invoice led then, and whatever the strategy says by now.
    """
    case = situation.case_in(currency)
    if step.verb is not Verb.PLACE or case is None:
        return None
    given = [
        (said.on + timedelta(days=gave), said)
        for said in situation.account.touches
        if (said.currency, said.case) == (currency, case.number) and (gave := _gave(situation, said))
    ]
    until, last = max(given, key=lambda pair: pair[0], default=(date.min, None))
    if last is None or situation.as_of > until:
        return None
    return reason("deadline_runs", step=last.act, on=last.on, until=until), until + DAY


def _gave(situation: Situation, said: Touch) -> int:
    """How many days a letter gave. One that left elsewhere, or that a call took the place of, does not say: the most
    that a step of its name gives.
    """
    if not said.noted and said.channel != TASK:
        return said.deadline_days
    schedules = (*situation.strategy.schedules, situation.segment.schedule)
    letters = (step for schedule in schedules for step in schedule.steps if step.name == said.act)
    return max((days(situation.account, step) for step in letters), default=0)


def country_of(account: Account) -> str | None:
    """Whose law counts. An address without a country is one at home; without any address, or with a country that is not
    known, nobody knows.
    """
    at_home = account.ledger.company.country if account.customer.address else None
    country = account.profile.country or account.customer.country or at_home
    return None if country == SOMEWHERE else country
