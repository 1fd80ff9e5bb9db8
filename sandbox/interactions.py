"""What people do with an app: commands, buttons, modals, Homes, shortcuts.

The app acknowledges within three seconds, or the person is told by Slack that it did not. Unlike
events, none of this is told again.
"""

from typing import Any, Literal

from sandbox import changes, given_files, payloads, values
from sandbox.app import App
from sandbox.blocks import block_of, find
from sandbox.channel import Channel, Message
from sandbox.delivery import Answer, Delivery, Envelope, Unanswered
from sandbox.manifest import Command
from sandbox.refused import Refused
from sandbox.response_urls import ResponseUrl, ResponseUrls, respond
from sandbox.scopes import COMMANDS
from sandbox.suggestions import Place, Suggestions
from sandbox.triggers import Triggers
from sandbox.typed import as_stored
from sandbox.views import View
from sandbox.workspace import Workspace

NOT_A_COMMAND = (
    "`{command}` is not a valid command. In Slack, all messages that start with the “/” character"
    " are interpreted as commands."
)
INVITE = "/invite"  # Slack's own
NOBODY_OF_THAT_NAME = "Nobody here is called {name}."
NOBODY_NAMED = "Whom? Type for example /invite @{name}"
IN_ALREADY = "{name} is already in this channel."
NOT_IN_THREADS = "{command} is not supported in threads. Sorry!"
COMMAND_FAILED = "{command} failed with the error “{error}”"
TIMED_OUT = "Operation timed out. Apps need to respond within 3 seconds."
TROUBLE = "We had some trouble connecting. Try again?"

Outcome = dict[str, Any]
"""What came of it: `{"ok": true}`, or false with `error` or (a modal's) `errors`."""
OK: Outcome = {"ok": True}


class Interactions:
    """Tells apps what people do, and carries out what they answer."""

    def __init__(
        self,
        workspace: Workspace,
        delivery: Delivery,
        triggers: Triggers,
        response_urls: ResponseUrls,
        suggestions: Suggestions,
    ) -> None:
        """Where it happens, what the app is given to answer with, and what it has offered."""
        self._workspace = workspace
        self._delivery = delivery
        self._triggers = triggers
        self._response_urls = response_urls
        self._suggestions = suggestions

    async def command(
        self, user: str, channel: Channel, text: str, thread_ts: str | None
    ) -> Outcome:
        """Runs a slash command; the app may answer with a message in its acknowledgement.

        Slack has no commands in threads ("Enabling interactivity with slash commands").
        """
        command, _, rest = text.strip().partition(" ")
        if command == INVITE and not thread_ts:
            return self._invite(user, channel, rest)
        found = next(((a, c) for a in self._workspace.apps if (c := _known(a, command))), None)
        if found is None:
            return self._notice(user, NOT_A_COMMAND.format(command=command), "unknown_command")
        if thread_ts:
            notice = NOT_IN_THREADS.format(command=command)
            return self._notice(user, notice, "not_supported_in_threads")
        app, known = found
        if known.should_escape:
            rest = as_stored(self._workspace, rest, names=True)
        payload = payloads.command(
            self._workspace,
            app,
            user,
            channel,
            command=command,
            text=rest.strip(),
            trigger_id=self._triggers.issue(app, user),
            response_url=self._response_urls.issue("commands", app, user, channel),
        )
        try:
            answer = await self._delivery.send(app, Envelope("slash_commands", payload))
            self._answer_command(app, user, channel, answer)
        except Unanswered as lost:
            error = lost.error
        except Refused as refused:
            error = refused.error
        else:
            return OK
        return self._notice(user, COMMAND_FAILED.format(command=command, error=error), error)

    async def click_message(
        self,
        user: str,
        channel: Channel,
        message: Message,
        block_id: str,
        action_id: str,
        value: Any = None,
    ) -> Outcome:
        """Uses an element of a message. Raises Refused: element_not_found, invalid_value."""
        app = message.app
        if app is None:
            raise Refused("element_not_found")
        blocks = message.blocks or []
        value = self._offered(user, (channel, message), block_id, action_id, value)
        action = self._action(blocks, block_id, action_id, value)
        chosen = _chosen(blocks, block_id, action_id, value)
        url = self._response_urls.issue("actions", app, user, channel, message)
        payload = {
            **payloads.interaction(self._workspace, app, user, "block_actions"),
            **payloads.from_message(self._workspace, channel, message, url),
            "trigger_id": self._triggers.issue(app, user),
            "state": {"values": values.state(blocks, chosen)[0]},
            "actions": [action],
        }
        return await self._tell(app, user, payload)

    async def click_view(
        self, view: View, block_id: str, action_id: str, value: Any, entered: dict[str, Any] | None
    ) -> Outcome:
        """Uses an element of a modal or Home. Raises Refused: element_not_found, invalid_value."""
        blocks = view.content["blocks"]
        value = self._offered(view.user, view, block_id, action_id, value)
        action = self._action(blocks, block_id, action_id, value)
        self.enter(view, {**(entered or {}), **_chosen(blocks, block_id, action_id, value)})
        payload = {
            **payloads.interaction(self._workspace, view.app, view.user, "block_actions"),
            **payloads.from_view(self._workspace, view),
            "trigger_id": self._triggers.issue(view.app, view.user, view.id),
            "actions": [action],
        }
        return await self._tell(view.app, view.user, payload)

    async def close(self, view: View, *, all: bool) -> Outcome:
        """Closes a modal (`all`, or its `clear_on_close`: the whole stack).

        The app is told of those that asked for it (`notify_on_close`).
        """
        cleared = all or view.flag("clear_on_close")
        for closed in self._workspace.close_modal(view, all=cleared):
            if closed.flag("notify_on_close"):
                payload = {
                    **payloads.interaction(self._workspace, closed.app, closed.user, "view_closed"),
                    "view": given_files.shown(self._workspace, closed),
                    "is_cleared": cleared,
                }
                await self._tell(closed.app, closed.user, payload)
        return OK

    async def shortcut(
        self,
        app: App,
        user: str,
        callback_id: str,
        at: tuple[Channel, Message] | None = None,
    ) -> Outcome:
        """Uses a shortcut: a global one, or `at` a message, which must not be ephemeral.

        Raises Refused: shortcut_not_found.
        """
        kind: Literal["message", "global"] = "message" if at else "global"
        if not app.declared.shortcut(callback_id, kind) or COMMANDS not in app.scopes:
            raise Refused("shortcut_not_found")
        payload = payloads.shortcut(
            self._workspace,
            app,
            user,
            callback_id=callback_id,
            trigger_id=self._triggers.issue(app, user),
            action_ts=self._workspace.stamp(),
        )
        if at:
            channel, message = at
            if message.to or message.subtype == "tombstone":
                raise Refused("shortcut_not_found")
            url = self._response_urls.issue("actions", app, user, channel, message)
            payload = payloads.message_action(self._workspace, channel, message, url, payload)
        return await self._tell(app, user, payload)

    def enter(self, view: View, entered: dict[str, Any]) -> dict[str, str]:
        """Fills in fields of a view; returns Slack's sentences about them, by block_id.

        Raises Refused: invalid_value, for what nobody could have entered.
        """
        blocks = view.content["blocks"]
        unknown = values.unknown(blocks, entered)
        if unknown:
            raise Refused("invalid_value", f"no such field: {', '.join(unknown)}")
        entered = given_files.chosen(self._workspace, view, entered)
        entered = values.by_key(blocks, self._suggestions.chosen(view.user, view, entered))
        try:
            errors = values.state(blocks, {**view.entered, **entered})[1]
        except values.BadValue as bad:
            raise Refused("invalid_value", str(bad)) from bad
        view.entered |= entered
        return errors

    def _offered(self, user: str, place: Place, block_id: str, action_id: str, value: Any) -> Any:
        """What was chosen; of an external select the whole option."""
        key = f"{block_id}/{action_id}"
        return self._suggestions.chosen(user, place, {key: value})[key]

    def _action(self, blocks: list[Any], block_id: str, action_id: str, value: Any) -> Any:
        element = find(blocks, block_id, action_id)
        block = block_of(blocks, block_id) or {}
        if element is None or (block["type"] == "input" and not block.get("dispatch_action")):
            raise Refused("element_not_found")
        try:
            return values.action(element, block_id, value, self._workspace.stamp())
        except (values.BadValue, values.Malformed) as bad:
            raise Refused("invalid_value", str(bad)) from bad

    def _answer_command(self, app: App, user: str, channel: Channel, answer: Answer) -> None:
        body = {"text": answer.body} if isinstance(answer.body, str) else answer.body
        if body:
            url = ResponseUrl(app, user, channel, None, issued=0.0)
            respond(self._workspace, url, body)

    async def _tell(self, app: App, user: str, payload: dict[str, Any]) -> Outcome:
        try:
            await self._delivery.send(app, Envelope("interactive", payload))
        except Unanswered as lost:
            return self._notice(user, TIMED_OUT if lost.timed_out else TROUBLE, lost.error)
        return OK

    def _invite(self, user: str, channel: Channel, names: str) -> Outcome:
        """Adds people and apps to a channel, by name (`@max`) or by what they are called."""
        people = self._workspace.people.values()
        called = names.strip().lstrip("@").casefold()
        if not called:
            notice = NOBODY_NAMED.format(name=next(iter(people)).name)
            return self._notice(user, notice, "no_user")
        found = next(
            (one for one in people if called in (one.name.casefold(), one.real_name.casefold())),
            None,
        )
        if found is None:
            notice = NOBODY_OF_THAT_NAME.format(name=names.strip())
            return self._notice(user, notice, "user_not_found")
        if found.id in channel.members:
            return self._notice(user, IN_ALREADY.format(name=names.strip()), "already_in_channel")
        self._workspace.join(channel, found.id, user)
        return OK

    def _notice(self, user: str, text: str, error: str) -> Outcome:
        self._workspace.tell(changes.Noticed(user, text))
        return {"ok": False, "error": error}


def _known(app: App, command: str) -> Command | None:
    """The app's command, if it may be used."""
    usable = COMMANDS in app.scopes and not app.revoked
    return app.declared.command(command) if usable else None


def _chosen(blocks: list[Any], block_id: str, action_id: str, value: Any) -> dict[str, Any]:
    """The value just chosen, by its key; none for buttons and overflow menus."""
    key = f"{block_id}/{action_id}"
    return {} if values.unknown(blocks, {key: value}) else {key: value}
