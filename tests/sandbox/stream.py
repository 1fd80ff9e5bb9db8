"""What a page is told live."""

import json
import threading
from http.client import HTTPConnection
from typing import Any

from sandbox import Server


class Stream:
    """What a page is told live, collected by a thread."""

    def __init__(self, server: Server, user: str) -> None:
        self._connection = HTTPConnection(server.url.removeprefix("http://"))
        self._connection.request("GET", f"/sandbox/events?as={user}")
        self._response = self._connection.getresponse()
        self.type = self._response.getheader("Content-Type")
        assert self._response.readline() == b"retry: 1000\n"
        self.news: list[dict[str, Any]] = []
        self._arrived = threading.Condition()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def of(self, *types: str) -> list[dict[str, Any]]:
        return [news for news in self.news if news["type"] in types]

    def wait_for(self, type: str, count: int = 1) -> None:
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.of(type)) >= count, 5)

    def close(self) -> None:
        self._thread.join()
        self._response.close()
        self._connection.close()

    def _read(self) -> None:
        for line in self._response:
            if line.startswith(b"data: "):
                with self._arrived:
                    self.news.append(json.loads(line[6:]))
                    self._arrived.notify_all()
