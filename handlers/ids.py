"""Every name by which Slack speaks of what we made. They never change: old buttons outlive code.

Matched whole, never by prefix, never derived from a class.
"""

from enum import StrEnum


class Id(StrEnum):
    # slash commands
    PIPELINE_REVIEW = "/pipeline-review"
    CADENCE = "/cadence"
    LOG_COACHING = "/log-coaching"

    # shortcuts
    LOG_SHORTCUT = "coaching.log_shortcut"
    LOG_MESSAGE = "coaching.log_message"  # from a message, which is then quoted
    USE_AS_EVIDENCE = "review.use_as_evidence"  # from a message of a deal card's thread
    WORTH_COPYING = "review.worth_copying"  # the same

    # events
    HOME_OPENED = "app_home_opened"
    USER_CHANGED = "user_change"
    MEMBER_JOINED = "member_joined_channel"
    MEMBER_LEFT = "member_left_channel"
    CHANNEL_SHARED = "channel_shared"
    CHANNEL_UNSHARED = "channel_unshared"
    MESSAGE = "message"

    # an input that only waits for the submit
    FIELD = "form.field"

    # buttons and menus of messages, Home and help; the value is an id, or empty
    START = "review.start"  # a team's id, or empty: ask
    STATUS = "review.status"
    CLOSE = "review.close"  # a review's id
    REVIEW_MENU = "review.menu"
    ADJUST_PICK = "review.adjust_pick"  # a pick's id
    ANSWER = "review.answer"  # a review deal's id, here and in the next two
    DECIDE = "review.decide"
    CORRECT_ANSWERS = "review.correct_answers"  # those given on one's behalf: the same id
    CONFIRM_ANSWERS = "review.confirm_answers"  # that id, and the newest answer's
    CARD_MENU = "review.card_menu"
    SHARE_PRACTICE = "review.share_practice"  # a practice's id, here and in the next
    KEEP_PRACTICE = "review.keep_practice"
    OPEN_LINK = "link.open"  # a button with an address: Slack tells, nothing is to be done

    OPEN_LOG = "coaching.open_log"  # a person's id, or empty: ask
    LOG_MENU = "coaching.menu"  # edit, withdraw, trail
    CONFIRM = "coaching.confirm"  # a log's id, here and in the next
    DISPUTE = "coaching.dispute"

    START_ONE_ON_ONE = "one_on_one.start"  # a session's id, here and in the next four
    FINISH = "one_on_one.finish"
    ONE_ON_ONE_MENU = "one_on_one.menu"
    DRIVES = "one_on_one.drives"
    MOVE = "one_on_one.move"
    STANDINGS = "one_on_one.standings"
    CHANGE_STANDING = "one_on_one.change_standing"  # a person's id
    STANDING_MENU = "one_on_one.standing_menu"

    RATE_1 = "rating.give_1"  # a session's id, here and in the next
    RATE_2 = "rating.give_2"
    RATE_3 = "rating.give_3"
    RATE_4 = "rating.give_4"
    RATE_5 = "rating.give_5"
    DID_NOT_HAPPEN = "rating.did_not_happen"
    CHANGE_RATING = "rating.change"
    COMMENT = "rating.comment"

    ALL_FLAGS = "health.all_flags"  # a check's id, here and in the next
    MY_FLAGS = "health.my_flags"
    ALL_TALKS = "health.all_talks"  # the same
    LOG_TALK = "health.log_talk"  # a conversation's id, here and in the next
    SCHEDULE_TALK = "health.schedule_talk"

    ACTION_DONE = "next_action.done"  # a next action's id, here and in the next two
    ACTION_NOT_DONE = "next_action.not_done"
    RENEW_ACTION = "next_action.renew"

    DEPUTY = "home.deputy"
    REMOVE_DEPUTY = "home.remove_deputy"  # a team's id
    DAYS_OFF = "home.days_off"
    MESSAGES = "home.reminders"  # which messages come, and when
    REMOVE_BLOCK = "home.remove_block"  # a selling block's id
    END_SNOOZE = "home.end_snooze"
    PROFILE = "home.profile"
    CALENDAR = "home.calendar"
    FIND_ZONE = "home.find_zone"  # loads options, here and in the next
    FIND_HOLIDAYS = "home.find_holidays"
    FOLLOW_STATUS = "home.follow_status"  # "on" or "off"
    TRY_AGAIN = "home.try_again"  # what could not be posted
    TAKE_BACK_DAYS_OFF = "home.take_back_days_off"  # an absence's id
    ACCEPT_DAYS_OFF = "home.accept_days_off"  # somebody's, entered late: an absence's id
    CALENDAR_ADDRESS = "home.calendar_address"
    SHOW_CALENDAR = "home.show_calendar"  # what was found behind the address, by now
    REMOVE_CALENDAR = "home.remove_calendar"

    FORECAST_NEXT = "forecast.next"  # start, next, take over: a forecast's id, here and in the next
    FORECAST_LATER = "forecast.later"
    FORECAST_MENU = "forecast.menu"

    SET_UP = "setup.begin"  # at Home and in help
    SETUP_TURN = "setup.turn"  # to another team: its id
    SETUP_TEAM = "setup.team"  # a team's id, or empty: a new one
    SETUP_PEOPLE = "setup.people"  # a team's id, here and in the next five
    SETUP_QUOTAS = "setup.quotas"
    SETUP_TIMES = "setup.times"
    SETUP_PREVIEW = "setup.preview"
    SETUP_START = "setup.start"
    SETUP_CHECK = "setup.check"  # the channel, again
    PREVIEWED_1 = "setup.previewed_1"  # what stands in a preview does nothing
    PREVIEWED_2 = "setup.previewed_2"
    PREVIEWED_3 = "setup.previewed_3"
    PREVIEWED_4 = "setup.previewed_4"
    PREVIEWED_5 = "setup.previewed_5"
    PREVIEWED_6 = "setup.previewed_6"
    COMPANY_DAYS = "setup.company_days"  # at Home, too
    TAKE_BACK_COMPANY_DAYS = "setup.take_back_company_days"  # their id
    ACCEPT_FILE = "import.accept"  # a dropped file's id and revision, here and in the next two
    CORRECT_FILE = "import.correct"
    DISCARD_FILE = "import.discard"

    # what reacts inside a modal
    CHOOSE_QUARTER = "setup.choose_quarter"
    CHOOSE_DECISION = "review.choose_decision"
    CHOOSE_TIME = "review.choose_time"
    CHANGE_ANSWERS = "review.change_answers"
    CHOOSE_QUESTION = "review.choose_question"

    FLAGS_OWNER = "health.flags_owner"
    FLAGS_BEFORE = "health.flags_before"  # a page, here and in the next
    FLAGS_AFTER = "health.flags_after"

    CHOOSE_DEALS = "one_on_one.choose_deals"
    CHOOSE_PERSON = "coaching.choose_person"

    # modals
    WHICH_TEAM = "review.which_team"
    START_REVIEW = "review.start_review"
    SAVE_PICK = "review.save_pick"
    SAVE_ANSWERS = "review.save_answers"
    SAVE_EVIDENCE = "review.save_evidence"
    SAVE_PRACTICE = "review.save_practice"
    SAVE_PRACTICE_MESSAGE = "review.save_practice_message"
    RECORD_DECISION = "review.record_decision"
    SAVE_LOG = "coaching.save_log"
    SAVE_EDIT = "coaching.save_edit"
    SAVE_DISPUTE = "coaching.save_dispute"
    WITHDRAW = "coaching.withdraw"
    SAVE_FINISH = "one_on_one.save_finish"
    SAVE_MOVE = "one_on_one.save_move"
    SAVE_CANCEL = "one_on_one.save_cancel"
    SAVE_POINTS = "one_on_one.save_points"
    SAVE_NOTES = "one_on_one.save_notes"
    SAVE_STANDING = "one_on_one.save_standing"
    SAVE_TALK_TIME = "health.save_talk_time"
    SAVE_RATING = "rating.save"
    SAVE_COMMENT = "rating.save_comment"
    SAVE_RENEWED = "next_action.save_renewed"
    SAVE_DEPUTY = "home.save_deputy"
    SAVE_DAYS_OFF = "home.save_days_off"
    SAVE_CALENDAR = "home.save_calendar"
    SAVE_CALENDAR_ADDRESS = "home.save_calendar_address"
    SAVE_MESSAGES = "home.save_messages"
    SAVE_PROFILE = "home.save_profile"
    SAVE_TEAM = "setup.save_team"
    SAVE_PEOPLE = "setup.save_people"
    SAVE_QUOTAS = "setup.save_quotas"
    SAVE_TIMES = "setup.save_times"
    SAVE_COMPANY_DAYS = "setup.save_company_days"
    SAVE_READING = "import.save_reading"
    SAVE_FIGURES = "forecast.save_figures"
    SAVE_COACHING = "forecast.save_coaching"  # looked at
    SAVE_COMMITMENTS = "forecast.save_commitments"
    SAVE_AGENDA = "forecast.save_agenda"
    NOTE = "note"


class Choice(StrEnum):
    """What a menu offers; an option's value is `choice:id`."""

    WHO_MAY = "who_may"
    HELP = "help"
    BEGIN = "begin"  # deciding, before its time: a review's id
    HISTORY = "history"
    CORRECT = "correct"
    OPEN_CRM = "open_crm"
    WORTH_COPYING = "worth_copying"  # a review deal's id
    LOG = "log"  # coaching, about a deal: its id
    EDIT = "edit"
    WITHDRAW = "withdraw"
    TRAIL = "trail"
    MOVE = "move"
    CANCEL = "cancel"
    POINTS = "points"
    NOTES = "notes"
    DRIVES = "drives"
    END = "end"
    FIGURES = "figures"  # of a forecast: its id, here and in the next two
    COMMITMENTS = "commitments"
    AGENDA = "agenda"
