"""What the pipeline review refuses, in words: one line, with the way out."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from handlers import words
from handlers.lines import Bold, Channel, Line, Moment, joined, with_code
from handlers.pipeline_review import phrases
from handlers.refusal import Refusal, Refusals, Reserved, Words, empty, named, only, says
from models import screens
from models.access import Act
from models.base import RuleBroken
from models.deals import UnknownDeal, get_deal, stages
from models.evidence import AnsweredMeanwhile, AnswersChanged, NothingAnswered, NothingToConfirm
from models.next_actions import DueOutOfRange, EmptyPhrase, TooLong
from models.people import get_person, home_teams, team
from models.pipeline_review import (
    AdvanceUnproved,
    AlreadyClosed,
    AlreadyDecided,
    AlreadyOpen,
    AuthorGone,
    DateMissing,
    DateUnfit,
    DealChanged,
    DealDecided,
    LeftTeam,
    NextActionMissing,
    NextOwnerUnfit,
    NoChannel,
    NoDeals,
    NotEarlier,
    NothingOpen,
    NotTheTeams,
    NotYetDeciding,
    PickChanged,
    PickOver,
    ReasonMissing,
    RemovalMissing,
    ReviewClosed,
    SettledByCrm,
    StageMissing,
    TooFewDeals,
    TooManyDeals,
    Undecided,
    UnknownReview,
)


class MovedOn(RuleBroken):
    """The deal is in another stage than when its questions were shown."""


class NotAReply(RuleBroken):
    """Not what a person wrote in the thread of a deal's card."""


class MessageGone(RuleBroken):
    """The message was deleted, or the bot cannot see it."""


class AuthorUnknown(RuleBroken):
    """Whose words they are is not set up here, and cannot be asked."""


class AnsweredAnew(RuleBroken):
    """The chosen answer was replaced meanwhile."""


class NotOpen(RuleBroken):
    """The chosen question was proved meanwhile."""


class TooLongToUse(RuleBroken):
    """The message has more than `most` characters."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


# --- who may


def _advance_own(session: Session, error: Any, _zone: str) -> Refusal:
    who = named(session, error.allowed, error.deputy_id)
    if not who:
        return Refusal(("This is your own deal, and nobody else can advance it.",), ("decision",))
    rest = " can advance it. You can demote, re-date, hold or remove it."
    return Refusal(("This is your own deal: only ", *who, rest), ("decision",))


def _decides(does: str) -> Words:
    """What else somebody can do depends on whose deal it is."""
    own = only(does, "You can still answer or comment in the thread.", "decision")
    others = only(does, "You can still comment in the thread.", "decision")
    return lambda session, error, zone: (own if error.owns else others)(session, error, zone)


RESERVED: Reserved = {
    Act.ADJUST_PICK: only(
        "adjusts the pick", "The cards come with it as it stands.", "picked", "others"
    ),
    Act.ANSWER: only("answers for this deal", "You can still comment in its thread."),
    Act.ANSWER_FOR: only("answers for the owner", "You can still comment in the thread."),
    Act.CONFIRM_ANSWERS: only(
        "confirms answers for this deal", "You can still comment in its thread."
    ),
    Act.DECIDE: _decides("decides here"),
    Act.ADVANCE_OWN: _advance_own,
    Act.CORRECT: only(
        "corrects a decision here", "You can still comment in the thread.", "decision"
    ),
    Act.PROPOSE_PRACTICE: only(
        "proposes what is worth copying", "You can still say so in the thread."
    ),
    Act.ANSWER_PRACTICE: only("says whether these words may be shared", "They are not yours."),
    Act.CLOSE_REVIEW: only(
        "closes this review", "You can still comment in the threads, and answer for your own deals."
    ),
    Act.START_REVIEW: only(
        "starts a review here", "`/pipeline-review status` shows where it stands."
    ),
    Act.SEE_REVIEW: only("sees this review", "Ask to be added to the team."),
    Act.SEE_SETUP: only("sees the setup", "Ask there."),
}


# --- the review


def _closed(session: Session, error: Any, zone: str) -> Refusal:
    by: Line = (" by ", *named(session, (error.by_id,))) if error.by_id else ()
    rest = with_code(". Nothing in it changes any more; `/pipeline-review` shows the next.")
    return Refusal(("This review was closed", *by, ", ", Moment(error.at, zone), *rest))


def _already_closed(session: Session, error: Any, zone: str) -> Refusal:
    by: Line = (" by ", *named(session, (error.by_id,))) if error.by_id else ()
    return Refusal(("It is closed already", *by, ", ", Moment(error.at, zone), "."))


def _undecided(session: Session, error: Any, _zone: str) -> Refusal:
    names = screens.deal_names(session, error.deal_ids)
    said = words.listed([words.said(name, 60) for name in names], 10)
    have = "deal has" if len(error.deal_ids) == 1 else "deals have"
    return Refusal((f"{words.number(len(error.deal_ids))} {have} no decision yet: {said}.",))


def _bounds(_session: Session, error: Any, _zone: str) -> Refusal:
    if error.least >= error.most:
        wanted = words.plural(error.most, "deal")
    else:
        wanted = f"{error.least} to {error.most} deals"
    said = f"Choose {wanted}; {error.chosen} {'is' if error.chosen == 1 else 'are'} chosen."
    return Refusal((said,), ("others", "picked"))


def _not_the_teams(session: Session, error: Any, _zone: str) -> Refusal:
    names = screens.deal_names(session, error.deal_ids)
    said = words.listed([words.said(name, 60) for name in names]) or "some of these"
    return Refusal(
        (f"Not an open deal of this team any more: {said}. Drop it.",), ("picked", "others")
    )


def _no_deals(session: Session, error: Any, _zone: str) -> Refusal:
    name = words.said(team(session, error.team_id).name)
    way_out = (
        "A manager, a leader or an admin drops the CRM's export into their messages with Cadence"
    )
    return Refusal((f"{name} has no open deals to review. {way_out}.",))


def _no_channel(session: Session, error: Any, _zone: str) -> Refusal:
    name = words.said(team(session, error.team_id).name)
    return Refusal((f"{name} has no channel for its review yet. An admin sets it.",))


# --- the pick


def _pick_over(session: Session, error: Any, _zone: str) -> Refusal:
    of_team = team(session, error.team_id)
    name = words.said(of_team.name)
    if error.review_id is None:
        return Refusal((f"No cards came of this pick of {name}: nothing is left to adjust.",))
    where: Line = (f"the team's channel of {name}",)
    if of_team.channel_id is not None:
        where = (Channel(of_team.channel_id),)
    rest = with_code(". Nothing is dropped after the start; `/pipeline-review` shows it.")
    return Refusal(("The cards are out: the review is in ", *where, *rest))


def pick_changed(session: Session, error: Any, zone: str) -> Refusal:
    who: Line = named(session, (error.by_id,)) if error.by_id else ("Somebody",)
    rest = ". This is how it stands: nothing of yours was saved."
    return Refusal((*who, " changed the pick meanwhile, ", Moment(error.at, zone), rest))


# --- a deal that is no longer here


def _left_team(session: Session, error: Any, _zone: str) -> Refusal:
    who = named(session, (error.owner_id,))
    rest = ", to another team: nothing is left to answer or to decide here."
    return Refusal(("This deal went with ", *who, rest), ("decision",))


# --- answers


def _answers_changed(session: Session, error: Any, _zone: str) -> Refusal:
    who = named(session, (error.by_id,))
    rest = " has given other answers since. They stand in the message now: read them first."
    return Refusal((*who, rest))


def answered_meanwhile(session: Session, error: Any, _zone: str) -> Refusal:
    """Above the form, which has what stands now and what was typed."""
    who = named(session, (error.by_id,))
    rest = " answered meanwhile, so nothing of yours is saved yet. Read what stands now, then save."
    return Refusal((*who, rest))


def _deal_decided(session: Session, error: Any, _zone: str) -> Refusal:
    who = named(session, (error.by_id,))
    rest = " has decided about this deal: nothing more is asked in this review."
    return Refusal((*who, rest), ("question",))


def _too_long(_session: Session, error: Any, _zone: str) -> Refusal:
    said = f"That message is longer than {error.most} characters. Press Answer and say it shorter."
    return Refusal((said,))


# --- a decision


def deal_changed(session: Session, error: Any, _zone: str) -> Refusal:
    """What became of the deal while somebody was deciding: `stage Proposal → Discovery`."""
    before, now = error.before, error.now
    names = {stage.id: words.said(stage.name, phrases.NAME) for stage in stages(session)}
    said: list[Line] = []
    if before.stage_id != now.stage_id:
        said.append((f"stage {names.get(before.stage_id, '–')} → {names.get(now.stage_id, '–')}",))
    if before.close_on != now.close_on:
        said.append((f"close date {_day(before.close_on)} → {_day(now.close_on)}",))
    if before.amount_minor != now.amount_minor:
        deal = get_deal(session, error.deal_id)
        homes = home_teams(session, [now.owner_id])
        locale = homes[now.owner_id].locale if homes else ""
        both = before.amount_minor, now.amount_minor
        amounts = [
            "none" if minor is None else words.money(minor, deal.currency, locale) for minor in both
        ]
        said.append((f"amount {' → '.join(amounts)}",))
    if before.owner_id != now.owner_id:
        said.append(("owner ", *named(session, (before.owner_id,)), " → "))
        said[-1] += (*named(session, (now.owner_id,)),)
    head: Line = (Bold("Changed by an import while you were deciding: "),)
    rest = ". Nothing was recorded yet. Look again, then press Record."
    return Refusal((*head, *joined(said, ", "), rest), ("decision",))


def _day(on: date | None) -> str:
    return "none" if on is None else words.day(on)


def _already_decided(session: Session, error: Any, _zone: str) -> Refusal:
    who = named(session, (error.by_id,))
    rest = " decided this deal meanwhile. Close this; ⋯ on its card corrects the decision."
    return Refusal((*who, rest), ("decision",))


def _unproved(session: Session, error: Any, _zone: str) -> Refusal:
    open_ = words.listed(screens.question_names(session, error.question_ids))
    said = f"Advance is not possible. Open: {open_}. Demote it, or get the answers first."
    return Refusal((said,), ("decision",))


def _not_yet(_session: Session, error: Any, zone: str) -> Refusal:
    return Refusal(
        ("Deciding begins ", Moment(error.decide_from, zone), ". Until then the owners answer."),
        ("decision",),
    )


def _date_unfit(_session: Session, error: Any, _zone: str) -> Refusal:
    said = (
        f"{words.day(error.close_on)} is the close date already. Choose another, or hold."
        if error.unchanged
        else "Choose a day to come."
    )
    return Refusal((said,), ("close_on",))


def _reason(_session: Session, error: Any, _zone: str) -> Refusal:
    if not error.text:
        return Refusal(("Say why, in a few words.",), ("reason",))
    return Refusal((empty(error.text, "What do you know that makes it so?"),), ("reason",))


def _empty_phrase(_session: Session, error: Any, _zone: str) -> Refusal:
    said = empty(error.text, "What will be done, so that somebody could tell whether it was?")
    return Refusal((said,), ("next_text",))


def _due(_session: Session, error: Any, _zone: str) -> Refusal:
    said = f"Choose a day from {words.day(error.least)} to {words.day(error.most)}."
    return Refusal((said,), ("next_due",))


def _next_missing(_session: Session, error: Any, _zone: str) -> Refusal:
    field = {"text": "next_text", "owner": "next_owner", "due": "next_due"}
    return Refusal(
        ("A next action says what is done, by whom and by when.",),
        tuple(field[one] for one in error.lacking),
    )


def _next_owner(session: Session, error: Any, _zone: str) -> Refusal:
    name = words.said(get_person(session, error.person_id).name)
    said = f"{name} is not of this team. Choose a member, the manager or a leader above."
    return Refusal((said,), ("next_owner",))


_GONE = "This is not there any more. `/pipeline-review` shows what is."


REFUSALS: Refusals = {
    ReviewClosed: _closed,
    AlreadyClosed: _already_closed,
    AlreadyOpen: says("A review is open already. `/pipeline-review` shows it."),
    NoChannel: _no_channel,
    NoDeals: _no_deals,
    TooFewDeals: _bounds,
    TooManyDeals: _bounds,
    NotTheTeams: _not_the_teams,
    Undecided: _undecided,
    NothingAnswered: says("Nothing to save yet: answer a question, or tick what is still true."),
    AnsweredMeanwhile: answered_meanwhile,
    AnswersChanged: _answers_changed,
    NothingToConfirm: says(
        "Nothing of this waits for you any more: it was answered anew, or the deal has moved on."
    ),
    DealDecided: _deal_decided,
    NothingOpen: says("Nothing is left to answer: every question of this stage is proved."),
    NotAReply: says(
        "Only what somebody wrote in the thread of a deal's card can be used. Reply there first."
    ),
    AuthorUnknown: says("Only somebody who is set up here can be asked. An admin adds them."),
    AuthorGone: says("Whoever said this is no longer active, and cannot be asked."),
    AnsweredAnew: says("This was answered anew meanwhile. Close this and look again.", "answer"),
    MessageGone: says("That message is not there any more. Use another, or press Answer."),
    NotOpen: says("This question is proved already. Choose another, or close this.", "question"),
    TooLongToUse: _too_long,
    MovedOn: says(
        "The deal is in another stage now, which asks other things."
        " Copy what you still need, close this and press Answer again."
    ),
    NotYetDeciding: _not_yet,
    SettledByCrm: says("The CRM closed this deal meanwhile: nothing is left to answer or decide."),
    AlreadyDecided: _already_decided,
    DealChanged: deal_changed,
    LeftTeam: _left_team,
    PickOver: _pick_over,
    PickChanged: pick_changed,
    AdvanceUnproved: _unproved,
    NotEarlier: says("Choose an earlier stage.", "to_stage"),
    StageMissing: says("Choose the stage it goes back to.", "to_stage"),
    RemovalMissing: says("Lost, or disqualified?", "removal"),
    DateMissing: says("Choose the new close date.", "close_on"),
    DateUnfit: _date_unfit,
    ReasonMissing: _reason,
    EmptyPhrase: _empty_phrase,
    TooLong: says("Shorter, please: 500 characters at most.", "next_text"),
    DueOutOfRange: _due,
    NextActionMissing: _next_missing,
    NextOwnerUnfit: _next_owner,
    UnknownReview: says(_GONE),
    UnknownDeal: says(_GONE),
}
