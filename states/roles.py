"""The parts people play for a record: who may move it, who holds its tasks, who is told."""

from enum import StrEnum

from states.text import Text


class Role(StrEnum):
    """A part, by the university's post or by the relation to the record.

    HOLDER and HOLDERS_HEAD stand in rungs only: they are parts for a task, not for a record. ANYONE is every person
    signed in, CLOCK is Sapat itself.
    """

    AUTHOR = "author"
    OWNER = "owner"
    SECRETARY = "secretary"
    RECTOR = "rector"
    VICE_RECTOR = "vice_rector"
    QUALITY_SPECIALIST = "quality_specialist"
    ADMINISTRATOR = "administrator"
    HOLDER = "holder"
    HOLDERS_HEAD = "holders_head"
    ANYONE = "anyone"
    CLOCK = "clock"

    @property
    def label(self) -> Text:
        """What people call the part."""
        return LABELS[self]


# The roles that are one post of the university, whatever the record.
POSTS = frozenset({Role.RECTOR, Role.VICE_RECTOR, Role.QUALITY_SPECIALIST, Role.ADMINISTRATOR})

LABELS = {
    Role.AUTHOR: Text("автор", "автор", "author"),
    Role.OWNER: Text("жооптуу", "ответственный", "owner"),
    Role.SECRETARY: Text("кеңештин катчысы", "секретарь совета", "secretary of the council"),
    Role.RECTOR: Text("ректор", "ректор", "rector"),
    Role.VICE_RECTOR: Text(
        "окуу иштери боюнча проректор", "проректор по учебной работе", "vice-rector for academic affairs"
    ),
    Role.QUALITY_SPECIALIST: Text(
        "билим берүүнүн сапаты боюнча адис", "специалист по качеству образования", "quality specialist"
    ),
    Role.ADMINISTRATOR: Text("администратор", "администратор", "administrator"),
    Role.HOLDER: Text("тапшырманы аткаруучу", "исполнитель", "holder of the task"),
    Role.HOLDERS_HEAD: Text("аткаруучунун жетекчиси", "руководитель исполнителя", "head of the task's holder"),
    Role.ANYONE: Text("ар бир кызматкер", "любой сотрудник", "anyone at the university"),
    Role.CLOCK: Text("система (мөөнөтү келгенде)", "система (в срок)", "the system, on its day"),
}
