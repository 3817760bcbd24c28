"""Where files are kept: on the disk, or in the bucket that SAPAT_FILES names."""

from service.files.store import Store
from service.settings import Settings


def store_at(settings: Settings, most: int | None = None) -> Store:
    """The store of this Sapat, for files of at most so many bytes; as many as files of records may have if not told.

    Raises ValueError where SAPAT_FILES is no address of a bucket.
    """
    folder = settings.home / "files"
    limit = () if most is None else (most,)
    if settings.files is None or not settings.files.get_secret_value():
        return Store(folder, *limit)
    from service.files.s3 import Bucket  # what it needs is loaded only where there is a bucket

    return Bucket.at(settings.files.get_secret_value(), folder, *limit)
