"""How a file is to be read: a modal whose fields are made from what the file has and lacks.

A column is named by its place in the file's header, since a header may be longer than an option's
value may be. What was unknown is asked word by word, so many at once; the rest afterwards.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, Field, StringConstraints, create_model, model_validator
from slack_sdk.models.blocks import PlainTextInputElement, StaticSelectElement, UserSelectElement

from handlers import lines, words
from handlers.blocks import modal
from handlers.forms import Ask, Form, Json, Option, Wrong
from handlers.ids import Id
from handlers.imports.messages import FIELDS
from handlers.lines import Bold
from handlers.pipeline_review import phrases
from models.deals import ImportKind
from models.screens import FileForm, Findings

NONE = "none"
_MOST_OPTIONS = 100
_FORMS = (
    "MM/DD/YYYY", "DD/MM/YYYY", "MM/DD/YY", "DD/MM/YY", "DD.MM.YYYY", "DD.MM.YY", "YYYY/MM/DD",
    "DD MMM YYYY", "DD-MMM-YYYY", "DD-MMM-YY", "MMM DD, YYYY", "MM-DD-YYYY", "DD-MM-YYYY",
)  # fmt: skip
_ISO: Option = (NONE, "2026-11-30, year first")
_DECIMALS: list[Option] = [
    (NONE, "Clear as it is"), (".", "A point: 1,234.50"), (",", "A comma: 1.234,50"),
]  # fmt: skip
_SEPARATORS: list[Option] = [(",", "Comma"), (";", "Semicolon"), ("tab", "Tab"), ("|", "Bar |")]
_ENCODINGS: list[Option] = [
    ("utf-8", "UTF-8"), ("utf-16", "UTF-16"), ("windows-1252", "Windows-1252 (Latin-1)"),
]  # fmt: skip


class FileMeta(BaseModel):
    file_id: int
    revision: int


class ReadingForm(Form):
    """What a person says about a file. `of` is set by `form_for`."""

    of: ClassVar[FileForm]

    def get(self, name: str) -> Any:
        value = getattr(self, name, None)
        return None if value == NONE else value

    @property
    def separation(self) -> tuple[str | None, str | None]:
        """The mark between the cells and the encoding."""
        mark = self.get("delimiter")
        return "\t" if mark == "tab" else mark, self.get("encoding")

    @property
    def is_another_table(self) -> bool:
        """Separated or encoded in another way its columns are others than those shown."""
        return self.separation != (self.of.findings.delimiter, self.of.findings.encoding)

    @property
    def columns(self) -> dict[str, str]:
        """Theirs by ours."""
        found = self.of.findings
        chosen = {name: self.get(f"column_{name}") for name in found.fields}
        return {
            name: found.header[int(place)] for name, place in chosen.items() if place is not None
        }

    def words(self, what: str) -> dict[str, str]:
        """What the unknown words of the file were given: ours, or a Slack id."""
        asked = self.of.findings.stages if what == "stage" else self.of.findings.owners
        given = {word: self.get(f"{what}_{n}") for n, (word, _count) in enumerate(asked)}
        chosen = {word: ours for word, ours in given.items() if ours is not None}
        if what == "owner":
            return chosen
        return {word: self.of.stages[int(place)] for word, place in chosen.items()}

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.is_another_table:
            return self
        wrong: dict[str, str] = {}
        columns = self.columns
        for name, theirs in columns.items():
            if list(columns.values()).count(theirs) > 1:
                wrong[f"column_{name}"] = "This column is chosen twice."
        for name in self.of.findings.required:
            if name not in columns and not (name == "owner" and self.get("all_of")):
                wrong[f"column_{name}"] = (
                    "Choose a column, or below whose all of them are."
                    if name == "owner"
                    else "This is needed."
                )
        if "owner" in columns and self.get("all_of"):
            wrong["all_of"] = "A column says who owns them: choose “Not in the file” there first."
        if wrong:
            raise Wrong(wrong)
        return self

    def reading(self) -> dict[str, Any]:
        """How the file is to be read now, as crm.mapping.Reading is kept."""
        before = self.of.findings.reading
        said: dict[str, Any] = {
            "columns": self.columns,
            "owner": self.get("all_of"),
            "owners": before.get("owners", {}) | self.words("owner"),
            "stages": before.get("stages", {}) | self.words("stage"),
            "date_format": self.get("date_format"),
            "decimal": self.get("decimal"),
            "currency": self.get("currency"),
        }
        mark, encoding = self.separation
        if self.is_another_table:
            said |= {"columns": {}}
        if self.is_another_table or "delimiter" in before:
            said["delimiter"] = mark
        if self.is_another_table or "encoding" in before:
            said["encoding"] = encoding
        return {name: value for name, value in (before | said).items() if value}


def form_for(of: FileForm) -> type[ReadingForm]:
    """The form of this file. Whether what it must have is there is checked here, not by Slack."""
    needed = {f"column_{name}" for name in of.findings.required if name != "owner"}
    fields: dict[str, Any] = {}
    for name, ask in _asks(of):
        kind: Any = str | None
        if name == "currency":
            kind = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{3}$")] | None
        if name in needed:
            fields[name] = (Annotated[str, ask], Field())
        else:
            fields[name] = (Annotated[kind, ask], Field(default=None))
    made = create_model("FileReadingForm", __base__=ReadingForm, **fields)
    made.of = of
    return made


def _asks(of: FileForm) -> list[tuple[str, Ask]]:
    """What the file must have and what is open first, then what it may have."""
    found = of.findings
    asks = [_column(name) for name in found.required]
    if found.kind is ImportKind.DEALS:
        label = "All deals belong to"
        hint = "Where no column says who owns them."
        asks.append(("all_of", Ask(label, UserSelectElement(), hint)))
    for n, (word, count) in enumerate(found.stages):
        label = f"Stage {phrases.quoted(word, 60)} ({count:,})"
        asks.append((f"stage_{n}", Ask(label, StaticSelectElement())))
    for n, (word, count) in enumerate(found.owners):
        label = f"Owner {phrases.quoted(word, 60)} ({count:,})"
        asks.append((f"owner_{n}", Ask(label, UserSelectElement())))
    asks.append(("date_format", Ask("Dates", StaticSelectElement())))
    if found.kind is ImportKind.DEALS:
        asks.append(("decimal", Ask("Decimal mark", StaticSelectElement())))
        typed = PlainTextInputElement(max_length=3)
        hint = "A currency, like USD. Empty: that of each owner's team."
        wrong = "Three letters, like USD."
        asks.append(("currency", Ask("All amounts are in", typed, hint, wrong)))
    asks += [_column(name) for name in found.fields if name not in found.required]
    asks.append(("delimiter", Ask("Separator", StaticSelectElement())))
    asks.append(("encoding", Ask("Encoding", StaticSelectElement())))
    return asks


def _column(name: str) -> tuple[str, Ask]:
    return f"column_{name}", Ask(FIELDS[name], StaticSelectElement())


def correct(of: FileForm) -> Json:
    found, shown = of.findings, of.shown
    start: dict[str, Any] = {
        f"column_{name}": str(found.header.index(theirs))
        if (theirs := found.columns.get(name)) in found.header
        else NONE
        for name in found.fields
    }
    start |= {
        "all_of": None if of.all_of is None else of.all_of.slack_id,
        "date_format": found.reading.get("date_format", NONE if len(found.dates) < 2 else None),
        "decimal": found.reading.get("decimal", None if found.unclear_amounts else NONE),
        "currency": found.reading.get("currency"),
        "delimiter": "tab" if found.delimiter == "\t" else found.delimiter,
        "encoding": found.encoding,
    }
    form = form_for(of)
    head = (Bold(words.said(shown.name, 100)), ": which of its columns is what, and how it is read")
    blocks = [
        lines.rich_text(head),
        *form.blocks(options=_options(of), hints=_hints(found), **start),
    ]
    meta = FileMeta(file_id=shown.file_id, revision=shown.revision)
    return modal(
        Id.SAVE_READING,
        "Correct the mapping",
        blocks,
        submit="Read it again",
        private_metadata=meta.model_dump_json(),
    )


def _options(of: FileForm) -> dict[str, Sequence[Option]]:
    found = of.findings
    columns = _columns(found)
    options: dict[str, Sequence[Option]] = {
        f"column_{name}": [(NONE, "Not in the file"), *columns] for name in found.fields
    }
    ours = of.stages[:_MOST_OPTIONS]
    stages: list[Option] = [(str(place), words.said(name, 75)) for place, name in enumerate(ours)]
    options |= {f"stage_{n}": stages for n in range(len(found.stages))}
    own = found.reading.get("date_format")
    forms = dict.fromkeys([*found.dates, *_FORMS, *([own] if own else [])])
    options["date_format"] = [_ISO, *((form, form) for form in forms)]
    options |= {"decimal": _DECIMALS, "encoding": _ENCODINGS}
    known = {mark for mark, *_said in _SEPARATORS} | {"\t"}
    other = [] if found.delimiter in known else [(found.delimiter, found.delimiter)]
    return options | {"delimiter": [*_SEPARATORS, *other]}


def _columns(found: Findings) -> list[Option]:
    """The file's columns, those that are used first, as many as a select takes."""
    used = [place for place, name in enumerate(found.header) if name in found.columns.values()]
    rest = [place for place in range(len(found.header)) if place not in used]
    places = sorted([*used, *rest][: _MOST_OPTIONS - 1])
    return [(str(place), words.said(found.header[place], 75)) for place in places]


def _hints(found: Findings) -> Mapping[str, str]:
    hints: dict[str, str] = {}
    if len(found.dates) > 1:
        hints["date_format"] = f"“{words.said(found.date_example, 40)}” could be two dates."
    for what, more in (("stage", found.more_stages), ("owner", found.more_owners)):
        if more:
            hints[f"{what}_0"] = f"{more:,} more are asked about afterwards."
    return hints
