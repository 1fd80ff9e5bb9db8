"""Evidence: typed answers to a stage's questions. An answer proves, or it only fills.

Rooms: `tables` · `questions` (the product's own) · `standing` (what is proved) · `answering` ·
`confirming` (what was answered on an owner's behalf). Its words and its judgement: `models.proof`.
"""

from models.evidence.answering import (
    AnsweredMeanwhile,
    InvalidAnswer,
    NothingAnswered,
    Quoted,
    save_answers,
    values_by_question,
)
from models.evidence.confirming import (
    AnswersChanged,
    NothingToConfirm,
    Unconfirmed,
    confirm_answers,
    unconfirmed,
)
from models.evidence.questions import seed_questions
from models.evidence.standing import QuestionStanding, Standing, State, standing
from models.evidence.tables import Answer, AnswerSet, Question
from models.proof import AnswerKind, Fault, Proof, judge

__all__ = [
    "Answer",
    "AnswerKind",
    "AnswerSet",
    "AnsweredMeanwhile",
    "AnswersChanged",
    "Fault",
    "InvalidAnswer",
    "NothingAnswered",
    "NothingToConfirm",
    "Proof",
    "Question",
    "QuestionStanding",
    "Quoted",
    "Standing",
    "State",
    "Unconfirmed",
    "confirm_answers",
    "judge",
    "save_answers",
    "seed_questions",
    "standing",
    "unconfirmed",
    "values_by_question",
]
