"""The facts that come with Sapat: tables in `data/`, one line each, columns by name."""

from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data"


@cache
def facts(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `data/<name>.tsv` by their column names."""
    head, *rows = (DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    columns = head.split("\t")
    return tuple(dict(zip(columns, row.split("\t"), strict=True)) for row in rows)
