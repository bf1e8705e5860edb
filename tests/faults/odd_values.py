"""Values that no session has, to be written into the columns of one."""

import json
import random

from hostile import HOSTILE


def odd_value(choice: random.Random) -> object:
    """Return a value of any SQLite type that an untrusted file may have in a column."""
    return choice.choice(
        [None, 0, -1, 1, 2**63 - 1, -(2**63), 1.5, 1e308, float("inf"), "", " ", "0", "x" * 70_000,
         b"", b"\xff\xfe\x00", b"x" * 5_000, "\ud7ff\ue000", "{}", "[]", "null", '{"a": 1}',
         "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2027-03-01", "1e9", "-1",
         "\u0660\u0661", odd_text(choice), odd_text(choice), odd_json(choice)]
    )  # fmt: skip


def odd_text(choice: random.Random) -> str:
    """Return one of the hostile texts, in a form that SQLite can store."""
    text = choice.choice(HOSTILE)[:20_000]
    return text.encode("utf-8", "replace").decode()


def odd_json(choice: random.Random) -> str:
    """Return valid or malformed JSON that no event has."""
    number = choice.choice([3, 150, 3_000, 200_000])
    return choice.choice(
        ["[" * number, "[" * number + "]" * number, '{"a":' * number + "1" + "}" * number,
         '{"text": ' + "9" * number + "}", '{"text": "' + "x" * number + '"}', "1e" + "9" * 5,
         "NaN",
         '{"text": "\\ud800"}', '{"text": "a", "text": "b"}', "{" * number, '"', "\\u0000", "\x00",
         json.dumps({"question": "who.first", "text": odd_text(choice),
                     "participant": odd_text(choice)}),
         json.dumps({"answer": 1, "text": None, "dots": 2**70, "event": [], "question": {}}),
         json.dumps({f"k{n}": n for n in range(number // 30)})]
    )  # fmt: skip
