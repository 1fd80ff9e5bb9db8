"""Who and what Slack knows: people by id or e-mail, channels, and who is in them."""

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers.home.places import is_zone
from models.statuses import StatusSaid

PAGE = 200
AT_ONCE = 8
"""How many people are asked for at the same time: a listener has three seconds."""


class SlackRefused(Exception):
    """Slack would not answer. Its text is one sentence."""


@dataclass(frozen=True)
class Installation:
    """The workspace whose bot asks; what is empty is not told."""

    workspace_id: str
    workspace_name: str = ""
    bot_user_id: str = ""


@dataclass(frozen=True)
class Account:
    """Somebody in Slack."""

    slack_id: str
    name: str
    email: str | None
    zone: str | None  # none where Slack says none that exists
    is_deactivated: bool = False
    is_bot: bool = False
    is_guest: bool = False
    runs_slack: bool = False  # an admin or owner of the workspace
    status: StatusSaid | None = None


@dataclass(frozen=True)
class ChannelFacts:
    """A channel as Slack describes it to the bot."""

    id: str
    name: str
    is_private: bool
    is_archived: bool
    is_shared: bool  # with another company
    bot_is_in: bool


class Directory(Protocol):
    """Where setup looks people and channels up."""

    def installation(self) -> Installation:
        """Which workspace this is."""
        ...

    def person(self, who: str) -> Account | None:
        """By e-mail or Slack id; None: nobody in this workspace."""
        ...

    def channel(self, word: str) -> ChannelFacts | None:
        """By id (C…) or name (#west); None where the bot sees no such channel."""
        ...

    def guests_in(self, channel_id: str, /) -> list[str]:
        """The names of the guests in a channel."""
        ...


class SlackDirectory:
    """Slack itself. Each person and channel is asked for once."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._people: dict[str, Account | None] = {}
        self._channels: dict[str, ChannelFacts] | None = None

    def installation(self) -> Installation:
        said = _answer(self._client.auth_test)
        return Installation(said["team_id"], said["team"], said["user_id"])

    def person(self, who: str) -> Account | None:
        if who not in self._people:
            account = self._look_up(who)
            self._people[who] = account
            if account is not None:
                self._people[account.slack_id] = account
        return self._people[who]

    def channel(self, word: str) -> ChannelFacts | None:
        if re.fullmatch(r"[CG][A-Z0-9]{2,}", word):
            said = _answer(
                lambda: self._client.conversations_info(channel=word), none=("channel_not_found",)
            )
            return _channel(said["channel"]) if said else None
        if self._channels is None:
            self._channels = {found.name: found for found in self._list()}
        return self._channels.get(word.removeprefix("#").casefold())

    def guests_in(self, channel_id: str) -> list[str]:
        found = self.people(self._members(channel_id))
        return [account.name for account in found.values() if account and account.is_guest]

    def people(self, slack_ids: Iterable[str]) -> dict[str, Account | None]:
        """Several at once, each as `person` finds them."""
        wanted = [*dict.fromkeys(slack_ids)]
        with ThreadPoolExecutor(AT_ONCE) as threads:
            return dict(zip(wanted, threads.map(self.person, wanted), strict=True))

    def who_run_slack(self) -> list[Account]:
        """Admins and owners among the first of the workspace's people."""
        said = _answer(lambda: self._client.users_list(limit=PAGE))
        found = [_account(user) for user in said["members"]]
        return [one for one in found if one.runs_slack and not one.is_deactivated]

    def _look_up(self, who: str) -> Account | None:
        if "@" in who:
            said = _answer(
                lambda: self._client.users_lookupByEmail(email=who), none=("users_not_found",)
            )
        else:
            said = _answer(
                lambda: self._client.users_info(user=who),
                none=("user_not_found", "user_not_visible"),
            )
        return _account(said["user"]) if said else None

    def _list(self) -> Iterator[ChannelFacts]:
        for page in self._pages(
            lambda cursor: self._client.conversations_list(
                types="public_channel,private_channel", limit=PAGE, cursor=cursor
            )
        ):
            yield from (_channel(channel) for channel in page["channels"])

    def _members(self, channel_id: str) -> Iterator[str]:
        for page in self._pages(
            lambda cursor: self._client.conversations_members(
                channel=channel_id, limit=PAGE, cursor=cursor
            )
        ):
            yield from page["members"]

    def _pages(self, ask: Callable[[str], Any]) -> Iterator[Any]:
        cursor = ""
        while True:
            page = _answer(lambda: ask(cursor))  # noqa: B023 - asked at once
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


def _answer(ask: Callable[[], Any], none: tuple[str, ...] = ()) -> Any:
    """Slack's answer; None for the errors that mean that there is nothing. Raises SlackRefused."""
    try:
        return ask()
    except SlackApiError as refused:
        error = str(refused.response.get("error"))
        if error in none:
            return None
        raise SlackRefused(_why(error, refused.response.get("needed"))) from None
    except OSError as error:
        raise SlackRefused(f"Slack cannot be reached: {error}.") from None


def _why(error: str, needed: str | None) -> str:
    if error == "missing_scope":
        return (
            f"Slack refused: the bot lacks the scope {needed}. "
            "Install the app again with this version's manifest.json."
        )
    if error in ("invalid_auth", "not_authed", "token_revoked", "account_inactive"):
        return f"Slack does not accept SLACK_BOT_TOKEN ({error}): copy it from Install App."
    return f"Slack refused: {error}."


_GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger")
_RUNS_SLACK = ("is_admin", "is_owner", "is_primary_owner")


def is_guest(user: dict[str, Any]) -> bool:
    """Whether Slack's words about somebody say that they are a guest, or of another company."""
    return any(user.get(word) for word in _GUEST)


def zone_of(user: dict[str, Any]) -> str | None:
    """The zone of somebody's profile; None where it names none that exists."""
    zone = user.get("tz")
    return zone if zone and is_zone(zone) else None


def status_of(user: dict[str, Any]) -> StatusSaid:
    """The status of somebody's profile. Its end is in seconds, 0 for none (docs.slack.dev, "User
    presence and status")."""
    profile = user.get("profile") or {}
    ends = profile.get("status_expiration") or 0
    return StatusSaid(
        emoji=profile.get("status_emoji") or "",
        text=profile.get("status_text") or "",
        ends_at=datetime.fromtimestamp(ends, UTC) if ends else None,
    )


def _account(user: dict[str, Any]) -> Account:
    profile = user.get("profile", {})
    return Account(
        slack_id=user["id"],
        name=profile.get("real_name") or user.get("real_name") or user["name"],
        email=(profile.get("email") or "").casefold() or None,
        zone=zone_of(user),
        is_deactivated=bool(user.get("deleted")),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_guest=is_guest(user),
        runs_slack=any(user.get(word) for word in _RUNS_SLACK),
        status=status_of(user),
    )


def _channel(channel: dict[str, Any]) -> ChannelFacts:
    return ChannelFacts(
        id=channel["id"],
        name=channel["name"],
        is_private=bool(channel.get("is_private")),
        is_archived=bool(channel.get("is_archived")),
        is_shared=bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")),
        bot_is_in=bool(channel.get("is_member")),
    )
