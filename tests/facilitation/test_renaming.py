"""/title and /name: what the session and its models are called from then on."""

import pytest
from conversation_support import Talk

from workshop.facilitation.messages import BlockOpened, message_lines
from workshop.session.events import LevelNamed, TitleSet
from workshop.session.shown import shown_session


@pytest.fixture
def two_models(start) -> Talk:
    """Return a session of two models, of which the higher one has a name."""
    return start("alignment", names={"higher": "Acme"})


def title(talk: Talk) -> str:
    return shown_session(talk.session, talk.state).title


def names(talk: Talk) -> dict[str, str]:
    return dict(shown_session(talk.session, talk.state).names)


# ── /title ───────────────────────────────────────────────────────────────────────────────────


def test_title_gives_the_session_another_title(talk: Talk) -> None:
    response = talk.say("/title  Acme,  2028 ")
    assert response.events == (TitleSet(title="Acme, 2028"),)
    assert talk.notices(response) == ("The session is called “Acme, 2028” now.")
    assert title(talk) == "Acme, 2028"


def test_title_alone_says_the_present_one(talk: Talk) -> None:
    assert "called “A session”" in talk.notices(talk.say("/title"))
    talk.say("/title Acme")
    response = talk.say("/title")
    assert response.events == ()
    assert "called “Acme”" in talk.notices(response)


def test_a_title_that_the_session_has_already_is_not_set_again(talk: Talk) -> None:
    response = talk.say("/title A session")
    assert response.events == ()
    assert "already" in talk.notices(response)


def test_a_title_may_have_200_characters_and_no_more(talk: Talk) -> None:
    talk.say(f"/title {'x' * 200}")
    assert title(talk) == "x" * 200
    response = talk.say(f"/title {'x' * 201}")
    assert (response.accepted, response.events) == (False, ())
    assert response.prompt == f"/title {'x' * 201}"
    assert "at most 200 characters; this has 201." in talk.notices(response)


def test_a_title_is_cleaned_and_put_on_one_line(talk: Talk) -> None:
    talk.say("/title \x1b]0;owned\x07one\n  two\u202e")
    assert title(talk) == "one two"


def test_undo_and_redo_change_the_title_back_and_again(talk: Talk) -> None:
    talk.say("/title One", "/title Two")
    assert talk.notices(talk.say("/undo")) == "Undone: the title “Two”. /redo brings it back."
    assert title(talk) == "One"
    talk.say("/undo")
    assert title(talk) == "A session"
    talk.say("/redo")
    assert talk.notices(talk.say("/redo")) == "Done again: the title “Two”."
    assert title(talk) == "Two"


# ── /name ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("level", ["higher", "HIGHER", "higher model", "acme", " Acme  "])
def test_a_model_is_named_by_its_id_its_title_or_its_present_name(
    two_models: Talk, level: str
) -> None:
    response = two_models.say(f"/name {level}= Zenith = all of it")
    assert response.events == (LevelNamed(level="higher", name="Zenith = all of it"),)
    assert "“Acme” is called “Zenith = all of it” now." in two_models.notices(response)
    assert names(two_models) == {"higher": "Zenith = all of it"}


def test_a_new_name_is_said_at_once_and_reaches_its_blocks(two_models: Talk) -> None:
    response = two_models.say("/name lower = Sales", "/goto channels sales")
    opened = next(m for m in response.messages if isinstance(m, BlockOpened))
    assert "Channels · Sales" in message_lines(opened)[0]
    assert two_models.current_address == "channels.lower"


def test_a_model_without_a_name_is_called_as_in_the_bank_again(two_models: Talk) -> None:
    response = two_models.say("/name acme =")
    assert response.events == (LevelNamed(level="higher", name=""),)
    assert "“Acme” is called “Higher Model” now." in two_models.notices(response)
    assert two_models.notices(two_models.say("/undo")).startswith(
        "Undone: the name “Higher Model”."
    )
    assert names(two_models) == {"higher": "Acme"}


def test_name_alone_says_the_present_names(two_models: Talk) -> None:
    response = two_models.say("/name")
    assert response.events == ()
    assert two_models.notices(response) == (
        "The models: higher is “Acme”; lower is “Lower Model”. /name LEVEL = NAME changes one."
    )


def test_a_name_that_a_model_has_already_is_not_given_again(two_models: Talk) -> None:
    for words in ("/name higher = Acme", "/name lower =", "/name lower = Lower Model"):
        response = two_models.say(words)
        assert response.events == ()
        assert "already" in two_models.notices(response)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Zenith", "comes ="),
        ("middle = Zenith", "called “middle”"),
        ("= Zenith", "called “”"),
        (f"higher = {'x' * 61}", "at most 60 characters; this has 61"),
        ("\x1b[31mmiddle = Zenith", "called “middle”"),
    ],
)
def test_a_name_that_cannot_be_given_stays_in_the_prompt(
    two_models: Talk, words: str, reason: str
) -> None:
    response = two_models.say(f"/name {words}")
    assert (response.accepted, response.events) == (False, ())
    assert response.prompt == f"/name {words}".replace("\x1b[31m", "")
    assert reason in two_models.notices(response)


def test_a_name_that_two_models_have_chooses_neither(two_models: Talk) -> None:
    two_models.say("/name lower = acme")
    response = two_models.say("/name Acme = Zenith")
    assert (response.accepted, response.events) == (False, ())
    two_models.say("/name lower = Zenith")
    assert names(two_models) == {"higher": "Acme", "lower": "Zenith"}


def test_a_model_that_the_session_does_not_walk_takes_no_name(start) -> None:
    talk = start("alignment", level="higher")
    assert "lower is" not in talk.notices(talk.say("/name"))
    assert not talk.say("/name lower = Sales").accepted


def test_a_bank_of_one_model_has_none_to_name(talk: Talk) -> None:
    response = talk.say("/name")
    assert (response.accepted, response.prompt) == (True, "")
    response = talk.say("/name higher = Acme")
    assert (response.accepted, response.prompt) == (False, "/name higher = Acme")
    assert "only one model, so there is none to name" in talk.notices(response)
