"""The one way out over HTTP: every byte to and from a platform passes here.

What it owns: timeouts, connection reuse, the ledger's budget, one retry policy, one refresh after a 401, size bounds,
and one log line per call without query, body or token. What it does not own: what an answer means. A dialect's `judge`
says that, from status, headers and body, by returning the error to raise.

A read may be repeated and is. A write is sent once: only where it surely did not happen (no connection, a throttle, a
401) is it sent again; otherwise `OutcomeUnknown`, and whoever wrote reads back first.
"""

import logging
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from io import BytesIO

import httpx
import tenacity

from connectors.answers import Answer
from connectors.base import Budget, Call, Clock, Tokens
from connectors.errors import BadAnswer, OutcomeUnknown, OutsideError, Reconnect, RetryLater
from connectors.limits import PATIENCE_S
from strategy.model import Record

log = logging.getLogger("dunwell.http")

TIMEOUT = httpx.Timeout(60.0, connect=10.0)
"""Seconds of silence. Intuit itself gives up after 120; a page of a thousand takes well under 30."""

LONGEST = timedelta(minutes=5)
"""The longest an answer may take from its first byte to its last: one that drips in is never silent."""

MOST_BYTES = 128 * 1024 * 1024
"""The largest body we hold, decoded; a page of a thousand invoices is under 10 MB."""

TRIES = 5

_BEARER = "Bearer "


class Expired(Exception):
    """The access token was refused; a dialect's judge returns this for a 401 that a refresh may mend."""


Judge = Callable[[Answer, bool], Exception | None]
"""(answer, was it a write) -> the error that it means, `Expired` for a refused token, or None for a good answer."""

Remaining = Callable[[Answer], Mapping[str, int]]
"""What the answer's headers say is left, by window."""


class Dialect(Record):
    """What differs between the platforms at this level."""

    platform: str
    judge: Judge
    remaining: Remaining
    correlation_header: str


def session(timeout: httpx.Timeout = TIMEOUT) -> httpx.Client:
    """A pool of connections for all ledgers. It keeps no cookies: one ledger's are nothing to another."""
    nowhere = CookieJar(DefaultCookiePolicy(allowed_domains=()))
    return httpx.Client(timeout=timeout, cookies=nowhere, verify=_authorities())


@cache
def _authorities() -> ssl.SSLContext:
    """Who vouches for servers. Reading them takes longer than many a call, so a process does it once."""
    return httpx.create_ssl_context()


class Transport:
    """Calls to one ledger. Safe to use from several threads."""

    def __init__(
        self, dialect: Dialect, ledger: str, *, tokens: Tokens, budget: Budget, clock: Clock, http: httpx.Client
    ) -> None:
        """`http` as `session` makes it, with its timeouts."""
        self._dialect = dialect
        self._ledger = ledger
        self._tokens = tokens
        self._budget = budget
        self._clock = clock
        self._http = http

    def holds_back(self) -> bool:
        """Whether the budget has a call wait for its turn."""
        return self._budget.holds_back

    def call(self, request: httpx.Request, *, write: bool) -> Answer:
        """The good answer to the request, or an error of `connectors.errors` that names this ledger."""
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(TRIES),
            wait=_wait,
            retry=tenacity.retry_if_exception(lambda error: _worth_repeating(error, write=write)),
            sleep=self._clock.sleep,
            reraise=True,
        )
        with self._named():
            return retrying(self._once_with_token, request, write)

    def fetch(self, url: str) -> bytes:
        """A file behind a signed, short-lived address: read without the token, which is nobody else's to see."""
        with self._named():
            answer = self._exchange(httpx.Request("GET", url, headers={"User-Agent": "Dunwell"}), write=False)
            log.info("%s GET a file -> %s", self._ledger, answer.status)
            if answer.status != httpx.codes.OK:
                raise self._located(BadAnswer("The file is not there (any more)"), answer)
            return answer.body

    @contextmanager
    def _named(self) -> Iterator[None]:
        """An error from within says which ledger it is of, and until when to wait."""
        try:
            yield
        except OutsideError as error:
            error.ledger = self._ledger
            if isinstance(error, RetryLater):
                error.until = self._clock.now() + timedelta(seconds=error.after_s)
            raise

    def _once_with_token(self, request: httpx.Request, write: bool) -> Answer:
        try:
            return self._once(request, self._tokens.access, write)
        except Expired:
            return self._after_renewal(request, request.headers["Authorization"].removeprefix(_BEARER), write)

    def _after_renewal(self, request: httpx.Request, rejected: str, write: bool) -> Answer:
        """A 401 happened before anything was done, so even a write may be sent again."""
        try:
            return self._once(request, lambda: self._tokens.renew(rejected), write)
        except Expired:
            raise Reconnect(f"{self._dialect.platform} refuses a token that it has just issued") from None

    def _once(self, request: httpx.Request, token: Callable[[], str], write: bool) -> Answer:
        """One exchange. The budget comes before the token: a ledger that rests is not even asked for a new one."""
        number = self._budget.enter()
        call: Call | None = None
        try:
            request.headers["Authorization"] = _BEARER + token()
            call = Call(write=write, sent=len(request.content), received=0, status=None)
            answer = self._exchange(request, write)
            error = self._dialect.judge(answer, write)
            call = self._counted(call, answer, error)
        finally:
            self._budget.leave(number, call)
            if call is not None:
                log.info("%s %s %s -> %s", self._ledger, request.method, request.url.path, call.status or "no answer")
        if error:
            raise self._located(error, answer)
        return answer

    def _exchange(self, request: httpx.Request, write: bool) -> Answer:
        try:
            response = self._http.send(request, stream=True, follow_redirects=False)
            try:
                return Answer(
                    status=response.status_code,
                    headers=dict(response.headers),
                    body=self._bounded(response, write=write),
                    received=response.num_bytes_downloaded,
                )
            finally:
                response.close()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise RetryLater(f"{self._dialect.platform} cannot be reached ({_name(error)})", after_s=2) from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            if write:
                raise OutcomeUnknown(f"The connection broke during a write ({_name(error)})") from error
            raise BadAnswer(f"The connection broke during a read ({_name(error)})") from error

    def _bounded(self, response: httpx.Response, *, write: bool) -> bytes:
        """The whole body, unless it grows past what any honest answer needs (a compressed bomb, an endless stream)."""
        if "," in response.headers.get("content-encoding", ""):
            raise _hopeless("The answer is compressed more than once", write=write)
        began = self._clock.now()
        body = BytesIO()  # unlike a list of parts, it is not copied in the end
        for part in response.iter_bytes():
            body.write(part)
            if body.tell() > MOST_BYTES:
                raise _hopeless(f"The answer is larger than {MOST_BYTES} bytes", write=write)
            if self._clock.now() - began > LONGEST:
                raise _hopeless("The answer does not come to an end", write=write)
        return body.getvalue()

    def _located(self, error: Exception, answer: Answer) -> Exception:
        if isinstance(error, OutsideError):
            error.status = answer.status
            error.correlation_id = answer.headers.get(self._dialect.correlation_header)
        return error

    def _counted(self, call: Call, answer: Answer, error: Exception | None) -> Call:
        throttled = error if isinstance(error, RetryLater) else None
        return Call(
            write=call.write,
            sent=call.sent,
            received=answer.received,
            status=answer.status,
            remaining=self._dialect.remaining(answer),
            pause_s=throttled.after_s if throttled else None,
            why=throttled.message if throttled else "",
        )


def _hopeless(message: str, *, write: bool) -> OutsideError:
    return OutcomeUnknown(message) if write else BadAnswer(message, again=False)


def _worth_repeating(error: BaseException, *, write: bool) -> bool:
    if isinstance(error, RetryLater):
        return error.after_s <= PATIENCE_S and not error.daily
    return isinstance(error, BadAnswer) and error.again and not write


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    backoff = tenacity.wait_random_exponential(multiplier=0.5, max=20)(state)
    return max(error.after_s, backoff) if isinstance(error, RetryLater) else backoff


def _name(error: Exception) -> str:
    return type(error).__name__
