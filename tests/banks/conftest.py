"""The shipped banks, read once."""

import pytest

from workshop.banks.model import Bank
from workshop.banks.shipped import banks_directory
from workshop.banks.yaml_loader import load_bank


@pytest.fixture(scope="session")
def it_bank() -> Bank:
    return load_bank(banks_directory() / "it_business_model_canvas.yaml")


@pytest.fixture(scope="session")
def alignment_bank() -> Bank:
    return load_bank(banks_directory() / "business_model_alignment_canvas.yaml")
