"""Lengths in twips, Word's unit: twenty to the point."""

PER_POINT = 20


def in_twips(points: float) -> int:
    """Return a length in points as a whole number of twips."""
    return round(points * PER_POINT)
