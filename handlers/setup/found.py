"""People and channels that were chosen, as Slack knows them; what is wrong with each, at its field.

Asked outside any transaction.
"""

from collections.abc import Sequence

from slack_sdk import WebClient

from handlers.forms import Wrong
from handlers.setup.directory import Account, ChannelFacts, SlackDirectory, SlackRefused
from models.setup import Known


class Found:
    """Looks up what a form names. Whatever Slack refuses stands at the form's first field."""

    def __init__(self, client: WebClient) -> None:
        self._slack = SlackDirectory(client)

    def me(self, slack_id: str) -> Account:
        """Whoever is asking. Raises SlackRefused."""
        account = self._slack.person(slack_id)
        if account is None:
            raise SlackRefused("Slack does not know you.")
        return account

    def who_run_slack(self) -> list[Account]:
        return self._slack.who_run_slack()

    def people(self, chosen: Sequence[tuple[str, str]]) -> dict[str, Known]:
        """By Slack id, from pairs of field and Slack id. Raises Wrong, one sentence per field."""
        try:
            accounts = self._slack.people(slack_id for _, slack_id in chosen)
        except SlackRefused as refused:
            raise Wrong({chosen[0][0]: str(refused)}) from None
        errors: dict[str, str] = {}
        for field, slack_id in chosen:
            problem = _problem(accounts[slack_id])
            if problem and field not in errors:
                errors[field] = problem
        if errors:
            raise Wrong(errors)
        return {one.slack_id: known(one) for one in accounts.values() if one is not None}

    def check_channel(self, channel_id: str, *, may_be_public: bool) -> ChannelFacts:
        """The channel, if the team's review may take place there. Raises Wrong."""
        try:
            channel = self._slack.channel(channel_id)
            if channel is None:
                raise Wrong({"channel": _NOT_SEEN})
            if refusal := _refusal(channel, may_be_public=may_be_public):
                raise Wrong(refusal)
            guests = self._slack.guests_in(channel.id)
        except SlackRefused as refused:
            raise Wrong({"channel": str(refused)}) from None
        if guests:
            listed = ", ".join(guests[:3]) + (" and others" if len(guests) > 3 else "")
            says = f"#{channel.name} has guests ({listed}), who would read the review."
            raise Wrong({"channel": f"{says} Choose another channel, or take them out."})
        return channel


def known(account: Account) -> Known:
    return Known(account.slack_id, account.name, account.email, account.zone, account.status)


_NOT_SEEN = "The bot does not see this channel. Invite it there first: /invite @Cadence"


def _problem(account: Account | None) -> str | None:
    if account is None:
        return "Slack does not know this person."
    if account.is_bot:
        return f"{account.name} is a bot: choose a person."
    if account.is_deactivated:
        return f"{account.name} is deactivated in Slack."
    if account.is_guest:
        return f"{account.name} is a guest in this workspace: choose a member."
    return None


def _refusal(channel: ChannelFacts, *, may_be_public: bool) -> dict[str, str] | None:
    name = f"#{channel.name}"
    if channel.is_archived:
        return {"channel": f"{name} is archived."}
    if channel.is_shared:
        return {"channel": f"{name} is shared with another company: choose one of your own."}
    if not channel.is_private and not may_be_public:
        says = f"{name} is public. Tick this if everybody here may read the review, or choose a"
        return {"may_be_public": f"{says} private channel."}
    if not channel.bot_is_in:
        return {"channel": f"The bot is not in {name}. Invite it there: /invite @Cadence"}
    return None
