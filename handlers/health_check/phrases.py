"""How freshness, periods, coverage, gaps and their reasons are put."""

from datetime import date, timedelta

from handlers import words
from handlers.lines import Bold, Line, Moment
from handlers.pipeline_review import phrases
from models.flags import FlagCode
from models.health_check import ReasonCode
from models.screens import CoverageShown, Freshness, GapShown, ReasonShown

AGAINST = {"remaining": "remaining quota", "full": "full quota"}
KINDS = {
    FlagCode.STAGE_UNLOGGED: "stage changed without a logged activity",
    FlagCode.CLOSE_PAST: "close date past",
    FlagCode.CLOSE_PUSHED: "close date pushed",
    FlagCode.QUIET: "no activity for long",
    FlagCode.TOO_OLD: "too long in its stage",
    FlagCode.NO_NEXT_ACTION: "no next action",
    FlagCode.NEXT_ACTION_OVERDUE: "next action overdue",
    FlagCode.NO_AMOUNT: "no amount",
    FlagCode.NO_CLOSE: "no close date",
    FlagCode.NOT_IN_CRM: "decided, not yet so in the CRM",
}

UNLOGGED = KINDS[FlagCode.STAGE_UNLOGGED]


def fresh(shown: Freshness, zone: str) -> Line:
    """`Deals as of Mon 30 Nov, 08:10`; what is old, or never came, says so."""
    if shown.as_of is None:
        return (
            "⚠️ ",
            Bold("No deals were ever imported"),
            ": nothing can be checked. Drop the CRM's export, a CSV file, into my messages.",
        )
    at: Line = ("Deals as of ", Moment(shown.as_of, zone))
    days = words.plural(shown.days, "day")
    untold = f"{shown.old} of {words.plural(shown.deals, 'open deal')} were in no file for {days}"
    if not shown.is_stale:
        return (*at, f" · {untold}") if shown.old else at
    partly = 0 < shown.old < shown.deals
    why = f": {untold}" if partly else f": older than {days}"
    return "⚠️ ", *at, Bold(why), ". What follows may be wrong."


def period(starts_on: date, ends_on: date, today: date) -> str:
    """`Q4`, `November`, `the time until Sun 3 Jan`; with the year where it is another one."""
    year = "" if starts_on.year == today.year else f" {starts_on.year}"
    after = ends_on + timedelta(days=1)
    months = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    whole = starts_on.day == after.day == 1
    if whole and months == 3 and starts_on.month % 3 == 1:
        return f"Q{(starts_on.month + 2) // 3}{year}"
    if whole and months == 1:
        return f"{words.month(starts_on)}{year}"
    if whole and months == 12 and starts_on.month == 1:
        return str(starts_on.year)
    return f"the time until {words.day(ends_on, today)}"


# --- the team's coverage


def coverage(shown: CoverageShown, against: str, locale: str) -> list[Line]:
    """Its three forms, each named as what it is, the one with the standard first."""
    if shown.quota is None:
        return [("no quota is set, so nothing can be said",)]
    remaining = "quota met"
    if shown.against_remaining is not None:
        remaining = f"{times(shown.against_remaining, shown, locale)} of remaining quota"
    full = f"{times(shown.against_full or 0, shown, locale)} of full quota"
    first, second = (full, remaining) if against == "full" else (remaining, full)
    said: list[Line] = [(first, *_missing(shown)), (second,)]
    if shown.evidenced is not None:
        much = times(shown.evidenced, shown, locale) if shown.evidenced else "none of it"
        said.append((f"{much} evidenced (only deals whose stage is fully proved)",))
    return said


def _missing(shown: CoverageShown) -> Line:
    if not shown.missing or shown.missing.minor <= 0:
        return ()
    return " · ", Bold(f"{phrases.figure(shown.missing)} missing")


def times(ratio: float, shown: CoverageShown | GapShown, locale: str) -> str:
    return words.times(ratio, locale, shown.standard)


def standard(shown: CoverageShown | GapShown, against: str, locale: str) -> str:
    """`3× of remaining quota`."""
    return f"{words.times(shown.standard, locale)} of {AGAINST.get(against, against)}"


def uncounted(shown: CoverageShown) -> str:
    """What would count as well, and cannot be added."""
    return phrases.uncounted(shown.without_amount) if shown.without_amount else ""


# --- a rep's


def gap(shown: GapShown, today: date, *, first: bool) -> Line:
    """`1.4× · $410,000 short in Q4`."""
    locale = shown.missing.locale
    of = period(shown.starts_on, shown.ends_on, today)
    ratio = words.times(shown.ratio or 0, locale, shown.standard) if shown.ratio else "no coverage"
    short = f"{phrases.figure(shown.missing)} short"
    return f"{ratio} · ", Bold(short) if first else short, f" in {of}"


def reason(shown: ReasonShown) -> str:
    """`two deals slipped to later ($310,000)`."""
    facts = shown.facts
    deals = facts.get("deals", 0)
    counted = f"{words.number(deals).lower()} {'deal' if deals == 1 else 'deals'}"
    much = f" ({phrases.figure(shown.amount)})" if shown.amount and shown.amount.minor else ""
    match shown.code:
        case ReasonCode.SLIPPED:
            return f"{counted} slipped to later{much}"
        case ReasonCode.LOST:
            within = words.plural(facts["within"], "day")
            return f"{counted} lost in {within}{much}"
        case ReasonCode.NOTHING_CLOSING:
            return "nothing qualified closes in it"
        case ReasonCode.WON_LESS:
            won = f"won {_percent(facts['won'])} of quota" if facts["won"] else "nothing won yet"
            return f"{won} with {_percent(facts['gone'])} of the time gone"
        case ReasonCode.NO_AMOUNT:
            return f"{counted} without amount"
        case ReasonCode.THIN:
            return f"{counted} in it{much}"


def _percent(whole: int) -> str:
    return words.percent(whole / 100)
