"""*sweep*: whoever is late hears of it, then whoever is above."""

from __future__ import annotations

from prefect import flow
from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import AwareDatetime

from workflows.chores import Swept, in_use, in_words, off_loop
from workflows.naming import run_name

ROWS_SHOWN = 200


# A second try is harmless: every notice has a key and is put into the outbox once.
@flow(name="sweep", flow_run_name=run_name, retries=1, retry_delay_seconds=1)
async def sweep(at: AwareDatetime | None = None) -> State:
    """Remind and escalate what is due at `at` (else now), and leave a table of what was said to whom."""
    chores = in_use()
    moment = at or chores.clock()
    swept = await off_loop(lambda: chores.sweep(moment))
    if swept.rows:
        await acreate_table_artifact(key="sweep", table=swept.rows[:ROWS_SHOWN], description=summary(swept))
    return Completed(message=in_words(swept.counts))


def summary(swept: Swept) -> str:
    """The Markdown above the table: the counts, and how many rows are not shown."""
    lines = ["### Told in this sweep", "", *(f"- {what}: **{n}**" for what, n in swept.counts.items())]
    if (more := len(swept.rows) - ROWS_SHOWN) > 0:
        lines += ["", f"The first {ROWS_SHOWN} are shown; **{more}** more were told as well."]
    return "\n".join(lines)
