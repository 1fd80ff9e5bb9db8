"""Home, for each role the same order: today, what waits, what is next and open, what to start.

What somebody has nothing of is left out, or says what to do next. The settings stand at the end.
"""

from handlers import lines, words
from handlers.blocks import MOST_BLOCKS, actions, button, context, divider, header
from handlers.forecast import at_home as forecasts
from handlers.forms import Json
from handlers.health_check import rows as talks
from handlers.home import late_days_off, leading, message_modal, sessions, waiting
from handlers.home.calendar_words import at_home
from handlers.home.places import whose_zone
from handlers.ids import Id
from handlers.incoming import Stranger
from handlers.lines import Bold, Channel, Code, Line, Moment
from handlers.next_actions.rows import due
from handlers.notices import PROMPTS, parked_line
from handlers.pipeline_review import personal, phrases
from handlers.put_right.messages import put_right
from handlers.refusals import stranger
from models.people import Role
from models.screens import HomeAction, HomeScreen, Upcoming

_ACTIONS = 8
_PARKED = 5
_TEAMS = 5
_DEALS = 10


def home(shown: HomeScreen) -> Json:
    """All times in the reader's zone."""
    with lines.read_by(lines.Reader(shown.zone, shown.zone_is_slacks)):
        return _home(shown)


def _home(shown: HomeScreen) -> Json:
    blocks = [
        *_snoozed(shown),
        *sessions.today(shown),
        *talks.home(shown.talks, shown.today),
        *_waiting(shown),
        *sessions.coming(shown),
        *_open(shown),
        *_actions(shown),
        *forecasts.own(shown.forecast),
        *leading.managers(shown),
        *forecasts.measured(shown.forecast),
        *sessions.coaching(shown),
        *_start(shown),
        *_record(shown),
        *_upcoming(shown),
        *at_home(shown.calendar),
        *_setup(shown),
    ]
    settings = _settings(shown)
    room = MOST_BLOCKS["view"] - len(settings)
    if len(blocks) > room:  # a Home that full has no lines between its rows
        blocks = [block for block in blocks if block["type"] != "divider"]
    blocks = [*blocks[:room], *settings]
    for number, block in enumerate(blocks):
        block["block_id"] = f"home.{number}"
    return {"type": "home", "blocks": blocks}


def no_home(why: Stranger) -> Json:
    """Home of somebody who is not set up here, or not any more."""
    return {"type": "home", "blocks": [lines.rich_text(stranger(why))]}


def _waiting(shown: HomeScreen) -> list[Json]:
    """One-on-ones to rate, coaching to answer, next actions that are due, answers to confirm and
    days off to accept, each one click; what is to be put right in the CRM; the deals in review."""
    blocks = [
        *forecasts.waiting(shown.forecast, shown.person),
        *waiting.ratings(shown.to_rate),
        *waiting.coaching(shown.to_answer),
        *due(shown.due),
        *waiting.confirmations(shown.to_confirm),
        *late_days_off.at_home(shown.to_accept),
        *(put_right(shown.put_right).blocks if shown.put_right else ()),
        *_deals(shown),
    ]
    if not blocks and shown.coach and (count := len(shown.coach.unrecorded)):
        said = words.plural(count, "one-on-one is", "one-on-ones are")
        blocks = [lines.rich_text((f"{said} not recorded yet: see below.",))]
    if blocks:
        return [header("What waits for you"), *blocks]
    return [header("Nothing waits for you"), lines.rich_text(_next_step(shown))]


def _deals(shown: HomeScreen) -> list[Json]:
    rows = [
        row
        for one in shown.reviews
        for row in personal.my_rows(
            one.mine, shown.person.id, one.review, shown.today, decides=one.decides
        )
    ]
    apart = [block for row in rows[:_DEALS] for block in (row, divider())][:-1]
    if (more := len(rows) - _DEALS) > 0:
        apart.append(context((f"and {more} more, in the channel",)))
    return apart


def _next_step(shown: HomeScreen) -> Line:
    """What to do when nothing waits."""
    if shown.deals_as_of is None and shown.is_admin:
        return (
            "No deals are here yet. Drop the CRM's export, a CSV file, into Messages here; or: ",
            Code("cadence import deals.csv"),
        )
    if shown.coach and not shown.sessions_next and not any(d.sessions for d in shown.coach.week):
        return ("Set a weekly one-on-one with each of your people: press One-on-ones below.",)
    if shown.can_start:
        return ("Start a review below, or wait for the scheduled one.",)
    ahead = [one.review for one in shown.reviews if one.decides and not one.review.deciding]
    if ahead:
        begins = Moment(ahead[0].decide_from, shown.zone)
        return ("In the open review you decide from ", begins, " on.")
    if any(one.decides or one.owns for one in shown.reviews):
        return ("Your part of the open review is done.",)
    return ("When you are asked for answers, ratings or decisions, they stand here.",)


def _open(shown: HomeScreen) -> list[Json]:
    if not shown.reviews:
        return []
    blocks = [header("Open reviews")]
    for one in shown.reviews[:_TEAMS]:
        channel = one.review.team.channel_id
        where: Line = ("In ", Channel(channel)) if channel else ()
        blocks.append(lines.rich_text(*personal.review_lines(one.review), where))
    return blocks


def _actions(shown: HomeScreen) -> list[Json]:
    if not shown.actions:
        return []
    blocks = [
        header("Your next actions to come"),
        lines.rich_list(_action(one) for one in shown.actions[:_ACTIONS]),
    ]
    if (more := len(shown.actions) - _ACTIONS) > 0:
        blocks.append(context((f"and {more} more",)))
    return blocks


def _action(one: HomeAction) -> Line:
    by = words.day(one.next_action.due_on)
    return Bold(phrases.name(one.deal)), f": {phrases.quoted(one.next_action.text)} by {by}"


def _start(shown: HomeScreen) -> list[Json]:
    blocks = [
        actions(button(f"Pipeline review · {words.said(one.name, 40)}", Id.START, one.id))
        for one in shown.can_start[:_TEAMS]
    ]
    if shown.coach:
        log = button("Log coaching", Id.OPEN_LOG)
        blocks.append(actions(log, button("One-on-ones", Id.STANDINGS)))
    return [header("Start something"), *blocks] if blocks else []


def _record(shown: HomeScreen) -> list[Json]:
    """The newest coaching that this person got."""
    if shown.received:
        listed = lines.rich_list(waiting.record(one) for one in shown.received)
        return [header("Coaching you got"), listed]
    if shown.role is Role.REP:
        nothing: Line = ("None is logged yet. What your manager logs with you stands here.",)
        return [header("Coaching you got"), lines.rich_text(nothing)]
    return []


def _upcoming(shown: HomeScreen) -> list[Json]:
    if not shown.upcoming:
        return []
    return [
        header("Coming up"),
        lines.rich_list(_coming(one, shown.zone) for one in shown.upcoming),
    ]


def _coming(one: Upcoming, zone: str) -> Line:
    what = PROMPTS.get(one.prompt, one.prompt)
    return f"{words.said(one.team.name)}: {what} · ", Moment(one.at, zone)


def _setup(shown: HomeScreen) -> list[Json]:
    """How fresh the deals are, to all; what could not be posted, to admins."""
    if shown.deals_as_of is None:
        fresh: Line = ("No deals were imported yet.",)
    else:
        old = " They are old: what is decided on them may be wrong." if shown.deals_stale else ""
        fresh = ("Deals as of ", Moment(shown.deals_as_of, shown.zone), f".{old}")
    blocks: list[Json] = [context(fresh)]
    if shown.zone_of:
        blocks.append(context((f"{whose_zone(shown.zone_of)}. Working time changes it.",)))
    if shown.parked:
        listed = [parked_line(one) for one in shown.parked[:_PARKED]]
        blocks = [header("Could not be posted"), lines.rich_list(listed), *blocks]
        if (more := len(shown.parked) - _PARKED) > 0:
            blocks.insert(2, context((f"and {more} more",)))
        blocks.insert(-1, actions(button("Mended: try again", Id.TRY_AGAIN)))
    return blocks


def _snoozed(shown: HomeScreen) -> list[Json]:
    return message_modal.snoozed(shown.messages) if shown.messages else []


def _settings(shown: HomeScreen) -> list[Json]:
    """At the end, with what waits for the next digest."""
    pressed = [
        button("Days off", Id.DAYS_OFF),
        button("Working time", Id.CALENDAR),
        button("Messages", Id.MESSAGES),
        button("What drives me", Id.PROFILE),
    ]
    if shown.names_deputy:
        pressed.append(button("Deputy", Id.DEPUTY))
    if shown.is_admin:
        pressed.append(button("Set up teams", Id.SET_UP))
        pressed.append(button("Company days", Id.COMPANY_DAYS))
    waits: list[Json] = []
    if shown.messages and shown.messages.waiting:
        count = words.plural(shown.messages.waiting, "message waits", "messages wait")
        waits.append(context((f"{count} for your next morning digest.",)))
    return [*waits, divider(), actions(*pressed)]
