"""The schema's history: one file per step in `schema/`, applied in order, never edited once it has shipped."""

from importlib import resources
from typing import Any

from sqlite_utils import Migrations

MIGRATIONS = Migrations("dunwell")


def _step(name: str) -> None:
    script = resources.files("sync.store").joinpath(f"schema/{name}.sql").read_text("utf-8")

    @MIGRATIONS(name=name)
    def apply(db: Any) -> None:
        for statement in script.split(";\n"):
            if statement.strip():
                db.execute(statement)


for _name in ("0001_mirror", "0002_journal", "0003_views", "0004_webhooks", "0005_proof"):
    _step(_name)
