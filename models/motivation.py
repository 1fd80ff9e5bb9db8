"""What drives a person, in their own words; all of it optional, seen by them and their coach alone.

A new coach sees nothing until the person shares it again (product.md, "Motivation profile").
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.access import coach_of
from models.base import Base, InWorkspace, RuleBroken, within_workspace
from models.people import Person

MOST_PROFILE = 1000  # characters of each part


class MovedBy(StrEnum):
    """What moves a person more."""

    REWARD = "reward"
    WORK = "work"  # the work itself
    BOTH = "both"


class MotivationProfile(InWorkspace, Base):
    """A version of a profile, the newest is current; `shared_with_id`: the coach who may see it."""

    __tablename__ = "motivation_profiles"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("person_id", "people"),
        within_workspace("shared_with_id", "people"),
        Index(
            "uq_motivation_profiles_current", "workspace_id", "person_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    goal: Mapped[str | None] = mapped_column(Text)  # the big audacious one
    gets_up_for: Mapped[str | None] = mapped_column(Text)
    free_time: Mapped[str | None] = mapped_column(Text)
    in_ten_years: Mapped[str | None] = mapped_column(Text)
    coach_can_help: Mapped[str | None] = mapped_column(Text)
    moved_by: Mapped[str | None] = mapped_column(Text)  # a word of `MovedBy`
    shared_with_id: Mapped[int | None]
    written_at: Mapped[datetime]
    is_current: Mapped[bool] = mapped_column(default=True)


@dataclass(frozen=True)
class ProfileInput:
    """The parts of a profile, each as its person wrote it, or None."""

    goal: str | None = None
    gets_up_for: str | None = None
    free_time: str | None = None
    in_ten_years: str | None = None
    coach_can_help: str | None = None
    moved_by: MovedBy | None = None

    @property
    def is_empty(self) -> bool:
        return not any(asdict(self).values())


class ProfileTooLong(RuleBroken):
    """A part has more than `most` characters. `part`: the column's name."""

    def __init__(self, part: str, most: int) -> None:
        super().__init__(part, most)
        self.part = part
        self.most = most


class CoachChanged(RuleBroken):
    """Who was to see it does not coach this person any more. `coach_id`: who does; None: nobody."""

    def __init__(self, coach_id: int | None) -> None:
        super().__init__(coach_id)
        self.coach_id = coach_id


class NotShared(RuleBroken):
    """This person shares no profile, or an empty one, with who coaches them now."""

    def __init__(self, person_id: int) -> None:
        super().__init__(person_id)
        self.person_id = person_id


def put_profile(
    session: Session,
    person: Person,
    given: ProfileInput,
    now: datetime,
    *,
    share_with: Person | None,
) -> MotivationProfile:
    """A person's profile is this from now on, and `share_with`, their coach, may see it.

    Earlier versions stay as trail; the same again changes nothing. Raises `ProfileTooLong`,
    `CoachChanged`.
    """
    for part, said in asdict(given).items():
        if said is not None and len(said) > MOST_PROFILE:
            raise ProfileTooLong(part, MOST_PROFILE)
    coach = coach_of(session, person)
    if share_with is not None and share_with is not coach:
        raise CoachChanged(None if coach is None else coach.id)
    values: dict[str, Any] = {part: said or None for part, said in asdict(given).items()}
    values["shared_with_id"] = None if share_with is None else share_with.id
    session.scalars(  # one version after another, however many are saved at once
        select(Person.id).where(Person.id == person.id).with_for_update(key_share=True)
    ).one()
    before = profile_of(session, person.id)
    if before is not None:
        if all(getattr(before, column) == value for column, value in values.items()):
            return before
        before.is_current = False
        session.flush()
    made = MotivationProfile(person_id=person.id, written_at=now, **values)
    session.add(made)
    session.flush()
    return made


def profile_of(session: Session, person_id: int) -> MotivationProfile | None:
    """A person's profile as it stands. For that person's eyes alone: others ask `profile_for`."""
    return session.scalars(
        select(MotivationProfile).where(
            MotivationProfile.person_id == person_id, MotivationProfile.is_current
        )
    ).one_or_none()


def profile_for(session: Session, viewer: Person, person: Person) -> MotivationProfile | None:
    """What this viewer may see of a person's profile: the own, or as the coach it is shared with.

    None: there is none, or the person has not shared it with who coaches them now.
    """
    found = profile_of(session, person.id)
    if found is None or viewer is person:
        return found
    is_coach = person.active and viewer.active and coach_of(session, person) is viewer
    return found if is_coach and found.shared_with_id == viewer.id else None


def parts_of(profile: MotivationProfile) -> ProfileInput:
    """What a profile says, without whom it is shared with."""
    said = {part: getattr(profile, part) for part in asdict(ProfileInput())}
    moved_by = None if profile.moved_by is None else MovedBy(profile.moved_by)
    return ProfileInput(**said | {"moved_by": moved_by})
