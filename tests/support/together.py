"""Several things at the very same time."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
LONGEST = 60.0


def together(calls: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Call them all from threads that start at one signal; what each gave or raised, in their order."""
    barrier = threading.Barrier(len(calls))
    results: list[T | Exception] = [RuntimeError("it never ended")] * len(calls)

    def run(index: int, call: Callable[[], T]) -> None:
        try:
            barrier.wait(LONGEST)
            results[index] = call()
        except Exception as error:  # noqa: BLE001 - handed back to the test
            results[index] = error

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    return results
