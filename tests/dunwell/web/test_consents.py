"""Where the platforms send browsers back: the page, and the connect that waits."""

import webbrowser
from pathlib import Path

import pytest

from dunwell.sandbox.server import Sandbox
from dunwell.web.consents import MOST
from tests.dunwell.cli.test_connect_ways import NAMES, PAGE, Place, where_it_ends
from tests.dunwell.cli.test_connect_ways import sandbox as sandbox  # noqa: PLC0414 - a fixture
from tests.dunwell.web.served import HTTP, Served, serving


@pytest.mark.parametrize("ledger", NAMES)
def test_a_connect_that_waits_is_told_what_the_browser_brought(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, ledger: str
) -> None:
    place = Place(tmp_path, sandbox, quickbooks="sandbox-app-live")
    place.edit(f"[ledgers.{ledger}]\n", f'[ledgers.{ledger}]\nredirect_url = "{PAGE}"\n')
    with serving(place) as served:

        def browse(url: str) -> bool:
            """Through the firm's proxy."""
            query = where_it_ends(url).removeprefix(PAGE)
            page = HTTP.get(f"{served.url}/connected{query}")
            assert (page.status_code, "Thank you" in page.text) == (200, True)
            again = HTTP.get(f"{served.url}/connected{query}")
            assert (again.status_code, "An old answer" in again.text) == (400, True)
            return True

        monkeypatch.setattr(webbrowser, "open", browse)
        said = place.did("connect", ledger)
        served.stop()
        assert "code" not in served.said + served.err
    assert said.out.endswith(f"The platform answers: {NAMES[ledger]}.\nRead the books next: dunwell sync {ledger}\n")


@pytest.mark.parametrize("query", ["", "?code=1", "?code=1&state=nobody", f"?code=1&state={'x' * (MOST + 1)}"])
def test_what_nobody_waits_for_is_not_taken(served: Served, query: str) -> None:
    page = HTTP.get(f"{served.url}/connected{query}")
    assert page.status_code == 400
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert page.headers["referrer-policy"] == "no-referrer"
