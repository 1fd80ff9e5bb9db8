"""Socket Mode: Slack's requests over a WebSocket that the bot opens, so no public address."""

import logging
from contextlib import suppress
from functools import partial
from socket import SHUT_RDWR

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState

from bot.tokens import slack_client

log = logging.getLogger(__name__)


class Socket:
    """One connection of this process, kept open by the SDK's own reconnecting."""

    def __init__(self, bolt: App, app_token: str, api_url: str) -> None:
        client = slack_client(None, api_url)
        self._handler = SocketModeHandler(bolt, app_token, web_client=client)
        # the handler reads proxies of the environment even for an address of this machine
        self._handler.client.proxy = client.proxy
        follow_connections(self._handler.client)

    def start(self) -> None:
        self._handler.client.connect()

    def is_connected(self) -> bool:
        return bool(self._handler.client.is_connected())

    def stop(self) -> None:
        """As `hang_up`; Slack asks another process for the rest."""
        hang_up(self._handler.client)


def follow_connections(client: SocketModeClient) -> None:
    """Before it connects: its receiving thread leaves each connection when that is closed.

    The SDK tells it so by a flag that it replaces just after the connection; a thread that looks in
    between has the old flag for good, hears nothing after the next reconnect and never ends.
    """
    client.current_session_runner.target = partial(_receive, client)


def _receive(client: SocketModeClient) -> None:
    session = client.current_session
    if session is None or not session.is_active():
        return
    try:
        session.run_until_completion(_UntilClosed(session))
    except Exception as error:  # whatever it was, the next connection is to be heard
        log.error("receiving failed: %s", type(error).__name__)


class _UntilClosed(ConnectionState):
    """Says to a receiving thread whether its own connection is closed."""

    def __init__(self, session: Connection) -> None:
        self._session = session

    @property
    def terminated(self) -> bool:
        return not self._session.is_active()

    @terminated.setter
    def terminated(self, value: bool) -> None:
        """The SDK sets it where it has closed the connection."""


def hang_up(client: SocketModeClient) -> None:
    """Takes nothing new, answers what is under way, then closes the connection.

    The client follows its connections (`follow_connections`).
    """
    client.default_auto_reconnect_enabled = client.auto_reconnect_enabled = False
    client.closed = True
    client.message_queue.put(None)  # wakes the thread that hands messages out, to see it
    client.message_processor.event.set()
    client.message_processor.thread.join()
    client.message_workers.shutdown()
    session = client.current_session
    if session is not None and session.sock is not None:
        # wakes the receiving thread, which closing would wait seconds for
        with suppress(OSError):
            session.sock.shutdown(SHUT_RDWR)
        with suppress(AttributeError):  # the SDK's own, where that thread closes it meanwhile
            session.disconnect()
    client.close()
