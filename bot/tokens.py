"""The one seam for tokens: which bot token serves a workspace.

Today one token from the environment serves the one workspace it belongs to; installations by
OAuth will bring a store of many behind the same two questions.
"""

import ssl
from dataclasses import dataclass
from functools import cache

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
)

TIMEOUT_SECONDS = 10


@dataclass(frozen=True)
class Tokens:
    """The installation behind one bot token, as Slack's auth.test describes it."""

    workspace_id: str
    workspace_name: str
    bot_user_id: str
    bot_id: str
    token: str
    api_url: str

    def token_for(self, workspace_id: str) -> str | None:
        """The bot token of this workspace, or None where the app is not installed."""
        return self.token if workspace_id == self.workspace_id else None

    def client_for(self, workspace_id: str) -> WebClient:
        """A client that never repeats a call by itself. Raises LookupError where not installed."""
        token = self.token_for(workspace_id)
        if token is None:
            raise LookupError(f"not installed in {workspace_id}")
        return slack_client(token, self.api_url)

    def authorize(self, team_id: str | None) -> AuthorizeResult | None:
        """Bolt's question for each request, answered without asking Slack."""
        token = self.token_for(team_id or "")
        if token is None:
            return None
        return AuthorizeResult(
            enterprise_id=None,
            team_id=team_id,
            bot_user_id=self.bot_user_id,
            bot_id=self.bot_id,
            bot_token=token,
        )


def slack_client(token: str | None, api_url: str) -> WebClient:
    """A WebClient without the SDK's retries, which would post twice (house.md, Measured).

    On this machine's own addresses no proxy of the environment is used.
    """
    client = WebClient(
        token, base_url=api_url, timeout=TIMEOUT_SECONDS, ssl=_tls(), retry_handlers=[]
    )
    if api_url.startswith("http://"):
        client.proxy = None
    return client


def asking_client(token: str, api_url: str) -> WebClient:
    """One for a command that only asks, where asking again does no harm."""
    client = slack_client(token, api_url)
    client.retry_handlers = [
        ConnectionErrorRetryHandler(max_retry_count=2),
        RateLimitErrorRetryHandler(max_retry_count=10),
    ]
    return client


@cache
def _tls() -> ssl.SSLContext:
    """One for the process: the SDK would read the machine's certificates for each call anew."""
    return ssl.create_default_context()


def find_installation(token: str, api_url: str) -> Tokens:
    """Asks Slack whose token this is. Raises SlackApiError (invalid_auth…) or OSError."""
    client = slack_client(token, api_url)
    said = client.auth_test()
    return Tokens(
        workspace_id=said["team_id"],
        workspace_name=said["team"],
        bot_user_id=said["user_id"],
        bot_id=said["bot_id"],
        token=token,
        api_url=api_url,
    )
