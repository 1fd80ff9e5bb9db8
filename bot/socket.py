"""Socket Mode: Slack's requests over a WebSocket that the bot opens, so no public address."""

import logging

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.tokens import slack_client

log = logging.getLogger(__name__)


class Socket:
    """One connection of this process, kept open by the SDK's own reconnecting."""

    def __init__(self, bolt: App, app_token: str, api_url: str) -> None:
        client = slack_client(None, api_url)
        self._handler = SocketModeHandler(bolt, app_token, web_client=client)
        # the handler reads proxies of the environment even for an address of this machine
        self._handler.client.proxy = client.proxy

    def start(self) -> None:
        self._handler.client.connect()

    def is_connected(self) -> bool:
        return bool(self._handler.client.is_connected())

    def stop(self) -> None:
        try:
            self._handler.client.close()
        except AttributeError:  # the SDK's own, after it has reconnected (house.md, Measured)
            log.info("the socket was already closed")
