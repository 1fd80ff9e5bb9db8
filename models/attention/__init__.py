"""Attention is the budget: how many messages a person gets, and when they may come.

Rooms: `classes` (what kind of message may wait, and which may be switched off) · `hours` (quiet
hours, selling blocks, snooze) · `tables` and `choosing` (what a person chose) · `holding` (whether
a message may go out now, decided as it goes) · `gathering` (what waits for the morning digest) ·
`digests` (which of them may name a thing).
"""

from models.attention.choosing import (
    MOST_BLOCKS,
    MOST_SNOOZE,
    Chosen,
    Reader,
    Snooze,
    add_block,
    choose_messages,
    chosen,
    end_snooze,
    reader,
    remove_block,
    snooze,
    snooze_until,
)
from models.attention.classes import (
    CLASSES,
    COUNTED,
    TOPICS,
    Class,
    Topic,
    offered,
)
from models.attention.digests import digests_around, digests_from
from models.attention.gathering import gather, in_thread, let_go, stand_alone
from models.attention.holding import hold
from models.attention.hours import LEAST_FREE, Block, Hours, free_at, least_free
from models.attention.refusals import (
    BlockUnfit,
    NothingFree,
    QuietUnfit,
    SnoozeUnfit,
    TooManyBlocks,
    UnknownBlock,
)
from models.attention.tables import MessageSettings, SellingBlock

__all__ = [
    "CLASSES",
    "COUNTED",
    "LEAST_FREE",
    "MOST_BLOCKS",
    "MOST_SNOOZE",
    "TOPICS",
    "Block",
    "BlockUnfit",
    "Chosen",
    "Class",
    "Hours",
    "MessageSettings",
    "NothingFree",
    "QuietUnfit",
    "Reader",
    "SellingBlock",
    "Snooze",
    "SnoozeUnfit",
    "TooManyBlocks",
    "Topic",
    "UnknownBlock",
    "add_block",
    "choose_messages",
    "chosen",
    "digests_around",
    "digests_from",
    "end_snooze",
    "free_at",
    "gather",
    "hold",
    "in_thread",
    "least_free",
    "let_go",
    "offered",
    "reader",
    "remove_block",
    "snooze",
    "snooze_until",
    "stand_alone",
]
