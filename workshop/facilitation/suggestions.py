"""Replies that sound like a request, and the command that the facilitator suggests for each.

The facilitator never treats an answer as a command. "I don't know" may be an answer, so it suggests
to skip, and only a second Enter does so.
"""

import re

from workshop.facilitation.messages import Suggestion

_QUOTING = "To record these words as your answer, put them in quotes."

_SUGGESTIONS: tuple[tuple[str, str, str], ...] = (
    # (pattern of the whole reply, suggested command, question to the participant)
    (
        r"skip|skip (this|it|that)( one| question)?|(i )?(do not|don't|dont) know|no idea|"
        r"dunno|pass|i have no idea|not sure|i'?m not sure",
        "/skip",
        "Skip this question?",
    ),
    (
        r"help|help me|what do you mean|what does (this|that|it) mean|what is meant|"
        r"i (do not|don't|dont) understand( this| that| the question)?|please explain|explain",
        "/help",
        "Shall I explain this question?",
    ),
    (
        r"(give me |show me )?(an )?examples?( please)?|for example|such as",
        "/example",
        "Show an example answer?",
    ),
    (r"next|next question|continue|go on", "/next", "Go on to the next question?"),
    (r"back|go back|previous|previous question", "/back", "Go back to the question before?"),
    (r"undo", "/undo", "Take back the last change?"),
    (r"quit|exit|bye|leave|stop|:q|:q!|:wq|q", "/quit", "Leave the session?"),
)


def find_suggestion(text: str) -> tuple[Suggestion, str] | None:
    """Return what to suggest for `text`, with its sentence, or None where `text` is an answer."""
    if len(text) > 60:
        return None
    plain = text.casefold().replace("\u2019", "'").strip(" .!?\u2026")
    for pattern, command, question in _SUGGESTIONS:
        if re.fullmatch(pattern, plain):  # `re` compiles each pattern once and caches it
            sentence = f"{question} Enter again for yes, or keep typing. {_QUOTING}"
            return Suggestion(text, command), sentence
    return None
