"""Webhook messages: the signature is that of the official vectors, the payloads have their shape."""

import json
from datetime import UTC, datetime
from pathlib import Path

from dunwell.sandbox.webhooks import Change, cloud_events, legacy, signature

CHANGE = Change(entity="Invoice", id="163", operation="Void", at=datetime(2026, 3, 2, 17, tzinfo=UTC))


def test_the_signature_is_intuits(data: Path) -> None:
    vector = json.loads((data / "webhooks/legacy_signed_vector_java_sdk.json").read_text())
    assert signature(vector["raw_body"].encode(), vector["verifier_token"]) == vector["intuit-signature"]


def test_the_signature_is_xeros(data: Path) -> None:
    vector = json.loads((data / "webhooks/xero_vectors.json").read_text())["itr"]
    assert signature(vector["raw_body"].encode(), vector["key"]) == vector["x-xero-signature"]


def test_a_cloud_event_has_the_keys_of_intuits_own(data: Path) -> None:
    (theirs,) = json.loads((data / "webhooks/cloudevents_class_created_dotnet_sdk.json").read_text())
    (ours,) = json.loads(cloud_events("310687", [CHANGE]))
    assert theirs.keys() <= ours.keys()
    assert ours["type"] == "qbo.invoice.voided.v1"
    assert ours["time"] == "2026-03-02T17:00:00.000000000Z"


def test_an_old_message_has_the_keys_of_intuits_own(data: Path) -> None:
    theirs = json.loads((data / "webhooks/legacy_two_entities_dotnet_sdk.json").read_text())
    ours = json.loads(legacy("1269959970", [CHANGE]))
    (their,), (our,) = theirs["eventNotifications"], ours["eventNotifications"]
    assert our.keys() == their.keys()
    assert our["dataChangeEvent"]["entities"][0].keys() == their["dataChangeEvent"]["entities"][0].keys()


def test_the_same_change_has_the_same_id() -> None:
    assert cloud_events("1", [CHANGE]) == cloud_events("1", [CHANGE])
