"""What a run is called where people look at it."""

from __future__ import annotations

from datetime import datetime

from prefect.runtime import flow_run

from workflows.chores import in_use
from workflows.rhythm import BISHKEK

TAG = "sapat"


def run_name() -> str:
    """`sweep 2026-11-21 09:00`: the flow and the moment it runs for, in Bishkek."""
    at = flow_run.parameters.get("at") or in_use().clock()
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{flow_run.flow_name} {moment.astimezone(BISHKEK):%Y-%m-%d %H:%M}"
