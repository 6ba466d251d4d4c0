"""Receiving a consent on loopback, or pasted."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

import httpx
import pytest

from connectors.oauth import App, Consent, ask_consent
from dunwell.cli.ending import Failed
from dunwell.cli.listener import Listener, NotAllowed, allowed, listening, pasted

APP = App(
    client_id="app",
    client_secret="word",
    authorize_url="https://platform.example/authorize",
    token_url="https://platform.example/token",
    revoke_url="https://platform.example/revoke",
    scopes=("books",),
)


def consent_for(listener: Listener) -> Consent:
    return ask_consent(APP, listener.redirect_uri)


def visiting(listener: Listener, *queries: str) -> Callable[[str], None]:
    """A browser that comes back with these answers, one after the other."""

    def open_url(_url: str) -> None:
        for query in queries:
            httpx.get(f"{listener.redirect_uri.replace('localhost', '127.0.0.1')}?{query}", timeout=60)

    return open_url


def test_what_the_browser_brings_back_is_returned() -> None:
    with listening() as listener:
        consent = consent_for(listener)
        answer = listener.receive(consent, visiting(listener, f"code=abc&realmId=42&state={consent.state}"))
    assert answer == {"code": "abc", "realmId": "42", "state": consent.state}


def test_the_consents_own_address_is_opened() -> None:
    opened: list[str] = []
    with listening() as listener:
        consent = consent_for(listener)

        def open_url(url: str) -> None:
            opened.append(url)
            visiting(listener, f"code=abc&state={consent.state}")(url)

        listener.receive(consent, open_url)
    assert opened == [consent.url]


def test_an_answer_to_another_question_is_passed_over() -> None:
    with listening() as listener:
        consent = consent_for(listener)
        visit = visiting(listener, "code=stolen&state=other", "code=stolen", f"code=abc&state={consent.state}")
        assert listener.receive(consent, visit)["code"] == "abc"


def test_the_browser_is_told_what_became_of_it() -> None:
    with listening() as listener:
        consent = consent_for(listener)
        said: list[tuple[int, str]] = []

        def open_url(_url: str) -> None:
            base = listener.redirect_uri.replace("localhost", "127.0.0.1")
            for address in (
                base.replace("/callback", "/favicon.ico"),
                f"{base}?code=old&state=old",
                f"{base}?code=abc&state={consent.state}",
            ):
                answer = httpx.get(address, timeout=60)
                said.append((answer.status_code, answer.text.partition("<h1")[2].partition(">")[2].partition("<")[0]))

        listener.receive(consent, open_url)
    assert said == [(404, "Nothing here"), (400, "An old answer"), (200, "Thank you")]


def test_a_refusal_is_no_answer() -> None:
    with listening() as listener:
        consent = consent_for(listener)
        with pytest.raises(NotAllowed, match=r"^the platform says: access_denied; nothing was connected$"):
            listener.receive(consent, visiting(listener, f"error=access_denied&state={consent.state}"))


def test_rights_that_are_not_for_the_app_are_listed() -> None:
    with listening() as listener:
        consent = consent_for(listener)
        with pytest.raises(NotAllowed, match=r"invalid_scope; nothing was connected\. One of these .* books$"):
            listener.receive(consent, visiting(listener, f"error=invalid_scope&state={consent.state}"))


def test_nobody_answering_ends_the_wait() -> None:
    with listening() as listener, pytest.raises(NotAllowed, match="nobody answered"):
        listener.receive(consent_for(listener), lambda _url: None, patience_s=0.05)


def stdin(text: str) -> TextIO:
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    return os.fdopen(reading)


def test_what_is_pasted_counts_as_well() -> None:
    with listening() as listener:
        consent = consent_for(listener)
        with stdin(f"what?\nhttp://localhost:1/callback?code=abc&state={consent.state}\n") as lines:
            assert listener.receive(consent, lambda _url: None, lines)["code"] == "abc"


def test_a_closed_stdin_does_not_end_the_wait() -> None:
    with listening() as listener, stdin("") as lines:
        consent = consent_for(listener)
        visit = visiting(listener, f"code=abc&state={consent.state}")
        assert listener.receive(consent, visit, lines)["code"] == "abc"


def test_a_stdin_that_is_no_terminal_does_not_end_the_wait() -> None:
    """A script's or a scheduler's: a file, or nothing."""
    with listening() as listener, Path(os.devnull).open(encoding="utf-8") as lines:
        consent = consent_for(listener)
        visit = visiting(listener, f"code=abc&state={consent.state}")
        assert listener.receive(consent, visit, lines)["code"] == "abc"


def test_a_taken_port_is_named() -> None:
    with listening() as listener:
        port = urlsplit(listener.redirect_uri).port or 0
        with pytest.raises(Failed, match=f"^port {port} cannot be listened on"), listening(port):
            pass


def test_the_parameters_of_a_pasted_address() -> None:
    assert pasted(" https://firm.example/connected?code=a%2Fb&state=s \n") == {"code": "a/b", "state": "s"}
    assert pasted("nothing of the kind") == {}


def test_without_a_listener_the_pasted_address_must_fit_the_consent(tmp_path: Path) -> None:
    consent = ask_consent(APP, "https://firm.example/connected")
    good = f"https://firm.example/connected?code=abc&state={consent.state}"
    assert allowed(good, consent)["code"] == "abc"
    with pytest.raises(NotAllowed, match="paste all of it"):
        allowed("yes", consent)
    with pytest.raises(NotAllowed, match="an earlier attempt"):
        allowed("https://firm.example/connected?code=abc&state=x", consent)
    with pytest.raises(NotAllowed, match="access_denied"):
        allowed(f"https://firm.example/connected?error=access_denied&state={consent.state}", consent)


def test_nothing_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    with listening() as listener:
        consent = consent_for(listener)
        listener.receive(consent, visiting(listener, f"code=abc&state={consent.state}"))
    assert capsys.readouterr() == ("", "")
