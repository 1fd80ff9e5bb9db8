"""Who the sample team is: enough to make a Slack workspace of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.setup.directory import Account, ChannelFacts, Installation
from models.people import Role

COMPANY = "Harborline"
DOMAIN = "harborline.example"
PACIFIC, CENTRAL_EUROPE = "America/Los_Angeles", "Europe/Berlin"
HOME_ZONE = PACIFIC
"""Where the first team is: the demo's Monday begins there."""


@dataclass(frozen=True)
class SamplePerson:
    """Somebody of the sample team; `key` is how the sample's other files name them."""

    key: str
    name: str
    role: Role
    title: str
    zone: str
    team: str | None = None
    is_admin: bool = False

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"

    @property
    def slack_id(self) -> str:
        """The id that they have in the demo's workspace."""
        return f"U0{self.key.upper()}"


@dataclass(frozen=True)
class SampleChannel:
    """A team's channel in the demo's workspace; `members`: Slack ids, without the bot."""

    id: str
    name: str
    members: tuple[str, ...]


_WEST = (("ana", "Ana Silva"), ("ben", "Ben Carter"), ("cleo", "Cleo Park"), ("dev", "Dev Rao"))
_DACH = (
    ("emil", "Emil Brandt"),
    ("frida", "Frida Keller"),
    ("jonas", "Jonas Wolf"),
    ("mira", "Mira Haas"),
)


def sample_people() -> tuple[SamplePerson, ...]:
    """One leader, two managers, eight reps."""
    return (
        SamplePerson(
            "lea", "Lea Lindqvist", Role.LEADER, "Chief Revenue Officer", PACIFIC, is_admin=True
        ),
        SamplePerson("max", "Max Okafor", Role.MANAGER, "Sales Manager West", PACIFIC, "West"),
        SamplePerson(
            "greta", "Greta Sommer", Role.MANAGER, "Sales Manager DACH", CENTRAL_EUROPE, "DACH"
        ),
        *(
            SamplePerson(key, name, Role.REP, "Account Executive", PACIFIC, "West")
            for key, name in _WEST
        ),
        *(
            SamplePerson(key, name, Role.REP, "Account Executive", CENTRAL_EUROPE, "DACH")
            for key, name in _DACH
        ),
    )


CHANNELS = tuple(
    SampleChannel(
        id=f"C0{team.upper()}",
        name=team.casefold(),
        members=tuple(p.slack_id for p in sample_people() if p.team in (team, None)),
    )
    for team in ("West", "DACH")
)
"""The two teams' channels; the leader is in both."""


class SampleDirectory:
    """The sample team's Slack, without asking one: ids by key, and channel ids by name."""

    def __init__(
        self, installation: Installation, people: Mapping[str, str], channels: Mapping[str, str]
    ) -> None:
        self._installation = installation
        self._channels = channels
        self._accounts = {
            person.email: Account(people[person.key], person.name, person.email, person.zone)
            for person in sample_people()
        }

    def installation(self) -> Installation:
        return self._installation

    def person(self, who: str) -> Account | None:
        return self._accounts.get(who)

    def channel(self, word: str) -> ChannelFacts | None:
        name = word.removeprefix("#")
        found = self._channels.get(name)
        if found is None:
            return None
        return ChannelFacts(
            found, name, is_private=False, is_archived=False, is_shared=False, bot_is_in=True
        )

    def guests_in(self, _channel_id: str) -> list[str]:
        return []
