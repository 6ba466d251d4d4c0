"""A mail server on loopback that keeps what it takes, and can let a process die in the moment after."""

import asyncio
import os
import signal
import threading
from email.parser import BytesHeaderParser
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP


class Sink:
    """Takes every message; `port` is known inside `with`.

    `received`: the messages in the order in which they came; `taken`: the outbox key that each of them carries.
    """

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.taken: list[str] = []
        self.port = 0
        self._doomed: tuple[str, int] | None = None  # whose message, which process
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: SMTP(self, hostname="localhost", loop=loop), "127.0.0.1", 0)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """The message is in; before the sender hears of it, the doomed process is gone."""
        content = bytes(envelope.content)
        self.received.append(content)
        self.taken.append(str(BytesHeaderParser().parsebytes(content)["X-Dunwell-Key"]))
        if self._doomed and self._doomed[0] in self.taken[-1]:
            os.kill(self._doomed[1], signal.SIGKILL)
            self._doomed = None
        return "250 taken"

    def doom(self, customer_id: str, pid: int) -> None:
        """Kill the process when its message to the customer has been taken, and not yet acknowledged."""
        self._doomed = (f"/{customer_id}-", pid)
