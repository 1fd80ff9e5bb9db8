"""The table from an id to what listens: whole ids, each once, and nothing for an unknown one."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import Ack, BoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.routing import RoutedApp


@pytest.fixture
def app() -> RoutedApp:
    return RoutedApp(
        token_verification_enabled=False,
        authorize=lambda: AuthorizeResult(
            enterprise_id=None, team_id="T0NORTH", bot_user_id="U0BOT", bot_token="xoxb-1"
        ),
        process_before_response=True,
        request_verification_enabled=False,
    )


def send(app: RoutedApp, **payload: Any) -> int:
    person = {"team": {"id": "T0NORTH"}, "user": {"id": "U0ANA"}}
    body = urlencode({"payload": json.dumps(person | payload)})
    headers: dict[str, str | Sequence[str]] = {"content-type": "application/x-www-form-urlencoded"}
    return app.dispatch(BoltRequest(body=body, headers=headers)).status


def press(app: RoutedApp, action: str) -> int:
    return send(app, type="block_actions", actions=[{"action_id": action}], trigger_id="1.1.a")


def submit(app: RoutedApp, callback: str) -> int:
    return send(
        app, type="view_submission", view={"id": "V1", "type": "modal", "callback_id": callback}
    )


def test_each_id_has_its_own_listener(app: RoutedApp) -> None:
    heard: list[str] = []

    def listener(name: str) -> Any:
        def hear(ack: Ack, body: dict[str, Any]) -> None:
            heard.append(f"{name} {body['user']['id']}")
            ack()

        return hear

    for name in ("rating.give_1", "rating.give_2"):
        app.action(name)(listener(name))
    app.view("rating.save")(listener("view"))

    assert press(app, "rating.give_2") == 200
    assert press(app, "rating.give_1") == 200
    assert submit(app, "rating.save") == 200
    assert heard == ["rating.give_2 U0ANA", "rating.give_1 U0ANA", "view U0ANA"]


@pytest.mark.parametrize(
    "name", ["rating.give", "rating.give_11", "xrating.give_1", "", "rating.save"]
)
def test_an_unknown_id_is_nobodys(app: RoutedApp, name: str) -> None:
    def fail(ack: Ack) -> None:
        pytest.fail("this was for nobody")

    app.action("rating.give_1")(fail)
    assert press(app, name) == 404
    assert submit(app, name) == 404


def test_what_goes_wrong_in_a_listener_reaches_the_error_handler(app: RoutedApp) -> None:
    told: list[Exception] = []

    def break_down(ack: Ack) -> None:
        raise LookupError("not there")

    app.action("rating.give_1")(break_down)
    app.error(lambda error: told.append(error))
    press(app, "rating.give_1")
    assert [type(one) for one in told] == [LookupError]


def test_an_id_is_taken_once(app: RoutedApp) -> None:
    app.action("rating.give_1")(lambda ack: ack())
    with pytest.raises(ValueError, match="no id of its own"):
        app.action("rating.give_1")(lambda ack: ack())
    app.view("rating.give_1")(lambda ack: ack())  # a modal's ids are others


def test_a_listener_takes_what_there_is(app: RoutedApp) -> None:
    with pytest.raises(ValueError, match="say"):
        app.action("rating.give_1")(lambda ack, say: ack())
    with pytest.raises(ValueError, match="ids alone"):
        app.view("rating.save", matchers=[lambda body: True])
