"""A record of a deals' file as a deal of ours, or as problems with its line. Nothing is guessed.

A record is read quickly, every cell's meaning looked up; only one that has problems is gone
through again, cell by cell, for the words.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm.amounts import Unclear, parse_amount
from crm.columns import LONGEST, Column
from crm.dates import DateReader
from crm.known import By, Owner
from crm.problems import Unusable
from crm.words import Cells, Memory, Words, says_yes
from models.deals import Stage, StageKind

if TYPE_CHECKING:
    from crm.import_file import ImportFile


class DealRow(NamedTuple):
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


class RowReader:
    """Reads the records of one file; `now` is the import."""

    def __init__(self, found: "ImportFile", now: datetime) -> None:
        places, reading, known = found.places, found.reading, found.known
        self._cells = Cells(places, found.problems)
        self._problems = found.problems
        self._reading = reading
        self._dates = DateReader(reading.date_format)
        self._today = now.date()
        self._latest = (now + timedelta(days=1)).date()  # somewhere it is tomorrow already
        self._known = known
        self.named: dict[str, Owner] = {}
        """Whom a word was matched with by their name alone."""
        self.owners = Words(self._find_owner, reading.owners)
        self.stages = Words(known.stage_called, reading.stages)
        self._has_owners = Column.OWNER in places
        self._all_of = reading.owner if Column.OWNER not in places else None
        self._day = Memory(self._dates.day)
        self._past = Memory(self._past_day)
        self._flags = Memory(says_yes)
        self._amounts: dict[str, Memory[int | None]] = {}
        self._quick = self._quick_reader(places)
        self.external_id = ""
        """The id of the record read last; empty where it has none."""
        self.unclear_amounts = False
        self.closed_in_open: Counter[tuple[str, str]] = Counter()
        """Records that the CRM calls closed, by its word for their stage and our open one."""

    @property
    def currencies(self) -> dict[str, set[str]]:
        """The teams whose deals were read, by their currency."""
        found: dict[str, set[str]] = {}
        for owner in self.owners.values():
            found.setdefault(owner.currency, set()).add(owner.team)
        return found

    def _find_owner(self, word: str, said: str) -> Owner:
        owner, by = self._known.owner(word, said)
        if by is By.NAME:
            self.named[word] = owner
        return owner

    def read(self, line: int, cells: list[str]) -> DealRow | None:
        """The record as a deal; None when it has problems, which are then noted."""
        try:
            row = self._quick(line, cells)
        except Unusable:
            self._cells.line, self._cells.cells = line, cells
            self._say(line)
            return None
        self.external_id = row.external_id
        return row

    def finish(self, found: "ImportFile") -> None:
        found.currencies, found.named = self.currencies, self.named
        found.unknown_owners, found.unknown_stages = self.owners.unknown, self.stages.unknown
        found.closed_in_open = self.closed_in_open
        found.forms, found.unclear_amounts = self._dates.forms, self.unclear_amounts

    # --- quickly

    def _quick_reader(self, places: Mapping[Column, int]) -> Callable[[int, list[str]], DealRow]:
        """A function that knows where everything stands. Raises Unusable for any problem."""
        id_at, name_at = places[Column.ID], places[Column.NAME]
        stage_at, close_at = places[Column.STAGE], places[Column.CLOSE_DATE]
        amount_at, owner_at = places[Column.AMOUNT], places.get(Column.OWNER)
        opened_at, closed_at = places.get(Column.CREATED_DATE), places.get(Column.CLOSED_DATE)
        since_at, last_at = places.get(Column.STAGE_SINCE), places.get(Column.LAST_ACTIVITY)
        url_at, currency_at = places.get(Column.URL), places.get(Column.CURRENCY)
        is_closed_at, flags = places.get(Column.IS_CLOSED), self._flags
        longest_id, longest_name = LONGEST[Column.ID], LONGEST[Column.NAME]
        day, past, owners, stages = self._day, self._past, self.owners, self.stages
        all_of, said = self._all_of, (self._reading.currency or "").upper()

        def quick(line: int, cells: list[str]) -> DealRow:
            external_id = cells[id_at].strip()
            if "  " in external_id or not external_id.isprintable():
                external_id = " ".join(external_id.split())
            name = " ".join(cells[name_at].split())
            if not external_id or not name:
                raise Unusable
            if len(external_id) > longest_id or len(name) > longest_name:
                raise Unusable
            owner = owners[cells[owner_at] if owner_at is not None else all_of or ""]
            stage = stages[cells[stage_at]]
            is_closed = is_closed_at is not None and flags[cells[is_closed_at]]
            currency = owner.currency
            if currency_at is not None:
                told = cells[currency_at].strip().upper() or said
                if told and told != currency:
                    raise Unusable
            elif said and said != currency:
                raise Unusable
            amounts = self._amounts.get(currency)
            if amounts is None:
                amounts = self._amounts_in(owner)
            close_on = day[cells[close_at]]
            closed_on = None if closed_at is None else past[cells[closed_at]]
            if is_closed and stage.kind is StageKind.OPEN:
                self.closed_in_open[cells[stage_at].strip(), stage.name] += 1
            return DealRow(
                line,
                external_id,
                name,
                owner.id,
                stage.id,
                amounts[cells[amount_at]],
                currency,
                close_on,
                None if opened_at is None else past[cells[opened_at]],
                None
                if stage.kind is StageKind.OPEN
                else self._closed_on(stage, closed_on, close_on),
                None if since_at is None else self._since(cells[since_at], owner),
                None if last_at is None else day[cells[last_at]],
                None if url_at is None else _url(cells[url_at]),
            )

        return quick

    def _amounts_in(self, owner: Owner) -> "Memory[int | None]":
        """What amounts mean in this owner's currency; their team counts in it."""
        decimal = self._reading.decimal
        found = Memory(lambda text: parse_amount(text, owner.currency, decimal))
        self._amounts[owner.currency] = found
        return found

    def _since(self, text: str, owner: Owner) -> datetime | None:
        return None if self._past[text] is None else self._dates.moment(text, owner.zone)

    def _past_day(self, text: str) -> date | None:
        day = self._dates.day(text)
        if day is not None and day > self._latest:
            raise Unusable("lies in the future")
        return day

    def _closed_on(self, stage: Stage, told: date | None, close_on: date | None) -> date:
        """The day on which a won or lost deal was closed; without one its period is unknown."""
        if told is not None:
            return told
        if close_on is None:
            raise Unusable(f"a deal in {stage.name} needs its closed_date or close_date")
        return min(close_on, self._today)

    # --- with words

    def _say(self, line: int) -> None:
        """Notes everything that is wrong with the record."""
        cells = self._cells
        self.external_id = cells.text(Column.ID)
        cells.text(Column.NAME)
        owner = self._owner()
        stage = cells.word(Column.STAGE, self.stages)
        close_on = cells.value(Column.CLOSE_DATE, self._day)
        cells.value(Column.CREATED_DATE, self._past)
        closed_on = cells.value(Column.CLOSED_DATE, self._past)
        cells.value(Column.LAST_ACTIVITY, self._day)
        cells.value(Column.URL, Memory(_url))
        cells.value(Column.IS_CLOSED, self._flags)
        cells.value(Column.STAGE_SINCE, self._past)
        if owner is None:
            cells.value(Column.AMOUNT, Memory(self._amount_of_nobody))
        elif self._currency_fits(owner):
            cells.value(Column.AMOUNT, Memory(lambda text: self._amount(text, owner)))
        if stage is not None and stage.kind is not StageKind.OPEN:
            try:
                self._closed_on(stage, closed_on, close_on)
            except Unusable as unusable:
                self._problems.add("no closed_date", str(unusable), line)

    def _owner(self) -> Owner | None:
        if self._has_owners:
            return self._cells.word(Column.OWNER, self.owners)
        if self._all_of is None:
            return None  # said once, for the file
        try:
            return self.owners[self._all_of]
        except Unusable:
            return None  # said once, for the file

    def _amount(self, text: str, owner: Owner) -> int | None:
        try:
            return parse_amount(text, owner.currency, self._reading.decimal)
        except Unclear:
            self.unclear_amounts = True
            raise

    def _amount_of_nobody(self, text: str) -> int | None:
        return parse_amount(text, None, self._reading.decimal)

    def _currency_fits(self, owner: Owner) -> bool:
        said = (self._cells.cell(Column.CURRENCY) or self._reading.currency or "").upper()
        if said in ("", owner.currency):
            return True
        says = f"is not {owner.currency}, in which {owner.team} counts: convert the amounts"
        why = Unusable(says)
        self._cells.unusable(Column.CURRENCY, said, why, kind=f"{said} {owner.team}")
        return False


def _url(text: str) -> str | None:
    text = text.strip()
    if text and not text.startswith(("https://", "http://")):
        raise Unusable("is no web address")
    if len(text) > LONGEST[Column.URL]:
        raise Unusable(f"is longer than {LONGEST[Column.URL]} characters")
    return text or None
