"""What is said of half-typed text that waits for others, or elsewhere."""

import pytest

from workshop.facilitation.draft_notices import WaitingDraft, other_drafts_notice
from workshop.session.session import MAX_NAME


@pytest.fixture
def note(talk):
    """Return what makes the note on texts, each given as participant, stop of the walk, words."""

    def said(*waiting: tuple[str, str | int, str], speaker: str = "Facilitator") -> str:
        stops = talk.session.stops
        texts = [
            WaitingDraft(who, stops[at] if isinstance(at, int) else at, words)
            for who, at, words in waiting
        ]
        return other_drafts_notice(talk.session, talk.state, speaker, texts)

    return said


def test_what_the_speaker_typed_here_is_no_news(note) -> None:
    assert note() == ""
    assert note(("facilitator", 0, "half")) == ""
    assert note(("Anna", 0, "")) == ""


def test_somebody_else_s_text_at_this_question_is_a_command_away(note, talk) -> None:
    said = note(("Anna", 0, "half"))
    assert said == "Half-typed text of Anna waits here: /as Anna brings it back."
    talk.go_to_the_end()
    assert note(("Anna", "", "half")) == said


def test_the_way_to_another_question_is_said_and_leads_there(note, talk) -> None:
    said = note(("Facilitator", 3, "half"), ("Anna", 1, "half"))
    assert said == (
        "Half-typed text of Anna waits at Customer Environment: /goto 1.2 and then /as Anna bring "
        "it back. Half-typed text of yours waits at Business domain: /goto 2.2 brings it back."
    )
    for command, stop in (("/goto 1.2", 1), ("/goto 2.2", 3)):
        talk.say(command)
        assert talk.current_address == talk.session.stops[stop]


def test_after_the_last_question_is_a_place_too(note) -> None:
    assert note(("Facilitator", "", "half"), ("Anna", "", "half")) == (
        "Half-typed text of Anna waits after the last question: /as Anna brings it back. "
        "Half-typed text of yours waits after the last question."
    )


def test_many_are_counted_after_the_first_two(note) -> None:
    people = [(name, 0, "half") for name in ("Anna", "Ben", "Cara", "Dan")]
    assert note(*people[:3]).endswith(" /as Ben brings it back. 1 more waits.")
    assert note(*people).endswith(" /as Ben brings it back. 2 more wait.")
    assert note(("Zoe", 4, "half"), *people).startswith("Half-typed text of Anna waits here")


@pytest.mark.parametrize("name", ["", "@Anna", "Anna\nBen", "x" * (MAX_NAME + 1)])
def test_text_that_no_command_brings_back_is_said_itself(note, name: str) -> None:
    said = note((name, 0, "my [b]words[/]\nhere"))
    assert said.endswith("waits where no command leads: “my [b]words[/] here”.")
    assert "\n" not in said


def test_text_at_a_question_that_is_not_asked_is_said_itself(note) -> None:
    said = note(("Anna", "gone.question", "half"))
    assert said == "Half-typed text of Anna waits where no command leads: “half”."
