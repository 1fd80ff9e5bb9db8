"""Friday's message to an owner: which deals to put right in the CRM before Monday."""

from datetime import date

from handlers import lines, words
from handlers.blocks import context
from handlers.lines import Bold, Line, Link, joined
from handlers.message import Rendered
from handlers.pipeline_review import phrases
from handlers.words import escape
from models.screens import PutRightDm, RightRow

MOST_ROWS = 10  # deals named one by one before "and 3 more"


def put_right(shown: PutRightDm) -> Rendered:
    """A row per deal: what we have beside what the CRM says, and what it lacks."""
    title = "Before Monday, in the CRM"
    if not shown.rows:
        said = "All is in order. Thank you."
        blocks = [lines.rich_text((Bold(title),), (said,))]
        return Rendered(escape(f"{title}: {said}"), blocks)
    count = len(shown.rows)
    task = f"{words.plural(count, 'deal')} of yours to put right"
    why = "Monday's health check is made of what the CRM says then."
    blocks = [
        lines.rich_text((Bold(f"{title}: {task}"),), (why,)),
        lines.rich_list(_row(one, shown.today) for one in shown.rows[:MOST_ROWS]),
    ]
    if (more := count - MOST_ROWS) > 0:
        blocks.append(context((f"and {more} more",)))
    if shown.in_order:
        named = [words.said(name, phrases.NAME) for name in shown.in_order]
        blocks.append(context((f"In order by now: {words.listed(named, MOST_ROWS)}",)))
    return Rendered(escape(f"{title}: {task}"), blocks)


def _row(row: RightRow, today: date) -> Line:
    """`Orbit — Discovery was decided, the CRM says Proposal · no amount`."""
    name = phrases.name(row.deal)
    head: Line = (Link(row.deal.url, name),) if row.deal.url else (Bold(name),)
    said: list[Line] = []
    if row.crm_stage is not None:
        ours, theirs = (words.said(one.name, 40) for one in (row.deal.stage, row.crm_stage))
        said.append((f"{ours} was decided, the CRM says {theirs}",))
    if row.crm_close is not None:
        ours, theirs = (_on(one, today) for one in (row.deal.close_on, *row.crm_close))
        said.append((f"close date {ours} was decided, the CRM says {theirs}",))
    said += [(phrases.flag(one),) for one in row.flags]
    return (*head, " — ", *joined(said))


def _on(on: date | None, today: date) -> str:
    return "none" if on is None else words.day(on, today)
