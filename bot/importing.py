"""Works on files that people dropped: fetches them, reads them, and takes in what was accepted.

Nothing of this fits into the three seconds that Slack gives a listener. A file is claimed with a
lease in real time; whoever loses it writes nothing more. No transaction is open while Slack is
asked or the file is read, and taking it in is one transaction, in which it is also settled: so a
file is taken in once, or not at all, whoever crashes.
"""

import logging
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import IO, Any

from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot import transfers
from bot.answers import Limited, NotDone, Refused
from bot.clock import Now, real_now
from bot.faults import described
from bot.working import work_through
from crm.known import load_known
from crm.mapping import Reading
from crm.problems import FileRefused, as_list
from crm.proposing import (
    FIRST_PROBLEMS,
    Proposed,
    all_problems,
    findings,
    problem_count,
    read_as_proposed,
)
from crm.taking_in import HasProblems, look, take_in
from models import dropped_files
from models.base import Database
from models.dropped_files import FileClaim, FileLost, FileState, importers
from models.people import get_person

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
TRIES = 6
SAYS_EVERY = timedelta(seconds=2)
"""How often a file that is being read says how far it is (real time)."""
PROBLEMS = "problems.csv"
"""What the list of all problems is called; the answer in the thread names it."""
IN_MEMORY = 8 * transfers.BLOCK

_WHY_NOT = {
    "file_not_found": "is not in Slack any more: drop it again",
    "file_deleted": "was deleted in Slack before it was read: drop it again",
    "too_large": "is larger than 200 MB: export fewer columns, or split it",
    "external_file": "is not kept by Slack but elsewhere: drop the file itself",
    "no_access": "could not be read: Slack did not let the bot have it",
    "missing_scope": "could not be read: the app lacks the scope files:read, as in manifest.json",
}
_NEVER = "could not be fetched from Slack: drop it again"
_BROKEN = "could not be worked on, and nothing was imported; tell an admin"


class Importer:
    """Several at once, here and in other processes, do no harm."""

    def __init__(
        self,
        database: Database,
        now: Now,
        client_for: Callable[[str], WebClient],
        *,
        real: Now = real_now,
        crash: Callable[[str], None] = lambda _point: None,
    ) -> None:
        """`now` is business time. `crash` is told of the points between two steps, for tests."""
        self._database = database
        self._now = now
        self._client_for = client_for
        self._real = real
        self._crash = crash

    def run_once(self, stop: threading.Event | None = None) -> int:
        """Works until no file waits, or `stop`; how many it took in hand."""
        return work_through(self._database, "file", self._claim, self._work, FileLost, log, stop)

    def _claim(self, session: Session) -> FileClaim | None:
        return dropped_files.claim_file(session, self._real(), LEASE)

    def _work(self, claim: FileClaim) -> str:
        try:
            with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
                self._bring(claim, file)
                self._crash("after_fetch")
                return self._read(claim, file)
        except NotDone as failure:
            return self._failed(claim, failure)
        except FileRefused as refused:
            return self._refuse(claim, refused.says)
        except FileLost:
            raise
        except Exception as fault:
            log.error("file=%d failed: %s", claim.id, described(fault))
            return self._again(claim, _BROKEN)

    # --- its content

    def _bring(self, claim: FileClaim, file: Any) -> None:
        """The file's content from here, or else from Slack, which is then kept here.

        A file with which the process ended time and again is not tried for ever.
        """
        with self._transaction(claim) as session:
            row = dropped_files.held(session, claim)
            if row.tries > TRIES:
                raise FileRefused(_BROKEN)
            slack_file_id = row.slack_file_id
            for piece in dropped_files.content(session, claim.id):
                file.write(piece)
        if claim.fetched:
            return
        transfers.fetch(self._client(claim), slack_file_id, file)
        with self._transaction(claim) as session:
            dropped_files.keep_content(session, claim, _pieces(file))

    def _client(self, claim: FileClaim) -> WebClient:
        try:
            return self._client_for(claim.workspace_id)
        except LookupError:
            raise Refused("not_installed") from None

    # --- reading and taking in

    def _read(self, claim: FileClaim, file: Any) -> str:
        with self._transaction(claim) as session:
            known = load_known(session)
        said = Reading.model_validate(claim.reading)
        proposed = read_as_proposed(file, said, known, self._now(), self._progress(claim))
        try:
            if claim.state is FileState.TAKING:
                return self._take(claim, proposed)
            return self._found(claim, proposed)
        finally:
            proposed.file.rows.close()

    def _progress(self, claim: FileClaim) -> Callable[[int], None]:
        said_at = self._real()

        def progress(count: int) -> None:
            nonlocal said_at
            if self._real() - said_at < SAYS_EVERY:
                return
            said_at = self._real()
            with self._transaction(claim) as session:
                until = said_at + LEASE
                dropped_files.went_on(session, claim, count, self._now(), until)
            self._crash("after_progress")

        return progress

    def _found(self, claim: FileClaim, proposed: Proposed, *, meanwhile: bool = False) -> str:
        plan = None
        if not proposed.file.problems:
            with self._transaction(claim) as session:
                plan = look(session, proposed.file)
        said = findings(proposed, plan, meanwhile=meanwhile)
        said["listed"] = self._list_problems(claim, proposed)
        with self._transaction(claim) as session:
            dropped_files.found(session, claim, said, self._now())
        return "asks"

    def _take(self, claim: FileClaim, proposed: Proposed) -> str:
        """Accepted: held against what is here now, and taken in in the same transaction."""
        try:
            with self._transaction(claim) as session:
                row = dropped_files.held(session, claim)
                by = get_person(session, row.decided_by_id or row.person_id)
                if not importers(by):
                    raise HasProblems
                record, plan = take_in(
                    session,
                    proposed.file,
                    self._now(),
                    file_name=claim.name,
                    imported_by_id=by.id,
                )
                said = findings(proposed, plan, done=True) | {"listed": False}
                dropped_files.taken(session, claim, said, record.id, self._now())
                self._crash("before_commit")
        except HasProblems:
            return self._found(claim, proposed, meanwhile=True)
        return "taken"

    def _list_problems(self, claim: FileClaim, proposed: Proposed) -> bool:
        """Too many to say: a list of them in the thread, once for each reading.

        Where Slack never takes it, the file is asked about without.
        """
        if problem_count(proposed.file) <= FIRST_PROBLEMS:
            return False
        client = self._client(claim)
        with self._transaction(claim) as session:
            row = dropped_files.held(session, claim)
            notices_id = row.notices_id if row.notices_for == row.revision + 1 else None
            channel, thread_ts, tries = row.channel_id, row.message_ts, row.tries
        try:
            if notices_id is None:
                content = as_list(all_problems(proposed.file))
                notices_id = transfers.upload(client, PROBLEMS, content)
                with self._transaction(claim) as session:
                    row = dropped_files.held(session, claim)
                    row.notices_id, row.notices_for = notices_id, row.revision + 1
            transfers.show(client, notices_id, PROBLEMS, channel, thread_ts)
        except NotDone as failure:
            if tries < TRIES and not isinstance(failure, Refused):
                raise
            log.warning("file=%d problems not listed: %s", claim.id, failure.reason)
            return False
        return True

    # --- what does not work

    def _failed(self, claim: FileClaim, failure: NotDone) -> str:
        if isinstance(failure, Refused):
            return self._refuse(claim, _WHY_NOT.get(failure.reason, _NEVER))
        told = failure.seconds if isinstance(failure, Limited) else 0.0
        return self._again(claim, _NEVER, at_least=told)

    def _again(self, claim: FileClaim, in_the_end: str, *, at_least: float = 0.0) -> str:
        """Later, the wait doubling, `at_least` seconds; after some tries its person is told."""
        with self._transaction(claim) as session:
            row = dropped_files.held(session, claim)
            if row.tries < TRIES:
                wait = timedelta(seconds=max(2.0**row.tries, at_least))
                dropped_files.later(session, claim, self._real() + wait)
                return "later"
        return self._refuse(claim, in_the_end)

    def _refuse(self, claim: FileClaim, why: str) -> str:
        with self._transaction(claim) as session:
            dropped_files.refuse(session, claim, why, self._now())
        return "refused"

    def _transaction(self, claim: FileClaim) -> AbstractContextManager[Session]:
        return self._database.transaction(claim.workspace_id)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(transfers.BLOCK):
        yield piece
