"""CAPA that closes: causes, steps, evidence, audits, catalogues; policies and ladders as data."""

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SORT_KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The ladders as they were declared until now: open tasks go on climbing them.
_HOLDER, _HEAD, _QUALITY, _VICE, _RECTOR = "holder", "holders_head", "quality_specialist", "vice_rector", "rector"
_STANDARD = ((-3, _HOLDER), (0, _HOLDER), (1, _HOLDER), (3, _HEAD), (5, _QUALITY), (10, _VICE), (15, _RECTOR))
_RECTORS = ((-3, _HOLDER), (0, _HOLDER), (1, _HOLDER), (3, _QUALITY))
_AGAIN = 5
_RECTORS_STEPS = ("rector_approval", "withdrawal_proposed")


def upgrade() -> None:
    """New tables and columns; causes become rows, rungs say their days and whom they told."""
    op.create_table(
        "entry",
        sa.Column("name_ky", sa.String(), nullable=False),
        sa.Column("name_ru", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("catalogue", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("code", SORT_KEY, nullable=False),
        sa.Column("parent", SORT_KEY, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["catalogue", "edition", "parent"],
            ["entry.catalogue", "entry.edition", "entry.code"],
            name="fk_entry_parent",
        ),
        sa.PrimaryKeyConstraint("catalogue", "edition", "code", name=op.f("pk_entry")),
    )
    op.create_table(
        "ladder",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder")),
    )
    op.create_table(
        "policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lifecycle", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("campus_id", sa.Uuid(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("ladder_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campus_id"], ["unit.id"], name=op.f("fk_policy_campus_id")),
        sa.ForeignKeyConstraint(["ladder_id"], ["ladder.id"], name=op.f("fk_policy_ladder_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_policy_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
    )
    with op.batch_alter_table("policy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_effective_from"), ["effective_from"], unique=False)

    op.create_table(
        "audit",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("original_planned_on", sa.Date(), nullable=False),
        sa.Column("scope", sa.String(), nullable=True),
        sa.Column("criteria", sa.String(), nullable=False),
        sa.Column("lead_auditor_id", sa.Uuid(), nullable=False),
        sa.Column("auditors", JSON, nullable=True),
        sa.Column("carried_out_on", sa.Date(), nullable=True),
        sa.Column("talked_to", sa.String(), nullable=True),
        sa.Column("conclusion", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["lead_auditor_id"], ["person.id"], name=op.f("fk_audit_lead_auditor_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_audit_record_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_lead_auditor_id"), ["lead_auditor_id"], unique=False)

    op.create_table(
        "cause",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("because_of", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("no_action", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id", "because_of"], ["cause.record_id", "cause.no"], name=op.f("fk_cause_record_id_because_of")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_cause_record_id")),
        sa.PrimaryKeyConstraint("record_id", "no", name=op.f("pk_cause")),
    )
    with op.batch_alter_table("cause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cause_code"), ["code"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("evidence_on", sa.Date(), nullable=False),
        sa.Column("file", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_evidence_record_id")),
        sa.PrimaryKeyConstraint("record_id", "no", name=op.f("pk_evidence")),
    )
    op.create_table(
        "finding",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("nc_kind", sa.String(), nullable=True),
        sa.Column("requirement", sa.String(), nullable=True),
        sa.Column("requirement_document_id", sa.Uuid(), nullable=True),
        sa.Column("clause", sa.String(), nullable=True),
        sa.Column("raised", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_finding_record_id")),
        sa.ForeignKeyConstraint(
            ["requirement_document_id"], ["document.id"], name=op.f("fk_finding_requirement_document_id")
        ),
        sa.PrimaryKeyConstraint("record_id", "no", name=op.f("pk_finding")),
    )
    op.create_table(
        "question",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clause", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_question_record_id")),
        sa.PrimaryKeyConstraint("record_id", "no", name=op.f("pk_question")),
    )
    op.create_table(
        "received_mail",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_received_mail_record_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_received_mail")),
    )
    op.create_table(
        "work_step",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("step_due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_work_step_record_id")),
        sa.PrimaryKeyConstraint("record_id", "no", name=op.f("pk_work_step")),
    )
    with op.batch_alter_table("corrective_action", schema=None) as batch_op:
        batch_op.add_column(sa.Column("description", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("extension_reason", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("cancellation_reason", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("checks", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("checked_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("rationale", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("checker_post_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("causes", JSON, nullable=True))
        batch_op.add_column(sa.Column("severity", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_corrective_action_checker_post_id"), ["checker_post_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_corrective_action_checker_post_id"), "post", ["checker_post_id"], ["id"]
        )

    _causes_become_rows()
    with op.batch_alter_table("nonconformity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rounds", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("object", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("requirement_document_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("clause", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("occurred_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("known_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reported_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("impact", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("risk", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("corrected_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("similar_checked", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("similar_records", JSON, nullable=True))
        batch_op.add_column(sa.Column("risk_changes", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("concession", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("concession_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("conceded_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("their_reference", sa.String(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_nonconformity_requirement_document_id"), ["requirement_document_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_nonconformity_their_reference"), ["their_reference"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_nonconformity_conceded_by_id"), "person", ["conceded_by_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_nonconformity_requirement_document_id"), "document", ["requirement_document_id"], ["id"]
        )
        batch_op.drop_column("causes")

    _rounds_were_counted_as_reopened()

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("channel", sa.String(), nullable=False, server_default="mail"))
        batch_op.add_column(sa.Column("sent_in", sa.String(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_notice_reader_id"))
        batch_op.create_index("ix_notice_reader_id", ["reader_id", "created_at", "key"], unique=False)

    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.create_index("ix_record_kind_id", ["kind", "id"], unique=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("digest", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ladder_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("policy_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("granted_until", sa.Date(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_task_policy_id"), "policy", ["policy_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_task_ladder_id"), "ladder", ["ladder_id"], ["id"])
    _actions_know_their_nonconformity()
    _tasks_keep_their_ladders()
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.alter_column("ladder_id", existing_type=sa.String(), nullable=False)
    for table, column, kind in (
        ("corrective_action", "checks", sa.Integer()),
        ("nonconformity", "rounds", sa.Integer()),
        ("notice", "channel", sa.String()),
        ("person", "digest", sa.Boolean()),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, existing_type=kind, server_default=None)


def _facts(rungs: tuple[tuple[int, str], ...]) -> dict[str, Any]:
    def one(days: int, to: str) -> dict[str, Any]:
        return {"days": days, "to": [to], "channel": "mail"}

    return {"rungs": [one(*rung) for rung in rungs], "again": one(_AGAIN, _HOLDER)}


def _causes_become_rows() -> None:
    cause = sa.table("cause", sa.column("record_id", sa.Uuid()), sa.column("no"), sa.column("text"))
    old = sa.table("nonconformity", sa.column("record_id", sa.Uuid()), sa.column("causes"))
    said = sa.select(old.c.record_id, sa.literal(1), old.c.causes).where(old.c.causes.is_not(None))
    op.execute(sa.insert(cause).from_select(["record_id", "no", "text"], said))


def _rounds_were_counted_as_reopened() -> None:
    """Nobody could reopen what was closed until now: each of them was another round."""
    table = sa.table("nonconformity", sa.column("rounds"), sa.column("reopened"))
    op.execute(sa.update(table).values(rounds=table.c.reopened, reopened=0))


def _actions_know_their_nonconformity() -> None:
    """Its severity, and its one cause, where that has become a row."""
    record = sa.table("record", sa.column("id", sa.Uuid()), sa.column("parent_id", sa.Uuid()))
    action = sa.table(
        "corrective_action", sa.column("record_id", sa.Uuid()), sa.column("severity"), sa.column("causes", JSON)
    )
    above = sa.table("nonconformity", sa.column("record_id", sa.Uuid()), sa.column("severity"))
    cause = sa.table("cause", sa.column("record_id", sa.Uuid()))
    parent = sa.select(record.c.parent_id).where(record.c.id == action.c.record_id).scalar_subquery()
    severity = sa.select(above.c.severity).where(above.c.record_id == parent).scalar_subquery()
    op.execute(sa.update(action).values(severity=severity))
    explained = sa.exists().where(cause.c.record_id == parent)
    op.execute(sa.update(action).where(explained).values(causes=[1]))


def _tasks_keep_their_ladders() -> None:
    ladder = sa.table("ladder", sa.column("id"), sa.column("facts", JSON))
    task = sa.table("task", sa.column("id", sa.Uuid()), sa.column("step"), sa.column("ladder_id"))
    notice = sa.table(
        "notice", sa.column("task_id", sa.Uuid()), sa.column("rung", sa.Integer()), sa.column("part", sa.String())
    )
    for rungs, theirs in ((_RECTORS, task.c.step.in_(_RECTORS_STEPS)), (_STANDARD, task.c.step.not_in(_RECTORS_STEPS))):
        facts = _facts(rungs)
        said = json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()
        ladder_id = hashlib.sha256(said).hexdigest()
        op.execute(sa.insert(ladder).values(id=ladder_id, facts=facts))
        op.execute(sa.update(task).where(theirs).values(ladder_id=ladder_id))
        last = len(rungs) - 1
        days = {index: days for index, (days, _) in enumerate(rungs)}
        parts = {index: part for index, (_, part) in enumerate(rungs)}
        op.execute(
            sa.update(notice)
            .where(notice.c.rung.is_not(None), notice.c.task_id.in_(sa.select(task.c.id).where(theirs)))
            .values(
                rung=sa.case(days, value=notice.c.rung, else_=rungs[-1][0] + (notice.c.rung - last) * _AGAIN),
                part=sa.case(parts, value=notice.c.rung, else_=_HOLDER),
            )
        )


def downgrade() -> None:
    """None: what was recorded since has no place in the tables before."""
    raise NotImplementedError("the way back is the backup: causes, steps and evidence have no place in the old tables")
