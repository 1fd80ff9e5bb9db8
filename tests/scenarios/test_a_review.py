"""A review from its start to its closing card, as the people of a team live it."""

from tests.scenarios.floor import Floor


def test_a_review_starts_live(review: Floor) -> None:
    for one in review.channel():
        print("-----", one.fallback)
        print(one.text)
    for who in (review.ana, review.ben):
        for one in review.dm(who):
            print("=====", one.fallback)
            print(one.text)
    raise AssertionError
