"""What the little app of the page's tests shows: blocks, forms, a Home."""

from typing import Any

DEALS = ("Nexus Corp", "Orbit", "Halcyon", "Tern", "Quill", "Vega")
FACES = ("disappointed", "slightly_frowning_face", "neutral_face", "slightly_smiling_face")
GUIDE = "https://guide.test/coaching"

Json = dict[str, Any]


def text(words: str, **more: Any) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": words, "emoji": True, **more}


def mrkdwn(words: str) -> Json:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": words}


def section(block_id: str, words: str, **more: Any) -> Json:
    """A section of mrkdwn."""
    return {"type": "section", "block_id": block_id, "text": mrkdwn(words), **more}


def button(words: str, action_id: str, **more: Any) -> Json:
    """A button."""
    return {"type": "button", "text": text(words), "action_id": action_id, "value": words, **more}


def option(words: str, value: str, description: str = "") -> Json:
    """An option."""
    more = {"description": text(description)} if description else {}
    return {"text": text(words), "value": value, **more}


def asks(block_id: str, label: str, element: Json, **more: Any) -> Json:
    """An input block."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": text(label),
        "element": {"action_id": "it", **element},
        **more,
    }


def modal(title: str, callback_id: str, blocks: list[Json], **more: Any) -> Json:
    """A modal with a submit button."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": text(title),
        "submit": text("Save"),
        "close": text("Cancel"),
        "blocks": blocks,
        **more,
    }


def decide(channel: str) -> Json:
    """A form whose reason must say something."""
    decisions = [
        option("Advance", "advance", "Not possible: two questions are open"),
        option("Demote", "demote"),
        option("Hold", "hold"),
    ]
    return modal(
        "Decide · Nexus Corp",
        "decide",
        [
            section("intro", "*1 of 3 proved.* Open: the review meeting."),
            asks("decision", "Decision", {"type": "radio_buttons", "options": decisions}),
            asks(
                "reason",
                "Reason",
                {"type": "plain_text_input", "multiline": True, "max_length": 60},
                hint=text("One sentence that makes sense in a month."),
            ),
            asks(
                "owner",
                "Owner",
                {"type": "users_select", "placeholder": text("Select a person")},
            ),
            {
                "type": "actions",
                "block_id": "more",
                "elements": [button("Deeper", "deeper"), button("Refresh", "refresh")],
            },
        ],
        private_metadata=channel,
    )


def deeper(asked: str = "") -> Json:
    """A form on top of that one, whose field is told when one presses Enter."""
    typed = {"type": "plain_text_input", "action_id": "why"}
    ask = asks("why", "Why so", typed, optional=True, dispatch_action=True)
    return modal(
        "Deeper", "deeper", [ask, *([section("asked", f"Asked: {asked}")] if asked else [])]
    )


def every_field(channel: str) -> Json:
    """A form with every kind of field."""
    stages = [option(f":pushpin: {name}", name, "open") for name in DEALS]
    groups = [
        {"label": text("Open"), "options": [option("Qualified", "q"), option("Proposal", "p")]},
        {"label": text("Closed"), "options": [option("Won", "w"), option("Lost", "l")]},
    ]
    ticks = [option("Still true", "yes", "as on 12 Nov"), option("Told by them", "told")]
    fields: dict[str, tuple[str, Json]] = {
        "deal": ("Deal", {"type": "static_select", "options": stages}),
        "stage": ("Stage", {"type": "static_select", "option_groups": groups}),
        "deals": (
            "Deals reviewed",
            {"type": "multi_static_select", "options": stages, "max_selected_items": 3},
        ),
        "who": ("Who", {"type": "users_select"}),
        "people": ("People", {"type": "multi_users_select"}),
        "channel": ("Channel", {"type": "channels_select"}),
        "talk": ("Conversation", {"type": "conversations_select"}),
        "day": ("Day", {"type": "datepicker", "initial_date": "2026-12-01"}),
        "time": ("Time", {"type": "timepicker"}),
        "moment": ("Moment", {"type": "datetimepicker"}),
        "minutes": ("Minutes", {"type": "number_input", "is_decimal_allowed": False}),
        "mail": ("E-mail", {"type": "email_text_input"}),
        "link": ("Link", {"type": "url_text_input"}),
        "ticks": ("Ticks", {"type": "checkboxes", "options": ticks}),
    }
    blocks = [asks(id, label, el, optional=True) for id, (label, el) in fields.items()]
    return modal("Every field", "every", blocks, private_metadata=channel)


def upload() -> Json:
    """A form that asks for files."""
    few = {"type": "file_input", "filetypes": ["csv", "png"], "max_files": 2}
    hint = text("As exported from the CRM, or a picture of the board.")
    one = {"type": "file_input", "max_files": 1}
    fields = [asks("deals", "Deals", few, hint=hint), asks("one", "Notes", one, optional=True)]
    return modal("Bring your deals", "every", fields)


def moment(kind: str = "", told: str = "") -> Json:
    """A form that changes while it is filled in: whatever one does in it is told and said."""
    kinds = [option("About a deal", "deal", "The deal is asked for"), option("A habit", "habit")]
    groups = [
        {"label": text("Open"), "options": [option("Nexus Corp", "n"), option("Orbit", "o")]},
        {"label": text("Closed"), "options": [option("Vega", "v")]},
    ]
    topics = [option(topic, topic.lower()) for topic in ("Discovery", "Pricing", "Closing")]
    while_typing = {"trigger_actions_on": ["on_character_entered"]}
    typed = {"type": "plain_text_input", "dispatch_action_config": while_typing}
    many = {"type": "multi_static_select", "options": topics, "max_selected_items": 2}
    minutes = {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": "5",
        "max_value": "90",
    }
    deal = asks("deal", "Deal", {"type": "static_select", "option_groups": groups})
    return modal(
        "A coaching moment",
        "moment",
        [
            section("intro", "*What did you see?*", accessory=overflow(sure())),
            asks("kind", "Kind", {"type": "radio_buttons", "options": kinds}, dispatch_action=True),
            *([deal] if kind == "deal" else []),
            asks("topics", "Topics", many, dispatch_action=True),
            asks("heading", "In a word", typed, dispatch_action=True, optional=True),
            asks("note", "Note", {"type": "plain_text_input", "multiline": True}),
            asks("at", "When", {"type": "datetimepicker"}, optional=True),
            asks("minutes", "Minutes", minutes, optional=True),
            {
                "type": "actions",
                "block_id": "plan",
                "elements": [
                    {"type": "datepicker", "action_id": "day"},
                    {"type": "timepicker", "action_id": "time"},
                    {"type": "datetimepicker", "action_id": "both"},
                    button("Another", "another", style="primary"),
                ],
            },
            {"type": "context", "block_id": "told", "elements": [mrkdwn(f"Told: {told or '–'}")]},
        ],
    )


def quotes() -> list[Json]:
    """Rich text as people's own words and code are shown."""
    words = [{"type": "text", "text": "She asked, then waited."}]
    code = [{"type": "text", "text": "ask();\nwait();"}]
    return [
        {
            "type": "rich_text",
            "block_id": "words",
            "elements": [
                {"type": "rich_text_quote", "elements": words},
                {"type": "rich_text_preformatted", "elements": code},
            ],
        }
    ]


def sure() -> Json:
    """A confirm dialog."""
    return {
        "title": text("Are you sure?"),
        "text": mrkdwn("It cannot be *undone*."),
        "confirm": text("Yes"),
        "deny": text("No"),
    }


def rating(said: str = "") -> list[Json]:
    """A question with faces; once answered, what was said."""
    if said:
        return [section("rated", said, accessory=overflow())]
    faces = [button(f"{n} :{face}:", f"rate_{n}") for n, face in enumerate(FACES, 1)]
    sure = {
        "title": text("Did it really not happen?"),
        "text": mrkdwn("Your manager is *told*."),
        "confirm": text("It did not"),
        "deny": text("Back"),
        "style": "danger",
    }
    return [
        section("ask", "*Your one-on-one with <@U0MAX>.* Did it help you?"),
        {
            "type": "actions",
            "block_id": "rate",
            "elements": [*faces, button("It did not happen", "rate_0", confirm=sure)],
        },
    ]


def overflow(confirm: Json | None = None) -> Json:
    """A menu."""
    options = [
        option("Change it", "change"),
        option("Add a comment", "comment", "Your manager and you can read it, nobody else"),
        {**option("How to coach", "guide"), "url": GUIDE},
    ]
    more = {"confirm": confirm} if confirm else {}
    return {"type": "overflow", "action_id": "menu", "options": options, **more}


def home(words: str) -> Json:
    """The Home tab."""
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "block_id": "head", "text": text(":calendar: Today")},
            section("now", words, accessory=button("Look again", "again")),
            section("menu", "Your next one-on-one", accessory=overflow()),
        ],
    }
