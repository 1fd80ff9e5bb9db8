"""The sample team, for the demo: invented people, deals and a history of four weeks.

`team.toml` who they are · `deals.csv` their deals in our own form, dates as days from the demo's
Monday · `history.csv` what the CRM said in earlier weeks · `activities.csv` the contacts that it
has · `story.toml` what they did about deals · `month.toml` their one-on-ones and coaching. `load`
plays all that through the real importer and the real rules.
"""

from bot.sample.load import load_sample, sample_deals
from bot.sample.people import (
    CHANNELS,
    COMPANY,
    HOME_ZONE,
    SampleChannel,
    SamplePerson,
    sample_people,
)

__all__ = [
    "CHANNELS",
    "COMPANY",
    "HOME_ZONE",
    "SampleChannel",
    "SamplePerson",
    "load_sample",
    "sample_deals",
    "sample_people",
]
