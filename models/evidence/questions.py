"""What the stages ask, from the first day of a workspace on."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.deals import stages
from models.evidence.tables import Question
from models.proof import AnswerKind

# product.md, "Pipeline review": stage, key, kind, label, how a card names it
_QUESTIONS: tuple[tuple[str, str, AnswerKind, str, str], ...] = (
    ("Qualified", "pain", AnswerKind.MONEY, "What does the pain cost the customer?",
     "what the pain costs"),
    ("Qualified", "budget", AnswerKind.CONTACT, "Who decides over the budget?",
     "who decides over the budget"),
    ("Qualified", "source", AnswerKind.SOURCE, "How do we know?", "how we know"),
    ("Discovery", "buyer_met", AnswerKind.MET, "Have we met the economic buyer?",
     "the economic buyer"),
    ("Discovery", "criteria", AnswerKind.TEXT, "By which criteria will they decide?",
     "their criteria"),
    ("Discovery", "decides_on", AnswerKind.DATE, "When will they decide?", "when they decide"),
    ("Discovery", "forced_by", AnswerKind.TEXT, "What forces that date?", "what forces the date"),
    ("Proposal", "review_meeting", AnswerKind.MEETING, "When is the proposal review meeting?",
     "the review meeting"),
    ("Proposal", "objection", AnswerKind.TEXT, "Which objection is most to be expected?",
     "the objection"),
    ("Proposal", "reply", AnswerKind.TEXT, "How do we answer that objection?",
     "our answer to the objection"),
    ("Negotiation", "terms", AnswerKind.TEXT, "Which terms are open?", "the open terms"),
    ("Negotiation", "approver", AnswerKind.CONTACT, "Who on their side approves those terms?",
     "who approves the terms"),
)  # fmt: skip


def seed_questions(session: Session) -> list[Question]:
    """The product's questions for the stages of that name; a workspace with any keeps its own."""
    found = list(session.scalars(select(Question).order_by(Question.stage_id, Question.position)))
    if found:
        return found
    by_name = {stage.name: stage for stage in stages(session)}
    asked = [row for row in _QUESTIONS if row[0] in by_name]
    made = [
        Question(
            stage_id=by_name[stage].id, key=key, position=position, kind=kind, label=label,
            short=short,
        )
        for position, (stage, key, kind, label, short) in enumerate(asked, start=1)
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    return made
