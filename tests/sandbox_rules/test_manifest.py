"""A manifest is read as Slack's schema has it, and what is missing is said by its path."""

from typing import Any

import pytest

from sandbox.manifest import BadManifest, Command, Manifest, Shortcut

WHOLE: dict[str, Any] = {
    "display_information": {"name": "Cadence", "description": "A week's rhythm"},
    "features": {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "cadence", "always_online": True},
        "slash_commands": [
            {
                "command": "/pipeline-review",
                "description": "Starts a review",
                "usage_hint": "[status]",
                "url": "https://cadence.test/slack/events",
                "should_escape": True,
            }
        ],
        "shortcuts": [
            {
                "name": "Evidence",
                "type": "message",
                "callback_id": "evidence",
                "description": "Adds this as evidence",
            }
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands"]}},
    "settings": {
        "event_subscriptions": {
            "request_url": "https://cadence.test/slack/events",
            "bot_events": ["app_home_opened", "message.im"],
        },
        "interactivity": {
            "is_enabled": True,
            "request_url": "https://cadence.test/slack/events",
            "message_menu_options_url": "https://cadence.test/slack/options",
        },
        "socket_mode_enabled": False,
    },
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The whole manifest with something else at a dotted path; None takes it away."""

    def inside(part: Any, keys: list[str]) -> Any:
        if not keys:
            return value
        if isinstance(part, list):
            n = int(keys[0])
            return [*part[:n], inside(part[n], keys[1:]), *part[n + 1 :]]
        new = {**part, keys[0]: inside(part.get(keys[0], {}), keys[1:])}
        return {key: item for key, item in new.items() if item is not None}

    return dict(inside(WHOLE, path.split(".")))


def test_a_whole_manifest() -> None:
    assert Manifest.parse(WHOLE) == Manifest(
        name="Cadence",
        description="A week's rhythm",
        bot_display_name="cadence",
        bot_scopes=frozenset({"chat:write", "commands"}),
        commands=(
            Command(
                "/pipeline-review",
                "Starts a review",
                "[status]",
                "https://cadence.test/slack/events",
                should_escape=True,
            ),
        ),
        events=frozenset({"app_home_opened", "message.im"}),
        shortcuts=(Shortcut("Evidence", "message", "evidence", "Adds this as evidence"),),
        socket_mode=False,
        home_enabled=True,
        messages_tab=True,
        messages_tab_read_only=False,
        interactivity=True,
        request_url="https://cadence.test/slack/events",
        interactivity_url="https://cadence.test/slack/events",
        options_url="https://cadence.test/slack/options",
    )


def test_the_least_of_a_manifest() -> None:
    manifest = Manifest.parse({"display_information": {"name": "Cadence"}})
    assert manifest.name == "Cadence"
    assert manifest.bot_display_name is None
    assert (manifest.bot_scopes, manifest.events) == (frozenset(), frozenset())
    assert (manifest.commands, manifest.shortcuts) == ((), ())
    flags = (manifest.socket_mode, manifest.home_enabled, manifest.interactivity)
    assert flags == (False, False, False)
    assert manifest.request_url is None


def test_commands_and_shortcuts_are_found() -> None:
    manifest = Manifest.parse(WHOLE)
    assert manifest.command("/pipeline-review") is manifest.commands[0]
    assert manifest.command("/other") is None
    assert manifest.shortcut("evidence", "message") is manifest.shortcuts[0]
    assert manifest.shortcut("evidence", "global") is None


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("display_information", None, "display_information is required"),
        ("display_information.name", None, "display_information.name is required"),
        ("display_information.name", "", "display_information.name must not be empty"),
        ("display_information.name", "x" * 36, "display_information.name has more than 35"),
        ("features", [], "features must be an object"),
        ("features.bot_user", {}, "features.bot_user.display_name is required"),
        ("features.app_home.home_tab_enabled", "yes", "home_tab_enabled must be true or false"),
        ("features.slash_commands", {}, "features.slash_commands must be an array"),
        ("features.slash_commands.0", "go", r"slash_commands\[0\] must be an object"),
        ("features.slash_commands.0.command", "go", "must be a slash and a word"),
        ("features.slash_commands.0.command", "/go there", "must be a slash and a word"),
        ("features.slash_commands.0.description", None, "description is required"),
        ("features.slash_commands.0.url", "ftp://a", "must start with http:// or https://"),
        ("features.slash_commands", WHOLE["features"]["slash_commands"] * 51, "more than 50"),
        ("features.shortcuts.0.type", "local", "must be global or message"),
        ("features.shortcuts.0.callback_id", None, "callback_id is required"),
        ("features.shortcuts.0.name", "x" * 25, "has more than 24 characters"),
        ("features.shortcuts", WHOLE["features"]["shortcuts"] * 11, "more than 10 items"),
        ("oauth_config.scopes.bot", "chat:write", "oauth_config.scopes.bot must be an array"),
        ("oauth_config.scopes.bot", [1], "must hold strings only"),
        ("settings.event_subscriptions.request_url", 1, "request_url must be a string"),
        ("settings.socket_mode_enabled", 1, "socket_mode_enabled must be true or false"),
    ],
)
def test_what_is_wrong_is_said_by_its_path(path: str, value: Any, sentence: str) -> None:
    with pytest.raises(BadManifest, match=sentence):
        Manifest.parse(changed(path, value))


def test_a_manifest_is_an_object() -> None:
    with pytest.raises(BadManifest, match="the manifest must be an object"):
        Manifest.parse([])  # type: ignore[arg-type]
