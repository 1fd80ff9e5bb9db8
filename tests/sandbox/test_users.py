"""users.*, team.info and auth.test."""

from slack_sdk import WebClient

from sandbox import Server
from tests.sandbox.little import APP_TOKEN, SCOPES, START, Serve, client_of, manifest_with
from tests.sandbox.test_chat import refused


def test_info(client: WebClient) -> None:
    user = client.users_info(user="U0MAX")["user"]
    assert (user["name"], user["real_name"], user["deleted"]) == ("max", "Max Weber", False)
    assert (user["tz"], user["tz_label"], user["tz_offset"]) == ("Europe/Berlin", "CET", 3600)
    assert user["profile"]["email"] == "max@n.test"
    assert user["profile"]["first_name"] == "Max"
    assert refused(client.users_info, user="U0NONE")["error"] == "user_not_found"
    bot = client.users_info(user="U0BOT")["user"]
    assert (bot["is_bot"], bot["profile"]["bot_id"]) == (True, "B0LITTLE")
    assert bot["profile"]["api_app_id"] == "A0LITTLE"


def test_somebody_deactivated_has_no_zone(client: WebClient) -> None:
    gone = client.users_info(user="U0GONE", include_locale=True)["user"]
    assert gone["deleted"] is True
    assert "tz" not in gone
    assert gone["locale"] == "en-US"


def test_without_the_scope_there_are_no_addresses(start: Serve) -> None:
    scopes = [scope for scope in SCOPES if scope != "users:read.email"]
    client = client_of(start(manifest_with(scopes=scopes)))
    assert "email" not in client.users_info(user="U0MAX")["user"]["profile"]
    assert all("email" not in m["profile"] for m in client.users_list()["members"])
    answer = refused(client.users_lookupByEmail, email="max@n.test")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read.email")


def test_list_by_pages(client: WebClient) -> None:
    everybody = [m["id"] for m in client.users_list()["members"]]
    assert everybody == ["USLACKBOT", "U0MAX", "U0LENA", "U0GONE", "U0BOT"]
    pages = [[m["id"] for m in page["members"]] for page in client.users_list(limit=3)]
    assert [len(page) for page in pages] == [3, 2]
    assert [*pages[0], *pages[1]] == everybody


def test_lookup_by_email(client: WebClient) -> None:
    assert client.users_lookupByEmail(email="MAX@n.test")["user"]["id"] == "U0MAX"
    for email in ("nobody@n.test", "gone@n.test"):
        assert refused(client.users_lookupByEmail, email=email)["error"] == "users_not_found"


def test_a_profile_with_its_status(server: Server, client: WebClient) -> None:
    status = {
        "status_text": "On leave",
        "status_emoji": ":palm_tree:",
        "status_expiration": int(START.timestamp()) + 3600,
    }
    told = {"id": "U0MAX", "title": "Manager", "phone": "+49 30 1", "display_name": "maxw"}
    server.request("POST", "/sandbox/person", {**told, **status})
    profile = client.users_profile_get(user="U0MAX")["profile"]
    assert {key: profile[key] for key in status} == status
    assert (profile["title"], profile["phone"], profile["email"]) == (
        "Manager",
        "+49 30 1",
        "max@n.test",
    )
    assert (profile["real_name"], profile["display_name"]) == ("Max Weber", "maxw")
    assert (profile["first_name"], profile["last_name"]) == ("Max", "Weber")
    assert profile["image_192"] == f"{server.url}/avatars/U0MAX-192.svg"
    assert profile["fields"] == {}
    assert client.users_info(user="U0MAX")["user"]["profile"]["status_text"] == "On leave"
    assert client.users_profile_get()["profile"]["bot_id"] == "B0LITTLE"
    answer = refused(client.users_profile_get, user="U0NONE")
    assert answer["error"] == "user_not_found"


def test_a_profile_needs_its_scope_and_the_address_another(start: Serve) -> None:
    without = [scope for scope in SCOPES if scope != "users.profile:read"]
    answer = refused(
        client_of(start(manifest_with(scopes=without))).users_profile_get, user="U0MAX"
    )
    assert (answer["error"], answer["needed"]) == ("missing_scope", "users.profile:read")
    only = client_of(start(manifest_with(scopes=["users.profile:read"])))
    profile = only.users_profile_get(user="U0MAX")["profile"]
    assert profile["real_name"] == "Max Weber"
    assert "email" not in profile


def test_a_profile_may_be_read_a_hundred_times_a_minute(start: Serve) -> None:
    client = client_of(start(real_clock=lambda: 0.0))
    for _ in range(100):
        client.users_profile_get(user="U0MAX")
    assert refused(client.users_profile_get, user="U0MAX")["error"] == "ratelimited"


def test_team_and_self(client: WebClient, server: Server) -> None:
    team = client.team_info()["team"]
    assert (team["id"], team["name"], team["domain"]) == ("T0NORTH", "Northwind", "northwind")
    me = client.auth_test()
    assert (me["user_id"], me["user"], me["bot_id"]) == ("U0BOT", "little", "B0LITTLE")
    assert (me["team_id"], me["team"], me["url"]) == ("T0NORTH", "Northwind", f"{server.url}/")
    assert client_of(server, APP_TOKEN).auth_test()["app_id"] == "A0LITTLE"
