"""Print how many requests and answers were held against the official contracts: `python -m tests.dunwell.sandbox`."""

from collections.abc import Iterator, Mapping

from tests.data import DATA
from tests.dunwell.sandbox.api import Company
from tests.dunwell.sandbox.findings import Findings
from tests.dunwell.sandbox.quickbooks import run as quickbooks
from tests.dunwell.sandbox.quickbooks.test_our_requests import DIFFERENT as QUICKBOOKS
from tests.dunwell.sandbox.xero import run as xero
from tests.dunwell.sandbox.xero.api import Organisation
from tests.dunwell.sandbox.xero.contract import Contract
from tests.dunwell.sandbox.xero.test_our_requests import DIFFERENT as XERO


def table(findings: Findings, known: Mapping[str, str]) -> Iterator[str]:
    """The figures of a platform, and each difference with its reason."""
    asked = f"{findings.requests} requests and {findings.answers} answers of {len(findings.operations)} operations"
    yield f"{findings.platform}: {asked}, {findings.objects} objects; {len(findings.differences)} differences"
    for name, times in findings.differences.items():
        yield f"{times:6} x {name}\n         {known.get(name, 'NOT KNOWN')}"


if __name__ == "__main__":
    with Company() as company:
        caught = quickbooks.exchanges(company)
    judged = quickbooks.Judge(DATA / "quickbooks/xsd").findings(caught)
    print("\n".join(table(judged, QUICKBOOKS)))  # noqa: T201 - what the command is for
    with Organisation() as organisation:
        caught = xero.exchanges(organisation)
    judged = xero.Judge(Contract(DATA / "xero/xero_accounting.yaml")).findings(caught)
    print("\n".join(table(judged, XERO)))  # noqa: T201
