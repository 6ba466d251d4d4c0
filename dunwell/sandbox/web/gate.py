"""The web application: takes each request to its dialect, with the faults that were asked for in between."""

import asyncio
import gzip
from collections.abc import Callable, Sequence
from email.utils import format_datetime

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dunwell.sandbox.clock import Clock
from dunwell.sandbox.dialect import Dialect
from dunwell.sandbox.exchange import Answer, Call, text_answer
from dunwell.sandbox.faults import AFTER, Faults, Kind, Rule
from dunwell.sandbox.traffic import Seen, Traffic

CONTROL = "/_sandbox"
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_NOT_MODELLED = text_answer("The sandbox has no such path.", 404)


class Gate:
    """Answers requests of all dialects, and those of the control, which no fault touches and nobody counts."""

    def __init__(
        self,
        clock: Clock,
        dialects: Sequence[Dialect],
        faults: Faults,
        traffic: Traffic,
        control: Callable[[Call], Answer],
    ) -> None:
        self._clock, self._dialects = clock, dialects
        self._faults, self._traffic, self._control = faults, traffic, control

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(routes=[Route("/{path:path}", self._endpoint, methods=_METHODS)])

    async def _endpoint(self, request: Request) -> Response:
        call = await _call(request)
        if call.path.startswith(CONTROL):
            return self._packed(self._control(call), call)
        dialect = next((each for each in self._dialects if each.speaks(call.path)), None)
        if dialect is None:
            return self._packed(_NOT_MODELLED, call)
        answer, rule = self._answer(dialect, call)
        response = await self._spoiled(self._packed(answer, call), rule, request)
        self._note(call, response, rule)
        return response

    def _answer(self, dialect: Dialect, call: Call) -> tuple[Answer, Rule | None]:
        with dialect.ledger.turn():
            rule = self._faults.due(call, dialect.name)
            if rule is not None and rule.kind not in AFTER:
                unanswered = rule.kind in (Kind.SILENCE, Kind.DROP_BEFORE)
                return (Answer(status=0) if unanswered else dialect.fault(rule.kind, call)), rule
            if rule is not None and rule.kind is Kind.STALE:
                dialect.meddle(call)
            answer = dialect.answer(call)
            if rule is not None and rule.kind is Kind.TRUNCATED:
                answer = msgspec.structs.replace(answer, body=answer.body[: len(answer.body) // 2])
            return answer, rule

    async def _spoiled(self, response: Response, rule: Rule | None, request: Request) -> Response:
        """What becomes of a finished response on its way out."""
        kind = None if rule is None else rule.kind
        if rule is not None and kind in (Kind.SILENCE, Kind.SILENCE_AFTER):
            await _silence(request, rule.seconds)
            return _Broken()
        if rule is not None and kind is Kind.DELAY:
            await asyncio.to_thread(self._clock.sleep, rule.seconds)
        if kind in (Kind.DROP_BEFORE, Kind.DROP_AFTER):
            return _Broken()
        return _Broken(response) if kind is Kind.CUT_OFF else response

    def _packed(self, answer: Answer, call: Call) -> Response:
        headers = {"Date": format_datetime(self._clock.now(), usegmt=True), "Content-Type": answer.media_type}
        body = answer.body
        if "gzip" in call.header("accept-encoding") and len(body) >= 1024:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        response = Response(body, answer.status or 500, headers)
        for name, value in answer.headers:
            response.headers.append(name, value)
        return response

    def _note(self, call: Call, response: Response, rule: Rule | None) -> None:
        given = not isinstance(response, _Broken)
        seen = Seen(
            at=self._clock.now(),
            method=call.method,
            path=call.path,
            query="&".join(f"{name}={value}" for name, value in call.query),
            status=response.status_code if given else 0,
            received=len(call.body),
            sent=len(response.body) if given else 0,
            fault=rule.kind if rule is not None else None,
        )
        self._traffic.note(call, seen)


class _Broken(Response):
    """A response whose connection breaks: after half of `whole`, or before anything where that is None."""

    def __init__(self, whole: Response | None = None) -> None:
        if whole is None:
            super().__init__()
        else:
            super().__init__(bytes(whole.body), whole.status_code, dict(whole.headers))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.body:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            half = bytes(self.body[: len(self.body) // 2])
            await send({"type": "http.response.body", "body": half, "more_body": True})
        scope["state"]["transport"].abort()
        while (await receive())["type"] != "http.disconnect":
            pass


async def _silence(request: Request, seconds: float) -> None:
    """Wait until the peer gives up, or that many real seconds."""
    try:
        async with asyncio.timeout(seconds):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return


async def _call(request: Request) -> Call:
    return Call(
        method=request.method,
        path=request.scope["path"],
        query=tuple(request.query_params.multi_items()),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=await request.body(),
        base=f"{request.url.scheme}://{request.url.netloc}",
    )
