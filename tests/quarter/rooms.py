"""The parts of what is expected, each with its own rules, that know of each other."""

from datetime import datetime

from tests.quarter.attention import Attention
from tests.quarter.calendars import Calendars
from tests.quarter.fridays import Fridays
from tests.quarter.mail import Mail
from tests.quarter.meetings import Meetings
from tests.quarter.mondays import Mondays
from tests.quarter.mornings import Mornings
from tests.quarter.office import Posted
from tests.quarter.reviews import Reviews


class Rooms:
    def __init__(self, posted: list[Posted], set_up: datetime) -> None:
        self.calendars = Calendars()
        self.attention = Attention(self.calendars, posted)
        self.mail = Mail(self.attention)
        self.meetings = Meetings(self.calendars, set_up)
        self.reviews = Reviews(self.calendars, self.mail)
        self.mornings = Mornings(self.calendars, self.meetings, self.reviews)
        self.mondays = Mondays(self.calendars, self.mail, self.reviews)
        self.fridays = Fridays(self.calendars, self.mail, self.reviews)
