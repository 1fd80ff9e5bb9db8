"""The quarter that is played: who is there and where, when they meet, what they sell.

Thirteen weeks from Monday 7 September 2026. Melbourne's clocks go forward on 4 October, Berlin's
go back on 25 October and New York's on 1 November; the week of 7 September is the team's trial.
Plain data, so that what is expected can be worked out from it alone.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.agenda import choose_reminders, keep_digest
from models.attention import Block, add_block
from models.deals import Deal, seed_stages, stages
from models.evidence import seed_questions
from models.one_on_ones import put_standing
from models.people import Person, Role, Workspace
from models.roster import put_person, put_quota, put_team
from models.setup.times import ReviewTimes, put_times, start_by
from models.week import keep_team

WORKSPACE, CHANNEL, TEAM = "T0QUARTER", "C0WEST", "West"
FIRST = date(2026, 9, 7)  # a Monday
SET_UP = datetime(2026, 9, 6, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
QUARTERS = (
    (date(2026, 7, 1), date(2026, 9, 30)),
    (date(2026, 10, 1), date(2026, 12, 31)),
)

NEW_YORK, BERLIN, MELBOURNE = "America/New_York", "Europe/Berlin", "Australia/Melbourne"
TEAM_ZONE = BERLIN
CALENDARS = {NEW_YORK: "US", BERLIN: "DE-SN", MELBOURNE: "AU-VIC"}

LEADER, MANAGER, ADMIN, DEPUTY = "Lea", "Max", "Ada", "Dora"
PLACES = {
    "Lea": NEW_YORK, "Ada": BERLIN, "Max": BERLIN,
    "Ana": NEW_YORK, "Ben": NEW_YORK, "Cleo": NEW_YORK, "Dora": NEW_YORK,
    "Emil": BERLIN, "Fay": BERLIN, "Gus": BERLIN,
    "Hana": MELBOURNE, "Ivo": MELBOURNE, "Jin": MELBOURNE,
}  # fmt: skip
REPS = tuple(name for name in PLACES if name not in (LEADER, MANAGER, ADMIN))


@dataclass(frozen=True)
class Meeting:
    """A standing one-on-one: ISO weekday and local time in `zone`, from `FIRST` on."""

    coach: str
    person: str
    weekday: int
    at: time
    minutes: int
    zone: str


MEETINGS = (
    Meeting("Max", "Hana", 2, time(9), 30, TEAM_ZONE),
    Meeting("Max", "Emil", 2, time(10, 30), 45, TEAM_ZONE),
    Meeting("Max", "Ana", 2, time(16), 30, TEAM_ZONE),
    Meeting("Max", "Ivo", 3, time(9), 30, TEAM_ZONE),
    Meeting("Max", "Fay", 3, time(11), 30, TEAM_ZONE),
    Meeting("Max", "Ben", 3, time(16), 30, TEAM_ZONE),
    Meeting("Lea", "Max", 4, time(10), 30, NEW_YORK),
)
"""Max's fill Tuesday and Wednesday; the other four reps have none: a quarter is to stay cheap."""

UNREMINDED_THE_DAY_BEFORE = {"Ben", "Hana"}
UNREMINDED_AT_START = {"Ben", "Fay"}

SELLING = {
    "Ben": ((1, 2, 3, 4, 5), time(13), time(16, 30)),
    "Ivo": ((2, 3), time(8), time(10, 30)),
    MANAGER: ((5,), time(14, 30), time(15, 40)),
}
"""Who sells when: ISO weekdays, from and until. The forecast waits for its manager."""

PICKED = 5
"""So many deals a review takes: the fewest that a standard may say."""

DEALS = {f"Deal {number:02}": REPS[number % len(REPS)] for number in range(33)}
"""Each deal's owner."""
STAGES = ("Prospecting", "Qualified", "Discovery", "Proposal", "Negotiation")
ASKS_NOTHING = STAGES[0]
BEGINS_IN = dict(zip(DEALS, cycle(STAGES[1:]), strict=False))
CLOSES_ON = {deal: date(2026, 9, 20) + number * 3 * DAY for number, deal in enumerate(DEALS)}
"""As it is at first, and in the CRM for the whole quarter."""


@dataclass(frozen=True)
class SetUp:
    """The ids of what was made, by name."""

    people: dict[str, int]
    deals: dict[str, int]
    team: int


def slack_id(name: str) -> str:
    return f"U0{name.upper()}"


def set_up(session: Session) -> SetUp:
    """Writes it down, as an admin's first run does, the day before the first Monday."""
    seed_stages(session)
    seed_questions(session)
    session.scalars(select(Workspace)).one().standards = {"review_deals": PICKED}
    people: dict[str, Person] = {}
    for name, zone in PLACES.items():
        people[name], _ = put_person(
            session,
            slack_id(name),
            name=name,
            role={MANAGER: Role.MANAGER}.get(name, Role.REP if name in REPS else Role.LEADER),
            email=f"{name.lower()}@example.com",
            zone=zone,
            holiday_calendar=CALENDARS[zone],
            is_admin=name == ADMIN,
            reports_to_id=people[LEADER].id if name == MANAGER else None,
        )
        choose_reminders(
            session,
            people[name],
            day_before=name not in UNREMINDED_THE_DAY_BEFORE,
            at_start=name not in UNREMINDED_AT_START,
        )
    west, _ = put_team(
        session,
        TEAM,
        currency="EUR",
        zone=TEAM_ZONE,
        manager_id=people[MANAGER].id,
        channel_id=CHANNEL,
    )
    for name in REPS:
        person = people[name]
        person.team_id, person.reports_to_id = west.id, people[MANAGER].id
        for first, last in QUARTERS:
            put_quota(
                session,
                west.id,
                starts_on=first,
                ends_on=last,
                amount_minor=400_000_00,
                person_id=person.id,
            )
    session.flush()
    start_by(west, FIRST, SET_UP)
    put_times(session, west, ReviewTimes(), SET_UP, FIRST)
    keep_team(session, west, SET_UP)
    for person in people.values():
        keep_digest(session, person, SET_UP)
    for name, (weekdays, starts, ends) in SELLING.items():
        block = Block("".join(map(str, weekdays)), starts, ends)
        add_block(session, people[name], block, SET_UP)
    for meeting in MEETINGS:
        put_standing(
            session,
            None,
            people[meeting.person],
            weekday=meeting.weekday,
            local_time=meeting.at,
            minutes=meeting.minutes,
            active_from=FIRST,
            now=SET_UP,
        )
    deals = _deals(session, people)
    ids = {name: person.id for name, person in people.items()}
    return SetUp(ids, {deal.name: deal.id for deal in deals}, west.id)


def _deals(session: Session, people: dict[str, Person]) -> list[Deal]:
    by_name = {stage.name: stage.id for stage in stages(session)}
    made = []
    for number, (name, owner) in enumerate(DEALS.items()):
        stage_id = by_name[BEGINS_IN[name]]
        close_on = CLOSES_ON[name]
        made.append(
            Deal(
                external_id=f"D-{number}",
                name=name,
                owner_id=people[owner].id,
                amount_minor=(number % 9 + 4) * 10_000_00,
                currency="EUR",
                stage_id=stage_id,
                stage_entered_at=SET_UP - 20 * DAY,
                close_on=close_on,
                crm_stage_id=stage_id,
                crm_close_on=close_on,
            )
        )
    session.add_all(made)
    session.flush()
    return made
