"""The notice about drafts that wait for other participants or at other questions."""

import pytest

from workshop.facilitation.draft_notices import WaitingDraft, other_drafts_notice
from workshop.session.session import MAX_NAME


@pytest.fixture
def notice(talk):
    """Return a function from drafts, each (participant, stop of the walk, text), to the notice."""

    def notice_for(*rows: tuple[str, str | int, str], speaker: str = "Facilitator") -> str:
        addresses = talk.session.addresses
        drafts = [
            WaitingDraft(participant, addresses[stop] if isinstance(stop, int) else stop, text)
            for participant, stop, text in rows
        ]
        return other_drafts_notice(talk.session, talk.state, speaker, drafts)

    return notice_for


def test_the_speakers_own_draft_at_this_question_is_not_announced(notice) -> None:
    assert notice() == ""
    assert notice(("facilitator", 0, "half")) == ""
    assert notice(("Anna", 0, "")) == ""


def test_a_draft_of_another_participant_here_is_brought_back_by_as(notice, talk) -> None:
    sentence = notice(("Anna", 0, "half"))
    assert sentence == "Half-typed text of Anna waits here: /as Anna brings it back."
    talk.go_to_the_end()
    assert notice(("Anna", "", "half")) == sentence


def test_the_notice_names_the_commands_that_lead_to_a_draft_elsewhere(notice, talk) -> None:
    sentence = notice(("Facilitator", 3, "half"), ("Anna", 1, "half"))
    assert sentence == (
        "Half-typed text of Anna waits at Customer Environment: /goto 1.2 and then /as Anna bring "
        "it back. Half-typed text of yours waits at Business domain: /goto 2.2 brings it back."
    )
    for command, stop in (("/goto 1.2", 1), ("/goto 2.2", 3)):
        talk.say(command)
        assert talk.current_address == talk.session.addresses[stop]


def test_drafts_after_the_last_question_are_announced(notice) -> None:
    assert notice(("Facilitator", "", "half"), ("Anna", "", "half")) == (
        "Half-typed text of Anna waits after the last question: /as Anna brings it back. "
        "Half-typed text of yours waits after the last question."
    )


def test_drafts_after_the_first_two_are_counted(notice) -> None:
    people = [(name, 0, "half") for name in ("Anna", "Ben", "Cara", "Dan")]
    assert notice(*people[:3]).endswith(" /as Ben brings it back. 1 more waits.")
    assert notice(*people).endswith(" /as Ben brings it back. 2 more wait.")
    assert notice(("Zoe", 4, "half"), *people).startswith("Half-typed text of Anna waits here")


@pytest.mark.parametrize("name", ["", "@Anna", "Anna\nBen", "x" * (MAX_NAME + 1)])
def test_a_draft_that_no_command_brings_back_is_quoted(notice, name: str) -> None:
    sentence = notice((name, 0, "my [b]words[/]\nhere"))
    assert sentence.endswith("waits where no command leads: “my [b]words[/] here”.")
    assert "\n" not in sentence


def test_a_draft_at_a_question_outside_the_walk_is_quoted(notice) -> None:
    sentence = notice(("Anna", "gone.question", "half"))
    assert sentence == "Half-typed text of Anna waits where no command leads: “half”."
