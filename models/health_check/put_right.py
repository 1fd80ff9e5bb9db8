"""What was put right since the last check: flags of then that are gone now, and by whom.

A deal that was won or lost meanwhile has its flags behind it, once the CRM says so too. One that
went to another team was not put right here, and what cannot be checked any more was not either.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.deals import Deal, not_in_crm
from models.flags import Flag, FlagCode
from models.health_check.reading import flags_of
from models.health_check.tables import HealthCheck
from models.people import Team, owned_by_team


def put_right(
    session: Session,
    of_team: Team,
    before: HealthCheck,
    found: dict[int, list[Flag]],
    unchecked: set[int],
) -> list[dict[str, Any]]:
    """`{"deal_id", "owner_id", "codes"}` of each deal with a flag that is gone, by deal.

    `found`: the flags of the team's open deals now; `unchecked`: the deals of which nobody told
    whether the newest change of stage has its activity. The owner is today's.
    """
    then: dict[int, list[FlagCode]] = {}
    for flag in flags_of(session, before.id):
        then.setdefault(flag.deal_id, []).append(flag.code)
    ours = session.scalars(
        select(Deal).where(Deal.id.in_(then), owned_by_team(Deal.owner_id, of_team.id))
    )
    gone: list[dict[str, Any]] = []
    for deal in sorted(ours, key=lambda deal: deal.id):
        if deal.id not in found and not_in_crm(deal):
            continue  # closed by a decision, which its owner is still to put right in the CRM
        now = {flag.code for flag in found.get(deal.id, ())}
        if deal.id in unchecked:
            now.add(FlagCode.STAGE_UNLOGGED)
        if FlagCode.NEXT_ACTION_OVERDUE in now or FlagCode.NO_NEXT_ACTION in now:
            now |= {FlagCode.NEXT_ACTION_OVERDUE, FlagCode.NO_NEXT_ACTION}  # one for the other
        codes = [code.value for code in then[deal.id] if code not in now]
        if codes:
            gone.append({"deal_id": deal.id, "owner_id": deal.owner_id, "codes": codes})
    return gone
