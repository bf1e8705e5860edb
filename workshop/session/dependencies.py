"""Which events rest on which: what another seat has changed since is not taken back.

Taking an event back, or doing it again, would hide or contradict later changes of the things that
it concerns. In both functions, `question` is the address of the question that the event is about.
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


def changed_things(event: Event, question: str) -> frozenset[Thing]:
    """Return what an event changes where it counts, and what changes when it no longer does."""
    match event.body:
        case AnswerAdded():
            things = {("answers", question), ("presence", event.id)}
        case AnswerEdited(answer=answer):
            things = {("text", answer)}
        case AnswerRemoved(answer=answer):
            things = {("answers", question), ("presence", answer)}
        case VoteCast(answer=answer):
            things = {("votes", answer)}
        case QuestionSkipped():
            things = {("skip", question)}
        case TitleSet():
            things = {("title", "")}
        case LevelNamed(level=level):
            things = {("level", level)}
        case _:
            things = set[Thing]()
    return frozenset(things)


def concerned_things(event: Event, question: str) -> frozenset[Thing]:
    """Return the things whose later change keeps an event from being taken back or done again.

    A question is skipped because it has no answers, so an answer neither comes nor goes behind a
    skip. Dots add up in any order, so those of others do not keep one's own.
    """
    match event.body:
        case AnswerAdded():
            answer = event.id
        case AnswerRemoved(answer=answer):
            pass
        case AnswerEdited(answer=answer):
            return frozenset({("text", answer), ("presence", answer)})
        case VoteCast(answer=answer):
            return frozenset({("presence", answer)})
        case QuestionSkipped():
            return frozenset({("skip", question), ("answers", question)})
        case _:
            return changed_things(event, question)
    things = {(kind, answer) for kind in ("text", "presence", "votes")}
    return frozenset(things | {("skip", question)})
