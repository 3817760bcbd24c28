"""Councils that sit, routes per campus, controlled files, what was read, printed copies, codes that were."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from uuid_utils.compat import uuid7

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
JSON_OR_NULL = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables; the route of a type becomes a row that a campus may have of its own; bodies have rules."""
    op.create_table(
        "route",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type_code", sa.String(), nullable=False),
        sa.Column("campus_id", sa.Uuid(), nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.ForeignKeyConstraint(["campus_id"], ["unit.id"], name=op.f("fk_route_campus_id")),
        sa.ForeignKeyConstraint(["type_code"], ["document_type.code"], name=op.f("fk_route_type_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route")),
        sa.UniqueConstraint("type_code", "campus_id", name=op.f("uq_route_type_code_campus_id")),
    )
    op.create_index("ix_route_campus_id", "route", ["campus_id"], unique=False)
    op.create_index(
        "uq_route_type_code_everywhere",
        "route",
        ["type_code"],
        unique=True,
        sqlite_where=sa.text("campus_id IS NULL"),
        postgresql_where=sa.text("campus_id IS NULL"),
    )

    op.create_table(
        "acknowledgement",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["person.id"], name=op.f("fk_acknowledgement_reader_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_acknowledgement_record_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["record.id"], name=op.f("fk_acknowledgement_revision_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_acknowledgement")),
        sa.UniqueConstraint("revision_id", "reader_id", name=op.f("uq_acknowledgement_revision_id_reader_id")),
    )
    op.create_index("ix_acknowledgement_reader_id", "acknowledgement", ["reader_id"], unique=False)

    op.create_table(
        "agenda_item",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("speaker", sa.String(), nullable=True),
        sa.Column("heard", sa.String(), nullable=True),
        sa.Column("spoke", sa.String(), nullable=True),
        sa.Column("ballot", sa.String(), nullable=True),
        sa.Column("majority", sa.String(), nullable=True),
        sa.Column("votes_for", sa.Integer(), nullable=True),
        sa.Column("votes_against", sa.Integer(), nullable=True),
        sa.Column("votes_abstained", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("wording", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["about_id"], ["record.id"], name=op.f("fk_agenda_item_about_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_agenda_item_record_id")),
        sa.PrimaryKeyConstraint("record_id", "no", name=op.f("pk_agenda_item")),
    )
    op.create_index("ix_agenda_item_about_id", "agenda_item", ["about_id"], unique=False)

    op.create_table(
        "attendee",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("presence", sa.String(), nullable=True),
        sa.Column("proxy_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendee_person_id")),
        sa.ForeignKeyConstraint(["proxy_id"], ["person.id"], name=op.f("fk_attendee_proxy_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_attendee_record_id")),
        sa.PrimaryKeyConstraint("record_id", "no", name=op.f("pk_attendee")),
        sa.UniqueConstraint("record_id", "person_id", name=op.f("uq_attendee_record_id_person_id")),
    )
    op.create_index("ix_attendee_person_id", "attendee", ["person_id"], unique=False)

    op.create_table(
        "ballot",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("vote", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ballot_person_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_ballot_record_id")),
        sa.PrimaryKeyConstraint("record_id", "no", name=op.f("pk_ballot")),
        sa.UniqueConstraint("record_id", "item", "person_id", name=op.f("uq_ballot_record_id_item_person_id")),
    )
    op.create_table(
        "controlled_digest",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_controlled_digest_record_id")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_controlled_digest")),
    )
    op.create_index("ix_controlled_digest_record_id", "controlled_digest", ["record_id"], unique=False)

    op.create_table(
        "controlled_file",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.Column("says", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("how", sa.String(), nullable=True),
        sa.Column("distributed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_controlled_file_record_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_controlled_file")),
    )
    op.create_index(
        "ix_controlled_file_asked_at",
        "controlled_file",
        ["asked_at"],
        unique=False,
        sqlite_where=sa.text("distributed_at IS NULL"),
        postgresql_where=sa.text("distributed_at IS NULL"),
    )
    op.create_index(
        "ix_controlled_file_next_try_at",
        "controlled_file",
        ["next_try_at"],
        unique=False,
        sqlite_where=sa.text("next_try_at IS NOT NULL"),
        postgresql_where=sa.text("next_try_at IS NOT NULL"),
    )

    op.create_table(
        "correction",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("corrected_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_correction_person_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_correction_record_id")),
        sa.PrimaryKeyConstraint("record_id", "no", name=op.f("pk_correction")),
    )
    op.create_table(
        "council_task",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("original_due_on", sa.Date(), nullable=False),
        sa.Column("done", sa.String(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_council_task_body_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_council_task_record_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_council_task")),
    )
    op.create_table(
        "distribution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type_code", sa.String(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("everybody", sa.Boolean(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_distribution_document_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_distribution_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_distribution_post_id")),
        sa.ForeignKeyConstraint(["type_code"], ["document_type.code"], name=op.f("fk_distribution_type_code")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_distribution_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distribution")),
    )
    op.create_index("ix_distribution_document_id", "distribution", ["document_id"], unique=False)
    op.create_index("ix_distribution_type_code", "distribution", ["type_code"], unique=False)

    op.create_table(
        "former_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campus_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["campus_id"], ["unit.id"], name=op.f("fk_former_code_campus_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_former_code_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_code")),
        sa.UniqueConstraint("campus_id", "code", name=op.f("uq_former_code_campus_id_code")),
    )
    op.create_index("ix_former_code_code", "former_code", ["code"], unique=False)
    op.create_index("ix_former_code_document_id", "former_code", ["document_id"], unique=False)

    op.create_table(
        "instruction",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("owner_post_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["owner_post_id"], ["post.id"], name=op.f("fk_instruction_owner_post_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_instruction_record_id")),
        sa.PrimaryKeyConstraint("record_id", "no", name=op.f("pk_instruction")),
    )
    op.create_table(
        "legal_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("says", sa.String(), nullable=True),
        sa.Column("process_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_legal_act_document_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_legal_act_entered_by_id")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_legal_act_process_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_act")),
    )
    op.create_index("ix_legal_act_document_id", "legal_act", ["document_id"], unique=False)
    op.create_index("ix_legal_act_in_force_on", "legal_act", ["in_force_on"], unique=False)
    op.create_index("ix_legal_act_process_id", "legal_act", ["process_id"], unique=False)

    op.create_table(
        "printed_copy",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_printed_copy_document_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_printed_copy_record_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_printed_copy")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_printed_copy_document_id_number")),
    )
    op.create_table(
        "sitting",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("begins_at", sa.String(), nullable=False),
        sa.Column("held_at", sa.String(), nullable=False),
        sa.Column("members", JSON_OR_NULL, nullable=True),
        sa.Column("chair_id", sa.Uuid(), nullable=True),
        sa.Column("quorum", sa.String(), nullable=False),
        sa.Column("majority", sa.String(), nullable=False),
        sa.Column("proxies", sa.Boolean(), nullable=False),
        sa.Column("guests", sa.String(), nullable=True),
        sa.Column("protocol_no", sa.String(), nullable=True),
        sa.Column("protocol_year", sa.Integer(), nullable=True),
        sa.Column("papers", JSON_OR_NULL, nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_sitting_body_id")),
        sa.ForeignKeyConstraint(["chair_id"], ["person.id"], name=op.f("fk_sitting_chair_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_sitting_record_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_sitting")),
        sa.UniqueConstraint(
            "body_id", "protocol_year", "protocol_no", name=op.f("uq_sitting_body_id_protocol_year_protocol_no")
        ),
    )
    op.create_index("ix_sitting_held_on", "sitting", ["held_on"], unique=False)

    _routes_become_rows()
    with op.batch_alter_table("document_type", schema=None) as batch_op:
        batch_op.drop_column("route")
    # What the law on universities' councils asks of most: half of the members, a majority of those present.
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.add_column(sa.Column("quorum", sa.String(), nullable=False, server_default="half"))
        batch_op.add_column(sa.Column("majority", sa.String(), nullable=False, server_default="present"))
        batch_op.add_column(sa.Column("proxies", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("body", schema=None) as batch_op:
        for column, kind in (("quorum", sa.String()), ("majority", sa.String()), ("proxies", sa.Boolean())):
            batch_op.alter_column(column, existing_type=kind, server_default=None)
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("meanings", JSON_OR_NULL, nullable=True))
        batch_op.add_column(sa.Column("approver_post_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("by_order", sa.Boolean(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_revision_approver_post_id"), "post", ["approver_post_id"], ["id"])


def _routes_become_rows() -> None:
    """As it was until now: the last body approves, those before it endorse, and the rector puts it in force by an order."""
    kind = sa.table("document_type", sa.column("code"), sa.column("route", JSON))
    route = sa.table(
        "route",
        sa.column("id", sa.Uuid()),
        sa.column("type_code"),
        sa.column("campus_id", sa.Uuid()),
        sa.column("facts", JSON),
    )
    for code, bodies in op.get_bind().execute(sa.select(kind.c.code, kind.c.route)).all():
        op.execute(sa.insert(route).values(id=uuid7(), type_code=code, campus_id=None, facts=_facts(bodies)))


def _facts(bodies: Any) -> dict[str, Any]:
    codes = json.loads(bodies) if isinstance(bodies, str) else list(bodies or ())
    meanings = ["endorses"] * (len(codes) - 1) + ["approves"] * bool(codes)
    return {"bodies": codes, "meanings": meanings, "approver_post_id": None, "by_order": True}


def downgrade() -> None:
    """None: what was decided since has no place in the tables before."""
    raise NotImplementedError("the way back is the backup: sittings and what was read have no place in the old tables")
