"""What this machine lacks: its tests are skipped and told about at the end, or fail where all must be run."""

import os
from typing import NoReturn

import pytest


def missing(what: str, how: str) -> NoReturn:
    """Skip the test for want of `what`; fail it where SAPAT_TEST_COMPLETE=1. `how` says how to have it."""
    complaint = f"{what} is missing, so this was not tried. To have it: {how}"
    if os.environ.get("SAPAT_TEST_COMPLETE") == "1":
        pytest.fail(complaint, pytrace=False)
    pytest.skip(complaint)
