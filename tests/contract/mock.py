"""Prism, a mock server for OpenAPI files, on the strict form of Xero's contract and on Xero's file of connections."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import yaml

from tests.data import DATA
from tests.dunwell.sandbox.xero.contract import BASE

STRICT: Final = DATA / "xero/contract-mock/ar_strict.json"
IDENTITY: Final = DATA / "xero/xero-identity.yaml"
_PRISM: Final = Path(__file__).parents[2] / ".prism" / "node_modules" / ".bin" / "prism"
A_THEME: Final = "34efa745-7238-4ead-b95e-1fe6c816adbe"
"""A branding theme's id, off an official example."""


def contract() -> dict[str, Any]:
    """The strict contract, and beside it Xero's own of connections.

    /Connections, as that file has it, is /connections everywhere else, and its example is no text here. Two answers say
    more than Xero's examples, so that the connector goes on asking: the invoice has a branding theme, and its PDF
    begins as one.
    """
    document: dict[str, Any] = json.loads(STRICT.read_text("utf-8"))
    identity: dict[str, Any] = yaml.load(IDENTITY.read_text("utf-8"), yaml.CSafeLoader)
    listed = identity["paths"]["/Connections"]["get"]["responses"]["200"]["content"]["application/json"]
    listed["example"] = json.loads(listed["example"])
    document["paths"] |= {path.replace("/C", "/c"): item for path, item in identity["paths"].items()}
    document["components"]["schemas"] |= identity["components"]["schemas"]
    answers = document["paths"]["/Invoices/{InvoiceID}"]["get"]["responses"]["200"]["content"]
    answers["application/json"]["example"]["Invoices"][0]["BrandingThemeID"] = A_THEME
    answers["application/pdf"]["example"] = "%PDF-1.4"
    return document


def served() -> dict[str, Any]:
    """The contract, each operation below the path of its server, which Prism leaves out of account."""
    document = contract()
    paths = document["paths"].items()
    return document | {"paths": {path if path.startswith("/c") else f"{BASE}{path}": item for path, item in paths}}


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A running mock, by its address; the contract that it serves is written into the folder."""
    assert _PRISM.exists(), "The mock server is not installed; make contract does that"
    file = folder / "served.json"
    file.write_text(json.dumps(served()), "utf-8")
    command = [str(_PRISM), "mock", "--host", "127.0.0.1", "--port", "0", "--multiprocess=false", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        try:
            yield _address(process.stdout)
        finally:
            process.terminate()


def _address(said: Iterator[str]) -> str:
    """What the mock says when it is ready. What it says of each request after that is read, and forgotten."""
    lines = []
    for line in said:
        lines.append(line)
        if "Prism is listening on " in line:
            threading.Thread(target=list, args=(said,), daemon=True).start()
            return line.rsplit(maxsplit=1)[-1]
    raise AssertionError(f"The mock server did not start:\n{''.join(lines)}")
