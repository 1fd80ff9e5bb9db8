"""The loader of what an owner is to put right in the CRM."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.deals import Stage, stages
from models.delivery import Kind
from models.flags import FlagCode
from models.people import Person, Team, get_person, team, today_of
from models.put_right import Item, get_list, items
from models.screens.pieces import active_addressee, deal_shown, is_posted, stage_shown, team_shown
from models.screens.review_shown import PutRightDm, RightRow


def put_right_dm(session: Session, list_id: int, now: datetime) -> PutRightDm | None:
    """To an owner: what is still to be put right of what was asked; not begun where nothing is."""
    to = active_addressee(session, Kind.PUT_RIGHT, list_id)
    if to is None:
        return None
    of_list = get_list(session, list_id)
    found = items(session, of_list, now)
    still = [item for item in found if item.flags]
    if not still and not is_posted(to[0]):
        return None
    of_team = team(session, of_list.team_id)
    owner = get_person(session, of_list.person_id)
    by_id = {stage.id: stage for stage in stages(session)}
    return PutRightDm(
        team=team_shown(of_team),
        today=today_of(of_team, now),
        rows=tuple(_row(item, by_id, owner, of_team) for item in still),
        in_order=tuple(item.deal.name for item in found if not item.flags),
    )


def _row(item: Item, by_id: dict[int, Stage], owner: Person, of_team: Team) -> RightRow:
    deal = item.deal
    crm_stage, crm_close = None, None
    if any(flag.code is FlagCode.NOT_IN_CRM for flag in item.flags):
        if deal.stage_id != deal.crm_stage_id:
            crm_stage = stage_shown(by_id[deal.crm_stage_id])
        if deal.close_on != deal.crm_close_on:
            crm_close = (deal.crm_close_on,)
    return RightRow(
        deal=deal_shown(deal, by_id[deal.stage_id], owner, of_team),
        crm_stage=crm_stage,
        crm_close=crm_close,
        flags=tuple(flag for flag in item.flags if flag.code is not FlagCode.NOT_IN_CRM),
    )
