"""Prefect's server alone in a process, as Sapat embeds it: the limit of what Sapat needs at rest.

python -m benchmarks.bare_prefect HOME PORT
"""

import sys
import threading
from pathlib import Path

from workflows.embedded import EmbeddedPrefect

if __name__ == "__main__":
    prefect = EmbeddedPrefect(Path(sys.argv[1]), int(sys.argv[2]))
    prefect.start()
    threading.Event().wait()
