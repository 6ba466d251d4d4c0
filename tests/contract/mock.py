"""Prism, a mock server for OpenAPI files, on the strict form of Xero's contract."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.data import DATA
from tests.dunwell.sandbox.xero.contract import BASE

STRICT: Final = DATA / "xero/contract-mock/ar_strict.json"
_PRISM: Final = Path(__file__).parents[2] / ".prism" / "node_modules" / ".bin" / "prism"
A_THEME: Final = "34efa745-7238-4ead-b95e-1fe6c816adbe"
"""A branding theme's id, off an official example."""


def served() -> dict[str, Any]:
    """The strict contract as it is served: below the path of Xero's server, which Prism leaves out of account.

    Two answers say more than Xero's examples, so that the connector goes on asking: the invoice has a branding theme,
    and its PDF begins as one.
    """
    document: dict[str, Any] = json.loads(STRICT.read_text("utf-8"))
    answers = document["paths"]["/Invoices/{InvoiceID}"]["get"]["responses"]["200"]["content"]
    answers["application/json"]["example"]["Invoices"][0]["BrandingThemeID"] = A_THEME
    answers["application/pdf"]["example"] = "%PDF-1.4"
    return document | {"paths": {f"{BASE}{path}": item for path, item in document["paths"].items()}}


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A running mock, by its address; the contract that it serves is written into the folder."""
    assert _PRISM.exists(), "The mock server is not installed; make contract does that"
    contract = folder / "contract.json"
    contract.write_text(json.dumps(served()), "utf-8")
    command = [str(_PRISM), "mock", "--host", "127.0.0.1", "--port", "0", "--multiprocess=false", str(contract)]
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
