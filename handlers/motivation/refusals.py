"""What the motivation profile refuses, in words: one line, with the way out."""

from typing import Any

from sqlalchemy.orm import Session

from handlers import words
from handlers.refusal import Refusal, Refusals, Reserved, named, only
from models import screens
from models.access import Act
from models.motivation import CoachChanged, NotShared, ProfileTooLong


def _not_shared(session: Session, error: Any, _zone: str) -> Refusal:
    who = screens.who(session, (error.person_id,))
    name = words.said(who[0].name, 60) if who else "This person"
    return Refusal((f"{name} has not shared this with you yet; {name} can do so from Home.",))


def _coach_changed(session: Session, error: Any, _zone: str) -> Refusal:
    now = named(session, () if error.coach_id is None else (error.coach_id,))
    if not now:
        return Refusal(("Nobody coaches you now. Untick it, or keep it for later.",), ("sharing",))
    again = " coaches you now. Close this and open it again to choose."
    return Refusal((*now, again), ("sharing",))


def _too_long(_session: Session, error: Any, _zone: str) -> Refusal:
    return Refusal((f"Shorter, please: {error.most} characters at most.",), (error.part,))


RESERVED: Reserved = {
    Act.SEE_DRIVES: only("sees what drives this person", "Whoever coaches somebody may be shown."),
}
REFUSALS: Refusals = {
    NotShared: _not_shared,
    CoachChanged: _coach_changed,
    ProfileTooLong: _too_long,
}
