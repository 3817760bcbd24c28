"""Where files are kept: on the disk, or in the bucket that SAPAT_FILES names."""

from service.files.store import MOST_BYTES, Store
from service.settings import Settings


def store_at(settings: Settings, most: int = MOST_BYTES) -> Store:
    """The store of this Sapat. Raises ValueError where SAPAT_FILES is no address of a bucket."""
    folder = settings.home / "files"
    if settings.files is None or not settings.files.get_secret_value():
        return Store(folder, most)
    from service.files.s3 import Bucket  # what it needs is loaded only where there is a bucket

    return Bucket.at(settings.files.get_secret_value(), folder, most)
