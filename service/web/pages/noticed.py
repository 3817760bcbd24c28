"""What an import noticed, as its page shows it: by group, each with its line and its weight."""

from typing import Any, Final

from service.importing.report import GROUPS, Report, Severity
from service.language import say
from states.text import N_

_TONES: Final = {Severity.ERROR: "late", Severity.WARNING: "waiting", Severity.HINT: "resting"}
SEVERITIES: Final = {
    Severity.ERROR: N_("not taken"),
    Severity.WARNING: N_("doubtful"),
    Severity.HINT: N_("worth a look"),
}


def noticed(report: Report, language: str, most: int) -> list[dict[str, Any]]:
    """What was noticed, what must be decided first before all; of each group at most so many, and how many `more`."""
    shown = []
    for group, title in GROUPS.items():
        if found := sorted(report.in_group(group), key=lambda one: list(Severity).index(one.severity)):
            rows = [
                {
                    "line": str(one.line) if one.line else "—",
                    "says": one.says(language),
                    "severity": {"text": say(SEVERITIES[one.severity], language), "tone": _TONES[one.severity]},
                }
                for one in found[:most]
            ]
            shown.append({"title": say(title, language), "rows": rows, "more": len(found) - len(rows)})
    return shown
