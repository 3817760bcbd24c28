"""Who may make which move, written down by hand: whoever changes a declaration must change this table too."""

from typing import Final

# Everybody who tries. `dep_x` stands in for `x`, who is away; `torn` holds the owner's post too and stands in for
# `rector2`, who holds the rector's too; `doer` carried the action out as representative and holds a post of quality
# specialist; `far_x` holds on another campus what `x` holds here; `newcomer` holds nothing.
_HERE = frozenset(
    {"author", "owner", "coowner", "doer", "colleague", "head", "dean", "rep", "sec_ouk", "sec_ok", "member"}
)
_OFFICES = frozenset({"rector", "rector2", "vice", "quality", "admin", "auditor"})
_OTHERS = frozenset({"member", "librarian", "reader", "newcomer", "torn"})
_DEPUTIES = frozenset(
    f"dep_{name}"
    for name in ("author", "owner", "coowner", "doer", "rep", "sec_ouk", "rector", "vice", "quality", "admin")
)
_FAR = frozenset(f"far_{name}" for name in ("rector", "vice", "quality", "admin", "head", "owner", "rep", "sec"))
EVERYBODY: Final = _HERE | _OFFICES | _OTHERS | _DEPUTIES | _FAR

AUTHORS = frozenset({"author", "dep_author"})
OWNERS = frozenset({"owner", "dep_owner", "coowner", "dep_coowner", "torn"})
REPRESENTATIVES = frozenset({"rep", "dep_rep", "doer", "dep_doer"})
SECRETARIES = frozenset({"sec_ouk", "dep_sec_ouk"})
RECTORS = frozenset({"rector", "rector2", "dep_rector", "torn"})
VICES = frozenset({"vice", "dep_vice"})
QUALITY = frozenset({"quality", "dep_quality", "doer", "dep_doer"})
# Whom a council instructed: the owner's post, without those who own the process with it.
TASKED = frozenset({"owner", "dep_owner", "torn"})
AUDITORS = frozenset({"auditor", "librarian"})
NOBODY: frozenset[str] = frozenset()

# `torn` answers for the plan, and so may not check it in the rector's place.
APPROVERS = (VICES | RECTORS) - {"torn"}
# `doer` carried the action out: neither they nor their deputy say whether it was effective.
CHECKERS = (QUALITY | VICES | RECTORS) - {"torn", "doer", "dep_doer"}

MATRIX: Final[dict[tuple[str, str], frozenset[str]]] = {
    ("document", "submit"): AUTHORS | OWNERS,
    ("document", "endorse"): SECRETARIES,
    ("document", "endorse_with_amendments"): SECRETARIES,
    ("document", "return_for_revision"): SECRETARIES,
    ("document", "reject"): SECRETARIES,
    ("document", "reroute"): QUALITY,
    ("document", "pass_on"): QUALITY,
    ("document", "enter_amendments"): AUTHORS | OWNERS,
    ("document", "approve"): RECTORS,
    ("document", "return_to_author"): RECTORS,
    ("document", "come_into_force"): NOBODY,
    ("document", "recall"): RECTORS,
    ("document", "open_review"): QUALITY,
    ("document", "reaffirm"): QUALITY,
    ("document", "revise"): QUALITY,
    ("document", "propose_withdrawal"): QUALITY,
    ("document", "keep_in_force"): RECTORS,
    ("document", "withdraw"): RECTORS,
    ("document", "supersede"): NOBODY,
    ("document", "attach_file"): AUTHORS | OWNERS,
    ("document", "remove_file"): AUTHORS | OWNERS,
    ("document", "describe"): AUTHORS | OWNERS,
    ("document", "hand_over"): AUTHORS | OWNERS | QUALITY,
    ("document", "take_back"): AUTHORS | OWNERS,
    ("document", "abandon"): AUTHORS | OWNERS,
    ("nonconformity", "register"): QUALITY,
    ("nonconformity", "reject"): QUALITY,
    ("nonconformity", "withdraw"): AUTHORS,
    ("nonconformity", "record_correction"): OWNERS,
    ("nonconformity", "dispute"): OWNERS | QUALITY,
    ("nonconformity", "record_causes"): OWNERS,
    ("nonconformity", "submit_plan"): OWNERS,
    ("nonconformity", "back_to_causes"): OWNERS,
    ("nonconformity", "reschedule"): VICES,
    ("nonconformity", "actions_done"): NOBODY,
    ("nonconformity", "analyse_again"): QUALITY | VICES,
    ("nonconformity", "close"): (QUALITY | VICES | RECTORS) - {"torn"},
    ("nonconformity", "take_up_again"): QUALITY | VICES,
    ("nonconformity", "reopen"): QUALITY | VICES,
    ("nonconformity", "extend"): QUALITY | VICES,
    ("nonconformity", "describe"): QUALITY,
    ("nonconformity", "reassign"): QUALITY | VICES,
    ("nonconformity", "concede"): APPROVERS,
    **{("nonconformity", f"{verb}_cause"): OWNERS for verb in ("add", "amend", "remove")},
    ("nonconformity", "add_evidence"): AUTHORS | OWNERS | REPRESENTATIVES | QUALITY,
    ("nonconformity", "remove_evidence"): AUTHORS | OWNERS | REPRESENTATIVES | QUALITY,
    ("corrective_action", "submit"): OWNERS,
    ("corrective_action", "approve"): APPROVERS,
    ("corrective_action", "return_plan"): APPROVERS,
    ("corrective_action", "withdraw"): OWNERS,
    ("corrective_action", "start"): OWNERS | REPRESENTATIVES,
    ("corrective_action", "implement"): OWNERS | REPRESENTATIVES,
    ("corrective_action", "request_extension"): OWNERS | REPRESENTATIVES,
    ("corrective_action", "grant_extension"): APPROVERS,
    ("corrective_action", "refuse_extension"): APPROVERS,
    ("corrective_action", "find_effective"): CHECKERS,
    ("corrective_action", "find_ineffective"): CHECKERS,
    ("corrective_action", "return_work"): CHECKERS,
    ("corrective_action", "cancel"): APPROVERS,
    ("corrective_action", "find_inconclusive"): CHECKERS,
    ("corrective_action", "extend"): APPROVERS,
    ("corrective_action", "request_cancellation"): OWNERS | REPRESENTATIVES,
    ("corrective_action", "refuse_cancellation"): APPROVERS,
    ("corrective_action", "link_causes"): OWNERS | QUALITY,
    ("corrective_action", "reassign"): QUALITY | VICES,
    **{("corrective_action", f"{verb}_step"): OWNERS | REPRESENTATIVES for verb in ("add", "amend", "remove")},
    ("corrective_action", "add_evidence"): OWNERS | REPRESENTATIVES | QUALITY,
    ("corrective_action", "remove_evidence"): OWNERS | REPRESENTATIVES | QUALITY,
    ("audit", "begin"): AUDITORS,
    ("audit", "reschedule"): QUALITY,
    ("audit", "appoint"): QUALITY,
    ("audit", "add_question"): AUDITORS | QUALITY,
    ("audit", "answer_question"): AUDITORS,
    ("audit", "remove_question"): AUDITORS | QUALITY,
    ("audit", "add_finding"): AUDITORS,
    ("audit", "amend_finding"): AUDITORS,
    ("audit", "remove_finding"): AUDITORS,
    ("audit", "raise_nonconformity"): AUDITORS,
    ("audit", "finish"): AUDITORS,
    ("audit", "report"): AUDITORS,
    ("audit", "accept"): QUALITY | VICES,
    ("audit", "return_report"): QUALITY | VICES,
    ("audit", "cancel"): QUALITY,
    ("audit", "add_evidence"): AUDITORS,
    ("audit", "remove_evidence"): AUDITORS,
    **{
        ("sitting", move): SECRETARIES
        for move in (
            *("take_up", "add_item", "remove_item", "place_item", "reschedule", "send_papers", "open_session"),
            *("change_chair", "close", "cancel", "correct"),
        )
    },
    ("council_task", "report_done"): TASKED,
    ("council_task", "accept"): SECRETARIES | QUALITY,
    ("council_task", "return_it"): SECRETARIES | QUALITY,
    ("council_task", "extend"): SECRETARIES | QUALITY,
    ("council_task", "withdraw"): SECRETARIES | QUALITY,
    ("acknowledgement", "acknowledge"): frozenset({"colleague"}),
    ("acknowledgement", "lapse"): NOBODY,
    ("acknowledgement", "excuse"): QUALITY,
    ("printed_copy", "recall"): QUALITY,
    ("printed_copy", "give_back"): QUALITY | OWNERS,
    ("printed_copy", "report_lost"): QUALITY | OWNERS,
}

# Who is stopped by separation of duties alone, and is told so.
DUTIES: Final[dict[tuple[str, str], frozenset[str]]] = {
    ("nonconformity", "close"): frozenset({"torn"}),
    ("nonconformity", "concede"): frozenset({"torn"}),
    **{("corrective_action", move): frozenset({"torn"}) for move in ("approve", "return_plan", "cancel", "extend")},
    **{("corrective_action", move): frozenset({"torn"}) for move in ("grant_extension", "refuse_extension")},
    ("corrective_action", "refuse_cancellation"): frozenset({"torn"}),
    **{
        ("corrective_action", move): frozenset({"torn", "doer", "dep_doer"})
        for move in ("find_effective", "find_ineffective", "find_inconclusive", "return_work")
    },
}

# Who knows of a record that is not in force. To everybody else there is nothing by that name.
_NEAR = OWNERS | REPRESENTATIVES | {"colleague", "head", "dean"} | RECTORS | VICES | QUALITY
_TOGETHER = frozenset({"coowner", "dep_coowner"})
READERS: Final[dict[str, frozenset[str]]] = {
    "document": _NEAR | AUTHORS | SECRETARIES | {"sec_ok", "member", "far_sec"},
    "nonconformity": _NEAR | AUTHORS,
    "corrective_action": _NEAR,
    "audit": _NEAR | AUDITORS,
    # The secretary's post stands in the university itself, beside the offices.
    "sitting": RECTORS | VICES | QUALITY | SECRETARIES | {"sec_ok", "member", "admin", "dep_admin", "auditor"},
    "council_task": (_NEAR - _TOGETHER) | SECRETARIES | {"member"},
    "acknowledgement": _NEAR - _TOGETHER,
    "printed_copy": _NEAR,
}
READ_BY_ALL: Final = frozenset({"effective", "periodic_review", "withdrawal_proposed"})
