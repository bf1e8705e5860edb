"""The table and the parser of commands; a mistyped command stays in the prompt."""

from typing import get_args

import pytest

from workshop.facilitation import slash_commands
from workshop.facilitation.messages import View
from workshop.facilitation.slash_commands import COMMANDS, Call, NoSuchCommand, completions, parse

NEED_WORDS = ["goto", "delete", "vote", "park", "action", "find", "as",
              "copy"]  # fmt: skip
OPTIONAL = ["skip", "edit", "title", "name"]
STAND_ALONE = ["next", "back", "undo", "redo", "help", "example", "why", "canvas", "review",
               "report", "quit"]  # fmt: skip


def test_the_table_has_every_command_once() -> None:
    assert sorted(c.name for c in COMMANDS) == sorted(get_args(slash_commands.Name))
    assert {c.group for c in COMMANDS} == set(get_args(slash_commands.Group))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.name)
def test_every_command_is_parsed_in_any_case_and_completed(command: slash_commands.Command) -> None:
    assert parse(f"/{command.name}") == Call(command, "")
    assert parse(f"/{command.name.upper()}   some  words ") == Call(command, "some  words")
    assert command in completions(f"/{command.name[:2]}")
    assert command in completions("/")
    assert command.usage.startswith(f"/{command.name}")
    assert command.description[0].islower()
    assert not command.description.endswith(".")


@pytest.mark.parametrize("text", ["an answer", "", "//next", "//", " /next", "1/2", "@Anna /next"])
def test_text_that_does_not_begin_with_exactly_one_slash_is_an_answer(text: str) -> None:
    assert parse(text) is None


def test_line_ends_in_the_arguments_of_a_command_stay() -> None:
    call = parse("/edit\n2 one\ntwo")
    assert isinstance(call, Call)
    assert (call.command.name, call.words) == ("edit", "2 one\ntwo")


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [("nxt", "next"), ("n", "next"), ("exampel", "example"), ("g", "goto"), ("qiut", "quit"),
     ("REVEIW", "review"), ("xyzzy", None), ("", None), ("1", None)],
)  # fmt: skip
def test_an_unknown_command_names_the_nearest(typed: str, nearest: str | None) -> None:
    unknown = parse(f"/{typed} words")
    assert isinstance(unknown, NoSuchCommand)
    assert unknown.typed == typed
    assert (unknown.nearest.name if unknown.nearest else None) == nearest


@pytest.mark.parametrize("text", ["next", "//", "/next ", "/next\n", "/zzz"])
def test_only_the_beginning_of_a_command_is_completed(text: str) -> None:
    assert completions(text) == ()


@pytest.mark.parametrize("typed", ["/nxt", "/etc is full", "/\x1b[31mnxt"])
def test_an_unknown_command_stays_in_the_prompt(talk, typed: str) -> None:
    response = talk.say(typed)
    assert (response.accepted, response.events) == (False, ())
    assert response.prompt == typed.replace("\x1b[31m", "")
    assert "There is no command" in talk.notices(response)
    assert "//" in talk.notices(response)


def test_a_slash_alone_lists_the_commands(talk) -> None:
    assert talk.say("/").view is View.COMMANDS


@pytest.mark.parametrize("name", NEED_WORDS)
def test_a_command_without_its_argument_says_what_is_missing(talk, name: str) -> None:
    response = talk.say(f"/{name.upper()}  ")
    (command,) = (c for c in COMMANDS if c.name == name)
    assert (response.accepted, response.events, response.view) == (False, (), None)
    assert response.prompt == f"/{name} "
    assert command.usage in talk.notices(response)


@pytest.mark.parametrize("name", STAND_ALONE)
def test_a_command_without_arguments_is_refused_with_words(talk, name: str) -> None:
    typed = f"/{name} of the year"
    response = talk.say(typed)
    assert (response.accepted, response.events, response.view) == (False, (), None)
    assert response.prompt == typed
    talk.say(f"/{typed}")
    assert talk.texts() == [typed]


def test_every_command_is_tried_with_or_without_an_argument() -> None:
    assert {c.name for c in COMMANDS} == {*NEED_WORDS, *STAND_ALONE, *OPTIONAL}
