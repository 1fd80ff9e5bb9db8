"""Loaders of what an owner is to put right in the CRM."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.deals import Stage, stages
from models.delivery import Kind
from models.flags import FlagCode
from models.people import Person, Team, get_person, team, today_of
from models.put_right import Item, PutRight, get_list, items, list_until_monday
from models.screens.pieces import active_addressee, deal_shown, is_posted, stage_shown, team_shown
from models.screens.review_shown import PutRightDm, RightRow


def put_right_dm(session: Session, list_id: int, now: datetime) -> PutRightDm | None:
    """To an owner: what is still to be put right of what was asked; not begun where nothing is."""
    to = active_addressee(session, Kind.PUT_RIGHT, list_id)
    if to is None:
        return None
    shown = _shown(session, get_list(session, list_id), now)
    return shown if shown.rows or is_posted(to[0]) else None


def to_put_right(session: Session, actor: Person, now: datetime) -> PutRightDm | None:
    """The same at Home, until Monday, also where the message waits or is not wanted: what is still
    to be put right, if anything is."""
    of_list = list_until_monday(session, actor, now)
    shown = None if of_list is None else _shown(session, of_list, now)
    return shown if shown is not None and shown.rows else None


def _shown(session: Session, of_list: PutRight, now: datetime) -> PutRightDm:
    found = items(session, of_list, now)
    still = [item for item in found if item.flags]
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
