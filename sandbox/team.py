"""A team and its people, as Slack describes them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

COLORS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "684b6c")
SIZES = (24, 32, 48, 72, 192, 512)


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
    """Somebody with an account; a bot's user is one as well. `tz` is an IANA zone."""

    id: str
    name: str
    real_name: str = ""
    email: str = ""
    tz: str = "UTC"
    display_name: str = ""
    title: str = ""
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False
    app_id: str | None = None
    bot_id: str | None = None
    updated: int = 0

    def __post_init__(self) -> None:
        """Completes the names and refuses an unknown zone."""
        self.real_name = self.real_name or self.name
        ZoneInfo(self.tz)

    @property
    def color(self) -> str:
        """The colour that Slack gives each account, always the same for an id."""
        return COLORS[crc32(self.id.encode()) % len(COLORS)]

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
            "profile": self._profile(team, url, email=email),
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if self.deleted:
            return user
        offset = at.astimezone(ZoneInfo(self.tz)).utcoffset()
        return user | {
            "color": self.color,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": at.astimezone(ZoneInfo(self.tz)).tzname(),
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_email_confirmed": not self.is_bot,
            "who_can_share_contact_card": "EVERYONE",
        }

    def as_page(self) -> dict[str, Any]:
        """What the page draws of them."""
        return {
            "id": self.id,
            "name": self.name,
            "real_name": self.real_name,
            "display_name": self.display_name or self.real_name,
            "title": self.title,
            "email": self.email,
            "tz": self.tz,
            "color": self.color,
            "is_bot": self.is_bot,
            "is_admin": self.is_admin,
            "deleted": self.deleted,
            "app_id": self.app_id,
        }

    def _profile(self, team: Team, url: str, *, email: bool) -> dict[str, Any]:
        first, _, last = self.real_name.partition(" ")
        profile: dict[str, Any] = {
            "title": self.title,
            "phone": "",
            "skype": "",
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.display_name,
            "display_name_normalized": self.display_name,
            "fields": None,
            "status_text": "",
            "status_emoji": "",
            "status_emoji_display_info": [],
            "status_expiration": 0,
            "avatar_hash": f"{crc32(self.id.encode()):012x}",
            "first_name": first,
            "last_name": last,
            "status_text_canonical": "",
            "team": team.id,
        }
        profile |= {f"image_{size}": f"{url}avatars/{self.id}-{size}.svg" for size in SIZES}
        if self.is_bot:
            profile |= {"api_app_id": self.app_id, "bot_id": self.bot_id, "always_active": True}
        elif email and self.email:
            profile["email"] = self.email
        return profile
