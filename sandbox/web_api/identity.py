"""auth.test, team.info, bots.info, emoji.list, apps.connections.open."""

from sandbox.refused import Refused
from sandbox.web_api.call import Call, Result


def auth_test(call: Call) -> Result:
    """Who the token is."""
    team = call.workspace.team
    if call.caller.kind == "app":
        return {"app_name": call.app.name, "app_id": call.app.id}
    return {
        "url": call.workspace.url,
        "team": team.name,
        "user": call.workspace.people[call.app.bot_user_id].name,
        "team_id": team.id,
        "user_id": call.app.bot_user_id,
        "bot_id": call.app.bot_id,
        "is_enterprise_install": False,
    }


def team_info(call: Call) -> Result:
    """The workspace."""
    return {"team": call.workspace.team.as_slack(call.workspace.url)}


def bots_info(call: Call) -> Result:
    """The bot of an app. Refuses: bot_not_found."""
    bot = call.arguments.text("bot")
    for app in call.workspace.apps:
        if app.bot_id == bot:
            profile = app.profile(call.workspace.team.id, call.workspace.url)
            del profile["team_id"]
            return {"bot": profile}
    raise Refused("bot_not_found")


def emoji_list(_call: Call) -> Result:
    """The workspace's own emoji: there are none."""
    return {"emoji": {}, "cache_ts": "1.0"}


def connections_open(call: Call) -> Result:
    """A new address for one Socket Mode connection."""
    return {"url": call.service.sockets.ticket(call.app)}


METHODS = {
    "auth.test": auth_test,
    "team.info": team_info,
    "bots.info": bots_info,
    "emoji.list": emoji_list,
    "apps.connections.open": connections_open,
}
