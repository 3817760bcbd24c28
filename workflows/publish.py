"""*publish*: what came into force is rendered, stamped and sealed as one PDF."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import AwareDatetime

from workflows.chores import in_use, in_words, off_loop
from workflows.naming import run_name


# No second try: a file that could not be made waits, and is looked at again when its time has come.
@flow(name="publish", flow_run_name=run_name)
async def publish(at: AwareDatetime | None = None) -> State:
    """Make the controlled files that were asked for, a bounded number, each whole or not at all."""
    chores = in_use()
    moment = at or chores.clock()
    counts = await off_loop(lambda: chores.publish(moment))
    return Completed(message=in_words(counts))
