"""Modals, from open to closed, as a Bolt app and a person live through them."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.person import ActingPerson
from sandbox.refused import Refused
from tests.sandbox.little import Connect, Little, Serve
from tests.sandbox.test_interactions import SELECT


def modal(*blocks: dict[str, Any], title: str = "Form", **more: Any) -> dict[str, Any]:
    """A modal with a field `why` unless other blocks are given."""
    return {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Save"},
        "blocks": [*blocks] or [field("why")],
        **more,
    }


def field(block_id: str, **element: Any) -> dict[str, Any]:
    """An input block."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": block_id.title()},
        "element": {"type": "plain_text_input", "action_id": "text", **element},
    }


def opens(little: Little, view: dict[str, Any]) -> None:
    """Has /little open a view."""

    @little.bolt.command("/little")
    def answer(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)


def opened(max_: ActingPerson) -> None:
    """Has it opened."""
    assert max_.command("C0WEST", "/little") == {"ok": True}
    max_.wait_for(lambda: max_.modal)


def test_a_modal_is_filled_in_and_submitted(little: Little, max_: ActingPerson) -> None:
    opens(little, modal(private_metadata="deal 7"))

    @little.bolt.view("form")
    def submitted(ack: Any, body: dict[str, Any]) -> None:
        little.seen.append(body)
        ack()

    little.start()
    opened(max_)
    seen = max_.modal
    assert seen
    assert (seen.title, seen.submit, seen.fields) == ("Form", "Save", {"why": "Why"})
    assert max_.submit(why="Because") == {"ok": True}
    assert max_.modal is None

    told = little.seen[0]
    assert told["type"] == "view_submission"
    assert told["trigger_id"]
    assert told["response_urls"] == []
    view = told["view"]
    assert view["id"] == view["root_view_id"] == seen.id
    assert view["previous_view_id"] is None
    assert view["private_metadata"] == "deal 7"
    assert view["state"]["values"] == {
        "why": {"text": {"type": "plain_text_input", "value": "Because"}}
    }
    assert (view["app_id"], view["bot_id"]) == ("A0LITTLE", "B0LITTLE")


def test_a_missing_field_stops_it_before_the_app_is_told(
    little: Little, max_: ActingPerson
) -> None:
    opens(little, modal(field("why", min_length=3), {**field("also"), "optional": True}))
    little.bolt.view("form")(lambda ack: little.seen.append(ack()))
    little.start()
    opened(max_)
    assert max_.submit()["errors"] == {"why": "Please complete this required field."}
    assert max_.submit(why="ab")["errors"] == {"why": "Please enter at least 3 characters."}
    assert max_.modal
    assert max_.modal.errors == {"why": "Please enter at least 3 characters."}
    assert max_.modal.values["why"] == "ab"
    assert little.seen == []
    assert max_.submit(why="abc") == {"ok": True}


def test_the_app_may_show_errors_at_fields(little: Little, max_: ActingPerson) -> None:
    opens(little, modal())

    @little.bolt.view("form")
    def submitted(ack: Any, view: dict[str, Any]) -> None:
        value = view["state"]["values"]["why"]["text"]["value"]
        if value == "good":
            ack()
        else:
            ack(response_action="errors", errors={"why": "Not good enough"})

    little.start()
    opened(max_)
    assert max_.submit(why="bad") == {"ok": False, "errors": {"why": "Not good enough"}}
    assert max_.modal
    assert max_.modal.errors == {"why": "Not good enough"}
    assert max_.modal.values["why"] == "bad"
    assert max_.submit(why="good") == {"ok": True}
    assert max_.modal is None


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"elsewhere": "x"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "update", "view": {"type": "home", "blocks": [{"type": "divider"}]}},
        {"response_action": "errors", "errors": {"why": 1}},
        {"response_action": "explode"},
    ],
)
def test_an_answer_that_slack_does_not_understand_is_trouble(
    little: Little, max_: ActingPerson, answer: dict[str, Any]
) -> None:
    opens(little, modal())
    little.bolt.view("form")(lambda ack: ack(**answer))
    little.start()
    opened(max_)
    assert max_.submit(why="x") == {"ok": False, "error": "invalid_response"}
    assert max_.modal
    assert max_.notices() == ["We had some trouble connecting. Try again?"]
    assert little.server.traffic()[-1]["status"] == "invalid_response"


def test_update_push_and_clear(little: Little, max_: ActingPerson) -> None:
    opens(little, modal(title="One"))
    answers: list[dict[str, Any]] = [
        {"response_action": "update", "view": modal(field("why"), field("how"), title="Two")},
        {"response_action": "push", "view": modal(field("what"), title="Three")},
        {},
        {"response_action": "clear"},
    ]
    little.bolt.view("form")(lambda ack: ack(**answers.pop(0)))
    little.start()
    opened(max_)
    root = max_.modals[0].id

    max_.submit(why="kept")
    assert [m.title for m in max_.modals] == ["Two"]
    assert max_.modals[0].values == {"why": "kept", "how": None}

    max_.submit(how="so")
    assert [m.title for m in max_.modals] == ["Two", "Three"]
    assert max_.modals[1].json["previous_view_id"] == root
    assert max_.modals[1].json["root_view_id"] == root

    max_.submit(what="x")
    assert [m.title for m in max_.modals] == ["Two"]
    max_.submit()
    assert max_.modals == []


def test_a_stack_holds_three(little: Little, max_: ActingPerson) -> None:
    opens(little, modal())
    little.bolt.view("form")(lambda ack: ack(response_action="push", view=modal()))
    little.start()
    opened(max_)
    max_.submit(why="x")
    max_.submit(why="x")
    assert max_.submit(why="x") == {"ok": False, "error": "push_limit_reached"}
    assert len(max_.modals) == 3


def test_views_push_update_and_their_refusals(little: Little, max_: ActingPerson) -> None:
    button = {"type": "button", "action_id": "more", "text": {"type": "plain_text", "text": "+"}}
    actions = {"type": "actions", "block_id": "row", "elements": [button]}
    opens(little, modal(field("why"), actions, external_id="mine"))
    refusals: list[str] = []

    @little.bolt.action("more")
    def more(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        little.seen.append(body)
        try:
            client.views_push(trigger_id=body["trigger_id"], view=modal(actions, title="+"))
        except SlackApiError as error:
            refusals.append(error.response["error"])

    little.start()
    opened(max_)
    first = max_.modal
    assert first
    max_.fill(why="typed")
    max_.click(first, "+")
    told = max_.wait_for(lambda: little.seen)[0]
    assert told["container"] == {"type": "view", "view_id": first.id}
    assert told["view"]["state"]["values"]["why"]["text"]["value"] == "typed"
    assert "response_url" not in told
    assert "message" not in told

    max_.wait_for(lambda: len(max_.modals) == 2)
    max_.click(max_.modals[1], "+")
    max_.wait_for(lambda: len(max_.modals) == 3)
    max_.click(max_.modals[2], "+")
    assert max_.wait_for(lambda: refusals) == ["push_limit_reached"]
    max_.close()
    max_.close()

    view = max_.modal
    assert view
    assert view.values["why"] == "typed"
    client = little.client
    changed = client.views_update(
        external_id="mine", hash=view.json["hash"], view=modal(field("why"), title="New")
    )
    assert changed["view"]["hash"] != view.json["hash"]
    assert max_.modal
    assert (max_.modal.title, max_.modal.values["why"]) == ("New", "typed")
    for wrong, error in (
        ({"view_id": view.id, "hash": view.json["hash"]}, "hash_conflict"),
        ({"view_id": "V0"}, "not_found"),
        ({"external_id": "other"}, "not_found"),
        ({}, "invalid_arguments"),
    ):
        with pytest.raises(SlackApiError, match=error):
            client.api_call("views.update", json={"view": modal(), **wrong})


def test_there_is_nothing_to_push_on_without_a_modal(little: Little, max_: ActingPerson) -> None:
    @little.bolt.command("/little")
    def answer(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        for view in (None, modal()):
            arguments = {"trigger_id": body["trigger_id"], "view": view}
            with pytest.raises(SlackApiError) as refused:
                client.api_call("views.push", json=arguments)
            little.seen.append(refused.value.response["error"])

    little.start()
    max_.command("C0WEST", "/little")
    assert max_.wait_for(lambda: little.seen[1:]) == ["not_found"]
    assert little.seen[0] == "invalid_arguments"


def test_closing_is_told_to_views_that_asked(little: Little, max_: ActingPerson) -> None:
    opens(little, modal(notify_on_close=True))

    @little.bolt.view_closed("form")
    def closed(ack: Any, body: dict[str, Any]) -> None:
        ack()
        little.seen.append(body)

    little.start()
    for all_ in (False, True):
        opened(max_)
        max_.close(all=all_)
        assert max_.modal is None
    max_.wait_for(lambda: len(little.seen) == 2)
    assert [told["is_cleared"] for told in little.seen] == [False, True]
    assert little.seen[0]["view"]["callback_id"] == "form"


def test_closing_is_not_told_to_others(little: Little, max_: ActingPerson) -> None:
    opens(little, modal(clear_on_close=True))
    little.start()
    opened(max_)
    before = little.server.traffic()[-1]["n"]
    max_.close()
    assert [e["kind"] for e in little.server.traffic(before)] == []


def test_a_trigger_works_once_and_three_seconds(start: Serve, connect: Connect) -> None:
    now = [1000.0]
    server = start(rate_limits=False, real_clock=lambda: now[0])
    little = connect(server, "socket")
    max_ = server.as_person("U0MAX")
    triggers: list[str] = []

    @little.bolt.command("/little")
    def answer(ack: Any, body: dict[str, Any]) -> None:
        triggers.append(body["trigger_id"])
        ack()

    little.start()
    max_.command("C0WEST", "/little")
    max_.command("C0WEST", "/little")
    open_ = little.client.views_open
    now[0] += 2.9
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        open_(trigger_id=triggers[0], view={"type": "modal"})
    open_(trigger_id=triggers[0], view=modal())
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        open_(trigger_id=triggers[0], view=modal())
    now[0] += 0.2
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        open_(trigger_id=triggers[1], view=modal())
    now[0] += 600
    max_.command("C0WEST", "/little")
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        open_(trigger_id=triggers[1], view=modal())
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        open_(trigger_id="1.2.abc", view=modal())
    with pytest.raises(SlackApiError, match="not_found"):
        little.client.views_update(view_id="V1", view=modal())


def test_an_external_id_is_unique(little: Little, max_: ActingPerson, lena: ActingPerson) -> None:
    @little.bolt.command("/little")
    def answer(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        try:
            client.views_open(trigger_id=body["trigger_id"], view=modal(external_id="one"))
        except SlackApiError as error:
            little.seen.append(error.response["error"])

    little.start()
    opened(max_)
    lena.command("C0WEST", "/little")
    assert lena.wait_for(lambda: little.seen) == ["duplicate_external_id"]
    assert lena.modal is None


def test_an_update_drops_what_no_longer_fits(little: Little, max_: ActingPerson) -> None:
    def select(*values: str) -> dict[str, Any]:
        options = [{"text": {"type": "plain_text", "text": v}, "value": v} for v in values]
        return {**field("pick"), "element": {**SELECT, "options": options}}

    opens(little, modal(select("a", "b"), field("why")))
    answers = [modal(select("a", "c"), field("why")), modal(field("other"))]
    little.bolt.view("form")(lambda ack: ack(response_action="update", view=answers.pop(0)))
    little.start()
    opened(max_)
    max_.submit(pick="b", why="kept")
    assert max_.modal
    assert max_.modal.values == {"pick": None, "why": "kept"}
    max_.submit(pick="c")
    assert max_.modal
    assert max_.modal.values == {"other": None}


def test_a_dispatching_input_tells_while_it_is_filled_in(
    little: Little, max_: ActingPerson
) -> None:
    opens(little, modal({**field("why"), "dispatch_action": True}, field("how")))

    @little.bolt.action("text")
    def typed(ack: Any, body: dict[str, Any]) -> None:
        ack()
        little.seen.append(body["actions"][0])

    little.start()
    opened(max_)
    view = max_.modal
    assert view
    max_.click(view, "text", "abc", block_id="why")
    assert max_.wait_for(lambda: little.seen)[0]["value"] == "abc"
    with pytest.raises(Refused, match="element_not_found"):
        max_.click(view, "text", "abc", block_id="how")


def test_only_the_topmost_view_of_ones_own_is_submitted(
    little: Little, max_: ActingPerson, lena: ActingPerson
) -> None:
    opens(little, modal())
    little.start()
    opened(max_)
    view = max_.modal
    assert view
    body = {"as": "U0LENA", "view_id": view.id, "values": {}}
    with pytest.raises(Refused, match="view_not_found"):
        little.server.request("POST", "/sandbox/submit", body)
    with pytest.raises(Refused, match="invalid_value"):
        max_.submit(nowhere="x")


def test_submitting_to_nobody_keeps_what_was_typed(little: Little, max_: ActingPerson) -> None:
    opens(little, modal())
    little.start()
    opened(max_)
    little.server.request("POST", "/sandbox/app", {"id": "A0LITTLE", "request_url": None})
    little.stop()
    little.server.wait(lambda: not little.server.connected("A0LITTLE"))
    assert max_.submit(why="dear") == {"ok": False, "error": "dispatch_failed"}
    assert max_.modal
    assert max_.modal.values["why"] == "dear"
