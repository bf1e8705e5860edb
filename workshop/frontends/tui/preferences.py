"""What one person likes on this machine: the theme. It lies in the user's configuration."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import platformdirs

from workshop.errors import CannotWriteError


@dataclass(slots=True)
class Preferences:
    """The theme that was chosen last, and where that is kept."""

    path: Path
    theme: str = ""

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read the preferences; a file that is not there or not ours means none."""
        path = path or platformdirs.user_config_path("workshop") / "theme"
        try:
            theme = path.read_text("utf-8").strip()
        except (OSError, ValueError):
            return cls(path)
        return cls(path, theme)

    def keep_theme(self, theme: str) -> None:
        """Remember the theme; raises CannotWriteError where that is not possible."""
        self.theme = theme
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(theme + "\n", "utf-8")
        except OSError as error:
            raise CannotWriteError(
                f"The theme cannot be remembered ({self.path}: {error.strerror})."
            ) from error
