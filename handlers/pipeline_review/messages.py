"""The review in its channel: the parent message, the deals' cards, the answers in their threads."""

from handlers import lines, words
from handlers.blocks import actions, button, confirm, context, menu
from handlers.forms import Json
from handlers.ids import Choice, Id
from handlers.lines import Bold, Italic, Line, Link, Mention, Moment, joined
from handlers.message import Rendered
from handlers.pipeline_review import phrases
from models.pipeline_review import DecisionKind, ReviewKind, ReviewState
from models.screens import AnswerShown, AnswersReply, ClosedShown, DealCard, ReviewParent, Waiting

_WAITING = 5  # people named before "and 3 more"
_REASONS = 4


# --- the parent message


def parent(shown: ReviewParent) -> Rendered:
    title = f"Pipeline review · {words.said(shown.team.name)} · {words.day(shown.day)}"
    said: list[Line] = [(Bold(title), f" — {amounts(shown)}"), progress(shown)]
    choices = [
        (Choice.WHO_MAY, shown.review_id, "Who may do what"),
        (Choice.HELP, shown.review_id, "Help"),
    ]
    if shown.closed is None and not shown.deciding and shown.kind is ReviewKind.AD_HOC:
        choices.insert(0, (Choice.BEGIN, shown.review_id, "Begin deciding now"))
    buttons = [menu(Id.REVIEW_MENU, choices, {})]
    if shown.closed is None and shown.deciding:
        buttons.insert(0, _close_button(shown))
    so_far = closed(shown.closed, shown.team.zone) if shown.closed else (_decided(shown),)
    text = f"{words.escape(title)}: {lines.text(so_far)}"
    trial = [context((words.TRIAL,))] if shown.trial and shown.closed is None else []
    return Rendered(text, [lines.rich_text(*said), *trial, actions(*buttons)])


def amounts(shown: ReviewParent) -> str:
    """`7 deals, $1.24 M of $3.1 M open`."""
    picked, open_ = phrases.money_short(shown.amount), phrases.money_short(shown.team_open)
    return f"{words.plural(shown.deals, 'deal')}, {picked} of {open_} open"


def progress(shown: ReviewParent) -> Line:
    """`▓▓▓▓▓░░ 5 of 7 decided · waiting: @ana 2 answers, @max 2 decisions`."""
    if shown.closed:
        return closed(shown.closed, shown.team.zone)
    bar = "▓" * shown.decided + "░" * (shown.deals - shown.decided)
    parts: list[Line] = [(f"{bar} {_decided(shown)}",)]
    if not shown.deciding:
        parts.append(("deciding begins ", Moment(shown.decide_from, shown.team.zone)))
    # before deciding begins nobody waits for a decision
    waiting = [one for one in shown.waiting if one.answers or shown.deciding]
    if waiting:
        named = joined([_waiting(one, shown.deciding) for one in waiting[:_WAITING]], ", ")
        more = len(waiting) - _WAITING
        parts.append(("waiting: ", *named, f" and {more} more" if more > 0 else ""))
    return joined(parts)


def _decided(shown: ReviewParent) -> str:
    return f"{shown.decided} of {shown.deals} decided"


def closed(shown: ClosedShown, zone: str) -> Line:
    """`Closed by @max, Thu 26 Nov, 10:40 · decided`, or how else it ended."""
    at = Moment(shown.at, zone)
    if shown.grade is not None:
        by = phrases.who(shown.by) if shown.by else "itself, when the next one was due"
        return "Closed by ", by, ", ", at, " · ", Bold(phrases.GRADES[shown.grade])
    if shown.state is ReviewState.NOT_HELD:
        return Bold("Not held"), ", ", at, " · nobody who decides was there"
    lacking = f"{words.plural(shown.undecided, 'deal')} without a decision when the next was due"
    return Bold("Abandoned"), ", ", at, f" · {lacking}"


def _waiting(one: Waiting, deciding: bool) -> Line:
    owed = []
    if one.answers:
        owed.append(words.plural(one.answers, "answer"))
    if one.decisions and deciding:
        owed.append(words.plural(one.decisions, "decision"))
    return phrases.who(one.who), f" {' and '.join(owed)}"


def _close_button(shown: ReviewParent) -> Json:
    """It asks once more only where it can close: else the answer is which deals are undecided."""
    ready = shown.decided == shown.deals
    sure = confirm(
        "Close this review?",
        "It gets its grade and its closing card. Nothing in it can be changed afterwards.",
        "Close review",
        "Not yet",
    )
    return button(
        "Close review", Id.CLOSE, shown.review_id, primary=ready, confirm=sure if ready else None
    )


# --- a deal's card


def card(shown: DealCard) -> Rendered:
    title = phrases.deal_line(shown.deal, shown.today)
    if shown.decision or shown.settled or shown.left:
        blocks = [lines.rich_text(title, _ending(shown))]
    else:
        blocks = _open_card(shown, title)
    if buttons := _card_buttons(shown):
        blocks.append(actions(*buttons))
    return Rendered(_card_text(shown), blocks)


def _card_text(shown: DealCard) -> str:
    over = shown.decision or shown.settled or shown.left
    ending = _ending(shown) if over else phrases.evidence(shown.evidence)
    return f"{words.escape(phrases.name(shown.deal))}: {lines.text(ending)}"


def _ending(shown: DealCard) -> Line:
    """What became of the deal: one line."""
    if shown.decision:
        return phrases.decision(shown.decision)
    if shown.left:
        owner = phrases.who(shown.deal.owner)
        return Bold("Left the team"), " with ", owner, " during this review: nothing left to decide"
    stage = words.said(shown.settled.name) if shown.settled else ""
    return Bold(f"{stage} in the CRM"), " during this review: nothing left to decide"


def _open_card(shown: DealCard, title: Line) -> list[Json]:
    said: list[Line] = [title, phrases.evidence(shown.evidence)]
    if shown.last_action:
        said.append(("Last time: ", *phrases.last_action(shown.last_action)))
    if shown.next_action:
        said.append(("Next: ", *phrases.next_action(shown.next_action)))
    if advice := _advice(shown):
        said.append(advice)
    blocks = [lines.rich_text(*said), context(_picked(shown))]
    if shown.closed:
        blocks.append(context(("The review ended without a decision on this deal.",)))
    return blocks


def _picked(shown: DealCard) -> Line:
    found = phrases.reasons(shown.why)
    parts: list[Line] = [(f"Picked: {' · '.join(found[:_REASONS])}",)] if found else []
    if shown.unchanged_reviews > 1:
        reviews = words.number(shown.unchanged_reviews).lower()
        parts.append((f"same stage and date as in the last {reviews} reviews",))
    elif shown.unchanged_since:
        parts.append((f"same stage and date as on {words.day(shown.unchanged_since)}",))
    return joined(parts) or ("Picked by hand",)


def _advice(shown: DealCard) -> Line:
    """What the open questions ask for, once deciding has begun."""
    if not shown.deciding:
        return ()
    if shown.recommended is DecisionKind.DEMOTE:
        return (Italic("A stage too far while these stay open: demote it."),)
    if shown.recommended is DecisionKind.REMOVE:
        return (Italic("Not proved in the first stage that asks for proof: remove it."),)
    return ()


def _card_buttons(shown: DealCard) -> list[Json]:
    subject = shown.review_deal_id
    buttons = []
    if shown.answerable:
        buttons.append(button("Answer", Id.ANSWER, subject))
    if shown.decidable:
        buttons.append(button("Decide", Id.DECIDE, subject))
    choices = [
        (Choice.LOG, shown.deal.id, "Log coaching"),
        (Choice.HISTORY, shown.deal.id, "History"),
        (Choice.WORTH_COPYING, subject, "Worth copying"),
    ]
    if shown.correctable:
        choices.insert(0, (Choice.CORRECT, subject, "Correct the decision"))
    urls = {}
    if shown.deal.url:
        choices.append((Choice.OPEN_CRM, subject, "Open in CRM"))
        urls[Choice.OPEN_CRM] = shown.deal.url
    return [*buttons, menu(Id.CARD_MENU, choices, urls)]


# --- answers, as a reply in the thread


def answers(shown: AnswersReply) -> Rendered:
    counted = f"evidence {shown.evidence.proved} of {shown.evidence.asked} proved"
    first = joined([_answered_by(shown), _quoting(shown), (counted,)])
    items = lines.rich_list(
        _answer(one, shown.deal.amount.locale if shown.deal.amount else shown.team.locale)
        for one in shown.answers
    )
    text = f"{words.escape(phrases.name(shown.deal))}: {lines.text(first)}"
    return Rendered(text, [lines.rich_text(first), items])


def _answered_by(shown: AnswersReply) -> Line:
    """`@ana answered`; `@max for @ana, not confirmed yet`."""
    by = phrases.who(shown.by)
    if shown.behalf_of is None:
        return by, " answered"
    owner = phrases.who(shown.behalf_of)
    if any(one.unconfirmed for one in shown.answers):
        return by, " for ", owner, ", not confirmed yet"
    if all(one.superseded for one in shown.answers):
        return by, " for ", owner, ", answered anew since"
    return by, " for ", owner, ", confirmed"


def _quoting(shown: AnswersReply) -> Line:
    if shown.quoted is None:
        return ()
    author = Mention(shown.quoted.author.slack_id, shown.quoted.author.name)
    return "quoting ", author, " (", Link(shown.quoted.url, "see the message"), ")"


def _answer(one: AnswerShown, locale: str) -> Line:
    said = phrases.answered(one, locale)
    if one.renewed:
        said = (*said, f" (of {words.day(one.answered_on)}, still true)")
    if one.superseded:
        return (*said, " — ", Italic("answered anew since"))
    if one.unconfirmed:
        return (*said, " — ", Italic("only fills until confirmed"))
    if not one.proves:
        return (*said, " — ", Italic("only fills"))
    return (*said, " — proves", ", second-hand") if one.second_hand else (*said, " — proves")
