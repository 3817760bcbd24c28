"""Axes: round numbers that people can count with."""

from math import floor, log10


def ticks(most: float, about: int, *, whole: bool = True) -> tuple[float, ...]:
    """From 0 to at least `most` in about so many equal steps of 1, 2 or 5 (times ten); in whole numbers if `whole`."""
    if most <= 0:
        return (0, 1)
    raw = most / about
    power = 10.0 ** floor(log10(raw))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= raw * 0.999)
    if whole:
        step = max(step, 1)
    count = 0
    while count * step < most * 0.999999:
        count += 1
    # Ten times a step and divided again: 3 × 0.1 is not 0.3.
    return tuple(round(step * number, 9) for number in range(count + 1))
