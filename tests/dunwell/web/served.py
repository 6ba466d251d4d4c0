"""`dunwell serve` in a process of its own, and bytes to it."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.dunwell.cli.desk import Desk

HTTP = httpx.Client(verify=False, trust_env=False, timeout=60, limits=httpx.Limits(max_keepalive_connections=0))
"""Made once: certificates, which nobody needs here, cost more than all the rest. A connection for each request."""

UNHURRIED = """
import dunwell.web.manners as m, dunwell.web.noting as n, dunwell.web.serving as s
m.BODY_S = n.NOTE_S = s.HEAD_S = 60.0
s.PARTING_S = 60
"""
"""On a machine that does many things at once, all may take longer than a platform waits."""


class Served:
    """A running server. `said` is what it printed until it listened; after `stop`, all of it."""

    def __init__(self, process: "subprocess.Popen[str]", said: str) -> None:
        self._process = process
        self.said = said
        self.err = ""
        found = re.search(r"http://\S+:(\d+)", said)
        assert found is not None, said
        self.url, self.port = found[0].rstrip(";"), int(found[1])

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Stop it; the exit code."""
        self._process.send_signal(by)
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self.said += self._process.stdout.read()
        self.err = self._process.stderr.read()
        return self._process.wait(timeout=60)

    def connection(self) -> socket.socket:
        """A plain connection to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)


@contextmanager
def serving(desk: Desk, *options: str, first: str = "", host: str = "127.0.0.1", port: int = 0) -> Iterator[Served]:
    """A server for the firm of the desk, stopped at the end unless it was before. `first`: Python that runs before."""
    typed = [*options, "serve", "--host", host, "--port", str(port)]
    program = [sys.executable, "-u", "-c", f"{UNHURRIED}\n{first}\n{desk.program()}", *typed]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            if not said:
                raise AssertionError(process.communicate()[1])
            yield Served(process, said)
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()


def exchange(served: Served, request: bytes) -> bytes:
    """What comes back for these bytes, until the server closes."""
    with served.connection() as line:
        line.sendall(request)
        return b"".join(iter(lambda: line.recv(65536), b""))
