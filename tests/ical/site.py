"""A site on this machine that answers over TLS as a test has it, and an internet of such sites."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import trustme

from bot.calendars.fetching import Endpoint, Internet

HOST = "calendar.example"
ADDRESS = f"https://{HOST}/private-0123456789abcdef/basic.ics"
PATH = "/private-0123456789abcdef/basic.ics"
HERE = "127.0.0.1"

Headers = dict[str, str]
Answer = Callable[[Headers], Iterable[bytes]]


class Site:
    """Serves until the end of its `with`. `asked`: path and headers of each request."""

    def __init__(self, ca: trustme.CA, *hosts: str) -> None:
        self.ca = ca
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, Headers]] = []
        self.over = threading.Event()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert(*(hosts or (HOST,))).configure_cert(self._tls)
        self._listener = socket.create_server((HERE, 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> "Site":
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def says(
        self, content: bytes, path: str = PATH, status: str = "200 OK", **headers: str
    ) -> None:
        """From now on, at a path."""
        self.answers[path] = lambda _asked: [whole(content, status, **headers)]

    def internet(self, **changes: Any) -> Internet:
        """In which every name leads here, and here is public."""
        given: dict[str, Any] = {
            "resolve": lambda _host: [self.endpoint],
            "is_public": lambda address: address == HERE,
            "trusted": lambda: trusting(self.ca),
            "seconds": 20.0,
        }
        return Internet(**given | changes)

    @property
    def endpoint(self) -> Endpoint:
        return HERE, self.port

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, plain: socket.socket) -> None:
        plain.settimeout(10)
        with contextlib.suppress(OSError):  # the other side had enough
            try:
                with self._tls.wrap_socket(plain, server_side=True) as connection:
                    for piece in self._answered(connection):
                        connection.sendall(piece)
            finally:
                plain.close()

    def _answered(self, connection: ssl.SSLSocket) -> Iterable[bytes]:
        with connection.makefile("rb") as reading:
            path = reading.readline().split()[1].decode()
            lines = iter(lambda: reading.readline().strip().decode(), "")
            headers = dict(line.split(": ", 1) for line in lines)
        self.asked.append((path, headers))
        answer = self.answers.get(path)
        return [whole(b"", "404 Not Found")] if answer is None else answer(headers)


def whole(content: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """An answer with its head; `_` in a header's name stands for `-`."""
    given = {"Content_Length": str(len(content)), "Connection": "close"} | headers
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + content


def dripping(site: Site, start: bytes, piece: bytes) -> Answer:
    """After a start a piece now and then, as long as somebody listens."""

    def drip(_headers: Headers) -> Iterator[bytes]:
        yield start
        while not site.over.wait(0.02):
            yield piece

    return drip


def trusting(ca: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ca.configure_trust(context)
    return context
