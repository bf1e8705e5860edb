"""Lets the report's tests share `report_samples` and `docx_invariants`, which lie beside them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
