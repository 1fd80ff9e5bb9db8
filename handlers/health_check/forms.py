"""What the health check asks for in its modals."""

from typing import Annotated

from pydantic import AwareDatetime
from slack_sdk.models.blocks import StaticSelectElement

from handlers.forms import Ask, Form


class TimeForm(Form):
    at: Annotated[
        AwareDatetime,
        Ask(
            "Today at",
            StaticSelectElement(placeholder="Choose a time"),
            "Both of you are free then, as far as one-on-ones tell.",
        ),
    ]
