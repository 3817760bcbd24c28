"""An audit is one more lifecycle: so is one that nobody has heard of, with a part, a named player and a record to open.

It stands in files of its own (tests/web/throwaway), and no page, form, list, route, flow or table of roles knows it.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What the engine makes of it; and what holds for every lifecycle there is. Each with a test that is sure to be there.
INSIDE = (["tests/web/throwaway/check_lifecycle.py"], "TestItsApi")
OF_EVERY_LIFECYCLE = (["tests/states/test_lifecycles.py", "tests/states/test_drawing.py"], "lesson_visit-advise")


@pytest.mark.parametrize(("tests", "among_them"), [INSIDE, OF_EVERY_LIFECYCLE], ids=["engine", "declaration"])
class TestALifecycleThatNobodyKnows:
    def test_works_from_its_own_files_alone(self, tests: list[str], among_them: str) -> None:
        # A process of its own: the lifecycles there are are found once, before anything else is imported.
        options = ["-vv", "-p", "no:cacheprovider", "-p", "tests.web.throwaway.plugin"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        assert among_them in done.stdout
