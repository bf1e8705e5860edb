"""The queue between the keys and the session: what waits, what is postponed, in which order."""

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

REQUESTS = st.one_of(
    st.builds(Submitted, st.sampled_from(["a", "b", "/skip"])),
    st.builds(PastedLines, st.just(("one", "two"))),
    st.builds(GoTo, st.just("channels")),
    st.builds(Leave, st.booleans()),
    st.builds(Suspend),
    st.builds(SaveCopy, st.just("copy.db")),
)


def queue_of(requests: Iterable[Request]) -> InputQueue:
    input_queue = InputQueue()
    for request in requests:
        input_queue.put(request)
    return input_queue


def drained(input_queue: InputQueue) -> list[Request]:
    """Remove all requests that wait; return them in order."""

    async def take() -> list[Request]:
        requests: list[Request] = []
        while not input_queue.is_empty:
            requests.append(await input_queue.next())
        return requests

    return asyncio.run(take())


@given(st.lists(REQUESTS))
def test_requests_are_returned_in_the_order_in_which_they_came(requests: list[Request]) -> None:
    assert drained(queue_of(requests)) == requests


def test_next_waits_until_there_is_a_request() -> None:
    async def put_later() -> Request:
        input_queue = InputQueue()
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(input_queue.next())
            tasks.create_task(asyncio.to_thread(lambda: None)).add_done_callback(
                lambda _: input_queue.put(Submitted("late"))
            )
        return waiting.result()

    assert asyncio.run(put_later()) == Submitted("late")


def test_postponed_replies_no_longer_wait_in_the_queue() -> None:
    input_queue = queue_of([Submitted("a"), PastedLines(("b", "c")), Submitted("d")])
    input_queue.postpone_replies()
    assert input_queue.is_empty
    assert input_queue.postponed_texts == ("a", "b\nc", "d")


def test_postponed_replies_come_before_what_was_typed_after_them() -> None:
    input_queue = queue_of([Submitted("first"), Submitted("second")])
    input_queue.postpone_replies()
    input_queue.put(Submitted("third"))
    input_queue.put(GoTo("channels"))
    input_queue.resume_postponed()
    assert input_queue.postponed_texts == ()
    assert drained(input_queue) == [
        Submitted("first"),
        Submitted("second"),
        Submitted("third"),
        GoTo("channels"),
    ]


def test_replies_postponed_later_stand_behind_those_postponed_before() -> None:
    input_queue = queue_of([Submitted("first"), Submitted("second")])
    input_queue.postpone_replies()
    input_queue.put(Submitted("third"))
    input_queue.postpone_replies()
    assert input_queue.postponed_texts == ("first", "second", "third")
    input_queue.resume_postponed()
    assert drained(input_queue) == [Submitted("first"), Submitted("second"), Submitted("third")]


def test_only_a_copy_and_leaving_at_once_stay_in_the_queue_when_replies_are_postponed() -> None:
    at_once = Leave(at_once=True, code=143)
    input_queue = queue_of(
        [
            GoTo("channels"),
            Submitted("a"),
            SaveCopy("copy.db"),
            Suspend(),
            Leave(),
            at_once,
            Submitted("b"),
        ]
    )
    input_queue.postpone_replies()
    assert input_queue.postponed_texts == ("a", "b")
    assert drained(input_queue) == [SaveCopy("copy.db"), at_once]


def test_dropping_postponed_replies_forgets_the_failed_one_and_keeps_what_waits() -> None:
    input_queue = queue_of([Submitted("postponed")])
    input_queue.postpone_replies()
    input_queue.failed_text = "not saved"
    input_queue.put(Submitted("waits"))
    input_queue.drop_postponed()
    assert (input_queue.failed_text, input_queue.postponed_texts) == ("", ())
    input_queue.resume_postponed()
    assert drained(input_queue) == [Submitted("waits")]


def test_resuming_without_postponed_replies_changes_nothing() -> None:
    input_queue = queue_of([Submitted("a"), Leave(), Submitted("b")])
    input_queue.failed_text = "not saved"
    input_queue.resume_postponed()
    assert input_queue.failed_text == "not saved"
    assert drained(input_queue) == [Submitted("a"), Leave(), Submitted("b")]


@given(st.lists(st.lists(REQUESTS, max_size=5), max_size=4), st.lists(REQUESTS))
def test_no_reply_is_lost_or_overtaken_however_often_some_are_postponed(
    batches: list[list[Request]], after: list[Request]
) -> None:
    input_queue = InputQueue()
    for requests in batches:
        for request in requests:
            input_queue.put(request)
        input_queue.postpone_replies()
    for request in after:
        input_queue.put(request)
    input_queue.resume_postponed()
    all_requests = [*(request for requests in batches for request in requests), *after]
    replies = [request for request in all_requests if isinstance(request, Submitted | PastedLines)]
    assert [
        request for request in drained(input_queue) if isinstance(request, Submitted | PastedLines)
    ] == replies
