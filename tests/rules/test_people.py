"""Who is here, who leads whom, and setting it up again and again."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from models.deals import open_deals
from models.people import (
    Person,
    Role,
    UnknownPerson,
    UnknownTeam,
    chain_above,
    get_person,
    home_team_id,
    is_one_month,
    members,
    people_below,
    sellers,
    standards,
    team,
    team_in_channel,
    teams_of,
    today_of,
    zones,
)
from models.roster import (
    ChannelTaken,
    PeriodsOverlap,
    ReportingCircle,
    UnknownCurrency,
    UnknownZone,
    put_person,
    put_quota,
    put_team,
)
from models.standards import EMPTY_PHRASES, NO_ANSWERS, Standards, is_empty_phrase, is_phrase
from tests.world import QUARTER, World, a_deal, a_person, a_rep, a_team


def names(people: list[Person]) -> list[str]:
    return [person.name for person in people]


# --- lines upwards and downwards


def test_the_chain_above_is_nearest_first(session: Session, world: World) -> None:
    assert names(chain_above(session, world.ana)) == ["Max", "Lea"]
    assert names(chain_above(session, world.max)) == ["Lea"]
    assert chain_above(session, world.lea) == []


def test_the_chain_above_has_any_number_of_levels(session: Session, world: World) -> None:
    below = world.lea
    for level in range(12):
        below = a_person(
            session, f"U0L{level}", f"L{level:02}", Role.LEADER, reports_to_id=below
        ).id
    assert names(chain_above(session, below)) == [*(f"L{n:02}" for n in range(10, -1, -1)), "Lea"]


def test_inactive_people_stay_in_the_chain(session: Session, world: World) -> None:
    get_person(session, world.max).active = False
    assert names(chain_above(session, world.ana)) == ["Max", "Lea"]


def test_a_circle_in_the_data_ends(session: Session, world: World) -> None:
    get_person(session, world.lea).reports_to_id = world.ana  # past the rule that refuses it
    session.flush()
    assert names(chain_above(session, world.ana)) == ["Max", "Lea"]
    assert names(people_below(session, world.ana)) == ["Ben", "Cleo", "Lea", "Max"]


def test_everybody_below(session: Session, world: World) -> None:
    assert names(people_below(session, world.lea)) == ["Ana", "Ben", "Cleo", "Max"]
    assert people_below(session, world.ana) == []


# --- teams


def test_members_are_active_reps_by_name(session: Session, world: World) -> None:
    west = team(session, world.team)
    a_person(session, "U0ZOE", "Zoe", team_id=west.id, active=False)
    a_person(session, "U0MIA", "Mia", Role.MANAGER, team_id=west.id)
    a_rep(session, west, "U0ABE", "Abe")
    assert names(members(session, west.id)) == ["Abe", "Ana", "Ben", "Cleo"]


def test_sellers_are_everybody_whose_deals_are_the_teams(session: Session, world: World) -> None:
    a_person(session, "U0ZOE", "Zoe", team_id=world.team, active=False)
    assert names(sellers(session, world.team)) == ["Ana", "Ben", "Cleo", "Max", "Zoe"]


def test_a_managers_own_deals_belong_to_one_team_only(session: Session, world: World) -> None:
    second = a_team(session, "East", manager_id=world.max)
    deal = a_deal(session, world.max)
    assert home_team_id(session, world.max) == world.team
    assert open_deals(session, world.team) == [deal]
    assert open_deals(session, second.id) == []
    put_person(session, "U0MAX", name="Max", role=Role.MANAGER, team_id=second.id)
    assert home_team_id(session, world.max) == second.id
    assert open_deals(session, world.team) == []


def test_somebody_without_a_team_sells_for_nobody(session: Session, world: World) -> None:
    assert home_team_id(session, world.lea) is None


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (lambda w: w.ana, ["West"]),
        (lambda w: w.max, ["West"]),
        (lambda w: w.lea, ["East", "West"]),  # East's manager is below Max, below her
        (lambda w: w.ada, ["East", "North", "West"]),  # an admin without a team: all
    ],
    ids=["rep", "manager", "leader", "admin"],
)
def test_teams_of(
    session: Session, world: World, who: Callable[[World], int], expected: list[str]
) -> None:
    eva = a_person(session, "U0EVA", "Eva", Role.MANAGER, reports_to_id=world.lea)
    a_team(session, "East", manager_id=eva.id)
    a_team(session, "North")
    found = teams_of(session, get_person(session, who(world)))
    assert [team.name for team in found] == expected


def test_an_admin_who_manages_sees_what_is_managed(session: Session, world: World) -> None:
    a_team(session, "North")
    boss = get_person(session, world.max)
    boss.is_admin = True
    assert [team.name for team in teams_of(session, boss)] == ["West"]


def test_a_rep_without_a_team_has_none(session: Session, world: World) -> None:
    assert teams_of(session, a_person(session, "U0NEW", "New")) == []


def test_the_channel_knows_its_team(session: Session, world: World) -> None:
    found = team_in_channel(session, "C0WEST")
    assert found is not None
    assert found.id == world.team
    assert team_in_channel(session, "C0ELSE") is None


def test_the_local_date_is_the_teams(session: Session, world: World) -> None:
    west = team(session, world.team)
    assert today_of(west, datetime(2026, 11, 25, 4, 59, tzinfo=UTC)) == date(2026, 11, 24)
    assert today_of(west, datetime(2026, 11, 25, 5, 0, tzinfo=UTC)) == date(2026, 11, 25)


def test_days_are_counted_where_the_team_is(session: Session, world: World) -> None:
    put_person(session, "U0ANA", name="Ana", role=Role.REP, zone="Asia/Tokyo")
    put_person(session, "U0LEA", name="Lea", role=Role.LEADER, zone="Europe/Berlin")
    found = zones(session, [world.ana, world.max, world.lea])
    assert {person_id: zone.key for person_id, zone in found.items()} == {
        world.ana: "America/New_York",
        world.max: "America/New_York",
        world.lea: "Europe/Berlin",
    }


# --- setting up


def test_the_same_setup_again_changes_nothing(session: Session, world: World) -> None:
    row, changed = put_person(
        session,
        "U0ANA",
        name="Ana",
        role=Role.REP,
        email="ana@example.com",
        zone="America/New_York",
        team_id=world.team,
        reports_to_id=world.max,
    )
    assert (row.id, changed) == (world.ana, False)
    _, changed = put_team(session, "West", currency="USD", zone="America/New_York")
    assert not changed
    _, changed = put_quota(
        session,
        world.team,
        starts_on=QUARTER[0],
        ends_on=QUARTER[1],
        amount_minor=300_000_00,
        person_id=world.ana,
    )
    assert not changed


def test_what_is_not_said_is_left_alone(session: Session, world: World) -> None:
    row, changed = put_person(session, "U0ANA", name="Ana Ruiz", role=Role.REP)
    assert changed
    assert (row.name, row.team_id, row.reports_to_id) == ("Ana Ruiz", world.team, world.max)
    row, changed = put_person(session, "U0ANA", name="Ana Ruiz", role=Role.REP, team_id=None)
    assert changed
    assert row.team_id is None


def test_a_new_person_has_the_defaults(session: Session, world: World) -> None:
    row, changed = put_person(session, "U0NEW", name="New", role=Role.REP)
    assert changed
    assert (row.zone, row.zone_is_own, row.active, row.is_admin) == ("UTC", False, True, False)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "America", "a\x00b"])
def test_unknown_zones(session: Session, world: World, zone: str) -> None:
    with pytest.raises(UnknownZone):
        put_person(session, "U0ANA", name="Ana", role=Role.REP, zone=zone)
    with pytest.raises(UnknownZone):
        put_team(session, "West", currency="USD", zone=zone)


@pytest.mark.parametrize("currency", ["usd", "US", "", "U$D", "DOLLAR", "ÄÖÜ"])
def test_unknown_currencies(session: Session, world: World, currency: str) -> None:
    with pytest.raises(UnknownCurrency):
        put_team(session, "West", currency=currency, zone="UTC")


def test_unknown_people_and_teams(session: Session, world: World) -> None:
    with pytest.raises(UnknownTeam):
        put_person(session, "U0ANA", name="Ana", role=Role.REP, team_id=999_999)
    with pytest.raises(UnknownPerson):
        put_person(session, "U0ANA", name="Ana", role=Role.REP, reports_to_id=999_999)
    with pytest.raises(UnknownPerson):
        put_team(session, "West", currency="USD", zone="UTC", manager_id=999_999)


@pytest.mark.parametrize("boss", ["lea", "max", "ana"])
def test_nobody_stands_above_themselves(session: Session, world: World, boss: str) -> None:
    with pytest.raises(ReportingCircle) as broken:
        put_person(
            session, "U0LEA", name="Lea", role=Role.LEADER, reports_to_id=getattr(world, boss)
        )
    assert broken.value.person_id == world.lea


def test_a_channel_has_one_team(session: Session, world: World) -> None:
    with pytest.raises(ChannelTaken) as broken:
        put_team(session, "East", currency="EUR", zone="UTC", channel_id="C0WEST")
    assert broken.value.team_id == world.team
    _, changed = put_team(
        session, "West", currency="USD", zone="America/New_York", channel_id="C0WEST"
    )
    assert not changed


# --- quotas

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("period", "is_refused"),
    [
        (QUARTER, False),  # the same row
        (NOVEMBER, False),  # a month inside
        ((date(2027, 1, 1), date(2027, 3, 31)), False),  # the next quarter
        ((date(2026, 11, 1), date(2027, 1, 31)), True),
        ((date(2026, 1, 1), date(2026, 12, 31)), True),
        ((date(2026, 12, 31), date(2027, 3, 31)), True),
        ((date(2026, 11, 2), date(2026, 11, 30)), True),  # nearly a month
    ],
)
def test_quotas_of_one_holder_do_not_overlap(
    session: Session, world: World, period: tuple[date, date], is_refused: bool
) -> None:
    def put() -> bool:
        _, changed = put_quota(
            session,
            world.team,
            starts_on=period[0],
            ends_on=period[1],
            amount_minor=1_00,
            person_id=world.ana,
        )
        return changed

    if is_refused:
        with pytest.raises(PeriodsOverlap) as broken:
            put()
        assert (broken.value.starts_on, broken.value.ends_on) == QUARTER
    else:
        assert put()
        assert not put()


def test_a_quarter_may_come_after_its_month(session: Session, world: World) -> None:
    for period in (NOVEMBER, QUARTER):
        put_quota(session, world.team, starts_on=period[0], ends_on=period[1], amount_minor=1)


@pytest.mark.parametrize(
    ("amount", "period"), [(-1, QUARTER), (1, (date(2026, 12, 31), date(2026, 10, 1)))]
)
def test_nonsense_quotas(
    session: Session, world: World, amount: int, period: tuple[date, date]
) -> None:
    with pytest.raises(ValueError):
        put_quota(session, world.team, starts_on=period[0], ends_on=period[1], amount_minor=amount)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "expected"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), True),
        (date(2028, 2, 1), date(2028, 2, 29), True),
        (date(2028, 2, 1), date(2028, 2, 28), False),
        (date(2026, 11, 2), date(2026, 12, 1), False),
        (date(2026, 11, 1), date(2026, 12, 31), False),
    ],
)
def test_one_month(starts_on: date, ends_on: date, expected: bool) -> None:
    assert is_one_month(starts_on, ends_on) is expected


# --- standards


def test_defaults_are_the_products(session: Session, world: World) -> None:
    found = standards(session)
    assert (found.coverage, found.coverage_against) == (3.0, "remaining")
    assert (found.evidence_days, found.next_action_days, found.quiet_days) == (14, 14, 14)
    assert (found.review_deals_least, found.review_deals, found.review_deals_most) == (5, 7, 10)


def test_numbers_of_deals_are_in_order() -> None:
    with pytest.raises(ValueError):
        Standards(review_deals_least=8)


@pytest.mark.parametrize(
    "text",
    [
        "follow up", "Follow-up!", "  FOLLOW   UP  ", "followup.", "follow up with the customer",
        "Will follow up again next week", "Check in with them", "touch base", "…", "?", "- / -",
        "Next steps", "Call", "Call them asap", "Email the client", "e-mail", "n/a", "N/A.", "TBD",
        "We will", "“nothing”", "n/a n/a n/a n/a", "Good job, good job!", "ok ok",
    ],
)  # fmt: skip
def test_empty_phrases(text: str) -> None:
    assert is_empty_phrase(text, EMPTY_PHRASES)


def test_a_phrase_may_itself_say_a_word_again() -> None:
    assert is_empty_phrase("So, so.", ("so so",))
    assert is_phrase("no no", NO_ANSWERS)


@pytest.mark.parametrize(
    "text",
    [
        "Call Dana about the terms", "Book the review meeting", "Follow up on the security review",
        "Send the order form", "E-mail the price list", "顧客に見積もりを送る", "Get 2 references",
    ],
)  # fmt: skip
def test_phrases_that_say_something(text: str) -> None:
    assert not is_empty_phrase(text, EMPTY_PHRASES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No.", True), ("NONE", True), ("Not yet…", True), ("don’t know", True), ("n/a", True),
        ("No downtime", False), ("None of them but the price", False), ("Not yet convinced", False),
        ("nowhere", False),
    ],
)  # fmt: skip
def test_answers_that_are_a_no(text: str, expected: bool) -> None:
    assert is_phrase(text, NO_ANSWERS) is expected
