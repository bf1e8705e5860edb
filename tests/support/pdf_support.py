"""What the tests of the PDF share beside their fixtures."""

import os

import pytest

COPY = 'while [ $# -gt 1 ]; do [ "$1" = --outdir ] && out="$2"; shift; done; '
"""Shell: puts the folder that is asked for into `out`."""
needs_scripts = pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
