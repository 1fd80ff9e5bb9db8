"""Workspaces, teams, people and quotas: who is here, who leads whom, what a team has to bring."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CTE,
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Index,
    Select,
    String,
    UniqueConstraint,
    and_,
    bindparam,
    false,
    func,
    literal,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from models.base import (
    Base,
    InWorkspace,
    RuleBroken,
    Unscoped,
    at_hand,
    by_id,
    one_of,
    within_workspace,
)
from models.standards import Standards


class Role(StrEnum):
    REP = "rep"
    MANAGER = "manager"
    LEADER = "leader"


class Workspace(Base):
    """A Slack workspace; `id` is Slack's (T…). `standards`: what differs from the default."""

    __tablename__ = "workspaces"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    bot_user_id: Mapped[str | None] = mapped_column(String(32))
    standards: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]


class Person(InWorkspace, Base):
    """A Slack user with a role. `reports_to_id` is the line upwards, any number of levels.

    `zone` is an IANA name: Slack's, unless `zone_is_own` says that setup or the person chose it,
    or `zone_is_teams` that Slack says none: then the team's counts, until the profile has one.
    `follows_status`: out of office by the status of the Slack profile counts.
    `working_days` are ISO digits, Monday 1; `holiday_calendar` is a country's, "US" or "DE-BY".
    """

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "slack_id"),
        within_workspace("team_id", "teams"),
        within_workspace("reports_to_id", "people"),
        CheckConstraint("reports_to_id <> id", name="not_their_own_boss"),
        CheckConstraint("NOT (zone_is_own AND zone_is_teams)", name="zone_of_one_of_them"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slack_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    is_admin: Mapped[bool] = mapped_column(default=False)
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    zone_is_own: Mapped[bool] = mapped_column(default=False)
    zone_is_teams: Mapped[bool] = mapped_column(default=False, server_default=false())
    active: Mapped[bool] = mapped_column(default=True)
    team_id: Mapped[int | None]  # of a rep: the team whose deals these are
    reports_to_id: Mapped[int | None]
    working_days: Mapped[str] = mapped_column(String(7), default="12345", server_default="12345")
    holiday_calendar: Mapped[str | None] = mapped_column(String(16))
    reminded_day_before: Mapped[bool] = mapped_column(default=True, server_default=true())
    reminded_at_start: Mapped[bool] = mapped_column(default=True, server_default=true())
    follows_status: Mapped[bool] = mapped_column(default=True, server_default=true())

    @property
    def zone_is_slacks(self) -> bool:
        """Whether Slack, too, shows this person times in that zone."""
        return not (self.zone_is_own or self.zone_is_teams)


class Team(InWorkspace, Base):
    """A manager's team: its channel, currency and zone. One review, one week, one quota each.

    `trial_ends_on`: the last day of its first week, which is a trial (models/trial.py); none
    before it has started. `channel_may_be_public`: an admin said so.
    """

    __tablename__ = "teams"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "name"),
        UniqueConstraint("workspace_id", "channel_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    # people and teams point at each other; this side is checked by the rules, not by the database
    manager_id: Mapped[int | None]
    channel_id: Mapped[str | None] = mapped_column(String(32))
    channel_may_be_public: Mapped[bool] = mapped_column(default=False, server_default=false())
    currency: Mapped[str] = mapped_column(String(3))
    locale: Mapped[str] = mapped_column(String(16), default="en_US")
    zone: Mapped[str] = mapped_column(String(64))
    trial_ends_on: Mapped[date | None]


class Quota(InWorkspace, Base):
    """What has to be won between two dates, both included, in minor units of the team's currency.

    Of a rep, or of the whole team where `person_id` is null (then it outranks the sum of the
    reps'). A row that spans one calendar month is that month's entered target. `team_id` of a
    rep's: where it was set; `counts_for_team` says where it counts.
    """

    __tablename__ = "quotas"
    __table_args__ = (
        within_workspace("team_id", "teams"),
        within_workspace("person_id", "people"),
        CheckConstraint("starts_on <= ends_on", name="in_order"),
        CheckConstraint("amount_minor >= 0", name="not_negative"),
        Index(
            "uq_quotas_person", "workspace_id", "team_id", "person_id", "starts_on", "ends_on",
            unique=True,
            sqlite_where=text("person_id IS NOT NULL"),
            postgresql_where=text("person_id IS NOT NULL"),
        ),
        Index(
            "uq_quotas_team", "workspace_id", "team_id", "starts_on", "ends_on",
            unique=True,
            sqlite_where=text("person_id IS NULL"),
            postgresql_where=text("person_id IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int]
    person_id: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)


# --- finding


class UnknownPerson(RuleBroken):
    """No such person in this workspace. `who`: the id or Slack id that was asked for."""

    def __init__(self, who: int | str) -> None:
        super().__init__(who)
        self.who = who


class UnknownTeam(RuleBroken):
    """No such team in this workspace."""

    def __init__(self, team_id: int) -> None:
        super().__init__(team_id)
        self.team_id = team_id


def workspace_id_of(session: Session) -> str:
    """The workspace this session belongs to; a session `everywhere` has none: `Unscoped`."""
    workspace_id = session.info.get("workspace")
    if not isinstance(workspace_id, str):
        raise Unscoped("this session belongs to no single workspace")
    return workspace_id


def workspace(session: Session) -> Workspace:
    """The session's own workspace. `Unscoped` where it has none, or setup has not run."""
    found = by_id(session, Workspace, workspace_id_of(session))
    if found is None:
        raise Unscoped("this workspace was never set up")
    return found


def standards(session: Session) -> Standards:
    """The workspace's thresholds and phrases: what it set, else the product's defaults."""
    return standards_of(workspace(session).standards)


def standards_of(kept: dict[str, Any]) -> Standards:
    """The same from the column `Workspace.standards`."""
    return Standards.model_validate(kept)


_BY_SLACK_ID = select(Person).where(Person.slack_id == bindparam("slack_id"))


def person_by_slack_id(session: Session, slack_id: str) -> Person | None:
    """Who this Slack user (U…) is here; None for somebody nobody has set up."""
    return session.scalar(_BY_SLACK_ID, {"slack_id": slack_id})


def get_person(session: Session, person_id: int) -> Person:
    """The person, active or not. Raises `UnknownPerson`, also for another workspace's."""
    found = by_id(session, Person, person_id)
    if found is None:
        raise UnknownPerson(person_id)
    return found


def people_by_id(session: Session, person_ids: Iterable[int]) -> dict[int, Person]:
    """Those of these people who are in this workspace, active or not.

    Whom the transaction has loaded already it does not ask for again.
    """
    ids = set(person_ids)
    found = {each: here for each in ids if (here := at_hand(session, Person, each)) is not None}
    if missing := ids - found.keys():
        asked = session.scalars(select(Person).where(Person.id.in_(missing)))
        found |= {person.id: person for person in asked}
    return found


def admins(session: Session) -> list[Person]:
    """The active admins, by name."""
    return list(
        session.scalars(
            select(Person).where(Person.is_admin, Person.active).order_by(Person.name, Person.id)
        )
    )


def team(session: Session, team_id: int) -> Team:
    """The team. Raises `UnknownTeam`, also for another workspace's."""
    found = by_id(session, Team, team_id)
    if found is None:
        raise UnknownTeam(team_id)
    return found


def team_in_channel(session: Session, channel_id: str) -> Team | None:
    """The team whose channel (C…) this is."""
    return session.scalar(select(Team).where(Team.channel_id == channel_id))


def teams(session: Session) -> list[Team]:
    """Every team of the workspace, by name."""
    return list(session.scalars(select(Team).order_by(Team.name, Team.id)))


def members(session: Session, team_id: int) -> list[Person]:
    """The team's active reps, by name: who is coached, carries a quota, is spoken about."""
    return list(
        session.scalars(
            select(Person)
            .where(Person.team_id == team_id, Person.active, Person.role == Role.REP)
            .order_by(Person.name, Person.id)
        )
    )


def sellers(session: Session, team_id: int) -> list[Person]:
    """Everybody whose deals are the team's, by name, inactive ones too.

    That is who has this team set, and its manager when he has no team set (of several that he
    manages, the one with the lowest id): a manager may own deals.
    """
    home = home_team()
    return list(
        session.scalars(select(Person).where(home == team_id).order_by(Person.name, Person.id))
    )


def home_team_id(session: Session, person_id: int) -> int | None:
    """The team whose deals this person's are (see `sellers`); None: nobody's."""
    return session.scalar(select(home_team()).where(Person.id == person_id))


def owned_by_team(owner: InstrumentedAttribute[int], team_id: int) -> ColumnElement[bool]:
    """The condition that a column of person ids names one of the team's `sellers`."""
    return owner.in_(select(Person.id).where(home_team() == team_id))


def counts_for_team(team_id: int) -> ColumnElement[bool]:
    """The condition that a quota is the team's: its own, or of one of its `members`.

    A rep's follows the rep, as deals do, from team to team of one currency, and counts nowhere
    while they are in none.
    """
    reps = select(Person.id).where(
        Person.team_id == team_id, Person.active, Person.role == Role.REP
    )
    currency = select(Team.currency).where(Team.id == team_id).scalar_subquery()
    of_reps = and_(
        Quota.person_id.in_(reps),
        Quota.team_id.in_(select(Team.id).where(Team.currency == currency)),
    )
    return or_(and_(Quota.person_id.is_(None), Quota.team_id == team_id), of_reps)


def home_team() -> ColumnElement[int | None]:
    """In a statement on people: the id of each one's home team (see `sellers`)."""
    managed = (
        select(func.min(Team.id))
        .where(Team.manager_id == Person.id, Team.workspace_id == Person.workspace_id)
        .correlate(Person)
        .scalar_subquery()
    )
    return func.coalesce(Person.team_id, managed)


def zones(session: Session, person_ids: Iterable[int]) -> dict[int, ZoneInfo]:
    """The zone in which the days of these people's deals are counted: their team's, else theirs."""
    rows = session.execute(
        select(Person.id, func.coalesce(Team.zone, Person.zone))
        .outerjoin(Team, and_(Team.id == home_team(), Team.workspace_id == Person.workspace_id))
        .where(Person.id.in_(set(person_ids)))
    )
    return {person_id: ZoneInfo(zone) for person_id, zone in rows}


def home_teams(session: Session, person_ids: Iterable[int]) -> dict[int, Team]:
    """The teams whose deals these people's are (see `sellers`); who has none is left out."""
    ids = set(person_ids)
    if not ids:
        return {}
    rows = session.execute(
        select(Person.id, Team)
        .join(Team, and_(Team.id == home_team(), Team.workspace_id == Person.workspace_id))
        .where(Person.id.in_(ids))
    )
    return dict(rows.all())


def team_whose_zone(session: Session, person: Person) -> Team | None:
    """The team whose zone counts for somebody of whom Slack says none: the home team, else the
    first that they work with; None: there is none."""
    home = home_teams(session, [person.id]).get(person.id)
    return home or next(iter(teams_of(session, person)), None)


def today_of(team: Team, now: datetime) -> date:
    """The team's local date at this moment."""
    return now.astimezone(ZoneInfo(team.zone)).date()


def is_one_month(starts_on: date, ends_on: date) -> bool:
    """Whether two dates, both included, are the first and last day of one calendar month."""
    last = monthrange(starts_on.year, starts_on.month)[1]
    return starts_on.day == 1 and ends_on == starts_on.replace(day=last)


# --- lines upwards and downwards

_DEEPEST = 30  # levels; a circle in the data ends here at the latest


def chain_above(session: Session, person_id: int) -> list[Person]:
    """Everybody above, nearest first, inactive ones too. A circle ends where it would repeat."""
    return [above for above in _upwards(session, person_id) if above.id != person_id]


def with_those_above(session: Session, person_id: int) -> list[Person]:
    """The person, then everybody above (see `chain_above`). Raises `UnknownPerson`."""
    found = _upwards(session, person_id)
    if not found:
        raise UnknownPerson(person_id)
    return found


def people_below(session: Session, person_id: int) -> list[Person]:
    """Everybody who reports to this person through any number of levels, by name."""
    line = _line(upwards=False)
    rows = session.scalars(
        select(Person)
        .where(Person.id.in_(select(line.c.id)), Person.id != person_id)
        .order_by(Person.name, Person.id),
        {"line_from": person_id},
    )
    return list(rows)


def _line(*, upwards: bool) -> CTE:
    """The line from the person whose id is given as `line_from` when the statement runs."""
    start = select(
        Person.id.label("id"), Person.reports_to_id.label("boss_id"), literal(0).label("depth")
    ).where(Person.id == bindparam("line_from"))
    line = start.cte("line", recursive=True)
    step = Person.id == line.c.boss_id if upwards else Person.reports_to_id == line.c.id
    further = select(Person.id, Person.reports_to_id, line.c.depth + 1).where(
        step, line.c.depth < _DEEPEST
    )
    return line.union(further)


def _upwards_statement() -> Select[Person]:
    line = _line(upwards=True)
    return select(Person).join(line, line.c.id == Person.id).order_by(line.c.depth)


_UPWARDS = _upwards_statement()


def _upwards(session: Session, person_id: int) -> list[Person]:
    rows = session.scalars(_UPWARDS, {"line_from": person_id})
    return list({row.id: row for row in rows}.values())


def teams_of(session: Session, person: Person) -> list[Team]:
    """The teams this person works with, by name.

    A rep: the own one. A manager or leader: every team that they, or anybody below them, manage.
    An admin to whom neither gives a team: all.
    """
    if person.role is Role.REP:
        mine = Team.id == person.team_id
    else:
        line = _line(upwards=False)
        mine = Team.manager_id.in_(select(line.c.id))
    wanted = select(Team).where(mine).order_by(Team.name, Team.id)
    found = list(session.scalars(wanted, {"line_from": person.id}))
    return found if found or not person.is_admin else teams(session)


# --- setting up, again and again (people, teams and quotas: models/roster.py)


class Keep(Enum):
    """Leave the column as it is (or at its default, in a new row)."""

    KEEP = "keep"


KEEP = Keep.KEEP


def bring(row: object, **values: object) -> bool:
    """Set what is not KEEP and differs; True when anything did."""
    changed = False
    for column, value in values.items():
        if value is not KEEP and getattr(row, column) != value:
            setattr(row, column, value)
            changed = True
    return changed


def put_workspace(
    session: Session,
    workspace_id: str,
    *,
    now: datetime,
    name: str | Keep = KEEP,
    bot_user_id: str | Keep | None = KEEP,
    standards: Standards | Keep = KEEP,
) -> tuple[Workspace, bool]:
    """The workspace, made or brought to these values; True when something changed.

    Of `standards` only what differs from the defaults is kept, so a later default reaches it. A
    session inside one workspace's walls that names another one is `Unscoped`.
    """
    inside = session.info.get("workspace")
    if isinstance(inside, str) and inside != workspace_id:
        raise Unscoped(f"the workspace {workspace_id} from inside another one")
    kept: dict[str, Any] | Keep = KEEP
    if isinstance(standards, Standards):
        kept = standards.model_dump(mode="json", exclude_defaults=True)
    row = session.get(Workspace, workspace_id)
    is_new = row is None
    if row is None:
        row = _new_workspace(session, workspace_id, now)
    changed = bring(row, name=name, bot_user_id=bot_user_id, standards=kept)
    session.flush()
    return row, changed or is_new


def _new_workspace(session: Session, workspace_id: str, now: datetime) -> Workspace:
    """Every process does this when it starts: one makes the row, the others find it."""
    try:
        with session.begin_nested():
            row = Workspace(id=workspace_id, created_at=now, name="", standards={})
            session.add(row)
            session.flush()
    except IntegrityError:
        return session.scalars(select(Workspace).where(Workspace.id == workspace_id)).one()
    return row
