"""Files that people drop and apps upload, kept on disk for as long as the workspace lives.

File object: docs.slack.dev/reference/objects/file-object and slackapi/java-slack-sdk, `json-logs`.
"""

import secrets
import shutil
import tempfile
import weakref
from dataclasses import dataclass, field
from functools import cached_property
from mimetypes import MimeTypes
from pathlib import Path, PurePath
from typing import Any, Self
from urllib.parse import quote

from sandbox.app import App
from sandbox.ids import Ids
from sandbox.refused import Refused
from sandbox.team import Team

LARGEST = 1_000_000_000
"""Bytes of a file: Slack takes up to 1 GB."""
LARGEST_IN_FORM = 10_000_000
"""Bytes of a file that is given in a form (docs.slack.dev, "File input element")."""
LARGEST_SNIPPET = 1_000_000
"""Bytes of a text that Slack makes a snippet of, with a preview."""
IN_A_MESSAGE = 10
"""How many files a message may have."""
_PREVIEW = 500
_CONTENT = 100_000

_MIME = MimeTypes()
_MIME_OF = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "md": "text/markdown",
    "yaml": "text/yaml",
    "yml": "text/yaml",
}
_FILETYPE_OF = {"jpeg": "jpg", "htm": "html", "txt": "text", "py": "python", "md": "markdown"} | {
    "js": "javascript",
    "log": "text",
    "yml": "yaml",
    "": "binary",
}
_PRETTY = {
    "binary": "Binary",
    "csv": "CSV",
    "docx": "Word Document",
    "gif": "GIF",
    "html": "HTML",
    "javascript": "JavaScript",
    "jpg": "JPEG",
    "json": "JSON",
    "markdown": "Markdown",
    "pdf": "PDF",
    "png": "PNG",
    "python": "Python",
    "text": "Plain Text",
    "tsv": "TSV",
    "xlsx": "Excel Spreadsheet",
    "xml": "XML",
    "yaml": "YAML",
    "zip": "Zip",
}


def suffix(name: str) -> str:
    """The end of a file's name, in small letters and without the dot."""
    return PurePath(name).suffix.removeprefix(".").lower()


class Sink:
    """A file that is being received; writes go straight to disk."""

    def __init__(self, path: Path) -> None:
        """Where it is kept."""
        self.path = path
        self.size = 0
        self._out = path.open("wb")

    def __enter__(self) -> Self:
        """Open for writing."""
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        """Keeps what came, unless something went wrong."""
        self._out.close()
        if failed:
            self.path.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> None:
        """Appends. Raises Refused: file_too_large."""
        self.size += len(chunk)
        if self.size > LARGEST:
            raise Refused("file_too_large", f"a file has at most {LARGEST} bytes")
        self._out.write(chunk)


@dataclass(frozen=True)
class Share:
    """Where a file was shared: the message that brought it."""

    channel: str
    channel_name: str
    kind: str
    ts: str
    thread_ts: str | None
    user: str


@dataclass(eq=False)
class File:
    """A file of somebody's. Its `user` and the members of where it was shared see it.

    So do the bots that it was `given_to`, in a form.
    """

    id: str
    user: str
    name: str
    title: str
    created: int
    path: Path
    size: int
    alt_txt: str = ""
    snippet_type: str = ""
    deleted: bool = False
    shares: list[Share] = field(default_factory=list)
    given_to: list[str] = field(default_factory=list)

    @property
    def suffix(self) -> str:
        """The end of its name, in small letters and without the dot."""
        return suffix(self.name)

    @property
    def mimetype(self) -> str:
        """By the end of its name."""
        known = _MIME_OF.get(self.suffix) or _MIME.guess_type(f"x.{self.suffix}")[0]
        return known or "application/octet-stream"

    @property
    def filetype(self) -> str:
        """Slack's name for the kind of file."""
        return self.snippet_type or _FILETYPE_OF.get(self.suffix, self.suffix)

    @property
    def is_snippet(self) -> bool:
        """Whether it is a short text, which Slack shows a preview of."""
        textual = self.mimetype.startswith("text/") or self.filetype in ("json", "yaml", "xml")
        return bool(self.snippet_type or textual) and self.size <= LARGEST_SNIPPET

    @cached_property
    def text(self) -> str:
        """What a snippet says."""
        return self.path.read_text("utf-8", errors="replace") if self.is_snippet else ""

    def delete(self) -> None:
        """Only a stone is left of it."""
        self.deleted = True
        self.shares, self.given_to = [], []
        self.path.unlink(missing_ok=True)

    def as_slack(self, team: Team, url: str) -> dict[str, Any]:
        """The file object; of a deleted one only that it was there."""
        if self.deleted:
            return {"id": self.id, "mode": "tombstone"}
        name, kinds = quote(self.name), {share.kind for share in self.shares}
        private = f"{url}files-pri/{team.id}-{self.id}"
        shown: dict[str, Any] = {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "filetype": self.filetype,
            "pretty_type": _PRETTY.get(self.filetype, self.filetype.upper()),
            "user": self.user,
            "user_team": team.id,
            "editable": self.is_snippet,
            "size": self.size,
            "mode": "snippet" if self.is_snippet else "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": "channel" in kinds,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": f"{private}/{name}",
            "url_private_download": f"{private}/download/{name}",
            "permalink": f"{url}files/{self.user}/{self.id}/{name}",
            "comments_count": 0,
            "is_starred": False,
            "shares": self._shares(team),
            **self._where(),
            "has_more_shares": False,
            "has_rich_preview": False,
            "file_access": "visible",
            "media_display_type": "unknown",
        }
        if self.alt_txt:
            shown["alt_txt"] = self.alt_txt
        return shown | self._preview() if self.is_snippet else shown

    def content(self) -> dict[str, Any]:
        """What files.info adds of a snippet."""
        if self.deleted or not self.is_snippet:
            return {}
        return {"content": self.text[:_CONTENT], "is_truncated": len(self.text) > _CONTENT}

    def _preview(self) -> dict[str, Any]:
        lines = self.text.splitlines()
        shown = self.text[:_PREVIEW]
        return {
            "preview": shown,
            "preview_is_truncated": len(self.text) > _PREVIEW,
            "lines": len(lines),
            "lines_more": max(0, len(lines) - len(shown.splitlines())),
        }

    def _shares(self, team: Team) -> dict[str, Any]:
        shares: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for share in self.shares:
            entry = {
                "ts": share.ts,
                "channel_name": share.channel_name,
                "team_id": team.id,
                "share_user_id": share.user,
                "source": "UNKNOWN",
                "reply_users": [],
                "reply_users_count": 0,
                "reply_count": 0,
            }
            if share.thread_ts:
                entry["thread_ts"] = share.thread_ts
            side = shares.setdefault("public" if share.kind == "channel" else "private", {})
            side.setdefault(share.channel, []).append(entry)
        return shares

    def _where(self) -> dict[str, list[str]]:
        lists = {"channels": "channel", "groups": "private", "ims": "im"}
        return {
            name: [*dict.fromkeys(s.channel for s in self.shares if s.kind == kind)]
            for name, kind in lists.items()
        }


@dataclass(eq=False)
class Upload:
    """An upload by an app that is not finished; `file` is there once the bytes have come."""

    file_id: str
    ticket: str
    app: App
    name: str
    length: int
    alt_txt: str
    snippet_type: str
    file: File | None = None


class Files:
    """All files of a workspace, and the uploads that are under way."""

    def __init__(self, ids: Ids) -> None:
        """`ids` names them."""
        self._ids = ids
        self._files: dict[str, File] = {}
        self._uploads: dict[str, Upload] = {}

    @cached_property
    def _directory(self) -> Path:
        """Made when it is first needed, gone with the workspace."""
        path = Path(tempfile.mkdtemp(prefix="sandbox-files-"))
        weakref.finalize(self, shutil.rmtree, path, ignore_errors=True)
        return path

    def sink(self) -> Sink:
        """A new place for bytes to come."""
        return Sink(self._directory / secrets.token_hex(8))

    def new(self, user: str, name: str, sink: Sink, created: int) -> File:
        """A file of what came, not yet shared with anybody."""
        file = File(self._ids.new("F"), user, name, name, created, sink.path, sink.size)
        self._files[file.id] = file
        return file

    def add(self, file: File) -> None:
        """Takes a file in."""
        self._files[file.id] = file

    def find(self, file_id: str) -> File | None:
        """The file of that id, also if it was deleted."""
        return self._files.get(file_id)

    def ever(self) -> list[File]:
        """All, also those that were deleted, oldest first."""
        return [*self._files.values()]

    def all(self) -> list[File]:
        """Those that are there, newest first."""
        return [file for file in reversed(self._files.values()) if not file.deleted]

    def expect(
        self, app: App, name: str, length: int, *, alt_txt: str = "", snippet_type: str = ""
    ) -> Upload:
        """An app will upload a file of `length` bytes."""
        ticket = secrets.token_urlsafe(24)
        upload = Upload(self._ids.new("F"), ticket, app, name, length, alt_txt, snippet_type)
        self._uploads[ticket] = upload
        return upload

    def upload(self, ticket: str) -> Upload | None:
        """The upload that this address was given out for."""
        return self._uploads.get(ticket)

    def uploaded(self, upload: Upload, sink: Sink, created: int) -> None:
        """The bytes have come. Raises Refused: length_mismatch."""
        if sink.size != upload.length:
            said = f"{upload.length} bytes were announced, {sink.size} came"
            raise Refused("length_mismatch", said)
        upload.file = File(
            id=upload.file_id,
            user=upload.app.bot_user_id,
            name=upload.name,
            title=upload.name,
            created=created,
            path=sink.path,
            size=sink.size,
            alt_txt=upload.alt_txt,
            snippet_type=upload.snippet_type,
        )

    def finish(self, app: App, file_id: str) -> File:
        """Takes in what an app has uploaded. Raises Refused: file_not_found."""
        for upload in self._uploads.values():
            if upload.file_id == file_id and upload.app is app and upload.file:
                del self._uploads[upload.ticket]
                self.add(upload.file)
                return upload.file
        raise Refused("file_not_found")
