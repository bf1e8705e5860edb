"""Words that look like a wish, and what is offered for them.

The facilitator never treats an answer as a command. "I don't know" may be an answer; so it offers
to skip, and only a second Enter does it.
"""

import re

from workshop.facilitation.messages import Suggestion

_LITERAL = "To record these words as your answer, put them in quotes."

_REQUESTS: tuple[tuple[str, str, str], ...] = (
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
    """Return what to offer for `text`, and the words of the offer; None where it is an answer."""
    if len(text) > 60:
        return None
    plain = text.casefold().replace("\u2019", "'").strip(" .!?\u2026")
    for pattern, command, ask in _REQUESTS:
        if re.fullmatch(pattern, plain):  # compiled, and kept by re, once somebody types
            return Suggestion(
                text, command
            ), f"{ask} Enter again for yes, or keep typing. {_LITERAL}"
    return None
