"""The contract that the mock server is started on is Xero's, but for what is named."""

import json
from collections import Counter

import yaml

from tests.contract import mock
from tests.contract.conftest import Run
from tests.contract.patches import PATCHES, differences, named
from tests.data import DATA
from tests.dunwell.sandbox.xero.contract import BASE, Contract
from tests.dunwell.sandbox.xero.test_our_requests import DIFFERENT

OFFICIAL = DATA / "xero/xero_accounting.yaml"


def test_every_place_where_the_strict_contract_is_not_xeros_is_named() -> None:
    official = yaml.load(OFFICIAL.read_text("utf-8"), yaml.CSafeLoader)
    places = list(differences(official, json.loads(mock.STRICT.read_text("utf-8"))))
    assert [place for place in places if len(named(place)) != 1] == []
    assert Counter(patch for place in places for patch in named(place)) == {patch: patch.times for patch in PATCHES}


def test_our_requests_are_allowed_by_the_official_contract_too_but_for_what_is_known(run: Run) -> None:
    """The changes that make a difference to us are those that the run against the sandbox names as well."""
    official = Contract(OFFICIAL)
    asked = [one.request for one in run.asked if one.request.path.startswith(BASE)]
    said = {complaint.split(": ", 1)[-1] for request in asked for complaint in official.complaints(request)}
    assert said == {name.removeprefix("request: ") for name in DIFFERENT if name.startswith("request: ")}
