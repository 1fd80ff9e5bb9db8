"""How the columns and words of a CRM's file become ours. Stated by people, kept with each import.

Ours are on the left where columns are named (`id=deal_id`); the file's words are on the left where
values are (`Qualification=Qualified`, `REP-01=ana@northwind.example`).
"""

import csv
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from crm.columns import Column
from crm.dates import DateReader
from crm.problems import FileRefused
from crm.source import Encoding
from crm.toml_file import Mistakes, read_toml
from models.deals import ImportKind

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

    kind: ImportKind | None = None
    columns: dict[Column, str] = Field(default_factory=dict)
    owner: str | None = None
    """Whose all of them are, by e-mail or Slack id, where the file has no column that says it."""
    owners: dict[str, str] = Field(default_factory=dict)
    stages: dict[str, str] = Field(default_factory=dict)
    date_format: Annotated[str, AfterValidator(_pattern)] | None = None
    decimal: Literal[".", ","] | None = None
    currency: Annotated[str, AfterValidator(_code)] | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    encoding: Encoding | None = None

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
