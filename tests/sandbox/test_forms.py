"""Forms that change while they are filled in, through `ActingPerson`."""

from typing import Any

import pytest

from sandbox.person import ActingPerson, SeenView
from tests.sandbox.little import Little
from tests.sandbox.test_modals import field, modal, opened, opens

Block = dict[str, Any]


def options(*names: str) -> list[dict[str, Any]]:
    """Options by what they say; their values are in small letters."""
    return [{"text": {"type": "plain_text", "text": n}, "value": n.lower()} for n in names]


KIND = {
    **field("kind", type="radio_buttons", options=options("Deal", "Habit")),
    "dispatch_action": True,
}
TOPICS = {
    **field(
        "topics",
        type="multi_static_select",
        options=options("Pricing", "Closing", "Discovery"),
        max_selected_items=2,
    ),
    "dispatch_action": True,
}
STAGE = field(
    "stage",
    type="static_select",
    option_groups=[
        {"label": {"type": "plain_text", "text": "Open"}, "options": options("Proposal")},
        {"label": {"type": "plain_text", "text": "Closed"}, "options": options("Won", "Lost")},
    ],
)
MENU: Block = {
    "type": "section",
    "block_id": "about",
    "text": {"type": "mrkdwn", "text": "About"},
    "accessory": {
        "type": "overflow",
        "action_id": "menu",
        "options": [
            *options("Edit"),
            {
                "text": {"type": "plain_text", "text": "Guide"},
                "value": "guide",
                "description": {"type": "plain_text", "text": "How to coach"},
                "url": "https://guide.test",
            },
        ],
    },
}


@pytest.fixture
def acted(little: Little) -> list[dict[str, Any]]:
    """What the app is told; choosing a kind takes the other field away."""

    @little.bolt.action("text")
    def used(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        action = body["actions"][0]
        if action["block_id"] == "kind":
            asks = [STAGE] if action["selected_option"]["value"] == "deal" else [field("habit")]
            client.views_update(view_id=body["view"]["id"], view=modal(KIND, TOPICS, *asks))
        little.seen.append(body)

    @little.bolt.action("menu")
    def chosen(ack: Any, body: dict[str, Any]) -> None:
        ack()
        little.seen.append(body)

    @little.bolt.view("form")
    def submitted(ack: Any, body: dict[str, Any]) -> None:
        ack()
        little.seen.append(body)

    return little.seen


def shown(max_: ActingPerson) -> SeenView:
    """The topmost modal."""
    view = max_.modal
    assert view
    return view


def held(body: dict[str, Any], block_id: str) -> Any:
    """What a field held when the app was told."""
    (entry,) = body["view"]["state"]["values"][block_id].values()
    return entry


def test_what_was_filled_in_stays_and_what_went_is_not_sent(
    little: Little, max_: ActingPerson, acted: list[dict[str, Any]]
) -> None:
    opens(little, modal(KIND, TOPICS, field("habit")))
    little.start()
    opened(max_)
    max_.fill(habit="Asks first", topics=["Pricing"])
    max_.click(shown(max_), "text", "Deal", block_id="kind")
    max_.wait_for(lambda: "stage" in shown(max_).fields)
    assert shown(max_).values == {"kind": "deal", "topics": ["pricing"], "stage": None}
    assert max_.submit(stage="Lost") == {"ok": True}
    told = max_.wait_for(lambda: acted if len(acted) == 2 else [])[-1]
    assert held(told, "kind")["selected_option"]["value"] == "deal"
    assert [o["value"] for o in held(told, "topics")["selected_options"]] == ["pricing"]
    assert held(told, "stage")["selected_option"]["value"] == "lost"
    assert "habit" not in told["view"]["state"]["values"]


def test_what_was_chosen_last_counts(
    little: Little, max_: ActingPerson, acted: list[dict[str, Any]]
) -> None:
    opens(little, modal(KIND, TOPICS, field("habit")))
    little.start()
    opened(max_)
    max_.fill(kind="Deal", topics=["Pricing"], habit="x")
    max_.click(shown(max_), "text", "Habit", block_id="kind")
    max_.click(shown(max_), "text", ["Closing", "Pricing"], block_id="topics")
    max_.submit()
    by_kind, by_topics, submitted = max_.wait_for(lambda: acted if len(acted) == 3 else [])
    assert held(by_kind, "kind")["selected_option"]["value"] == "habit"
    chosen = [o["value"] for o in by_topics["actions"][0]["selected_options"]]
    assert chosen == ["closing", "pricing"]
    assert [o["value"] for o in held(submitted, "topics")["selected_options"]] == chosen
    assert held(submitted, "kind")["selected_option"]["value"] == "habit"


def test_no_more_are_chosen_than_may_be(
    little: Little, max_: ActingPerson, acted: list[dict[str, Any]]
) -> None:
    opens(little, modal(KIND, TOPICS))
    little.start()
    opened(max_)
    outcome = max_.submit(kind="Deal", topics=["Pricing", "Closing", "Discovery"])
    assert outcome == {"ok": False, "errors": {"topics": "Please choose no more than 2."}}
    assert acted == []


def test_an_overflow_menu_tells_the_option(
    little: Little, max_: ActingPerson, acted: list[dict[str, Any]]
) -> None:
    opens(little, modal(MENU, field("why")))
    little.start()
    opened(max_)
    little.client.chat_postMessage(channel="C0WEST", text="x", blocks=[MENU])
    little.client.views_publish(user_id="U0MAX", view={"type": "home", "blocks": [MENU]})
    home = max_.home("A0LITTLE")
    assert home
    for where in (shown(max_), max_.messages("C0WEST")[0], home):
        assert max_.click(where, "menu", "Guide") == {"ok": True}
    told = max_.wait_for(lambda: acted if len(acted) == 3 else [])
    for body in told:
        (action,) = body["actions"]
        assert action["type"] == "overflow"
        assert action["selected_option"] == MENU["accessory"]["options"][1]
    assert [body["container"]["type"] for body in told] == ["view", "message", "view"]


def test_moments_are_seconds_in_forms_and_actions(
    little: Little, max_: ActingPerson, acted: list[dict[str, Any]]
) -> None:
    picker = {"type": "datetimepicker", "action_id": "text"}
    pickers = {"type": "actions", "block_id": "plan", "elements": [picker]}
    opens(little, modal(field("at", type="datetimepicker"), pickers))
    little.start()
    opened(max_)
    max_.click(shown(max_), "text", 1795532400, block_id="plan")
    max_.submit(at=1795536000)
    acting, submitted = max_.wait_for(lambda: acted if len(acted) == 2 else [])
    assert acting["actions"][0]["selected_date_time"] == 1795532400
    assert held(submitted, "plan")["selected_date_time"] == 1795532400
    assert held(submitted, "at")["selected_date_time"] == 1795536000
