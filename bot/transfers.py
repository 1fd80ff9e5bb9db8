"""Files to and from Slack, as streams: what was dropped is fetched, what is too long to say sent.

The bot's token goes to Slack's own hosts alone, and never along with a redirection (docs.slack.dev,
"Working with files": url_private wants it; who may not have the file is sent to a sign-in page).
"""

from http.client import HTTPException
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from slack_sdk import WebClient

from bot.answers import InDoubt, Refused, ask
from crm.source import MOST_BYTES

TIMEOUT_SECONDS = 30
BLOCK = 1 << 20
_HOSTS = ("slack.com", "slack-files.com")


class NoRedirection(HTTPRedirectHandler):
    def redirect_request(self, *_request: Any) -> Request | None:
        """A redirection is the way to the sign-in page."""
        return None


class TooLarge(Refused):
    """More bytes than a file may have."""

    def __init__(self) -> None:
        super().__init__("too_large")


def fetch(client: WebClient, slack_file_id: str, into: IO[bytes]) -> None:
    """Writes the file's bytes. Raises a NotDone: `Refused` with Slack's word, or `TooLarge`."""
    file: dict[str, Any] = ask(lambda: client.files_info(file=slack_file_id))["file"]
    if file.get("mode") == "tombstone":
        raise Refused("file_deleted")
    if int(file.get("size") or 0) > MOST_BYTES:
        raise TooLarge
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    if not _is_slacks(url, client):
        raise Refused("external_file")
    request = Request(url, headers={"Authorization": f"Bearer {client.token}"})  # noqa: S310 - checked
    try:
        with _opener(url).open(request, timeout=TIMEOUT_SECONDS) as answer:
            _copy(answer, into)
    except HTTPError as error:
        if error.code in (404, 410):
            raise Refused("file_deleted") from None
        if error.code < 500 and error.code != 429:
            raise Refused("no_access") from None
        raise InDoubt(f"http_{error.code}") from None
    except (URLError, OSError, HTTPException):
        raise InDoubt("connection") from None


def _copy(answer: Any, into: IO[bytes]) -> None:
    length = answer.headers.get("Content-Length")
    count = 0
    while block := answer.read(BLOCK):
        count += len(block)
        if count > MOST_BYTES:
            raise TooLarge
        into.write(block)
    if length is not None and count != int(length):
        raise InDoubt("cut_off")


def _is_slacks(url: str, client: WebClient) -> bool:
    there, api = urlsplit(url), urlsplit(client.base_url)
    if (there.scheme, there.netloc) == (api.scheme, api.netloc):
        return True
    host = there.hostname or ""
    return there.scheme == "https" and any(
        host == own or host.endswith(f".{own}") for own in _HOSTS
    )


def _opener(url: str) -> OpenerDirector:
    """On this machine's own addresses no proxy of the environment is used."""
    direct = [ProxyHandler({})] if url.startswith("http://") else []
    return build_opener(NoRedirection, *direct)


# --- sending


def upload(client: WebClient, name: str, content: bytes) -> str:
    """Brings a file to Slack without showing it anywhere yet; its id. Raises a NotDone."""
    said = ask(lambda: client.files_getUploadURLExternal(filename=name, length=len(content)))
    url = str(said["upload_url"])
    if not _is_slacks(url, client):
        raise Refused("external_file")
    request = Request(url, data=content, method="POST")  # noqa: S310 - checked
    request.add_header("Content-Type", "application/octet-stream")
    try:
        with _opener(url).open(request, timeout=TIMEOUT_SECONDS):
            return str(said["file_id"])
    except (URLError, OSError, HTTPException):
        raise InDoubt("connection") from None


def show(client: WebClient, file_id: str, title: str, channel: str, thread_ts: str) -> None:
    """Shows an uploaded file in a thread, once, however often this is asked. Raises a NotDone."""
    if _is_shared(client, file_id):
        return
    ask(
        lambda: client.files_completeUploadExternal(
            files=[{"id": file_id, "title": title}], channel_id=channel, thread_ts=thread_ts
        )
    )


def _is_shared(client: WebClient, file_id: str) -> bool:
    """Whether somebody sees it; of an upload that was not completed, Slack knows nothing yet."""
    try:
        file = ask(lambda: client.files_info(file=file_id))["file"]
    except Refused:
        return False
    return any(file.get("shares", {}).values())
