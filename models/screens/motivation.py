"""What drives a person: their own form, and what their coach may see of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models import one_on_ones
from models.access import Act, coach_of, require_coach
from models.motivation import NotShared, ProfileInput, parts_of, profile_for, profile_of
from models.people import Person, get_person
from models.screens.pieces import who_shown
from models.screens.shown import Who


@dataclass(frozen=True)
class ProfileForm:
    """A person's own profile. `coach`: whom it can be shared with; `shared`: that coach sees it."""

    coach: Who | None
    parts: ProfileInput
    shared: bool


def profile_form(session: Session, actor: Person) -> ProfileForm:
    coach = coach_of(session, actor)
    profile = profile_of(session, actor.id)
    return ProfileForm(
        coach=None if coach is None else who_shown(coach),
        parts=ProfileInput() if profile is None else parts_of(profile),
        shared=profile is not None and coach is not None and profile.shared_with_id == coach.id,
    )


@dataclass(frozen=True)
class Drives:
    """A person's profile for their coach. `zone` is the coach's."""

    person: Who
    parts: ProfileInput
    written_at: datetime
    zone: str


def drives(session: Session, actor: Person, one_on_one_id: int) -> Drives:
    """What drives the coached person of a session, for who coaches them now.

    Raises `UnknownOneOnOne`, `Refused` (somebody else coaches them), `NotShared`.
    """
    person = get_person(session, one_on_ones.get(session, one_on_one_id).person_id)
    require_coach(session, actor, person, Act.SEE_DRIVES)
    profile = profile_for(session, actor, person)
    if profile is None or parts_of(profile).is_empty:
        raise NotShared(person.id)
    return Drives(who_shown(person), parts_of(profile), profile.written_at, actor.zone)
