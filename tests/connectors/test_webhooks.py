"""What the platforms announce, by the vectors of their own SDKs and of those who listened to them."""

import base64
import hashlib
import hmac
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import Announcement
from connectors.quickbooks import webhooks as quickbooks
from connectors.webhooks import Unreadable, genuine
from connectors.xero import webhooks as xero
from tests.data import DATA


def vector(name: str) -> Any:
    return json.loads((DATA / "webhooks" / f"{name}.json").read_text("utf-8"))


LEGACY = vector("legacy_signed_vector_java_sdk")
XERO = vector("xero_vectors")
TOLD = LEGACY["raw_body"].encode(), LEGACY["intuit-signature"], LEGACY["verifier_token"]


def test_intuits_own_vector_is_genuine() -> None:
    body, signature, key = TOLD
    assert genuine(body, signature, [key])


def test_xeros_vector_is_genuine() -> None:
    told = XERO["itr"]
    assert genuine(told["raw_body"].encode(), told["x-xero-signature"], [told["key"]])


def test_any_of_several_keys_will_do() -> None:
    body, signature, key = TOLD
    assert genuine(body, signature, ["another", key, "and another"])
    assert not genuine(body, signature, ["another"])
    assert not genuine(body, signature, [])


def test_the_signature_is_of_the_very_bytes() -> None:
    body, signature, key = TOLD
    assert not genuine(json.dumps(json.loads(body)).encode(), signature, [key])
    assert not genuine(body + b"\n", signature, [key])


@pytest.mark.parametrize("algorithm", ["sha1", "md5", "sha512"])
def test_another_algorithm_is_not_genuine(algorithm: str) -> None:
    body, _, key = TOLD
    assert not genuine(body, base64.b64encode(hmac.new(key.encode(), body, algorithm).digest()).decode(), [key])


def test_other_ways_to_write_the_signature_are_not_genuine() -> None:
    body, signature, key = TOLD
    plain = hashlib.sha256(key.encode() + body).digest()
    for other in (
        "",
        signature.lower(),
        signature.rstrip("="),
        f"sha256={signature}",
        base64.b64encode(plain).decode(),
    ):
        assert not genuine(body, other, [key])
    assert not genuine(body, base64.b64decode(signature).hex(), [key])


@given(st.binary(max_size=64), st.text(max_size=64))
def test_whatever_is_sent_only_the_signature_counts(body: bytes, signature: str) -> None:
    right = base64.b64encode(hmac.new(b"key", body, hashlib.sha256).digest()).decode()
    assert genuine(body, right, ["key"])
    assert genuine(body, signature, ["key"]) is (signature == right)


def test_a_cloud_event_is_told_by_its_id_and_names_its_company() -> None:
    (event,) = vector("cloudevents_class_created_dotnet_sdk")
    (told,) = quickbooks.read(json.dumps([event]).encode())
    assert told.remote_id == "310687"
    assert quickbooks.read(json.dumps([event | {"time": "2025-10-08T00:00:00Z"}]).encode()) == (told,)
    assert quickbooks.read(json.dumps([event | {"id": "another"}]).encode()) != (told,)


def test_one_delivery_may_tell_of_several_companies() -> None:
    (event,) = vector("cloudevents_class_created_dotnet_sdk")
    told = quickbooks.read(json.dumps([event, event | {"intuitaccountid": "2"}]).encode())
    assert [one.remote_id for one in told] == ["310687", "2"]
    assert told[0].digest != told[1].digest


def test_the_older_form_is_told_by_what_it_says() -> None:
    vendor, customer = quickbooks.read(json.dumps(vector("legacy_two_entities_dotnet_sdk")).encode())
    assert (vendor.remote_id, customer.remote_id) == ("1269959970", "1269959970")
    assert vendor.digest != customer.digest
    assert quickbooks.read(TOLD[0])[0].remote_id == "1185883450"


@pytest.mark.parametrize("field", ["name", "id", "operation", "lastUpdated", "deletedId"])
def test_whatever_is_different_in_the_older_form_is_another_event(field: str) -> None:
    body = vector("legacy_two_entities_dotnet_sdk")
    before = quickbooks.read(json.dumps(body).encode())
    body["eventNotifications"][0]["dataChangeEvent"]["entities"][0][field] = "x"
    after = quickbooks.read(json.dumps(body).encode())
    assert (before[0] != after[0], before[1] == after[1]) == (True, True)


def test_an_event_of_xero_names_its_tenant_and_is_told_by_record_and_instant() -> None:
    first, second = xero.read(XERO["two_invoice_updates"]["raw_body"].encode())
    assert first.remote_id == second.remote_id == "e629a03c-7ffe-4913-bd94-ff2fdb36a702"
    assert first.digest != second.digest


def test_the_intent_to_receive_announces_nothing() -> None:
    assert xero.read(XERO["itr"]["raw_body"].encode()) == ()


def test_the_same_is_another_thing_in_another_company() -> None:
    body = XERO["two_invoice_updates"]["raw_body"]
    here, there = xero.read(body.encode()), xero.read(body.replace("e629a03c", "00000000").encode())
    assert {one.digest for one in here}.isdisjoint(one.digest for one in there)


@pytest.mark.parametrize("read", [quickbooks.read, xero.read], ids=["quickbooks", "xero"])
@pytest.mark.parametrize(
    "body", [b"", b"hello", b"{}", b"[7]", b'"x"', b"\xff\xfe", b'{"events":7}', b'[{"id":"x"}]', b"null", b"[" * 5000]
)
def test_what_is_no_message_is_told_as_such(read: Any, body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body)


@given(st.binary(max_size=200))
def test_whatever_comes_is_read_or_told_as_unreadable(body: bytes) -> None:
    for read in (quickbooks.read, xero.read):
        with suppress(Unreadable):
            assert all(isinstance(one, Announcement) for one in read(body))
