"""The columns of our own forms, and how those of others are recognised. Only ever proposed.

A file is one of three kinds: deals, the history of their stages, or activities. Known names are
those of Salesforce's and HubSpot's reports, of their APIs, and of replicas of these (Fivetran).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum

from crm.problems import Problems
from models.deals import ImportKind


class Column(StrEnum):
    """The columns of our own forms (docs/import.md)."""

    ID = "id"
    NAME = "name"
    OWNER = "owner"
    STAGE = "stage"
    AMOUNT = "amount"
    CLOSE_DATE = "close_date"
    CREATED_DATE = "created_date"
    CLOSED_DATE = "closed_date"
    STAGE_SINCE = "stage_since"
    LAST_ACTIVITY = "last_activity"
    URL = "url"
    CURRENCY = "currency"
    IS_DELETED = "is_deleted"
    IS_CLOSED = "is_closed"
    # of a history of stages
    DEAL = "deal"
    CHANGED_AT = "changed_at"
    PROPERTY = "property"
    # of activities
    ON = "on"
    WHAT = "what"
    WHO = "who"
    DONE = "done"


REQUIRED: dict[ImportKind, tuple[Column, ...]] = {
    ImportKind.DEALS: (
        Column.ID, Column.NAME, Column.OWNER, Column.STAGE, Column.AMOUNT, Column.CLOSE_DATE,
    ),
    ImportKind.HISTORY: (Column.DEAL, Column.STAGE, Column.CHANGED_AT),
    ImportKind.ACTIVITIES: (Column.ID, Column.DEAL, Column.ON),
}  # fmt: skip
OPTIONAL: dict[ImportKind, tuple[Column, ...]] = {
    ImportKind.DEALS: (
        Column.CREATED_DATE, Column.CLOSED_DATE, Column.STAGE_SINCE, Column.LAST_ACTIVITY,
        Column.URL, Column.CURRENCY, Column.IS_DELETED, Column.IS_CLOSED,
    ),
    ImportKind.HISTORY: (Column.PROPERTY, Column.IS_DELETED),
    ImportKind.ACTIVITIES: (Column.WHAT, Column.WHO, Column.DONE, Column.IS_DELETED),
}  # fmt: skip

DATES = frozenset(
    {
        Column.CLOSE_DATE, Column.CREATED_DATE, Column.CLOSED_DATE, Column.STAGE_SINCE,
        Column.LAST_ACTIVITY, Column.CHANGED_AT, Column.ON,
    }
)  # fmt: skip

FLAGS = frozenset({Column.IS_DELETED, Column.IS_CLOSED})
"""Read without being mapped, however their names are written (Salesforce's IsDeleted): who leaves
them out takes what is gone for live pipeline."""

LONGEST = {
    Column.ID: 80, Column.NAME: 200, Column.URL: 2000, Column.DEAL: 80, Column.WHAT: 40,
    Column.WHO: 200,
}  # fmt: skip

Alike = dict[Column, tuple[str, ...]]
"""Names without case, blanks and marks, the likeliest first."""


def _alike(**words: str) -> Alike:
    return {Column[name]: tuple(names.split()) for name, names in words.items()}


_DELETED = "isdeleted hsisdeleted deleted fivetrandeleted"
ALIKE: dict[ImportKind, Alike] = {
    ImportKind.DEALS: _alike(
        ID="id dealid opportunityid recordid hsobjectid externalid",
        NAME="name dealname opportunityname opportunity deal account accountname company",
        OWNER="owner owneremail dealowneremail opportunityowneremail dealowner opportunityowner "
        "ownerid hubspotownerid rep repid salesrep salesperson assignedto",
        STAGE="stage stagename dealstage pipelinestage dealpipelinestageid status",
        AMOUNT="amount value dealvalue dealamount acv tcv revenue price",
        CLOSE_DATE="closedate expectedclosedate estimatedclosedate expectedclose",
        CREATED_DATE="createddate createdate created createdat opened openedon",
        CLOSED_DATE="closeddate closedat closedon wondate actualclosedate",
        STAGE_SINCE="stagesince laststagechangedate stagechangedate enteredstage dateenteredstage "
        "dateentered dateenteredcurrentstage",
        LAST_ACTIVITY="lastactivity lastactivitydate lastcontacted noteslastcontacted "
        "noteslastupdated lastactivityon",
        URL="url link recordurl dealurl",
        CURRENCY="currency currencycode currencyisocode dealcurrencycode amountcurrency",
        IS_DELETED=_DELETED,
        IS_CLOSED="isclosed hsisclosed",
    ),
    ImportKind.HISTORY: _alike(
        DEAL="deal dealid opportunityid associateddealid parentid objectid",
        STAGE="stage stagename dealstage tostage newstage newvalue value",
        CHANGED_AT="changedat fivetranstart dateentered timestamp changedate changedon createddate "
        "editdate lastmodified",
        PROPERTY="property propertyname field fieldevent fieldname name",
        IS_DELETED=_DELETED,
    ),
    ImportKind.ACTIVITIES: _alike(
        ID="id activityid taskid eventid engagementid recordid hsobjectid",
        DEAL="deal dealid opportunityid whatid associateddealids associateddealid "
        "associateddeal relatedtoid",
        ON="on activitydatetime startdatetime activitydate hstimestamp timestamp completeddatetime "
        "date duedate",
        WHAT="what type tasksubtype eventsubtype activitytype engagementtype kind",
        WHO="who owneremail assigned assignedto activityassignedto ownerid hubspotownerid owner",
        DONE="done isclosed status taskstatus closed",
        IS_DELETED=_DELETED,
    ),
}

_VALUES = frozenset({"value", "newvalue"})
"""Columns that hold a stage only beside one that names the property."""


def columns_of(kind: ImportKind) -> tuple[Column, ...]:
    """What a file of this kind may have, what it must have first."""
    return REQUIRED[kind] + OPTIONAL[kind]


def plain(name: str) -> str:
    """A column's name without case, blanks, marks, and the prefixes that exports add."""
    return "".join(filter(str.isalnum, name.casefold())).removeprefix("property") or name.casefold()


def columns_key(header: Iterable[str]) -> str:
    """What two files have in common that have the same columns, in whatever order and case."""
    names = "\n".join(sorted(name.casefold() for name in header))
    return hashlib.sha256(names.encode()).hexdigest()


def proposal(kind: ImportKind, header: Sequence[str]) -> dict[Column, str]:
    """Which of the file's columns look like ours, each taken once, the likeliest."""
    names: dict[str, str] = {}
    for name in header:
        names.setdefault(plain(name), name)
        if name.casefold() in set(Column):  # our own word counts as it is, a prefix or not
            names[name.casefold()] = name
    once = {name for name in header if list(header).count(name) == 1}
    found: dict[Column, str] = {}
    for column in columns_of(kind):
        for word in ALIKE[kind][column]:
            theirs = names.get(word)
            if theirs in once and theirs not in found.values():
                found[column] = theirs
                break
    if kind is ImportKind.HISTORY:
        _settle_history(names, found)
    return found


def _settle_history(names: Mapping[str, str], found: dict[Column, str]) -> None:
    """A property only where its value is the stage; in a replica of snapshots, `id` is the deal."""
    if Column.STAGE in found and plain(found[Column.STAGE]) not in _VALUES:
        found.pop(Column.PROPERTY, None)
    if "fivetranstart" in names and "id" in names and Column.DEAL not in found:
        found[Column.DEAL] = names["id"]


def recognise(header: Sequence[str]) -> ImportKind | None:
    """What a file is by its columns; None where it cannot be told."""
    names = {plain(name) for name in header}
    found = {kind: set(proposal(kind, header)) for kind in ImportKind}
    fits = {
        ImportKind.DEALS: found[ImportKind.DEALS] | {Column.OWNER}
        >= set(REQUIRED[ImportKind.DEALS]),
        ImportKind.HISTORY: found[ImportKind.HISTORY] >= set(REQUIRED[ImportKind.HISTORY]),
        ImportKind.ACTIVITIES: found[ImportKind.ACTIVITIES] >= set(REQUIRED[ImportKind.ACTIVITIES]),
    }
    order = [ImportKind.DEALS, ImportKind.HISTORY, ImportKind.ACTIVITIES]
    if "fivetranstart" in names:
        order = [ImportKind.HISTORY, ImportKind.DEALS, ImportKind.ACTIVITIES]
    return next((kind for kind in order if fits[kind]), None)


def weight(header: Sequence[str]) -> int:
    """How many of these columns somebody would know; among equals, more columns."""
    known = {word for alike in ALIKE.values() for words in alike.values() for word in words}
    return sum(plain(name) in known for name in header) * 1000 + min(len(header), 999)


def looks_like(kind: ImportKind, column: Column, header: Iterable[str]) -> list[str]:
    """Which of the file's columns look like ours, best first. Only ever proposed."""
    names = {plain(name): name for name in header}
    alike = [names[word] for word in ALIKE[kind][column] if word in names]
    near = get_close_matches(plain(column), names, n=2, cutoff=0.8)
    return list(dict.fromkeys([*alike, *(names[key] for key in near)]))


def find_columns(
    kind: ImportKind,
    header: Sequence[str],
    mapped: Mapping[Column, str],
    problems: Problems,
    *,
    without: Iterable[Column] = (),
) -> dict[Column, int]:
    """Where each of our columns stands in the file: as mapped, else under our own name.

    Names are compared without case, those of FLAGS also without marks. What is missing becomes a
    problem that proposes the columns that look alike; nothing is taken because it looks alike.
    `without`: what need not be there.
    """
    names = [name.casefold() for name in header]
    places: dict[Column, int] = {}
    proposed: dict[Column, str] = {}
    need = set(REQUIRED[kind]) - set(without)
    for column in columns_of(kind):
        theirs = " ".join((mapped.get(column) or _own(column, header)).split())
        found = names.count(theirs.casefold())
        if found == 1:
            places[column] = names.index(theirs.casefold())
        elif found:
            says = f"there are {found} columns “{theirs}”: give each a name of its own"
            problems.add("twice", says, 1)
        elif column in mapped:
            problems.add("header", f"there is no column “{theirs}” for {column}", 1)
        elif column in need:
            like = looks_like(kind, column, header)
            says, option = _perhaps(column, like)
            problems.add("header", f"there is no column {column}{says}", 1, option=option)
            proposed |= {column: like[0]} if like else {}
    if proposed:
        pairs = ",".join(f"{ours}={quoted(theirs)}" for ours, theirs in proposed.items())
        problems.hint(f"if these columns are right, say --mapping '{pairs}'")
    return places


def _own(column: Column, header: Sequence[str]) -> str:
    if column in FLAGS:
        return next((name for name in header if plain(name) == plain(column)), str(column))
    return str(column)


def not_read(
    kind: ImportKind, header: Sequence[str], places: Mapping[Column, int]
) -> list[tuple[str, Column | None]]:
    """The file's columns that are left out, each with the one of ours that it looks like."""
    free = [column for column in columns_of(kind) if column not in places]
    rest = [name for at, name in enumerate(header) if at not in places.values()]
    return [
        (name, next((column for column in free if name in looks_like(kind, column, [name])), None))
        for name in rest
    ]


def _perhaps(column: Column, like: Sequence[str]) -> tuple[str, str]:
    if like:
        return "; it could be " + " or ".join(f"“{name}”" for name in like), ""
    if column is Column.OWNER:
        return "", "; if all of them belong to one person, say --owner with their e-mail"
    return "", ""


def quoted(name: str) -> str:
    """As an option takes it, whose pairs are separated by commas (crm.mapping)."""
    return f'"{name}"' if set(name) & set(",=") else name
