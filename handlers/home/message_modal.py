"""Which messages a person gets, and when none: one modal for all of it."""

from handlers import lines, words
from handlers.blocks import actions, button, context, divider, modal, section
from handlers.forms import Json, Option
from handlers.home.forms import MessagesForm, Remind
from handlers.ids import Id
from handlers.lines import Bold, Line, Moment
from models.attention import Block, Snooze, Topic
from models.screens import MessagesChosen

_TOPICS = {
    Topic.TALK_REMINDER: ("Reminder on Monday afternoon", "Reps I have not spoken with yet"),
    Topic.PICK: ("The review's pick", "Its deals, an hour before the cards"),
    Topic.PUT_RIGHT: ("To put right in the CRM", "My deals, on Friday afternoon"),
    Topic.COACHING: ("Coaching I got", "As soon as it is logged, with what to answer"),
    Topic.PRACTICE: ("Words worth copying", "Whether something I wrote may be shared"),
    Topic.SKIPPED: ("Prompts that were skipped", "What did not happen, and why"),
}
_SNOOZES: list[Option] = [
    (Snooze.HOUR, "For an hour"),
    (Snooze.TWO_HOURS, "For two hours"),
    (Snooze.TOMORROW, "Until tomorrow morning"),
    (Snooze.MONDAY, "Until Monday morning"),
]
_DAYS: list[Option] = [(str(n), name) for n, name in enumerate(words.WEEKDAYS, start=1)]


def messages(shown: MessagesChosen) -> Json:
    """What stands, and how to change it."""
    reminders: list[Option] = [
        (Remind.DAY_BEFORE, "The day before", "With what to prepare, in the morning digest"),
        (Remind.AT_START, f"{words.plural(shown.minutes, 'minute')} before", "A message with it"),
    ]
    chosen = {Remind.DAY_BEFORE: shown.day_before, Remind.AT_START: shown.at_start}
    topics: list[Option] = [(topic, *_TOPICS[topic]) for topic in shown.offered]
    options = {
        "remind": reminders, "topics": topics, "selling_days": _DAYS, "snooze": _SNOOZES
    }  # fmt: skip
    quiet_from, quiet_until = shown.quiet or (None, None)
    asked = MessagesForm.blocks(
        options=options,
        remind=[each for each, on in chosen.items() if on],
        topics=[each for each in shown.offered if each not in shown.unwanted],
        quiet_from=quiet_from,
        quiet_until=quiet_until,
    )
    at = next(n for n, one in enumerate(asked) if one["block_id"] == "selling_days")
    blocks = [*snoozed(shown), context(_budget(shown)), *asked[:at]]
    blocks += [_selling(block_id, block) for block_id, block in shown.blocks]
    blocks += [*asked[at:], divider(), context(_NOT_HELD)]
    return modal(Id.SAVE_MESSAGES, "Messages", blocks, submit="Save")


def snoozed(shown: MessagesChosen) -> list[Json]:
    """Until when, with the way out; nothing where nobody snoozes."""
    if shown.snoozed_until is None:
        return []
    until: Line = (Bold("Snoozed"), " until ", Moment(shown.snoozed_until, shown.zone), ".")
    return [lines.rich_text(until), actions(button("End snooze", Id.END_SNOOZE))]


_NOT_HELD: Line = (
    "Reminders just before a one-on-one come whatever stands here, unless you switch them off.",
)


def _budget(shown: MessagesChosen) -> Line:
    most = words.plural(shown.most, "message")
    said = f"At most {most} a day come unasked. The rest waits for your next morning digest."
    waits = words.plural(shown.waiting, "message waits", "messages wait")
    return (f"{said} {waits} for it." if shown.waiting else said,)


def _selling(block_id: int, block: Block) -> Json:
    """`Tuesday, Thursday, 09:00–11:00`, with a button beside it."""
    days = ", ".join(words.WEEKDAYS[int(day) - 1] for day in block.weekdays)
    said: Line = (Bold("Selling"), f" · {days}, {block.starts:%H:%M}–{block.ends:%H:%M}")
    return section(said, button("Remove", Id.REMOVE_BLOCK, block_id))
