"""Small banks as text, and what every refusal of a bank has in common."""

import unicodedata

from workshop.errors import WorkshopError

UNSPEAKABLE = {"Cc", "Cs", "Zl", "Zp"}
"""Controls, lone surrogates and line ends have no place in a message."""

TINY = """\
id: tiny
version: 1
title: Tiny
language: en
canvas: |
  left right
  left right
blocks:
  - id: left
    title: Left
    family: customer
    minutes: 5
    purpose: What the left is for.
    questions:
      - id: who
        ask: Who 1) comes and 2) goes?
        help: Name them.
        example: The baker.
        aspects: [comes, goes]
  - id: right
    title: Right
    family: finance
    minutes: 5
    purpose: What the right is for.
    questions:
      - id: what
        ask: What does it cost?
        help: In euros.
        example: Ten.
"""
LEVELLED = (
    TINY.replace(
        "blocks:\n",
        "levels:\n"
        "  - {id: upper, title: Upper, voice: we}\n"
        "  - {id: lower, title: Lower, voice: you}\n"
        "walk:\n"
        "  - upper.left\n"
        "  - lower.right\n"
        "blocks:\n",
    )
    .replace("- id: who\n", "- id: who\n        level: upper\n")
    .replace("- id: what\n", "- id: what\n        level: lower\n")
)


def is_one_sentence(error: WorkshopError) -> None:
    assert {unicodedata.category(c) for c in error.message}.isdisjoint(UNSPEAKABLE)
    assert error.message.endswith(".")
    assert not error.message.endswith("..")
    assert len(error.message) < 500
