"""Loaders of a person's Home and of its settings: days off, messages.

Home shows what a person may see now: nobody's ratings, and of coaching their own and that of those
whom they coach.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import access, attention, coaching, one_on_ones, ratings
from models.absences import ENTERED_LATE, Absence, absences, stays
from models.access import Act, Refused, coached_by, leaders_above, teams_for
from models.days import DAY, DayOff, Off
from models.days import days_off as all_days_off
from models.deals import latest_import
from models.delivery import Delivery, DeliveryState
from models.deputies import deputy_of
from models.late_absences import unexcused
from models.one_on_ones import Excuse, OneOnOne, Sitting, Standing, State
from models.people import (
    Person,
    Role,
    Team,
    get_person,
    people_by_id,
    standards,
    team_whose_zone,
)
from models.pipeline_review import open_reviews, rescuing
from models.schedule import Schedule, instant, local_date, monday_of, next_instant
from models.screens import due_actions
from models.screens.asked import (
    AbsenceShown,
    Calendar,
    Coached,
    CoachingMonth,
    DayOfWeek,
    DaysOff,
    DeputyTeam,
    HomeCoach,
    HomeReview,
    HomeScreen,
    MessagesChosen,
    RescuingShown,
    Upcoming,
)
from models.screens.calendars import calendar_shown
from models.screens.confirming import waiting_to_confirm
from models.screens.forecast_home import at_home
from models.screens.late_absences import to_accept
from models.screens.leading import managers
from models.screens.notices import parked_shown
from models.screens.one_on_ones import HeldShown, OneOnOneRow, Side, one_on_one_row, side_of
from models.screens.personal import home_review
from models.screens.pieces import team_shown, who_shown
from models.screens.received import received_shown
from models.screens.right import to_put_right
from models.screens.shown import AdminParked, TeamShown
from models.screens.standings import TurnShown, left_out_shown
from models.screens.strip import held_back, prompts_by_day
from models.screens.talks import talk_rows, talks_with

MOST_RECEIVED = 5
COMPANY_AHEAD = timedelta(days=60)
MOST_NEXT = 10
_A_YEAR = timedelta(days=365)
_FRIDAY = 5

_Found = tuple[OneOnOne, Sitting]


def home(session: Session, actor: Person, now: datetime) -> HomeScreen:
    """A person's Home: what waits for them, what is open, what they may start, what comes next."""
    reach = access.reach_of(session, actor)
    reviews, can_start = _reviews(session, actor, reach.teams, reach.decided, now)
    mine = _Sessions(session, actor, now)
    standing = one_on_ones.current_standing(session, actor.id)
    due, actions = due_actions.at_home(session, actor, mine.on, mine.midnight)
    talks = coaching.to_talk_with(session, actor, now) if reach.decided else []
    taken = latest_import(session)
    fresh_from = now - timedelta(days=standards(session).import_days)
    return HomeScreen(
        person=who_shown(actor),
        role=actor.role,
        is_admin=actor.is_admin,
        zone=actor.zone,
        today=mine.on,
        to_rate=mine.to_rate(),
        to_answer=received_shown(session, coaching.waiting_answers(session, actor.id)),
        reviews=reviews,
        sessions_today=mine.today(),
        sessions_next=mine.next(),
        sessions_more=mine.more(),
        has_standing=standing is not None,
        managers=managers(session, actor, reach.below, now),
        coach=_coach(session, actor, mine, reach.teams),
        can_start=can_start,
        due=due,
        actions=actions,
        received=received_shown(
            session, coaching.logs_of_person(session, actor.id, mine.on - _A_YEAR)[:MOST_RECEIVED]
        ),
        upcoming=_upcoming(session, reach.teams, now),
        deals_as_of=None if taken is None else taken.imported_at,
        deals_stale=taken is None or taken.imported_at < fresh_from,
        parked=tuple(_parked(session)) if actor.is_admin else (),
        to_confirm=waiting_to_confirm(session, actor, now),
        put_right=to_put_right(session, actor, now),
        to_accept=to_accept(session, actor, now),
        names_deputy=bool(reach.led),
        talks=talk_rows(session, talks, actor, now),
        talks_with=talks_with(session, actor, now) if actor.role is Role.REP else (),
        forecast=at_home(session, actor, reach, now),
        left_out=None if standing is None else _left_out(session, standing, now),
        zone_of=_zone_of(session, actor),
        calendar=calendar_shown(session, actor, now),
        messages=messages_chosen(session, actor, now),
        zone_is_slacks=actor.zone_is_slacks,
    )


def _left_out(session: Session, standing: Standing, now: datetime) -> TurnShown | None:
    """This week or the next, as it is decided."""
    today = local_date(now, standing.zone)
    turns = one_on_ones.rotation_of(session, standing.coach_id, today)
    if turns is None:
        return None
    mine = [week for week, people in turns.left_out.items() if standing.person_id in people]
    return TurnShown(turns.people, turns.places, min(mine)) if mine else None


def _reviews(
    session: Session,
    actor: Person,
    teams: Collection[Team],
    decided: Collection[int],
    now: datetime,
) -> tuple[tuple[HomeReview, ...], tuple[TeamShown, ...]]:
    """The open reviews of these teams, and the teams in which this person may start one.

    `decided`: the ids of those in which they decide.
    """
    reviews: list[HomeReview] = []
    can_start: list[TeamShown] = []
    running = open_reviews(session, [of_team.id for of_team in teams])
    for of_team in teams:
        leads = of_team.id in decided
        if (review := running.get(of_team.id)) is not None:
            reviews.append(home_review(session, actor, review, now, decides=leads))
        elif leads and of_team.channel_id is not None:
            can_start.append(team_shown(of_team))
    return tuple(reviews), tuple(can_start)


# --- one-on-ones


class _Sessions:
    """A person's one-on-ones on either side, read once. Days are the reader's own."""

    def __init__(self, session: Session, actor: Person, now: datetime) -> None:
        self.session, self.actor, self.now = session, actor, now
        self.zone = ZoneInfo(actor.zone)
        self.on = now.astimezone(self.zone).date()
        self.midnight = instant(self.on, time(), actor.zone)
        monday = monday_of(self.on)
        self.days = [monday + n * DAY for n in range(7)]
        around = self.days[0] - DAY, self.days[-1] + DAY  # dates of sessions are in their zones
        self.around = one_on_ones.on_days(session, actor.id, *around)
        self.over = one_on_ones.unrecorded(session, actor.id, now)
        self.coming = one_on_ones.upcoming(session, actor.id, now, limit=4 * MOST_NEXT)
        self.unrated = ratings.unrated(session, actor.id, now)
        found = [*self.around, *self.over, *self.coming, *self.unrated]
        ids = {one.coach_id for one, _ in found} | {one.person_id for one, _ in found}
        people_by_id(session, ids)  # at hand from here on: a row asks for nobody

    def _rows(self, found: Iterable[_Found]) -> tuple[OneOnOneRow, ...]:
        return tuple(
            one_on_one_row(self.session, one, sitting, self.actor.id, self.now)
            for one, sitting in found
        )

    def _is_on(self, sitting: Sitting, day: date) -> bool:
        return sitting.starts_at.astimezone(self.zone).date() == day

    def today(self) -> tuple[OneOnOneRow, ...]:
        return self._rows(found for found in self.around if self._is_on(found[1], self.on))

    def next(self) -> tuple[OneOnOneRow, ...]:
        return self._rows(self._later()[:MOST_NEXT])

    def more(self) -> int:
        return len(self._later()[MOST_NEXT:])

    def _later(self) -> list[_Found]:
        return [found for found in self.coming if not self._is_on(found[1], self.on)]

    def to_rate(self) -> tuple[OneOnOneRow, ...]:
        return self._rows(self.unrated)

    def unrecorded(self) -> tuple[OneOnOneRow, ...]:
        return self._rows(found for found in self.over if not self._is_on(found[1], self.on))

    def _off(self) -> dict[date, DayOff]:
        me = self.actor
        return all_days_off(self.session, [me], self.days[0], self.days[-1])[me.id]

    def week(self, managed: Collection[Team]) -> tuple[DayOfWeek, ...]:
        """Monday to Friday, and what else of the week has a session, on either side, or a prompt
        of the teams that the person manages."""
        zone = self.actor.zone
        prompts = prompts_by_day(self.session, managed, self.days, zone, self.now)
        off = self._off() if managed else {}
        strip = []
        for day in self.days:
            rows = self._rows(found for found in self.around if self._is_on(found[1], day))
            of_teams = prompts.get(day, ())
            if rows or of_teams or day.isoweekday() <= _FRIDAY:
                strip.append(DayOfWeek(day, rows, of_teams, off.get(day)))
        return tuple(strip)


def _coach(
    session: Session, actor: Person, mine: _Sessions, teams: Iterable[Team]
) -> HomeCoach | None:
    coached = coached_by(session, actor)
    managed = [one for one in teams if one.manager_id == actor.id]
    week, unrecorded = mine.week(managed), mine.unrecorded()
    runs_some = any(row.side is Side.COACH for day in week for row in day.sessions)
    runs_prompts = any(day.prompts for day in week)
    if not (coached or unrecorded or runs_some or runs_prompts):
        return None
    first, _ = one_on_ones.quarter_of(mine.on)
    held = one_on_ones.held_rate(session, actor.id, first, mine.on)
    turns = one_on_ones.rotation_of(session, actor.id, mine.on)
    return HomeCoach(
        unrecorded=unrecorded,
        held=HeldShown(held.held, held.due) if held.due else None,
        week=week,
        month=_month(session, actor, coached, mine.on),
        rescuing=_rescuing(session, [actor, *coached], first, mine.on),
        left_out=() if turns is None else left_out_shown(session, turns),
        held_back=held_back(session, managed),
    )


def _rescuing(
    session: Session, people: Iterable[Person], first: date, today: date
) -> tuple[RescuingShown, ...]:
    """Of those who manage a team."""
    ids = set(session.scalars(select(Team.manager_id)))
    managing = [each for each in people if each.id in ids]
    found = rescuing(session, managing, first, today) if managing else {}
    shown = ((each, found[each.id]) for each in managing)
    return tuple(
        RescuingShown(who_shown(each), one.owned, one.of, one.least) for each, one in shown
    )


# --- coaching


def _month(
    session: Session, actor: Person, coached: Iterable[Person], today: date
) -> CoachingMonth:
    """Only who is coached by this person now is named."""
    rules, found = standards(session), coaching.gauges(session, actor, today)
    people = [
        Coached(who_shown(person), found.minutes[person.id], found.contacts[person.id])
        for person in coached
    ]
    return CoachingMonth(
        people=tuple(sorted(people, key=lambda one: one.minutes)),
        hours=(rules.coaching_hours_least, rules.coaching_hours_most),
        share=found.share,
        share_asked=rules.coaching_share,
    )


# --- what comes, what could not be posted


def _upcoming(session: Session, teams: Iterable[Team], now: datetime) -> tuple[Upcoming, ...]:
    """The next instant of every prompt of these teams, soonest first."""
    by_id = {of_team.id: of_team for of_team in teams}
    found = session.scalars(
        select(Schedule).where(Schedule.team_id.in_(by_id), Schedule.is_on).order_by(Schedule.id)
    )
    coming = [
        Upcoming(each.prompt, team_shown(by_id[each.team_id]), next_instant(each, now))
        for each in found
        if each.team_id is not None
    ]
    return tuple(sorted(coming, key=lambda each: each.at))


def _parked(session: Session) -> Iterable[AdminParked]:
    waiting = session.scalars(
        select(Delivery).where(Delivery.state == DeliveryState.PARKED).order_by(Delivery.id)
    )
    return (parked_shown(session, refused) for refused in waiting)


# --- settings


def days_off(session: Session, actor: Person, now: datetime) -> DaysOff:
    """A person's own absences, with the sessions that each excuses: those that are not over, and
    those that were entered afterwards."""
    today = now.astimezone(ZoneInfo(actor.zone)).date()
    found = absences(session, actor.id, today - ENTERED_LATE * DAY)
    return DaysOff(
        today=today,
        absences=tuple(
            _absence(session, actor, one, today, now)
            for one in found
            if one.ends_on >= today or local_date(one.entered_at, actor.zone) > one.ends_on
        ),
        follows_status=actor.follows_status,
        company=_company(session, actor, today),
        calendar=calendar_shown(session, actor, now),
    )


def _absence(
    session: Session, actor: Person, absence: Absence, today: date, now: datetime
) -> AbsenceShown:
    waits = absence.accepted_at is None and bool(unexcused(session, absence, now))
    leaders = leaders_above(session, actor) if waits else []
    by = absence.accepted_by_id
    return AbsenceShown(
        absence.id,
        absence.starts_on,
        absence.ends_on,
        excused=_excused(session, actor, absence.starts_on, absence.ends_on, now),
        source=absence.source,
        waits_for=who_shown(leaders[0]) if leaders else None,
        accepted_by=None if by is None else who_shown(get_person(session, by)),
        may_take_back=stays(absence, actor, today) != absence.ends_on,
    )


def _company(session: Session, actor: Person, today: date) -> tuple[tuple[date, str], ...]:
    off = all_days_off(session, [actor], today, today + COMPANY_AHEAD)[actor.id]
    days = ((day, one.name) for day, one in off.items() if one.why is Off.COMPANY)
    return tuple(sorted(days))


def _excused(
    session: Session, actor: Person, first: date, last: date, now: datetime
) -> tuple[OneOnOneRow, ...]:
    """The sessions on these days that this person's being off excuses."""
    rows = []
    for one_on_one, sitting in one_on_ones.on_days(session, actor.id, first, last):
        side = side_of(one_on_one, actor.id)
        if one_on_one.state is State.EXCUSED and one_on_one.excuse is _OFF[side]:
            rows.append(one_on_one_row(session, one_on_one, sitting, actor.id, now))
    return tuple(rows)


_OFF = {Side.COACH: Excuse.COACH_OFF, Side.PERSON: Excuse.PERSON_OFF}


def messages_chosen(session: Session, actor: Person, now: datetime) -> MessagesChosen:
    """Which messages this person gets, and when."""
    found = attention.chosen(session, actor.id)
    hours, rules = found.reader.hours, found.reader.rules
    snoozed = hours.snoozed_until
    return MessagesChosen(
        zone=actor.zone,
        day_before=actor.reminded_day_before,
        at_start=actor.reminded_at_start,
        minutes=rules.reminder_minutes,
        offered=attention.offered(actor),
        unwanted=found.reader.unwanted,
        quiet=hours.quiet,
        blocks=found.blocks,
        snoozed_until=snoozed if snoozed is not None and snoozed > now else None,
        most=found.reader.most,
        waiting=found.waiting,
    )


def calendar(session: Session, actor: Person) -> Calendar:
    """When and where this person works."""
    return Calendar(
        actor.zone,
        actor.zone_is_own,
        actor.working_days,
        actor.holiday_calendar,
        _zone_of(session, actor),
    )


def _zone_of(session: Session, actor: Person) -> TeamShown | None:
    of_team = team_whose_zone(session, actor) if actor.zone_is_teams else None
    return None if of_team is None else team_shown(of_team)


def deputies(session: Session, actor: Person) -> tuple[DeputyTeam, ...]:
    """The teams for which this person may name the deputy, by name. Raises `Refused`: for none."""
    teams = teams_for(session, actor)
    mine = [one for one in teams if access.may(session, actor, Act.NAME_DEPUTY, team_id=one.id)]
    if not mine:
        raise Refused(Act.NAME_DEPUTY, ())
    found = ((one, deputy_of(session, one)) for one in mine)
    return tuple(
        DeputyTeam(team_shown(one), None if deputy is None else who_shown(deputy))
        for one, deputy in found
    )
