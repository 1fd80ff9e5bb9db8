"""Questions of the stages, and the answers that were given to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, one_of, within_workspace
from models.proof import AnswerKind


class Question(InWorkspace, Base):
    """One question of a stage, asked in order of `position`. `key` is stable, `label` is words."""

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "stage_id", "key"),
        UniqueConstraint("workspace_id", "stage_id", "position"),
        within_workspace("stage_id", "stages"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    kind: Mapped[AnswerKind] = mapped_column(one_of(AnswerKind, "kind"))
    label: Mapped[str] = mapped_column(String(150))
    short: Mapped[str] = mapped_column(String(40))  # how a card names it: "the review meeting"


class AnswerSet(InWorkspace, Base):
    """What one person submitted in one go: one message in the deal's thread.

    `for_id`: on whose behalf, the deal's owner then; null: the owner's own. `quote_*`: the message
    of Slack that it was made from, and whose that is.
    """

    __tablename__ = "answer_sets"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        within_workspace("deal_id", "deals"),
        within_workspace("answered_by_id", "people"),
        within_workspace("for_id", "people"),
        CheckConstraint(
            "(quote_url IS NULL) = (quote_slack_id IS NULL)", name="quoted_with_its_author"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int]
    review_deal_id: Mapped[int | None]  # the review's table stands a floor above
    answered_by_id: Mapped[int]
    answered_at: Mapped[datetime]
    for_id: Mapped[int | None]
    quote_url: Mapped[str | None] = mapped_column(String(500))
    quote_slack_id: Mapped[str | None] = mapped_column(String(32))


class Answer(InWorkspace, Base):
    """An answer to a question about a deal; one is current, the earlier ones stay as trail.

    `confirmed_at` is when the owner gave it, confirmed it or last ticked "Still true". It counts
    while that is neither older than the standard's days nor before the deal entered its stage.
    Null: given on the owner's behalf, and not confirmed yet. `confirmed_by_id`: the owner who
    confirmed what somebody else had given.
    """

    __tablename__ = "answers"
    __table_args__ = (
        within_workspace("answer_set_id", "answer_sets"),
        within_workspace("deal_id", "deals"),
        within_workspace("question_id", "questions"),
        within_workspace("confirmed_by_id", "people"),
        Index(
            "uq_answers_current", "workspace_id", "deal_id", "question_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_set_id: Mapped[int]
    deal_id: Mapped[int]
    question_id: Mapped[int]
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    answered_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None]
    is_current: Mapped[bool] = mapped_column(default=True)
