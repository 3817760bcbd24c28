"""What is written down of a document: what changes, what a body decided, by which order it was approved."""

from states.lifecycle import Field
from states.text import Text

WHAT_CHANGES = Field(
    "summary",
    Text("Эмне өзгөрөт жана эмне үчүн", "Что меняется и почему", "What changes and why"),
    help=Text(
        "Кайсы пункттар жана эмне түрткү болду: мыйзам, аудит, сунуш. Кеңештин мүчөлөрү ушуну биринчи окуйт.",
        "Какие пункты и что побудило: закон, аудит, предложение. Члены совета прочтут это первым.",
        "Which clauses, and what prompted it: a law, an audit, a proposal. The council's members read this first.",
    ),
)
# Its help is the move's: what whoever reads it has to learn from it.
REASON = Field("reason", Text("Себеби", "Причина", "Reason"), "text")

BODYS_DECISION = (
    Field(
        "protocol_no",
        Text("Протоколдун №", "№ протокола", "Protocol №"),
        "line",
        help=Text(
            "Кеңештин протоколдор китебиндегидей. Мисалы: 7.",
            "Как в книге протоколов совета. Например: 7.",
            "As in the council's book of minutes. For example: 7.",
        ),
    ),
    Field(
        "decided_on",
        Text("Отурумдун күнү", "Дата заседания", "Date of the sitting"),
        "date",
        help=Text(
            "Кеңеш чогулган күн; протоколго кол кийин коюлса да, ошол күн.",
            "День, когда совет собрался, даже если протокол подписан позже.",
            "The day the council met, even if the minutes were signed later.",
        ),
    ),
    Field(
        "agenda_item",
        Text("Күн тартибинин пункту", "Пункт повестки дня", "Agenda item"),
        "line",
        required=False,
        help=Text(
            "Номери же аталышы. Мисалы: 3.",
            "Номер или название. Например: 3.",
            "Its number or its name. For example: 3.",
        ),
    ),
    Field(
        "votes_for",
        Text("Макул", "За", "For"),
        "number",
        required=False,
        help=Text(
            "Канча мүчө колдоду. Добуш саналбаса, үчөө тең бош калат.",
            "Сколько членов совета поддержали. Если не считали, оставьте все три пустыми.",
            "How many members supported it. Leave all three empty if nobody counted.",
        ),
    ),
    Field(
        "votes_against",
        Text("Каршы", "Против", "Against"),
        "number",
        required=False,
        help=Text(
            "Канча мүчө каршы добуш берди; эч ким болбосо, 0.",
            "Сколько членов совета не поддержали. Если таких не было, 0.",
            "How many members opposed it; 0 if nobody did.",
        ),
    ),
    Field(
        "votes_abstained",
        Text("Калыс", "Воздержались", "Abstained"),
        "number",
        required=False,
        help=Text(
            "Отурумда болуп, добуш бербегендер. Келбегендер эсептелбейт.",
            "Были на заседании, но не выбрали ни того, ни другого. Отсутствовавшие не считаются.",
            "Those who were there and chose neither. Who was absent is not counted.",
        ),
    ),
)
WORDING = Field(
    "wording",
    Text("Чечимдин тексти", "Формулировка решения", "Wording of the decision"),
    "text",
    help=Text(
        "Протоколдон сөзмө-сөз. Мисалы: «Жобо жактырылсын жана бекитүүгө сунушталсын».",
        "Дословно из протокола. Например: «Одобрить положение и рекомендовать к утверждению».",
        "Word for word from the minutes. For example: “To endorse the regulation and recommend its approval.”",
    ),
)
REMARKS = Field(
    "wording",
    Text("Сын-пикирлер", "Замечания", "Remarks"),
    "text",
    help=Text(
        "Ар бири жаңы саптан, пунктунун номери менен: автор эмнени кайра иштеп чыгарын көрөт.",
        "Каждое с новой строки и с номером пункта: автор увидит, что доработать.",
        "Each on a line of its own with its clause: the author sees what to work on.",
    ),
)
ORDER = (
    Field(
        "order_no",
        Text("Буйруктун №", "№ приказа", "Order №"),
        "line",
        help=Text(
            "Буйруктар китебиндегидей. Мисалы: 01-12/138.",
            "Как в книге приказов. Например: 01-12/138.",
            "As in the book of orders. For example: 01-12/138.",
        ),
    ),
    Field(
        "decided_on",
        Text("Буйруктун күнү", "Дата приказа", "Date of the order"),
        "date",
        help=Text("Ректор кол койгон күн.", "День, когда ректор его подписал.", "The day the rector signed it."),
    ),
)
