"""An address that somebody entered: what comes from it, and what is refused on the way."""

import gzip
import threading
import time
import zlib
from datetime import timedelta

import pytest
import trustme

from bot.calendars.fetching import MOST_BYTES, Answer, Internet, NotFetched, fetch, resolve
from models.calendars import Problem, is_public
from tests.ical.site import ADDRESS, HERE, HOST, PATH, Site, dripping, trusting, whole

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"


def problem(address: str, internet: Internet) -> Problem:
    with pytest.raises(NotFetched) as refused:
        fetch(address, internet=internet)
    return refused.value.problem


def test_a_calendar_comes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # nobody is there
    site.says(CALENDAR, f"{PATH}?x=1", ETag='"1"', Last_Modified="Tue, 24 Nov 2026 10:00:00 GMT")
    assert fetch(f"{ADDRESS}?x=1#there", internet=site.internet()) == Answer(
        CALENDAR, '"1"', "Tue, 24 Nov 2026 10:00:00 GMT"
    )
    [(_, headers)] = site.asked
    assert headers["Host"] == HOST
    assert headers["User-Agent"] == "Cadence"
    assert "If-None-Match" not in headers


def test_what_is_as_before_does_not_come_again(site: Site) -> None:
    site.answers[PATH] = lambda headers: [
        whole(b"", "304 Not Modified") if headers.get("If-None-Match") == '"1"' else whole(CALENDAR)
    ]
    same = fetch(ADDRESS, etag='"1"', last_modified="yesterday", internet=site.internet())
    assert same == Answer(None)
    assert site.asked[0][1]["If-Modified-Since"] == "yesterday"
    assert fetch(ADDRESS, etag='"2"', internet=site.internet()).content == CALENDAR


@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbf" + CALENDAR, b"\r\n" + CALENDAR, CALENDAR.lower()]
)
def test_a_calendar_is_known_by_its_beginning(site: Site, content: bytes) -> None:
    site.says(content, Content_Type="text/html")
    assert fetch(ADDRESS, internet=site.internet()).content == content


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("401 Unauthorized", Problem.PASSWORD),
        ("403 Forbidden", Problem.PASSWORD),
        ("404 Not Found", Problem.GONE),
        ("410 Gone", Problem.GONE),
        ("418 A Teapot", Problem.GONE),
        ("204 No Content", Problem.GONE),
        ("500 Oh", Problem.FAULT),
        ("503 Later", Problem.FAULT),
        ("302 Nowhere", Problem.GONE),
        ("304 Not Modified", Problem.FAULT),
    ],
)
def test_answers_that_bring_none(site: Site, status: str, expected: Problem) -> None:
    site.says(CALENDAR, status=status)
    if status.startswith("302"):  # to where nothing is
        site.says(b"", status=status, Location="/elsewhere")
    assert problem(ADDRESS, site.internet()) is expected


@pytest.mark.parametrize(("said", "seconds"), [("90", 90), ("9999999", 86_400), ("soon", 0)])
def test_how_long_to_leave_it_alone(site: Site, said: str, seconds: int) -> None:
    site.says(b"", status="429 Too Many Requests", Retry_After=said)
    with pytest.raises(NotFetched) as refused:
        fetch(ADDRESS, internet=site.internet())
    assert (refused.value.problem, refused.value.wait) == (
        Problem.FAULT,
        timedelta(seconds=seconds),
    )


@pytest.mark.parametrize("content", [b"", b"<html>Sign in</html>", b"BEGIN:VCARD\r\n", b"\0" * 99])
def test_what_is_no_calendar(site: Site, content: bytes) -> None:
    site.says(content, Content_Type="text/calendar")
    assert problem(ADDRESS, site.internet()) is Problem.NOT_A_CALENDAR


# --- where it leads


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "127.8.8.8", "0.0.0.0",
        "169.254.169.254", "100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1",
        "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::a00:1", "2002:a00:1::",
        "2001:0:1::1", "fec0::1", "2001:db8::1", "fe80::1%eth0", "not an address",
    ],
)  # fmt: skip
def test_no_address_but_a_public_one_is_connected_to(site: Site, address: str) -> None:
    assert not is_public(address)
    internet = site.internet(
        resolve=lambda _host: [("93.184.215.14", site.port), (address, site.port)],
        is_public=is_public,
    )
    assert problem(ADDRESS, internet) is Problem.NOT_PUBLIC
    assert site.asked == []


def test_public_addresses() -> None:
    assert all(
        map(is_public, ("93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"))
    )


def test_this_machine_by_its_name_is_not_public() -> None:
    endpoints = resolve("localhost")
    assert endpoints
    assert {port for _, port in endpoints} == {443}
    assert not any(is_public(address) for address, _ in endpoints)


def test_the_name_is_resolved_once_and_that_address_connected_to(site: Site) -> None:
    """A name that means something else a moment later brings nobody into the private network."""
    said = [[site.endpoint], [("127.0.0.2", site.port)]]
    internet = site.internet(resolve=lambda _host: said.pop(0))
    site.says(CALENDAR)
    assert fetch(ADDRESS, internet=internet).content == CALENDAR
    assert said == [[("127.0.0.2", site.port)]]


def test_the_next_address_where_one_does_not_answer(site: Site) -> None:
    site.says(CALENDAR)
    internet = site.internet(
        resolve=lambda _host: [("127.0.0.1", free_port()), site.endpoint],
    )
    assert fetch(ADDRESS, internet=internet).content == CALENDAR


def free_port() -> int:
    """A port at which nobody listens any more."""
    with Site(trustme.CA()) as gone:
        pass
    return gone.port


def test_nobody_is_there(site: Site) -> None:
    port = free_port()
    assert problem(ADDRESS, site.internet(resolve=lambda _: [(HERE, port)])) is Problem.NO_ANSWER
    assert problem(ADDRESS, site.internet(resolve=lambda _: [])) is Problem.NO_ANSWER

    def unknown(_host: str) -> list[tuple[str, int]]:
        raise OSError("no such name")

    assert problem(ADDRESS, site.internet(resolve=unknown)) is Problem.NO_ANSWER


def test_a_resolver_that_never_answers_is_left_behind(site: Site) -> None:
    over = threading.Event()

    def silent(_host: str) -> list[tuple[str, int]]:
        over.wait(20)
        return []

    try:
        asked = site.internet(resolve=silent, seconds=0.2)
        assert problem(ADDRESS, asked) is Problem.NO_ANSWER
    finally:
        over.set()


# --- redirections


def test_three_redirections_are_followed_and_no_fourth(site: Site) -> None:
    for number in range(1, 5):
        site.says(b"", f"/{number}", "302 Found", Location=f"/{number + 1}")
    site.says(CALENDAR, "/5")
    assert problem(f"https://{HOST}/1", site.internet()) is Problem.MOVED
    assert [path for path, _ in site.asked] == ["/1", "/2", "/3", "/4"]
    assert fetch(f"https://{HOST}/2", internet=site.internet()).content == CALENDAR


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (f"http://{HOST}/", Problem.MOVED),
        (f"https://{HOST}:8443/", Problem.MOVED),
        (f"https://ana:secret@{HOST}/", Problem.MOVED),
        ("ftp://there/", Problem.MOVED),
        ("file:///etc/passwd", Problem.MOVED),
        ("https://[", Problem.MOVED),
        ("https://169.254.169.254/latest/meta-data", Problem.NOT_PUBLIC),
        ("https://localhost/", Problem.NOT_PUBLIC),
        ("https://[::1]/", Problem.NOT_PUBLIC),
        ("https://2130706433/", Problem.NOT_PUBLIC),
        ("https://inside.example/", Problem.NOT_PUBLIC),
    ],
)
def test_a_redirection_is_held_to_the_same(site: Site, location: str, expected: Problem) -> None:
    site.says(b"", status="307 Temporary Redirect", Location=location)
    names = {HOST: site.endpoint, "inside.example": ("127.0.0.2", site.port)}
    internet = site.internet(resolve=lambda host: [names[host]])
    assert problem(ADDRESS, internet) is expected
    assert len(site.asked) == 1


# --- who is there


def test_a_certificate_of_another_name(ca: trustme.CA) -> None:
    with Site(ca, "other.example") as other:
        other.says(CALENDAR)
        assert problem(ADDRESS, other.internet()) is Problem.CERTIFICATE
        assert other.asked == []


def test_a_certificate_that_nobody_trusts(site: Site) -> None:
    site.says(CALENDAR)
    stranger = trustme.CA()
    asked = site.internet(trusted=lambda: trusting(stranger))
    assert problem(ADDRESS, asked) is Problem.CERTIFICATE
    assert problem(ADDRESS, site.internet(trusted=Internet().trusted)) is Problem.CERTIFICATE
    assert site.asked == []


# --- how much, and how long


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n", b"X"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X-Name: value\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nB\r\n"),
        (b"", b""),
    ],
)
def test_who_sends_a_byte_now_and_then_is_cut_off(site: Site, start: bytes, piece: bytes) -> None:
    site.answers[PATH] = dripping(site, start, piece)
    began = time.monotonic()
    assert problem(ADDRESS, site.internet(seconds=0.7)) is Problem.SLOW
    assert time.monotonic() - began < 5


def test_what_is_too_large(site: Site) -> None:
    large = CALENDAR + b"X" * MOST_BYTES
    site.says(large)
    assert problem(ADDRESS, site.internet()) is Problem.TOO_LARGE
    site.says(large[:MOST_BYTES])
    content = fetch(ADDRESS, internet=site.internet()).content
    assert content is not None
    assert len(content) == MOST_BYTES


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_what_was_packed(site: Site, coding: str) -> None:
    content = CALENDAR + b"X-NOTHING:1\r\n" * 50_000
    packed = gzip.compress(content) if coding == "gzip" else zlib.compress(content)
    site.says(packed, Content_Encoding=coding)
    assert fetch(ADDRESS, internet=site.internet()).content == content


def test_what_unpacks_without_end_is_let_go_early(site: Site) -> None:
    bomb = gzip.compress(CALENDAR + b"\0" * (64 << 20), 1)
    assert len(bomb) < MOST_BYTES
    site.says(bomb, Content_Encoding="gzip")
    assert problem(ADDRESS, site.internet()) is Problem.TOO_LARGE


@pytest.mark.parametrize("coding", ["gzip", "br", "gzip, gzip"])
def test_what_cannot_be_unpacked(site: Site, coding: str) -> None:
    site.says(CALENDAR, Content_Encoding=coding)
    assert problem(ADDRESS, site.internet()) is Problem.BROKEN


def test_what_breaks_off(site: Site) -> None:
    site.says(CALENDAR, Content_Length="9999")
    assert problem(ADDRESS, site.internet()) is Problem.NO_ANSWER


@pytest.mark.parametrize(
    "nonsense", [b"HTTP/9 what\r\n\r\n", b"\x16\x03\x01", b"A" * 70_000 + b"\n"]
)
def test_what_is_not_http(site: Site, nonsense: bytes) -> None:
    site.answers[PATH] = lambda _headers: [nonsense]
    assert problem(ADDRESS, site.internet()) in (Problem.NO_ANSWER, Problem.NOT_A_CALENDAR)
