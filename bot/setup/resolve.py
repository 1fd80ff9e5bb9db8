"""The people and channels of a team.toml, found in Slack; everything that is wrong, at once."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from babel.numbers import get_currency_precision

from bot.setup.form import (
    NO_CALENDAR,
    NOBODY,
    Entry,
    QuotaEntry,
    Rep,
    Standing,
    Superior,
    TeamEntry,
    TeamFile,
    Week,
)
from crm.toml_file import Mistakes, place
from handlers.setup.directory import Account, ChannelFacts, Directory, Installation
from models.people import KEEP, Keep, Role, is_one_month

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class PlacedStanding:
    """A standing one-on-one of the file, and its place there. `starts`: as the team's review."""

    when: Standing
    path: Path
    starts: date | None = None


@dataclass(frozen=True)
class Somebody:
    """A person of the file, as found in Slack.

    `weeks`: what the file says about this person's working days and holidays, the nearest first.
    """

    account: Account
    role: Role
    path: Path
    zone: str | None = None  # only where the file says one
    team: str | None = None
    reports_to: str | None = None  # a Slack id
    active: bool = True
    weeks: tuple[Week, ...] = ()
    standing: PlacedStanding | None = None

    @property
    def working_days(self) -> str | None:
        """ISO digits, Monday 1; None: the file says nothing."""
        said = next((w.working_days for w in self.weeks if w.working_days is not None), ())
        return "".join(str(day) for day in sorted(said)) or None

    @property
    def holidays(self) -> Keep | str | None:
        """A calendar; None: no holidays; KEEP: the file says nothing."""
        said = next((w.holidays for w in self.weeks if w.holidays is not None), KEEP)
        return None if said == NO_CALENDAR else said


@dataclass(frozen=True)
class ResolvedQuota:
    """What somebody (None: the whole team) has to win between two days, both included."""

    slack_id: str | None
    starts_on: date
    ends_on: date
    amount_minor: int


@dataclass(frozen=True)
class ResolvedTeam:
    """A team of the file with nothing left open."""

    entry: TeamEntry
    path: Path
    manager: str  # a Slack id
    channel_id: str | None
    currency: str
    locale: str
    zone: str
    quotas: tuple[ResolvedQuota, ...]
    deputy: Keep | str | None = KEEP  # a Slack id; None: nobody


@dataclass
class Resolved:
    """The whole file, ready to be made so. `notes`: what people should know, no mistakes."""

    installation: Installation
    file: TeamFile
    people: dict[str, Somebody] = field(default_factory=dict)
    admins: set[str] = field(default_factory=set)
    teams: list[ResolvedTeam] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def resolve(file: TeamFile, directory: Directory) -> Resolved:
    """Looks everybody up. Raises Mistakes with every sentence, SlackRefused."""
    return _Resolver(file, directory).resolve()


class _Resolver:
    def __init__(self, file: TeamFile, directory: Directory) -> None:
        self._file = file
        self._directory = directory
        self._found = Resolved(directory.installation(), file)
        self._mistakes: list[str] = []
        self._lines: list[tuple[Path, str, str]] = []  # where, who, the word for the superior

    def resolve(self) -> Resolved:
        for number, leader in enumerate(self._file.leaders):
            self._superior(leader, Role.LEADER, ("leaders", number))
        for number, team in enumerate(self._file.teams):
            self._team(team, ("teams", number))
        for number, who in enumerate(self._file.admins):
            self._admin(who, ("admins", number))
        for path, slack_id, word in self._lines:
            self._line(path, slack_id, word)
        self._check_standings()
        self._check_deputies()
        self._check_names_and_channels()
        self._check_circles()
        self._check_company_days()
        if self._mistakes:
            raise Mistakes(self._mistakes)
        return self._found

    def _wrong(self, path: Path, says: str) -> None:
        self._mistakes.append(f"{place(path)}: {says}")

    # --- people

    def _account(self, who: str, path: Path, *, active: bool = True) -> Account | None:
        account = self._directory.person(who)
        if account is None:
            self._wrong(path, f"nobody in this workspace has {who}")
        elif account.is_bot:
            self._wrong(path, f"{account.name} is a bot")
        elif account.is_deactivated and active:
            says = f"{account.name} is deactivated in Slack: say active = false, or take them out"
            self._wrong(path, says)
        else:
            return account
        return None

    def _superior(
        self, entry: Superior, role: Role, path: Path, team: TeamEntry | None = None
    ) -> str | None:
        at = (*path, "slack" if entry.slack else "email")
        account = self._account(entry.who, at)
        if account is None:
            return None
        earlier = self._found.people.get(account.slack_id)
        somebody = earlier or Somebody(account, role, at)
        if earlier is not None and (role is Role.LEADER or earlier.role is Role.REP):
            self._twice(at, earlier)
        around = (self._file,) if team is None else (team, self._file)
        self._found.people[account.slack_id] = replace(
            somebody,
            zone=entry.zone or somebody.zone,
            weeks=_nearest_first((*somebody.weeks, entry, *around)),
            standing=self._standing(entry, path, team) or somebody.standing,
        )
        if entry.one_on_one is not None and somebody.standing is not None:
            says = f"is said already, at {place(somebody.standing.path)}"
            self._wrong((*path, "one_on_one"), says)
        if entry.reports_to is not None:
            self._lines.append(((*path, "reports_to"), account.slack_id, entry.reports_to))
        return account.slack_id

    def _standing(self, entry: Entry, path: Path, team: TeamEntry | None) -> PlacedStanding | None:
        if entry.one_on_one is None:
            return None
        starts = None if team is None else team.review.starts
        return PlacedStanding(entry.one_on_one, (*path, "one_on_one"), starts)

    def _rep(self, rep: Rep, team: TeamEntry, manager: str | None, path: Path) -> str | None:
        at = (*path, "slack" if rep.slack else "email")
        account = self._account(rep.who, at, active=rep.active)
        if account is None:
            return None
        earlier = self._found.people.get(account.slack_id)
        if earlier is not None:
            self._twice(at, earlier)
            return None
        self._found.people[account.slack_id] = Somebody(
            account=account,
            role=Role.REP,
            path=at,
            zone=rep.zone,
            team=team.name,
            reports_to=manager,
            active=rep.active,
            weeks=(rep, team, self._file),
            standing=self._standing(rep, path, team),
        )
        return account.slack_id

    def _twice(self, path: Path, earlier: Somebody) -> None:
        role = f"a rep of {earlier.team}" if earlier.team else f"a {earlier.role.value}"
        says = f"{earlier.account.name} is {role} already, at {place(earlier.path)}"
        self._wrong(path, says)

    def _admin(self, who: str, path: Path) -> None:
        account = self._account(who, path)
        if account is not None:
            self._found.admins.add(account.slack_id)
            stranger = Somebody(account, Role.LEADER, path, weeks=(self._file,))
            self._found.people.setdefault(account.slack_id, stranger)

    def _line(self, path: Path, slack_id: str, word: str) -> None:
        account = self._account(word, path)
        if account is None:
            return
        above = self._found.people.get(account.slack_id)
        if above is None or above.role is Role.REP:
            self._wrong(path, f"{account.name} is neither a leader nor a manager in this file")
            return
        somebody = self._found.people[slack_id]
        if somebody.reports_to not in (None, account.slack_id):
            self._wrong(path, f"{somebody.account.name} reports to somebody else already")
        self._found.people[slack_id] = replace(somebody, reports_to=account.slack_id)

    def _check_circles(self) -> None:
        for slack_id, somebody in self._found.people.items():
            above, seen = somebody.reports_to, {slack_id}
            while above is not None and above not in seen:
                seen.add(above)
                above = self._found.people[above].reports_to
            if above == slack_id:
                says = f"{somebody.account.name} would report to themselves, through others"
                self._wrong((*somebody.path[:-1], "reports_to"), says)

    def _check_standings(self) -> None:
        for somebody in self._found.people.values():
            if somebody.standing is None:
                continue
            name, path = somebody.account.name, somebody.standing.path
            if not somebody.active:
                self._wrong(path, f"{name} has left, so there are no one-on-ones")
            elif somebody.role is not Role.REP and somebody.reports_to is None:
                self._wrong(path, f"{name} reports to nobody here: who would hold it?")

    # --- teams

    def _team(self, entry: TeamEntry, path: Path) -> None:
        manager = self._superior(entry.manager, Role.MANAGER, (*path, "manager"), entry)
        holders: list[tuple[Path, str | None, tuple[QuotaEntry, ...]]] = [
            ((*path, "quotas"), None, entry.quotas)
        ]
        for number, rep in enumerate(entry.reps):
            at = (*path, "reps", number)
            slack_id = self._rep(rep, entry, manager, at)
            if slack_id is not None:
                holders.append(((*at, "quotas"), slack_id, rep.quotas))
        currency = entry.currency or self._file.currency
        if currency is None:
            self._wrong((*path, "currency"), "is missing, here and at the top of the file")
        channel = self._channel(entry, (*path, "channel"))
        if manager is None or currency is None:
            return
        account = self._found.people[manager].account
        zone = entry.zone or self._file.zone or account.zone
        if zone is None:
            says = f"is missing: Slack does not say where {account.name} is"
            self._wrong((*path, "zone"), says)
            return
        quotas = [
            quota
            for at, slack_id, entries in holders
            for quota in self._quotas(entries, slack_id, currency, at)
        ]
        self._found.teams.append(
            ResolvedTeam(
                entry=entry,
                path=path,
                manager=manager,
                channel_id=channel.id if channel else None,
                currency=currency,
                locale=entry.locale or self._file.locale,
                zone=zone,
                quotas=tuple(quotas),
                deputy=self._deputy(entry, (*path, "deputy")),
            )
        )

    def _deputy(self, entry: TeamEntry, path: Path) -> Keep | str | None:
        if entry.deputy is None or entry.deputy == NOBODY:
            return KEEP if entry.deputy is None else None
        account = self._account(entry.deputy, path)
        return KEEP if account is None else account.slack_id

    def _check_deputies(self) -> None:
        for team in self._found.teams:
            if not isinstance(team.deputy, str):
                continue
            somebody = self._found.people.get(team.deputy)
            path = (*team.path, "deputy")
            if somebody is None:
                self._wrong(path, f"{team.entry.deputy} is nobody in this file")
            elif team.deputy == team.manager:
                self._wrong(path, f"{somebody.account.name} is the team's manager")
            elif not somebody.active:
                self._wrong(path, f"{somebody.account.name} has left")
            elif somebody.role is Role.REP and somebody.team != team.entry.name:
                self._wrong(path, f"{somebody.account.name} is a rep of {somebody.team}")

    def _check_company_days(self) -> None:
        named = {team.name for team in self._file.teams}
        for number, days in enumerate(self._file.company_days):
            if days.team is not None and days.team not in named:
                says = f"there is no team “{days.team}” in this file"
                self._wrong(("company_days", number, "team"), says)

    def _quotas(
        self, entries: tuple[QuotaEntry, ...], slack_id: str | None, currency: str, path: Path
    ) -> list[ResolvedQuota]:
        quotas: list[ResolvedQuota] = []
        for number, entry in enumerate(entries):
            starts_on, ends_on = entry.period()
            minor = entry.amount * Decimal(10) ** get_currency_precision(currency)
            quota = ResolvedQuota(slack_id, starts_on, ends_on, int(minor))
            if minor != int(minor):
                self._wrong((*path, number, "amount"), f"has more decimals than {currency} has")
            elif any(_overlap(quota, other) for other in quotas):
                self._wrong((*path, number), "overlaps with another quota of this list")
            quotas.append(quota)
        return quotas

    def _channel(self, entry: TeamEntry, path: Path) -> ChannelFacts | None:
        """The team's channel; product.md, "What is public", says which are refused."""
        if entry.channel is None:
            note = f"{entry.name} has no channel yet: no review can start before it has one."
            self._found.notes.append(note)
            return None
        channel = self._directory.channel(entry.channel)
        if channel is None:
            self._wrong(
                path,
                f"the bot sees no channel {entry.channel}; into a private one it has to be invited",
            )
            return None
        refusal = self._refusal(channel, entry)
        if refusal:
            self._wrong(path, refusal)
        if not channel.bot_is_in:
            note = f"Invite the bot to #{channel.name}: it cannot post there before."
            self._found.notes.append(note)
        return channel

    def _refusal(self, channel: ChannelFacts, entry: TeamEntry) -> str | None:
        if channel.is_archived:
            return f"#{channel.name} is archived"
        if channel.is_shared:
            return f"#{channel.name} is shared with another company"
        if not channel.is_private and not entry.channel_may_be_public:
            return (
                f"#{channel.name} is public, so everybody here can read the review: "
                "take a private channel, or say channel_may_be_public = true"
            )
        guests = self._directory.guests_in(channel.id)
        if guests:
            return f"#{channel.name} has guests: {', '.join(guests)}"
        return None

    def _check_names_and_channels(self) -> None:
        names: dict[str, Path] = {}
        channels: dict[str, Path] = {}
        for team in self._found.teams:
            first = names.setdefault(team.entry.name.casefold(), team.path)
            if first != team.path:
                self._wrong((*team.path, "name"), f"{place(first)} has the same name")
            if team.channel_id is not None:
                holder = channels.setdefault(team.channel_id, team.path)
                if holder != team.path:
                    says = f"{place(holder)} has the same channel; each team needs its own"
                    self._wrong((*team.path, "channel"), says)


def _nearest_first(weeks: tuple[Week, ...]) -> tuple[Week, ...]:
    """A person's own entries, then those of the teams, then the file."""
    of_file, of_team = TeamFile, TeamEntry
    return tuple(sorted(weeks, key=lambda w: (isinstance(w, of_file), isinstance(w, of_team))))


def _overlap(one: ResolvedQuota, other: ResolvedQuota) -> bool:
    """Two quotas of one holder may not cover the same day, but a month lies within a quarter."""
    if (one.starts_on, one.ends_on) != (other.starts_on, other.ends_on) and (
        is_one_month(one.starts_on, one.ends_on) or is_one_month(other.starts_on, other.ends_on)
    ):
        return False
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on
