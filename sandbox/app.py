"""An app that is installed in the workspace."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.manifest import Manifest


@dataclass
class App:
    """An installed app: its manifest, its tokens and how it is reached.

    With `request_url` it is spoken to by signed HTTP, without by Socket Mode. `revoked` means
    that it was removed from the workspace: its tokens no longer work.
    """

    id: str
    manifest: dict[str, Any]
    bot_user_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    request_url: str | None = None
    bot_id: str = ""
    verification_token: str = ""
    revoked: bool = False
    declared: Manifest = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Reads the manifest. Raises BadManifest."""
        self.declared = Manifest.parse(self.manifest)
        self.bot_id = self.bot_id or f"B{self.id[1:]}"
        self.verification_token = self.verification_token or f"verification-{self.id}"

    def reach_as(self, installed: "App") -> None:
        """Goes by the manifest, the tokens and the address of the same app as it is installed."""
        self.manifest, self.declared = installed.manifest, installed.declared
        self.bot_token, self.app_token = installed.bot_token, installed.app_token
        self.signing_secret = installed.signing_secret
        self.verification_token = installed.verification_token
        self.request_url = installed.request_url

    @property
    def name(self) -> str:
        """The app's name."""
        return self.declared.name

    @property
    def bot_name(self) -> str:
        """What people see as the author of its messages."""
        return self.declared.bot_display_name or self.declared.name

    @property
    def scopes(self) -> frozenset[str]:
        """What its bot token is granted: what the manifest asks for."""
        return self.declared.bot_scopes

    @property
    def messages_tab(self) -> bool:
        """Whether people and the app may write to each other, unless the manifest says no."""
        home = self.manifest.get("features", {}).get("app_home", {})
        return home.get("messages_tab_enabled") is not False

    def profile(self, team_id: str, url: str) -> dict[str, Any]:
        """The `bot_profile` in its messages."""
        return {
            "id": self.bot_id,
            "deleted": self.revoked,
            "name": self.bot_name,
            "updated": 0,
            "app_id": self.id,
            "user_id": self.bot_user_id,
            "icons": {
                f"image_{size}": f"{url}avatars/{self.bot_user_id}-{size}.svg"
                for size in (36, 48, 72)
            },
            "team_id": team_id,
        }

    def as_page(self, connected: bool) -> dict[str, Any]:
        """What the page draws of it; `connected` is whether it can be reached."""
        return {
            "id": self.id,
            "name": self.name,
            "bot_user_id": self.bot_user_id,
            "connected": connected,
            "home_enabled": self.declared.home_enabled,
            "messages_tab": self.messages_tab,
            "messages_tab_read_only": self.declared.messages_tab_read_only,
            "commands": [
                {
                    "command": command.command,
                    "description": command.description,
                    "usage_hint": command.usage_hint,
                }
                for command in self.declared.commands
            ],
            "shortcuts": [
                {
                    "name": shortcut.name,
                    "type": shortcut.type,
                    "callback_id": shortcut.callback_id,
                    "description": shortcut.description,
                }
                for shortcut in self.declared.shortcuts
            ],
        }
