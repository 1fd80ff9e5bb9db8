"""The health check as a preview: with the team's own deals, and nothing of it is recorded."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import MESSAGES
from models.coaching import CoverageTalk
from models.delivery import Delivery, Kind
from models.health_check import HealthCheck
from models.people import team
from models.setup import rehearsal
from tests.world import NOW, World, a_deal, an_import

KINDS = (Kind.HEALTH_SUMMARY, Kind.HEALTH_FLAGS, Kind.HEALTH_TALKS)


def test_the_channel_the_thread_and_the_list_and_nothing_stays(
    session: Session, world: World
) -> None:
    an_import(session, NOW)
    a_deal(session, world.ana)
    shown = {}
    with rehearsal(session, team(session, world.team), NOW) as rehearsed:
        for one in rehearsed:
            if one.kind in KINDS:
                shown[one.kind] = MESSAGES[one.kind].load(session, one.subject_id, one.at)
    assert set(shown) == set(KINDS)
    assert None not in shown.values()
    for table in (HealthCheck, CoverageTalk, Delivery):
        assert session.scalars(select(table.id)).all() == []
