"""One print of each form, as a university would have it, in three languages; and texts that want to be markup."""

from datetime import date, datetime
from typing import Any, Final

from service.prints.common import Signatory, University
from service.prints.shapes import (
    AcquaintanceSheet,
    Acquainted,
    ActedAction,
    ActedCause,
    ApprovalSheet,
    Change,
    ChangeSheet,
    Considered,
    Line,
    NonconformityAct,
    OrderDraft,
    OrderPoint,
    Register,
    RegisterColumn,
    SignOff,
    SignOffSheet,
)
from service.prints.sittings import (
    Agenda,
    AgendaItem,
    Attendant,
    Extract,
    NamedVote,
    Protocol,
    ProtocolItem,
    SittingTask,
    Votes,
)
from states.text import Text
from states.working_days import BISHKEK

DAY: Final = date(2024, 3, 28)
HELD: Final = {"ky": "2024-жылдын 28-марты", "ru": "28 марта 2024 г.", "en": "28 March 2024"}
MOMENT: Final = datetime(2024, 3, 28, 14, 5, tzinfo=BISHKEK)
HASH: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

UNIVERSITY: Final = University(
    name=Text(
        "Көк-Жар мамлекеттик университети", "Кок-Жарский государственный университет", "Kök-Jar State University"
    ),
    place=Text("Көк-Жар", "Кок-Жар", "Kök-Jar"),
    ministry=Text(
        "Кыргыз Республикасынын Илим, жогорку билим жана инновациялар министрлиги",
        "Министерство науки, высшего образования и инноваций Кыргызской Республики",
        "Ministry of Science, Higher Education and Innovation of the Kyrgyz Republic",
    ),
)
BODY: Final = Text("Окумуштуулар кеңеши", "Учёный совет", "Academic Council")
METHODICAL: Final = Text("Окуу-усулдук кеңеш", "Учебно-методический совет", "Educational-methodical council")
RECTOR: Final = Signatory(Text("Ректор", "Ректор", "Rector"), Text("Ө. Ж. Үсөнов", "О. Ж. Усенов", "Ö. J. Üsönov"))
CHAIR: Final = Signatory(Text("Төрага", "Председатель", "Chair"), RECTOR.name)
SECRETARY: Final = Signatory(
    Text("Катчы", "Секретарь", "Secretary"), Text("Н. К. Кеңешова", "Н. К. Кенешова", "N. K. Kengeshova")
)
TITLE: Final = Text(
    "Билим берүүнүн сапатын баалоо жана өркүндөтүү жөнүндө жобо",
    "Положение об оценке и совершенствовании качества образования",
    "Regulation on assessing and improving the quality of education",
)
ITEM: Final = ProtocolItem(
    no=2,
    title=Text(
        "УСТ 4.09 стандартын жактыруу жөнүндө", "Об одобрении стандарта УСТ 4.09", "Endorsing the standard УСТ 4.09"
    ),
    heard=(
        Text(
            "Сапат боюнча адис Г. Өмүрова стандарттын жаңы редакциясын тааныштырды: иш-аракеттердин тартиби "
            "такталды, мөөнөттөр жумуш күндөрү менен эсептелет.",
            "Специалист по качеству Г. Омурова представила новую редакцию стандарта: уточнён порядок предупреждающих "
            "действий, сроки считаются в рабочих днях.",
            "The quality specialist G. Ömürova presented the new revision: the order of actions is made clear, "
            "deadlines are counted in working days.",
        ),
    ),
    speakers=(
        Text(
            "Декан Б. Үкүев: өтүнмөнүн үлгүсүн тиркөө сунушталды.",
            "Декан Б. Укуев: предложено приложить образец заявки.",
            "Dean B. Ükuev: a sample of the request should be annexed.",
        ),
    ),
    votes=Votes(11, 1, 0),
    outcome=Text("Жактырылды", "Одобрено", "Endorsed"),
    decision=(
        Text(
            "УСТ 4.09 стандартынын жаңы редакциясы жактырылсын жана бекитүүгө ректорго сунушталсын.",
            "Одобрить новую редакцию стандарта УСТ 4.09 и представить её ректору на утверждение.",
            "The new revision of the standard УСТ 4.09 is endorsed and put to the rector for approval.",
        ),
    ),
    tasks=(
        SittingTask(
            Text("Өтүнмөнүн үлгүсүн тиркөө", "Приложить образец заявки", "Annex a sample of the request"),
            Text("Г. Өмүрова", "Г. Омурова", "G. Ömürova"),
            date(2024, 4, 5),
        ),
    ),
)
QUORUM: Final = Text(
    "15 мүчөнүн 12си катышты, кворум бар.",
    "Присутствуют 12 членов из 15, кворум имеется.",
    "12 of 15 members are present: there is a quorum.",
)
PEOPLE: Final = (
    Attendant(RECTOR.name, RECTOR.post),
    Attendant(
        Text("Жылдыз Окуева", "Жылдыз Окуева", "Jyldyz Okueva"),
        Text("окуу иштери боюнча проректор", "проректор по учебной работе", "vice-rector for academic affairs"),
    ),
)

SAMPLES: Final[dict[str, Any]] = {
    "agenda": Agenda(
        body=BODY,
        held_on=DAY,
        time="14:00",
        place=Text("Чоң жыйындар залы", "Большой зал заседаний", "Great assembly hall"),
        protocol_no="7",
        items=(
            AgendaItem(1, Text("Кадр маселелери", "Кадровые вопросы", "Staff matters"), PEOPLE[1].name),
            AgendaItem(
                2,
                ITEM.title,
                Text("Г. Өмүрова", "Г. Омурова", "G. Ömürova"),
                (Text(*(f"УСТ 4.09 {one}" for one in TITLE)),),
            ),
        ),
        chair=CHAIR,
        secretary=SECRETARY,
    ),
    "protocol": Protocol(
        body=BODY,
        number="7",
        held_on=DAY,
        time="14:00",
        items=(
            ProtocolItem(
                no=1,
                title=Text("Кадр маселелери", "Кадровые вопросы", "Staff matters"),
                votes=Votes(10, 0, 2),
                secret=True,
                by_name=(
                    NamedVote(RECTOR.name, Text("макул", "за", "for")),
                    NamedVote(PEOPLE[1].name, Text("калыс", "воздержалась", "abstained")),
                ),
                decision=(Text("Сунуш кабыл алынсын.", "Принять предложение.", "The proposal is accepted."),),
            ),
            ITEM,
        ),
        chair=CHAIR,
        secretary=SECRETARY,
        present=PEOPLE,
        absent=(
            Attendant(
                Text("Таалай Үмөтов", "Таалай Уметов", "Taalai Ümötov"),
                note=Text("иш сапарында", "в командировке", "on a mission"),
            ),
        ),
        guests=(
            Attendant(
                Text("Г. Өмүрова", "Г. Омурова", "G. Ömürova"),
                Text("сапат боюнча адис", "специалист по качеству", "quality specialist"),
            ),
        ),
        quorum=QUORUM,
    ),
    "extract": Extract(
        body=BODY,
        number="7",
        held_on=DAY,
        item=ITEM,
        chair=CHAIR,
        secretary=SECRETARY,
        quorum=QUORUM,
        certified_on=date(2024, 4, 1),
    ),
    "approval": ApprovalSheet(
        code="ЖЖ 3.19",
        title=TITLE,
        dated=date(2024, 4, 2),
        revision=3,
        considered=(
            Considered(METHODICAL, "5", date(2024, 3, 14), Text("талкууланды", "обсуждено", "discussed")),
            Considered(
                BODY, "7", DAY, Text("каралып, жактырылды", "рассмотрено и одобрено", "considered and endorsed")
            ),
        ),
        approver=RECTOR,
        approved_on=date(2024, 4, 2),
        order_no="01-12/138",
        in_force_on=date(2024, 9, 1),
        type=Text("жобо", "положение", "regulation"),
    ),
    "sign-off": SignOffSheet(
        code="ЖЖ 3.19",
        title=TITLE,
        dated=date(2024, 4, 2),
        revision=3,
        rows=(
            SignOff(
                SECRETARY.name,
                Text("Окумуштуулар кеңешинин катчысы", "секретарь Учёного совета", "secretary of the Academic Council"),
                Text("жактырылды", "одобрено", "endorsed"),
                MOMENT,
                HASH,
            ),
            SignOff(
                RECTOR.name,
                RECTOR.post,
                Text("бекитилди", "утверждено", "approved"),
                MOMENT,
                HASH[::-1],
                Text("орун басары: Ж. Окуева", "за него: Ж. Окуева", "for him: J. Okueva"),
            ),
        ),
        content_hash=HASH,
    ),
    "changes": ChangeSheet(
        code="ЖЖ 3.19",
        title=TITLE,
        dated=date(2024, 4, 2),
        rows=(
            Change(
                1,
                Text("Г. Өмүрова", "Г. Омурова", "G. Ömürova"),
                Text("сапат боюнча адис", "специалист по качеству", "quality specialist"),
                Text("4.1-пункт: мөөнөт 10 күн", "п. 4.1: срок 10 дней", "4.1: the term is 10 days"),
                DAY,
            ),
        ),
        compilers=(SECRETARY,),
    ),
    "acquaintance": AcquaintanceSheet(
        code="ЖЖ 3.19",
        title=TITLE,
        dated=date(2024, 4, 2),
        revision=3,
        unit=Text(
            "Колдонмо математика кафедрасы", "Кафедра прикладной математики", "Department of applied mathematics"
        ),
        rows=(
            Acquainted(PEOPLE[1].name, PEOPLE[1].post, MOMENT, HASH[:16]),
            Acquainted(
                Text("Бүбүш Өскөнова", "Бубуш Осконова", "Bübüsh Öskönova"),
                Text("окутуучу", "преподаватель", "lecturer"),
            ),
        ),
        responsible=Signatory(
            Text("Кафедра башчысы", "Заведующий кафедрой", "Head of department"),
            Text("Б. Үкүев", "Б. Укуев", "B. Ükuev"),
        ),
    ),
    "order": OrderDraft(
        subject=Text(
            "Сапат документтерин ишке киргизүү жөнүндө",
            "О введении в действие документов качества",
            "Putting quality documents into force",
        ),
        dated=date(2024, 4, 2),
        preamble=(
            Text(
                "Окумуштуулар кеңешинин 2024-жылдын 28-мартындагы №7 протоколуна ылайык",
                "В соответствии с протоколом Учёного совета № 7 от 28 марта 2024 г.",
                "Following protocol № 7 of the Academic Council of 28 March 2024",
            ),
        ),
        points=(
            OrderPoint(
                Text(
                    "УСТ 4.09 стандарты бекитилсин жана ишке киргизилсин.",
                    "Утвердить и ввести в действие стандарт УСТ 4.09.",
                    "The standard УСТ 4.09 is approved and put into force.",
                )
            ),
            OrderPoint(
                Text(
                    "Бардык бөлүмдөр стандарт менен таанышсын.",
                    "Ознакомить со стандартом все подразделения.",
                    "All units shall read the standard.",
                ),
                Text("бөлүм башчылары", "руководители подразделений", "heads of units"),
                date(2024, 4, 19),
            ),
        ),
        documents=(Text(*(f"УСТ 4.09 {one}" for one in TITLE)),),
        signatory=RECTOR,
        agreed=(Signatory(PEOPLE[1].post, PEOPLE[1].name),),
        prepared_by=(
            Signatory(
                Text("Сапат боюнча адис", "Специалист по качеству", "Quality specialist"),
                Text("Г. Өмүрова", "Г. Омурова", "G. Ömürova"),
            ),
        ),
    ),
    "nonconformity": NonconformityAct(
        code="NC-2024-007",
        title=Text(
            "Химия лабораториясында желдеткич иштебейт",
            "В лаборатории химии не работает вытяжка",
            "No ventilation in the chemistry laboratory",
        ),
        dated=DAY,
        found=(
            Line(Text("Аныкталган күнү", "Дата выявления", "Found on"), DAY),
            Line(
                Text("Түрү", "Вид", "Kind"),
                Text("билим берүү жана өндүрүш чөйрөсү", "образовательная и производственная среда", "environment"),
            ),
            Line(
                Text("Эмне аныкталды", "Что выявлено", "What was found"),
                Text(
                    "3-лабораторияда желдеткич үч күндөн бери иштебейт.",
                    "В лаборатории 3 вытяжка не работает третий день.",
                    "The ventilation of laboratory 3 has not worked for three days.",
                ),
            ),
        ),
        corrected=(
            Line(
                Text("Түзөтүү", "Коррекция", "Correction"),
                Text(
                    "Сабактар 5-лабораторияга көчүрүлдү.",
                    "Занятия перенесены в лабораторию 5.",
                    "Classes moved to laboratory 5.",
                ),
            ),
        ),
        causes=(
            ActedCause(
                1,
                Text("Мотор күйүп кеткен", "Сгорел мотор", "The motor burnt out"),
                Text("жабдуу", "оборудование", "equipment"),
            ),
            ActedCause(
                2,
                Text("Техникалык тейлөө графиги жок", "Нет графика обслуживания", "There is no maintenance schedule"),
                Text("башкаруу", "управление", "management"),
                1,
            ),
        ),
        actions=(
            ActedAction(
                "CA-2024-011",
                Text("Тейлөө графигин бекитүү", "Утвердить график обслуживания", "Approve a maintenance schedule"),
                Text("чарба бөлүмүнүн башчысы", "начальник хозяйственного отдела", "head of maintenance"),
                date(2024, 4, 30),
                Text("аткарылды", "выполнено", "implemented"),
                date(2024, 4, 26),
            ),
        ),
        checked=(
            Line(
                Text("Натыйжалуулугу", "Результативность", "Effectiveness"),
                Text(
                    "Натыйжалуу: эки айда үзгүлтүк болгон жок.",
                    "Результативно: за два месяца отказов нет.",
                    "Effective: no failure in two months.",
                ),
            ),
        ),
        state=Text("жабылды", "закрыто", "closed"),
        signatories=(
            Signatory(
                Text("Сапат боюнча адис", "Специалист по качеству", "Quality specialist"),
                Text("Г. Өмүрова", "Г. Омурова", "G. Ömürova"),
            ),
            Signatory(Text("Процесстин жетекчиси", "Руководитель процесса", "Process owner")),
        ),
    ),
}

COLUMNS: Final = (
    RegisterColumn(Text("Шифри", "Шифр", "Code"), 28),
    RegisterColumn(Text("Документтин аталышы", "Наименование документа", "Title")),
    RegisterColumn(Text("Күчүнө кирген", "Введён", "In force since"), 26),
    RegisterColumn(Text("Жооптуу", "Ответственный", "Owner"), 50),
)


def register(rows: int) -> Register:
    """A register of so many rows, read as they come."""
    owner = Text("окуу бөлүмүнүн башчысы", "начальник учебного отдела", "head of the academic office")
    return Register(
        title=Text("Документтердин реестри", "Реестр документов", "Register of documents"),
        columns=COLUMNS,
        rows=(
            (f"УСТ {no}", TITLE if no % 7 else Text(*(f"{one}. " * 4 for one in TITLE)), DAY, owner)
            for no in range(1, rows + 1)
        ),
        dated=DAY,
        signatory=RECTOR,
    )
