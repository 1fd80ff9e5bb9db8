"""The pick: a score that explains itself (product.md, "Pipeline review")."""

from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from models.deals import Field, get_deal
from models.people import put_workspace, standards, team
from models.pipeline_review import Candidate, candidates, choose, pick
from models.pipeline_review.pick import closeness, rank, shares_of_open
from models.pipeline_review.picked import fill
from models.standards import Standards
from tests.reviews import a_review, close, hold_all, some_deals
from tests.world import NOW, TODAY, World, a_change, a_deal


def _picked(session: Session, world: World) -> list[int]:
    return [found.deal_id for found in pick(session, team(session, world.team), NOW)]


def test_seven_are_picked_largest_share_first(session: Session, world: World) -> None:
    deals = some_deals(session, world, 12)

    assert _picked(session, world) == [deal.id for deal in deals[:7]]


@pytest.mark.parametrize("number", [0, 1, 4, 5, 6])
def test_a_team_with_few_open_deals_reviews_all(
    session: Session, world: World, number: int
) -> None:
    deals = some_deals(session, world, number)

    assert _picked(session, world) == [deal.id for deal in deals]


def test_only_open_deals_of_the_team(session: Session, world: World, south: World) -> None:
    kept = a_deal(session, world.ana, "Prospecting")
    a_deal(session, world.ben, "Closed Won", closed_on=TODAY)
    a_deal(session, world.ben, "Closed Lost", closed_on=TODAY)
    a_deal(session, world.lea, "Proposal")  # of no team

    assert _picked(session, world) == [kept.id]


def test_the_standard_says_how_many(session: Session, world: World) -> None:
    put_workspace(session, world.workspace_id, now=NOW, standards=Standards(review_deals=5))
    some_deals(session, world, 8)

    assert standards(session).review_deals == 5
    assert len(_picked(session, world)) == 5


def test_a_candidate_explains_itself(session: Session, world: World) -> None:
    deal = a_deal(
        session,
        world.ana,
        "Proposal",
        amount_minor=30_000_00,
        close_on=TODAY - timedelta(days=3),
        last_activity_on=TODAY - timedelta(days=16),
    )
    a_deal(session, world.ben, "Proposal", amount_minor=70_000_00)

    found = {each.deal_id: each for each in candidates(session, team(session, world.team), NOW)}

    assert found[deal.id].why == {
        "share": 0.3,
        "without_amount": False,
        "days_to_close": -3,
        "flags": [
            {"code": "close_past", "facts": {"days": 3}},
            {"code": "quiet", "facts": {"days": 16}},
            {"code": "no_next_action", "facts": {}},
        ],
        "advanced": False,
        "score": 1.2,
    }
    assert found[deal.id].score == Fraction(3, 10) * 4


def test_a_deal_without_amount_counts_with_the_median_and_is_flagged(
    session: Session, world: World
) -> None:
    for minor in (10_000_00, 20_000_00, 60_000_00):
        a_deal(session, world.ana, amount_minor=minor)
    unknown = a_deal(session, world.ana, amount_minor=None)

    found = {each.deal_id: each for each in candidates(session, team(session, world.team), NOW)}

    assert found[unknown.id].why["share"] == pytest.approx(20 / 90)
    assert found[unknown.id].why["without_amount"] is True
    assert "no_amount" in [flag["code"] for flag in found[unknown.id].why["flags"]]


def test_where_no_amount_is_known_every_deal_weighs_the_same(
    session: Session, world: World
) -> None:
    deals = [a_deal(session, world.ana, amount_minor=None) for _ in range(4)]

    found = candidates(session, team(session, world.team), NOW)

    assert [each.why["share"] for each in found] == [0.25] * 4
    assert _picked(session, world) == [deal.id for deal in deals]


def test_another_currency_has_no_comparable_amount(session: Session, world: World) -> None:
    a_deal(session, world.ana, amount_minor=10_000_00)
    yen = a_deal(session, world.ana, amount_minor=99_000_000_00, currency="JPY")

    found = {each.deal_id: each for each in candidates(session, team(session, world.team), NOW)}

    assert found[yen.id].why["share"] == 1.0  # the median: the other deal's amount


@pytest.mark.parametrize(
    ("days", "factor"),
    [
        (-40, "1"),
        (0, "1"),
        (7, "1"),
        (8, "0.8"),
        (30, "0.8"),
        (31, "0.5"),
        (37, "0.5"),
        (38, "0.3"),
    ],
)
def test_closeness(days: int, factor: str) -> None:
    """31 December is 37 days after 24 November; 38 days after is next quarter."""
    assert closeness(TODAY + timedelta(days=days), TODAY) == Fraction(factor)


def test_closeness_without_a_date() -> None:
    assert closeness(None, TODAY) == Fraction("0.3")


def test_the_same_quarter_of_another_year_is_later() -> None:
    assert closeness(date(2027, 11, 24), TODAY) == Fraction("0.3")


def test_one_that_advanced_since_the_last_review_is_taken(session: Session, world: World) -> None:
    deals = some_deals(session, world, 9)
    _advanced(session, world, deals[8].id)

    assert _picked(session, world) == [deal.id for deal in (*deals[:6], deals[8])]


def test_an_advance_before_the_last_review_is_old(session: Session, world: World) -> None:
    deals = some_deals(session, world, 9)
    earlier = NOW - timedelta(days=7)
    review = a_review(session, world, deals[:5], started_at=earlier, decide_from=earlier)
    _advanced(session, world, deals[8].id, days_ago=8)
    hold_all(session, world, review, earlier)
    close(session, world, review, earlier)

    assert deals[8].id not in _picked(session, world)

    _advanced(session, world, deals[8].id, days_ago=2)

    assert deals[8].id in _picked(session, world)


def test_back_and_forth_is_no_advance(session: Session, world: World) -> None:
    deals = some_deals(session, world, 9)
    stages = world.stages
    for days_ago, before, after in ((3, "Proposal", "Discovery"), (2, "Discovery", "Proposal")):
        a_change(
            session,
            deals[8],
            Field.STAGE,
            str(stages[before]),
            str(stages[after]),
            NOW - timedelta(days=days_ago),
        )

    assert deals[8].id not in _picked(session, world)


def test_two_owners_where_possible(session: Session, world: World) -> None:
    mine = [a_deal(session, world.ana, amount_minor=50_000_00) for _ in range(8)]
    other = a_deal(session, world.ben, amount_minor=1_00)

    assert _picked(session, world) == [deal.id for deal in (*mine[:6], other)]


def _advanced(session: Session, world: World, deal_id: int, days_ago: int = 1) -> None:
    a_change(
        session,
        get_deal(session, deal_id),
        Field.STAGE,
        str(world.stages["Discovery"]),
        str(world.stages["Proposal"]),
        NOW - timedelta(days=days_ago),
    )


# --- the choice, over any candidates

_CANDIDATES = st.lists(
    st.tuples(
        st.integers(1, 4),  # owner
        st.fractions(0, 3, max_denominator=20),
        st.booleans(),
    ),
    max_size=25,
).map(
    lambda rows: [
        Candidate(number, owner, score, advanced, {})
        for number, (owner, score, advanced) in enumerate(rows, start=1)
    ]
)


@given(found=_CANDIDATES, wanted=st.integers(5, 10), order=st.randoms())
def test_any_choice_keeps_its_promises(found: list[Candidate], wanted: int, order: Random) -> None:
    chosen = choose(found, wanted)
    shuffled = list(found)
    order.shuffle(shuffled)

    assert choose(shuffled, wanted) == chosen
    assert len(chosen) == min(wanted, len(found))
    assert len({each.deal_id for each in chosen}) == len(chosen)
    assert chosen == sorted(chosen, key=lambda each: (-each.score, each.deal_id))
    assert any(each.advanced for each in chosen) == any(each.advanced for each in found)
    owners = {each.owner_id for each in found}
    assert len({each.owner_id for each in chosen}) >= min(2, len(owners))


@given(found=_CANDIDATES, wanted=st.integers(5, 10))
def test_at_most_two_give_way(found: list[Candidate], wanted: int) -> None:
    best = sorted(found, key=lambda each: (-each.score, each.deal_id))[:wanted]
    chosen = choose(found, wanted)

    assert len(set(map(id, best)) - set(map(id, chosen))) <= 2
    promises_kept = any(each.advanced for each in best) or not any(e.advanced for e in found)
    if promises_kept and len({each.owner_id for each in best}) > 1:
        assert chosen == best


@given(found=_CANDIDATES, wanted=st.integers(5, 10), data=st.data())
def test_what_is_dropped_is_filled_from_the_rest_in_order(
    found: list[Candidate], wanted: int, data: st.DataObject
) -> None:
    """As the cards do with what closed meanwhile; what somebody dropped comes last."""
    picked = [each.deal_id for each in choose(found, wanted)]
    gone = data.draw(st.sets(st.sampled_from(picked)) if picked else st.just(set()))
    dropped = data.draw(st.sets(st.integers(1, 25)))
    still = {each.deal_id: each for each in found if each.deal_id not in gone}
    rest = [each for each in sorted(still.values(), key=rank) if each.deal_id not in picked]
    in_order = [each for each in rest if each.deal_id not in dropped]
    in_order += [each for each in rest if each.deal_id in dropped]

    for lacking in (-1, 0, len(gone), 30):
        assert fill(still, picked, lacking, dropped) == in_order[: max(lacking, 0)]


@given(
    amounts=st.dictionaries(
        st.integers(1, 50), st.one_of(st.none(), st.integers(0, 10**9)), max_size=12
    )
)
def test_shares_follow_the_amounts(amounts: dict[int, int | None]) -> None:
    shares = shares_of_open(amounts)

    assert set(shares) == set(amounts)
    known = {deal_id: amount for deal_id, amount in amounts.items() if amount is not None}
    if sum(known.values()):
        assert sum(shares[deal_id] for deal_id in known) == 1
        assert all(shares[deal_id] >= 0 for deal_id in amounts)
    elif amounts:
        assert set(shares.values()) == {Fraction(1, len(amounts))}
