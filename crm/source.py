"""The bytes of a file before they are a table: that they are text, in which encoding, how many.

Nothing is guessed silently. UTF-8 and UTF-16 show themselves; other bytes are Windows-1252 only
where somebody said so, and `NotUtf8` proposes it with an example.
"""

import codecs
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from crm.problems import FileRefused

MOST_BYTES = 200_000_000
_BLOCK = 1 << 20
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_BOMS = (codecs.BOM_UTF8, *_UTF_16)

_OTHERS = (
    (b"%PDF", "is a PDF, not a CSV file: export it from the CRM as CSV"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook (.xls): save it as “CSV UTF-8”"),
    (b"\x1f\x8b", "is compressed (gzip): unpack it first"),
    (b"7z\xbc\xaf", "is compressed (7-Zip): unpack it first"),
    (b"Rar!", "is compressed (RAR): unpack it first"),
    (b"\x89PNG", "is an image, not a CSV file"),
    (b"\xff\xd8\xff", "is an image, not a CSV file"),
    (b"SQLite format 3", "is a database, not a CSV file"),
    (b"{\\rtf", "is a formatted text (RTF), not a CSV file"),
    (b"<!DOCTYPE", "is a web page, not a CSV file: export it from the CRM as CSV"),
    (b"<html", "is a web page, not a CSV file: export it from the CRM as CSV"),
    (b"<?xml", "is XML, not a CSV file: export it from the CRM as CSV"),
)
_WORKBOOK = "is an Excel workbook (.xlsx), not a CSV file: save it as “CSV UTF-8”"
_ARCHIVE = "is a ZIP archive: unpack it, and take the CSV file in it"


class Encoding(StrEnum):
    """In which a file's text is written."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    WINDOWS_1252 = "windows-1252"


class NotUtf8(FileRefused):
    """The file is in an 8-bit encoding that nobody named. `example`: how Windows-1252 reads it."""

    def __init__(self, line: int, byte: int, example: str) -> None:
        self.line, self.example = line, example
        reads = f", in which that line reads “{example}”" if example else ""
        super().__init__(
            f"is not in UTF-8: line {line} holds the byte 0x{byte:02X}. It could be in "
            f"Windows-1252 (Latin-1){reads}",
            ": say --encoding windows-1252, or save it as “CSV UTF-8”",
        )


@dataclass(frozen=True)
class Source:
    """What a file is made of."""

    codec: str
    sha256: str
    size: int
    skip: int  # bytes of the byte order mark

    @property
    def encoding(self) -> Encoding:
        if self.codec.startswith("utf-16"):
            return Encoding.UTF_16
        return Encoding.WINDOWS_1252 if self.codec == "cp1252" else Encoding.UTF_8

    def text(self, file: BinaryIO) -> io.TextIOWrapper:
        """The file's text from its start, lines ending as they do; to be detached at the end."""
        file.seek(self.skip)
        return io.TextIOWrapper(file, encoding=self.codec, errors="strict", newline="")


def inspect(file: BinaryIO, said: Encoding | None) -> Source:
    """Looks at every byte once. Raises FileRefused, and NotUtf8 where an encoding must be said."""
    file.seek(0)
    head = file.read(4096)
    _refuse_others(head)
    mark = next((mark for mark in _BOMS if head.startswith(mark)), b"")
    codec = _codec(head, mark, said)
    digest, size, lines = hashlib.sha256(), 0, 0
    decoder = codecs.getincrementaldecoder(codec)()
    for block in _blocks(file):
        size += len(block)
        if size > MOST_BYTES:
            raise FileRefused(
                f"is larger than {MOST_BYTES // 1_000_000} MB: export fewer columns, or split it"
            )
        digest.update(block)
        text = block[len(mark) :] if size == len(block) else block
        if b"\0" in text and not codec.startswith("utf-16"):
            line = lines + text[: text.index(b"\0")].count(b"\n") + 1
            raise FileRefused(f"is no text: line {line} holds a zero byte")
        try:
            decoder.decode(text)
        except UnicodeDecodeError as error:
            raise _undecodable(file, codec, len(mark)) from error
        lines += text.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _undecodable(file, codec, len(mark)) from error
    return Source(codec, digest.hexdigest(), size, len(mark))


def _refuse_others(head: bytes) -> None:
    if head.startswith(b"PK\x03\x04"):
        inside = (b"xl/", b"[Content_Types].xml")
        raise FileRefused(_WORKBOOK if any(name in head for name in inside) else _ARCHIVE)
    start = head.lstrip()
    for magic, says in _OTHERS:
        if head.startswith(magic) or start[:9].lower().startswith(magic.lower()):
            raise FileRefused(says)


def _codec(head: bytes, mark: bytes, said: Encoding | None) -> str:
    if mark in _UTF_16:
        return _UTF_16[mark]
    if mark:
        return "utf-8"
    if said is Encoding.WINDOWS_1252:
        return "cp1252"
    # without a mark: text of our scripts has a zero byte beside nearly every letter
    even, odd = head[0:400:2], head[1:400:2]
    if len(head) >= 4 and odd.count(0) > len(odd) * 0.7 and even.count(0) == 0:
        return "utf-16-le"
    if len(head) >= 4 and even.count(0) > len(even) * 0.7 and odd.count(0) == 0:
        return "utf-16-be"
    return "utf-16-le" if said is Encoding.UTF_16 else "utf-8"


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(_BLOCK):
        yield block


def _undecodable(file: BinaryIO, codec: str, skip: int) -> FileRefused:
    """The first line that cannot be read, found by going through the lines."""
    if codec.startswith("utf-16"):
        return FileRefused("is broken: it begins as UTF-16 and does not go on as such")
    file.seek(skip)
    for number, line in enumerate(file, 1):
        try:
            line.decode(codec)
        except UnicodeDecodeError as error:
            byte = line[error.start]
            if codec == "cp1252":
                says = f"is not in Windows-1252: line {number} holds the byte 0x{byte:02X}"
                return FileRefused(says)
            return NotUtf8(number, byte, _around(line, error.start))
    return FileRefused("is cut off in the middle of a letter")


def _around(line: bytes, at: int) -> str:
    """The word that holds the byte, as Windows-1252 reads it; empty where it cannot be."""
    try:
        text = line.decode("cp1252")
    except UnicodeDecodeError:
        return ""
    start = max(text.rfind(mark, 0, at) for mark in ',;\t|"') + 1
    return " ".join(text[start : at + 30].replace('"', " ").split(",")[0].split(";")[0].split())[
        :60
    ]
