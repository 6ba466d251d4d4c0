"""Webhook messages: the signature is that of the official vectors, the payloads have their shape."""

import json
from datetime import UTC, datetime
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator

from dunwell.sandbox.webhooks import Change, cloud_events, legacy, signature, xero_events

CHANGE = Change(entity="Invoice", id="163", operation="Void", at=datetime(2026, 3, 2, 17, tzinfo=UTC))
XERO_CHANGE = Change(entity="Invoices", id="44aa0707-f718-4f1c-8d53-f2da9ca59533", operation="Update", at=CHANGE.at)


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


def test_a_xero_message_has_the_keys_of_xeros_own(data: Path) -> None:
    vector = json.loads((data / "webhooks/xero_vectors.json").read_text())["two_invoice_updates"]
    theirs = json.loads(vector["raw_body"])
    ours = json.loads(xero_events("e629a03c", [XERO_CHANGE, XERO_CHANGE], first=2))
    assert ours.keys() == theirs.keys()
    assert [event.keys() for event in ours["events"]] == [event.keys() for event in theirs["events"]]
    assert (ours["firstEventSequence"], ours["lastEventSequence"]) == (2, 3)
    assert (ours["events"][0]["eventCategory"], ours["events"][0]["eventType"]) == ("INVOICE", "UPDATE")
    assert ours["events"][0]["eventDateUtc"] == "2026-03-02T17:00:00.000"


def test_a_xero_message_fits_the_official_contract(data: Path) -> None:
    contract = yaml.load((data / "xero/xero-webhooks.yaml").read_text(), yaml.CSafeLoader)
    note = Change(entity="CreditNotes", id=XERO_CHANGE.id, operation="Create", at=XERO_CHANGE.at)
    status = {"Type": "ACCRECCREDIT", "Status": "DRAFT"}
    for body, schema in (
        (xero_events(XERO_CHANGE.id, [XERO_CHANGE]), "WebhookEvent"),
        (xero_events(XERO_CHANGE.id, [note], data=status), "CreditNoteWebhookEvent"),
    ):
        whole = {**contract, "$ref": f"#/components/schemas/{schema}"}
        assert list(Draft202012Validator(whole).iter_errors(json.loads(body))) == []


def test_the_intent_to_receive_has_no_events_and_is_signed_like_any(data: Path) -> None:
    vector = json.loads((data / "webhooks/xero_vectors.json").read_text())["itr"]
    ours, theirs = json.loads(xero_events("t", [])), json.loads(vector["raw_body"])
    assert {**ours, "entropy": ""} == {**theirs, "entropy": ""}
    assert len(ours["entropy"]) == len(theirs["entropy"])
