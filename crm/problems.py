"""What is wrong with a file, all of it at once: sentences with line numbers, alike together."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

LINES_NAMED = 5
KINDS_NAMED = 40
MOST_LISTED = 20_000
"""So many problems are kept one by one, for the list with every line; the others are counted."""


class Objection(Exception):
    """`says` is true for everybody. `option` is how that goes on for whoever has the command's
    options, which somebody who dropped the file has not; the exception's text is both.
    """

    def __init__(self, says: str = "", option: str = "") -> None:
        super().__init__(says + option)
        self.says = says
        self.option = option


class Unusable(Objection):
    """A value that cannot be taken. Its text is the end of a sentence that names the value."""


class FileRefused(Objection):
    """A file that cannot be read at all. Its text is one sentence."""


@dataclass
class Kind:
    """Problems that are alike: the first few in full, all of them counted."""

    first: list[tuple[int | None, str]] = field(default_factory=list)
    count: int = 0


class Problems:
    """Collects problems. However many there are, memory and the printed report stay small."""

    def __init__(self) -> None:
        self._kinds: dict[str, Kind] = {}
        self._count = 0
        self._hints: list[str] = []
        self.listed: list[tuple[str, int | None, str]] = []
        """The first of them, in the order of the file: kind, line, what is true for everybody."""

    def __len__(self) -> int:
        return self._count

    def add(self, kind: str, says: str, line: int | None = None, *, option: str = "") -> None:
        """Notes a sentence about a line, or about the file; `kind` groups those that are alike.

        `option` is how it goes on for whoever has the command's options (`Objection`).
        """
        alike = self._kinds.setdefault(kind, Kind())
        alike.count += 1
        self._count += 1
        if len(self.listed) < MOST_LISTED:
            self.listed.append((kind, line, says))
        if len(alike.first) < LINES_NAMED:
            alike.first.append((line, says + option))

    def hint(self, says: str) -> None:
        """Notes what would help whoever has the command's options; it is no problem itself."""
        self._hints.append(says)

    @property
    def shortened(self) -> bool:
        """Whether some of them are only counted in `lines`."""
        kinds = self._kinds.values()
        return len(kinds) > KINDS_NAMED or any(kind.count > len(kind.first) for kind in kinds)

    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        return {name: kind.count for name, kind in self._kinds.items()}

    def lines(self) -> Iterator[str]:
        """The report, in the order in which each kind of problem was first met; then the hints."""
        for alike in list(self._kinds.values())[:KINDS_NAMED]:
            yield from _lines(alike)
        rest = list(self._kinds.values())[KINDS_NAMED:]
        if rest:
            yield f"… and {sum(kind.count for kind in rest):,} more of {len(rest):,} other kinds"
        yield from self._hints


def _lines(alike: Kind) -> Iterator[str]:
    more = alike.count - len(alike.first)
    sentences = {says for _line, says in alike.first}
    if alike.first[0][0] is None:
        yield from sentences
    elif len(sentences) == 1 and alike.count > 1:
        named = ", ".join(str(line) for line, _says in alike.first)
        rest = f" and {more:,} more" if more else ""
        yield f"lines {named}{rest}: {alike.first[0][1]}"
    else:
        yield from (f"line {line}: {says}" for line, says in alike.first)
        if more:
            yield f"… and {more:,} more of this kind"


def as_list(problems: Iterable[tuple[int | None, str]]) -> bytes:
    """Problems with their lines as CSV, which no spreadsheet takes for formulas."""
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\r\n")
    out.writerow(("line", "problem"))
    for line, says in problems:
        out.writerow((line or "", f"'{says}" if says[:1] in "=+-@\t\r" else says))
    return written.getvalue().encode("utf-8-sig")
