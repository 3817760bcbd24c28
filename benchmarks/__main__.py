"""`python -m benchmarks [name…]`: measure all, or what is named; figures go to latest.json."""

import sys
from collections.abc import Callable
from functools import partial
from time import perf_counter

from benchmarks import (
    board,
    deciding,
    decision,
    deliver,
    differences,
    fire,
    pages,
    prints,
    readings,
    serving,
    sweep,
    verify,
)
from benchmarks.figures import Figure, keep, show
from benchmarks.places import postgres_is_there

BENCHMARKS: dict[str, Callable[[], dict[str, Figure]]] = {
    "decision_sqlite": partial(decision.measure, "sqlite"),
    "decision_postgres": partial(decision.measure, "postgres"),
    "decision_http": deciding.measure,
    "sweep_sqlite": partial(sweep.measure, "sqlite"),
    "sweep_postgres": partial(sweep.measure, "postgres"),
    "verify_sqlite": partial(verify.measure, "sqlite"),
    "verify_postgres": partial(verify.measure, "postgres"),
    "deliver_1000": deliver.measure,
    "lifecycle_fire": fire.measure,
    "differences": differences.measure,
    "mail_latency": serving.mail_latency,
    "start": serving.start,
    "idle": serving.idle,
    "pages": pages.measure,
    "prints": prints.measure,
    "readings_sqlite": partial(readings.measure, "sqlite"),
    "readings_postgres": partial(readings.measure, "postgres"),
    "board_sqlite": partial(board.measure, "sqlite"),
    "board_postgres": partial(board.measure, "postgres"),
}


def main(names: list[str]) -> int:
    """Run the benchmarks named (all of them, where none is)."""
    if unknown := set(names) - set(BENCHMARKS):
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    missing = 0
    for name in names or BENCHMARKS:
        if name.endswith("_postgres") and not postgres_is_there():
            print(f"{name}: NOT RUN. There is no PostgreSQL: name one in SAPAT_TEST_POSTGRES.", file=sys.stderr)
            missing += 1
            continue
        begun = perf_counter()
        figures = BENCHMARKS[name]()
        show(figures.items())
        print(f"{name}: took {perf_counter() - begun:.0f} s", flush=True)
        keep(figures)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
