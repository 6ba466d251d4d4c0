"""The schemas, for editors."""

import json

import pytest
from click.testing import CliRunner

from dunwell.cli.main import cli


@pytest.mark.parametrize(("which", "title"), [("strategy", "A strategy of Dunwell"), ("config", "Settings of Dunwell")])
def test_a_schema_needs_no_settings_and_is_json(which: str, title: str) -> None:
    said = CliRunner().invoke(cli, ["--config", "nowhere.toml", "schema", which], prog_name="dunwell")
    assert said.exit_code == 0
    assert json.loads(said.stdout)["title"] == title
