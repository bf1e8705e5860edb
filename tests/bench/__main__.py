"""Print every bench's figures: `python tests/bench`. Ratios against a floor in the same run."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import bench_keystroke  # noqa: E402
import bench_start  # noqa: E402

if __name__ == "__main__":
    bench_start.main()
    bench_keystroke.main()
