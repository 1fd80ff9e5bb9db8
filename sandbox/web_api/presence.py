"""dnd.info, dnd.teamInfo, users.getPresence, users.setPresence."""

from sandbox.refused import Refused
from sandbox.team import Person
from sandbox.web_api.call import Call, Result

MOST = 50
"""People that dnd.teamInfo tells of at once."""


def dnd_info(call: Call) -> Result:
    """Whether and when somebody is not to be disturbed. Refuses: user_not_found."""
    user = call.arguments.text("user") or call.app.bot_user_id
    return _person(call, user).dnd(call.workspace.clock.now())


def dnd_team_info(call: Call) -> Result:
    """The same of up to 50 people. Refuses: no_users_provided, user_not_visible, too_many_users."""
    users = [u.strip() for u in (call.arguments.text("users") or "").split(",") if u.strip()]
    if not users:
        raise Refused("no_users_provided")
    if len(users) > MOST:
        raise Refused("too_many_users")
    people = [call.workspace.people.get(user) for user in users]
    now = call.workspace.clock.now()
    if not all(people):
        raise Refused("user_not_visible")
    return {"users": {person.id: person.dnd(now) for person in people if person}}


def get_presence(call: Call) -> Result:
    """Whether somebody is active or away; of the bot itself, why. Refuses: user_not_found."""
    user = call.arguments.text("user") or call.app.bot_user_id
    presence = _person(call, user).presence
    if user != call.app.bot_user_id:
        return {"presence": presence}
    away = presence == "away"
    return {"presence": presence, "online": not away, "auto_away": False, "manual_away": away}


def set_presence(call: Call) -> Result:
    """Sets the bot away, or back (`auto`). Refuses: invalid_presence."""
    presence = call.arguments.text("presence")
    if presence not in ("auto", "away"):
        raise Refused("invalid_presence")
    bot = call.workspace.people[call.app.bot_user_id]
    call.workspace.change_person(bot, presence="away" if presence == "away" else "active")
    return {}


def _person(call: Call, user: str) -> Person:
    person = call.workspace.people.get(user)
    if person is None:
        raise Refused("user_not_found")
    return person


METHODS = {
    "dnd.info": dnd_info,
    "dnd.teamInfo": dnd_team_info,
    "users.getPresence": get_presence,
    "users.setPresence": set_presence,
}
