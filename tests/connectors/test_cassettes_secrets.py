"""No cassette holds a secret, and the search would find one: each filter, switched off, is missed."""

from collections.abc import Collection
from pathlib import Path

import pytest
import yaml

from tests.cassettes.journey import PLATFORMS
from tests.cassettes.looking import leaks
from tests.cassettes.record import record
from tests.cassettes.tape import FILTERS, HERE, LABEL

CASSETTES = sorted(HERE.glob("*.yaml"))


@pytest.fixture(scope="module", params=PLATFORMS)
def anew(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Collection[str]]:
    """A cassette recorded now, and what the sandbox gave out for it: always the same, as its seed is."""
    folder = tmp_path_factory.mktemp("cassettes")
    _, given_out = record(request.param, folder)
    return folder / f"{request.param}.yaml", given_out


def test_there_is_a_cassette_of_each_platform() -> None:
    assert [path.stem for path in CASSETTES] == sorted(PLATFORMS)


@pytest.mark.parametrize("cassette", CASSETTES, ids=lambda path: path.stem)
def test_a_cassette_says_that_it_is_of_the_sandbox(cassette: Path) -> None:
    text = cassette.read_text()
    assert text.startswith(f"# {LABEL}\n")
    assert yaml.load(text, yaml.CSafeLoader)["recorded_from"] == LABEL


def test_a_cassette_holds_no_secret(anew: tuple[Path, Collection[str]]) -> None:
    recorded, given_out = anew
    assert len(given_out) >= 5
    assert leaks(HERE / recorded.name, given_out) == []


def test_recorded_anew_a_cassette_is_the_same(anew: tuple[Path, Collection[str]]) -> None:
    recorded, _ = anew
    same = recorded.read_text() == (HERE / recorded.name).read_text()
    assert same, f"{recorded.name} is not what the sandbox says today; run: python -m tests.cassettes.record"


FOUND_WITHOUT = {
    "filter_headers": {"header authorization", "bearer token", "basic credentials", "a secret that was given out"},
    "filter_post_data_parameters": {"token in a form", "a secret that was given out"},
    "filter_query_parameters": {"signature of an address"},
    "answers": {"token in JSON", "payment link", "echo of a token", "signature of an address"},
}
"""What the search finds on QuickBooks' cassette where a filter is switched off."""


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_that_is_switched_off_is_missed(tmp_path: Path, name: str) -> None:
    _, given_out = record("quickbooks", tmp_path, without=[name])
    found = {leak.split(": ")[0] for leak in leaks(tmp_path / "quickbooks.yaml", given_out)}
    assert found >= FOUND_WITHOUT[name]


def test_xeros_tokens_are_found_where_they_are_not_hidden(tmp_path: Path) -> None:
    _, given_out = record("xero", tmp_path, without=FILTERS)
    found = {leak.split(": ")[0] for leak in leaks(tmp_path / "xero.yaml", given_out)}
    assert found >= {"JWT", "token in JSON", "token in a form", "bearer token", "payment link", "header authorization"}


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer 0123456789",
        "a=1&refresh_token=abc",
        "a%3D1%26refresh_token%3Dabc",
        "YXBwOmEgd29yZCBvZiBvdXJzIQ==",
        "client_secret=abc",
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.x",
        '{"access_token": "abc"}',
        "https://in.xero.com/abc",
        "told: a word of ou",
    ],
)
def test_a_secret_in_any_of_its_clothes_is_found(tmp_path: Path, text: str) -> None:
    exchange = {"request": {"headers": {}, "body": text}, "response": {"headers": {}, "body": {"string": b""}}}
    path = tmp_path / "x.yaml"
    path.write_text(yaml.dump({"interactions": [exchange]}))
    assert leaks(path, ["a word of ours!"])
