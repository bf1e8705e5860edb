"""Chooses the hostile texts that are tried: all of them, or fewer for a quick run."""

from faults.counts import chance, count
from hostile import HOSTILE, SAMPLE

TEXTS = count("HOSTILE", len(HOSTILE))


def texts() -> tuple[str, ...]:
    """Return `TEXTS` hostile texts, but at least one of each kind."""
    others = [text for text in HOSTILE if text not in SAMPLE]
    chosen = chance("hostile").sample(others, max(min(TEXTS, len(HOSTILE)) - len(SAMPLE), 0))
    return (*SAMPLE, *chosen)
