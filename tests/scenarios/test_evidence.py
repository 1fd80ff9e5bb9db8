"""Evidence that does not come by [Answer] alone: for the owner, from a message; words shared."""

from models.evidence import Answer, AnswerSet
from models.pipeline_review import Practice, Review
from models.pipeline_review.tables import ReviewState
from sandbox.person import ActingPerson, SeenMessage, SeenView
from tests.scenarios.floor import APP, BOT, WEST, Floor, seen

EVIDENCE, WORTH = "review.use_as_evidence", "review.worth_copying"
MENU, QUESTION = "review.card_menu", "review.choose_question"
OBJECTION = "Which objection is most to be expected?"
MEETING = "When is the proposal review meeting?"
SAID = "Dana asked who signs before <we> send the price"


def newest(floor: Floor, who: ActingPerson) -> SeenMessage:
    return [one for one in floor.dm(who) if not one.is_ephemeral][-1]


def reply(floor: Floor, who: ActingPerson, text: str, deal: str = "Nexus") -> SeenMessage:
    """What somebody types in the thread of a deal's card."""
    root = floor.card(deal).ts
    ts = who.say(WEST, text, root)
    return next(one for one in floor.max.messages(WEST, root) if one.ts == ts)


def used(floor: Floor, who: ActingPerson, message: SeenMessage) -> SeenView:
    who.shortcut(APP, EVIDENCE, message)
    assert who.modal is not None, [seen(one) for one in who.ephemerals(WEST)]
    return who.modal


def refused(who: ActingPerson, message: SeenMessage, shortcut: str = EVIDENCE) -> str:
    who.shortcut(APP, shortcut, message)
    assert who.modal is None
    there = message.json.get("thread_ts")
    found = who.ephemerals(WEST, there) or who.ephemerals(WEST)
    return seen(found[-1])


def test_the_manager_answers_for_the_owner_who_confirms(review: Floor) -> None:
    max_, ana = review.max, review.ana
    modal = review.opened(max_, review.card("Nexus"), "Answer")
    assert "You answer for @Ana: it only fills until @Ana confirms it." in seen(modal)
    assert max_.submit(objection="Price against the incumbent", reply="Six weeks to go live")["ok"]
    review.deliver()
    assert review.thread("Nexus")[-1].startswith(
        "@Max for @Ana, not confirmed yet · evidence 0 of 3 proved\n"
        "- The objection: “Price against the incumbent” — only fills until confirmed"
    )
    assert "the objection (not confirmed yet)" in seen(review.card("Nexus"))
    asked = newest(review, ana)
    assert asked.fallback == (
        "Pipeline review · West: answered for you. 1 deal waits for your word"
    )
    assert "Nexus Corp · @Max answered for you:" in seen(asked)

    # more of it: the same message, and what was not read is not confirmed
    review.opened(max_, review.card("Nexus"), "Answer")
    assert max_.submit(reply="Live in four weeks")["ok"]
    review.press(ana, asked, "That's right")
    assert "@Max has given other answers since" in seen(ana.ephemerals(ana.dm_with(BOT))[-1])
    review.deliver()
    again = newest(review, ana)
    assert (again.ts, "Live in four weeks" in seen(again)) == (asked.ts, True)

    # nobody else's to confirm; the owner changes one, and confirms the other at Home
    changing = review.opened(ana, again, "Change")
    assert changing.values["reply"] == "Live in four weeks"
    assert "given by Max" in seen(changing)
    assert ana.submit(reply="Live in five weeks")["ok"]
    ana.home(APP)
    home = ana.wait_for(lambda: ana.home_now(APP))
    assert home is not None
    assert "Nexus Corp · @Max answered for you:" in seen(home)
    review.press(ana, home, "That's right")
    review.deliver()
    assert "Evidence 2 of 3 proved · open: the review meeting" in seen(review.card("Nexus"))
    assert "Nothing waits for you any more: Nexus Corp." in seen(newest(review, ana))
    thread = review.thread("Nexus")
    assert thread[0].startswith("@Max for @Ana, confirmed")
    assert "answered anew since" in thread[1]
    trail = review.rows(Answer)
    assert [one.confirmed_by_id for one in trail] == [review.world.ana, None, None, None]
    assert [one.for_id for one in review.rows(AnswerSet)] == [review.world.ana] * 2 + [None]


def test_two_answer_the_same_question_at_once(review: Floor) -> None:
    max_, ana = review.max, review.ana
    review.opened(ana, review.card("Nexus"), "Answer")
    review.opened(max_, review.card("Nexus"), "Answer")
    assert max_.submit(objection="Price against the incumbent")["ok"]
    assert ana.submit(objection="They fear the change", reply="Live in four weeks")["ok"]
    modal = ana.modal  # nothing of hers is lost, and nothing of Max's is overwritten unread
    assert modal is not None
    assert seen(modal).startswith("@Max answered meanwhile, so nothing of yours is saved yet.")
    assert "given by Max" in seen(modal)
    assert modal.values["objection"] == "They fear the change"
    assert modal.values["reply"] == "Live in four weeks"
    assert len(review.rows(Answer)) == 1
    assert ana.submit()["ok"]
    assert ana.modal is None
    current = {one.value["text"] for one in review.rows(Answer) if one.is_current}
    assert current == {"They fear the change", "Live in four weeks"}

    # what the owner has proved meanwhile is no longer the manager's, who reads what is left out
    review.opened(max_, review.card("Orbit"), "Answer")
    review.opened(review.ben, review.card("Orbit"), "Answer")
    assert review.ben.submit(objection="No budget before May")["ok"]
    assert max_.submit(objection="Price", reply="Six weeks")["ok"]
    assert max_.modal is not None
    assert seen(max_.modal).startswith("@Ben answered meanwhile")
    assert "Left out, the objection: “Price”." in seen(max_.modal)
    assert max_.modal.values["reply"] == "Six weeks"
    assert max_.submit()["ok"]
    assert max_.modal is None

    # what she looked at and left as it was is not hers to undo
    review.opened(ana, review.card("Vale"), "Answer")
    assert ana.submit(objection="none", reply="not yet")["ok"]
    review.opened(ana, review.card("Vale"), "Answer")
    review.opened(max_, review.card("Vale"), "Answer")
    assert max_.submit(objection="Price", reply="Six weeks")["ok"]
    assert ana.submit(objection="They fear the change")["ok"]
    assert ana.modal is not None
    assert ana.submit()["ok"]
    said = [one.value.get("text") for one in review.rows(Answer) if one.is_current]
    assert said[-2:] == ["Six weeks", "They fear the change"]

    # and where two answer different questions nobody is in anybody's way
    review.opened(ana, review.card("Halcyon"), "Answer")
    review.opened(max_, review.card("Halcyon"), "Answer")
    assert max_.submit(objection="Price")["ok"]
    assert ana.submit(reply="Live in four weeks")["ok"]
    assert ana.modal is None


def test_a_message_of_the_thread_becomes_evidence(review: Floor) -> None:
    ana = review.ana
    message = reply(review, review.ben, SAID)
    modal = used(review, ana, message)
    assert SAID in seen(modal)
    assert [*modal.fields] == ["question"]
    modal = review.opened(ana, modal, QUESTION, OBJECTION)
    assert modal.values["objection"] == SAID
    modal = review.opened(ana, modal, QUESTION, MEETING)
    assert [*modal.fields] == ["question", "review_meeting", "review_meeting.on"]
    modal = review.opened(ana, modal, QUESTION, OBJECTION)
    assert modal.values["objection"] == SAID
    assert ana.submit()["ok"]
    review.deliver()
    first = review.thread("Nexus")[-1].splitlines()[0]
    assert first == "@Ana answered · quoting @Ben (see the message) · evidence 1 of 3 proved"
    (given,) = review.rows(AnswerSet)
    assert message.ts.replace(".", "") in (given.quote_url or "")
    assert given.quote_slack_id == "U0BEN"
    # and the manager, for the owner
    used(review, review.max, reply(review, review.max, "Six weeks"))
    assert review.max.modal is not None
    assert "You answer for @Ana" in seen(review.max.modal)
    quickly = review.max.submit(question="How do we answer that objection?")  # before the modal
    assert quickly["ok"]
    assert review.max.modal.values["reply"] == "Six weeks"
    assert review.max.submit()["ok"]
    review.deliver()
    assert "@Max for @Ana, not confirmed yet · quoting @Max" in review.thread("Nexus")[-1]


def test_what_cannot_become_evidence(review: Floor) -> None:
    ana, thread = review.ana, "Only what somebody wrote in the thread of a deal's card can be used."
    assert thread in refused(ana, review.card("Nexus"))
    outside = review.ben.say(WEST, "Elsewhere")
    assert thread in refused(ana, next(m for m in review.channel() if m.ts == outside))
    said = reply(review, review.ben, SAID)
    assert refused(review.cleo, said) == (
        "Only @Ana or @Max answers for this deal. You can still comment in its thread."
    )
    for long in ("x" * 3001, "𝔁" * 3001):
        assert "longer than 3000 characters" in refused(ana, reply(review, ana, long))
    modal = used(review, ana, said)
    review.opened(ana, modal, QUESTION, OBJECTION)
    review.hold_all("Nexus Corp")
    assert not ana.submit()["ok"]
    assert "@Max" not in str(review.rows(AnswerSet))
    ana.close()
    assert "@Max has decided about this deal" in refused(ana, said)


def test_words_worth_copying_are_shared_by_their_author_alone(review: Floor) -> None:
    max_, ben = review.max, review.ben
    said = reply(review, ben, SAID)
    assert "Only @Max or @Lea proposes what is worth copying" in refused(review.ana, said, WORTH)
    max_.shortcut(APP, WORTH, said)
    assert max_.modal is not None
    assert SAID in seen(max_.modal)
    assert max_.submit()["ok"]
    assert "@Ben is asked." in seen(max_.modal)
    max_.close()
    review.deliver()
    question = newest(review, ben)
    assert SAID in seen(question)
    assert SAID not in question.fallback

    review.hold_all()
    review.press(max_, review.parent(), "Close review")
    review.deliver()
    assert "Worth copying" not in seen(review.channel()[-1])
    max_.shortcut(APP, WORTH, said)
    assert f"“{SAID}” — @Ben: not yet" in seen(max_.modal)
    assert max_.submit()["ok"]
    assert "@Ben was asked before: not yet." in seen(max_.modal)
    max_.close()

    review.press(ben, question, "Share it")
    review.deliver()
    closing = review.channel()[-1]
    assert f"Worth copying: @Ben on Nexus Corp — “{SAID}”" in seen(closing)
    review.press(ben, newest(review, ben), "Rather not")
    review.deliver()
    again = review.channel()[-1]
    assert (again.ts, SAID in seen(again)) == (closing.ts, False)
    (row,) = review.rows(Practice)
    assert row.consent == "kept"
    assert review.rows(Review)[0].state is ReviewState.CLOSED


def test_an_answer_is_proposed_from_its_card_and_from_its_reply(review: Floor) -> None:
    max_, ana = review.max, review.ana
    menu = review.opened(max_, review.card("Nexus"), MENU, "Worth copying")
    assert "No answer in words is left to propose." in seen(menu)
    max_.close()
    review.opened(ana, review.card("Nexus"), "Answer")
    assert ana.submit(objection=SAID)["ok"]
    review.deliver()
    menu = review.opened(max_, review.card("Nexus"), MENU, "Worth copying")
    assert [*menu.fields] == ["answer"]
    max_.close()
    root = review.card("Nexus").ts
    max_.shortcut(APP, WORTH, max_.messages(WEST, root)[-1])
    modal = max_.modal
    assert modal is not None
    assert max_.submit(answer=str(review.rows(Answer)[0].id))["ok"]
    assert max_.modal is not None
    assert "@Ana is asked." in seen(max_.modal)
    review.deliver()
    review.press(ana, newest(review, ana), "Share it")
    assert [one.consent for one in review.rows(Practice)] == ["shared"]
