"""Files: uploaded and downloaded by apps with the official client, dropped by people."""

import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from slack_sdk import WebClient

from sandbox import Server
from sandbox.person import ActingPerson
from sandbox.refused import Refused
from tests.sandbox.little import (
    BOT_TOKEN,
    SCOPES,
    Little,
    Serve,
    client_of,
    manifest_with,
)
from tests.sandbox.test_chat import refused

CSV = b"name,amount\n\xc3\x84,1\n"


def fetch(url: str, token: str | None = BOT_TOKEN) -> tuple[str, bytes]:
    """What a download gives that follows redirects: the final address and the bytes."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as response:
        return response.url, response.read()


def test_an_app_shares_a_file(client: WebClient, max_: ActingPerson) -> None:
    answer = client.files_upload_v2(
        channel="C0WEST", content=CSV, filename="Deals.csv", title="Deals", initial_comment="Look"
    )
    told = answer["file"]
    assert (told["title"], told["shares"]) == ("Deals", {})  # shared only after the answer
    (message,) = max_.messages("C0WEST")
    assert (message.text, message.user) == ("Look", "U0BOT")
    (file,) = message.files
    assert (file["name"], file["size"], file["mimetype"]) == ("Deals.csv", len(CSV), "text/csv")
    assert (file["filetype"], file["pretty_type"], file["mode"]) == ("csv", "CSV", "snippet")
    assert (file["channels"], file["is_public"]) == (["C0WEST"], True)
    assert file["shares"]["public"]["C0WEST"][0]["ts"] == message.ts
    assert max_.download(file) == CSV
    info = client.files_info(file=file["id"])
    assert info["content"] == CSV.decode()
    assert (info["file"]["preview"], info["file"]["lines"]) == (CSV.decode(), 2)
    assert client.conversations_history(channel="C0WEST")["messages"][0]["files"] == [file]


def test_several_files_in_a_thread(client: WebClient, max_: ActingPerson, tmp_path: Path) -> None:
    parent = max_.say("C0WEST", "hello")
    path = tmp_path / "b.bin"
    path.write_bytes(b"\0\1")
    uploads: list[dict[str, Any]] = [
        {"content": "a", "filename": "a.txt", "title": "A"},
        {"file": str(path), "title": "B"},
    ]
    client.files_upload_v2(channel="C0WEST", file_uploads=uploads, thread_ts=parent)
    reply = max_.messages("C0WEST", parent)[1]
    assert [(f["title"], f["mode"]) for f in reply.files] == [("A", "snippet"), ("B", "hosted")]
    assert reply.thread_ts == parent
    ids = [f["id"] for f in client.files_list(channel="C0WEST")["files"]]
    assert ids == [f["id"] for f in reversed(reply.files)]


def test_uploads_as_a_form_and_by_hand(client: WebClient, max_: ActingPerson) -> None:
    started = client.files_getUploadURLExternal(filename="a.txt", length=3)
    form = (
        b'--x\r\nContent-Disposition: form-data; name="filename"; filename="a.txt"\r\n\r\n'
        b"abc\r\n--x--\r\n"
    )
    request = urllib.request.Request(
        started["upload_url"], form, {"Content-Type": "multipart/form-data; boundary=x"}
    )
    with urllib.request.urlopen(request) as response:
        assert (response.status, response.read()) == (200, b"OK - 3")
    file = {"id": started["file_id"]}
    client.files_completeUploadExternal(files=[file], channels=["C0WEST", "U0MAX"])
    im = max_.dm_with("U0BOT")
    assert max_.messages("C0WEST")[0].files[0]["ims"] == [im]
    assert max_.download(started["file_id"]) == b"abc"
    answer = refused(client.files_completeUploadExternal, files=[file])
    assert answer["error"] == "file_not_found"  # it was finished


def test_what_uploads_refuse(client: WebClient) -> None:
    upload = client.files_getUploadURLExternal
    assert refused(upload, filename="a", length=0)["error"] == "missing_argument"
    too_much = refused(upload, filename="a", length=2_000_000_000)["error"]
    assert too_much == "file_upload_size_restricted"
    answer = refused(upload, filename="a", length=2_000_000, snippet_type="python")
    assert answer["error"] == "snippet_too_large"
    started = upload(filename="a.txt", length=3)
    with pytest.raises(HTTPError, match="400"):
        urllib.request.urlopen(started["upload_url"], b"four")
    with pytest.raises(HTTPError, match="404"):
        urllib.request.urlopen(started["upload_url"] + "x", b"abc")
    finish = client.files_completeUploadExternal
    assert refused(finish, files=[{"id": started["file_id"]}])["error"] == "file_not_found"
    urllib.request.urlopen(started["upload_url"], b"abc").close()
    there: dict[str, Any] = {"files": [{"id": started["file_id"]}]}
    assert refused(finish, channel_id="C0NONE", **there)["error"] == "channel_not_found"
    assert refused(finish, channel_id="C0EAST", **there)["error"] == "not_in_channel"
    lost = refused(finish, channel_id="C0WEST", thread_ts="1.1", **there)
    assert lost["error"] == "thread_not_found"
    assert finish(**there)["files"][0]["id"] == started["file_id"]  # nothing was used up


def test_a_download_needs_a_token_that_may(
    server: Server, client: WebClient, max_: ActingPerson
) -> None:
    inside = max_.drop("G0IN", "a.txt", b"abc").files[0]
    outside = max_.drop("G0OUT", "b.txt", b"abc").files[0]
    for key in ("url_private", "url_private_download"):
        assert fetch(inside[key])[1] == b"abc"
    for url, token in [
        (inside["url_private"], None),
        (inside["url_private"], "xoxb-other"),
        (outside["url_private"], BOT_TOKEN),
    ]:
        at, page = fetch(url, token)
        assert at.startswith(f"{server.url}/signin?redir=%2Ffiles-pri%2FT0NORTH-F")
        assert b"<html>" in page
    assert refused(client.files_info, file=outside["id"])["error"] == "file_not_found"
    lena = server.as_person("U0LENA")
    with pytest.raises(Refused, match="file_not_found"):
        lena.download(inside)
    kinds = [(e["kind"], e["name"], e["status"]) for e in server.traffic() if e["kind"] == "file"]
    assert ("file", "download", "302") in kinds


def test_a_token_without_the_scope_gets_the_sign_in_page(start: Serve) -> None:
    scopes = [scope for scope in SCOPES if scope != "files:read"]
    server = start(manifest_with(scopes=scopes))
    file = server.as_person("U0MAX").drop("C0WEST", "a.txt", b"abc").files[0]
    assert b"Sign in" in fetch(file["url_private_download"])[1]
    answer = refused(client_of(server).files_info, file=file["id"])
    assert (answer["error"], answer["needed"]) == ("missing_scope", "files:read")


def test_an_app_is_told_of_what_a_person_drops(little: Little, max_: ActingPerson) -> None:
    little.bolt.event("app_home_opened")(lambda: None)

    @little.bolt.event("message")
    def message(event: dict[str, Any]) -> None:
        little.seen.append(event)

    @little.bolt.event("file_shared")
    def shared(event: dict[str, Any]) -> None:
        little.seen.append(event)

    little.start()
    im = max_.dm_with("U0BOT")
    dropped = max_.drop(im, 'Äpfel "1".csv', CSV, text="for you")
    little.server.settled()
    by_type = {event["type"]: event for event in little.seen}
    said = by_type["message"]
    assert (said["subtype"], said["channel_type"], said["text"]) == ("file_share", "im", "for you")
    (file,) = said["files"]
    assert file["name"] == "Äpfel %221%22.csv"
    assert fetch(file["url_private_download"])[1] == CSV
    told = by_type["file_shared"]
    assert (told["file_id"], told["user_id"]) == (file["id"], "U0MAX")
    assert (told["channel_id"], told["file"]) == (im, {"id": file["id"]})
    assert dropped.files == [file]


def test_a_deleted_file_leaves_a_stone(little: Little, max_: ActingPerson) -> None:
    for name in ("message", "file_shared", "app_home_opened"):
        little.bolt.event(name)(lambda: None)

    @little.bolt.event("file_deleted")
    def deleted(event: dict[str, Any]) -> None:
        little.seen.append(event["file_id"])

    little.start()
    client = little.client
    with_text = max_.drop("C0WEST", "a.txt", b"a", text="see")
    bare = max_.drop("C0WEST", "b.txt", b"b")
    answer = refused(client.files_delete, file=with_text.files[0]["id"])
    assert answer["error"] == "cant_delete_file"
    for message in (with_text, bare):
        id = message.files[0]["id"]
        little.server.request("DELETE", "/sandbox/file", **{"as": "U0MAX", "id": id})
    (left,) = max_.messages("C0WEST")
    assert left.files == [{"id": with_text.files[0]["id"], "mode": "tombstone"}]
    assert refused(client.files_info, file=bare.files[0]["id"])["error"] == "file_deleted"
    little.server.settled()
    assert sorted(little.seen) == [with_text.files[0]["id"], bare.files[0]["id"]]
    own = client.files_upload_v2(content="x", filename="x.txt")["file"]["id"]
    client.files_delete(file=own)
    assert refused(client.files_info, file=own)["error"] == "file_deleted"


def test_what_dropping_refuses(server: Server, max_: ActingPerson) -> None:
    lena = server.as_person("U0LENA")
    with pytest.raises(Refused, match="not_in_channel"):
        lena.drop("C0EAST", "a", b"a")
    with pytest.raises(Refused, match="is_archived"):
        max_.drop("C0OLD", "a", b"a")
    with pytest.raises(Refused, match="multipart_expected"):
        server.request("POST", "/sandbox/file", {"as": "U0MAX"})
    file = max_.drop("C0WEST", "page.html", b"<script>").files[0]
    connection = HTTPConnection(server.url.removeprefix("http://"))
    connection.request("GET", f"/sandbox/file?as=U0MAX&id={file['id']}")
    response = connection.getresponse()
    response.read()
    connection.close()
    assert str(response.getheader("Content-Disposition")).startswith("attachment")


def test_a_file_on_disk_goes_and_comes(max_: ActingPerson, tmp_path: Path) -> None:
    source, copy = tmp_path / "big.bin", tmp_path / "copy.bin"
    source.write_bytes(b"0123456789" * 100_000)
    file = max_.drop("C0WEST", "big.bin", source).files[0]
    max_.download(file, copy)
    assert copy.read_bytes() == source.read_bytes()


def test_a_form_that_is_cut_off_is_refused(server: Server) -> None:
    connection = HTTPConnection(server.url.removeprefix("http://"))
    connection.request(
        "POST",
        "/sandbox/file",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
        {"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert connection.getresponse().status == 400
    connection.close()
