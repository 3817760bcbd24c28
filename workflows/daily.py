"""*daily*: what has a date of today comes into force, what is due for review is opened, histories are sealed."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import AwareDatetime

from workflows.chores import in_use, in_words, off_loop
from workflows.naming import run_name


# A second try is harmless, each record is moved once whatever happens, and gets over a database that was busy.
@flow(name="daily", flow_run_name=run_name, retries=1, retry_delay_seconds=1)
async def daily(at: AwareDatetime | None = None) -> State:
    """Wake what is due on the day of `at` (else today), open the periodic reviews due, then seal all histories."""
    chores = in_use()
    moment = at or chores.clock()
    counts = await off_loop(lambda: chores.daily(moment))
    return Completed(message=in_words(counts))
