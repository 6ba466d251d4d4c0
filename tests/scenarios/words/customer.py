"""What is known of the customer, and the days that are holidays where they are."""

from typing import Final

from msgspec.structs import replace

from strategy.account import Role
from strategy.rules import OwnContact
from tests.scenarios.books import Books
from tests.scenarios.reading import every_day
from tests.scenarios.words.forms import A_DAY, Words, day_of


def _holiday(books: Books, until: str) -> None:
    books.holidays |= set(every_day(books.today, day_of(books, until) if until else books.today))


def _addresses(books: Books, found: str) -> None:
    books.customer = replace(books.customer, emails=() if found == "none" else (found,))


def _role(books: Books, role: str, name: str, email: str) -> None:
    books.profile = replace(books.profile, roles=(*books.profile.roles, Role(role=role, name=name, email=email)))


def _legal_form(books: Books, form: str, country: str) -> None:
    books.profile = replace(books.profile, legal_form=None if form == "unknown" else form, country=country)


def _pays_by(books: Books, method: str) -> None:
    books.profile = replace(books.profile, method=method)


def _own_gap(books: Books, gap: str) -> None:
    books.profile = replace(books.profile, contact=OwnContact(gap=int(gap)))


def _reviewed(books: Books, day: str) -> None:
    books.profile = replace(books.profile, reviewed=day_of(books, day))


def _holiday_of_a_part(books: Books, place: str) -> None:
    books.holidays_of_parts.setdefault(place, set()).add(books.today)


def _region(books: Books, place: str) -> None:
    books.profile = replace(books.profile, region=place)


def _pays_on(books: Books, run: str, cutoff: str) -> None:
    books.profile = replace(books.profile, run=run, cutoff=int(cutoff))


CUSTOMER: Final[Words] = (
    (rf"public holiday(?: through ({A_DAY}))?", _holiday),
    (r"address in the books: (.+)", _addresses),
    (r"profile: (\w+) is (.+) (\S+@\S+)", _role),
    (r"profile: legal form (\w+), in ([A-Z]{2})", _legal_form),
    (r"profile: pays by (.+)", _pays_by),
    (r"profile: (\d+) days between two contacts", _own_gap),
    (r"profile: pays on (\w+), approved (\d) business days? before", _pays_on),
    (r"public holiday in ([A-Z-]+)", _holiday_of_a_part),
    (r"profile: is in ([A-Z-]+)", _region),
    (rf"a person looked at what fell due before ({A_DAY})", _reviewed),
)
