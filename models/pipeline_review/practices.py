"""Best practices: somebody's words as worth copying, public once their author has agreed.

product.md, "What is public": best practices, after one click of consent by their author. Until
then, and again once it is taken back, nothing of it is shown to anybody else.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import access
from models.access import Act, require_one_of
from models.base import Base, InWorkspace, one_of, within_workspace
from models.delivery import Kind, owe, refresh
from models.people import Person
from models.pipeline_review.reading import lock_review_of
from models.pipeline_review.refusals import AuthorGone, UnknownReview
from models.pipeline_review.tables import ReviewDeal

MOST_PRACTICE = 300
"""Characters of a practice: it is to be read in passing."""


class Consent(StrEnum):
    ASKED = "asked"
    SHARED = "shared"
    KEPT = "kept"  # rather not, or taken back


class Practice(InWorkspace, Base):
    """Words proposed as worth copying. `source` names the answer or message: each is asked once."""

    __tablename__ = "practices"
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        UniqueConstraint("workspace_id", "source"),
        within_workspace("review_deal_id", "review_deals"),
        within_workspace("author_id", "people"),
        within_workspace("proposed_by_id", "people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_deal_id: Mapped[int]
    source: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(String(MOST_PRACTICE))
    author_id: Mapped[int]
    proposed_by_id: Mapped[int]
    proposed_at: Mapped[datetime]
    consent: Mapped[Consent] = mapped_column(one_of(Consent, "consent"))
    answered_at: Mapped[datetime | None]


def from_answer(answer_id: int) -> str:
    """The `source` of words that were an answer."""
    return f"answer:{answer_id}"


def from_message(channel_id: str, ts: str) -> str:
    """The `source` of words that were a message in a card's thread."""
    return f"message:{channel_id}:{ts}"


def propose(
    session: Session,
    actor: Person,
    review_deal_id: int,
    author: Person,
    text: str,
    source: str,
    now: datetime,
) -> tuple[Practice, bool]:
    """Ask the author whether these words may stand in the closing card; once for each source.

    The proposal, and whether it is new: what was proposed before stays as it is, and nobody is
    asked again. One's own words need
    no asking. The review may be closed already. Raises `UnknownReview`, `Refused`, `AuthorGone`;
    ValueError for more than `MOST_PRACTICE` characters.
    """
    entry, review = lock_review_of(session, review_deal_id)
    access.require(session, actor, Act.PROPOSE_PRACTICE, team_id=review.team_id)
    found = session.scalar(select(Practice).where(Practice.source == source))
    if found is not None:
        return found, False
    if not author.active:
        raise AuthorGone(author.id)
    if len(text) > MOST_PRACTICE:
        raise ValueError("a practice is cut by whoever quotes it")
    own = author.id == actor.id
    made = Practice(
        review_deal_id=entry.id,
        source=source,
        text=text,
        author_id=author.id,
        proposed_by_id=actor.id,
        proposed_at=now,
        consent=Consent.SHARED if own else Consent.ASKED,
        answered_at=now if own else None,
    )
    session.add(made)
    session.flush()
    if own:
        refresh(session, Kind.REVIEW_CLOSING, review.id, now)
    else:
        owe(
            session,
            Kind.REVIEW_PRACTICE,
            made.id,
            dedupe_key=f"practice:{made.id}",
            due_at=now,
            person_id=author.id,
        )
    return made, True


def answer_practice(
    session: Session, actor: Person, practice_id: int, now: datetime, *, share: bool
) -> Practice:
    """The author agrees, or would rather not; either may be taken back at any time.

    The closing card shows it, or does not any more. Raises `UnknownReview`, `Refused`.
    """
    found = get_practice(session, practice_id)
    _, review = lock_review_of(session, found.review_deal_id)
    session.refresh(found)
    require_one_of(actor, Act.ANSWER_PRACTICE, found.author_id)
    consent = Consent.SHARED if share else Consent.KEPT
    if found.consent is consent:
        return found
    found.consent, found.answered_at = consent, now
    session.flush()
    refresh(session, Kind.REVIEW_PRACTICE, found.id, now)
    refresh(session, Kind.REVIEW_CLOSING, review.id, now)
    return found


def get_practice(session: Session, practice_id: int) -> Practice:
    """The practice. Raises `UnknownReview`, also for another workspace's."""
    found = session.scalar(select(Practice).where(Practice.id == practice_id))
    if found is None:
        raise UnknownReview(practice_id)
    return found


def shared_practices(session: Session, review_id: int) -> list[tuple[Practice, int]]:
    """What the authors share of a review, with the deal's id, in order of the cards."""
    rows = session.execute(
        select(Practice, ReviewDeal.deal_id)
        .join(ReviewDeal, ReviewDeal.id == Practice.review_deal_id)
        .where(ReviewDeal.review_id == review_id, Practice.consent == Consent.SHARED)
        .order_by(ReviewDeal.position, Practice.id)
    )
    return [(row.Practice, row.deal_id) for row in rows]


def proposed(session: Session, review_deal_id: int) -> list[Practice]:
    """What was proposed of a deal in a review, in that order."""
    found = select(Practice).where(Practice.review_deal_id == review_deal_id)
    return list(session.scalars(found.order_by(Practice.id)))
