"""Looks at people's calendars: what was entered at once, each one every six hours.

As with dropped files, an address is claimed with a lease in real time, and whoever loses it writes
nothing more. No transaction is open while the address is asked or its file is read. What fails is
tried again later, the wait growing (`models.calendars`).
"""

import logging
import threading
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from bot.calendars.apart import read_apart
from bot.calendars.fetching import Answer, Internet, NotFetched, fetch
from bot.calendars.found import Found, Unreadable, Whose
from bot.clock import Now, real_now
from bot.faults import described
from bot.working import work_through
from models import calendars
from models.base import Database
from models.calendars import CalendarClaim, CalendarLost, Problem, Question
from models.one_on_ones import take_calendar
from models.people import get_person

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)

Read = Callable[[bytes, Whose, date, date], Found]
News = Callable[[str, str], None]
"""Tells a person (workspace, Slack id) that something new is known of their calendar."""


class Watcher:
    """Several at once, here and in other processes, do no harm."""

    def __init__(
        self,
        database: Database,
        now: Now,
        *,
        news: News = lambda _workspace_id, _slack_id: None,
        internet: Internet | None = None,
        read: Read = read_apart,
        real: Now = real_now,
    ) -> None:
        """`now` is business time."""
        self._database = database
        self._now = now
        self._news = news
        self._internet = internet
        self._read = read
        self._real = real

    def run_once(self, stop: threading.Event | None = None) -> int:
        """Works until no calendar is due, or `stop`; how many it looked at."""
        return work_through(
            self._database, "calendar", self._claim, self._look, CalendarLost, log, stop
        )

    def _claim(self, session: Session) -> CalendarClaim | None:
        return calendars.claim_calendar(session, self._real(), LEASE)

    def _look(self, claim: CalendarClaim) -> str:
        with self._database.transaction(claim.workspace_id) as session:
            question = calendars.asked(session, claim, self._now())
        try:
            answer = fetch(
                question.url,
                etag=question.etag,
                last_modified=question.last_modified,
                internet=self._internet,
            )
            if answer.content is None:
                return self._unchanged(claim)
            found = self._read(answer.content, _whose(question), question.first, question.last)
            return self._take(claim, question, answer, found)
        except NotFetched as failure:
            return self._failed(claim, failure.problem, failure.wait)
        except Unreadable as failure:
            return self._failed(claim, Problem(failure.word))
        except CalendarLost:
            raise
        except Exception as fault:
            log.error("calendar=%d failed: %s", claim.id, described(fault))
            return self._failed(claim, Problem.UNEXPECTED)

    def _unchanged(self, claim: CalendarClaim) -> str:
        with self._database.transaction(claim.workspace_id) as session:
            news = calendars.unchanged(session, claim, self._now(), self._real())
        self._tell(claim, news=news)
        return "unchanged"

    def _take(self, claim: CalendarClaim, question: Question, answer: Answer, found: Found) -> str:
        with self._database.transaction(claim.workspace_id) as session:
            news = take_calendar(
                session,
                claim,
                question,
                found.busy,
                found.away,
                self._now(),
                self._real(),
                unread=found.unread,
                etag=answer.etag,
                last_modified=answer.last_modified,
            )
        self._tell(claim, news=news)
        return "read"

    def _failed(
        self, claim: CalendarClaim, problem: Problem, wait: timedelta = timedelta(0)
    ) -> str:
        with self._database.transaction(claim.workspace_id) as session:
            now, real = self._now(), self._real()
            news = calendars.failed(session, claim, problem, now, real, at_least=wait)
        self._tell(claim, news=news)
        return problem

    def _tell(self, claim: CalendarClaim, *, news: bool) -> None:
        if not news:
            return
        with self._database.transaction(claim.workspace_id) as session:
            person_id = calendars.held(session, claim).person_id
            slack_id = get_person(session, person_id).slack_id
        self._news(claim.workspace_id, slack_id)


def _whose(question: Question) -> Whose:
    return Whose(
        question.zone,
        question.name,
        question.email,
        question.away_words,
        question.day_from,
        question.day_until,
    )
