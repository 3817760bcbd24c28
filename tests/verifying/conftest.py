import pytest

from models.database import Database
from tests.verifying.archive import Archive


@pytest.fixture
def archive(database: Database) -> Archive:
    """Three records, two seals, on both databases in turn."""
    return Archive.told(database)
