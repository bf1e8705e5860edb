"""The queue between the keys and the session: what waits, what is held back, and in which order."""

import asyncio
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from workshop.frontends.tui.input_queue import (
    GoTo,
    InputQueue,
    Leave,
    PastedLines,
    Request,
    SaveCopy,
    Submitted,
    Suspend,
)

WISHES = st.one_of(
    st.builds(Submitted, st.sampled_from(["a", "b", "/skip"])),
    st.builds(PastedLines, st.just(("one", "two"))),
    st.builds(GoTo, st.just("channels")),
    st.builds(Leave, st.booleans()),
    st.builds(Suspend),
    st.builds(SaveCopy, st.just("copy.db")),
)


def queue_of(wishes: Iterable[Request]) -> InputQueue:
    input_queue = InputQueue()
    for request in wishes:
        input_queue.put(request)
    return input_queue


def drain(input_queue: InputQueue) -> list[Request]:
    """Take all that waits, in its order."""

    async def take() -> list[Request]:
        wishes: list[Request] = []
        while not input_queue.is_empty:
            wishes.append(await input_queue.next())
        return wishes

    return asyncio.run(take())


@given(st.lists(WISHES))
def test_wishes_have_their_turn_in_the_order_in_which_they_came(wishes: list[Request]) -> None:
    assert drain(queue_of(wishes)) == wishes


def test_the_next_wish_is_waited_for_where_there_is_none() -> None:
    async def put_later() -> Request:
        input_queue = InputQueue()
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(input_queue.next())
            tasks.create_task(asyncio.to_thread(lambda: None)).add_done_callback(
                lambda _: input_queue.put(Submitted("late"))
            )
        return waiting.result()

    assert asyncio.run(put_later()) == Submitted("late")


def test_replies_that_are_held_back_are_not_among_those_that_wait() -> None:
    input_queue = queue_of([Submitted("a"), PastedLines(("b", "c")), Submitted("d")])
    input_queue.postpone_replies()
    assert input_queue.is_empty
    assert input_queue.postponed_texts == ("a", "b\nc", "d")


def test_what_was_held_back_comes_before_what_was_typed_after_it() -> None:
    input_queue = queue_of([Submitted("first"), Submitted("second")])
    input_queue.postpone_replies()
    input_queue.put(Submitted("third"))
    input_queue.put(GoTo("channels"))
    input_queue.resume_postponed()
    assert input_queue.postponed_texts == ()
    assert drain(input_queue) == [
        Submitted("first"),
        Submitted("second"),
        Submitted("third"),
        GoTo("channels"),
    ]


def test_what_is_held_back_later_stands_behind_what_was_held_back_before() -> None:
    input_queue = queue_of([Submitted("first"), Submitted("second")])
    input_queue.postpone_replies()
    input_queue.put(Submitted("third"))
    input_queue.postpone_replies()
    assert input_queue.postponed_texts == ("first", "second", "third")
    input_queue.resume_postponed()
    assert drain(input_queue) == [Submitted("first"), Submitted("second"), Submitted("third")]


def test_only_a_copy_and_leaving_at_once_keep_their_turn_when_replies_are_held_back() -> None:
    aside = Suspend()
    at_once = Leave(at_once=True, code=143)
    input_queue = queue_of(
        [
            GoTo("channels"),
            Submitted("a"),
            SaveCopy("copy.db"),
            aside,
            Leave(),
            at_once,
            Submitted("b"),
        ]
    )
    input_queue.postpone_replies()
    assert input_queue.postponed_texts == ("a", "b")
    assert drain(input_queue) == [SaveCopy("copy.db"), at_once]


def test_dropping_what_is_held_forgets_the_failed_words_and_keeps_what_waits() -> None:
    input_queue = queue_of([Submitted("held")])
    input_queue.postpone_replies()
    input_queue.failed_text = "not saved"
    input_queue.put(Submitted("waits"))
    input_queue.drop_postponed()
    assert (input_queue.failed_text, input_queue.postponed_texts) == ("", ())
    input_queue.resume_postponed()
    assert drain(input_queue) == [Submitted("waits")]


def test_going_on_where_nothing_is_held_changes_nothing() -> None:
    input_queue = queue_of([Submitted("a"), Leave(), Submitted("b")])
    input_queue.failed_text = "not saved"
    input_queue.resume_postponed()
    assert input_queue.failed_text == "not saved"
    assert drain(input_queue) == [Submitted("a"), Leave(), Submitted("b")]


@given(st.lists(st.lists(WISHES, max_size=5), max_size=4), st.lists(WISHES))
def test_no_reply_is_lost_or_overtaken_however_often_some_are_held_back(
    postponed_texts: list[list[Request]], after: list[Request]
) -> None:
    input_queue = InputQueue()
    for wishes in postponed_texts:
        for request in wishes:
            input_queue.put(request)
        input_queue.postpone_replies()
    for request in after:
        input_queue.put(request)
    input_queue.resume_postponed()
    came = [*(request for wishes in postponed_texts for request in wishes), *after]
    replies = [request for request in came if isinstance(request, Submitted | PastedLines)]
    assert [
        request for request in drain(input_queue) if isinstance(request, Submitted | PastedLines)
    ] == replies
