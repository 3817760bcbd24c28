"""Merkle trees as RFC 9162, 2.1 has them, grown leaf by leaf: remembers one hash for each level, never the leaves."""

from hashlib import sha256


def leaf_bytes(record_id: str, seq: int, head: str) -> bytes:
    """What a leaf says: the record (32 hexadecimal digits), the number of its last entry, that entry's hash."""
    return f"{record_id}:{seq}:{head}".encode("utf-8", "surrogatepass")


class Tree:
    """A tree that grows to the right."""

    def __init__(self) -> None:
        self.leaves = 0
        self._peaks: list[bytes] = []  # roots of the full subtrees, the largest first: one for each bit of `leaves`

    def add(self, leaf: bytes) -> None:
        """Add a leaf after the last."""
        node = sha256(b"\x00" + leaf).digest()
        full = self.leaves
        while full & 1:
            node = _above(self._peaks.pop(), node)
            full >>= 1
        self._peaks.append(node)
        self.leaves += 1

    def root(self) -> str:
        """MTH of the leaves so far (hex); that of nothing is the hash of nothing."""
        if not self._peaks:
            return sha256().hexdigest()
        *rest, node = self._peaks
        for left in reversed(rest):
            node = _above(left, node)
        return node.hex()


def _above(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
