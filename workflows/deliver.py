"""*deliver*: what waits in the outbox goes to the mail server."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import AwareDatetime

from workflows.chores import in_use, in_words
from workflows.naming import run_name


# No retries: the outbox keeps its own count of attempts for each mail, and the dispatcher comes back.
@flow(name="deliver", flow_run_name=run_name)
async def deliver(at: AwareDatetime | None = None) -> State:
    """Send what waits in the outbox: one run for the whole batch. `at`: the moment to send for, else now."""
    chores = in_use()
    counts = await chores.deliver(at or chores.clock())
    return Completed(message=in_words(counts))
