"""What is left over is written off or refunded, and nobody is asked for it."""

from strategy.account import Account
from strategy.model import Currency
from strategy.small import Small, Way, small
from tests.strategy.builders import EUR, TODAY, USD, a_receivable, an_account, codes, days, decided, unapplied

MINIMUM = {EUR: 2_500}


def left(account: Account, minimum: dict[Currency, int] | None = None) -> list[Small]:
    return list(small(account, MINIMUM if minimum is None else minimum, TODAY))


def test_a_small_rest_is_written_off_and_never_asked_for() -> None:
    account = an_account(a_receivable("1", amount=2_500, days_late=30))
    assert left(account) == [
        Small(way=Way.WRITE_OFF, currency=EUR, amount_minor=2_500, since=TODAY - days(30), numbers=("1",))
    ]
    assert codes(decided(account)) == {"below_minimum"}


def test_a_small_credit_is_refunded() -> None:
    account = an_account(unapplied=(unapplied(900, since=TODAY - days(50)),))
    assert left(account) == [
        Small(way=Way.REFUND, currency=EUR, amount_minor=900, since=TODAY - days(50), numbers=("CN-1",))
    ]


def test_a_credit_beside_an_invoice_leaves_what_is_between_them() -> None:
    account = an_account(a_receivable("1", amount=120_000), unapplied=(unapplied(119_000),))
    assert [(one.way, one.amount_minor, one.numbers) for one in left(account)] == [
        (Way.WRITE_OFF, 1_000, ("1", "CN-1"))
    ]


def test_more_than_the_minimum_is_not_small() -> None:
    assert left(an_account(a_receivable(amount=2_501))) == []
    assert left(an_account(unapplied=(unapplied(2_501),))) == []


def test_what_is_not_due_yet_may_still_be_paid() -> None:
    assert left(an_account(a_receivable("1", amount=100), a_receivable("2", amount=100, days_late=0))) == []


def test_without_a_figure_in_the_currency_nothing_is_small() -> None:
    assert left(an_account(a_receivable(amount=1, currency=USD))) == []
    assert left(an_account(a_receivable(amount=1)), {}) == []


def test_what_comes_to_nothing_is_no_balance() -> None:
    assert left(an_account(a_receivable(amount=900), unapplied=(unapplied(900),))) == []
