"""Which of the hostile texts are tried: all of them, or fewer for a quick try."""

from faults.counts import chance, count
from hostile import HOSTILE, SAMPLE

TEXTS = count("HOSTILE", len(HOSTILE))


def texts() -> tuple[str, ...]:
    """Return as many hostile texts as are asked for, and never fewer than one of each kind."""
    others = [text for text in HOSTILE if text not in SAMPLE]
    more = chance("hostile").sample(others, max(min(TEXTS, len(HOSTILE)) - len(SAMPLE), 0))
    return (*SAMPLE, *more)
