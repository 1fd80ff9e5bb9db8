"""Any screens of ratings and motivation profiles."""

from hypothesis import strategies as st

from models.motivation import MovedBy, ProfileInput
from models.screens import (
    CommentSent,
    CommentShown,
    Drives,
    GivenShown,
    ProfileForm,
    RatingAsked,
)
from tests.messages.strategies import ids, maybe, moments, number, typed, who, zones

_given = st.builds(GivenShown, maybe(st.integers(1, 5)))
asked = st.builds(
    RatingAsked,
    one_on_one_id=ids,
    coach=who,
    starts_at=moments,
    zone=zones,
    change_hours=number,
    given=maybe(_given),
    comment=maybe(st.builds(CommentShown, typed, st.booleans())),
    until=moments,
    is_open=st.booleans(),
    is_off=st.booleans(),
)
comment_sent = st.builds(CommentSent, who, moments, zones, maybe(typed))
_parts = st.builds(
    ProfileInput,
    goal=maybe(typed),
    gets_up_for=maybe(typed),
    free_time=maybe(typed),
    in_ten_years=maybe(typed),
    coach_can_help=maybe(typed),
    moved_by=maybe(st.sampled_from(MovedBy)),
)
profile = st.builds(ProfileForm, maybe(who), _parts, st.booleans())
drives = st.builds(Drives, who, _parts, moments, zones)
