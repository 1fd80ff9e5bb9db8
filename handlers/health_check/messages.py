"""Monday's messages in the channel: the summary, and the list of flags in its thread."""

from decimal import Decimal

from babel.numbers import get_currency_precision

from handlers import lines, words
from handlers.blocks import actions, button, context
from handlers.forms import Json
from handlers.health_check import phrases
from handlers.ids import Id
from handlers.lines import Bold, Line, joined
from handlers.message import Rendered
from handlers.pipeline_review.phrases import NAME, capital, fitting, flag, money, name, who
from models.screens import CoverageShown, FlagRow, HealthFlags, HealthSummary, Money, PutRight
from models.week_agenda import MOST_ITEM

_OWNERS = 5
_ITEM = MOST_ITEM
_FLAGS = 120
_CHARACTERS = 9_500  # docs.slack.dev: 10,000 in all cells of a data_table
_PAGE = 10
_BULLETS = 20


def summary(shown: HealthSummary) -> Rendered:
    """How fresh, what was put right, the agenda, coverage, how many flags of which kind."""
    title = f"Pipeline health check · {words.said(shown.team.name)}"
    head: list[Line] = [
        (Bold(f"{title} · {words.day(shown.day)}"),),
        phrases.fresh(shown.fresh, shown.team.zone),
    ]
    if shown.trial:
        head.append((words.TRIAL,))
    blocks = [lines.rich_text(*head)]
    if shown.fresh.as_of is not None:
        blocks += [*_put_right(shown), *_agenda(shown), *_coverage(shown), *_flags(shown)]
    else:
        blocks += _agenda(shown)
    return Rendered(words.escape(f"{title}: {_headline(shown)}"), blocks)


def _headline(shown: HealthSummary) -> str:
    if shown.fresh.as_of is None:
        return "no deals were imported yet"
    counted = f"{shown.flagged} of {words.plural(shown.deals, 'open deal')} flagged"
    return f"{counted}, on old deals" if shown.fresh.is_stale else counted


def _put_right(shown: HealthSummary) -> list[Json]:
    if shown.since is None:
        return [lines.rich_text(("The first check: the next one begins with what was put right.",))]
    since = words.day(shown.since, shown.day)
    if not shown.put_right:
        return [lines.rich_text((f"Nothing was put right since {since}.",))]
    listed = [_righted(one) for one in shown.put_right[:_OWNERS]]
    if (more := len(shown.put_right) - _OWNERS) > 0:
        listed.append((f"and {words.plural(more, 'owner')} more",))
    return [lines.rich_text((Bold(f"Put right since {since}"),)), lines.rich_list(listed)]


def _righted(one: PutRight) -> Line:
    """`@ana 3 flags: Nexus Corp, Orbit`."""
    deals = words.listed([words.said(deal, NAME) for deal in one.deals], 4)
    return who(one.owner), f" {words.plural(one.flags, 'flag')}: {deals}"


def _agenda(shown: HealthSummary) -> list[Json]:
    if not shown.agenda:
        return []
    items: list[Line] = [(words.said(text, _ITEM),) for text in shown.agenda]
    return [lines.rich_text((Bold("On the agenda since Friday"),)), lines.rich_list(items)]


def _coverage(shown: HealthSummary) -> list[Json]:
    if shown.private:
        return [context(("Coverage of a small team stays private.",))]
    return [block for one in shown.coverage for block in _of_period(one, shown)]


def _of_period(one: CoverageShown, shown: HealthSummary) -> list[Json]:
    """The rule, then the three forms of it."""
    against, locale = shown.against, shown.team.locale
    of = phrases.period(one.period_starts, one.period_ends, shown.day)
    if one.quota is None:
        none = ": no quota is set, so nothing can be said. An admin can set it."
        return [lines.rich_text((Bold(f"Team coverage, {of}"), none))]
    asked = f" · asked: {phrases.standard(one, against, locale)}"
    blocks = [
        lines.rich_text((Bold(f"Team coverage, {of}"), asked)),
        lines.rich_list(phrases.coverage(one, against, locale)),
    ]
    left_out = phrases.uncounted(one)
    return [*blocks, context((left_out,))] if left_out else blocks


def _flags(shown: HealthSummary) -> list[Json]:
    blocks: list[Json] = []
    if shown.flagged:
        counted = f"{shown.flagged} of {words.plural(shown.deals, 'open deal')} flagged"
        kinds = sorted(shown.kinds, key=lambda each: -each[1])
        listed: list[Line] = [(f"{number} {phrases.KINDS[code]}",) for code, number in kinds]
        blocks += [
            lines.rich_text(
                (
                    Bold(counted),
                    ": the list is in the thread.",
                )
            )
        ]
        blocks += [lines.rich_text(joined(listed))] if listed else []
    elif shown.deals:
        blocks.append(lines.rich_text((_none(shown),)))
    else:
        blocks.append(lines.rich_text(("The team has no open deals.",)))
    if shown.not_checked:
        number = words.plural(shown.not_checked, "deal")
        said = f"{capital(phrases.UNLOGGED)}: not checked for {number}. No activities were imported"
        blocks.append(context((f"{said} for those days.",)))
    if shown.flagged:
        every = button("All flags", Id.ALL_FLAGS, shown.check_id)
        mine = button("My deals", Id.MY_FLAGS, shown.check_id)
        blocks.append(actions(every, mine, block_id=f"health.{shown.check_id}"))
    return blocks


def _none(shown: HealthSummary) -> str:
    none = f"None of {words.plural(shown.deals, 'open deal')} is flagged"
    return f"{none}, as far as old deals tell." if shown.fresh.is_stale else f"{none}."


# --- the list in the thread


def flags(shown: HealthFlags) -> Rendered:
    """A table that is turned page by page; where Slack has no such table, a list."""
    rows, more = fit(shown)
    title = f"Flags · {words.said(shown.team.name)} · {words.day(shown.day)}"
    rest: list[Json] = []
    if more:
        said = f"and {words.plural(more, 'flagged deal')} more: press All flags, above."
        rest = [context((said,))]
    listed = [row_line(row) for row in rows]
    chunks = [listed[n : n + _BULLETS] for n in range(0, len(listed), _BULLETS)]
    fallback = [lines.rich_text((Bold(title),)), *(lines.rich_list(chunk) for chunk in chunks)]
    blocks = [_table(title, rows), *rest] if rows else fallback
    return Rendered(words.escape(title), blocks, [*fallback, *rest])


def fit(shown: HealthFlags) -> tuple[list[FlagRow], int]:
    """The rows that a table takes, and how many deals are left out."""
    kept: list[FlagRow] = []
    room = _CHARACTERS
    for row in shown.rows:
        room -= sum(len(each) for each in _cells(row))
        if room < 0:
            break
        kept.append(row)
    return kept, shown.more + len(shown.rows) - len(kept)


def row_line(row: FlagRow) -> Line:
    """`Nexus Corp · $180,000 · Ana: no next action · quiet 16 days`."""
    deal, owner, raised, amount = _cells(row)
    return Bold(deal), f" · {amount} · {owner}: {raised}"


def _cells(row: FlagRow) -> tuple[str, str, str, str]:
    """Names as text: a list that mentions everybody would call everybody."""
    raised = fitting([flag(one, short=True) for one in row.flags], _FLAGS)
    amount = money(row.deal.amount) if row.deal.amount else "no amount"
    return name(row.deal), words.said(row.deal.owner.name, 40), raised or "–", amount


def _table(title: str, rows: list[FlagRow]) -> Json:
    return {
        "type": "data_table",
        "caption": title,
        "page_size": _PAGE,
        "row_header_column_index": 0,
        "rows": [[_text(head) for head in ("Deal", "Owner", "Flags", "Amount")], *map(_row, rows)],
    }


def _row(row: FlagRow) -> list[Json]:
    deal, owner, raised, amount = _cells(row)
    last = _text(amount) if row.deal.amount is None else _number(row.deal.amount, amount)
    return [_text(deal), _text(owner), _text(raised), last]


def _text(said: str) -> Json:
    return {"type": "raw_text", "text": said}


def _number(amount: Money, said: str) -> Json:
    """Sorted as a number, read as money."""
    value = Decimal(amount.minor).scaleb(-get_currency_precision(amount.currency))
    return {"type": "raw_number", "value": float(value), "text": said}
