"""users.info, users.list, users.lookupByEmail, users.profile.get."""

from sandbox.refused import Refused
from sandbox.scopes import EMAIL
from sandbox.team import Person
from sandbox.web_api.call import Call, Result, page_by_id


def users_info(call: Call) -> Result:
    """One account. Refuses: user_not_found."""
    person = call.workspace.people.get(call.arguments.required("user"))
    if person is None:
        raise Refused("user_not_found")
    return {"user": _shown(call, person)}


def users_list(call: Call) -> Result:
    """All accounts, bots and deactivated ones too. Refuses: invalid_cursor, invalid_limit."""
    people = call.workspace.people
    limit = call.arguments.limit(default=len(people), most=1000)
    ids, next_cursor = page_by_id("user", [*people], call.arguments.text("cursor"), limit)
    return {
        "members": [_shown(call, people[id]) for id in ids],
        "cache_ts": int(call.workspace.clock.now().timestamp()),
        "response_metadata": {"next_cursor": next_cursor},
    }


def users_lookup_by_email(call: Call) -> Result:
    """The account of an address, unless it is deactivated. Refuses: users_not_found."""
    email = call.arguments.required("email").strip().lower()
    for person in call.workspace.people.values():
        if person.email.lower() == email and not person.deleted:
            return {"user": _shown(call, person)}
    raise Refused("users_not_found")


def users_profile_get(call: Call) -> Result:
    """A person's profile and status; without `user` the bot's own. Refuses: user_not_found."""
    workspace = call.workspace
    person = workspace.people.get(call.arguments.text("user") or call.app.bot_user_id)
    if person is None:
        raise Refused("user_not_found")
    email = EMAIL in call.granted
    return {"profile": person.profile(workspace.url, at=workspace.clock.now(), email=email)}


def _shown(call: Call, person: Person) -> dict[str, object]:
    workspace = call.workspace
    user = person.as_slack(
        workspace.team, workspace.url, at=workspace.clock.now(), email=EMAIL in call.granted
    )
    return user | {"locale": "en-US"} if call.arguments.flag("include_locale") else user


METHODS = {
    "users.info": users_info,
    "users.list": users_list,
    "users.lookupByEmail": users_lookup_by_email,
    "users.profile.get": users_profile_get,
}
