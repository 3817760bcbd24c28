"""One record with its history, the leaves that name it and its signatures: everything that can be wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from service.chain import entry_hash
from service.verifying import findings as say
from service.verifying.lines import Fields
from service.verifying.signed import check_signatures


class Problem(NamedTuple):
    """What is wrong with which entry."""

    sentence: str
    seq: int | None
    facts: Mapping[str, Any]


@dataclass(slots=True)
class Dossier:
    """The lines of one record; `odd` are problems of lines that could not even be taken in."""

    record_id: str
    record: Fields | None = None
    entries: list[Fields] = field(default_factory=list)
    leaves: list[Fields] = field(default_factory=list)
    signatures: list[Fields] = field(default_factory=list)
    odd: list[Problem] = field(default_factory=list)
    place: int = 0

    def problems(self) -> Iterator[Problem]:
        """What is wrong with it, in the order of its history; what the seals and signatures tell comes after."""
        yield from self.odd
        yield from self._chain()
        yield from self._head()
        yield from self._sealed()
        for sentence, seq in check_signatures(self.entries, self.signatures):
            yield Problem(sentence, seq, {})

    def _chain(self) -> Iterator[Problem]:
        previous, state, due = "", "", 1
        for entry in self.entries:
            seq = entry["seq"]
            if seq > due:
                yield Problem(say.GONE, due, {"since": due, "until": seq - 1})
            elif seq < due:
                yield Problem(say.TWICE, seq, {})
            if not _makes_its_hash(entry):
                yield Problem(say.CHANGED, seq, {})
            elif entry["previous"] != previous:
                yield Problem(say.CUT, seq, {})
            elif entry["from_state"] != state:
                yield Problem(say.JUMP, seq, {"begins": entry["from_state"], "ended": state})
            previous, state, due = entry["hash"], entry["to_state"], seq + 1

    def _head(self) -> Iterator[Problem]:
        if self.record is None:
            if self.entries or self.signatures:
                yield Problem(say.NO_RECORD, None, {})
            return
        if not self.entries:
            yield Problem(say.NO_HISTORY, None, {})
            return
        last = self.entries[-1]
        if self.record["version"] > last["seq"]:
            yield Problem(say.LAST_GONE, last["seq"] + 1, {"version": self.record["version"]})
        for name, same in (("version", "seq"), ("head", "hash"), ("state", "to_state")):
            if self.record[name] != last[same]:
                yield Problem(say.HEAD, last["seq"], {"field": name})

    def _sealed(self) -> Iterator[Problem]:
        by_seq = {entry["seq"]: entry["hash"] for entry in self.entries}
        good = 0
        for leaf in self.leaves:
            seq = leaf["seq"]
            if seq <= good:
                yield Problem(say.LEAVES, seq, {})
            elif seq not in by_seq:
                yield Problem(say.SEALED_GONE, seq, {"until": seq})
            elif by_seq[seq] != leaf["head"]:
                yield Problem(say.REWRITTEN, good + 1, {"since": good + 1, "until": seq})
            else:
                good = seq

    def sealed_in(self, seq: int | None) -> int | None:
        """The seal that was the first to cover the entry; None where none does."""
        found = (leaf["seal_number"] for leaf in self.leaves if seq is None or leaf["seq"] >= seq)
        return next(found, None)

    def since_seal(self) -> int:
        """How many entries are newer than the last leaf."""
        sealed = self.leaves[-1]["seq"] if self.leaves else 0
        return sum(entry["seq"] > sealed for entry in self.entries)


def _makes_its_hash(entry: Fields) -> bool:
    try:
        return bool(entry["hash"] == entry_hash(entry))
    except UnicodeEncodeError:  # half a sign: no text that was ever written
        return False
