"""A web server in a thread, on loopback, that lets the app break the connection it is answering on."""

import asyncio
import socket
import threading

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol


class _Protocol(H11Protocol):
    """HTTP/1.1 whose requests carry their connection: `request.state.transport`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn itself
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class _Server(uvicorn.Server):
    """Starts and stops at once: no polling, no patience with open connections."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def main_loop(self) -> None:
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        self.up.set()
        await self._closing.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=1)
        for listener in sockets or ():
            listener.close()

    def close(self) -> None:
        """End the main loop, from another thread."""
        self._loop.call_soon_threadsafe(self._closing.set)


class Host:
    """Serves an app on 127.0.0.1 from `start` to `stop`."""

    def __init__(self, app: ASGIApp) -> None:
        config = uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            access_log=False,
            date_header=False,  # the app sends one, from the sandbox's clock
            server_header=False,
            timeout_keep_alive=120,
        )
        self._server = _Server(config)
        self._thread: threading.Thread | None = None

    def start(self, port: int) -> int:
        """Listen on the port (0: any free one) and return it once requests are answered. Raises `OSError`."""
        # Named TCP, because asyncio turns Nagle off only for sockets that say so; else every small answer waits 40 ms.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
        except OSError:
            listener.close()
            raise
        self._thread = threading.Thread(target=self._server.run, args=([listener],), name="sandbox", daemon=True)
        self._thread.start()
        self._server.up.wait()
        return int(listener.getsockname()[1])

    def stop(self) -> None:
        """Break all connections and stop listening."""
        if self._thread is not None:
            self._server.close()
            self._thread.join()
            self._thread = None
