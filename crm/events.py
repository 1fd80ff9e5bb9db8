"""Records of a history of stages, and of activities, in our words. They speak of deals by their id.

What belongs to no deal of ours is found out when the file is taken in; what is none of ours by
itself (another property, a task that is not done, a day that lies ahead) is left out and counted.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from crm.columns import LONGEST, Column
from crm.dates import DateReader
from crm.problems import Unusable
from crm.words import Cells, Memory, Words

if TYPE_CHECKING:
    from crm.import_file import ImportFile

When = TypeVar("When")
_STAGE_WORDS = frozenset({"stage", "stagename", "dealstage"})
_DONE = frozenset({"true", "1", "yes", "y", "x", "done", "completed", "complete", "closed"})


class HistoryRow(NamedTuple):
    """A deal came into a stage."""

    line: int
    external_id: str
    stage_id: int
    at: datetime


class ActivityRow(NamedTuple):
    """A contact with a customer about a deal."""

    line: int
    id: str
    external_id: str
    on: date
    at: datetime | None
    what: str | None
    who: str | None


class _EventReader(Generic[When]):
    """What both read alike; `moment` is what the cell of a record's time means."""

    def __init__(self, found: "ImportFile", moment: Callable[[str], When | None]) -> None:
        self._cells = Cells(found.places, found.problems)
        self._problems = found.problems
        self._zone = found.known.zone
        self._dates = DateReader(found.reading.date_format)
        self._moments = Memory(moment)
        self.external_id = ""
        self.skipped: Counter[str] = Counter()

    def finish(self, found: "ImportFile") -> None:
        found.forms = self._dates.forms
        found.skipped += self.skipped


class HistoryReader(_EventReader[datetime]):
    """Reads a history; times without a zone are those of `known.zone`."""

    def __init__(self, found: "ImportFile", now: datetime) -> None:
        super().__init__(found, self._moment)
        self._latest = now + timedelta(days=1)
        self.stages = Words(found.known.stage_called, found.reading.stages)
        self._property = found.places.get(Column.PROPERTY)

    def read(self, line: int, cells: list[str]) -> HistoryRow | None:
        if self._property is not None and not _is_stage(cells[self._property]):
            self.skipped["are about something else than the stage"] += 1
            return None
        of = self._cells
        of.line, of.cells = line, cells
        before = len(self._problems)
        self.external_id = of.text(Column.DEAL)
        stage = of.word(Column.STAGE, self.stages)
        at = of.value(Column.CHANGED_AT, self._moments)
        if at is None and len(self._problems) == before:
            self._problems.add("no changed_at", "changed_at is missing", line)
        if stage is None or at is None or len(self._problems) > before:
            return None
        return HistoryRow(line, self.external_id, stage.id, at)

    def finish(self, found: "ImportFile") -> None:
        super().finish(found)
        found.unknown_stages = self.stages.unknown

    def _moment(self, text: str) -> datetime | None:
        at = self._dates.moment(text, self._zone)
        if at is not None and at > self._latest:
            raise Unusable("lies in the future")
        return at


class ActivityReader(_EventReader[tuple[date, datetime | None]]):
    """Reads activities, as `HistoryReader` does."""

    def __init__(self, found: "ImportFile", now: datetime) -> None:
        super().__init__(found, self._moment)
        self._today = now.astimezone(self._zone).date()
        self._done = found.places.get(Column.DONE)
        self._first: date | None = None
        self._last: date | None = None

    def read(self, line: int, cells: list[str]) -> ActivityRow | None:
        of = self._cells
        of.line, of.cells = line, cells
        self.external_id = ""
        if self._done is not None and not _is_done(cells[self._done]):
            self.skipped["are not done yet"] += 1
            return None
        before = len(self._problems)
        self.external_id = of.text(Column.ID)
        found = of.value(Column.ON, self._moments)
        if found is None and len(self._problems) == before:
            self.skipped["have no day"] += 1
            return None
        if found is None or len(self._problems) > before:
            return None
        on, at = found
        if on > self._today:
            self.skipped["lie ahead"] += 1
            return None
        self._first = min(self._first or on, on)
        self._last = max(self._last or on, on)
        deal = " ".join(of.cell(Column.DEAL).split())
        if not deal:
            self.skipped["belong to no deal"] += 1
            return None
        what, who = (of.cell(column)[: LONGEST[column]] for column in (Column.WHAT, Column.WHO))
        return ActivityRow(line, self.external_id, deal, on, at, what or None, who or None)

    def finish(self, found: "ImportFile") -> None:
        super().finish(found)
        if self._first is not None and self._last is not None:
            found.days = self._first, self._last

    def _moment(self, text: str) -> tuple[date, datetime | None] | None:
        """The day there, and the moment where the cell has one."""
        at = self._dates.moment(text, self._zone)
        if at is None:
            return None
        return at.astimezone(self._zone).date(), at if ":" in text else None


def _is_stage(word: str) -> bool:
    return "".join(filter(str.isalnum, word.casefold())) in _STAGE_WORDS


def _is_done(word: str) -> bool:
    return word.strip().casefold() in _DONE
