"""Where the bytes of files go: an app's upload and download, a person's drop and download.

Nothing is held in memory: uploads go to disk as they come, downloads from there. Who may not see
a file gets Slack's sign-in page, with status 200 after a redirect, and not an error
(docs.slack.dev, "Working with files").
"""

import time
from typing import Any
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from sandbox.app import App
from sandbox.files import File, Files, Sink
from sandbox.refused import Refused
from sandbox.service import Service

CHUNK = 256 * 1024
READ = "files:read"
SIGN_IN = (
    "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>"
    "<h1>Sign in</h1><p>You need to sign in to see this page.</p></body></html>"
)
SHOWN = ("image/gif", "image/jpeg", "image/png", "image/webp")
"""What a browser may show; everything else is saved, so that no file runs as a page of ours."""

Arrived = tuple[str, Sink]
"""The name of a file and its bytes, on disk."""


class Transfers:
    """Uploads and downloads of apps."""

    def __init__(self, service: Service) -> None:
        """Where the files are."""
        self._service = service
        self._workspace = service.workspace

    def routes(self) -> list[web.AbstractRouteDef]:
        """The addresses."""
        file = r"/files-pri/{team:\w+}-{file:\w+}"
        return [
            web.post("/upload/v1/{ticket}", self.upload),
            web.get(file + "/download/{name}", self.download),
            web.get(file + "/{name}", self.download),
            web.get("/files/{user}/{file}/{name}", self.permalink),
            web.get("/signin", self.sign_in),
        ]

    async def upload(self, request: web.Request) -> web.Response:
        """Takes the bytes of an upload, as they are or as a multipart form."""
        started = time.monotonic()
        files = self._workspace.files
        upload = files.upload(request.match_info["ticket"])
        if upload is None:
            return web.Response(status=404, text="upload_not_found")
        try:
            with files.sink() as sink:
                await _receive_body(request, sink)
                files.uploaded(upload, sink, int(self._workspace.clock.now().timestamp()))
        except (Refused, ValueError) as error:
            said = getattr(error, "messages", ())
            response = web.Response(status=400, text=": ".join((str(error), *said)))
        else:
            response = web.Response(text=f"OK - {sink.size}")
        self._record(upload.app, "upload", response.status, started, upload.file_id, upload.name)
        return response

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Gives a file to an app that may see it; to others a redirect to the sign-in page."""
        started = time.monotonic()
        app = self._reader(request)
        file = self._workspace.files.find(request.match_info["file"])
        seen = app and file and self._workspace.sees_file(file, app.bot_user_id)
        response: web.StreamResponse
        if file is None or not seen:
            response = web.Response(
                status=302, headers={"Location": f"/signin?redir={quote(request.path, safe='')}"}
            )
        else:
            response = sent(file)
        id, name = request.match_info["file"], request.match_info["name"]
        self._record(app, "download", response.status, started, id, name)
        return response

    async def permalink(self, request: web.Request) -> web.Response:
        """Where a file was shared first."""
        file = self._workspace.files.find(request.match_info["file"])
        if file is None or not file.shares:
            raise web.HTTPNotFound
        share = file.shares[0]
        raise web.HTTPFound(f"/archives/{share.channel}/p{share.ts.replace('.', '')}")

    async def sign_in(self, _request: web.Request) -> web.Response:
        """What Slack shows to whoever is not signed in."""
        return web.Response(text=SIGN_IN, content_type="text/html")

    def _reader(self, request: web.Request) -> App | None:
        """The app whose token may read files."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        for app in self._workspace.apps:
            if token.strip() == app.bot_token and not app.revoked and READ in app.scopes:
                return app
        return None

    def _record(
        self, app: App | None, name: str, status: int, started: float, id: str, file: str
    ) -> None:
        self._service.traffic.record(
            "in",
            "file",
            name,
            app_id=app.id if app else None,
            status=status,
            started=started,
            request={"file": id, "name": file},
            note="" if app else "no token that may read files",
        )


async def dropped(request: web.Request, files: Files) -> tuple[dict[str, str], list[Arrived]]:
    """The fields and the files of a multipart form, in any order.

    Raises Refused: multipart_expected, file_too_large.
    """
    if request.content_type != "multipart/form-data":
        raise Refused("multipart_expected")
    fields: dict[str, str] = {}
    arrived: list[Arrived] = []
    try:
        part: Any
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise Refused("multipart_expected")
            if part.filename is None:
                fields[part.name or ""] = await part.text()
                continue
            with files.sink() as sink:
                await _receive_part(part, sink)
            arrived.append((part.filename, sink))
    except (Refused, ValueError, ConnectionError) as error:
        forget(arrived)
        if isinstance(error, ValueError):
            raise Refused("invalid_form_data", str(error)) from error
        raise
    return fields, arrived


def forget(arrived: list[Arrived]) -> None:
    """Takes what came from the disk: nobody may have it."""
    for _, sink in arrived:
        sink.path.unlink()


def sent(file: File) -> web.FileResponse:
    """A file, to be saved unless it is a picture."""
    how = "inline" if file.mimetype in SHOWN else "attachment"
    return web.FileResponse(
        file.path,
        chunk_size=CHUNK,
        headers={
            "Content-Type": file.mimetype,
            "Content-Disposition": f"{how}; filename*=UTF-8''{quote(file.name)}",
        },
    )


async def _receive_body(request: web.Request, sink: Sink) -> None:
    if request.content_type != "multipart/form-data":
        async for chunk in request.content.iter_chunked(CHUNK):
            sink.write(chunk)
        return
    part: Any
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.filename is not None:
            await _receive_part(part, sink)
            return
    raise Refused("no_file_data")


async def _receive_part(part: BodyPartReader, sink: Sink) -> None:
    while chunk := await part.read_chunk(CHUNK):
        sink.write(chunk)
