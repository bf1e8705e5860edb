"""Refuse a commit message whose subject is missing or longer than 72 characters: a git hook.

python tools/check_commit_subject.py FILE
"""

import sys
from pathlib import Path

LONGEST = 72
"""How many characters of a subject `git log --oneline` shows in a terminal 80 cells wide."""


def main(file: str) -> str:
    """Return what is wrong with the message in `file`; "" where nothing is."""
    subject = Path(file).read_text("utf-8").partition("\n")[0].strip()
    if not subject:
        return "The commit needs a subject: one imperative, such as 'Name the lock's file'."
    if len(subject) > LONGEST:
        return f"The subject has {len(subject)} characters; {LONGEST} is the most: {subject}"
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) or 0)
