"""The chain of seals: each follows on the one before, its leaves make its root, its events make their hash."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from hashlib import sha256

from service.verifying import findings as say
from service.verifying.findings import Finding
from service.verifying.lines import Fields, event_bytes, seal_hash
from service.verifying.merkle import Tree, leaf_bytes

Tell = Callable[[Finding], None]


class Seals:
    """All seals by number, and the trees and hashes that grow while what they sealed goes by."""

    def __init__(self, tell: Tell) -> None:
        self.by_number: dict[int, Fields] = {}
        self._tell = tell
        self._last: Fields | None = None
        self._trees: defaultdict[int, Tree] = defaultdict(Tree)
        self._open: deque[Fields] = deque()  # whose events have not all gone by
        self._events = sha256()
        self._since = 1

    def add(self, seal: Fields) -> None:
        """Take the next seal in."""
        number = seal["number"]
        before, previous = (self._last["number"], self._last["hash"]) if self._last else (0, "")
        if number != before + 1:
            self.wrong(seal, say.SEAL_GONE)
        if seal["hash"] != seal_hash(seal):
            self.wrong(seal, say.SEAL_CHANGED)
        elif seal["previous"] != previous:
            self.wrong(seal, say.SEAL_CUT)
        self.by_number[number] = self._last = seal
        self._open.append(seal)

    def add_event(self, event: Fields) -> bool:
        """Take the next event in; whether a seal covers it."""
        while self._open and event["number"] > self._open[0]["events_until"]:
            self._close_events()
        if self._open:
            self._events.update(event_bytes(event))
        return bool(self._open)

    def add_leaf(self, leaf: Fields) -> None:
        """Take the next leaf in, by record."""
        self._trees[leaf["seal_number"]].add(leaf_bytes(leaf["record_id"], leaf["seq"], leaf["head"]))

    def finish(self) -> None:
        """Say what does not add up, once everything has gone by."""
        while self._open:
            self._close_events()
        for number in sorted(set(self._trees) - set(self.by_number)):
            self._tell(Finding(say.NO_SEAL, seal=number))
        for number, seal in self.by_number.items():
            tree = self._trees[number]
            if (tree.leaves, tree.root()) != (seal["leaves"], seal["root"]):
                self.wrong(seal, say.ROOT)

    def compare(self, printed: Iterable[str], roots: Iterable[str]) -> None:
        """Compare with what was kept elsewhere: lines of seals.txt, roots or hashes of seals."""
        ours = {printed_line(seal) for seal in self.by_number.values()}
        numbers = {str(number): number for number in self.by_number}
        for words in filter(None, map(str.strip, printed)):
            if words not in ours:
                self._tell(Finding(say.PRINTED, {"line": words[:200]}, seal=numbers.get(words.partition(" ")[0])))
        known = {seal[name] for seal in self.by_number.values() for name in ("root", "hash")}
        for root in roots:
            if root.strip().lower() not in known:
                self._tell(Finding(say.NO_ROOT, {"root": root}))

    def wrong(self, seal: Fields, sentence: str, **facts: object) -> None:
        """Say what is wrong with a seal."""
        self._tell(Finding(sentence, facts, seal=seal["number"], sealed_at=seal["at"]))

    def _close_events(self) -> None:
        seal = self._open.popleft()
        if self._events.hexdigest() != seal["events_hash"]:
            self.wrong(seal, say.EVENTS, since=self._since, until=seal["events_until"])
        self._events, self._since = sha256(), seal["events_until"] + 1


def printed_line(seal: Fields) -> str:
    """A seal as seals.txt has it: number, moment, root, hash."""
    return f"{seal['number']} {seal['at']} {seal['root']} {seal['hash']}"
