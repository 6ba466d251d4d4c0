"""The schemas' histories: one file per step in `schema/`, applied in order, never edited once it has shipped."""

import sqlite3
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any

from sqlite_utils import Migrations


def _history(name: str, steps: Iterable[str]) -> Migrations:
    history = Migrations(name)
    for step in steps:
        _add(history, step)
    return history


def _add(history: Migrations, step: str) -> None:
    script = resources.files("sync.store").joinpath(f"schema/{step}.sql").read_text("utf-8")

    @history(name=step)
    def apply(db: Any) -> None:
        for statement in _statements(script):
            db.execute(statement)


def _statements(script: str) -> Iterator[str]:
    """One by one; a trigger, which has statements within, is one."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


MIGRATIONS = _history(
    "dunwell",
    (
        "0001_mirror",
        "0002_journal",
        "0003_views",
        "0004_webhooks",
        "0005_proof",
        "0006_usage_apart",
        "0007_consents",
        "0008_rates",
        "0009_hold_amounts",
        "0010_dispute_clock",
        "0011_task_outcomes",
        "0012_noted_touches",
        "0013_compared",
        "0014_bounces",
        "0015_payment_plans",
        "0016_claim_payment",
        "0017_delivered",
        "0018_instalment_parts",
        "0019_deadline_days",
        "0020_delivered_late",
        "0021_promise_in_part",
        "0022_promise_counted",
        "0023_dispute_counted",
        "0024_approved_text",
        "0025_invoice_moved",
        "0026_plan_counted",
        "0027_matched_word",
        "0028_trigger_told",
        "0029_promise_counted_ever",
        "0030_dispute_counted_ever",
    ),
)
"""Of the firm's database."""

BUDGETS = _history("budgets", ("budgets/0001_calls", "budgets/0002_no_lease"))
"""Of the database of calls."""
