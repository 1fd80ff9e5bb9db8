"""Asks an address that somebody entered for their calendar, and trusts nobody on the way.

The address may lead anywhere, so its name is resolved once and every address behind it must be
public; the connection then goes to one of exactly those, while the certificate is still held
against the name. So is each redirection. What comes is limited in bytes, packed and unpacked, and
in time from the first step to the last.
"""

import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urljoin, urlsplit

import certifi
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import HTTPError, SSLError
from urllib3.response import BaseHTTPResponse

from models.calendars import AddressUnfit, Problem, Unfit, check_address, is_public

MOST_BYTES = 5 << 20
MOST_HOPS = 3
SECONDS = 30.0
"""For all of it: resolving, connecting, waiting and reading."""
CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
_BLOCK = 1 << 16
_MOST_ENDPOINTS = 3  # tried one after the other
_MOST_VALIDATOR = 300  # characters of an ETag
_PORT = 443
_REDIRECTIONS = (301, 302, 303, 307, 308)
_BEGIN = b"BEGIN:VCALENDAR"
_BY_STATUS = {
    401: Problem.PASSWORD,
    403: Problem.PASSWORD,
    404: Problem.GONE,
    407: Problem.PASSWORD,
    410: Problem.GONE,
    429: Problem.FAULT,
}

Endpoint = tuple[str, int]
"""An IP address and a port."""


class NotFetched(Exception):
    """No calendar came, and why. `wait`: how long the other side asks to be left alone."""

    def __init__(self, problem: Problem, wait: timedelta = timedelta(0)) -> None:
        super().__init__(problem)
        self.problem = problem
        self.wait = wait


@dataclass(frozen=True)
class Answer:
    """What came. `content` is None where it is as before."""

    content: bytes | None
    etag: str | None = None
    last_modified: str | None = None


def resolve(host: str) -> list[Endpoint]:
    """What a host's name stands for now. Raises OSError."""
    found = socket.getaddrinfo(host, _PORT, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((str(each[4][0]), _PORT) for each in found))


def trusted() -> ssl.SSLContext:
    """Who may say of a host that it is what it is called."""
    return ssl.create_default_context(cafile=certifi.where())


@dataclass(frozen=True)
class Internet:
    """What fetching needs of the world, and how patient it is; tests bring their own."""

    resolve: Callable[[str], list[Endpoint]] = resolve
    is_public: Callable[[str], bool] = is_public
    trusted: Callable[[], ssl.SSLContext] = trusted
    seconds: float = SECONDS


class Deadline:
    """The moment at which everything has to be over."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self, most: float) -> float:
        """Seconds that one step may take. Raises `NotFetched`: none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise NotFetched(Problem.SLOW)
        return min(left, most)


def fetch(
    url: str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    internet: Internet | None = None,
) -> Answer:
    """The calendar at an address, unless it is as it was. Raises `NotFetched`."""
    internet = internet or Internet()
    deadline = Deadline(internet.seconds)
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    asked = {name: value for name, value in headers.items() if value}
    for _hop in range(MOST_HOPS + 1):
        target = _checked(url)
        connection = _connected(target, internet, deadline)
        try:
            with closing(_asked(connection, target, asked)) as response:
                if response.status not in _REDIRECTIONS:
                    return _answer(response, deadline, may_be_as_before=bool(asked))
                url = _next(target, response)
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            raise NotFetched(_cut_off(error)) from None
        finally:
            connection.close()
    raise NotFetched(Problem.MOVED)


def _next(url: str, response: BaseHTTPResponse) -> str:
    try:
        return urljoin(url, response.headers.get("Location", ""))
    except ValueError:
        raise NotFetched(Problem.MOVED) from None


def _checked(url: str) -> str:
    try:
        return check_address(url)
    except AddressUnfit as unfit:
        is_private = unfit.why is Unfit.PRIVATE
        raise NotFetched(Problem.NOT_PUBLIC if is_private else Problem.MOVED) from None


# --- the way there


def _connected(url: str, internet: Internet, deadline: Deadline) -> HTTPSConnection:
    """A connection to an address behind the name that was checked, certificate and all."""
    host = urlsplit(url).hostname or ""
    endpoints = _resolved(host, internet, deadline)
    if not endpoints:
        raise NotFetched(Problem.NO_ANSWER)
    if not all(internet.is_public(address) for address, _ in endpoints):
        raise NotFetched(Problem.NOT_PUBLIC)
    problem = Problem.NO_ANSWER
    for address, port in endpoints[:_MOST_ENDPOINTS]:
        connection = HTTPSConnection(
            address,
            port,
            timeout=deadline.left(CONNECT_SECONDS),
            server_hostname=host,
            ssl_context=_patient(internet.trusted(), deadline),
        )
        try:
            connection.connect()
        except (HTTPError, OSError) as error:
            connection.close()
            problem = _unconnected(error)
            continue
        return connection
    raise NotFetched(problem)


def _resolved(host: str, internet: Internet, deadline: Deadline) -> list[Endpoint]:
    """What a name stands for. The system's resolver cannot be told to hurry: it is left behind."""
    said: SimpleQueue[list[Endpoint]] = SimpleQueue()

    def ask() -> None:
        try:
            said.put(internet.resolve(host))
        except (OSError, UnicodeError):
            said.put([])

    threading.Thread(target=ask, daemon=True, name="resolving").start()
    try:
        return said.get(timeout=deadline.left(READ_SECONDS))
    except Empty:
        raise NotFetched(Problem.NO_ANSWER) from None


def _patient(context: ssl.SSLContext, deadline: Deadline) -> ssl.SSLContext:
    """Of whose sockets each reading has only what is left of the time: who sends a byte now and
    then would be waited for forever otherwise."""

    class Socket(ssl.SSLSocket):
        def read(self, len: int = 1024, buffer: Any = None) -> Any:
            self.settimeout(deadline.left(READ_SECONDS))
            return super().read(len, buffer)

    context.sslsocket_class = Socket
    return context


def _asked(connection: HTTPSConnection, url: str, headers: dict[str, str]) -> BaseHTTPResponse:
    parts = urlsplit(url)
    connection.request(
        "GET",
        parts.path + (f"?{parts.query}" if parts.query else ""),
        headers=headers
        | {
            "Host": parts.netloc,
            "User-Agent": "Cadence",
            "Accept": "text/calendar, */*;q=0.1",
            "Accept-Encoding": "gzip",
        },
        preload_content=False,
        decode_content=False,
    )
    return connection.getresponse()


# --- what comes back


def _answer(response: BaseHTTPResponse, deadline: Deadline, *, may_be_as_before: bool) -> Answer:
    status = response.status
    if status == 304 and may_be_as_before:
        return Answer(None)
    if status != 200:
        is_fault = status >= 500 or status == 304  # to a question that nobody asked
        problem = _BY_STATUS.get(status, Problem.FAULT if is_fault else Problem.GONE)
        raise NotFetched(problem, _wait(response.headers.get("Retry-After", "")))
    content = _limited(response, deadline)
    if not content.removeprefix(b"\xef\xbb\xbf").lstrip()[: len(_BEGIN)].upper() == _BEGIN:
        raise NotFetched(Problem.NOT_A_CALENDAR)
    return Answer(content, _validator(response, "ETag"), _validator(response, "Last-Modified"))


def _limited(response: BaseHTTPResponse, deadline: Deadline) -> bytes:
    """The content, unpacked, as long as it is not too much on either side."""
    packed, content = 0, bytearray()
    unpack = _unpacking(response.headers.get("Content-Encoding", ""))
    for block in response.stream(_BLOCK, decode_content=False):
        deadline.left(READ_SECONDS)
        packed += len(block)
        for piece in unpack(block):
            content += piece
            if max(packed, len(content)) > MOST_BYTES:
                raise NotFetched(Problem.TOO_LARGE)
    return bytes(content)


def _unpacking(coding: str) -> Callable[[bytes], Iterator[bytes]]:
    """Piece by piece, so that a few bytes which unpack to gigabytes never do."""
    coding = coding.strip().casefold()
    if coding in ("", "identity"):
        return lambda block: iter([block])
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise NotFetched(Problem.BROKEN)
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)

    def unpack(block: bytes) -> Iterator[bytes]:
        while block:
            try:
                yield unpacker.decompress(block, _BLOCK)
            except zlib.error:
                raise NotFetched(Problem.BROKEN) from None
            block = unpacker.unconsumed_tail

    return unpack


def _validator(response: BaseHTTPResponse, name: str) -> str | None:
    """What to send along the next time; one that is too long to keep is none."""
    value = response.headers.get(name)
    return value if value and len(value) <= _MOST_VALIDATOR and value.isprintable() else None


def _wait(said: str) -> timedelta:
    """Retry-After in seconds; as a date it is not followed, nor past a day."""
    return (
        timedelta(seconds=min(int(said), 86_400))
        if said.isascii() and said.isdigit()
        else (timedelta(0))
    )


def _unconnected(error: BaseException) -> Problem:
    is_tls = isinstance(error, SSLError | ssl.SSLError)
    return Problem.CERTIFICATE if is_tls else Problem.NO_ANSWER


def _cut_off(error: BaseException) -> Problem:
    """The connection stood, and then: nothing for too long, or not to the end."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, TimeoutError):
        seen = seen.__cause__ or seen.__context__
    return Problem.NO_ANSWER if seen is None else Problem.SLOW
