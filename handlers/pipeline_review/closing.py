"""The closing card: the grade, what was decided, and how far the pipeline reaches."""

from datetime import date

from handlers import lines, words
from handlers.blocks import context, table
from handlers.lines import Bold, Line, joined
from handlers.message import Rendered
from handlers.pipeline_review import phrases
from handlers.pipeline_review.practice_words import practices
from models.pipeline_review import DecisionKind, Grade
from models.screens import ClosingCard, ClosingRow, CoverageShown, Money, MonthShown

_ORDER = (
    DecisionKind.ADVANCE,
    DecisionKind.DEMOTE,
    DecisionKind.REMOVE,
    DecisionKind.RE_DATE,
    DecisionKind.HOLD,
)
_ROWS = 99  # docs.slack.dev: 100 rows in a table, one of them the heads
_TEXT = 150


def closing(shown: ClosingCard) -> Rendered:
    grade = phrases.GRADES[shown.grade]
    title = f"Review closed · {grade}"
    counted = counts(shown)
    said: list[Line] = [(Bold(title), f" — {counted}" if counted else "")]
    if shown.grade is not Grade.DECIDED:
        said.append((f"{phrases.GRADE_REASONS[shown.grade].capitalize()}.",))
    blocks = [lines.rich_text(*said)]
    if shown.rows:
        heads = ("Deal", "Decision", "Next action", "Owner", "Due")
        rows = [_row(row, shown.day) for row in shown.rows[:_ROWS]]
        blocks.append(table([[(Bold(head),) for head in heads], *rows], wrapped=(0, 1, 2)))
    if figures := _figures(shown):
        blocks.append(lines.rich_text(*figures))
    if shown.practices:
        blocks.append(lines.rich_text(*practices(shown.practices)))
    blocks.append(context(_by(shown)))
    text = f"Pipeline review · {words.said(shown.team.name)} closed: {grade}"
    return Rendered(f"{words.escape(text)}{f' — {counted}' if counted else ''}", blocks)


def counts(shown: ClosingCard) -> str:
    """`1 advanced, 2 demoted, 1 removed`."""
    found = [
        f"{shown.counts[kind]} {phrases.DECISIONS[kind]}"
        for kind in _ORDER
        if shown.counts.get(kind)
    ]
    if shown.settled:
        found.append(f"{len(shown.settled)} closed by the CRM")
    if shown.left:
        found.append(f"{len(shown.left)} left the team")
    return ", ".join(found)


def _row(row: ClosingRow, today: date) -> list[Line]:
    decided = phrases.outcome(
        row.kind,
        removal=row.removal,
        won=row.won,
        stage=row.to_stage,
        close_on=row.to_close,
        today=today,
    )
    if row.won:
        decided = "Advanced: won"  # the headline counts it among those that advanced
    if row.self_decided:
        decided += " (self-decided)"
    return [
        (words.said(row.deal, phrases.NAME),),
        (decided,),
        (words.said(row.next_text, _TEXT),) if row.next_text else (),
        (phrases.who(row.next_owner),) if row.next_owner else (),
        (words.day(row.next_due),) if row.next_due else (),
    ]


def _figures(shown: ClosingCard) -> list[Line]:
    said: list[Line] = []
    if shown.settled:
        named = [f"{words.said(deal, phrases.NAME)} ({stage})" for deal, stage in shown.settled]
        said.append((f"Closed by the CRM meanwhile: {words.listed(named)}",))
    if shown.left:
        named = [words.said(deal, phrases.NAME) for deal in shown.left]
        said.append((f"Went to another team meanwhile: {words.listed(named)}",))
    if shown.coverage:
        said.append((Bold("Coverage "), coverage(shown.coverage, shown.team.locale)))
    if shown.month:
        said.append((Bold(words.month(shown.month.month)), f": {month(shown.month)}"))
    if shown.unchanged:
        reviews = words.number(shown.unchanged_reviews).lower()
        named = [words.said(deal, phrases.NAME) for deal in shown.unchanged]
        said.append((Bold(f"Unchanged for {reviews} reviews: "), words.listed(named)))
    return said


def coverage(shown: CoverageShown, locale: str) -> str:
    """`2.1× of remaining quota (3× asked; $640,000 missing) · 1.6× of full quota`."""
    if shown.quota is None:
        return "cannot be said: no quota is set. An admin can set it."
    if shown.against_remaining is None:
        found = ["quota met"]
    else:
        asked = f"{words.times(shown.standard, locale)} asked"
        if shown.missing and shown.missing.minor > 0:
            asked += f"; {phrases.figure(shown.missing)} missing"
        ratio = words.times(shown.against_remaining, locale, shown.standard)
        found = [f"{ratio} of remaining quota ({asked})"]
    if shown.against_full is not None:
        found.append(f"{words.times(shown.against_full, locale, shown.standard)} of full quota")
    if shown.evidenced is not None:
        evidenced = words.times(shown.evidenced, locale) if shown.evidenced else "none"
        found.append(f"{evidenced} evidenced")
    if shown.without_amount:
        found.append(phrases.uncounted(shown.without_amount))
    return " · ".join(found)


def month(shown: MonthShown) -> str:
    """`won $310,000 of $400,000 ($90,000 missing), qualified closing this month $150,000 of
    $270,000 needed ($120,000 missing)`."""
    won = f"won {phrases.figure(shown.won)}"
    closing = f"qualified closing this month {phrases.figure(shown.qualified_closing)}"
    if shown.target is None:
        return f"{won} (no target set), {closing}"
    won += f" of {phrases.figure(shown.target)}"
    if shown.needed is None or shown.needed.minor <= 0:
        return f"{won}: target met, {closing}"
    closing += f" of {phrases.figure(shown.needed)} needed"
    return f"{won}{_missing(shown.revenue_gap)}, {closing}{_missing(shown.coverage_gap)}"


def _missing(gap: Money | None) -> str:
    return f" ({phrases.figure(gap)} missing)" if gap and gap.minor > 0 else ""


def _by(shown: ClosingCard) -> Line:
    by = phrases.who(shown.closed.by) if shown.closed.by else "itself, when the next one was due"
    parts: list[Line] = [
        (f"{words.said(shown.team.name)} · {words.day(shown.day)} · closed by ", by)
    ]
    if shown.private:
        parts.append(("coverage of a small team stays private",))
    return joined(parts)
