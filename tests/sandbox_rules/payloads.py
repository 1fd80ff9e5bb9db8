"""Small valid payloads, to be broken one place at a time."""

from typing import Any

from sandbox.blocks import Problem, validate_message, validate_view

Json = dict[str, Any]

URL = "https://northwind.test/picture.png"


def plain(text: str = "Text") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "Text") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**keys: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **keys}


def header(text: str = "Text") -> Json:
    return {"type": "header", "text": plain(text)}


def actions(*elements: Json, **keys: Any) -> Json:
    return {"type": "actions", "elements": [*elements], **keys}


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": [*elements]}


def button(**keys: Any) -> Json:
    return {"type": "button", "text": plain("Press"), **keys}


def option(value: str = "a", text: str = "A", **keys: Any) -> Json:
    return {"text": plain(text), "value": value, **keys}


def options(count: int) -> list[Json]:
    return [option(f"v{n}", f"Option {n}") for n in range(count)]


def select(type: str = "static_select", count: int = 2, **keys: Any) -> Json:
    return {"type": type, "options": options(count), **keys}


def element(type: str, **keys: Any) -> Json:
    """The least of an element of any type."""
    least: dict[str, Json] = {
        "button": {"text": plain("Press")},
        "workflow_button": {
            "text": plain("Press"),
            "workflow": {"trigger": {"url": "https://slack.com/shortcuts/Ft0/1"}},
        },
        "image": {"alt_text": "A picture", "image_url": URL},
        "number_input": {"is_decimal_allowed": False},
        "feedback_buttons": {
            "positive_button": {"text": plain("Good"), "value": "good"},
            "negative_button": {"text": plain("Bad"), "value": "bad"},
        },
        "icon_button": {"icon": "trash", "text": plain("Delete")},
    }
    optioned = (
        "static_select",
        "multi_static_select",
        "radio_buttons",
        "checkboxes",
        "overflow",
    )
    with_options = {"options": options(2)} if type in optioned else {}
    return {"type": type, **least.get(type, {}), **with_options, **keys}


def input_block(inside: Json | None = None, **keys: Any) -> Json:
    inside = element("plain_text_input") if inside is None else inside
    return {"type": "input", "label": plain("Label"), "element": inside, **keys}


def confirm(**keys: Any) -> Json:
    return {
        "title": plain("Sure?"),
        "text": plain("It cannot be undone."),
        "confirm": plain("Yes"),
        "deny": plain("No"),
        **keys,
    }


def rich_text(*inline: Json) -> Json:
    inside = [*inline] or [{"type": "text", "text": "Text"}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": inside}]}


def cell(text: str = "Cell") -> Json:
    return {"type": "raw_text", "text": text}


def table(rows: int = 2, columns: int = 2, **keys: Any) -> Json:
    return {"type": "table", "rows": [[cell() for _ in range(columns)]] * rows, **keys}


def data_table(rows: int = 2, columns: int = 2, **keys: Any) -> Json:
    return {**table(rows, columns), "type": "data_table", "caption": "Deals", **keys}


def pie(segments: int = 2, title: str = "Deals") -> Json:
    slices = [{"label": f"S{n}", "value": n + 1} for n in range(segments)]
    chart = {"type": "pie", "segments": slices}
    return {"type": "data_visualization", "title": title, "chart": chart}


def bars(series: int = 2, categories: int = 2, type: str = "bar") -> Json:
    labels = [f"C{n}" for n in range(categories)]
    data = [{"label": label, "value": -1.5} for label in labels]
    chart = {
        "type": type,
        "series": [{"name": f"S{n}", "data": data} for n in range(series)],
        "axis_config": {"categories": labels},
    }
    return {"type": "data_visualization", "title": "Deals", "chart": chart}


def modal(*blocks: Json, **keys: Any) -> Json:
    shown = [*blocks] or [section()]
    submit = {"submit": plain("Save")} if any(b.get("type") == "input" for b in shown) else {}
    return {"type": "modal", "title": plain("Title"), "blocks": shown, **submit, **keys}


def home(*blocks: Json, **keys: Any) -> Json:
    return {"type": "home", "blocks": [*blocks] or [section()], **keys}


def in_message(*blocks: Json) -> list[Problem]:
    """What is wrong with blocks in a message."""
    return validate_message(text="Text", blocks=[*blocks])


def in_modal(*blocks: Json) -> list[Problem]:
    """What is wrong with blocks in a modal."""
    return validate_view(modal(*blocks))


def pointers(problems: list[Problem]) -> list[str]:
    return [problem.pointer for problem in problems]
