"""Evidence of records: what it shows, from when it is, and the file, if there is one."""

from datetime import date

from models.base import Numbered


class Evidence(Numbered, table=True):
    """One piece of evidence; `file` is the name of the record's attachment."""

    what: str
    evidence_on: date
    file: str | None = None
