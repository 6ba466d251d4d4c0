"""What the law asks of a letter before action, by the country of whoever owes and by its legal form, as data.

Engineering notes and no advice: whoever is responsible for a strategy lets counsel look at its last letter, and says so
with `lawful`. What stands in no row is not known here, and a person decides.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from strategy.model import Record

COMPANY, PUBLIC, SOLE_TRADER, CONSUMER = "company", "public", "sole_trader", "consumer"


class Demand(Record):
    """What is asked in one country of a letter to these legal forms.

    `days`: so many whole days after the day of the letter must pass before anything is done; 0 is no figure of law, so
    that what the letter gives is all that counts. `asks`: what the letter must be or have besides what is owed, to whom
    and by when; None is nothing. `source` is where that was read, on `read_on`.
    """

    country: str
    forms: tuple[str, ...]
    days: int
    asks: str | None = None
    source: str
    read_on: date = date(2026, 11, 22)


_BUSINESS: Final = (COMPANY, PUBLIC, SOLE_TRADER)
_ALL: Final = (*_BUSINESS, CONSUMER)

DEMANDS: Final[Sequence[Demand]] = (
    Demand(
        country="GB",
        forms=(COMPANY, PUBLIC),
        days=14,
        source="Practice Direction Pre-Action Conduct, para. 6 (14 days where straightforward): teacherstern.com, "
        "summitlawllp.co.uk",
    ),
    Demand(
        country="GB",
        forms=(SOLE_TRADER, CONSUMER),
        days=30,
        asks="the contents of para. 3.1 of the Pre-Action Protocol for Debt Claims, with its information sheet, reply "
        "form and financial statement",
        source="Pre-Action Protocol for Debt Claims of 1 October 2017: harperjames.co.uk, fjg.co.uk, "
        "andersonstrathern.co.uk (England and Wales; Scotland and Northern Ireland ask less)",
    ),
    Demand(
        country="IE",
        forms=_ALL,
        days=0,
        source="no duty, a last letter of 7 to 14 days is practice: johnsonsolicitors.ie, forms-legal.com/ireland",
    ),
    Demand(
        country="DE",
        forms=_ALL,
        days=0,
        source="§ 286 BGB: a reminder, a day by the calendar, or 30 days (told to consumers on the invoice) put in "
        "default, no form: unternehmer.de, inkasso.ag",
    ),
    Demand(
        country="AT",
        forms=_ALL,
        days=0,
        source="no duty to remind: iks-inkasso.com, wko.at (Zahlungsverzug des Geschäftspartners)",
    ),
    Demand(
        country="CH",
        forms=_ALL,
        days=0,
        source="art. 102 OR; no reminder needed before a Betreibung: inkassolution.ch, beobachter.ch (2021-11)",
    ),
    Demand(
        country="FR",
        forms=_ALL,
        days=0,
        asks='the words "mise en demeure", what is asked, by when, and what follows otherwise',
        source="art. 1344 Code civil: actafor.com (2020-10-16), juritravail.com",
    ),
    Demand(
        country="NL",
        forms=_BUSINESS,
        days=0,
        source="art. 6:96 BW asks for a letter to consumers only: ECLI:NL:PHR:2016:938",
    ),
    Demand(
        country="NL",
        forms=(CONSUMER,),
        days=17,
        asks="the fourteen days from the day after it came, and the collection costs that follow, in figures "
        "(veertiendagenbrief)",
        source="art. 6:96 (6) BW, ECLI:NL:HR:2016:2704: nvi.nl, deneefadvocaten.nl (two or three days for the post)",
    ),
    Demand(
        country="US",
        forms=_BUSINESS,
        days=0,
        source="the FDCPA is for collectors of consumers' debts, not for a creditor: friedmanmurray.com, "
        "newjerseylawyersblog.com; consumers by the law of each state",
    ),
    Demand(
        country="CA",
        forms=_BUSINESS,
        days=0,
        source="no duty in Ontario: treadstonelaw.ca (June 2026); in Quebec costs only, art. 1596 C.c.Q.: lpc.quebec; "
        "consumers by the law of each province",
    ),
    Demand(
        country="AU",
        forms=_BUSINESS,
        days=21,
        source="South Australia, Uniform Civil Rules 2020, r. 332.3: 21 days: lsc.sa.gov.au; elsewhere none is known, "
        "so the longest counts",
    ),
    Demand(
        country="AU",
        forms=(CONSUMER,),
        days=21,
        asks="somebody's eye, by the guideline of ACCC and ASIC (RG 96): it may neither mislead nor press",
        source="RG 96, April 2021: accc.gov.au; 21 days as for businesses",
    ),
    Demand(
        country="NZ",
        forms=_BUSINESS,
        days=0,
        source="a formal demand is practice: LegalVision, 2025-03-19; on letters to consumers sources disagree",
    ),
)
"""Every row that is known. Read in public pages on the day that stands in each; nobody's counsel has looked at it."""

_BY_PLACE: Final[Mapping[tuple[str, str], Demand]] = {(one.country, form): one for one in DEMANDS for form in one.forms}


def demand(country: str, form: str) -> Demand | None:
    """What is asked there of a letter to this form; None where it is not known."""
    return _BY_PLACE.get((country, form))


def days(country: str | None, form: str | None) -> int:
    """So many days must pass after the letter; the longest of the country where the form is not known."""
    rows = (one for one in DEMANDS if one.country == country and (form is None or form in one.forms))
    return max((one.days for one in rows), default=0)


def never(country: str) -> bool:
    """Whether the law there asks something of every letter before action, to whomever, or is not known at all."""
    asked = [demand(country, form) for form in _ALL]
    return all(one is None or one.asks is not None for one in asked)
