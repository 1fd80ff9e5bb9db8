"""Blocks that show figures: table, data_table, data_visualization.

Source: docs.slack.dev/reference/block-kit/blocks (table-block, data-table-block,
data-visualization-block). The last two are of 2026 and in no version of slack_sdk's models yet.
"""

from collections.abc import Iterator, Mapping

from sandbox.blocks.problems import Problem
from sandbox.blocks.rich_text import RICH_TEXT
from sandbox.blocks.rules import (
    FLAG,
    ID,
    Choice,
    Items,
    Json,
    Number,
    Rule,
    Shape,
    Text,
    Typed,
)

_BLOCK: Mapping[str, Rule] = {"block_id": ID}

CELLS: Mapping[str, Rule] = {
    "raw_text": Shape({"text": Text(None)}),
    "raw_number": Shape({"value": Number(fraction=True), "text": Text(None)}),
    "rich_text": RICH_TEXT,
}
_ROW = Items(Typed(CELLS), 1, 20)

TABLE = Shape(
    {"rows": Items(_ROW, 1, 100)},
    {
        **_BLOCK,
        "column_settings": Items(
            Shape({}, {"align": Choice(("left", "center", "right")), "is_wrapped": FLAG}),
            least=0,
            most=20,
            gaps=True,
        ),
    },
)


def _text_of(value: object) -> int:
    """Characters of text in a cell, wherever they stand in it."""
    if isinstance(value, list):
        return sum(_text_of(item) for item in value)
    if isinstance(value, dict):
        own = value.get("text")
        return (len(own) if isinstance(own, str) else 0) + _text_of(value.get("elements"))
    return 0


def _even_rows(block: Json, at: str) -> Iterator[Problem]:
    columns = len(block["rows"][0])
    for n, row in enumerate(block["rows"]):
        if len(row) != columns:
            yield Problem(f"{at}/rows/{n}", f"must have {columns} items like the first row")


def _plain_header(block: Json, at: str) -> Iterator[Problem]:
    for n, cell in enumerate(block["rows"][0]):
        if cell["type"] == "rich_text":
            yield Problem(f"{at}/rows/0/{n}/type", "unsupported type: rich_text")


def _row_header(block: Json, at: str) -> Iterator[Problem]:
    if block.get("row_header_column_index", 0) >= len(block["rows"][0]):
        yield Problem(f"{at}/row_header_column_index", "must be the index of a column")


def _characters(block: Json, at: str) -> Iterator[Problem]:
    if _text_of(block["rows"]) > DATA_TABLE_CHARACTERS:
        yield Problem(
            f"{at}/rows", f"must be less than {DATA_TABLE_CHARACTERS + 1} characters in all cells"
        )


DATA_TABLE_CHARACTERS = 10_000
"""In all cells of a data_table together."""

DATA_TABLE = Shape(
    {"caption": Text(None), "rows": Items(_ROW, 2, 101)},
    {**_BLOCK, "page_size": Number(1, 100), "row_header_column_index": Number(0)},
    (_even_rows, _plain_header, _row_header, _characters),
)

_LABEL = Text(20)
_POINT = Shape({"label": _LABEL, "value": Number(fraction=True)})
_SEGMENT = Shape({"label": _LABEL, "value": Number(0, fraction=True)})
_SERIES = Shape({"name": _LABEL, "data": Items(_POINT, 1, 20)})
_AXES = Shape(
    {"categories": Items(_LABEL, 1, 20)},
    {"x_label": Text(50), "y_label": Text(50)},
)


def _distinct_series(chart: Json, at: str) -> Iterator[Problem]:
    names = [series["name"] for series in chart["series"]]
    for n, name in enumerate(names):
        if name in names[:n]:
            yield Problem(f"{at}/series/{n}/name", f"duplicate name: {name}", "duplicate")


def _one_point_per_category(chart: Json, at: str) -> Iterator[Problem]:
    categories = sorted(chart["axis_config"]["categories"])
    for n, series in enumerate(chart["series"]):
        if sorted(point["label"] for point in series["data"]) != categories:
            yield Problem(f"{at}/series/{n}/data", "labels must match `axis_config.categories`")


_XY = Shape(
    {"series": Items(_SERIES, 1, 6), "axis_config": _AXES},
    {},
    (_distinct_series, _one_point_per_category),
)

DATA_VISUALIZATION = Shape(
    {
        "title": Text(50),
        "chart": Typed(
            {
                "pie": Shape({"segments": Items(_SEGMENT, 1, 6)}),
                "bar": _XY,
                "area": _XY,
                "line": _XY,
            }
        ),
    },
    _BLOCK,
)
