"""Payment services: links to pay, shown on invoices of a branding theme. None can be changed or deleted."""

from dunwell.sandbox.xero.ids import uuid_of
from dunwell.sandbox.xero.wire import Body, Unfit
from dunwell.sandbox.xero.writing.incoming import Incoming


class Services:
    """The services of the organisation, and which theme shows which."""

    def __init__(self) -> None:
        self._services: dict[str, Body] = {}
        self._shown: dict[str, list[str]] = {}

    def all(self) -> list[Body]:
        """Every service, in the order they were made."""
        return list(self._services.values())

    def of_theme(self, theme_id: str) -> list[Body]:
        """The services that a branding theme shows."""
        return [self._services[each] for each in self._shown.get(theme_id, ())]

    def add(self, request: Incoming) -> Body:
        """A new one. Raises `Unfit`."""
        name, url = request.text("PaymentServiceName"), request.text("PaymentServiceUrl")
        if name is None or url is None or not url.startswith("https://"):
            raise Unfit("A payment service needs a name and an https address.")
        if any(each["PaymentServiceName"] == name for each in self._services.values()):
            raise Unfit("A payment service with this name already exists.")
        made = {
            "PaymentServiceID": uuid_of("service", len(self._services) + 1),
            "PaymentServiceName": name,
            "PaymentServiceUrl": url,
            "PaymentServiceType": "Custom",
            "PayNowText": request.text("PayNowText") or "Pay now",
        }
        self._services[made["PaymentServiceID"]] = made
        return made

    def show(self, theme_id: str, request: Incoming) -> Body:
        """Show a service on a theme. Raises `Unfit`, in the words of the official example."""
        service = self._services.get((request.text("PaymentServiceID") or "").lower())
        if service is None:
            raise Unfit("Payment service could not be found")
        shown = self._shown.setdefault(theme_id, [])
        if service["PaymentServiceID"] not in shown:
            shown.append(service["PaymentServiceID"])
        return service
