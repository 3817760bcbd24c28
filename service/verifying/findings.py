"""What a verification says: the first thing wrong with each record, what is wrong elsewhere, how much it saw."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from states.text import N_

MOST: Final = 100
COUNTED: Final = ("record", "entry", "signature", "seal", "leaf", "event")

NOT_OURS = N_("this is not a line that Sapat writes")
OUT_OF_PLACE = N_("this does not stand where it belongs")
GONE = N_("entries are missing here: %(since)s to %(until)s")
TWICE = N_("two entries have this number")
CHANGED = N_("this entry is not what was written: its facts do not make its hash")
CUT = N_("this entry does not follow on the one before it")
JUMP = N_("this entry begins in “%(begins)s”, the one before it ended in “%(ended)s”")
LAST_GONE = N_("the last entries are missing: the record has made %(version)s moves")
HEAD = N_("the record does not say what its last entry says: %(field)s")
NO_HISTORY = N_("the record has no history")
NO_RECORD = N_("the history has no record")
SEALED_GONE = N_("what was sealed is missing: entry %(until)s")
REWRITTEN = N_("the history was written anew: an entry from %(since)s to %(until)s is not what was sealed")
LEAVES = N_("the seals do not name this record in their order")
SIGNATURE_CHANGED = N_("the signature is not what was signed")
SIGNATURE_GONE = N_("the signature is missing")
SIGNATURE_ASTRAY = N_("the signature does not belong to this entry")
VOIDED = N_("the signature was not voided by what it says")

SEAL_CHANGED = N_("the seal is not what was sealed: it does not make its hash")
SEAL_GONE = N_("seals are missing before this one")
SEAL_CUT = N_("the seal does not follow on the one before it")
NO_SEAL = N_("a seal that names records is not there")
ROOT = N_("the records named do not make the seal's root")
EVENTS = N_("the log of events, %(since)s to %(until)s, is not what was sealed")
PRINTED = N_("no seal is what was noted elsewhere: %(line)s")
NO_ROOT = N_("no seal has this root: %(root)s")
COUNTS = N_("the numbers of records or entries are not those that were announced")
DAMAGED = N_("it cannot be read to its end: %(why)s")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was touched. `sentence` is a msgid with `facts`; `sealed_at` is when it was first sealed."""

    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    record_id: str | None = None
    code: str | None = None
    seq: int | None = None
    seal: int | None = None
    sealed_at: str | None = None


@dataclass(slots=True)
class Report:
    """What was seen. `touched` counts records; `records` keeps the first finding of each of the first hundred.

    `since_seal` entries are newer than the last seal of their record: only the chain protects them. `events_since`
    are the events that no seal covers: nothing protects them yet. `dated_back`
    entries were first sealed more than a day after a seal that was made after the moment they give: somebody entered
    them later than they say, or a clock was wrong. That is no fault by itself.
    """

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    touched: int = 0
    records: list[Finding] = field(default_factory=list)
    others: list[Finding] = field(default_factory=list)
    since_seal: int = 0
    events_since: int = 0
    dated_back: int = 0
    last_seal: Mapping[str, Any] | None = None

    @property
    def well(self) -> bool:
        """Whether nothing was touched."""
        return not self.touched and not self.others

    @property
    def first(self) -> Finding | None:
        """The first record that was touched; where none was, the first of what else was."""
        return next(iter([*self.records, *self.others]), None)

    def add(self, finding: Finding) -> None:
        """Keep what is wrong elsewhere than in a record."""
        if len(self.others) < MOST:
            self.others.append(finding)
