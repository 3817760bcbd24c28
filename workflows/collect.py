"""*collect*: mails that came to the university's address for complaints become nonconformities."""

from __future__ import annotations

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import AwareDatetime

from workflows.chores import in_use, in_words, off_loop
from workflows.naming import run_name


# No second try: the mailbox is looked at again in a minute.
@flow(name="collect", flow_run_name=run_name)
async def collect(at: AwareDatetime | None = None) -> State:
    """Take in what is new in the mailbox, each mail once, whatever dies in between."""
    chores = in_use()
    moment = at or chores.clock()
    counts = await off_loop(lambda: chores.collect(moment))
    return Completed(message=in_words(counts))
