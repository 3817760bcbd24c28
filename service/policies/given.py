"""A ladder as programs and forms give it: rungs in any order, each with its days, whom it tells and by which way."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from states.lifecycle import Channel, Ladder
from states.policies import TOLD, ladder_from
from states.refusals import Incomplete
from states.roles import Role
from states.text import N_

CHANNELS: Final = tuple(channel.value for channel in Channel)
PARTS: Final = tuple(role.value for role in TOLD)


def ladder_given(raw: Any) -> Ladder | None:
    """The ladder of `{"rungs": [{"days", "to": [part], "channel"}], "again": {"days", "channel"}}`; None of None.

    `days` below 0 are before the due day; a channel that is not said is the mail. Raises Incomplete.
    """
    if raw is None:
        return None
    if not isinstance(raw, Mapping) or set(raw) != {"rungs", "again"} or not isinstance(raw["rungs"], list):
        raise Incomplete({"ladder": N_("Give the rungs, and how often the last reminder is repeated.")})
    again = raw["again"]
    if not isinstance(again, Mapping) or "to" in again:
        raise Incomplete({"again": _ODD})
    rungs = [_rung(one, "rungs") for one in raw["rungs"]]
    rungs.sort(key=lambda rung: rung["days"])
    return ladder_from({"rungs": rungs, "again": _rung({**again, "to": [Role.HOLDER.value]}, "again")})


def _rung(raw: Any, name: str) -> dict[str, Any]:
    if not isinstance(raw, Mapping) or not {"days", "to"} <= set(raw) <= {"days", "to", "channel"}:
        raise Incomplete({name: _ODD})
    days, to, channel = raw["days"], raw["to"], raw.get("channel", Channel.MAIL.value)
    # bool is an int in Python; a client that sends true for a count is mistaken.
    if not isinstance(days, int) or isinstance(days, bool):
        raise Incomplete({name: N_("Give whole numbers of working days.")})
    if not isinstance(to, Sequence) or isinstance(to, str) or not all(part in PARTS for part in to):
        raise Incomplete({name: N_("Say whom each rung tells.")})
    if channel not in CHANNELS:
        raise Incomplete({name: N_("Choose one of the answers.")})
    # In one order: two ladders that say the same are one.
    return {"days": days, "to": [part for part in PARTS if part in to], "channel": channel}


_ODD = N_("Say of each rung its days, whom it tells, and perhaps how.")
