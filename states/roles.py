"""The parts people play for a record: who may move it, who holds its tasks, who is told."""

from collections.abc import Iterable
from enum import StrEnum

from states.text import Text


class Role(StrEnum):
    """A part, by the university's post or by the relation to the record.

    HOLDERS_HEAD stands in rungs only, HOLDER in rungs and where it is said who may read: they are parts for a task.
    COLLEAGUE works in the unit concerned, HEAD heads it or what it belongs to, DOER is whoever carried it out, CHECKER
    checks whether it was effective, AUDITOR audits, COUNCIL sits in a body or is its secretary,
    MEMBER sits in the body whose sitting it is, READER has to read the document, RELATED answers for
    what it belongs to or what belongs to it, TOLD is whoever has had a mail about its open task or about how it stands.
    ANYONE is every person signed in, CLOCK is Sapat itself.
    """

    AUTHOR = "author"
    OWNER = "owner"
    DOER = "doer"
    CHECKER = "checker"
    AUDITOR = "auditor"
    RELATED = "related"
    COLLEAGUE = "colleague"
    HEAD = "head"
    QUALITY_REPRESENTATIVE = "quality_representative"
    SECRETARY = "secretary"
    COUNCIL = "council"
    MEMBER = "member"
    READER = "reader"
    RECTOR = "rector"
    VICE_RECTOR = "vice_rector"
    QUALITY_SPECIALIST = "quality_specialist"
    ADMINISTRATOR = "administrator"
    HOLDER = "holder"
    HOLDERS_HEAD = "holders_head"
    TOLD = "told"
    ANYONE = "anyone"
    CLOCK = "clock"

    @property
    def label(self) -> Text:
        """What people call the part."""
        return LABELS[self]


# The roles that a post of the campus has, whatever the record.
POSTS = frozenset({Role.RECTOR, Role.VICE_RECTOR, Role.QUALITY_SPECIALIST, Role.ADMINISTRATOR})
# The roles that a post can be given.
GIVEN_TO_POSTS = POSTS | {Role.QUALITY_REPRESENTATIVE}
# Who may read most records: the unit that one is about, who has its task or was told of it, and who watches over all.
ITS_UNIT = (Role.COLLEAGUE, Role.HEAD, Role.QUALITY_REPRESENTATIVE)
ITS_TASK = (Role.HOLDER, Role.TOLD)
OVERSEERS = (Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR)

LABELS = {
    Role.AUTHOR: Text("автор", "автор", "author"),
    Role.OWNER: Text("жооптуу", "ответственный", "owner"),
    Role.DOER: Text("аткарган адам", "исполнивший действие", "who carried it out"),
    Role.CHECKER: Text("натыйжалуулукту текшерүүчү", "проверяющий результативность", "checker of the effectiveness"),
    Role.AUDITOR: Text("аудитор", "аудитор", "auditor"),
    Role.RELATED: Text("байланышкан жазууга жооптуу", "ответственный за связанную запись", "owner of a related record"),
    Role.COLLEAGUE: Text("ошол бөлүмдүн кызматкери", "сотрудник этого подразделения", "somebody of that unit"),
    Role.HEAD: Text("бөлүмдүн жетекчиси", "руководитель подразделения", "head of the unit"),
    Role.QUALITY_REPRESENTATIVE: Text(
        "бөлүмдө сапат боюнча жооптуу",
        "ответственный за качество в подразделении",
        "quality representative of the unit",
    ),
    Role.SECRETARY: Text("кеңештин катчысы", "секретарь совета", "secretary of the council"),
    Role.COUNCIL: Text("кеңештин мүчөсү же катчысы", "член или секретарь совета", "member or secretary of a council"),
    Role.MEMBER: Text("бул кеңештин мүчөсү", "член этого совета", "member of this body"),
    Role.READER: Text("окуй турган адам", "кто должен прочитать", "whoever has to read it"),
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
    Role.TOLD: Text("кабарланган адам", "кого об этом известили", "whoever was told of it"),
    Role.ANYONE: Text("ар бир кызматкер", "любой сотрудник", "anyone at the university"),
    Role.CLOCK: Text("система (мөөнөтү келгенде)", "система (в срок)", "the system, on its day"),
}


def named(roles: Iterable[Role]) -> Text:
    """What people call several parts together."""
    return joined(role.label for role in roles)


def joined(labels: Iterable[Text]) -> Text:
    """Several names as one, with commas between them."""
    labels = list(labels)
    return Text(*(", ".join(getattr(label, language) for label in labels) for language in ("ky", "ru", "en")))
