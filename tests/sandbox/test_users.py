"""users.*, team.info and auth.test."""

from slack_sdk import WebClient

from sandbox import Server
from tests.sandbox.little import APP_TOKEN, SCOPES, Serve, client_of, manifest_with
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


def test_team_and_self(client: WebClient, server: Server) -> None:
    team = client.team_info()["team"]
    assert (team["id"], team["name"], team["domain"]) == ("T0NORTH", "Northwind", "northwind")
    me = client.auth_test()
    assert (me["user_id"], me["user"], me["bot_id"]) == ("U0BOT", "little", "B0LITTLE")
    assert (me["team_id"], me["team"], me["url"]) == ("T0NORTH", "Northwind", f"{server.url}/")
    assert client_of(server, APP_TOKEN).auth_test()["app_id"] == "A0LITTLE"
