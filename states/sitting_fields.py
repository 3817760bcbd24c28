"""What is written down of a body's sitting as a whole, and what can be chosen in it; its parts: `sitting_parts`."""

from states.lifecycle import Choice, Field
from states.reasons import because
from states.text import Text

BODY = Field(
    "body",
    Text("Кеңеш", "Совет", "Body"),
    "body",
    help=Text(
        "Кимдин отуруму: мүчөлөрү, кворуму жана добуш берүү эрежеси ошондон алынат.",
        "Кто заседает: отсюда берутся члены, кворум и правило голосования.",
        "Whose sitting it is: its members, quorum and rule of voting are taken from there.",
    ),
)
HELD_ON = Field(
    "held_on",
    Text("Отурумдун күнү", "Дата заседания", "Date of the sitting"),
    "date",
    help=Text(
        "Кагаздар мүчөлөргө андан үч жумуш күн мурда барышы керек.",
        "Материалы должны уйти членам за три рабочих дня до неё.",
        "The papers should reach the members three working days before it.",
    ),
)
BEGINS_AT = Field(
    "begins_at",
    Text("Башталышы", "Начало", "Begins at"),
    "time",
    help=Text(
        "Саат жана мүнөт, Бишкек убактысы. Мисалы: 14:00.",
        "Часы и минуты, время Бишкека. Например: 14:00.",
        "Hours and minutes, Bishkek time. For example: 14:00.",
    ),
)
HELD_AT = Field(
    "held_at",
    Text("Өтүүчү жери", "Место проведения", "Place"),
    "line",
    help=Text(
        "Корпус жана бөлмө, же онлайн жолугушуунун шилтемеси.",
        "Корпус и аудитория или ссылка на онлайн-встречу.",
        "Building and room, or the link of the online meeting.",
    ),
)
PRESENCES = (
    Choice("present", Text("катышты", "присутствует", "present")),
    Choice("online", Text("онлайн катышты", "присутствует онлайн", "present online")),
    Choice("excused", Text("себептүү келген жок", "отсутствует по уважительной причине", "excused")),
    Choice("absent", Text("келген жок", "отсутствует", "absent")),
)
BALLOTS = (
    Choice("open", Text("ачык добуш берүү", "открытое голосование", "open vote")),
    Choice("by_name", Text("ысмы боюнча добуш берүү", "поимённое голосование", "vote by name")),
    Choice("secret", Text("жашыруун добуш берүү", "тайное голосование", "secret vote")),
    Choice("none", Text("добуш берилген жок", "без голосования", "no vote")),
)
VOTES = (
    Choice("for", Text("макул", "за", "for")),
    Choice("against", Text("каршы", "против", "against")),
    Choice("abstained", Text("калыс", "воздержался", "abstained")),
)
# What a body may decide about a document are the names of the document's own moves.
ON_DOCUMENTS = ("endorse", "endorse_with_amendments", "return_for_revision", "reject", "postpone")
ON_OTHERS = ("resolved", "noted", "postpone", "not_carried")
MUST_BE_CARRIED = frozenset({"endorse", "endorse_with_amendments", "resolved"})
DECISIONS = (
    Choice("endorse", Text("жактыруу", "одобрить", "endorse")),
    Choice("endorse_with_amendments", Text("өзгөртүүлөр менен жактыруу", "одобрить с изменениями", "with amendments")),
    Choice("return_for_revision", Text("кайра иштеп чыгууга кайтаруу", "вернуть на доработку", "return for revision")),
    Choice("reject", Text("четке кагуу", "отклонить", "reject")),
    Choice("resolved", Text("токтом кылынды", "постановлено", "resolved")),
    Choice("noted", Text("маалымат катары кабыл алынды", "принято к сведению", "noted")),
    Choice("not_carried", Text("өткөн жок", "не принято", "not carried")),
    Choice("postpone", Text("кийинкиге калтыруу", "отложить", "postpone")),
)

TITLE = Field(
    "title",
    Text("Маселе", "Вопрос", "Item"),
    "line",
    help=Text(
        "Күн тартибинде кандай жазылса, ошондой. Мисалы: «Кышкы сессиянын жыйынтыгы».",
        "Как он стоит в повестке. Например: «Итоги зимней сессии».",
        "As it stands on the agenda. For example: “Results of the winter examinations.”",
    ),
)
SPEAKER = Field(
    "speaker",
    Text("Баяндамачы", "Докладчик", "Speaker"),
    "line",
    required=False,
    help=Text(
        "Аты-жөнү жана кызматы: чакыруу ошого да барат деп ишенбеңиз, өзү билсин.",
        "Имя и должность того, кто доложит вопрос.",
        "Name and post of whoever presents the item.",
    ),
)

PLACE = Field(
    "place",
    Text("Нечинчи болот", "Каким по счёту", "Place on the agenda"),
    "number",
    help=Text(
        "Калгандары өз тартибинде жылат. Биринчи болсо, 1.",
        "Остальные сдвинутся. Чтобы шёл первым, 1.",
        "The others give way. To come first, 1.",
    ),
)
CHAIR = Field(
    "chair",
    Text("Төрагалык кылуучу", "Председательствующий", "In the chair"),
    "person",
    help=Text(
        "Бүгүн отурумду алып барган адам: төрага же анын орун басары.",
        "Кто ведёт сегодня: председатель или его заместитель.",
        "Who leads it today: the chair or their deputy.",
    ),
    of="sits",
)
PROTOCOL_NO = Field(
    "protocol_no",
    Text("Протоколдун №", "№ протокола", "Protocol №"),
    "line",
    help=Text(
        "Кеңештин ушул жылдагы кезектеги номери; сунушталганы көбүнчө туура.",
        "Очередной номер совета в этом году; предложенный обычно верен.",
        "The body's next number this year; the one proposed is usually right.",
    ),
)
WHY_NOT_HELD = because(
    "Мисалы, кворум жок. Күтүп турган документтер кийинки отурумга калат.",
    "Например, нет кворума. Ожидающие документы останутся для следующего заседания.",
    "For example, no quorum. The documents that wait stay for the next sitting.",
)
