"""What a command line did, as the tests of the commands see it."""

import json
from collections.abc import Callable
from dataclasses import dataclass

IT, ALIGNMENT = "it_business_model_canvas", "business_model_alignment_canvas"


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> object:
        return json.loads(self.out)


Workshop = Callable[..., Outcome]


def new_session(workshop: Workshop, *arguments: str, bank: str = IT) -> str:
    """Return the path of a new session."""
    outcome = workshop("new", bank, "--no-open", *arguments)
    assert outcome.code == 0, outcome.err
    return outcome.out.strip()
