"""How deals, reasons, evidence and decisions are put, wherever they appear."""

from datetime import date
from typing import Any

from handlers import words
from handlers.lines import Bold, Italic, Line, Mention, joined
from models.evidence import AnswerKind
from models.flags import Flag, FlagCode
from models.next_actions import Outcome
from models.pipeline_review import DecisionKind, Grade, Removal
from models.screens import (
    AnswerShown,
    DealShown,
    DecisionShown,
    EvidenceShown,
    LastAction,
    Money,
    NextShown,
    Who,
    Why,
)

NAME = 80  # characters of a deal's name in a line
QUOTE = 300  # characters of somebody's own words in a line

GRADES = {
    Grade.DECIDED: "decided",
    Grade.BELOW_STANDARD: "below standard",
    Grade.STATUS_MEETING: "status meeting",
}
GRADE_REASONS = {
    Grade.DECIDED: "",
    Grade.BELOW_STANDARD: "only new dates or next actions: nothing advanced, went back or went out",
    Grade.STATUS_MEETING: "nothing was changed",
}
DECISIONS = {
    DecisionKind.ADVANCE: "advanced",
    DecisionKind.DEMOTE: "demoted",
    DecisionKind.REMOVE: "removed",
    DecisionKind.RE_DATE: "re-dated",
    DecisionKind.HOLD: "held",
}
REMOVALS = {Removal.LOST: "lost", Removal.DISQUALIFIED: "disqualified"}


def who(person: Who) -> Mention:
    return Mention(person.slack_id, person.name)


def people(persons: tuple[Who, ...], deputy_id: int | None = None) -> Line:
    """`@max, deputy @cleo or @lea`."""
    named: list[Line] = [
        ("deputy ", who(person)) if person.id == deputy_id else (who(person),)
        for person in persons[:4]
    ]
    return joined([joined(named[:-1], ", "), *named[-1:]], " or ")


def money(amount: Money) -> str:
    return words.money(amount.minor, amount.currency, amount.locale)


def uncounted(deals: int) -> str:
    """Of deals that coverage cannot count: there are more without an amount, which close later or
    are not qualified yet."""
    of_those = words.plural(deals, "deal")
    return f"{of_those} of the period without an amount, so not counted"


def figure(amount: Money) -> str:
    return words.figure(amount.minor, amount.currency, amount.locale)


def money_short(amount: Money) -> str:
    return words.money_short(amount.minor, amount.currency, amount.locale)


def name(deal: DealShown) -> str:
    return words.said(deal.name, NAME)


def quoted(text: str, most: int = QUOTE) -> str:
    return f"“{words.said(text, most)}”"


def not_known(word: str) -> Line:
    """Of a word after a command, above what the command does."""
    return (f"{quoted(word, 40)} is no word of this command. What it does:",)


def deal_facts(deal: DealShown, today: date | None) -> Line:
    """`$180,000 · Proposal · closes Fri 28 Nov`."""
    amount = money(deal.amount) if deal.amount else "no amount"
    return (f"{amount} · {words.said(deal.stage.name, NAME)} · {_closes(deal, today)}",)


def _closes(deal: DealShown, today: date | None) -> str:
    if deal.closed_on:
        return f"closed {words.day(deal.closed_on, today)}"
    if deal.close_on:
        return f"{_close_word(deal.close_on, today)} {words.day(deal.close_on, today)}"
    return "no close date"


def _close_word(on: date, today: date | None) -> str:
    return "was to close" if today is not None and on < today else "closes"


def deal_line(deal: DealShown, today: date | None) -> Line:
    """`Nexus Corp · $180,000 · Proposal · closes Fri 28 Nov · @ana`."""
    return joined([(Bold(name(deal)),), deal_facts(deal, today), (who(deal.owner),)])


def capital(text: str) -> str:
    """The text with its first letter capital, the rest as it is."""
    return text[:1].upper() + text[1:]


# --- why a deal was picked


def reasons(why: Why, *, short: bool = False) -> list[str]:
    """Why a deal was picked; `short` where the space is a line of an option."""
    found = ["added by hand"] if why.by_hand else []
    if not why.without_amount:
        found.append(f"{words.percent(why.share)} of open{'' if short else ' amount'}")
    if why.advanced:
        found.append("advanced" if short else "advanced since the last review")
    said = {flag.code for flag in why.flags}
    if FlagCode.CLOSE_PAST not in said and why.days_to_close is not None:
        found += _soon(why.days_to_close)
    return found + [flag(one, short=short) for one in why.flags]


def flag(one: Flag, *, short: bool = False) -> str:
    """`no activity for 16 days`."""
    wordings = _FLAGS | _SHORT if short else _FLAGS
    return wordings[one.code].format(**_counted(one.facts))


def fitting(parts: list[str], most: int) -> str:
    """As many of the parts as fit, and how many more there are."""
    for kept in range(len(parts), 0, -1):
        more = f" and {len(parts) - kept} more" if kept < len(parts) else ""
        said = " · ".join(parts[:kept]) + more
        if len(said) <= most:
            return said
    return words.cut(parts[0], most) if parts else ""


def _soon(days: int) -> list[str]:
    if days == 0:
        return ["closes today"]
    return [f"closes in {words.plural(days, 'day')}"] if 0 < days <= 7 else []


_FLAGS = {
    FlagCode.STAGE_UNLOGGED: "stage changed {days} ago without a logged activity",
    FlagCode.CLOSE_PAST: "close date past by {days}",
    FlagCode.CLOSE_PUSHED: "close date pushed {times} ({days})",
    FlagCode.QUIET: "no activity for {days}",
    FlagCode.TOO_OLD: "{days} in this stage",
    FlagCode.NO_NEXT_ACTION: "no next action",
    FlagCode.NEXT_ACTION_OVERDUE: "next action overdue by {days}",
    FlagCode.NO_AMOUNT: "no amount",
    FlagCode.NO_CLOSE: "no close date",
    FlagCode.NOT_IN_CRM: "decided, not yet in the CRM",
}


_SHORT = {
    FlagCode.STAGE_UNLOGGED: "no activity around stage change",
    FlagCode.CLOSE_PUSHED: "pushed {times} ({days})",
    FlagCode.QUIET: "quiet {days}",
    FlagCode.TOO_OLD: "{days} in stage",
    FlagCode.NOT_IN_CRM: "not yet in the CRM",
}


def _counted(facts: dict[str, Any]) -> dict[str, str]:
    times = int(facts.get("times", 0))
    return {
        "days": words.plural(int(facts.get("days", 0)), "day"),
        "times": {1: "once", 2: "twice"}.get(times, f"{times} times"),
    }


# --- evidence


def evidence(shown: EvidenceShown) -> Line:
    """`Evidence 1 of 3 proved · open: the review meeting, our answer to the objection`."""
    if not shown.asked:
        return ("This stage asks for no evidence",)
    counted = f"Evidence {shown.proved} of {shown.asked} proved"
    parts: list[Line] = [(counted,)]
    if shown.open:
        waiting = shown.unconfirmed
        still = [f"{one} (not confirmed yet)" if one in waiting else one for one in shown.open]
        parts.append((Italic(f"open: {words.listed(still)}"),))
    if shown.second_hand:
        parts.append((f"second-hand: {words.listed(shown.second_hand)}",))
    return joined(parts)


def answered(one: AnswerShown, locale: str) -> Line:
    """`The objection: “price against the incumbent”`."""
    said = answer(one.kind, one.value, locale, one.answered_on)
    return Bold(f"{capital(one.short)}: "), said


def answer(kind: AnswerKind, value: dict[str, Any], locale: str, today: date | None) -> str:
    """An answer in words: `Ana Ruiz, CFO`, `held on Fri 20 Nov`."""
    match kind:
        case AnswerKind.MONEY:
            return words.money(int(value["minor"]), str(value["currency"]), locale)
        case AnswerKind.CONTACT:
            return words.said(", ".join(filter(None, (value.get("name"), value.get("title")))))
        case AnswerKind.SOURCE:
            return _SOURCES[value["source"]]
        case AnswerKind.MET:
            return f"yes, on {_on(value, today)}" if value.get("met") else "not yet"
        case AnswerKind.MEETING:
            return _MEETINGS[value["state"]].format(on=_on(value, today))
        case AnswerKind.DATE:
            return _on(value, today)
        case AnswerKind.TEXT:
            return quoted(str(value["text"]))


_SOURCES = {
    "told": "told by that person",
    "contact": "through a contact",
    "not_yet": "we do not know yet",
}
_MEETINGS = {"booked": "booked for {on}", "held": "held on {on}", "none": "none yet"}


def _on(value: dict[str, Any], today: date | None) -> str:
    return words.day(date.fromisoformat(value["on"]), today) if value.get("on") else "no day"


# --- decisions


def headline(decision: DecisionShown) -> str:
    """`Demoted to Discovery`."""
    return outcome(
        decision.kind,
        removal=decision.removal,
        won=decision.won,
        stage=decision.to_stage.name if decision.to_stage else None,
        close_on=decision.to_close,
        today=decision.at.date(),
    )


def outcome(
    kind: DecisionKind,
    *,
    removal: Removal | None,
    won: bool,
    stage: str | None,
    close_on: date | None,
    today: date | None,
) -> str:
    if won:
        return "Won"
    match kind:
        case DecisionKind.ADVANCE | DecisionKind.DEMOTE:
            moved = DECISIONS[kind].capitalize()
            return f"{moved} to {words.said(stage, NAME)}" if stage else moved
        case DecisionKind.REMOVE:
            return f"Removed: {REMOVALS[removal]}" if removal else "Removed"
        case DecisionKind.RE_DATE:
            return f"Re-dated to {words.day(close_on, today)}" if close_on else "Re-dated"
        case DecisionKind.HOLD:
            return "Held"


def decision(shown: DecisionShown, *, trail: bool = False) -> Line:
    """One line: what, by whom, why, what next, and whether the CRM knows. In the `trail` the
    corrections stand beside each other, so that none needs the word."""
    parts: list[Line] = [(Bold(headline(shown)), " by ", who(shown.by))]
    if shown.reason:
        parts.append((quoted(shown.reason),))
    if shown.next_action:
        parts.append(("next: ", *next_action(shown.next_action)))
    if shown.self_decided:
        parts.append(("self-decided",))
    if shown.replaced and not trail:
        parts.append(("corrected",))
    if shown.not_in_crm:
        parts.append(("not yet in the CRM",))
    return joined(parts)


_OUTCOMES = {Outcome.DONE: "done", Outcome.NOT_DONE: "not done", None: "no word"}


def last_action(shown: LastAction) -> Line:
    """`@ana “Send the price” by Tue 24 Nov: done`."""
    agreed = f" {quoted(shown.text)} by {words.day(shown.due_on)}: "
    return who(shown.owner), agreed, Bold(_OUTCOMES[shown.outcome])


def next_action(shown: NextShown) -> Line:
    """`@ana “Book the economic buyer” by Tue 1 Dec`."""
    late = " (overdue)" if shown.overdue else ""
    return who(shown.owner), f" {quoted(shown.text)} by {words.day(shown.due_on)}{late}"
