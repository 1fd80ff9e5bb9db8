"""What importing refuses, in words: one line, with the way out."""

from typing import Any

from sqlalchemy.orm import Session

from handlers.refusal import Refusal, Refusals, Reserved, named, only, says
from models.access import Act
from models.dropped_files import (
    AlreadyDecided,
    FileState,
    NotYetRead,
    ReadAnew,
    StillOpen,
    UnknownFile,
)

_DONE = {
    FileState.TAKING: "is importing it already",
    FileState.TAKEN: "has imported it already",
    FileState.DISCARDED: "has discarded it: drop it again",
}


def _decided(session: Session, error: Any, _zone: str) -> Refusal:
    who = named(session, [] if error.by is None else [error.by])
    if who and error.state in _DONE:
        return Refusal((*who, f" {_DONE[error.state]}."))
    return Refusal(("This file waits no longer. Drop it again.",))


RESERVED: Reserved = {Act.IMPORT: only("imports files", "Drop it to them.")}
REFUSALS: Refusals = {
    UnknownFile: says("This is not there any more."),
    AlreadyDecided: _decided,
    NotYetRead: says("It is being read just now. The message changes when that is done."),
    ReadAnew: says("It was read anew meanwhile: look at the message again."),
    StillOpen: says("Something about it is still open: correct the mapping first."),
}
