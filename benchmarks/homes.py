"""How long a Home takes to build: everything on it loaded and rendered, in the sample team."""

import time
from statistics import median, quantiles

from sqlalchemy import select

from benchmarks.databases import databases
from bot.demo import WORKSPACE_ID
from handlers.home.messages import home as rendered
from models.base import Base, Database
from models.people import Person
from models.screens import home
from tests import sampled

TIMES, WARM_UP = 60, 5
AT_MOST = 200.0
"""Milliseconds (issue 4)."""
NAMES = {"Ana": "a rep", "Max": "a manager", "Lea": "the leader, an admin too"}


def measure(url: str) -> dict[str, tuple[float, float]]:
    """For each person the median and the 95th of 100, in milliseconds."""
    database = Database(url)
    Base.metadata.create_all(database.engine)
    sampled.load(url)
    try:
        return {name: _of(database, name) for name in NAMES}
    finally:
        database.dispose()


def _of(database: Database, name: str) -> tuple[float, float]:
    passed = []
    for _ in range(TIMES + WARM_UP):
        began = time.perf_counter()
        with database.transaction(WORKSPACE_ID) as session:
            person = session.scalars(select(Person).where(Person.name.startswith(name))).one()
            screen = home(session, person, sampled.MONDAY)
        rendered(screen)
        passed.append((time.perf_counter() - began) * 1000)
    counted = passed[WARM_UP:]
    return median(counted), quantiles(counted, n=20)[-1]


def main() -> None:
    print("Home, loaded and rendered; milliseconds")
    print(f"  {'':14}{'':28}{'median':>8}{'p95':>8}")
    with databases("home") as found:
        for kind, [url] in found.items():
            for name, (half, most) in measure(url).items():
                print(f"  {kind:14}{NAMES[name]:28}{half:8.1f}{most:8.1f}   (aim: {AT_MOST:.0f})")
