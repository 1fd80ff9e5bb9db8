"""The profile's two modals: to fill it in, and for the coach to read it."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints
from slack_sdk.models.blocks import (
    CheckboxesElement,
    PlainTextInputElement,
    StaticSelectElement,
)

from handlers import lines, words
from handlers.blocks import context, modal
from handlers.forms import Ask, Form, Json, Option
from handlers.ids import Id
from handlers.lines import Bold, Line, Moment
from handlers.pipeline_review import phrases
from models.motivation import MOST_PROFILE, MovedBy, ProfileInput
from models.screens import Drives
from models.screens import ProfileForm as ProfileScreen

_SHARE = "share"
_MOVED_BY = {
    MovedBy.REWARD: "The reward",
    MovedBy.WORK: "The work itself",
    MovedBy.BOTH: "Both alike",
}
_MOVES: list[Option] = list(_MOVED_BY.items())

_Words = Annotated[str, StringConstraints(max_length=MOST_PROFILE)] | None


def _ask(label: str, hint: str = "") -> Ask:
    return Ask(label, PlainTextInputElement(multiline=True, max_length=MOST_PROFILE), hint)


class ProfileMeta(BaseModel):
    """`coach`: the Slack id of whom the checkbox named."""

    coach: str | None
    home: bool = False


class ProfileForm(Form):
    """Each part as its person likes to put it, or not at all."""

    goal: Annotated[
        _Words, _ask("Your big, audacious goal", "At work or beyond it: what all this is for.")
    ] = None
    gets_up_for: Annotated[_Words, _ask("What gets you up in the morning")] = None
    free_time: Annotated[_Words, _ask("Your free time")] = None
    in_ten_years: Annotated[_Words, _ask("You, ten years from now")] = None
    coach_can_help: Annotated[_Words, _ask("How your manager can help")] = None
    moved_by: Annotated[
        MovedBy | None,
        Ask("What moves you more", StaticSelectElement(placeholder="Reward, or the work itself")),
    ] = None
    sharing: Annotated[list[str], Ask("Who may see it", CheckboxesElement())] = Field(
        default_factory=list
    )

    @property
    def share(self) -> bool:
        return _SHARE in self.sharing

    def given(self) -> ProfileInput:
        return ProfileInput(**self.model_dump(exclude={"sharing"}))


_LABELS = {name: ask.label for name, ask in ProfileForm.asks().items() if name != "sharing"}


def profile(shown: ProfileScreen, *, home: bool = False) -> Json:
    """Everything optional; seen by nobody else unless the coach's name is ticked."""
    coach = shown.coach
    options: dict[str, list[Option]] = {"moved_by": _MOVES}
    if coach is not None:
        name = words.said(coach.name, 50)
        later = "Whoever follows sees nothing, unless you say so again."
        options["sharing"] = [(_SHARE, f"{name} may see it", later)]
    blocks = ProfileForm.blocks(
        only={*_LABELS} | ({"sharing"} if coach else set()),
        options=options,
        sharing=[_SHARE] if shown.shared else None,
        **{part: getattr(shown.parts, part) for part in _LABELS},
    )
    first: Line = ("All of it is optional. Nobody else sees it unless you tick that below.",)
    if coach is None:
        first = ("All of it is optional, and for you alone: nobody coaches you yet.",)
    meta = ProfileMeta(coach=None if coach is None else coach.slack_id, home=home)
    return modal(
        Id.SAVE_PROFILE,
        "What drives me",
        [lines.rich_text(first), *blocks],
        submit="Save",
        private_metadata=meta.model_dump_json(),
    )


_COACH_READS = {
    "goal": "The big, audacious goal",
    "gets_up_for": "Gets up in the morning for",
    "free_time": "Free time",
    "in_ten_years": "Ten years from now",
    "coach_can_help": "How you can help",
    "moved_by": "Moved more by",
}


def drives(shown: Drives) -> Json:
    """What the coach may read; parts that were left out are not there."""
    name = words.said(shown.person.name, 40)
    parts: list[Json] = []
    for part, label in _COACH_READS.items():
        value = getattr(shown.parts, part)
        if value:
            parts.append(lines.rich_text((Bold(label),), (_reads(value),)))
    said: Line = ("Written ", Moment(shown.written_at, shown.zone), ". ", *_between(shown))
    return modal(Id.NOTE, f"What drives {name}", [*parts, context(said)], close="Close")


def _reads(value: Any) -> str:
    return _MOVED_BY[value] if isinstance(value, MovedBy) else words.said(value, MOST_PROFILE)


def _between(shown: Drives) -> Line:
    return "Between ", phrases.who(shown.person), " and you."
