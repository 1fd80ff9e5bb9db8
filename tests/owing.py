"""Owing messages in tests that go on with the row."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import delivery
from models.delivery import Delivery, Kind


def owe(session: Session, kind: Kind, subject_id: int, *, dedupe_key: str, **more: Any) -> Delivery:
    """Owes it by the product's own function; the row that stands under the key then."""
    delivery.owe(session, kind, subject_id, dedupe_key=dedupe_key, **more)
    return session.scalars(select(Delivery).where(Delivery.dedupe_key == dedupe_key)).one()
