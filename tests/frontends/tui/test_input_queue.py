"""The queue between the keys and the session: what waits, what is held back, and in which order."""

import asyncio
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from workshop.frontends.tui.input_queue import (
    Copying,
    Going,
    Heard,
    Leaving,
    Lines,
    PuttingAside,
    Sent,
    Wish,
)

WISHES = st.one_of(
    st.builds(Sent, st.sampled_from(["a", "b", "/skip"])),
    st.builds(Lines, st.just(("one", "two"))),
    st.builds(Going, st.just("channels")),
    st.builds(Leaving, st.booleans()),
    st.builds(PuttingAside),
    st.builds(Copying, st.just("copy.db")),
)


def queue_of(wishes: Iterable[Wish]) -> Heard:
    heard = Heard()
    for wish in wishes:
        heard.put(wish)
    return heard


def taken(heard: Heard) -> list[Wish]:
    """Take all that waits, in its order."""

    async def take() -> list[Wish]:
        wishes: list[Wish] = []
        while not heard.is_empty:
            wishes.append(await heard.next())
        return wishes

    return asyncio.run(take())


@given(st.lists(WISHES))
def test_wishes_have_their_turn_in_the_order_in_which_they_came(wishes: list[Wish]) -> None:
    assert taken(queue_of(wishes)) == wishes


def test_the_next_wish_is_waited_for_where_there_is_none() -> None:
    async def put_later() -> Wish:
        heard = Heard()
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(heard.next())
            tasks.create_task(asyncio.to_thread(lambda: None)).add_done_callback(
                lambda _: heard.put(Sent("late"))
            )
        return waiting.result()

    assert asyncio.run(put_later()) == Sent("late")


def test_replies_that_are_held_back_are_not_among_those_that_wait() -> None:
    heard = queue_of([Sent("a"), Lines(("b", "c")), Sent("d")])
    heard.hold_back()
    assert heard.is_empty
    assert heard.held == ("a", "b\nc", "d")


def test_what_was_held_back_comes_before_what_was_typed_after_it() -> None:
    heard = queue_of([Sent("first"), Sent("second")])
    heard.hold_back()
    heard.put(Sent("third"))
    heard.put(Going("channels"))
    heard.go_on()
    assert heard.held == ()
    assert taken(heard) == [Sent("first"), Sent("second"), Sent("third"), Going("channels")]


def test_what_is_held_back_later_stands_behind_what_was_held_back_before() -> None:
    heard = queue_of([Sent("first"), Sent("second")])
    heard.hold_back()
    heard.put(Sent("third"))
    heard.hold_back()
    assert heard.held == ("first", "second", "third")
    heard.go_on()
    assert taken(heard) == [Sent("first"), Sent("second"), Sent("third")]


def test_only_a_copy_and_leaving_at_once_keep_their_turn_when_replies_are_held_back() -> None:
    aside = PuttingAside()
    at_once = Leaving(at_once=True, code=143)
    heard = queue_of(
        [Going("channels"), Sent("a"), Copying("copy.db"), aside, Leaving(), at_once, Sent("b")]
    )
    heard.hold_back()
    assert heard.held == ("a", "b")
    assert taken(heard) == [Copying("copy.db"), at_once]


def test_dropping_what_is_held_forgets_the_failed_words_and_keeps_what_waits() -> None:
    heard = queue_of([Sent("held")])
    heard.hold_back()
    heard.failed = "not saved"
    heard.put(Sent("waits"))
    heard.drop_held()
    assert (heard.failed, heard.held) == ("", ())
    heard.go_on()
    assert taken(heard) == [Sent("waits")]


def test_going_on_where_nothing_is_held_changes_nothing() -> None:
    heard = queue_of([Sent("a"), Leaving(), Sent("b")])
    heard.failed = "not saved"
    heard.go_on()
    assert heard.failed == "not saved"
    assert taken(heard) == [Sent("a"), Leaving(), Sent("b")]


@given(st.lists(st.lists(WISHES, max_size=5), max_size=4), st.lists(WISHES))
def test_no_reply_is_lost_or_overtaken_however_often_some_are_held_back(
    held: list[list[Wish]], after: list[Wish]
) -> None:
    heard = Heard()
    for wishes in held:
        for wish in wishes:
            heard.put(wish)
        heard.hold_back()
    for wish in after:
        heard.put(wish)
    heard.go_on()
    came = [*(wish for wishes in held for wish in wishes), *after]
    replies = [wish for wish in came if isinstance(wish, Sent | Lines)]
    assert [wish for wish in taken(heard) if isinstance(wish, Sent | Lines)] == replies
