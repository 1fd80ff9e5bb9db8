"""How the columns and words of a CRM's file become ours. Stated by people, kept with each import.

Ours are on the left where columns are named (`id=deal_id`); the file's words are on the left where
values are (`Qualification=Qualified`, `REP-01=ana@northwind.example`).
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from crm.dates import DateReader
from crm.problems import FileRefused, Problems
from crm.toml_file import Mistakes, read_toml


class Column(StrEnum):
    """The columns of our own form (docs/import.md)."""

    ID = "id"
    NAME = "name"
    OWNER = "owner"
    STAGE = "stage"
    AMOUNT = "amount"
    CLOSE_DATE = "close_date"
    CREATED_DATE = "created_date"
    CLOSED_DATE = "closed_date"
    STAGE_SINCE = "stage_since"
    LAST_ACTIVITY = "last_activity"
    URL = "url"
    CURRENCY = "currency"


REQUIRED = (
    Column.ID,
    Column.NAME,
    Column.OWNER,
    Column.STAGE,
    Column.AMOUNT,
    Column.CLOSE_DATE,
)

ALIKE: dict[Column, frozenset[str]] = {
    column: frozenset(words.split())
    for column, words in {
        Column.ID: "id dealid opportunityid recordid hsobjectid externalid",
        Column.NAME: "name dealname opportunityname opportunity deal account accountname company",
        Column.OWNER: "owner ownerid owneremail dealowner hubspotownerid rep repid salesrep "
        "assignedto opportunityowner salesperson",
        Column.STAGE: "stage stagename dealstage pipelinestage dealpipelinestageid status",
        Column.AMOUNT: "amount value dealvalue dealamount acv tcv revenue price",
        Column.CLOSE_DATE: "closedate expectedclosedate estimatedclosedate expectedclose",
        Column.CREATED_DATE: "createddate createdate created createdat opened openedon",
        Column.CLOSED_DATE: "closeddate closedat closedon wondate actualclosedate",
        Column.STAGE_SINCE: "stagesince stagechangedate laststagechangedate enteredstage "
        "dateenteredstage dateentered",
        Column.LAST_ACTIVITY: "lastactivity lastactivitydate lastcontacted noteslastcontacted "
        "noteslastupdated lastactivityon",
        Column.URL: "url link recordurl dealurl",
        Column.CURRENCY: "currency currencycode currencyisocode dealcurrencycode",
    }.items()
}


_PAIR = re.compile(r'\s*(?:"([^"]+)"|([^",=]+?))\s*=\s*(?:"([^"]+)"|([^",]+))\s*(?:,|$)')


def _pattern(pattern: str) -> str:
    try:
        DateReader(pattern)
    except FileRefused as refused:
        raise ValueError(str(refused)) from None
    return pattern


def _code(code: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", code):
        raise ValueError("must be a currency's three letters, like USD")
    return code.upper()


class Reading(BaseModel):
    """How one file is to be read. It is also the form of a mapping file, and kept with imports."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: dict[Column, str] = Field(default_factory=dict)
    owners: dict[str, str] = Field(default_factory=dict)
    stages: dict[str, str] = Field(default_factory=dict)
    date_format: Annotated[str, AfterValidator(_pattern)] | None = None
    decimal: Literal[".", ","] | None = None
    currency: Annotated[str, AfterValidator(_code)] | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None

    def over(self, beneath: "Reading") -> "Reading":
        """This reading, with what it leaves unsaid taken from the one beneath."""
        said = self.model_dump(exclude_defaults=True)
        return Reading.model_validate(beneath.model_dump(exclude_defaults=True) | said)


def read_mapping(said: str | None) -> Reading:
    """`--mapping`: pairs `ours=theirs`, or a TOML file. Raises Mistakes."""
    if not said:
        return Reading()
    if "=" not in said:
        return read_toml(Path(said), Reading)
    columns: dict[Column, str] = {}
    for ours, theirs in _pairs(said, "--mapping"):
        name = ours.casefold().replace(" ", "_").replace("-", "_")
        if name not in set(Column):
            known = ", ".join(Column)
            raise Mistakes([f"--mapping {ours}={theirs}: “{ours}” is none of ours: {known}"])
        columns[Column(name)] = theirs
    return Reading(columns=columns)


def read_words(said: str | None, option: str) -> dict[str, str]:
    """`--owner-map` and `--stage-map`: pairs `theirs=ours`, a CSV of two columns, or a TOML file.

    Raises Mistakes.
    """
    if not said:
        return {}
    if "=" in said:
        return dict(_pairs(said, option))
    path = Path(said)
    if path.suffix.casefold() == ".toml":
        return read_toml(path, Words).words(option.strip("-").split("-")[0])
    return _words_of_csv(path, option)


class Words(BaseModel):
    """A TOML file of values: `"REP-01" = "ana@…"`, alone or under `[owners]`, `[stages]`."""

    model_config = ConfigDict(extra="allow")

    owners: dict[str, str] = Field(default_factory=dict)
    stages: dict[str, str] = Field(default_factory=dict)

    def words(self, what: str) -> dict[str, str]:
        alone = {key: str(value) for key, value in (self.model_extra or {}).items()}
        return alone | (self.owners if what == "owner" else self.stages)


def _words_of_csv(path: Path, option: str) -> dict[str, str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [(n, row) for n, row in enumerate(csv.reader(file), 1) if any(row)]
    except FileNotFoundError:
        raise Mistakes([f"{option} {path}: there is no such file"]) from None
    except (OSError, UnicodeDecodeError, csv.Error):
        raise Mistakes([f"{option} {path}: is not a readable CSV file in UTF-8"]) from None
    wrong = [f"{option} {path}, line {n}: needs two columns" for n, row in rows if len(row) != 2]
    if wrong:
        raise Mistakes(wrong)
    return {theirs.strip(): ours.strip() for _n, (theirs, ours) in rows}


def _pairs(said: str, option: str) -> list[tuple[str, str]]:
    """`a=b,"c, d"=e` as pairs; what holds a comma or an equals sign is put in quotation marks."""
    pairs: list[tuple[str, str]] = []
    at = 0
    while at < len(said):
        pair = _PAIR.match(said, at)
        if pair is None:
            raise Mistakes([f"{option}: “{said[at:]}” is not of the form a=b,c=d"])
        pairs.append(((pair[1] or pair[2]).strip(), (pair[3] or pair[4]).strip()))
        at = pair.end()
    return pairs


def plain(name: str) -> str:
    """A column's name without case, blanks, marks, and the prefixes that exports add."""
    return "".join(filter(str.isalnum, name.casefold())).removeprefix("property")


def looks_like(column: Column, header: Iterable[str]) -> list[str]:
    """Which of the file's columns look like ours, best first. Only ever proposed."""
    names = {plain(name): name for name in header}
    alike = [name for key, name in names.items() if key in ALIKE[column]]
    near = get_close_matches(plain(column), names, n=2, cutoff=0.8)
    return list(dict.fromkeys([*alike, *(names[key] for key in near)]))


def find_columns(header: Sequence[str], reading: Reading, problems: Problems) -> dict[Column, int]:
    """Where each of our columns stands in the file: as mapped, else under our own name.

    Names are compared without case. What is missing becomes a problem that proposes the columns
    that look alike; nothing is taken because it looks alike.
    """
    names = [name.casefold() for name in header]
    places: dict[Column, int] = {}
    proposed: dict[Column, str] = {}
    for column in Column:
        theirs = reading.columns.get(column, str(column))
        found = names.count(theirs.casefold())
        if found == 1:
            places[column] = names.index(theirs.casefold())
        elif found:
            problems.add("header", f"there are {found} columns “{theirs}”", 1)
        elif column in reading.columns:
            problems.add("header", f"there is no column “{theirs}” for {column}", 1)
        elif column in REQUIRED:
            like = looks_like(column, header)
            problems.add("header", f"there is no column {column}{_perhaps(like)}", 1)
            proposed |= {column: like[0]} if like else {}
    if proposed:
        pairs = ",".join(f"{ours}={_quoted(theirs)}" for ours, theirs in proposed.items())
        problems.add("proposal", f"if that is right, say --mapping '{pairs}'")
    return places


def not_read(
    header: Sequence[str], places: Mapping[Column, int]
) -> list[tuple[str, Column | None]]:
    """The file's columns that are left out, each with the one of ours that it looks like."""
    free = [column for column in Column if column not in places]
    rest = [name for at, name in enumerate(header) if at not in places.values()]
    return [
        (name, next((column for column in free if name in looks_like(column, [name])), None))
        for name in rest
    ]


def _perhaps(like: Sequence[str]) -> str:
    return "; it could be " + " or ".join(f"“{name}”" for name in like) if like else ""


def _quoted(name: str) -> str:
    return f'"{name}"' if set(name) & set(",=") else name
