"""A report in words and in JSON."""

from dataclasses import asdict
from typing import Any, Final

from service.language import say
from service.verifying.findings import Finding, Report
from states.text import N_

SHOWN: Final = 10

SEEN: Final = N_(
    "Seen: %(record)s records, %(entry)s history entries, %(signature)s signatures, %(event)s events, %(seal)s seals."
)
WELL: Final = N_("Nothing was touched.")
TOUCHED: Final = N_("Touched: %(records)s records; %(others)s findings elsewhere. The first:")
OTHERS: Final = N_("The others:")
NEWER: Final = N_(
    "Newer than the last seal: %(entries)s entries, which only their chain protects, and %(events)s events, which"
    " nothing protects yet."
)
DATED_BACK: Final = N_(
    "Entered more than a day later than they say, or by a clock that was wrong: %(entries)s entries. That is no fault"
    " by itself."
)
LAST: Final = N_("The last seal is %(number)s, made at %(at)s. Keep its hash elsewhere: %(hash)s")
NO_SEALS: Final = N_("There is no seal yet: whoever writes a whole chain anew is not found.")
ENTRY: Final = N_("%(code)s, entry %(seq)s")
SEAL: Final = N_("seal %(seal)s")
SEALED: Final = N_("sealed by %(seal)s at %(at)s")
NOT_SEALED: Final = N_("not sealed yet")


def in_words(report: Report, language: str) -> str:
    """What was seen and what was found, a sentence a line."""
    lines = [say(SEEN, language, report.counts)]
    if report.first is None:
        lines.append(say(WELL, language))
    else:
        lines.append(say(TOUCHED, language, {"records": report.touched, "others": len(report.others)}))
        lines.append(f"  {finding_in_words(report.first, language)}")
        rest = [*report.records, *report.others][1:]
        if rest:
            lines.append(say(OTHERS, language))
        lines += [f"  {finding_in_words(finding, language)}" for finding in rest[:SHOWN]]
        lines += [f"  … {len(rest) - SHOWN}"] if len(rest) > SHOWN else []
    newer = {"entries": report.since_seal, "events": report.events_since}
    if report.last_seal is None:
        lines.append(say(NO_SEALS, language))
    elif any(newer.values()):
        lines.append(say(NEWER, language, newer))
    if report.dated_back:
        lines.append(say(DATED_BACK, language, {"entries": report.dated_back}))
    if report.last_seal is not None:
        lines.append(say(LAST, language, report.last_seal))
    return "\n".join(lines)


def finding_in_words(finding: Finding, language: str) -> str:
    """Where, what, and when it was sealed."""
    where = []
    if finding.record_id is not None:
        code = finding.code or "?"
        named = say(ENTRY, language, {"code": code, "seq": finding.seq}) if finding.seq is not None else code
        where.append(f"{named} ({finding.record_id})")
        sealed = {"seal": finding.seal, "at": finding.sealed_at}
        where.append(say(SEALED, language, sealed) if finding.sealed_at else say(NOT_SEALED, language))
    elif finding.seal is not None:
        where.append(say(SEAL, language, {"seal": finding.seal}))
    said = say(finding.sentence, language, finding.facts)
    return f"{', '.join(where)}: {said}" if where else said


def to_json(report: Report, language: str) -> dict[str, Any]:
    """The whole report for programs; `first` is None where nothing was touched."""
    return {
        "well": report.well,
        "counts": report.counts,
        "touched": report.touched,
        "first": _finding(report.first, language) if report.first else None,
        "records": [_finding(finding, language) for finding in report.records],
        "others": [_finding(finding, language) for finding in report.others],
        "since_seal": report.since_seal,
        "events_since": report.events_since,
        "dated_back": report.dated_back,
        "last_seal": report.last_seal,
    }


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    facts = asdict(finding)
    return {**facts, "sentence": say(finding.sentence, language, finding.facts)}
