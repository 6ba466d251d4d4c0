"""The control over HTTP, under `/_sandbox/`.

GET    /_sandbox/                      platforms, company ids, app credentials, the clock
GET    /_sandbox/traffic               counts of calls and bytes, the last calls; DELETE starts anew
GET    /_sandbox/faults                the rules; POST adds one; DELETE removes all, or one by its id
GET    /_sandbox/quickbooks/truth      and live, papers, aged?as_of=2026-03-02; likewise /_sandbox/xero/...
POST   /_sandbox/quickbooks/pay        and the other writing methods of `Control`: a JSON object of its arguments
"""

import inspect
from collections.abc import Mapping
from typing import Any, get_type_hints

import msgspec

from dunwell.sandbox.clock import Clock
from dunwell.sandbox.control import Control, NotThere
from dunwell.sandbox.exchange import DECODE, Answer, Call, json_answer
from dunwell.sandbox.faults import Faults
from dunwell.sandbox.traffic import Traffic

_READS = frozenset({"truth", "live", "papers", "aged"})
_WRITES = frozenset(
    """
    pay pay_on_account void delete edit add_customer add_invoice add_credit switch limits tokens disconnect
    subscribe announce
    """.split()
)


class ControlDesk:
    """Takes requests under `/_sandbox/` to faults, traffic and the controls."""

    def __init__(
        self, clock: Clock, about: Mapping[str, Any], controls: Mapping[str, Control], faults: Faults, traffic: Traffic
    ) -> None:
        self._clock, self._about, self._controls = clock, about, controls
        self._faults, self._traffic = faults, traffic

    def answer(self, call: Call) -> Answer:
        """Do what is asked and say what came of it; mistakes get a sentence."""
        try:
            return json_answer(self._done(call, call.path.split("/")[2:]))
        except NotThere as missing:
            return json_answer({"error": str(missing)}, 404)
        except (msgspec.MsgspecError, TypeError, KeyError, ValueError) as mistake:
            return json_answer({"error": f"{type(mistake).__name__}: {mistake}"}, 400)

    def _done(self, call: Call, parts: list[str]) -> object:
        match call.method, parts:
            case "GET", [] | [""]:
                return {"now": self._clock.now(), "platforms": self._about}
            case _, ["faults", *rest]:
                return self._faulty(call, rest)
            case "DELETE", ["traffic"]:
                self._traffic.clear()
                return {}
            case "GET", ["traffic"]:
                return _told(self._traffic)
            case ("GET", [platform, verb]) if verb in _READS:
                return self._called(platform, verb, dict(call.query))
            case ("POST", [platform, verb]) if verb in _WRITES:
                return self._called(platform, verb, DECODE.decode(call.body or b"{}"))
            case _:
                raise NotThere(f"The control has no {call.method} {call.path}.")

    def _faulty(self, call: Call, rest: list[str]) -> object:
        if call.method == "POST":
            return self._faults.add(**call.json())
        if call.method == "DELETE" and rest:
            self._faults.remove(int(rest[0]))
        elif call.method == "DELETE":
            self._faults.clear()
        return list(self._faults)

    def _called(self, platform: str, verb: str, arguments: dict[str, Any]) -> object:
        if platform not in self._controls:
            raise NotThere(f"This sandbox has no {platform}.")
        method = getattr(self._controls[platform], verb)
        kinds = get_type_hints(method)
        inspect.signature(method).bind(**arguments)
        return method(**{name: msgspec.convert(value, kinds[name], strict=False) for name, value in arguments.items()})


def _told(traffic: Traffic) -> dict[str, Any]:
    return {
        "total": traffic.total,
        "by_path": dict(sorted(traffic.by_path.items())),
        "received": traffic.received,
        "sent": traffic.sent,
        "calls": list(traffic.calls),
    }
