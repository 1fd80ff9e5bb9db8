"""files.getUploadURLExternal, completeUploadExternal, info, list, delete."""

import math
from typing import Any

from sandbox.channel import Channel
from sandbox.files import LARGEST, LARGEST_SNIPPET, File
from sandbox.refused import Refused
from sandbox.web_api.call import Call, Result
from sandbox.web_api.chat import content_of, thread_of, to_post_in

LONGEST_ALT_TEXT = 1000


def files_get_upload_url_external(call: Call) -> Result:
    """Where a file of `length` bytes can be uploaded to.

    Refuses: missing_argument, file_upload_size_restricted, snippet_too_large, alt_txt_too_large.
    """
    name = call.arguments.text("filename")
    length = _length(call)
    if not name or length <= 0:
        raise Refused("missing_argument")
    snippet_type = call.arguments.text("snippet_type") or ""
    alt_txt = call.arguments.text("alt_txt") or ""
    if length > LARGEST:
        raise Refused("file_upload_size_restricted")
    if snippet_type and length > LARGEST_SNIPPET:
        raise Refused("snippet_too_large")
    if len(alt_txt) > LONGEST_ALT_TEXT:
        raise Refused("alt_txt_too_large")
    workspace = call.workspace
    upload = workspace.files.expect(
        call.app, name, length, alt_txt=alt_txt, snippet_type=snippet_type
    )
    return {"upload_url": f"{workspace.url}upload/v1/{upload.ticket}", "file_id": upload.file_id}


def files_complete_upload_external(call: Call) -> Result:
    """Takes in what was uploaded and shares it in conversations, or keeps it to the bot.

    The answer comes before the sharing, as in Slack: it says nothing of where. Refuses:
    file_not_found, invalid_arguments, and what chat.postMessage refuses.
    """
    given = call.arguments.structure("files", "invalid_arguments")
    if not isinstance(given, list) or not given or not all(_is_file(item) for item in given):
        raise Refused("invalid_arguments", "[ERROR] missing required field: files")
    channels = _channels(call)
    if call.arguments.text("thread_ts") and len(channels) > 1:
        raise Refused("invalid_arguments", "[ERROR] thread_ts needs a single channel")
    threads = [thread_of(call, channel) for channel in channels]
    content = _comment(call)
    workspace = call.workspace
    files = [workspace.files.finish(call.app, item["id"]) for item in given]
    for file, item in zip(files, given, strict=True):
        file.title = str(item.get("title") or file.name)
    shown = [_shown(call, file) for file in files]
    for channel, thread_ts in zip(channels, threads, strict=True):
        workspace.post(
            channel,
            call.app.bot_user_id,
            app=call.app,
            thread_ts=thread_ts,
            files=files,
            **content,
        )
    return {"files": shown}


def files_info(call: Call) -> Result:
    """A file that the bot may see. Refuses: file_not_found, file_deleted."""
    file = _visible(call)
    return {
        "file": _shown(call, file),
        **file.content(),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


def files_list(call: Call) -> Result:
    """The files that the bot may see, newest first, by pages."""
    channel, user = call.arguments.text("channel"), call.arguments.text("user")
    found = [
        file
        for file in call.workspace.files.all()
        if call.workspace.sees_file(file, call.app.bot_user_id)
        and channel in (None, "", *(share.channel for share in file.shares))
        and user in (None, "", file.user)
    ]
    count, page = _number(call, "count", 100), _number(call, "page", 1)
    start = (page - 1) * count
    return {
        "files": [_shown(call, file) for file in found[start : start + count]],
        "paging": {
            "count": count,
            "total": len(found),
            "page": page,
            "pages": math.ceil(len(found) / count),
        },
    }


def files_delete(call: Call) -> Result:
    """Deletes a file of the bot's. Refuses: file_not_found, file_deleted, cant_delete_file."""
    file = _visible(call)
    if file.user != call.app.bot_user_id:
        raise Refused("cant_delete_file")
    call.workspace.delete_file(file)
    return {}


def _is_file(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), str)


def _channels(call: Call) -> list[Channel]:
    """Where to share; none keeps the file to the bot."""
    given = call.arguments.given.get("channels")
    several = (
        given if isinstance(given, list) else (call.arguments.text("channels") or "").split(",")
    )
    wanted = [call.arguments.text("channel_id") or "", *map(str, several)]
    return [to_post_in(call, id.strip()) for id in dict.fromkeys(wanted) if id.strip()]


def _comment(call: Call) -> dict[str, Any]:
    """The message that brings the files: its text or, without one, its blocks."""
    comment = call.arguments.text("initial_comment") or ""
    if comment or not call.arguments.given.get("blocks"):
        return {"text": comment}
    return content_of(call)


def _visible(call: Call) -> File:
    file = call.workspace.files.find(call.arguments.required("file"))
    if file is not None and file.deleted:
        raise Refused("file_deleted")
    if file is None or not call.workspace.sees_file(file, call.app.bot_user_id):
        raise Refused("file_not_found")
    return file


def _shown(call: Call, file: File) -> dict[str, Any]:
    return file.as_slack(call.workspace.team, call.workspace.url)


def _length(call: Call) -> int:
    try:
        return int(call.arguments.text("length") or 0)
    except ValueError as error:
        raise Refused("invalid_arguments", "[ERROR] length must be an integer") from error


def _number(call: Call, name: str, default: int) -> int:
    text = call.arguments.text(name) or str(default)
    if not text.isdigit() or not 1 <= int(text) <= 1000:
        raise Refused("invalid_arguments", f"[ERROR] {name} must be from 1 to 1000")
    return int(text)


METHODS = {
    "files.getUploadURLExternal": files_get_upload_url_external,
    "files.completeUploadExternal": files_complete_upload_external,
    "files.info": files_info,
    "files.list": files_list,
    "files.delete": files_delete,
}
