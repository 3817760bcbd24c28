"""Signatures beside the entries that carry them."""

from collections.abc import Iterator, Sequence

from service.signing import signature_hash
from service.verifying import findings as say
from service.verifying.lines import Fields


def check_signatures(entries: Sequence[Fields], signatures: Sequence[Fields]) -> Iterator[tuple[str, int | None]]:
    """What is wrong with the signatures of a record: the sentence, and the number of the entry."""
    by_id = {entry["id"]: entry for entry in entries}
    signed = set()
    for signature in signatures:
        entry = by_id.get(signature["history_id"])
        seq = entry["seq"] if entry else None
        if not _makes_its_hash(signature):
            yield say.SIGNATURE_CHANGED, seq
        elif entry is None or entry["signature"] != signature["hash"] or entry["id"] in signed:
            yield say.SIGNATURE_ASTRAY, seq
        if not _is_voided_by(signature, by_id.get(signature["voided_by_id"])):
            yield say.VOIDED, seq
        signed.add(signature["history_id"])
    for entry in entries:
        if entry["signature"] is not None and entry["id"] not in signed:
            yield say.SIGNATURE_GONE, entry["seq"]


def _is_voided_by(signature: Fields, entry: Fields | None) -> bool:
    # The voiding is not part of the hash: it comes later. It must at least be that of an entry of the same record.
    if signature["voided_at"] is None:
        return signature["voided_by_id"] is None
    return entry is not None and entry["at"] == signature["voided_at"]


def _makes_its_hash(signature: Fields) -> bool:
    try:
        return bool(signature["hash"] == signature_hash(signature))
    except UnicodeEncodeError:
        return False
