"""A session to be damaged and rescued."""

from pathlib import Path

import pytest
from rescue_support import Patient


@pytest.fixture
def patient(tmp_path: Path) -> Patient:
    return Patient(tmp_path)
