"""Socket Mode: Slack's requests over a WebSocket that the bot opens, so no public address."""

import logging
from contextlib import suppress
from socket import SHUT_RDWR

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.socket_mode import SocketModeClient

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
        """As `hang_up`; Slack asks another process for the rest."""
        hang_up(self._handler.client)


def hang_up(client: SocketModeClient) -> None:
    """Takes nothing new, answers what is under way, then closes the connection."""
    client.auto_reconnect_enabled = False
    client.closed = True
    client.message_queue.put(None)  # wakes the thread that hands messages out, to see it
    client.message_processor.event.set()
    client.message_processor.thread.join()
    client.message_workers.shutdown()
    session = client.current_session
    if session is not None and session.sock is not None:
        # wakes the SDK's receiving thread, which close() would wait seconds for
        with suppress(OSError):
            session.sock.shutdown(SHUT_RDWR)
    receiving = client.current_session_runner
    receiving.event.set()
    while receiving.is_alive():
        # again and again: a thread that has only just begun forgets it, and close() waits for ever
        client.current_session_state.terminated = True
        receiving.thread.join(0.02)
    try:
        client.close()
    except AttributeError:  # the SDK's own, after it has reconnected (house.md, Measured)
        log.info("the socket was already closed")
