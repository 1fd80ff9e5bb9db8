"""Each limit of Block Kit at its edge: n is taken, n + 1 is refused where it is."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.blocks import Problem, rendered, validate_message, validate_view
from tests.sandbox_rules.payloads import (
    actions,
    bars,
    button,
    cell,
    confirm,
    context,
    data_table,
    element,
    header,
    home,
    in_message,
    in_modal,
    input_block,
    modal,
    mrkdwn,
    option,
    options,
    pie,
    plain,
    pointers,
    section,
    select,
    table,
)

Build = Callable[[int], list[Problem]]


def blocks(place: Callable[[str], dict[str, Any]]) -> Build:
    return lambda count: in_message(place("x" * count))


def asked(place: Callable[[str], dict[str, Any]]) -> Build:
    return lambda count: in_modal(input_block(place("x" * count)))


def shown(place: Callable[[str], dict[str, Any]]) -> Build:
    return lambda count: validate_view(modal(**place("x" * count)))


def confirmed(key: str, text: Callable[[str], dict[str, Any]] = plain) -> Build:
    return blocks(lambda x: actions(button(confirm=confirm(**{key: text(x)}))))


LENGTHS: list[tuple[str, Build, int, str]] = [
    ("section text", blocks(lambda x: section(text=mrkdwn(x))), 3000, "/blocks/0/text/text"),
    (
        "section field",
        blocks(lambda x: section(fields=[plain(), mrkdwn(x)])),
        2000,
        "/blocks/0/fields/1/text",
    ),
    ("header", blocks(header), 150, "/blocks/0/text/text"),
    ("context text", blocks(lambda x: context(mrkdwn(x))), 3000, "/blocks/0/elements/0/text"),
    ("markdown", blocks(lambda x: {"type": "markdown", "text": x}), 12000, "/blocks/0/text"),
    (
        "image title",
        blocks(lambda x: {**element("image"), "title": plain(x)}),
        2000,
        "/blocks/0/title/text",
    ),
    ("image alt", blocks(lambda x: element("image", alt_text=x)), 2000, "/blocks/0/alt_text"),
    (
        "image url",
        lambda n: in_message(element("image", image_url="https://a.test/" + "x" * (n - 15))),
        3000,
        "/blocks/0/image_url",
    ),
    ("block_id", blocks(lambda x: section(block_id=x)), 255, "/blocks/0/block_id"),
    (
        "action_id",
        blocks(lambda x: actions(button(action_id=x))),
        255,
        "/blocks/0/elements/0/action_id",
    ),
    (
        "button text",
        blocks(lambda x: actions(button(text=plain(x)))),
        75,
        "/blocks/0/elements/0/text/text",
    ),
    (
        "button value",
        blocks(lambda x: actions(button(value=x))),
        2000,
        "/blocks/0/elements/0/value",
    ),
    (
        "button label for screen readers",
        blocks(lambda x: section(accessory=button(accessibility_label=x))),
        75,
        "/blocks/0/accessory/accessibility_label",
    ),
    ("confirm title", confirmed("title"), 100, "/blocks/0/elements/0/confirm/title/text"),
    ("confirm text", confirmed("text", mrkdwn), 300, "/blocks/0/elements/0/confirm/text/text"),
    ("confirm yes", confirmed("confirm"), 30, "/blocks/0/elements/0/confirm/confirm/text"),
    ("confirm no", confirmed("deny"), 30, "/blocks/0/elements/0/confirm/deny/text"),
    (
        "option text",
        asked(lambda x: {"type": "static_select", "options": [option(text=x)]}),
        75,
        "/view/blocks/0/element/options/0/text/text",
    ),
    (
        "option value",
        asked(lambda x: {"type": "radio_buttons", "options": [option(x)]}),
        150,
        "/view/blocks/0/element/options/0/value",
    ),
    (
        "option description",
        asked(lambda x: {"type": "checkboxes", "options": [option(description=plain(x))]}),
        75,
        "/view/blocks/0/element/options/0/description/text",
    ),
    (
        "option group label",
        asked(
            lambda x: {
                "type": "static_select",
                "option_groups": [{"label": plain(x), "options": options(1)}],
            }
        ),
        75,
        "/view/blocks/0/element/option_groups/0/label/text",
    ),
    (
        "placeholder of a select",
        asked(lambda x: select(placeholder=plain(x))),
        150,
        "/view/blocks/0/element/placeholder/text",
    ),
    (
        "placeholder of a text",
        asked(lambda x: element("plain_text_input", placeholder=plain(x))),
        150,
        "/view/blocks/0/element/placeholder/text",
    ),
    (
        "first text of an input",
        asked(lambda x: element("plain_text_input", initial_value=x)),
        3000,
        "/view/blocks/0/element/initial_value",
    ),
    (
        "label",
        lambda n: in_modal(input_block(label=plain("x" * n))),
        2000,
        "/view/blocks/0/label/text",
    ),
    (
        "hint",
        lambda n: in_modal(input_block(hint=plain("x" * n))),
        2000,
        "/view/blocks/0/hint/text",
    ),
    ("modal title", shown(lambda x: {"title": plain(x)}), 24, "/view/title/text"),
    ("modal submit", shown(lambda x: {"submit": plain(x)}), 24, "/view/submit/text"),
    ("modal close", shown(lambda x: {"close": plain(x)}), 24, "/view/close/text"),
    ("private_metadata", shown(lambda x: {"private_metadata": x}), 3000, "/view/private_metadata"),
    ("callback_id", shown(lambda x: {"callback_id": x}), 255, "/view/callback_id"),
    ("external_id", shown(lambda x: {"external_id": x}), 255, "/view/external_id"),
    ("chart title", lambda n: in_message(pie(title="x" * n)), 50, "/blocks/0/title"),
    (
        "cells of a data_table together",
        lambda n: in_message({**data_table(), "rows": [[cell("H")], [cell("x" * (n - 1) or "y")]]}),
        10_000,
        "/blocks/0/rows",
    ),
]
"""What it is, a payload with a text of n characters, the limit, where the problem is."""


@pytest.mark.parametrize(
    ("build", "most", "pointer"), [case[1:] for case in LENGTHS], ids=[case[0] for case in LENGTHS]
)
def test_a_text_is_taken_up_to_its_limit(build: Build, most: int, pointer: str) -> None:
    assert build(most) == []
    [problem] = build(most + 1)
    assert problem.pointer == pointer
    assert problem.message.startswith(f"must be less than {most + 1} characters")
    assert problem.code == "failed_constraint"


MAY_BE_EMPTY = {
    "image alt",
    "button value",
    "first text of an input",
    "private_metadata",
    "callback_id",
    "image url",
    "cells of a data_table together",
}


@pytest.mark.parametrize(
    ("build", "pointer"),
    [(case[1], case[3]) for case in LENGTHS if case[0] not in MAY_BE_EMPTY],
    ids=[case[0] for case in LENGTHS if case[0] not in MAY_BE_EMPTY],
)
def test_an_empty_text_is_refused(build: Build, pointer: str) -> None:
    assert build(1) == []
    [problem] = build(0)
    assert (problem.pointer, problem.message) == (pointer, "must be more than 0 characters")


COUNTS: list[tuple[str, Build, int, int, str]] = [
    ("blocks of a message", lambda n: in_message(*[section()] * n), 0, 50, "/blocks"),
    (
        "blocks of a modal",
        lambda n: validate_view({**modal(), "blocks": [section()] * n}),
        1,
        100,
        "/view/blocks",
    ),
    (
        "blocks of a Home",
        lambda n: validate_view({**home(), "blocks": [section()] * n}),
        1,
        100,
        "/view/blocks",
    ),
    (
        "fields",
        lambda n: in_message(section(fields=[plain()] * n)),
        1,
        10,
        "/blocks/0/fields",
    ),
    ("actions", lambda n: in_message(actions(*[button()] * n)), 1, 25, "/blocks/0/elements"),
    ("context", lambda n: in_message(context(*[plain()] * n)), 1, 10, "/blocks/0/elements"),
    (
        "context actions",
        lambda n: in_message({"type": "context_actions", "elements": [element("icon_button")] * n}),
        1,
        5,
        "/blocks/0/elements",
    ),
    *[
        (
            f"options of {type_}",
            lambda n, type_=type_: in_modal(input_block(select(type_, n))),
            1,
            most,
            "/view/blocks/0/element/options",
        )
        for type_, most in (
            ("static_select", 100),
            ("multi_static_select", 100),
            ("radio_buttons", 10),
            ("checkboxes", 10),
        )
    ],
    (
        "options of overflow",
        lambda n: in_message(section(accessory=select("overflow", n))),
        1,
        5,
        "/blocks/0/accessory/options",
    ),
    (
        "option groups",
        lambda n: in_modal(
            input_block(
                {
                    "type": "static_select",
                    "option_groups": [{"label": plain(), "options": options(1)}] * n,
                }
            )
        ),
        1,
        100,
        "/view/blocks/0/element/option_groups",
    ),
    (
        "options of a group",
        lambda n: in_modal(
            input_block(
                {
                    "type": "static_select",
                    "option_groups": [{"label": plain(), "options": options(n)}],
                }
            )
        ),
        1,
        100,
        "/view/blocks/0/element/option_groups/0/options",
    ),
    ("rows of a table", lambda n: in_message(table(rows=n)), 1, 100, "/blocks/0/rows"),
    ("cells of a row", lambda n: in_message(table(columns=n)), 1, 20, "/blocks/0/rows/0"),
    (
        "column settings",
        lambda n: in_message(table(column_settings=[None, *[{"align": "right"}] * (n - 1)][:n])),
        0,
        20,
        "/blocks/0/column_settings",
    ),
    ("rows of a data_table", lambda n: in_message(data_table(rows=n)), 2, 101, "/blocks/0/rows"),
    (
        "segments of a pie",
        lambda n: in_message(pie(n)),
        1,
        6,
        "/blocks/0/chart/segments",
    ),
    ("series of a chart", lambda n: in_message(bars(n)), 1, 6, "/blocks/0/chart/series"),
    (
        "cards of a carousel",
        lambda n: in_message(
            {"type": "carousel", "elements": [{"type": "card", "body": plain()}] * n}
        ),
        1,
        10,
        "/blocks/0/elements",
    ),
]
"""What it is, a payload with n of them, the least, the most, where the problem is."""


@pytest.mark.parametrize(
    ("build", "least", "most", "pointer"),
    [case[1:] for case in COUNTS],
    ids=[case[0] for case in COUNTS],
)
def test_a_list_is_taken_up_to_its_limit(build: Build, least: int, most: int, pointer: str) -> None:
    assert build(least) == []
    assert build(most) == []
    problem = build(most + 1)[0]
    assert (problem.pointer, problem.message) == (pointer, f"no more than {most} items allowed")
    if least:
        problem = build(least - 1)[0]
        expected = (pointer, f"no fewer than {least} items allowed")
        assert (problem.pointer, problem.message) == expected


NUMBERS: list[tuple[str, Callable[[int], dict[str, Any]], int, int]] = [
    ("min_length", lambda n: element("plain_text_input", min_length=n), 0, 3000),
    ("max_length", lambda n: element("plain_text_input", max_length=n), 1, 3000),
    ("initial_date_time", lambda n: element("datetimepicker", initial_date_time=n), 0, 9999999999),
    ("max_files", lambda n: element("file_input", max_files=n), 1, 10),
]


@pytest.mark.parametrize(
    ("key", "build", "least", "most"), NUMBERS, ids=[case[0] for case in NUMBERS]
)
def test_a_number_is_taken_within_its_limits(
    key: str, build: Callable[[int], dict[str, Any]], least: int, most: int
) -> None:
    for number in (least, most):
        assert in_modal(input_block(build(number))) == []
    for number in (least - 1, most + 1):
        assert pointers(in_modal(input_block(build(number)))) == [f"/view/blocks/0/element/{key}"]


def test_page_size_of_a_data_table_is_1_to_100() -> None:
    for size in (1, 100):
        assert in_message(data_table(page_size=size)) == []
    for size in (0, 101):
        assert pointers(in_message(data_table(page_size=size))) == ["/blocks/0/page_size"]


def test_markdown_blocks_share_their_limit() -> None:
    half = {"type": "markdown", "text": "x" * 6000}
    assert in_message(half, half) == []
    problems = in_message(half, half, {"type": "markdown", "text": "x"})
    assert pointers(problems) == ["/blocks/2/text"]


def test_one_table_per_message() -> None:
    [problem] = in_message(table(), section(), table())
    assert (problem.pointer, problem.code) == ("/blocks/2", "only_one_table_allowed")


def test_a_view_is_at_most_250_kb() -> None:
    def sized(characters: int) -> list[Problem]:
        each = [section(text=plain("x" * 2900)) for _ in range(84)]
        view = modal(*each)
        size = len(json.dumps(view, separators=(",", ":")))
        view["blocks"].append(header("x"))
        size += len(json.dumps(header(""), separators=(",", ":"))) + 1
        view["private_metadata"] = "x" * (characters - size - len(',"private_metadata":""') - 1)
        assert len(json.dumps(view, separators=(",", ":"))) == characters
        return validate_view(view)

    assert sized(250_000) == []
    [problem] = sized(250_001)
    assert (problem.pointer, problem.code) == ("/view", "view_too_large")


def test_a_problem_reads_as_slack_writes_it() -> None:
    [problem] = in_message(header(), section(text=mrkdwn("x" * 3001)))
    assert (
        rendered(problem)
        == "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"
    )


def test_text_of_a_message_is_cut_rather_than_refused() -> None:
    assert validate_message(text="x" * 50_000, blocks=None) == []
