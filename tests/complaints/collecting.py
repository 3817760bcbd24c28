"""Taking mails out of a mailbox in a process of its own, which may be killed: `python -m … DATABASE INBOX MOMENT`."""

import sys
from datetime import datetime

from models.database import Database
from service.complaints.collect import collect
from service.settings import Settings

if __name__ == "__main__":
    url, inbox, moment = sys.argv[1:]
    collect(Database(url), Settings(inbox=inbox), datetime.fromisoformat(moment))  # type: ignore[arg-type]  # settings read text
