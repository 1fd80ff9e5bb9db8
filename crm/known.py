"""What a file's words are held against: the workspace's people, their teams, and the stages."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.columns import quoted
from crm.mapping import Reading
from crm.problems import Unusable
from models.deals import Stage, StageKind, readings, stages
from models.people import Person, Team, teams

_WHO = ": say --owner-map, by e-mail or Slack id"


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
class Earlier:
    """How a file was read that was taken in before."""

    at: datetime
    key: str | None
    reading: Reading


class By(StrEnum):
    """How an owner's word was matched with a person."""

    ADDRESS = "address"  # an e-mail or a Slack id
    NAME = "name"  # which only one person has


@dataclass(frozen=True)
class Known:
    """The workspace's people and stages, by the words that a file may use for them."""

    owners: dict[str, Owner]
    """By Slack id and by e-mail, both casefolded; only who has a team."""
    teamless: dict[str, str]
    """Names of the others, by the same words."""
    stages: dict[str, Stage]
    """By casefolded name, in the order of the pipeline."""
    earlier: list[Earlier]
    """How files were read, the latest of each set of columns, newest first."""
    zone: ZoneInfo
    """In which times that say no zone are read: that of most teams, by their names' order."""

    def stage(self, stage_id: int) -> Stage:
        """The stage with this id. Raises KeyError."""
        return self.stages_by_id[stage_id]

    @cached_property
    def stages_by_id(self) -> dict[int, Stage]:
        """The stages by their id."""
        return {stage.id: stage for stage in self.stages.values()}

    @cached_property
    def _close_up(self) -> dict[str, Stage]:
        return {"".join(name.split()): stage for name, stage in self.stages.items()}

    def open_stage_ids(self) -> set[int]:
        return {stage.id for stage in self.stages.values() if stage.kind is StageKind.OPEN}

    @cached_property
    def by_name(self) -> dict[str, Owner | None]:
        """By name without case; None: several have it, or one of them is in no team."""
        found: dict[str, Owner | None] = {}
        for owner in {owner.id: owner for owner in self.owners.values()}.values():
            name = _name(owner.name)
            found[name] = None if name in found else owner
        return found | dict.fromkeys(map(_name, self.teamless.values()))

    def owner(self, word: str, said: str | None = None) -> tuple[Owner, By]:
        """Whose Slack id, e-mail or (if nobody else has it) name this is.

        `said`: what the file says, where that was mapped to this word. Raises Unusable, with a
        proposal where there is one.
        """
        owner = self.owners.get(word.casefold())
        if owner is not None:
            return owner, By.ADDRESS
        if word.casefold() in self.teamless:
            name = self.teamless[word.casefold()]
            raise Unusable(f"is {name}, who is in no team", ": add them to team.toml")
        if _name(word) in self.by_name:
            named = self.by_name[_name(word)]
            if named is None:
                raise Unusable("is the name of several people, or of somebody in no team", _WHO)
            return named, By.NAME
        names = {owner.name.casefold(): owner for owner in self.owners.values()}
        near = get_close_matches(word.casefold(), names, n=1, cutoff=0.8)
        if not near:
            raise Unusable("is nobody set up here", _WHO)
        like = names[near[0]]
        pair = f"{quoted(said or word)}={like.email or like.slack_id}"
        raise Unusable(
            "is no e-mail, Slack id or name",
            f"; is it {like.name}? Then say --owner-map '{pair}'",
        )

    def stage_called(self, word: str, said: str | None = None) -> Stage:
        """The stage of this name, whatever its case and blanks (HubSpot says `closedwon`).

        `said` as of `owner`. Raises Unusable, with a proposal.
        """
        stage = self.stages.get(word.casefold()) or self._close_up.get(
            "".join(word.split()).casefold()
        )
        if stage is not None:
            return stage
        near = get_close_matches(word.casefold(), self.stages, n=1)
        example = self.stages[near[0]].name if near else "<one of ours>"
        ours = ", ".join(stage.name for stage in self.stages.values())
        raise Unusable(
            f"is none of {ours}", f": say --stage-map '{quoted(said or word)}={example}'"
        )


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
        owners,
        teamless,
        {row.name.casefold(): row for row in stages(session)},
        _earlier(session),
        _zone_of_most(all_teams.values()),
    )


def _zone_of_most(all_teams: Iterable[Team]) -> ZoneInfo:
    most = Counter(team.zone for team in all_teams).most_common(1)
    return ZoneInfo(most[0][0] if most else "UTC")


def _name(name: str) -> str:
    return " ".join(name.split()).casefold()


def _earlier(session: Session) -> list[Earlier]:
    """Left out where a way of reading is not understood any more."""
    found: list[Earlier] = []
    for at, key, mapping in readings(session):
        with suppress(ValidationError):
            found.append(Earlier(at, key, Reading.model_validate(mapping)))
    return found
