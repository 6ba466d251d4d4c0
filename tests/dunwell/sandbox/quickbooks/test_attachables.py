"""Notes and files."""

from typing import Any

import httpx
import msgspec
import pytest

from tests.dunwell.sandbox.api import Company, bare, ok

PDF = b"%PDF-1.4 \r\n\r\n\x00\xff binary\n"


def on(kind: str, record_id: str, **more: object) -> dict[str, object]:
    return {"AttachableRef": [{"EntityRef": {"type": kind, "value": record_id}}], **more}


def upload(company: Company, *pairs: tuple[dict[str, object], bytes]) -> Any:
    files = []
    for number, (metadata, content) in enumerate(pairs, start=1):
        files.append((f"file_metadata_{number:02d}", ("m.json", msgspec.json.encode(metadata), "application/json")))
        files.append(
            (f"file_content_{number:02d}", (str(metadata.get("FileName", "x.pdf")), content, "application/pdf"))
        )
    return ok(company.session.post("upload", files=files))["AttachableResponse"]


def a_file(company: Company, name: str = "statement.pdf") -> Any:
    (made,) = upload(company, (on("Customer", "1", FileName=name, ContentType="application/pdf"), PDF))
    return made["Attachable"]


def test_a_note_needs_no_file(shared: Company) -> None:
    made = shared.post("attachable", on("Invoice", "1", Note="Dunwell 1a2b 2026-03-02 reminded"))["Attachable"]
    assert made["AttachableRef"] == [{"EntityRef": {"value": "1", "type": "Invoice"}, "IncludeOnSend": False}]
    assert made["Note"].startswith("Dunwell 1a2b")
    assert "TempDownloadUri" not in made
    assert shared.get(f"attachable/{made['Id']}")["Attachable"] == made


def test_its_id_is_a_long_number(shared: Company) -> None:
    made = shared.post("attachable", on("Invoice", "1", Note="x"))["Attachable"]
    assert len(made["Id"]) == 19
    assert made["Id"].isdigit()


def test_a_note_without_words_is_refused(shared: Company) -> None:
    assert shared.refused("attachable", on("Invoice", "1"))[0] == "2020"
    assert shared.refused("attachable", on("Invoice", "1", Note="x" * 2001))[0] == "2050"


def test_what_does_not_exist_cannot_be_linked(shared: Company) -> None:
    code, detail = shared.refused("attachable", on("Estimate", "75", Note="x"))
    assert code == "6000"
    assert detail.endswith("The entity Estimate 75 that you are trying to link does not exist. Estimate 75")


@pytest.mark.parametrize("refs", [{"EntityRef": {"type": "Invoice", "value": "1"}}, "Invoice 1", ["Invoice 1"]])
def test_what_it_hangs_on_is_a_list_of_references(shared: Company, refs: object) -> None:
    assert shared.refused("attachable", {"Note": "x", "AttachableRef": refs})[0] == "2010"


def test_notes_are_found_by_what_they_hang_on(company: Company) -> None:
    company.post("attachable", on("Invoice", "1", Note="one"))
    company.post("attachable", on("Invoice", "2", Note="two"))
    company.post("attachable", on("Customer", "1", Note="three"))
    text = "select * from Attachable where AttachableRef.EntityRef.Type='invoice' and AttachableRef.EntityRef.value='1'"
    assert [each["Note"] for each in company.rows(text)] == ["one"]
    assert [each["Note"] for each in company.rows("select * from Attachable where Note like 't%' orderby Id")] == [
        "two",
        "three",
    ]


def test_an_update_replaces_the_whole(shared: Company) -> None:
    made = shared.post("attachable", on("Invoice", "1", Note="old", Category="Other"))["Attachable"]
    update = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Note": "new"}
    after = shared.post("attachable", {**update, "sparse": False})["Attachable"]
    assert (after["Note"], after["SyncToken"], "AttachableRef" in after, "Category" in after) == (
        "new",
        "1",
        False,
        False,
    )
    assert shared.refused("attachable", {**update, "SyncToken": "0"})[0] == "5010"


def test_it_is_deleted_by_its_id_alone_as_recorded(shared: Company) -> None:
    made = shared.post("attachable", on("Invoice", "1", Note="x"))["Attachable"]
    answer = shared.post("attachable", {"Id": made["Id"]}, operation="delete")
    assert answer["Attachable"] == {"domain": "QBO", "status": "Deleted", "Id": made["Id"]}
    assert made["Id"] not in shared.control.live()["paper"]


def test_a_file_comes_back_as_it_went_up(shared: Company) -> None:
    made = a_file(shared)
    assert (made["FileName"], made["Size"], made["ContentType"]) == ("statement.pdf", len(PDF), "application/pdf")
    assert bare("GET", made["TempDownloadUri"]).content == PDF


def test_download_gives_a_fresh_link_that_lasts_a_quarter_of_an_hour(company: Company) -> None:
    made = a_file(company)
    link = company.session.get(f"download/{made['Id']}").text
    company.clock.move(seconds=899)
    assert bare("GET", link).content == PDF
    company.clock.move(seconds=1)
    assert bare("GET", link).status_code == 403
    assert bare("GET", link.replace("Signature=", "Signature=0")).status_code == 403


def test_several_pairs_go_up_at_once_each_with_its_own_success_or_fault(shared: Company) -> None:
    good = on("Invoice", "1", FileName="a.pdf")
    bad = on("Estimate", "75", FileName="b.pdf")
    first, second, third = upload(shared, (good, b"1"), (bad, b"2"), (good, b"3"))
    assert (first["Attachable"]["Size"], second["Fault"]["Error"][0]["code"]) == (1, "6000")
    assert third["Attachable"]["Id"] > first["Attachable"]["Id"]


def test_a_file_of_another_type_is_refused_within_a_success(shared: Company) -> None:
    (made,) = upload(shared, (on("Invoice", "1", FileName="virus.exe"), b"x"))
    assert made["Fault"]["Error"][0]["code"] == "6000"


def test_metadata_that_is_too_long_is_refused_within_a_success(shared: Company) -> None:
    (made,) = upload(shared, (on("Invoice", "1", FileName="a.pdf", Note="x" * 2001), b"x"))
    assert made["Fault"]["Error"][0]["code"] == "2050"


def test_an_upload_does_not_know_request_ids(shared: Company) -> None:
    before = len(shared.control.live()["paper"])
    for _ in range(2):
        files = {"file_content_01": ("a.txt", b"x", "text/plain")}
        ok(shared.session.post("upload", files=files, params={"requestid": "same"}))
    assert len(shared.control.live()["paper"]) == before + 2


def test_what_is_no_form_is_refused(shared: Company) -> None:
    response = shared.session.post("upload", content=b"x", headers={"Content-Type": "application/pdf"})
    assert response.json()["Fault"]["Error"][0]["code"] == "1050"


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_both_line_ends_are_read_and_base64_undone(shared: Company, end: str) -> None:
    lines = [
        "--b",
        'Content-Disposition: form-data; name="file_metadata_01"',
        "Content-Type: application/json",
        "",
        '{"FileName":"a.txt","ContentType":"text/plain"}',
        "--b",
        'Content-Disposition: form-data; name="file_content_01"',
        "Content-Type: text/plain",
        "Content-Transfer-Encoding: base64",
        "",
        "aGVsbG8=",
        "--b--",
        "",
    ]
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    response = shared.session.post("upload", content=end.join(lines).encode(), headers=headers)
    made = ok(response)["AttachableResponse"][0]["Attachable"]
    assert httpx.URL(made["TempDownloadUri"]).path.endswith(made["Id"])
    assert bare("GET", made["TempDownloadUri"]).content == b"hello"
