"""How a review is started, by whom, for which team, and by the schedule."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from models.delivery import Delivery, Kind
from models.people import Role, team
from models.pipeline_review import Review, ReviewKind, ReviewState
from models.schedule import Lateness, Occurrence, OccurrenceState, put_schedule
from sandbox.person import SeenMessage
from tests.scenarios.floor import LOBBY, SIX, WEST, Floor, at_once, seen, six_deals
from tests.world import a_deal, a_person, a_rep, a_team, somebody


def test_the_same_command_again_shows_the_review(review: Floor) -> None:
    review.max.command(WEST, "/pipeline-review")
    assert review.max.modal is None
    said = review.whispered(review.max)
    assert "░░░░░░ 0 of 6 decided" in said
    assert "Open the review" in said
    assert said.count("[Decide]") == 6
    (link,) = [
        part["url"]
        for block in review.max.ephemerals(WEST)[-1].blocks
        for section in block.get("elements", ())
        for part in section.get("elements", ())
        if part["type"] == "link"
    ]
    assert review.parent().ts.replace(".", "") in link


def test_decide_and_answer_from_the_status(review: Floor) -> None:
    review.ana.command(WEST, "/pipeline-review status")
    status = review.ana.ephemerals(WEST)[-1]
    assert seen(status).count("[Answer]") == 3
    nexus = next(block["block_id"] for block in status.blocks if "Nexus" in str(block))
    review.ana.click(status, "Answer", block_id=nexus)
    assert review.ana.modal
    assert review.ana.modal.title == "Nexus Corp · Proposal"


def test_started_twice_at_once_there_is_one(floor: Floor) -> None:
    six_deals(floor)
    for who in (floor.max, floor.lea):
        who.command(WEST, "/pipeline-review")
    outcomes = at_once([lambda: floor.max.submit(), lambda: floor.lea.submit()])
    assert sorted(outcome["ok"] for outcome in outcomes) == [False, True]
    (refused,) = [outcome for outcome in outcomes if not outcome["ok"]]
    assert refused["errors"] == {"picked": "A review is open already. /pipeline-review shows it."}
    assert len(floor.rows(Review)) == 1


def test_a_rep_sees_the_status(floor: Floor) -> None:
    six_deals(floor)
    floor.ana.command(WEST, "/pipeline-review")
    assert floor.ana.modal is None
    assert floor.whispered(floor.ana) == (
        "Pipeline review · West: no review is open.\nThe team's manager starts one."
    )


def test_help_and_words_it_does_not_know(floor: Floor) -> None:
    for word in ("help", "HELP"):
        floor.max.command(WEST, f"/pipeline-review {word}")
        assert floor.whispered(floor.max).startswith("/pipeline-review starts the team's review")
    floor.max.command(WEST, "/pipeline-review frobnicate <!channel>")
    first, second, *_ = floor.whispered(floor.max).splitlines()
    assert first == "“frobnicate <!channel>” is no word of this command. What it does:"
    assert second.startswith("/pipeline-review starts the team's review")
    for words in ("/cadence", "/cadence help", "/cadence one on ones"):
        floor.max.command(LOBBY, words)
        said = floor.whispered(floor.max, LOBBY).splitlines()
        if words.endswith("ones"):
            assert said.pop(0) == "“one on ones” is no word of this command. What it does:"
        assert said[0] == "*Review the pipeline*: a card and a decision per deal [Pipeline review]"
        assert said[-1] == "`/cadence forecast`: Friday's forecast of your team."
        assert len(said) == 6


def test_the_buttons_of_help(floor: Floor) -> None:
    six_deals(floor)
    floor.max.command(WEST, "/cadence")
    help_ = floor.max.ephemerals(WEST)[-1]
    assert floor.opened(floor.max, help_, "Pipeline review").title == "Pipeline review"
    floor.max.close()
    floor.press(floor.max, help_, "Status")
    assert floor.whispered(floor.max).startswith("Pipeline review · West: no review is open.")
    floor.press(floor.max, help_, "Open Home")


def test_who_coaches_nobody_gets_what_they_can_use(floor: Floor) -> None:
    floor.ana.command(WEST, "/cadence")
    help_ = floor.ana.ephemerals(WEST)[-1]
    for button in ("Days off", "Messages", "What drives me"):
        assert floor.opened(floor.ana, help_, button).title == button
        floor.ana.close()
    assert "Log coaching" not in seen(help_)
    assert "Pipeline review" not in seen(help_)


def test_elsewhere_it_asks_which_team(floor: Floor) -> None:
    six_deals(floor)
    floor.max.command(LOBBY, "/pipeline-review")
    modal = floor.max.modal
    assert modal
    assert seen(modal) == "Whose pipeline? The cards go to that team's channel.\nTeam: ___"
    assert floor.max.submit()["ok"]
    assert floor.max.modal
    assert floor.max.modal.title == "Start a review"
    assert floor.max.submit()["ok"]
    floor.deliver()
    assert "0 of 6 decided" in seen(floor.parent())
    assert floor.max.messages(LOBBY) == []


def two_teams(floor: Floor) -> None:
    """East, whose manager reports to Lea as well."""
    with floor.database.transaction(floor.world.workspace_id) as session:
        boss = a_person(session, "U0CLEO", "Cleo", Role.MANAGER, reports_to_id=floor.world.lea)
        east = a_team(session, "East", manager_id=boss.id, channel_id=LOBBY)
        rep = a_rep(session, east, "U0GUEST", "Gus")
        for n in range(5):
            a_deal(session, rep.id, name=f"Eastern {n}")


def test_a_leader_of_several_teams_is_asked_except_in_a_teams_channel(floor: Floor) -> None:
    six_deals(floor)
    two_teams(floor)
    dm = floor.lea.dm_with("U0BOT")
    floor.lea.command(dm, "/pipeline-review")
    modal = floor.lea.modal
    assert modal
    (asked,) = [block for block in modal.blocks if block["type"] == "input"]
    assert [one["text"]["text"] for one in asked["element"]["options"]] == ["East", "West"]
    east = asked["element"]["options"][0]["value"]
    assert floor.lea.submit(team=east)["ok"]
    assert floor.lea.modal
    assert "East: 5 open deals" in seen(floor.lea.modal)
    floor.lea.close(all=True)

    floor.lea.command(WEST, "/pipeline-review")
    assert floor.lea.modal
    assert "West: 6 open deals" in seen(floor.lea.modal)
    floor.lea.close()
    floor.lea.command(dm, "/pipeline-review status")
    said = floor.whispered(floor.lea, dm)
    assert "Pipeline review · East: no review is open." in said
    assert "Pipeline review · West: no review is open." in said


def test_which_team_answered_where_a_review_runs_shows_it(review: Floor) -> None:
    review.lea.command(LOBBY, "/pipeline-review")
    assert review.lea.submit()["ok"]
    modal = review.lea.modal
    assert modal
    assert "0 of 6 decided" in seen(modal)
    # and from there a deal can be decided, in a modal upon it
    nexus = next(block["block_id"] for block in modal.blocks if "Nexus" in str(block))
    review.lea.click(modal, "Decide", block_id=nexus)
    assert [one.title for one in review.lea.modals][-1] == "Nexus Corp"


def test_answers_by_a_moment(floor: Floor) -> None:
    six_deals(floor)
    max_ = floor.max
    max_.command(WEST, "/pipeline-review")
    assert max_.modal
    by = floor.opened(max_, max_.modal, "review.choose_time", "by")
    assert (by.values["on"], by.values["at"]) == ("2026-11-25", "10:00")
    assert max_.submit(on="2026-11-24", at="09:00") == {
        "ok": False, "errors": {"on": "That is in the past. Choose a later time."},
    }  # fmt: skip
    assert max_.submit(on="2026-11-25", at="10:00")["ok"]
    floor.deliver()
    assert "deciding begins Wed 25 Nov, 10:00" in seen(floor.parent())
    assert "[Close review]" not in seen(floor.parent())
    floor.press(floor.max, floor.card("Nexus"), "Decide")
    assert floor.whispered(floor.max) == (
        "Deciding begins Wed 25 Nov, 10:00. Until then the owners answer."
    )
    assert "Answer before deciding begins: Wed 25 Nov, 10:00" in seen(floor.dm(floor.ana)[0])

    floor.later(datetime(2026, 11, 25, 15, 0, tzinfo=UTC))
    (call,) = floor.dm(floor.max)
    assert call.fallback == "Pipeline review · West: 6 of 6 deals lack a decision."
    nexus = next(block["block_id"] for block in call.blocks if "Nexus" in str(block))
    floor.max.click(call, "Decide", block_id=nexus)
    assert floor.max.modal
    assert floor.max.modal.title == "Nexus Corp"
    assert "[Close review]" in seen(floor.parent()), "the channel knows too"
    assert "Answer now: deciding has begun." in seen(floor.dm(floor.ana)[0])


def test_deciding_begins_before_its_time(floor: Floor) -> None:
    """Who chose "Answers by" and meant now; nobody else, and a second click changes nothing."""
    six_deals(floor)
    floor.max.command(WEST, "/pipeline-review")
    assert floor.max.submit(when="by")["ok"]
    assert floor.max.submit()["ok"]
    floor.deliver()
    before, (choice, *_) = floor.parent(), [*begins(floor.parent())]
    floor.press(floor.ana, before, "review.menu", choice)
    assert floor.whispered(floor.ana).startswith("Only @Max")
    floor.press(floor.max, before, "review.menu", choice)
    floor.press(floor.max, before, "review.menu", choice)
    floor.deliver()
    assert "[Close review]" in seen(floor.parent())
    assert [*begins(floor.parent())] == []
    assert len(floor.dm(floor.max)) == 1
    assert floor.opened(floor.max, floor.card("Nexus"), "Decide").title == "Nexus Corp"


def begins(parent: SeenMessage) -> Iterator[str]:
    """The menu's "Begin deciding now", where there is one."""
    _, menu = parent.element("review.menu")
    for option in menu["options"]:
        if option["text"]["text"] == "Begin deciding now":
            yield option["value"]


def test_by_the_schedule(floor: Floor) -> None:
    """Deal cards on Tuesday 15:00, deciding from Wednesday 10:00."""
    six_deals(floor)
    with floor.database.transaction(floor.world.workspace_id) as session:
        for prompt, weekday, at in (("review.cards", "2", 15), ("review.deciding", "3", 10)):
            put_schedule(
                session, floor.world.team, prompt, weekdays=weekday, local_time=time(at),
                zone="America/New_York", lateness=Lateness.NEXT_DAY_TIME, late_until=time(10),
                active_from=date(2026, 11, 30),
            )  # fmt: skip
    floor.later(datetime(2026, 12, 1, 20, 0, tzinfo=UTC))
    assert "deciding begins Wed 2 Dec, 10:00" in seen(floor.parent())
    (review,) = floor.rows(Review)
    assert review.kind is ReviewKind.SCHEDULED

    floor.later(datetime(2026, 12, 2, 15, 0, tzinfo=UTC))
    assert "[Close review]" in seen(floor.parent())
    assert len(floor.rows(Delivery, Delivery.kind == Kind.REVIEW_DECIDING)) == 1
    floor.hold_all(*SIX)
    floor.press(floor.max, floor.parent(), "Close review")
    floor.later(datetime(2026, 12, 8, 20, 0, tzinfo=UTC))
    assert len(floor.rows(Review, Review.state == ReviewState.OPEN)) == 1
    assert "same stage and date as on Wed 2 Dec" in seen(floor.card("Nexus"))


def test_a_skipped_prompt_is_said(floor: Floor) -> None:
    with floor.database.transaction(floor.world.workspace_id) as session:
        put_schedule(
            session, floor.world.team, "review.cards", weekdays="2", local_time=time(15),
            zone="America/New_York", lateness=Lateness.MIDNIGHT, active_from=date(2026, 11, 30),
        )  # fmt: skip
    floor.later(datetime(2026, 12, 1, 20, 0, tzinfo=UTC))
    assert seen(floor.dm(floor.max)[0]).startswith(
        "Skipped: deal cards of West, due Tue 1 Dec, 15:00: the team has no open deals"
    )
    (occurrence,) = floor.rows(Occurrence)
    assert occurrence.state is OccurrenceState.SKIPPED


def test_fewer_deals_than_a_review_needs(floor: Floor) -> None:
    six_deals(floor)
    floor.max.command(WEST, "/pipeline-review")
    assert floor.max.modal
    picked = floor.max.modal.values["picked"]
    outcome = floor.max.submit(picked=picked[:2])
    assert outcome["errors"] == {"picked": "Choose 5 to 10 deals; 2 are chosen."}
    assert floor.max.submit(picked=picked[:5])["ok"]
    floor.deliver()
    assert len(floor.channel()) == 6


def test_a_team_without_deals_or_channel(floor: Floor) -> None:
    floor.max.command(WEST, "/pipeline-review")
    assert floor.whispered(floor.max) == (
        "West has no open deals to review. A manager, a leader or an admin drops the CRM's export"
        " into their messages with Cadence."
    )
    six_deals(floor)
    with floor.database.transaction(floor.world.workspace_id) as session:
        team(session, floor.world.team).channel_id = None
    floor.max.command(LOBBY, "/pipeline-review")
    assert floor.max.submit()["errors"] == {
        "team": "West has no channel for its review yet. An admin sets it."
    }


def test_a_review_started_from_home(floor: Floor) -> None:
    six_deals(floor)
    floor.max.home("A0CADENCE")
    floor.max.wait_for(lambda: floor.max.home_now("A0CADENCE"))
    home = floor.max.home_now("A0CADENCE")
    assert home
    floor.opened(floor.max, home, "Pipeline review · West")
    assert floor.max.submit()["ok"]
    home = floor.max.home_now("A0CADENCE")
    assert home
    assert seen(home).startswith("What waits for you\n*Nexus Corp*")
    floor.deliver()
    assert "0 of 6 decided" in seen(floor.parent())


def test_a_team_is_its_own_workspaces(floor: Floor) -> None:
    """Who leads no team is told so, without any other workspace's names."""
    with floor.database.transaction(floor.world.workspace_id) as session:
        a_person(session, "U0GUEST", "Gus", Role.LEADER)
        assert somebody(session, "U0GUEST")
    floor.guest.command(LOBBY, "/pipeline-review")
    assert floor.whispered(floor.guest, LOBBY) == (
        "You are in no team yet. An admin adds you to one."
    )


def test_an_old_review_is_not_shown_as_open(floor: Floor) -> None:
    six_deals(floor)
    floor.max.command(WEST, "/pipeline-review")
    floor.max.submit()
    floor.deliver()
    floor.hold_all()
    floor.press(floor.max, floor.parent(), "Close review")
    floor.later(timedelta(days=1))
    floor.max.command(WEST, "/pipeline-review status")
    assert floor.whispered(floor.max) == (
        "Pipeline review · West: no review is open.\n"
        "Last one: Tue 24 Nov, below standard\n"
        "[Start a review]"
    )
