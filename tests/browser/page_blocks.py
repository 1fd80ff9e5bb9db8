"""Every block that shows something, filled in as the documentation of Block Kit allows."""

from tests.browser.page_forms import Json, button, mrkdwn, overflow, text

PICTURE = "https://pictures.test/harbour.png"
QUARTERS = ("Q1", "Q2", "Q3", "Q4")
MARKDOWN = """# Weekly summary
## Pipeline
**3 of 5** deals moved, *two* did not, ~~one~~ none was lost. See [the guide](https://guide.test) or `deal.stage`.

1. Nexus Corp
   - proof is due :tada:
   - [x] buyer met
   - [ ] paper signed
2. Orbit

> Said by the buyer:
> we sign **in May**.

| Deal | Stage | Amount |
|:-----|:-----:|-------:|
| Nexus Corp | Proposal | $180,000 |
| Orbit | Qualified | $42,000 |

```python
def close(deal):
    return deal.proved
```
---
#### Next
- Call ***today***
"""  # noqa: E501


def say(words: str, **style: bool) -> Json:
    """A text of a rich text."""
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def rich(*parts: Json) -> Json:
    """A rich text block."""
    return {"type": "rich_text", "elements": [*parts]}


def part(type_: str, *elements: Json, **more: object) -> Json:
    """A part of a rich text."""
    return {"type": f"rich_text_{type_}", "elements": [*elements], **more}


def items(style: str, *words: str, **more: object) -> Json:
    """A list of a rich text."""
    each = [part("section", say(word)) for word in words]
    return part("list", *each, style=style, **more)


def words() -> list[Json]:
    """All elements of rich text."""
    return [
        rich(
            part(
                "section",
                say("Bold, ", bold=True),
                say("italic, ", italic=True),
                say("struck, ", strike=True),
                say("under, ", underline=True),
                say("code", code=True),
                say(" by "),
                {"type": "user", "user_id": "U0MAX"},
                say(" and "),
                {"type": "user", "user_id": "U0ANA"},
                say(" of "),
                {"type": "usergroup", "usergroup_id": "S0SALES"},
                say(" in "),
                {"type": "channel", "channel_id": "C0WEST"},
                say(" "),
                {"type": "broadcast", "range": "here"},
                say(" "),
                {"type": "emoji", "name": "tada"},
                say(" on "),
                {"type": "date", "timestamp": 1_795_000_000, "format": "{date_short} at {time}"},
                say(" "),
                {"type": "color", "value": "#d1365b"},
                say(" "),
                {"type": "link", "url": "https://guide.test", "text": "the guide"},
            ),
            items("ordered", "Third", "Fourth", offset=2),
            items("ordered", "nested", indent=1),
            items("bullet", "deeper", indent=2),
            items("bullet", "with a border", border=1),
            part("quote", say("She asked, then waited.")),
            part("preformatted", say("ask();\nwait();"), language="js"),
        )
    ]


def data_table() -> Json:
    """A data table of two pages."""
    names = ("Nexus", "Orbit", "Halcyon", "Tern", "Quill", "Vega", "Alder")
    rows = [
        [
            {"type": "raw_text", "text": name},
            {"type": "raw_number", "value": (n * 37 % 11), "text": f"${n * 37 % 11},000"},
            rich(part("section", say("ready" if n % 2 else "open", bold=True))),
        ]
        for n, name in enumerate(names)
    ]
    head = [{"type": "raw_text", "text": name} for name in ("Deal", "Amount", "Decision")]
    return {"type": "data_table", "caption": "Deals", "rows": [head, *rows], "page_size": 5}


def table() -> Json:
    """A table with aligned columns."""
    cells = [("Deal", "Stage", "Days"), ("Nexus", "Proposal", "12"), ("Orbit", "Qualified", "3")]
    rows = [[{"type": "raw_text", "text": cell} for cell in row] for row in cells]
    settings = [{"is_wrapped": False}, {"align": "center"}, {"align": "right"}]
    return {"type": "table", "rows": rows, "column_settings": settings}


def chart(kind: str) -> Json:
    """A chart of one kind."""
    if kind == "pie":
        segments = [
            {"label": name, "value": n} for name, n in (("Won", 9), ("Lost", 4), ("Open", 5))
        ]
        return {
            "type": "data_visualization",
            "title": "What became of them",
            "chart": {"type": "pie", "segments": segments},
        }
    series = [
        {
            "name": name,
            "data": [{"label": q, "value": by * (n + 2) % 90} for n, q in enumerate(QUARTERS)],
        }
        for name, by in (("East", 17), ("West", 31), ("North", 23))
    ]
    axes = {"categories": [*QUARTERS], "x_label": "Quarter", "y_label": "Deals"}
    return {
        "type": "data_visualization",
        "title": f"Deals by region, {kind}",
        "chart": {"type": kind, "series": series, "axis_config": axes},
    }


def card(name: str) -> Json:
    """A card."""
    return {
        "type": "card",
        "block_id": f"card-{name}",
        "title": mrkdwn(name),
        "subtitle": mrkdwn("Proposal · $180,000"),
        "body": mrkdwn("The review meeting is *open*."),
        "actions": [button("Decide", f"decide-{name}", style="primary")],
    }


def units() -> list[Json]:
    """Blocks that stand as a unit."""
    thumb = {"text": text("Good"), "value": "good"}
    down = {"text": text("Bad"), "value": "bad"}
    return [
        card("Nexus Corp"),
        {"type": "carousel", "elements": [card("Orbit"), card("Halcyon"), card("Tern")]},
        {
            "type": "container",
            "title": text("What is left"),
            "is_collapsible": True,
            "child_blocks": [{"type": "section", "text": mrkdwn("The *paper*")}],
        },
        {
            "type": "plan",
            "title": "Closing Nexus Corp",
            "tasks": [
                {"type": "task_card", "task_id": "1", "title": "Met", "status": "complete"},
                {"type": "task_card", "task_id": "2", "title": "Signed", "status": "pending"},
            ],
        },
        {
            "type": "video",
            "title": text("How to coach"),
            "video_url": "https://videos.test/1",
            "thumbnail_url": PICTURE,
            "alt_text": "A harbour",
            "provider_name": "Videos",
            "author_name": "Ana",
        },
        {"type": "file", "external_id": "playbook-7", "source": "remote"},
        {"type": "alert", "level": "warning", "text": mrkdwn("*Two* deals have no decision.")},
        {"type": "alert", "level": "error", "text": mrkdwn("The week is closed.")},
        {
            "type": "actions",
            "elements": [
                button("Plain", "plain"),
                button("Save", "save", style="primary"),
                button("Delete", "delete", style="danger"),
                overflow(),
            ],
        },
        {
            "type": "context_actions",
            "block_id": "helped",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "helped",
                    "positive_button": thumb,
                    "negative_button": down,
                },
                {
                    "type": "icon_button",
                    "action_id": "drop",
                    "icon": "trash",
                    "text": text("Delete"),
                    "value": "drop",
                },
            ],
        },
    ]


MESSAGES: dict[str, list[Json]] = {
    "rich text": words(),
    "markdown": [{"type": "markdown", "text": MARKDOWN}],
    "data table": [data_table()],
    "table": [table()],
    **{kind: [chart(kind)] for kind in ("bar", "line", "area", "pie")},
    "units": units(),
}
"""The blocks of some messages, by what they show."""
