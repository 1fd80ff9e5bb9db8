"""Which addresses may be asked for a calendar at all: https, on the public internet.

What can be seen from the address alone is refused when it is entered; the addresses behind its
name are held against `is_public` when it is looked at, each time.
"""

import re
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import PurePosixPath
from urllib.parse import SplitResult, quote, urlsplit

from models.base import RuleBroken

MOST_CHARACTERS = 1000
_TAIL = 4  # characters of an address that are shown again
_PORT = 443
_LOCAL = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home.arpa")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_KEPT = "%/:=&?~#+!$,;'@()*[]"
_EMBEDDING = tuple(
    ip_network(one)
    for one in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10")
)
"""IPv6 in which an IPv4 address is embedded (NAT64, 6to4, Teredo), or that was once local."""


class Unfit(StrEnum):
    """Why an address cannot be a calendar's, to be seen from itself."""

    NOT_AN_ADDRESS = "not_an_address"
    NOT_HTTPS = "not_https"
    PRIVATE = "private"  # this machine, or a network that is not public
    PORT = "port"  # any but https' own
    CREDENTIALS = "credentials"  # a name or password in it
    TOO_LONG = "too_long"


class AddressUnfit(RuleBroken):
    """An address that cannot be a calendar's, and why. It does not carry the address."""

    def __init__(self, why: Unfit) -> None:
        super().__init__(why)
        self.why = why


def check_address(text: str) -> str:
    """The address as it is asked: https (for `webcal` too), the host in ASCII, no fragment.

    Raises `AddressUnfit`.
    """
    given = text.strip()
    if len(given) > MOST_CHARACTERS:
        raise AddressUnfit(Unfit.TOO_LONG)
    if any(character.isspace() or not character.isprintable() for character in given):
        raise AddressUnfit(Unfit.NOT_AN_ADDRESS)
    scheme, colon, rest = given.partition("://")
    if not colon or "\\" in rest:
        raise AddressUnfit(Unfit.NOT_AN_ADDRESS)
    if scheme.casefold() not in ("https", "webcal", "webcals"):
        raise AddressUnfit(Unfit.NOT_HTTPS)
    try:
        parts = urlsplit(f"https://{rest}")
        port = parts.port
    except ValueError:
        raise AddressUnfit(Unfit.NOT_AN_ADDRESS) from None
    if "@" in parts.netloc:
        raise AddressUnfit(Unfit.CREDENTIALS)
    host = _host(parts)
    if port not in (None, _PORT):
        raise AddressUnfit(Unfit.PORT)
    query = f"?{quote(parts.query, _KEPT)}" if parts.query else ""
    checked = f"https://{host}{quote(parts.path or '/', _KEPT)}{query}"
    if len(checked) > MOST_CHARACTERS:
        raise AddressUnfit(Unfit.TOO_LONG)
    return checked


def _host(parts: SplitResult) -> str:
    """The host in ASCII, brackets and all. Raises `AddressUnfit`."""
    try:
        host = (parts.hostname or "").encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        raise AddressUnfit(Unfit.NOT_AN_ADDRESS) from None
    if not host:
        raise AddressUnfit(Unfit.NOT_AN_ADDRESS)
    try:
        literal = ip_address(host)
    except ValueError:
        return _name(host)
    if not is_public(host):
        raise AddressUnfit(Unfit.PRIVATE)
    return f"[{host}]" if isinstance(literal, IPv6Address) else host


def _name(host: str) -> str:
    labels = host.split(".")
    if any(host == one or host.endswith(f".{one}") for one in _LOCAL):
        raise AddressUnfit(Unfit.PRIVATE)
    if _NUMBER.fullmatch(labels[-1]):  # an IPv4 address in one of its odd spellings
        raise AddressUnfit(Unfit.PRIVATE)
    if not all(_LABEL.fullmatch(label) for label in labels) or len(host) > 253:
        raise AddressUnfit(Unfit.NOT_AN_ADDRESS)
    if len(labels) == 1:  # found in one's own network, if anywhere
        raise AddressUnfit(Unfit.PRIVATE)
    return host


def is_public(address: str) -> bool:
    """Whether an IP address is a single host's on the public internet.

    Nothing that is private, of this machine or link (the metadata of clouds is there), shared by
    a carrier, for many, reserved, or that wraps another address is.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if not found.is_global or found.is_multicast or found.is_reserved or found.is_unspecified:
        return False
    if isinstance(found, IPv4Address):
        return True
    return found.ipv4_mapped is None and not any(found in network for network in _EMBEDDING)


def shown_as(url: str) -> str:
    """How an address is shown again: `calendar.google.com …8f2c`. The address is a secret."""
    parts = urlsplit(url)
    longest = max([*parts.path.split("/"), parts.query], key=len)
    secret = PurePosixPath(longest).stem
    tail = secret[-_TAIL:] if len(secret) > 2 * _TAIL else ""
    host = parts.hostname or ""
    return f"{host} …{tail}" if tail else host
