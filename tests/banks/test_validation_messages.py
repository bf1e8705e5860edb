"""What pydantic finds wrong with a value, in words for people."""

import re
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

import workshop
from workshop.banks.model import Question
from workshop.banks.validation_messages import PATTERNS, describe_error
from workshop.session import hash_chain

TEXT = {"id": "x", "ask": "a", "help": "b", "example": "c"}


class Odd(BaseModel):
    whole: int = 1
    part: float = 1
    least: Annotated[int, Field(ge=2, lt=9)] = 2
    more: Annotated[float, Field(gt=0, le=3)] = 1
    flag: bool = True
    voice: Literal["we", "you"] = "we"
    names: dict[str, str] = {}
    short: Annotated[str, Field(min_length=1, max_length=3)] = "x"
    several: Annotated[tuple[int, ...], Field(min_length=2)] = (1, 2)
    inner: Question | None = None
    raw: bytes = b""


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"whole": "x"}, "a whole number was expected"),
        ({"whole": 1.5}, "a whole number was expected"),
        ({"whole": "9" * 5_000}, "the number is too large"),
        ({"part": "x"}, "a number was expected"),
        ({"least": 1}, "a number of at least 2 was expected"),
        ({"least": 9}, "a number of less than 9 was expected"),
        ({"more": 0}, "a number of more than 0 was expected"),
        ({"more": 4}, "a number of at most 3 was expected"),
        ({"flag": "maybe"}, "true or false was expected"),
        ({"voice": "they"}, "'we' or 'you' was expected"),
        ({"names": []}, "keys with values were expected"),
        ({"short": ""}, "it is empty"),
        ({"short": "long"}, "it is too long: 3 is the most"),
        ({"short": None}, "text was expected"),
        ({"several": [1]}, "it is too short: 2 is the least"),
        ({"several": 1}, "a list was expected"),
        ({"inner": 1}, "keys with values were expected"),
        ({"inner": {**TEXT, "id": "X"}}, PATTERNS[r"^[a-z][a-z0-9_]{0,59}$"]),
        ({"inner": {**TEXT, "idd": "X"}}, "there is no such key here"),
        ({"inner": {"id": "x"}}, "this key is missing"),
        (
            {"inner": {**TEXT, "aspects": ["z"]}},
            "the aspect 'z' is not part of the question's words",
        ),
        ({"raw": 1}, "another kind of value was expected"),
    ],
)  # fmt: skip
def test_an_error_is_described_in_words_for_people(values: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Odd.model_validate(values)
    assert describe_error(caught.value.errors()[0]) == said


def test_every_pattern_that_a_text_must_follow_has_a_name() -> None:
    source = "".join(p.read_text("utf-8") for p in Path(workshop.__file__).parent.rglob("*.py"))
    found = set(re.findall(r'Field\(pattern=rf?"(.*?)"\)', source))
    found = {
        p.replace("{{{2 * hash_chain.HASH_LENGTH}}}", f"{{{2 * hash_chain.HASH_LENGTH}}}")
        for p in found
    }
    assert found == set(PATTERNS)
