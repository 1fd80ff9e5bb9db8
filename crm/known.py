"""What a file's words are held against: the workspace's people, their teams, and the stages."""

from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.mapping import Reading
from crm.problems import Unusable
from models.deals import Stage, StageKind, latest_import, stages
from models.people import Person, teams


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who may own deals, with the team that a deal of theirs belongs to."""

    id: int
    name: str
    slack_id: str
    email: str | None
    team: str
    currency: str
    zone: ZoneInfo


@dataclass(frozen=True)
class Known:
    """The workspace's people and stages, by the words that a file may use for them."""

    owners: dict[str, Owner]
    """By Slack id and by e-mail, both casefolded; only who has a team."""
    teamless: dict[str, str]
    """Names of the others, by the same words."""
    stages: dict[str, Stage]
    """By casefolded name, in the order of the pipeline."""
    latest: tuple[datetime, Reading] | None
    """When the latest import was, and how its file was read."""

    def stage(self, stage_id: int) -> Stage:
        """The stage with this id. Raises KeyError."""
        return self.stages_by_id[stage_id]

    @cached_property
    def stages_by_id(self) -> dict[int, Stage]:
        """The stages by their id."""
        return {stage.id: stage for stage in self.stages.values()}

    def open_stage_ids(self) -> set[int]:
        return {stage.id for stage in self.stages.values() if stage.kind is StageKind.OPEN}

    def owner(self, word: str) -> Owner:
        """Whose Slack id or e-mail this is. Raises Unusable, with a proposal where there is one."""
        owner = self.owners.get(word.casefold())
        if owner is not None:
            return owner
        if word.casefold() in self.teamless:
            name = self.teamless[word.casefold()]
            raise Unusable(f"is {name}, who is in no team: add them to team.toml")
        names = {owner.name.casefold(): owner for owner in self.owners.values()}
        near = get_close_matches(word.casefold(), names, n=1, cutoff=0.8)
        if not near:
            raise Unusable("is nobody set up here: say --owner-map, by e-mail or Slack id")
        like = names[near[0]]
        raise Unusable(
            f"is no e-mail or Slack id; is it {like.name}? "
            f"Then say --owner-map '{word}={like.email or like.slack_id}'"
        )

    def stage_called(self, word: str) -> Stage:
        """The stage of this name, whatever its case. Raises Unusable, with a proposal."""
        stage = self.stages.get(word.casefold())
        if stage is not None:
            return stage
        near = get_close_matches(word.casefold(), self.stages, n=1)
        example = self.stages[near[0]].name if near else "one of ours"
        ours = ", ".join(stage.name for stage in self.stages.values())
        raise Unusable(f"is none of {ours}: say --stage-map '{word}={example}'")


def load_known(session: Session) -> Known:
    """Everybody and every stage of the session's workspace. Deals follow their owner's team.

    That is the team set on the person, else the one with the lowest id that they manage
    (models.people.sellers).
    """
    all_teams = {team.id: team for team in teams(session)}
    managed: dict[int, int] = {}
    for team_id in sorted(all_teams, reverse=True):
        manager_id = all_teams[team_id].manager_id
        if manager_id is not None:
            managed[manager_id] = team_id
    owners: dict[str, Owner] = {}
    teamless: dict[str, str] = {}
    for person in session.scalars(select(Person)):
        words = [person.slack_id.casefold(), *([person.email.casefold()] if person.email else [])]
        team = all_teams.get(person.team_id or managed.get(person.id, 0))
        if team is None:
            teamless |= dict.fromkeys(words, person.name)
            continue
        owner = Owner(
            person.id,
            person.name,
            person.slack_id,
            person.email,
            team.name,
            team.currency,
            ZoneInfo(team.zone),
        )
        owners |= dict.fromkeys(words, owner)
    return Known(
        owners, teamless, {row.name.casefold(): row for row in stages(session)}, _latest(session)
    )


def _latest(session: Session) -> tuple[datetime, Reading] | None:
    """None also where its way of reading is not understood any more."""
    latest = latest_import(session)
    if latest is None:
        return None
    try:
        return latest.imported_at, Reading.model_validate(latest.mapping)
    except ValidationError:
        return None
