"""The two sheets of a controlled file: the approval sheet before the document, the sheet of changes behind it."""

from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models import tables as t
from models.database import Database
from service.controlled.assemble import LANGUAGE
from service.controlled.make import Sheets, SheetsOf
from service.organisation import Actor, organisation
from service.prints.common import University
from service.prints.compile import write_pdf
from service.prints.gather import approval_sheet, university_of
from service.prints.gather_changes import change_sheet
from service.prints.kinds import FORMS
from service.reading.records import read_record
from states.roles import Role
from states.working_days import moment


def sheets_with(forms: Path | None = None) -> SheetsOf:
    """Whoever makes them, with the university's own forms where the folder `forms` holds some."""

    def sheets_of(database: Database, record_id: UUID) -> Sheets:
        """Both sheets of a revision, as on the day it came into force, whenever they are made. It blocks.

        Raises whatever a form of the university's own raises that is broken.
        """
        with database.read() as connection:
            row = connection.execute(_ROW.where(t.revision.c.record_id == record_id)).one()
            day = moment(row.in_force_on) if row.in_force_on else row.moved_at
            reader = _who_reads_all(connection, row.campus_id)
            view = read_record(connection, record_id, reader, day)
            shapes = {
                "approval": approval_sheet(connection, view, day),
                "changes": change_sheet(connection, row.document_id, reader, day),
            }
            university = university_of(connection, row.campus_id, forms)
        return Sheets(*(_printed(name, shape, university, forms) for name, shape in shapes.items()))

    return sheets_of


def _who_reads_all(connection: sa.Connection, campus_id: UUID | None) -> Actor:
    """Nobody, in the posts that read every revision: what stands on these sheets is for all who read the document."""
    snapshot = organisation(connection)
    posts = (snapshot.post_of(role, campus_id) for role in (Role.QUALITY_SPECIALIST, Role.RECTOR))
    return Actor(_NOBODY, frozenset(post for post in posts if post))


def _printed(name: str, shape: Any, university: University, forms: Path | None) -> bytes:
    made = BytesIO()
    write_pdf(FORMS[name], shape, university, LANGUAGE, made, forms)
    return made.getvalue()


# Whoever reads is somebody: an identifier that no person has.
_NOBODY = UUID(int=0)
_ROW = sa.select(t.revision.c.document_id, t.revision.c.in_force_on, t.record.c.moved_at, t.record.c.campus_id).join(
    t.record, t.record.c.id == t.revision.c.record_id
)
