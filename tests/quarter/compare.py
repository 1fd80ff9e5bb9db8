"""What came of the quarter, held against what must have come of it: every difference in words."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from models.delivery import Kind
from tests.quarter.attention import AT_ONCE, COUNTED, free_at, most
from tests.quarter.calendars import local_date
from tests.quarter.expected import Expected
from tests.quarter.found import Found
from tests.quarter.mail import Message
from tests.quarter.meetings import quarter_of
from tests.quarter.office import Posted
from tests.quarter.team import CHANNEL, PICKED, PLACES

REVIEW_BEGINS = (Kind.REVIEW_PARENT, Kind.REVIEW_CARD)


def differences(found: Found, expected: Expected) -> list[str]:
    """Empty where all is as it must be."""
    return [
        *(f"the bot did not {one}" for one in [*expected.wrong, *expected.attention.wrong]),
        *_unlike("occurrence", found.occurrences, _occurrences(expected)),
        *_unlike("session", found.sessions, _sessions(expected)),
        *_unlike("rate", found.rates, _rates(found, expected)),
        *_unlike("review", dict(enumerate(found.reviews)), _reviews(expected)),
        *_unlike("breach", dict.fromkeys(found.breaches), dict.fromkeys(expected.breaches)),
        *_unlike("conversation", found.conversations, _conversations(expected)),
        *_unlike("forecast", found.forecasts, _forecasts(expected)),
        *_unlike("list", found.lists, _lists(expected)),
        *_once_each(found),
        *_budgets(found),
        *_hours(found),
        *_messages(found, expected),
    ]


def _unlike(what: str, found: Mapping[Any, Any], expected: Mapping[Any, Any]) -> Iterator[str]:
    for key in dict.fromkeys([*expected, *found]):
        mine, theirs = expected.get(key, "nothing"), found.get(key, "nothing")
        if mine != theirs:
            yield f"{what} {key}: {theirs} instead of {mine}"


def _occurrences(expected: Expected) -> dict[Any, Any]:
    return {
        (one.prompt, one.who, one.day, one.put_off): (one.at, one.state, one.reason, one.settled)
        for one in expected.due
    }


def _sessions(expected: Expected) -> dict[Any, Any]:
    return {
        key: (talk.state, talk.excuse, talk.now_at.starts)
        for key, talk in expected.meetings.talks.items()
    }


def _rates(found: Found, expected: Expected) -> dict[Any, Any]:
    return {
        (coach, first): expected.meetings.held_rate(coach, *quarter_of(first))
        for coach, first in found.rates
    }


def _reviews(expected: Expected) -> dict[int, Any]:
    return {
        number: (review.started, review.state, review.grade, review.ended)
        for number, review in enumerate(expected.reviews.all)
    }


def _conversations(expected: Expected) -> dict[Any, Any]:
    found = expected.mondays.conversations
    return {key: one.state(expected.until) for key, one in found.items()}


def _forecasts(expected: Expected) -> dict[Any, Any]:
    return {day: one.state(expected.until) for day, one in expected.fridays.forecasts.items()}


def _lists(expected: Expected) -> dict[Any, Any]:
    return {key: (one.is_excused, one.asked) for key, one in expected.fridays.lists.items()}


def _budgets(found: Found) -> Iterator[str]:
    """Of each person and local day, as they stand in the conversations."""
    told = Counter(
        (one.to, local_date(one.at, PLACES[one.to]))
        for one in found.posted
        if one.to and one.kind.value in COUNTED and not one.thread
    )
    for (who, day), number in told.items():
        if number > most(who):
            yield f"{who} got {number} messages on {day}"


def _hours(found: Found) -> Iterator[str]:
    """Nothing in quiet hours; and only a digest has others in its thread."""
    digests = {(one.to, one.ts): one for one in found.posted if one.kind is Kind.DIGEST}
    for one in found.posted:
        if not one.to or one.kind.value in AT_ONCE:
            continue
        if free_at(one.to, one.at) > one.at:
            yield f"{one.kind.value} to {one.to} in quiet hours: {one.at}"
        if one.thread and (
            (one.to, one.thread) not in digests
            or local_date(digests[one.to, one.thread].at, PLACES[one.to])
            != local_date(one.at, PLACES[one.to])
        ):
            yield f"{one.kind.value} to {one.to} in a strange thread: {one.at}"


def _once_each(found: Found) -> Iterator[str]:
    """By the key in its metadata, which a message carries for as long as it lives."""
    stand = Counter(key for _, key in found.standing)
    seen = Counter(one.key for one in found.posted)
    for key in {*stand, *seen, *found.keys}:
        if (stand[key], seen[key], found.keys.count(key)) != (1, 1, 1):
            yield f"message {key} stands {stand[key]} times, was posted {seen[key]} times"
    if parked := found.unposted["parked"]:
        yield f"{parked} messages were parked"


def _messages(found: Found, expected: Expected) -> Iterator[str]:
    """Each by kind, reader, moment and what it says; in each conversation in the order in which
    they came due."""
    pairs, missing, too_much = _paired(found, expected)
    for message in missing:
        yield f"missing: {message.kind} to {message.to} at {message.at}: {message.said}"
    for message in expected.mail.messages:
        is_lost = message.at is None and not message.was_unwanted
        if message.until is None or (message.at is None and not is_lost):
            continue  # it comes when it is due, or is not looked for, or was dropped
        if (message.at or expected.until) > message.until:
            yield f"too late: {message.kind} to {message.to}, due {message.due}: {message.at}"
    for posted in too_much:
        words = posted.words.splitlines()
        yield f"too much: {posted.kind.value} to {posted.to} at {posted.at}: {words}"
    for where in {posted.channel for posted, _ in pairs}:
        here = [pair for pair in pairs if pair[0].channel == where and not pair[1].may_wait]
        for at, same in groupby(here, lambda pair: pair[0].at):
            due = [message.due for _, message in same]
            if due != sorted(due):
                yield f"out of order in {where} at {at}: {due}"
    yield from _reviews_shown([posted for posted, _ in pairs], expected)


def _paired(
    found: Found, expected: Expected
) -> tuple[list[tuple[Posted, Message]], list[Message], list[Posted]]:
    """What was posted with what was owed, in the order of posting; then what has no other."""
    left: defaultdict[Any, list[Posted]] = defaultdict(list)
    for posted in found.posted:
        left[posted.kind.value, posted.to, posted.at].append(posted)
    pairs, missing = [], []
    for message in (one for one in expected.mail.messages if one.at is not None):
        here = left[message.kind, message.to, message.at]
        fits = [one for one in here if all(words in one.words for words in message.said)]
        if fits:
            here.remove(fits[0])
            pairs.append((fits[0], message))
        else:
            missing.append(message)
    pairs.sort(key=lambda pair: pair[0].ts)
    return pairs, missing, [posted for rest in left.values() for posted in rest]


def _reviews_shown(posted: list[Posted], expected: Expected) -> Iterator[str]:
    """In the channel a parent, then a card for each deal that was picked, as many as there are."""
    for review in expected.reviews.all:
        wanted = min(PICKED, review.open_deals)
        here = [one for one in posted if one.channel == CHANNEL and one.at == review.started]
        cards = [one.words.partition(" · ")[0] for one in here if one.kind in REVIEW_BEGINS]
        if cards != ["Pipeline review", *review.deals] or len(review.deals) != wanted:
            yield f"review of {review.started}: {cards} instead of a parent and {review.deals}"
        if not review.wanted <= {*review.deals} or review.unwanted in review.deals:
            dropped = f"{sorted(review.wanted)} without {review.unwanted}"
            yield f"review of {review.started}: {review.deals} instead of {dropped}"
