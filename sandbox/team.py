"""A team and its people, as Slack describes them."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from zlib import crc32
from zoneinfo import ZoneInfo

COLORS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "684b6c")
SIZES = (24, 32, 48, 72, 192, 512)
STATUS = ("status_text", "status_emoji", "status_expiration")
DND = ("dnd_start", "dnd_end")
LONGEST_STATUS = 100
NO_EMOJI = ":speech_balloon:"
"""What a status has that was given without one."""


@dataclass
class Team:
    """A workspace's name; `domain` is what comes before slack.com."""

    id: str
    name: str
    domain: str = "workspace"

    def as_slack(self, url: str) -> dict[str, Any]:
        """The team object of team.info."""
        return {
            "id": self.id,
            "name": self.name,
            "domain": self.domain,
            "email_domain": "",
            "icon": {"image_default": True},
            "url": url,
            "is_verified": False,
            "enterprise_id": None,
            "enterprise_name": None,
        }


@dataclass
class Person:
    """Somebody with an account; a bot's user is one as well. `tz` is an IANA zone, or empty for an
    account of which Slack says none.

    A status has a text of at most 100 characters and an emoji (`:palm_tree:`, a speech balloon if
    none is given), and ends at `status_expiration`, in seconds of business time (0: never).
    docs.slack.dev, "User presence and status". From `dnd_start` to `dnd_end`, in seconds too, they
    are not to be disturbed; with `dnd_end` 0 or past there is no such time.
    """

    id: str
    name: str
    real_name: str = ""
    email: str = ""
    tz: str = "UTC"
    display_name: str = ""
    title: str = ""
    phone: str = ""
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0
    presence: str = "active"
    dnd_start: int = 0
    dnd_end: int = 0
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False
    app_id: str | None = None
    bot_id: str | None = None
    updated: int = 0

    def __post_init__(self) -> None:
        """Completes names and status. Raises for an unknown zone or an impossible status."""
        self.real_name = self.real_name or self.name
        self.clock  # noqa: B018 - an unknown zone is refused at once
        if len(self.status_text) > LONGEST_STATUS:
            raise ValueError(f"status_text has more than {LONGEST_STATUS} characters")
        if not re.fullmatch(r"(:[^:\s]+:)?", self.status_emoji):
            raise ValueError(f"status_emoji must be :a_name: between colons: {self.status_emoji}")
        if self.presence not in ("active", "away"):
            raise ValueError(f"presence must be active or away: {self.presence}")
        if self.status_text and not self.status_emoji:
            self.status_emoji = NO_EMOJI
        if not self.status_emoji:
            self.status_expiration = 0

    @property
    def clock(self) -> ZoneInfo:
        """By which times are shown to them."""
        return ZoneInfo(self.tz or "UTC")

    @property
    def color(self) -> str:
        """The colour that Slack gives each account, always the same for an id."""
        return COLORS[crc32(self.id.encode()) % len(COLORS)]

    def at(self, moment: datetime) -> Self:
        """This account at some moment: a status that has ended by then is empty."""
        if not 0 < self.status_expiration <= moment.timestamp():
            return self
        return replace(self, status_text="", status_emoji="", status_expiration=0)

    def dnd(self, moment: datetime) -> dict[str, Any]:
        """`dnd_status`: the time not to be disturbed that is now or next; 1 for none."""
        if self.dnd_end <= moment.timestamp():
            return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
        return {
            "dnd_enabled": True,
            "next_dnd_start_ts": self.dnd_start,
            "next_dnd_end_ts": self.dnd_end,
        }

    def as_slack(self, team: Team, url: str, *, at: datetime, email: bool) -> dict[str, Any]:
        """The user object of users.info.

        A deactivated account has neither zone nor colour nor roles. `email` is whether the
        reader may see the address (scope users:read.email); `at` is when the zone's offset is
        wanted.
        """
        user: dict[str, Any] = {
            "id": self.id,
            "team_id": team.id,
            "name": self.name,
            "deleted": self.deleted,
            "profile": {**self.profile(url, at=at, email=email), "fields": None, "team": team.id},
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if self.deleted:
            return user
        local = at.astimezone(self.clock)
        offset = local.utcoffset()
        zone = {
            "tz": self.tz,
            "tz_label": local.tzname(),
            "tz_offset": int(offset.total_seconds()) if offset else 0,
        }
        return user | {
            "color": self.color,
            "real_name": self.real_name,
            **(zone if self.tz else {}),
            "is_admin": self.is_admin,
            "is_owner": self.is_owner,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted or self.is_ultra_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_email_confirmed": not self.is_bot,
            "who_can_share_contact_card": "EVERYONE",
        }

    def as_page(self, at: datetime) -> dict[str, Any]:
        """What the page draws of them."""
        now = self.at(at)
        return {
            "id": self.id,
            "name": self.name,
            "real_name": self.real_name,
            "display_name": self.display_name or self.real_name,
            "title": self.title,
            **{key: getattr(now, key) for key in STATUS},
            "presence": self.presence,
            "dnd_start": self.dnd_start,
            "dnd_end": self.dnd_end,
            "email": self.email,
            "tz": self.tz,
            "color": self.color,
            "is_bot": self.is_bot,
            "is_admin": self.is_admin,
            "deleted": self.deleted,
            "app_id": self.app_id,
        }

    def profile(self, url: str, *, at: datetime, email: bool) -> dict[str, Any]:
        """The profile of users.profile.get: what the person says of themselves, and their status.

        Nobody here has custom `fields`.
        """
        now = self.at(at)
        first, _, last = self.real_name.partition(" ")
        profile: dict[str, Any] = {
            "title": self.title,
            "phone": self.phone,
            "skype": "",
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.display_name,
            "display_name_normalized": self.display_name,
            "fields": {},
            **{key: getattr(now, key) for key in STATUS},
            "status_emoji_display_info": [],
            "avatar_hash": f"{crc32(self.id.encode()):012x}",
            "first_name": first,
            "last_name": last,
            "status_text_canonical": "",
        }
        profile |= {f"image_{size}": f"{url}avatars/{self.id}-{size}.svg" for size in SIZES}
        if self.is_bot:
            profile |= {"api_app_id": self.app_id, "bot_id": self.bot_id, "always_active": True}
        elif email and self.email:
            profile["email"] = self.email
        return profile
