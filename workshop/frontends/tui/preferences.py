"""The preferences of one person on this machine: the theme, in the user's configuration folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import platformdirs

from workshop.errors import CannotWriteError


@dataclass(slots=True)
class Preferences:
    """The theme that was chosen last, and the file that holds it."""

    path: Path
    theme: str = ""

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read the preferences; a file that is missing or cannot be read means none."""
        path = path or platformdirs.user_config_path("workshop") / "theme"
        try:
            theme = path.read_text("utf-8").strip()
        except (OSError, ValueError):
            return cls(path)
        return cls(path, theme)

    def save_theme(self, theme: str) -> None:
        """Save the theme. Raises CannotWriteError if that is not possible."""
        self.theme = theme
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(theme + "\n", "utf-8")
        except OSError as error:
            raise CannotWriteError(
                f"The theme cannot be remembered ({self.path}: {error.strerror})."
            ) from error
