"""Every name by which Slack speaks of what we made. They never change: old buttons outlive code.

Matched whole, never by prefix, never derived from a class.
"""

from enum import StrEnum


class Id(StrEnum):
    # slash commands
    PIPELINE_REVIEW = "/pipeline-review"
    CADENCE = "/cadence"

    # events
    HOME_OPENED = "app_home_opened"
    USER_CHANGED = "user_change"
    MEMBER_JOINED = "member_joined_channel"

    # an input that only waits for the submit
    FIELD = "form.field"

    # buttons and menus of messages, Home and help; the value is an id, or empty
    START = "review.start"  # a team's id, or empty: ask
    STATUS = "review.status"
    CLOSE = "review.close"  # a review's id
    REVIEW_MENU = "review.menu"
    ANSWER = "review.answer"  # a review deal's id, here and in the next two
    DECIDE = "review.decide"
    CARD_MENU = "review.card_menu"
    OPEN_LINK = "link.open"  # a button with an address: Slack tells, nothing is to be done

    # what reacts inside a modal
    CHOOSE_DECISION = "review.choose_decision"
    CHOOSE_TIME = "review.choose_time"
    CHANGE_ANSWERS = "review.change_answers"

    # modals
    WHICH_TEAM = "review.which_team"
    START_REVIEW = "review.start_review"
    SAVE_ANSWERS = "review.save_answers"
    RECORD_DECISION = "review.record_decision"
    NOTE = "note"


class Choice(StrEnum):
    """What a menu offers; an option's value is `choice:id`."""

    WHO_MAY = "who_may"
    HELP = "help"
    HISTORY = "history"
    CORRECT = "correct"
    OPEN_CRM = "open_crm"
