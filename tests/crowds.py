"""Many who do something at the same moment, each in a thread and a transaction of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import Database, RuleBroken
from tests.world import World

T = TypeVar("T")


def at_once(
    database: Database, world: World, acts: Sequence[Callable[[Session], T]]
) -> list[T | RuleBroken]:
    """What each brought, or by which rule it was refused."""
    gate = Barrier(len(acts), timeout=60)

    def run(act: Callable[[Session], T]) -> T | RuleBroken:
        gate.wait()
        try:
            with database.transaction(world.workspace_id) as session:
                return act(session)
        except RuleBroken as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as crowd:
        return list(crowd.map(run, acts))


def counted(database: Database, world: World, table: type) -> int:
    """How many rows a table has."""
    with database.transaction(world.workspace_id) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
