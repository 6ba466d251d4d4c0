"""Record the cassettes anew: `python -m tests.cassettes.record`."""

from collections.abc import Collection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec

from dunwell.sandbox.books.records import Standing
from dunwell.sandbox.server import Sandbox
from strategy.model import CustomerId, InvoiceId
from tests.cassettes.journey import PLATFORMS, Journey, Places, Traveller, a_traveller
from tests.cassettes.tape import HERE, tape
from tests.connectors.roads import MONDAY, Clock

NOBODY = {"quickbooks": "999999", "xero": "00000000-0000-4000-8000-000000000000"}


def record(platform: str, folder: Path = HERE, *, without: Collection[str] = ()) -> tuple[Journey, Collection[str]]:
    """Write the platform's cassette. What came of it, and every secret that the sandbox gave out meanwhile.

    `without` leaves out filters by their names in `tape.FILTERS`: to see that the secrets are found then.
    """
    path = folder / f"{platform}.yaml"
    path.unlink(missing_ok=True)
    clock = Clock(MONDAY)
    with Sandbox(clock, seed=1, platforms=[platform]) as sandbox:
        app = sandbox.about()[platform]["apps"][0]
        with a_traveller(platform, sandbox.url, clock, (app.client_id, app.client_secret)) as traveller:
            redirect = _allowed(traveller)
            with tape(sandbox.url, without=without).use_cassette(path, record_mode="all") as cassette:
                visited = places(sandbox, platform)
                cassette.get_metadata("places", msgspec.to_builtins(visited))
                _end(sandbox, platform, visited)
                journey = traveller.travel(redirect, visited, lambda: _expire(sandbox, platform))
        return journey, [redirect["code"], *_given_out(sandbox, platform), *_links(journey)]


def _allowed(traveller: Traveller) -> dict[str, str]:
    """What the browser brings back when its user clicks Allow."""
    response = httpx.post(traveller.consent.url, data={"decision": "allow"}, verify=False)
    fields = parse_qs(urlsplit(response.headers["location"]).query)
    return {name: values[0] for name, values in fields.items()}


def _expire(sandbox: Sandbox, platform: str) -> None:
    sandbox.faults.add("expired", platform=platform)


def places(sandbox: Sandbox, platform: str) -> Places:
    """An invoice that is open, one that its customer can pay online, and two that have just come to nothing."""
    dialect = sandbox.dialects[platform]
    books = dialect.ledger.books
    with dialect.ledger.turn():
        issued = [one for one in books.invoices.values() if one.standing is Standing.ISSUED and one.total]
        payable = [one for one in issued if one.email and books.customers[one.customer_id].pays_online]
        first, voided, deleted = issued[-1], issued[0], issued[1]
        customer = dialect.id_of(books.customers[first.customer_id])
    return Places(
        company=dialect.company_id(),
        invoice=InvoiceId(dialect.id_of(first)),
        payable=InvoiceId(dialect.id_of(payable[-1])),
        customer=CustomerId(customer),
        voided=InvoiceId(dialect.id_of(voided)),
        deleted=InvoiceId(dialect.id_of(deleted)),
        nobody=InvoiceId(NOBODY[platform]),
    )


def _end(sandbox: Sandbox, platform: str, visited: Places) -> None:
    """What changes within the hour. Xero deletes nothing that was issued."""
    control = sandbox.control(platform)
    control.edit("customer", count=1)
    control.void(f"id:{visited.voided}")
    if platform == "quickbooks":
        control.delete("invoice", f"id:{visited.deleted}")


def _given_out(sandbox: Sandbox, platform: str) -> list[str]:
    desk = sandbox.dialects[platform].desk
    refresh = [token for grant in desk.grants.grants for token in (grant.refresh, *grant.spent) if token]
    words = [app.client_secret for app in desk.rules.apps if app.client_secret]
    return [*desk.grants._access, *refresh, *words]


def _links(journey: Journey) -> list[str]:
    """The secret part of the link to pay."""
    return [journey.link.rsplit("/", 1)[-1].removeprefix("scs-v1-").split("&")[0]] if journey.link else []


if __name__ == "__main__":
    for name in PLATFORMS:
        record(name)
        print(HERE / f"{name}.yaml")  # noqa: T201 - what the command is for
