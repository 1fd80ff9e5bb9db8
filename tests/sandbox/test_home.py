"""The app's Home: published, used, replaced."""

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.person import ActingPerson
from sandbox.refused import Refused
from tests.sandbox.little import Little, Serve, client_of, manifest_with
from tests.sandbox.test_chat import refused

BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
HOME = {
    "type": "home",
    "private_metadata": "p",
    "blocks": [{"type": "actions", "block_id": "row", "elements": [BUTTON]}],
}


def test_a_home_is_for_one_person(
    client: WebClient, max_: ActingPerson, lena: ActingPerson
) -> None:
    view = client.views_publish(user_id="U0MAX", view=HOME)["view"]
    assert (view["type"], view["private_metadata"]) == ("home", "p")
    assert view["root_view_id"] == view["id"]
    seen = max_.home_now("A0LITTLE")
    assert seen
    assert seen.buttons == ["Go"]
    assert lena.home_now("A0LITTLE") is None
    again = client.views_publish(user_id="U0MAX", view=HOME, hash=view["hash"])["view"]
    assert again["id"] == view["id"]
    assert again["hash"] != view["hash"]


def test_what_cannot_be_published(client: WebClient, start: Serve) -> None:
    view = client.views_publish(user_id="U0MAX", view=HOME)["view"]
    client.views_publish(user_id="U0MAX", view=HOME)
    call = client.views_publish
    stale = refused(call, user_id="U0MAX", view=HOME, hash=view["hash"])
    assert stale["error"] == "hash_conflict"
    unknown = refused(call, user_id="U0NONE", view=HOME)
    assert unknown["response_metadata"]["messages"] == ["invalid `user_id`"]
    modal = {**HOME, "type": "modal", "title": {"type": "plain_text", "text": "x"}}
    assert refused(call, user_id="U0MAX", view=modal)["error"] == "invalid_arguments"
    bad = refused(call, user_id="U0MAX", view={"type": "home", "blocks": [{"type": "x"}]})
    assert bad["error"] == "invalid_arguments"
    assert "json-pointer:/view/blocks/0" in bad["response_metadata"]["messages"][0]
    other = client_of(start(manifest_with(app_home={"home_tab_enabled": False})))
    assert refused(other.views_publish, user_id="U0MAX", view=HOME)["error"] == "not_enabled"


def test_a_button_on_it_is_told_with_the_view(little: Little, max_: ActingPerson) -> None:
    @little.bolt.action("go")
    def go(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        little.seen.append(body)
        view = {**HOME, "blocks": [{"type": "divider"}]}
        client.views_update(view_id=body["view"]["id"], view=view)

    little.start()
    little.client.views_publish(user_id="U0MAX", view=HOME)
    home = max_.home("A0LITTLE")
    assert home
    max_.click(home, "Go")
    told = max_.wait_for(lambda: little.seen)[0]
    assert told["container"] == {"type": "view", "view_id": home.id}
    assert told["view"]["type"] == "home"

    def has_changed() -> bool:
        now = max_.home_now("A0LITTLE")
        return now is not None and not now.buttons

    max_.wait_for(has_changed)
    body = {"as": "U0MAX", "view_id": home.id}
    for endpoint in ("submit", "close"):
        with pytest.raises(Refused, match="view_not_found"):
            little.server.request("POST", f"/sandbox/{endpoint}", body)
