"""How many days a record has been open, or was."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from states.lifecycle import Kind, Lifecycle
from states.working_days import today


def days_open(one: Lifecycle, fields: Mapping[str, Any], day: date) -> int | None:
    """Out of its `state`, `opened_at` and `closed_at`; None while it rests, for then nobody is waited for."""
    if one.steps[fields["state"]].kind is Kind.RESTING:
        return None
    until = today(fields["closed_at"]) if fields["closed_at"] else day
    return (until - today(fields["opened_at"])).days
