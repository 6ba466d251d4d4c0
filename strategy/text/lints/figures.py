"""Lints of amounts: a currency in which a used amount has no figure."""

from strategy.conditions import MoneyTest, every_test
from strategy.text.lints.draft import Draft, conditions
from strategy.text.table import Findings


def currency_without_figure(draft: Draft, findings: Findings) -> None:
    """Amounts that are used should have figures in the same currencies: without one, tests are unknown."""
    used = [name for name in draft.amounts if name in _used(draft)]
    every = dict.fromkeys(currency for name in used for currency in draft.amounts[name])
    for name in used:
        missing = [currency for currency in every if currency not in draft.amounts[name]]
        if missing and draft.amounts[name]:
            having = next(other for other in used if missing[0] in draft.amounts[other])
            gap = f'"{name}" has no figure in {", ".join(missing)}, where "{having}" has one'
            right = f"add {', '.join(f'{currency} = …' for currency in missing)}"
            findings.warn(draft.amount_nodes[name].name, f"{gap}: tests against it are unknown there", right)


def _used(draft: Draft) -> frozenset[str]:
    tests = [test for condition in conditions(draft) for test in every_test(condition.root)]
    names = {test.amount for test in tests if isinstance(test, MoneyTest)}
    return frozenset(names | {draft.minimum or ""})
