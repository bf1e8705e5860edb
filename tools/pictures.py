"""Take a picture of every screen at three sizes, to look at: `make pictures`.

    python tools/pictures.py FOLDER

Writes SVG files, and PNG files beside them where rsvg-convert (Debian: librsvg2-bin) is installed.
"""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sample_session import make_sample_session

from workshop.client import Client
from workshop.frontends.tui.app import WorkshopApp
from workshop.live_session import LiveSession

SIZES = ((80, 24), (120, 40), (200, 50))
SCREENS = {"conversation": "", "help": "f1", "canvas": "f2", "outline": "f3", "review": "f4"}
"""The key that opens each screen."""


async def take_pictures(session: Path, folder: Path) -> None:
    """Write a picture of each screen of `session` at each size into `folder`."""
    for width, height in SIZES:
        live_session = LiveSession.open(session)
        try:
            app = WorkshopApp(Client(live_session))
            async with app.run_test(size=(width, height)) as pilot:
                for name, key in SCREENS.items():
                    await pilot.press(*([key] if key else []))
                    await pilot.pause()
                    _save(app.export_screenshot(), folder / f"{name}-{width}x{height}.svg")
                    await pilot.press(*(["escape"] if key else []))
        finally:
            live_session.close()


def _save(svg: str, path: Path) -> None:
    path.write_text(svg, "utf-8")
    print(path)
    if shutil.which("rsvg-convert"):
        subprocess.run(["rsvg-convert", path, "-o", path.with_suffix(".png")], check=True)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(take_pictures(make_sample_session(Path(temporary)), target))
