"""Whatever people typed and however much of it there is: Slack takes it, and it does no harm."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import MESSAGES
from handlers.cadence.messages import overview
from handlers.coaching import modals as coaching
from handlers.coaching.help import command_help as coaching_help
from handlers.coaching.modals import LogMeta, SubjectMeta
from handlers.coaching.quoting import words_of
from handlers.forecast import modals as forecast_modals
from handlers.health_check import modals as health_modals
from handlers.home import calendar_words
from handlers.home import message_modal as home_messages
from handlers.home import modals as home_modals
from handlers.home.messages import home
from handlers.ids import Id
from handlers.imports import forms as import_forms
from handlers.lines import Mention
from handlers.message import Rendered
from handlers.motivation import modals as motivation
from handlers.next_actions import modals as next_actions
from handlers.one_on_ones import finish_modal
from handlers.one_on_ones import modals as session_modals
from handlers.pipeline_review import answer_modal, message_modal, modals, personal, practice_words
from handlers.pipeline_review.forms import When
from handlers.pipeline_review.help import command_help
from handlers.pipeline_review.message_modal import EvidenceMeta
from handlers.pipeline_review.practice_words import PracticeMeta
from handlers.ratings import forms as rating_forms
from handlers.replies import note_of
from handlers.setup import company_modals
from handlers.setup import modals as setup_modals
from models.delivery import Kind
from models.pipeline_review import DecisionKind
from sandbox.blocks import validate_message, validate_view
from tests.messages import forecast_strategies as any_forecast
from tests.messages import health_strategies as any_health
from tests.messages import home_strategies as any_home
from tests.messages import import_strategies as any_import
from tests.messages import one_on_one_strategies as any_one_on_one
from tests.messages import rating_strategies as any_rating
from tests.messages import setup_strategies as any_setup
from tests.messages import strategies as any_

SCREENS: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.REVIEW_PICK: any_.pick_dm,
    Kind.REVIEW_PARENT: any_.parent,
    Kind.REVIEW_CARD: any_.card,
    Kind.REVIEW_ANSWERS: any_.reply,
    Kind.REVIEW_OWNER: any_.owner_dm,
    Kind.REVIEW_DECIDING: any_.deciding_dm,
    Kind.REVIEW_DECIDING_OVER: any_.deciding_over,
    Kind.REVIEW_CLOSING: any_.closing,
    Kind.REVIEW_TO_CONFIRM: any_.to_confirm_dm,
    Kind.REVIEW_PRACTICE: any_.practice_asked,
    Kind.REVIEW_NUDGE: any_.owner_dm,
    Kind.REVIEW_NEW_OWNER: any_.owner_dm,
    Kind.REVIEW_ENDED: any_.ended,
    Kind.PUT_RIGHT: any_.put_right_dm,
    Kind.DEPUTY_NAMED: any_.deputy,
    Kind.COACHING_PERSON: any_.coaching,
    Kind.COACHING_COACH: any_.coaching,
    Kind.COACHING_DISPUTED: any_.coaching_disputed,
    Kind.ONE_ON_ONE_COACH: any_one_on_one.card,
    Kind.ONE_ON_ONE_PERSON: any_one_on_one.card,
    Kind.ONE_ON_ONE_CHANGED: any_one_on_one.changed,
    Kind.ONE_ON_ONE_CHANGED_COACH: any_one_on_one.changed,
    Kind.ONE_ON_ONE_STANDING: any_one_on_one.standing_told,
    Kind.ONE_ON_ONE_NEW_COACH: any_one_on_one.new_coach,
    Kind.ONE_ON_ONE_UNSET: any_one_on_one.unset,
    Kind.ONE_ON_ONE_ZONE: any_one_on_one.zone_told,
    Kind.ONE_ON_ONE_ZONE_OTHER: any_one_on_one.others_zone,
    Kind.ONE_ON_ONE_BREACH: any_one_on_one.breach,
    Kind.ONE_ON_ONE_BREACH_ABOVE: any_one_on_one.breach,
    Kind.ONE_ON_ONE_RATING: any_rating.asked,
    Kind.ONE_ON_ONE_COMMENT: any_rating.comment_sent,
    Kind.FORECAST_CARD: any_forecast.dm,
    Kind.HEALTH_SUMMARY: any_health.summary,
    Kind.HEALTH_FLAGS: any_health.flags,
    Kind.HEALTH_TALKS: any_health.talks,
    Kind.HEALTH_TALK: any_health.told,
    Kind.HEALTH_REMINDER: any_health.reminder,
    Kind.HEALTH_QUOTAS: any_health.quotas,
    Kind.IMPORT_REMINDER: any_health.import_reminder,
    Kind.IMPORT_FILE: any_import.file,
    Kind.DIGEST: any_home.digest,
    Kind.ABSENCE_LATE: any_home.late_absence,
    Kind.SCHEDULE_SKIPPED: any_.skipped,
    Kind.ADMIN_PARKED: any_.parked,
    Kind.SETUP: any_setup.setup,
    Kind.SETUP_PREVIEW: any_setup.preview,
}

OURS = re.compile(
    r"@U0(ANA|MAX|LEA)|#C0WEST|https://north\.slack\.com/[^|>]*\|[^<>]*|!date\^\d+\^[^|]*\|[^<>]*"
)


def mrkdwn(part: Any) -> Iterator[str]:
    """Every text in which Slack would read markup."""
    if isinstance(part, list):
        for item in part:
            yield from mrkdwn(item)
    elif isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield part["text"]
        for value in part.values():
            yield from mrkdwn(value)


def is_harmless(text: str) -> bool:
    """Whether every control sequence in it is one that we made."""
    return all(OURS.fullmatch(found) for found in re.findall(r"<([^<>]*)>?", text))


def check_message(shown: Rendered) -> None:
    assert validate_message(text=shown.text, blocks=shown.blocks) == []
    assert shown.text.strip()
    assert all(map(is_harmless, (shown.text, *mrkdwn(shown.blocks))))
    if shown.fallback is not None:
        assert validate_message(text=shown.text, blocks=shown.fallback, newest=False) == []
        assert all(map(is_harmless, mrkdwn(shown.fallback)))


def check_view(view: dict[str, Any]) -> None:
    assert validate_view(view) == []
    assert all(map(is_harmless, mrkdwn(view["blocks"])))
    assert len(json.loads(view.get("private_metadata") or "{}")) < 20


def test_every_kind_of_message_is_tried() -> None:
    assert SCREENS.keys() == MESSAGES.keys() == set(Kind)


@pytest.mark.parametrize("kind", SCREENS)
def test_every_message(kind: Kind) -> None:
    @any_.many
    @given(SCREENS[kind])
    def whatever_it_shows(screen: Any) -> None:
        check_message(MESSAGES[kind].render(screen))

    whatever_it_shows()


META = EvidenceMeta(
    review_deal_id=1, stage_id=2, url="https://north.slack.com/p1", author="U0ANA", name="Ana"
)


def practice_of_a_message(shown: Any) -> dict[str, Any]:
    said = "“" * 298 if not shown.before else practice_words.as_shown(shown.before[0].text)
    meta = PracticeMeta(review_deal_id=1, text=said, source="message:C0WEST:1", author_id=2)
    return practice_words.message(shown, meta, Mention("U0ANA", "Ana"))


VIEWS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], dict[str, Any]]]] = {
    "home": (any_home.home, home),
    "days off": (any_home.days_off, home_modals.days_off),
    "days off added": (any_home.days_off, home_modals.days_off_added),
    "calendar": (any_home.calendar, home_modals.calendar),
    "calendar address": (
        any_home.calendar_address,
        lambda shown: calendar_words.address(shown, takes=True),
    ),
    "calendar address saved": (any_home.calendar_address, calendar_words.saved),
    "deputies": (any_.deputies, home_modals.deputies),
    "renew": (any_.renew_form, lambda shown: next_actions.renew(shown, home=True)),
    "messages": (any_home.messages, home_messages.messages),
    "answer": (any_.answer_form, answer_modal.answer),
    "change": (any_.answer_form, lambda shown: answer_modal.answer(shown, changing=True)),
    "evidence": (
        any_.answer_form.filter(lambda one: one.open),
        lambda shown: message_modal.evidence(shown, META, "x" * 3000),
    ),
    "practice": (any_.practice_form, practice_words.choose),
    "practice of a message": (any_.practice_form, practice_of_a_message),
    "start": (any_.start_form, modals.start),
    "start by": (any_.start_form, lambda shown: modals.start(shown, When.BY)),
    "adjust": (any_.adjust_form, modals.adjust),
    "adjust again": (
        any_.adjust_form,
        lambda shown: modals.adjust(shown, (Mention("U0LEA", "Lea"), " changed it")),
    ),
    "history": (any_.history, modals.history),
    "decide": (any_.decide_form, modals.decide),
    "flags": (any_health.flags_screen, health_modals.flags),
    "talks": (any_health.talks, health_modals.talks),
    "time of a talk": (any_health.talk_form, health_modals.schedule),
    "file": (any_import.form, import_forms.correct),
    "rating": (any_rating.asked, rating_forms.change),
    "comment": (any_rating.asked, rating_forms.comment),
    "profile": (any_rating.profile, motivation.profile),
    "drives": (any_rating.drives, motivation.drives),
    "finish": (any_one_on_one.finish_form, finish_modal.finish),
    "move": (any_one_on_one.change_form, session_modals.move),
    "cancel": (any_one_on_one.change_form, session_modals.cancel),
    "points": (any_one_on_one.points_form, session_modals.points),
    "notes": (any_one_on_one.notes_form, session_modals.notes),
    "standings": (any_one_on_one.standings_form, session_modals.standings),
    "landing": (any_one_on_one.landing, session_modals.landing),
    "standing": (any_one_on_one.standing_form, session_modals.standing),
    "figures": (any_forecast.lines, forecast_modals.step),
    "figures changed": (
        any_forecast.lines,
        lambda shown: forecast_modals.step(shown, editing=True, home=True),
    ),
    "week's coaching": (any_forecast.coaching, forecast_modals.step),
    "commitments": (any_forecast.commitments, forecast_modals.step),
    "agenda": (any_forecast.agenda, forecast_modals.step),
    "forecast's end": (any_forecast.dm, forecast_modals.step),
    "forecast's trail": (any_forecast.trail, forecast_modals.trail),
    "forecasts": (any_forecast.overview, forecast_modals.overview),
    "log": (any_.log_screen, lambda shown: coaching.log(shown, LogMeta())),
    "edit": (any_.edit_screen, lambda shown: coaching.edit(shown, SubjectMeta(subject=1))),
    "dispute": (any_.dispute_screen, lambda shown: coaching.dispute(shown, changed=True)),
    "withdraw": (any_.edit_screen, lambda shown: coaching.withdraw(shown, SubjectMeta(subject=1))),
    "trail": (any_.coaching_trail, coaching.trail),
    "team": (any_setup.team_form, setup_modals.team),
    "people": (any_setup.people_form, setup_modals.people),
    "quotas": (any_setup.quotas_form, setup_modals.quotas),
    "times": (any_setup.times_form, setup_modals.times),
    "company days": (any_setup.company_days, company_modals.company_days),
    "company days added": (any_setup.company_days, company_modals.added),
}


@pytest.mark.parametrize("name", VIEWS)
def test_every_view(name: str) -> None:
    strategy, draw = VIEWS[name]

    @any_.many
    @given(strategy)
    def whatever_it_shows(screen: Any) -> None:
        check_view(draw(screen))

    whatever_it_shows()


@any_.many
@given(any_.decide_form, st.sampled_from(DecisionKind), any_.typed, any_.typed)
def test_deciding_keeps_whatever_was_typed(
    screen: Any, kind: DecisionKind, reason: str, text: str
) -> None:
    typed = {"reason": reason[:1000], "next_text": text[:500], "next_owner": "U0ANA"}
    check_view(modals.decide(screen, kind, replacing=3, typed=typed))


@any_.many
@given(any_.log_screen, any_.typed, any_.typed, any_.typed)
def test_logging_keeps_whatever_was_typed_and_quoted(
    screen: Any, feedback: str, text: str, quoted: str
) -> None:
    typed = {"feedback": feedback[:3000], "next_step": text[:500], "minutes": "45"}
    said = words_of(quoted, lambda slack_id: None)
    meta = LogMeta(quote=said, quote_url="https://north.slack.com/archives/C0WEST/p1")
    view = coaching.log(screen, meta, typed)
    check_view(view)
    assert LogMeta.model_validate_json(view["private_metadata"]) == meta


@any_.many
@given(any_one_on_one.finish_form, any_.typed, any_.typed)
def test_finishing_keeps_whatever_was_typed(screen: Any, feedback: str, text: str) -> None:
    chosen = [deal.id for deal in screen.deals][:14]
    typed = {f"next_{deal.id}": text[:500] for deal in screen.deals}
    typed |= {"feedback": feedback[:3000], "next_step": text[:300]}
    check_view(finish_modal.finish(screen, chosen, typed=typed))


@any_.many
@given(any_.status)
def test_the_status_as_a_message_and_as_a_modal(screen: Any) -> None:
    shown = personal.status(screen, "https://north.slack.com/archives/C0WEST/p1?x=1&y=2")
    for number, block in enumerate(shown.blocks):
        block["block_id"] = f"status.{number}"
    check_message(shown)
    check_view(note_of(shown))


@given(st.lists(st.tuples(any_.ids, any_.typed), min_size=1, max_size=120))
def test_which_team(teams: list[tuple[int, str]]) -> None:
    check_view(modals.which_team(teams))


def test_help() -> None:
    check_message(command_help())
    for coaches in (True, False):
        check_message(overview("T0NORTH", "A0CADENCE", coaches=coaches, is_admin=True))
    check_message(coaching_help())
    check_message(coaching_help("<!channel>"))


@given(any_.card)
def test_a_cards_buttons_are_known_by_their_ids(screen: Any) -> None:
    buttons = MESSAGES[Kind.REVIEW_CARD].render(screen).blocks[-1]["elements"]
    assert {each["action_id"] for each in buttons} <= {Id.ANSWER, Id.DECIDE, Id.CARD_MENU}
    assert all(each.get("value", str(screen.review_deal_id)).isdigit() for each in buttons)
