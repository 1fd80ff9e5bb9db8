"""What is said in a conversation with the bot: a dropped file, and the three buttons of the answer
to it; of words only that nobody reads them.
"""

from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from sqlalchemy.orm import Session

from crm.known import Known, load_known
from crm.problems import Unusable
from handlers import lines
from handlers.context import Context
from handlers.deeds import do_once
from handlers.forms import Wrong, checked
from handlers.ids import Id
from handlers.imports import forms
from handlers.imports.forms import FileMeta, ReadingForm, form_for
from handlers.incoming import Inactive, Incoming, Stranger
from handlers.refusals import stranger
from handlers.replies import open_modal
from models import dropped_files
from models.delivery import received_first
from models.dropped_files import ReadAnew
from models.people import Person, admins, person_by_slack_id
from models.screens import file_form


def register(app: App, context: Context) -> None:
    imports = Imports(context)
    app.event(str(Id.MESSAGE))(imports.message)
    app.action(str(Id.ACCEPT_FILE))(imports.accept)
    app.action(str(Id.DISCARD_FILE))(imports.discard)
    app.action(str(Id.CORRECT_FILE))(imports.open_correction)
    app.view(str(Id.SAVE_READING))(imports.correct)


_UNREAD = lines.with_code(
    "I do not read what is written here. `/cadence` says what there is to do, and a dropped CSV"
    " file is looked at."
)


class Imports:
    def __init__(self, context: Context) -> None:
        self.context = context

    def message(self, body: dict[str, Any]) -> None:
        """Files that somebody dropped are kept; what is only said is nobody's command."""
        event = body["event"]
        is_said = event.get("channel_type") == "im" and event.get("subtype") in (None, "file_share")
        if not is_said or event.get("bot_id"):
            return
        answer = self._heard(body)
        if answer is not None:
            client = self.context.client_for(body["team_id"])
            # not in a thread: nobody would see it there before somebody else has replied
            client.chat_postEphemeral(
                channel=event["channel"], user=event["user"], text=lines.text(answer)
            )

    def _heard(self, body: dict[str, Any]) -> lines.Line | None:
        """What is to be said at once: to who was not set up here, and to who only wrote words."""
        event, now = body["event"], self.context.now()
        with self.context.database.transaction(body["team_id"]) as session:
            if not received_first(session, f"event:{body['event_id']}", now):
                return None
            person = person_by_slack_id(session, event["user"])
            if person is None or not person.active:
                kind = Stranger if person is None else Inactive
                return stranger(kind(admins(session)))
            if not event.get("files"):
                return _UNREAD
            for file in event["files"]:
                dropped_files.drop(
                    session,
                    person,
                    now,
                    slack_file_id=file["id"],
                    message_ts=event["ts"],
                    channel_id=event["channel"],
                    name=file.get("name") or file.get("title") or "file",
                )
        return None

    def accept(self, ack: Ack, body: dict[str, Any]) -> None:
        file_id, revision = _pressed(body)

        def accept(session: Session, actor: Person, now: datetime) -> None:
            dropped_files.accept(session, actor, file_id, revision, now)

        do_once(self.context, Incoming.of(body), accept)
        ack()

    def discard(self, ack: Ack, body: dict[str, Any]) -> None:
        file_id, _revision = _pressed(body)

        def discard(session: Session, actor: Person, now: datetime) -> None:
            dropped_files.discard(session, actor, file_id, now)

        do_once(self.context, Incoming.of(body), discard)
        ack()

    def open_correction(self, ack: Ack, body: dict[str, Any]) -> None:
        incoming, (file_id, _revision) = Incoming.of(body), _pressed(body)
        with self.context.database.transaction(incoming.workspace_id) as session:
            shown = file_form(session, incoming.person(session), file_id)
        open_modal(self.context, incoming, forms.correct(shown))
        ack()

    def correct(self, ack: Ack, body: dict[str, Any]) -> None:
        view = body["view"]
        meta = FileMeta.model_validate_json(view["private_metadata"])

        def correct(session: Session, actor: Person, now: datetime) -> None:
            shown = file_form(session, actor, meta.file_id)
            if shown.shown.revision != meta.revision:
                raise ReadAnew(meta.file_id)
            form = checked(form_for(shown), view, today=now.date())
            _check_owners(form, load_known(session))
            dropped_files.correct(session, actor, meta.file_id, form.reading(), now)

        do_once(self.context, Incoming.of(body), correct)
        ack()


def _pressed(body: dict[str, Any]) -> tuple[int, int]:
    """A button's file and the revision that it was drawn for."""
    file_id, _, revision = str(body["actions"][0]["value"]).partition(":")
    return int(file_id), int(revision)


def _check_owners(form: ReadingForm, known: Known) -> None:
    """Raises `Wrong` for whoever was chosen and can own no deal."""
    wrong: dict[str, str] = {}
    names = ["all_of", *(f"owner_{n}" for n in range(len(form.of.findings.owners)))]
    for name in names:
        slack_id = form.get(name)
        if slack_id is None:
            continue
        try:
            known.owner(slack_id)
        except Unusable:
            wrong[name] = "They are in no team here, so no deal can be theirs."
    if wrong:
        raise Wrong(wrong)
