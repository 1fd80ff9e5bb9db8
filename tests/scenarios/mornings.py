"""Mornings on the floor: everybody's digest, and their Home as it stands."""

from datetime import UTC, datetime

from models.agenda import keep_digest
from models.delivery import Delivery, Kind
from models.people import get_person
from sandbox.person import ActingPerson, SeenMessage, SeenView
from tests.scenarios.floor import APP, Floor, seen
from tests.scenarios.sessions import newest

WEDNESDAY = datetime(2026, 11, 25, 13, 30, tzinfo=UTC)  # 08:30 in New York


def keep_digests(floor: Floor) -> None:
    """Everybody has their digest from now on."""
    with floor.database.transaction(floor.world.workspace_id) as session:
        for name in ("lea", "max", "ana", "ben", "cleo", "ada"):
            keep_digest(session, get_person(session, getattr(floor.world, name)), floor.now())


def digest(floor: Floor, who: ActingPerson) -> SeenMessage:
    """This person's newest digest, as it stands now."""
    floor.deliver()
    return newest(floor, who, Kind.DIGEST)


def morning(floor: Floor, who: ActingPerson) -> list[str]:
    """What it says, line by line."""
    return seen(digest(floor, who)).replace("\u00a0", " ").splitlines()


def digests(floor: Floor, name: str) -> list[Delivery]:
    """The digests that this person got."""
    person_id = getattr(floor.world, name)
    mine = (Delivery.kind == Kind.DIGEST, Delivery.person_id == person_id)
    return floor.rows(Delivery, *mine, Delivery.ts.is_not(None))


def home(who: ActingPerson) -> SeenView:
    """This person opens Home."""
    before = who.home_now(APP)
    who.home(APP)
    drawn = who.wait_for(lambda: _drawn(who, before))
    assert drawn is not None
    return drawn


def _drawn(who: ActingPerson, before: SeenView | None) -> SeenView | None:
    now = who.home_now(APP)
    is_new = now is not None and (before is None or now.json["hash"] != before.json["hash"])
    return now if is_new else None


def at_home(who: ActingPerson) -> list[str]:
    """What stands at Home just now, line by line, without opening it anew."""
    found = who.home_now(APP)
    assert found is not None
    return seen(found).replace("\u00a0", " ").splitlines()


def row(view: SeenView, words: str) -> str:
    """The block_id of the buttons of the first row that says these words."""
    ids = [block["block_id"] for block in view.blocks]
    number = next(n for n, block in enumerate(view.blocks) if words in str(block))
    beside = "accessory" in view.blocks[number]
    return str(ids[number] if beside else ids[number + 1])
