"""What setup itself remembers: who is setting up what, and which previews were asked for."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, within_workspace


class Setup(InWorkspace, Base):
    """One message with the steps, to one admin. `team_id`: whose steps it shows; none: a new one.

    Where somebody stands in the steps is not kept: the team's own rows say it.
    """

    __tablename__ = "setups"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("person_id", "people"),
        within_workspace("team_id", "teams"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    team_id: Mapped[int | None]
    opened_at: Mapped[datetime]


class Preview(InWorkspace, Base):
    """One prompt of a team, as it would look, for an admin; `place`: in the order of the week."""

    __tablename__ = "previews"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("person_id", "people"),
        within_workspace("team_id", "teams"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    team_id: Mapped[int]
    place: Mapped[int]
    asked_at: Mapped[datetime]
