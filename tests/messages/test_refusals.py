"""Every rule that the product can break has its sentence, with the way out."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import models
from handlers import lines
from handlers.errors import at_fields
from handlers.forms import Wrong
from handlers.incoming import Inactive, Stranger
from handlers.pipeline_review.refusals import MovedOn
from handlers.refusal import Refusal
from handlers.refusals import REFUSALS, RESERVED, refusal
from models import coaching, forecast, motivation, ratings
from models import pipeline_review as review
from models.access import Act, Refused
from models.base import Database, RuleBroken
from models.company_days import CompanyDayUnfit, UnknownCompanyDay
from models.days import DayOff, Off
from models.deals import UnknownDeal
from models.evidence import AnswersChanged, NothingAnswered, NothingToConfirm
from models.next_actions import DueOutOfRange, EmptyPhrase, TooLong
from models.one_on_ones import DayIsOff, MovedMeanwhile, State
from models.people import admins, person_by_slack_id
from models.proof import Fault
from tests.world import World, a_deal, a_workspace, questions_of

CLOSED_AT = datetime(2026, 11, 25, 15, 40, tzinfo=UTC)


@pytest.fixture(scope="module")
def north(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("refusals") / "north.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def world(north: Database) -> World:
    return a_workspace(north)


@pytest.fixture
def session(north: Database, world: World) -> Iterator[Session]:
    with north.transaction(world.workspace_id) as inside:
        yield inside


def said(session: Session, error: RuleBroken) -> str:
    return lines.text(refusal(session, error, "America/New_York").line).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("act", "rest"),
    [
        (Act.ANSWER, "answers for this deal. You can still comment in its thread."),
        (
            Act.CONFIRM_ANSWERS,
            "confirms answers for this deal. You can still comment in its thread.",
        ),
        (Act.DECIDE, "decides here. You can still comment in the thread."),
        (Act.CORRECT, "corrects a decision here. You can still comment in the thread."),
        (
            Act.CLOSE_REVIEW,
            "closes this review."
            " You can still comment in the threads, and answer for your own deals.",
        ),
        (
            Act.PROPOSE_PRACTICE,
            "proposes what is worth copying. You can still say so in the thread.",
        ),
        (
            Act.START_REVIEW,
            "starts a review here. `/pipeline-review status` shows where it stands.",
        ),
        (Act.SEE_REVIEW, "sees this review. Ask to be added to the team."),
        (Act.ADJUST_PICK, "adjusts the pick. The cards come with it as it stands."),
    ],
)
def test_who_may_instead(session: Session, world: World, act: Act, rest: str) -> None:
    refused = Refused(act, (world.max, world.lea))
    assert said(session, refused) == f"Only <@U0MAX> or <@U0LEA> {rest}"


def test_who_owns_the_deal_can_still_answer(session: Session, world: World) -> None:
    assert said(session, Refused(Act.DECIDE, (world.max,), owns=True)) == (
        "Only <@U0MAX> decides here. You can still answer or comment in the thread."
    )


def test_the_managers_own_deal(session: Session, world: World) -> None:
    assert said(session, Refused(Act.ADVANCE_OWN, (world.lea,))) == (
        "This is your own deal: only <@U0LEA> can advance it."
        " You can demote, re-date, hold or remove it."
    )
    assert "nobody else can advance it" in said(session, Refused(Act.ADVANCE_OWN, ()))
    assert "Nobody is set up" in said(session, Refused(Act.DECIDE, ()))


def test_who_can_add_a_stranger(session: Session) -> None:
    assert said(session, Stranger(admins(session))) == (
        "You are not set up here yet. <@U0ADA> can add you."
    )
    assert said(session, Inactive(admins(session))) == (
        "You are no longer active here. <@U0ADA> can change that."
    )
    assert said(session, Stranger([])) == (
        "Nobody is set up here yet. An admin or owner of this Slack workspace begins: "
        "`/cadence setup`."
    )


def test_undecided_deals_are_named(session: Session, world: World) -> None:
    deals = [a_deal(session, world.ana, name=name) for name in ("Orbit", "Halcyon")]
    undecided = review.Undecided(tuple(deal.id for deal in deals))
    assert said(session, undecided) == "Two deals have no decision yet: Orbit, Halcyon."
    assert said(session, review.Undecided((deals[0].id,))) == (
        "One deal has no decision yet: Orbit."
    )


def test_what_changed_about_a_deal_is_named(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    stages = world.stages
    before = review.Seen(stages["Proposal"], None, 50_000_00, world.ana)
    now = review.Seen(stages["Discovery"], date(2026, 12, 4), None, world.ben)
    assert said(session, review.DealChanged(deal.id, before, now)) == (
        "Changed by an import while you were deciding: stage Proposal → Discovery, close date"
        " none → Fri 4 Dec, amount $50,000 → none, owner <@U0ANA> → <@U0BEN>."
        " Nothing was recorded yet. Look again, then press Record."
    )


def test_open_questions_are_named(session: Session, world: World) -> None:
    deal = a_deal(session, world.ana, "Proposal")
    open_ = tuple(question.id for question in questions_of(session, deal)[:2])
    assert said(session, review.AdvanceUnproved(open_)) == (
        "Advance is not possible. Open: the review meeting, the objection."
        " Demote it, or get the answers first."
    )


Facts = Callable[[World], RuleBroken]
SENTENCES: list[tuple[Facts, str, tuple[str, ...]]] = [
    (lambda w: review.ReviewClosed(1, w.max, CLOSED_AT),
     "This review was closed by <@U0MAX>, Wed 25 Nov, 10:40. Nothing in it changes any more;"
     " `/pipeline-review` shows the next.", ()),
    (lambda w: review.AlreadyClosed(1, None, CLOSED_AT),
     "It is closed already, Wed 25 Nov, 10:40.", ()),
    (lambda w: review.AlreadyOpen(1),
     "A review is open already. `/pipeline-review` shows it.", ()),
    (lambda w: review.NoChannel(w.team),
     "West has no channel for its review yet. An admin sets it.", ()),
    (lambda w: review.NoDeals(w.team),
     "West has no open deals to review. A manager, a leader or an admin drops the CRM's export into"
     " their messages with Cadence.", ()),
    (lambda w: review.TooFewDeals(1, 5, 10), "Choose 5 to 10 deals; 1 is chosen.",
     ("others", "picked")),
    (lambda w: review.TooManyDeals(12, 3, 3), "Choose 3 deals; 12 are chosen.",
     ("others", "picked")),
    (lambda w: review.NotTheTeams((10**6,)),
     "Not an open deal of this team any more: some of these. Drop it.", ("picked", "others")),
    (lambda w: review.DealDecided(w.max),
     "<@U0MAX> has decided about this deal: nothing more is asked in this review.", ("question",)),
    (lambda w: review.NothingOpen(),
     "Nothing is left to answer: every question of this stage is proved.", ()),
    (lambda w: AnswersChanged(w.max),
     "<@U0MAX> has given other answers since. They stand in the message now: read them first.",
     ()),
    (lambda w: NothingToConfirm(),
     "Nothing of this waits for you any more:"
     " it was answered anew, or the deal has moved on.", ()),
    (lambda w: review.AuthorGone(w.ana),
     "Whoever said this is no longer active, and cannot be asked.", ()),
    (lambda w: NothingAnswered(),
     "Nothing to save yet: answer a question, or tick what is still true.", ()),
    (lambda w: MovedOn(),
     "The deal is in another stage now, which asks other things."
     " Copy what you still need, close this and press Answer again.", ()),
    (lambda w: review.NotYetDeciding(CLOSED_AT),
     "Deciding begins Wed 25 Nov, 10:40. Until then the owners answer.", ("decision",)),
    (lambda w: review.SettledByCrm(1, 1),
     "The CRM closed this deal meanwhile: nothing is left to answer or decide.", ()),
    (lambda w: review.LeftTeam(1, w.ana),
     "This deal went with <@U0ANA>, to another team: nothing is left to answer or to decide here.",
     ("decision",)),
    (lambda w: review.PickOver(w.team, 1, "started"),
     "The cards are out: the review is in <#C0WEST>. Nothing is dropped after the start;"
     " `/pipeline-review` shows it.", ()),
    (lambda w: review.PickOver(w.team, None, "no_channel"),
     "No cards came of this pick of West: nothing is left to adjust.", ()),
    (lambda w: review.PickChanged(w.lea, CLOSED_AT),
     "<@U0LEA> changed the pick meanwhile, Wed 25 Nov, 10:40. This is how it stands: nothing of"
     " yours was saved.", ()),
    (lambda w: review.AlreadyDecided(1, w.lea),
     "<@U0LEA> decided this deal meanwhile. Close this; ⋯ on its card corrects the decision.",
     ("decision",)),
    (lambda w: review.NotEarlier(1), "Choose an earlier stage.", ("to_stage",)),
    (lambda w: review.StageMissing(), "Choose the stage it goes back to.", ("to_stage",)),
    (lambda w: review.RemovalMissing(), "Lost, or disqualified?", ("removal",)),
    (lambda w: review.DateMissing(), "Choose the new close date.", ("close_on",)),
    (lambda w: review.DateUnfit(date(2026, 12, 4), unchanged=True),
     "Fri 4 Dec is the close date already. Choose another, or hold.", ("close_on",)),
    (lambda w: review.DateUnfit(date(2026, 11, 4), unchanged=False),
     "Choose a day to come.", ("close_on",)),
    (lambda w: review.ReasonMissing(""), "Say why, in a few words.", ("reason",)),
    (lambda w: review.ReasonMissing("tbd"),
     "“tbd” says nothing. What do you know that makes it so?", ("reason",)),
    (lambda w: EmptyPhrase("follow up"),
     "“follow up” says nothing. What will be done, so that somebody could tell whether it was?",
     ("next_text",)),
    (lambda w: TooLong(500), "Shorter, please: 500 characters at most.", ("next_text",)),
    (lambda w: DueOutOfRange(date(2026, 11, 24), date(2026, 12, 8)),
     "Choose a day from Tue 24 Nov to Tue 8 Dec.", ("next_due",)),
    (lambda w: review.NextActionMissing(("owner", "due")),
     "A next action says what is done, by whom and by when.", ("next_owner", "next_due")),
    (lambda w: review.NextOwnerUnfit(w.ada),
     "Ada is not of this team. Choose a member, the manager or a leader above.", ("next_owner",)),
    (lambda w: coaching.NobodyToCoach(),
     "You coach nobody here: a manager coaches the team's reps, a leader the managers below."
     " An admin sets who leads whom.", ()),
    (lambda w: coaching.FeedbackTooShort(15),
     "Say a little more: 15 characters at least.", ("feedback",)),
    (lambda w: coaching.FeedbackTooLong(3000),
     "Shorter, please: 3000 characters at most.", ("feedback",)),
    (lambda w: coaching.EmptyFeedback("good job"),
     "“good job” says nothing. What did you see, and what is to be done differently?",
     ("feedback",)),
    (lambda w: coaching.EmptyNextStep("follow up"),
     "“follow up” says nothing. What will be done, so that somebody could tell whether it was?",
     ("next_step",)),
    (lambda w: coaching.NextStepTooLong(500),
     "Shorter, please: 500 characters at most.", ("next_step",)),
    (lambda w: coaching.NextOnUnfit(date(2026, 11, 24), date(2027, 2, 22)),
     "Choose a day from Tue 24 Nov to Mon 22 Feb.", ("next_on",)),
    (lambda w: coaching.HeldInFuture(date(2026, 11, 24)),
     "Only what has happened is logged: Tue 24 Nov or before.", ("held_on",)),
    (lambda w: coaching.HeldTooLongAgo(date(2026, 8, 26)),
     "That is too long ago to be logged: Wed 26 Aug is the earliest day.", ("held_on",)),
    (lambda w: coaching.HeldWithOneOnOne(date(2026, 11, 24)),
     "It was held in the one-on-one of Tue 24 Nov.", ("held_on",)),
    (lambda w: coaching.KindOfOneOnOne(),
     "A one-on-one's log stays one of a one-on-one.", ("kind",)),
    (lambda w: coaching.MinutesUnfit(1, 480), "Between 1 and 480 minutes.", ("minutes",)),
    (lambda w: coaching.UnknownFocus(("closing",)),
     "Choose one of this person's focus areas.", ("focus",)),
    (lambda w: coaching.DealUnfit(1), "Choose one of this person's deals, or none.", ("deal",)),
    (lambda w: coaching.LogUnfit((coaching.MinutesUnfit(1, 480), coaching.DealUnfit(1))),
     "Between 1 and 480 minutes. Choose one of this person's deals, or none.", ()),
    (lambda w: coaching.LogChanged(w.max), "<@U0MAX> has changed it since: read it again.", ()),
    (lambda w: coaching.LogWithdrawn(CLOSED_AT),
     "It was withdrawn, Wed 25 Nov, 10:40. Nothing about it changes any more.", ()),
    (lambda w: coaching.AlreadyLogged(1),
     "This one-on-one has its coaching log already. Edit that one.", ()),
    (lambda w: coaching.PartOfOneOnOne(1),
     "It belongs to a one-on-one, and none ends without its coaching. Edit it instead.", ()),
    (lambda w: coaching.ReasonMissing(" "), "Say why, in a few words.", ("because",)),
    (lambda w: coaching.ReasonMissing("ok"),
     "“ok” says nothing. Why is it withdrawn?", ("because",)),
    (lambda w: coaching.TextTooLong(500),
     "Shorter, please: 500 characters at most.", ("text", "because")),
    (lambda w: coaching.UnknownLog(1), "This coaching log is not there any more.", ()),
    (lambda w: Refused(Act.COACH, (w.max,)),
     "Only <@U0MAX> coaches this person. Choose somebody whom you coach.", ("person",)),
    (lambda w: Refused(Act.EDIT_COACHING, (w.max,)),
     "Only <@U0MAX> changes this coaching log. Ask there.", ()),
    (lambda w: Refused(Act.ANSWER_COACHING, (w.ana,)),
     "Only <@U0ANA> answers this coaching log. Ask there.", ()),
    (lambda w: ratings.NotYetAsked(CLOSED_AT),
     "It is not over yet. You are asked about it Wed 25 Nov, 10:40.", ()),
    (lambda w: ratings.TooLate(CLOSED_AT, rated=True),
     "This could be changed until Wed 25 Nov, 10:40. What you gave counts.", ()),
    (lambda w: ratings.TooLate(CLOSED_AT, rated=False),
     "This could be rated until Wed 25 Nov, 10:40. It counts without a rating.", ()),
    (lambda w: ratings.NothingRated(State.CANCELLED),
     "This one-on-one was cancelled: there is nothing to rate.", ()),
    (lambda w: ratings.NothingRated(State.EXCUSED),
     "This one-on-one was excused: there is nothing to rate.", ()),
    (lambda w: ratings.CommentTooLong(2000),
     "Shorter, please: 2000 characters at most.", ("comment",)),
    (lambda w: Refused(Act.RATE, (w.ana,)),
     "Only <@U0ANA> rates this one-on-one. Yours are asked about in a message of their own.", ()),
    (lambda w: motivation.NotShared(w.ana),
     "Ana has not shared this with you yet; Ana can do so from Home.", ()),
    (lambda w: motivation.CoachChanged(w.lea),
     "<@U0LEA> coaches you now. Close this and open it again to choose.", ("sharing",)),
    (lambda w: motivation.CoachChanged(None),
     "Nobody coaches you now. Untick it, or keep it for later.", ("sharing",)),
    (lambda w: motivation.ProfileTooLong("goal", 1000),
     "Shorter, please: 1000 characters at most.", ("goal",)),
    (lambda w: Refused(Act.SEE_DRIVES, (w.max,)),
     "Only <@U0MAX> sees what drives this person. Whoever coaches somebody may be shown.", ()),
    (lambda w: forecast.FigureTooSmall(w.team, 7, forecast.Tier.PIPELINE, 120_000_00),
     "Pipeline includes best case: $120,000 at least.", ("pipeline_7",)),
    (lambda w: forecast.ForecastClosed(CLOSED_AT),
     "This forecast has been over since Wed 25 Nov, 10:40."
     " `/cadence forecast` says when the next one comes.", ()),
    (lambda w: forecast.RunByOther(w.lea),
     "<@U0LEA> has taken this over. Take over in your message takes it back;"
     " what was saved stands.", ()),
    (lambda w: MovedMeanwhile(CLOSED_AT, w.ana, CLOSED_AT),
     "<@U0ANA> moved it meanwhile, to Wed 25 Nov, 10:40. Close this and open it again, if that is"
     " to change.", ("starts_at", "reason")),
    (lambda w: Refused(Act.ACCEPT_ABSENCE, (w.lea,)),
     "Only <@U0LEA> accepts these days off. What had begun counts as it is.", ()),
    (lambda w: forecast.CommitmentUnfit(7, "activities", 999),
     "A whole number from 1 to 999.", ("activities_7",)),
    (lambda w: forecast.AgendaTooLong(12, 10), "10 lines at most; these are 12.", ("agenda",)),
    (lambda w: forecast.AgendaLineTooLong(3, 300),
     "Line 3 is too long: 300 characters at most.", ("agenda",)),
    (lambda w: forecast.UnknownForecast(1), "This is not there any more.", ()),
    (lambda w: Refused(Act.RUN_FORECAST, (w.max,)),
     "Only <@U0MAX> runs this forecast. Your own line stands at Home.", ()),
    (lambda w: Refused(Act.SET_COMMITMENTS, (w.max,)),
     "Only <@U0MAX> sets commitments here. The other steps are yours.", ()),
    (lambda w: CompanyDayUnfit(in_order=True),
     "A month at most. Enter the days after that as well.", ("ends_on",)),
    (lambda w: CompanyDayUnfit(in_order=False), "This is before the first day.", ("ends_on",)),
    (lambda w: UnknownCompanyDay(1), "These company days were taken back already.", ()),
    (lambda w: DayIsOff(w.ana, date(2026, 11, 25), DayOff(Off.COMPANY, "Off-site")),
     "Wed 25 Nov is a day off of <@U0ANA> (Off-site). Nothing else is free in the next days.",
     ("starts_at", "weekday")),
    (lambda w: UnknownDeal(1),
     "This is not there any more. `/pipeline-review` shows what is.", ()),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(SENTENCES)))
def test_each_broken_rule_has_its_sentence_and_its_field(
    session: Session, world: World, number: int
) -> None:
    facts, sentence, fields = SENTENCES[number]
    found = refusal(session, facts(world), "America/New_York")
    assert lines.text(found.line) == sentence
    assert found.fields == fields


NOT_SAID_TO_PEOPLE = {
    "models.coverage", "models.deals", "models.roster", "models.schedule", "models.delivery_claims",
}  # fmt: skip
"""Rooms whose rules only the command line or the bot's own work can break."""


def test_no_rule_is_left_without_words() -> None:
    for module in pkgutil.walk_packages(models.__path__, "models."):
        importlib.import_module(module.name)
    unsaid = {
        f"{kind.__module__}.{kind.__name__}"
        for kind in _below(RuleBroken)
        if kind.__module__ not in NOT_SAID_TO_PEOPLE
        and kind.__module__.startswith("models.")
        and not any(parent in REFUSALS for parent in kind.__mro__)
    }
    assert unsaid == {
        "models.evidence.answering.InvalidAnswer",  # translated to its field by the modal
        "models.coaching.refusals.LogFault",  # only what it is in particular is ever raised
    }


def test_everything_that_only_some_may_has_words() -> None:
    assert RESERVED.keys() >= set(Act)


def _below(kind: type) -> Iterator[type]:
    children: Sequence[type[RuleBroken]] = kind.__subclasses__()
    for child in children:
        yield child
        yield from _below(child)


def test_every_fault_of_an_answer_has_its_sentence() -> None:
    from handlers.pipeline_review.evidence_values import FAULTS

    assert FAULTS.keys() == set(Fault)


def test_an_unknown_rule_is_refused_politely(session: Session) -> None:
    class Unheard(RuleBroken):
        pass

    assert said(session, Unheard()) == "This is not possible here."


def view(*fields: str) -> dict[str, object]:
    inputs = [{"type": "input", "block_id": name} for name in fields]
    return {"blocks": [{"type": "rich_text"}, *inputs]}


def test_a_sentence_stands_at_a_field_that_is_shown() -> None:
    shown = view("decision", "reason")
    assert at_fields(shown, Refusal(("No.",), ("next_text", "reason"))) == {"reason": "No."}
    assert at_fields(shown, Refusal(("No.",))) == {"decision": "No."}
    assert at_fields(shown, Wrong({"reason": "Why?", "next_text": "What?", "on": "When?"})) == {
        "reason": "Why?",
        "decision": "What? When?",
    }


def test_names_stand_where_mentions_would_not_show(session: Session, world: World) -> None:
    person = person_by_slack_id(session, "U0LEA")
    assert person
    decided = refusal(session, review.AlreadyDecided(1, person.id), "UTC")
    assert at_fields(view("decision"), decided)["decision"].startswith("Lea decided this deal")
