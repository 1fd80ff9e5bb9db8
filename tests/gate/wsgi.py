"""Calls a WSGI application as a server would, without a socket."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def post(app: Any, path: str, body: bytes, headers: dict[str, str], method: str = "POST") -> Answer:
    told: list[tuple[str, list[tuple[str, str]]]] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "",
        "wsgi.input": io.BytesIO(body),
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key.startswith("CONTENT_") else f"HTTP_{key}"] = value
    parts: Iterable[bytes] = app(environ, lambda status, fields: told.append((status, fields)))
    status, fields = told[0]
    return Answer(int(status.split()[0]), dict(fields), b"".join(parts))
