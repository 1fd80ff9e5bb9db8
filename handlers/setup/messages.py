"""The steps of setting up, in one message to the admin: what is done, what is next.

It is updated in place. The first step that is open is the one to press.
"""

from collections.abc import Callable

from handlers import lines, words
from handlers.blocks import actions, button, confirm, context, header, section
from handlers.forms import Json
from handlers.ids import Id
from handlers.lines import Bold, Channel, Code, Line, Moment, joined
from handlers.message import Rendered
from handlers.one_on_ones.phrases import weekday
from handlers.pipeline_review import phrases
from handlers.setup.forms import quarter_word
from models.channels import Unfit
from models.screens import SetupShown, SkippedTime, TeamSteps
from models.setup import WeekTime
from models.week import FORECAST, HEALTH, PUT_RIGHT

_OTHERS = 10

UNFIT: dict[str, tuple[str, str]] = {
    Unfit.SHARED: (
        "the channel is shared with another company",
        "Stop sharing it, or give the team another channel: /cadence setup.",
    ),
    Unfit.GUESTS: (
        "the channel has guests",
        "Take them out, or give the team another channel: /cadence setup. Then it is posted.",
    ),
    Unfit.PUBLIC: (
        "the channel is public",
        "Make it private, or say in /cadence setup that everybody may read it.",
    ),
}
"""What is wrong with a channel, and what to do."""


def setup(shown: SetupShown) -> Rendered:
    if shown.steps is None:
        return _nothing_yet()
    steps = shown.steps
    rows = [step(shown, steps) for step in STEPS]
    next_ = next((n for n, (done, _, _) in enumerate(rows) if not done), None)
    blocks = [header(f"Set up {words.said(steps.team.name)}")]
    for number, (done, said, pressed) in enumerate(rows):
        blocks.append(_step(number, done, said, pressed, is_next=number == next_))
    blocks.append(context(_summary(steps)))
    blocks += _others(shown)
    open_ = sum(not done for done, _, _ in rows)
    left = f"{words.plural(open_, 'step')} left" if open_ else "everything is set"
    return Rendered(f"Set up {words.escape(words.said(steps.team.name))}: {left}", blocks)


def _nothing_yet() -> Rendered:
    said: Line = (
        "Ten minutes, in steps that you can leave and come back to: a team and its channel, its "
        "people, its deals, quotas and times. Then see every prompt, and start.",
    )
    first = button("Make the first team", Id.SETUP_TEAM, primary=True)
    before: Line = ("Before: invite the bot to the team's channel, with ", Code("/invite @Cadence"))
    blocks = [header("Set up Cadence"), lines.rich_text(said), actions(first), context(before)]
    return Rendered("Set up Cadence: make the first team", blocks)


def _step(number: int, done: bool, said: Line, pressed: Json | None, *, is_next: bool) -> Json:
    mark = "✅" if done else "▶️" if is_next else "▫️"
    if pressed and is_next:
        pressed = pressed | {"style": "primary"}
    return section((f"{mark} ", *said), pressed, f"setup.{number}")


Step = tuple[bool, Line, Json | None]


def _team(_shown: SetupShown, steps: TeamSteps) -> Step:
    team = steps.team
    channel: Line = (Channel(team.channel_id),) if team.channel_id else ("no channel yet",)
    manager: Line = (phrases.who(steps.manager),) if steps.manager else ("no manager yet",)
    said = joined([manager, channel, (team.currency,), (team.zone,)])
    wrong: Line = ()
    if steps.wrong:
        why, way_out = UNFIT[steps.wrong]
        wrong = (f"\nNothing is posted there: {why}. {way_out}",)
    done = bool(team.channel_id and steps.manager and not steps.wrong)
    return done, (Bold("Team"), ": ", *said, *wrong), button("Change", Id.SETUP_TEAM, team.id)


def _people(_shown: SetupShown, steps: TeamSteps) -> Step:
    if not steps.reps:
        said: Line = ("pick the reps, and who leads the manager",)
    else:
        reps = joined([(phrases.who(rep),) for rep in steps.reps[:8]], ", ")
        more = f" and {len(steps.reps) - 8} more" if len(steps.reps) > 8 else ""
        led: Line = (" · led by ", phrases.who(steps.leader)) if steps.leader else ()
        said = (*reps, more, *led, *_zoneless(steps))
    word = "Change" if steps.reps else "Pick people"
    pressed = button(word, Id.SETUP_PEOPLE, steps.team.id)
    return bool(steps.reps), (Bold("People"), ": ", *said), pressed


def _zoneless(steps: TeamSteps) -> Line:
    """Of whom Slack does not say where they are."""
    if not steps.zoneless:
        return ()
    who = joined([(phrases.who(one),) for one in steps.zoneless[:8]], ", ")
    more = f" and {len(steps.zoneless) - 8} more" if len(steps.zoneless) > 8 else ""
    name = words.said(steps.team.name, 80)
    return "\nSlack does not say where ", *who, f"{more} are: {name}'s zone counts"


def _deals(shown: SetupShown, steps: TeamSteps) -> Step:
    if steps.deals_as_of is None:
        said: Line = ("drop your CRM's export, a CSV file, into this conversation",)
    else:
        said = (
            f"{words.plural(steps.deals, 'open deal')} of this team, as of ",
            Moment(steps.deals_as_of, shown.zone),
        )
        if steps.deals_stale:
            said = (*said, ". They are old: drop a new file here")
        elif not steps.deals:
            said = (*said, ". None of the file's owners is in this team: look at the people")
    return steps.deals > 0, (Bold("Deals"), ": ", *said), None


def _quotas(_shown: SetupShown, steps: TeamSteps) -> Step:
    quotas, quarter = steps.quotas, quarter_word(steps.quotas.quarter)
    if quotas.total is None:
        said = f"none for {quarter}; without them there is no coverage"
    elif quotas.reps_with:
        of_reps = f"{quotas.reps_with} of {words.plural(len(steps.reps), 'rep')}"
        said = f"{phrases.money(quotas.total)} in {quarter}, {of_reps} with their own"
    else:
        said = f"{phrases.money(quotas.total)} in {quarter}, for the whole team"
    word = "Set quotas" if quotas.total is None else "Change"
    pressed = button(word, Id.SETUP_QUOTAS, steps.team.id)
    return quotas.total is not None, (Bold("Quotas"), f": {said}"), pressed


def _times(_shown: SetupShown, steps: TeamSteps) -> Step:
    times = steps.times
    said = f"deal cards {_when(times.cards)}, deciding {_when(times.deciding)}"
    if steps.starts_on and not times.is_on:
        said = f"not by itself; it would be {said}"
    others = [(HEALTH, "health check"), (FORECAST, "forecast"), (PUT_RIGHT, "to put right")]
    for prompt, called in others if steps.fixed else ():
        when = steps.fixed[prompt]
        said += f", {called} {_when(when)}" if when else f", no {called}"
    said = "\n".join((said, *(no_such_time(one, steps.team.zone) for one in steps.skipped)))
    pressed = button("Change", Id.SETUP_TIMES, steps.team.id)
    title = "Times of the week" if steps.fixed else "Times of the review"
    return True, (Bold(title), f": {said}"), pressed


def no_such_time(one: SkippedTime, zone: str) -> str:
    """`On 28 Mar 2027 there is no 02:30 in Berlin: it runs at 03:30.`"""
    on, place = f"{words.day(one.on)} {one.on.year}", zone.rpartition("/")[2].replace("_", " ")
    return f"On {on} there is no {one.at:%H:%M} in {place}: it runs at {one.runs_at:%H:%M}."


def _when(time: WeekTime) -> str:
    return f"{weekday(time.day)} {time.at:%H:%M}"


def _preview(_shown: SetupShown, steps: TeamSteps) -> Step:
    said = (
        "as each would look, to you alone; nothing is recorded. One-on-ones are shown with a rep"
        " who has had none yet"
    )
    pressed = button("Preview", Id.SETUP_PREVIEW, steps.team.id)
    return steps.previewed, (Bold("Preview every prompt to me"), f": {said}"), pressed


def _start(_shown: SetupShown, steps: TeamSteps) -> Step:
    if steps.starts_on and steps.trial_ends_on:
        first, last = words.day(steps.starts_on), words.day(steps.trial_ends_on)
        said = f"{first}. The first week, until {last}, is a trial: nothing counts as missed"
        return True, (Bold("First day"), f": {said}"), None
    monday = words.day(steps.monday)
    said = f"on {monday}. The first week is a trial, in which nothing counts as missed"
    sure = confirm(
        f"Start on {monday}?",
        "From then on the prompts come by themselves. Everything can still be changed.",
        "Start",
        "Not yet",
    )
    pressed = button("Start", Id.SETUP_START, steps.team.id, confirm=sure)
    return False, (Bold("Start"), f": {said}"), pressed


STEPS: tuple[Callable[[SetupShown, TeamSteps], Step], ...] = (
    _team,
    _people,
    _deals,
    _quotas,
    _times,
    _preview,
    _start,
)


def _summary(steps: TeamSteps) -> Line:
    if steps.team.channel_id and steps.reps and steps.deals:
        review: Line = (Code("/pipeline-review"), " in ", Channel(steps.team.channel_id))
        return ("A first review can start at any time: ", *review)
    return ("This message follows what you do. ", Code("/cadence setup"), " brings it back.")


def _others(shown: SetupShown) -> list[Json]:
    blocks = [
        section(
            (Bold(words.said(team.name)), ": started" if begun else ": not started yet"),
            button("Open", Id.SETUP_TURN, f"{shown.setup_id}:{team.id}"),
            f"setup.other.{number}",
        )
        for number, (team, begun) in enumerate(shown.others[:_OTHERS])
    ]
    buttons = [
        button("Add another team", Id.SETUP_TEAM),
        button("Company days", Id.COMPANY_DAYS),
    ]
    if shown.steps and shown.steps.wrong:
        buttons.insert(0, button("Check the channel again", Id.SETUP_CHECK, shown.steps.team.id))
    return [*blocks, actions(*buttons, block_id="setup.more")]
