"""Figures: a value, the limit measured beside it, and their ratio; printed as a table, kept in latest.json."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

LATEST = Path(__file__).parent / "latest.json"
Round = Callable[[int], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """For rates `ratio` is value ÷ limit and wants to be high, for times (and sizes) too, but wants to be low."""

    value: float
    unit: str
    limit: float
    ratio: float


def interleaved(rounds: int, measures: Sequence[Round]) -> list[list[float]]:
    """Run the measures in turn, round after round, each first as often as any other; one list for each measure."""
    seen: list[list[float]] = [[] for _ in measures]
    for one in range(rounds):
        order = range(len(measures))
        for which in order if one % 2 == 0 else reversed(order):
            seen[which].append(measures[which](one))
    return seen


def beside(unit: str, values: Sequence[float], limits: Sequence[float]) -> Figure:
    """Medians, and the median of the ratios within each round: what slows one round slows both sides of it."""
    ratio = median(value / limit for value, limit in zip(values, limits, strict=True))
    return Figure(round(median(values), 4), unit, round(median(limits), 4), round(ratio, 3))


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def show(figures: Iterable[tuple[str, Figure]]) -> None:
    """Print a short table."""
    print(f"{'':<26}{'value':>12} {'unit':<14}{'limit':>12}{'ratio':>8}")
    for name, one in figures:
        print(f"{name:<26}{one.value:>12,.4g} {one.unit:<14}{one.limit:>12,.4g}{one.ratio:>8.2f}", flush=True)


def keep(figures: dict[str, Figure]) -> None:
    """Put the figures into latest.json, beside those that were not measured this time."""
    known = json.loads(LATEST.read_text("utf-8")) if LATEST.exists() else {}
    known |= {name: asdict(one) for name, one in figures.items()}
    LATEST.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", "utf-8")
