"""A record of a file as a deal of ours, or as problems with its line. Nothing is guessed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from crm.amounts import parse_amount
from crm.dates import DateReader
from crm.known import Known, Owner
from crm.mapping import Column, Reading
from crm.problems import Problems, Unusable
from models.deals import Stage, StageKind

LONGEST = {Column.ID: 80, Column.NAME: 200, Column.URL: 2000}

Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class DealRow:
    """One deal as the file has it, in our words."""

    line: int
    external_id: str
    name: str
    owner_id: int
    stage_id: int
    amount_minor: int | None
    currency: str
    close_on: date | None
    opened_on: date | None
    closed_on: date | None  # of a won or lost deal
    stage_since: datetime | None
    last_activity_on: date | None
    url: str | None


class Words(Generic[Meaning]):
    """What the words of one column mean. Each is looked up once, however many lines have it."""

    def __init__(self, find: Callable[[str], Meaning], mapped: Mapping[str, str]) -> None:
        self._find = find
        self._mapped = {word.casefold(): ours for word, ours in mapped.items()}
        self._found: dict[str, Meaning] = {}
        self._unknown: dict[str, str] = {}

    def of(self, word: str) -> Meaning:
        """What it means here. Raises Unusable."""
        if word in self._unknown:
            raise Unusable(self._unknown[word])
        if word not in self._found:
            ours = self._mapped.get(word.casefold(), word)
            try:
                self._found[word] = self._find(ours)
            except Unusable as unusable:
                mapped = f"is mapped to “{ours}”, which " if ours != word else ""
                self._unknown[word] = f"{mapped}{unusable}"
                raise Unusable(self._unknown[word]) from None
        return self._found[word]


class RowReader:
    """Reads the records of one file; their columns stand at `places`, `now` is the import."""

    def __init__(
        self,
        places: Mapping[Column, int],
        reading: Reading,
        known: Known,
        problems: Problems,
        now: datetime,
    ) -> None:
        self._places = places
        self._reading = reading
        self._problems = problems
        self._dates = DateReader(reading.date_format)
        self._today = now.date()
        self._latest = (now + timedelta(days=1)).date()  # somewhere it is tomorrow already
        self._owners = Words(known.owner, reading.owners)
        self._stages = Words(known.stage_called, reading.stages)
        self._line = 0
        self._cells: list[str] = []
        self.external_id = ""
        """The id of the record read last; empty where it has none."""
        self.currencies: dict[str, set[str]] = {}
        """The teams whose deals were read, by their currency."""

    def read(self, line: int, cells: list[str]) -> DealRow | None:
        """The record as a deal; None when it has problems, which are then noted."""
        before = len(self._problems)
        self._line, self._cells = line, cells
        self.external_id = self._text(Column.ID)
        name = self._text(Column.NAME)
        owner = self._word(Column.OWNER, self._owners)
        stage = self._word(Column.STAGE, self._stages)
        close_on = self._day(Column.CLOSE_DATE)
        opened_on = self._past_day(Column.CREATED_DATE)
        closed_on = self._past_day(Column.CLOSED_DATE)
        last_activity_on = self._day(Column.LAST_ACTIVITY)
        url = self._url()
        amount_minor = self._amount(owner)
        stage_since = self._stage_since(owner)
        if stage is not None:
            closed_on = self._closed_on(stage, closed_on, close_on)
        if owner is None or stage is None or len(self._problems) > before:
            return None
        self.currencies.setdefault(owner.currency, set()).add(owner.team)
        return DealRow(
            line=line,
            external_id=self.external_id,
            name=name,
            owner_id=owner.id,
            stage_id=stage.id,
            amount_minor=amount_minor,
            currency=owner.currency,
            close_on=close_on,
            opened_on=opened_on,
            closed_on=closed_on,
            stage_since=stage_since,
            last_activity_on=last_activity_on,
            url=url,
        )

    # --- one cell

    def _cell(self, column: Column) -> str:
        place = self._places.get(column)
        return "" if place is None else self._cells[place].strip()

    def _unusable(self, column: Column, text: str, why: Unusable | str, kind: str = "") -> None:
        shown = text if len(text) <= 60 else f"{text[:59]}…"
        self._problems.add(f"{column} {kind}", f"{column} “{shown}” {why}", self._line)

    def _text(self, column: Column) -> str:
        """What must be there, its blanks made single; a formula stays the text that it is."""
        text = " ".join(self._cell(column).split())
        if not text:
            self._problems.add(f"no {column}", f"{column} is missing", self._line)
        elif len(text) > LONGEST[column]:
            self._unusable(column, text, f"is longer than {LONGEST[column]} characters")
        return text

    def _word(self, column: Column, words: Words[Meaning]) -> Meaning | None:
        text = self._cell(column)
        if not text:
            self._problems.add(f"no {column}", f"{column} is missing", self._line)
            return None
        try:
            return words.of(text)
        except Unusable as unusable:
            self._unusable(column, text, unusable, kind=text)
            return None

    def _day(self, column: Column) -> date | None:
        text = self._cell(column)
        try:
            return self._dates.day(text)
        except Unusable as unusable:
            self._unusable(column, text, unusable)
            return None

    def _past_day(self, column: Column) -> date | None:
        day = self._day(column)
        if day is not None and day > self._latest:
            self._unusable(column, self._cell(column), "lies in the future")
        return day

    def _stage_since(self, owner: Owner | None) -> datetime | None:
        if self._past_day(Column.STAGE_SINCE) is None or owner is None:
            return None
        return self._dates.moment(self._cell(Column.STAGE_SINCE), owner.zone)

    def _url(self) -> str | None:
        text = self._cell(Column.URL)
        if text and not text.startswith(("https://", "http://")):
            self._unusable(Column.URL, text, "is no web address")
        elif len(text) > LONGEST[Column.URL]:
            self._unusable(Column.URL, text, f"is longer than {LONGEST[Column.URL]} characters")
        return text or None

    def _amount(self, owner: Owner | None) -> int | None:
        said = (self._cell(Column.CURRENCY) or self._reading.currency or "").upper()
        if owner is not None and said not in ("", owner.currency):
            why = f"is not {owner.currency}, in which {owner.team} counts: convert the amounts"
            self._unusable(Column.CURRENCY, said, why, kind=f"{said} {owner.team}")
            return None
        text = self._cell(Column.AMOUNT)
        currency = None if owner is None else owner.currency
        try:
            return parse_amount(text, currency, self._reading.decimal)
        except Unusable as unusable:
            self._unusable(Column.AMOUNT, text, unusable)
            return None

    def _closed_on(self, stage: Stage, told: date | None, close_on: date | None) -> date | None:
        """The day on which a won or lost deal was closed; without one its period is unknown."""
        if stage.kind is StageKind.OPEN:
            return None
        if told is not None:
            return told
        if close_on is None:
            says = f"a deal in {stage.name} needs its closed_date or close_date"
            self._problems.add("no closed_date", says, self._line)
            return None
        return min(close_on, self._today)
