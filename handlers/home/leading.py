"""A leader's managers at Home, worst first, each with what can be acted on and a way to do it."""

from handlers import words
from handlers.blocks import button, context, header, section
from handlers.forms import Json
from handlers.ids import Id
from handlers.lines import Bold, Channel, Line, Moment, joined
from handlers.one_on_ones.phrases import span
from handlers.pipeline_review import phrases
from models.screens import HomeScreen, ManagerShown, TeamLed

_MOST = 10
_MOST_TEAMS = 3


def managers(shown: HomeScreen) -> list[Json]:
    """One section each; what waits first, then how the quarter stands."""
    if not shown.managers:
        return []
    blocks = [header("Your managers")]
    blocks += [_manager(one, shown) for one in shown.managers[:_MOST]]
    if (more := len(shown.managers) - _MOST) > 0:
        blocks.append(context((f"and {more} more, with less to act on",)))
    return blocks


def _manager(one: ManagerShown, shown: HomeScreen) -> Json:
    log = button("Log coaching", Id.OPEN_LOG, one.person.id) if one.may_coach else None
    names = ", ".join(words.said(led.team.name, 40) for led in one.teams[:_MOST_TEAMS])
    head: Line = (phrases.who(one.person), f" · {names}" if names else "")
    said = joined([head, *_waits(one, shown.zone), *_stands(one, shown)], "\n")
    return section(said, log)


def _waits(one: ManagerShown, zone: str) -> list[Line]:
    """`3 deals wait for a decision in #west since Wed 10:00 · 2 one-on-ones are not recorded`."""
    parts: list[Line] = [_review(led, zone) for led in one.teams[:_MOST_TEAMS]]
    if one.unrecorded:
        number = words.plural(one.unrecorded, "one-on-one")
        parts.append((Bold(f"{number} not recorded"),))
    if one.uncoached:
        parts.append((Bold(f"no coaching for {one.uncoached} of {one.coached} in two weeks"),))
    return [joined(parts)] if any(parts) else [("Nothing waits.",)]


def _review(led: TeamLed, zone: str) -> Line:
    if led.waits is None:
        return ()
    number = words.plural(led.waits.undecided, "deal")
    where: Line = (" in ", Channel(led.team.channel_id)) if led.team.channel_id else ()
    return Bold(f"{number} undecided"), *where, " since ", Moment(led.waits.since, zone)


def _stands(one: ManagerShown, shown: HomeScreen) -> list[Line]:
    """`held 5 of 7 this quarter · changed too often with 1 · last review: decided, Wed 18 Nov`."""
    parts: list[Line] = []
    if one.coached > one.places:
        parts.append((Bold(span(one.coached, one.places)),))
    if one.held:
        parts.append((f"one-on-ones held this quarter: {one.held.held} of {one.held.due}",))
    if one.talks:
        kept = f"{one.talks.kept} of {one.talks.due}"
        parts.append((f"coverage conversations kept the same day: {kept}",))
    if one.breaches:
        people = words.plural(one.breaches, "person", "people")
        parts.append((f"changed too often with {people}",))
    for led in one.teams[:_MOST_TEAMS]:
        of_team = f" of {words.said(led.team.name, 40)}" if len(one.teams) > 1 else ""
        parts.append((f"last review{of_team}: {_last(led, shown)}",))
    return [joined(parts)] if parts else []


def _last(led: TeamLed, shown: HomeScreen) -> str:
    if led.last_grade is None or led.last_on is None:
        return "none yet"
    return f"{phrases.GRADES[led.last_grade]}, {words.day(led.last_on, shown.today)}"
