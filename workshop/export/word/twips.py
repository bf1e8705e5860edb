"""Lengths as Word counts them: in twips, of which a point has twenty."""

PER_POINT = 20


def in_twips(points: float) -> int:
    """Return a length in points as whole twips."""
    return round(points * PER_POINT)
