"""Which events rest on which: what another seat has changed since is not taken back.

Each event changes one thing. Taking an event back, or doing it again, would hide or contradict
later changes of the things that it concerns.
"""

from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    Event,
    LevelNamed,
    QuestionSkipped,
    TitleSet,
    VoteCast,
)

Thing = tuple[str, str]
"""Something that an event changes: its kind, and the id of the answer, question or level."""


def changed_thing(event: Event) -> Thing | None:
    """Return what an event changes, or None if nothing rests on that."""
    match event.body:
        case AnswerAdded(question=question):
            return ("answers", question)
        case AnswerEdited(answer=answer):
            return ("text", answer)
        case AnswerRemoved(answer=answer):
            return ("removal", answer)
        case VoteCast(answer=answer):
            return ("votes", answer)
        case QuestionSkipped(question=question):
            return ("skip", question)
        case TitleSet():
            return ("title", "")
        case LevelNamed(level=level):
            return ("level", level)
        case _:
            return None


def concerned_things(event: Event, question: str) -> frozenset[Thing]:
    """Return the things whose later change keeps an event from being taken back or done again.

    `question` is the address of the question of the answer that the event is about. A question is
    skipped because it has no answers, so an answer neither comes nor goes behind a skip. Dots add
    up in any order, so those of others do not keep one's own.
    """
    match event.body:
        case AnswerAdded():
            answer = event.id
        case AnswerRemoved(answer=answer):
            pass
        case AnswerEdited(answer=answer):
            return frozenset({("text", answer), ("removal", answer)})
        case VoteCast(answer=answer):
            return frozenset({("removal", answer)})
        case QuestionSkipped(question=skipped):
            return frozenset({("skip", skipped), ("answers", skipped)})
        case _:
            return frozenset(filter(None, [changed_thing(event)]))
    things = {(kind, answer) for kind in ("text", "removal", "votes")}
    return frozenset(things | {("skip", question)})
