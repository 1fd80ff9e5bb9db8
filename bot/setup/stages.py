"""The stages of a workspace's pipeline, as team.toml lists them."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.setup.form import StageEntry
from crm.toml_file import Mistakes
from models.deals import Deal, Stage, stages
from models.evidence import Question


def put_stages(session: Session, wanted: Sequence[StageEntry]) -> None:
    """Makes the pipeline this list, in this order; stages are the same by name.

    Raises Mistakes for a stage that would go, or become open, won or lost, while deals or records
    stand on it.
    """
    here = {stage.name.casefold(): stage for stage in stages(session)}
    mistakes = _change(session, wanted, here)
    named = {entry.name.casefold() for entry in wanted}
    for name, stage in here.items():
        if name not in named and not _remove(session, stage):
            mistakes.append(f"stages: “{stage.name}” is in use, so it cannot be left out")
    if mistakes:
        raise Mistakes(mistakes)


def _change(session: Session, wanted: Sequence[StageEntry], here: dict[str, Stage]) -> list[str]:
    mistakes: list[str] = []
    for stage in here.values():
        stage.position += 1000  # two stages may not stand at the same place, not even meanwhile
    session.flush()
    for position, entry in enumerate(wanted, 1):
        found = here.get(entry.name.casefold())
        if found is None:
            found = Stage(name=entry.name, kind=entry.kind)
            session.add(found)
        elif found.kind is not entry.kind and _has_deals(session, found):
            says = f"“{found.name}” has deals, so it stays {found.kind.value}"
            mistakes.append(f"stages[{position - 1}].kind: {says}")
        found.name, found.kind, found.position = entry.name, entry.kind, position
        found.qualified, found.age_days = entry.qualified, entry.age_days
    session.flush()
    return mistakes


def _has_deals(session: Session, stage: Stage) -> bool:
    standing = select(Deal.id).where((Deal.stage_id == stage.id) | (Deal.crm_stage_id == stage.id))
    return session.scalar(standing.limit(1)) is not None


def _remove(session: Session, stage: Stage) -> bool:
    """Takes the stage and its questions away; False where records refer to them."""
    try:
        with session.begin_nested():
            session.execute(delete(Question).where(Question.stage_id == stage.id))
            session.execute(delete(Stage).where(Stage.id == stage.id))
    except IntegrityError:
        return False
    session.expunge(stage)
    return True
