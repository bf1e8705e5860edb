"""Sessions and events in memory, for the report's tests."""

from functools import cache

from workshop.banks.registry import find_bank
from workshop.session.events import AnswerAdded, Event
from workshop.session.session import Session

IT, ALIGNMENT = "it_business_model_canvas", "business_model_alignment_canvas"
PEOPLE = ("Ann Berg", "Bob Dahl", "Cem Öz")

bank_called = cache(find_bank)


def session_on(bank, **given):
    return Session(
        **{
            "id": "0123456789abcdef" * 2,
            "title": "Port of Halden",
            "mode": "group",
            "bank": bank_called(bank) if isinstance(bank, str) else bank,
            "created": "2025-03-12T09:00:00Z",
            **given,
        }
    )


def event(number, body, at="2025-03-13T10:00:00.000Z"):
    return Event(f"{number:032x}", at, "Ann Berg", body)


def answer(number, question, text, participant="Facilitator"):
    return event(number, AnswerAdded(question=question, text=text, participant=participant))


def everything(session):
    """Every question answered with the bank's example, by three people in turn."""
    return [
        answer(n, a, session.question(a).example, PEOPLE[n % 3])
        for n, a in enumerate(session.addresses)
    ]


def many(session, count, text="Answer {n} is a statement of an ordinary length, as people give it"):
    return [
        answer(n, session.addresses[n % len(session.addresses)], text.format(n=n), PEOPLE[n % 3])
        for n in range(count)
    ]
