"""What is written down of a document: what changes, what a body decided, by which order it was approved."""

from dataclasses import replace

from states.lifecycle import Field
from states.reasons import REASON, because
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

WHY_REROUTED = replace(
    REASON,
    required=False,
    help=Text(
        "Багыт эмне үчүн өзгөрдү: катчы менен автор ушуну окуйт.",
        "Почему маршрут изменился: это прочтут секретарь и автор.",
        "Why the route has changed: the secretary and the author will read it.",
    ),
)

DOCUMENT = Field(
    "document",
    Text("Документтин шифри", "Шифр документа", "Document code"),
    "line",
    help=Text(
        "Реестрде кандай турса, ошондой: тамгалары жана саны, чекити менен.",
        "Как он стоит в реестре: буквы и число с точкой.",
        "As it stands in the register: the letters, and the number with its point.",
    ),
)
NOTE_TO_THE_COUNCIL = Field(
    "note",
    Text("Кеңешке эскертме", "Примечание для совета", "Note for the council"),
    required=False,
    help=Text(
        "Эмнеге көңүл буруу керек: талаштуу пункттар, кимдер менен макулдашылды.",
        "На что обратить внимание: спорные пункты, с кем согласовано.",
        "What to look at: disputed clauses, with whom it has been agreed.",
    ),
)
WORDING_OF_AMENDMENTS = replace(
    WORDING,
    help=Text(
        "Протоколдон, ар бир өзгөртүү пункту менен: автор текстке дал ушуларды киргизет.",
        "Из протокола, каждое изменение с номером пункта: автор внесёт в текст именно их.",
        "From the minutes, each amendment with its clause: the author enters exactly these.",
    ),
)
WORDING_OF_REFUSAL = replace(
    WORDING,
    help=Text(
        "Протоколдон, четке кагуунун негизи менен: автор жана жооптуу адам окуйт.",
        "Из протокола, вместе с основанием отказа: это прочтут автор и ответственный.",
        "From the minutes, with the grounds for it: the author and the owner will read it.",
    ),
)
WHY_PASSED_ON = replace(
    WHY_REROUTED,
    help=Text(
        "Калган кеңештер эмне үчүн карабайт: бекитүүчү ушуну окуйт.",
        "Почему остальные советы рассматривать не будут: это прочтёт тот, кто утверждает.",
        "Why the bodies that were left do not review it: whoever approves it will read this.",
    ),
)
CLAUSES = Field(
    "clauses",
    Text("Өзгөртүлгөн пункттар", "Изменённые пункты", "Clauses changed"),
    "text",
    help=Text(
        "Номери жана эми кандай экени, ар бири жаңы саптан. Мисалы: «2.4: мөөнөт 10 күн».",
        "Номер и как стало, каждый с новой строки. Например: «2.4: срок 10 дней».",
        "The number and what it says now, each on its own line. For example: “2.4: the term is 10 days.”",
    ),
)
IN_FORCE_ON = Field(
    "in_force_on",
    Text("Күчүнө кирүү күнү", "Дата введения в действие", "Entry into force"),
    "date",
    help=Text(
        "Буйрук чыккан күн же андан кийинки күн; ага чейин мурунку редакция колдонулат.",
        "День приказа или позже; до этого действует прежняя редакция.",
        "The day of the order or a later one; until then the revision before it holds.",
    ),
)
WORDING_OF_ORDER = replace(
    WORDING,
    required=False,
    help=Text(
        "Буйруктагыдай. Мисалы: «Бекитилсин жана 1-сентябрдан тартып ишке киргизилсин».",
        "Как в приказе. Например: «Утвердить и ввести в действие с 1 сентября».",
        "As in the order. For example: “To approve and put into force from 1 September.”",
    ),
)
WHAT_TO_CHANGE = because(
    "Бекитүү үчүн автор эмнени өзгөртүшү керек, кайсы пунктта.",
    "Что и в каких пунктах изменить автору, чтобы документ утвердили.",
    "What the author has to change, in which clauses, for it to be approved.",
)
WHY_RECALLED = because(
    "Буйрукта же текстте кандай жаңылыштык чыкты жана аны ким оңдойт.",
    "Какая ошибка нашлась в приказе или в тексте и кто её исправит.",
    "What mistake was found in the order or the text, and who puts it right.",
)
FINDINGS = Field(
    "findings",
    Text("Текшерүүнүн жыйынтыгы", "Результат проверки", "Findings"),
    "text",
    help=Text(
        "Эмнелерге салыштырылды (мыйзамдар, түзүм, иш жүзү) жана эмне үчүн өзгөртүүнүн кереги жок.",
        "С чем сверено (законы, структура, практика) и почему менять ничего не нужно.",
        "What it was compared with (laws, structure, practice), and why nothing needs to change.",
    ),
)
WHAT_MUST_CHANGE = Field(
    "summary",
    Text("Эмнени өзгөртүү керек", "Что изменить", "What must change"),
    "text",
    help=Text(
        "Кайсы пункттар эмнеден улам эскирди: жаңы редакциянын автору ушундан баштайт.",
        "Какие пункты из-за чего устарели: с этого начнёт автор новой редакции.",
        "Which clauses are out of date because of what: the author of the new revision begins with it.",
    ),
)
WHY_WITHDRAW = because(
    "Документ эмне үчүн керексиз жана анын ордуна эмне колдонулат: ректор ушуга карап чечет.",
    "Почему документ не нужен и что действует вместо него: по этому решит ректор.",
    "Why the document is not needed and what holds instead: the rector decides by it.",
)
WHY_KEPT = because(
    "Документ эмне үчүн дагы эле керек жана кийинки текшерүүдө эмнени кароо керек.",
    "Почему документ ещё нужен и на что смотреть при следующей проверке.",
    "Why the document is still needed, and what to look at in the next review.",
)
WHY_WITHDRAWN = because(
    "Аны эмне алмаштырат, же эмне үчүн эч нерсе керек эмес: аны колдонгондор ушуну сурайт.",
    "Что его заменяет или почему замена не нужна: об этом спросят те, кто им пользуется.",
    "What takes its place, or why nothing has to: those who use it will ask.",
)
FILE = Field(
    "file",
    Text("Файл", "Файл", "File"),
    "file",
    help=Text(
        "Бекитилүүчү тексттин өзү; тиркемелери өзүнчө файл болуп кошулат.",
        "Сам текст, который утверждают; приложения добавляют отдельными файлами.",
        "The very text to be approved; annexes are added as files of their own.",
    ),
)
ATTACHMENT = Field("attachment", Text("Файл", "Файл", "File"), "attachment")
WHY_REMOVED = because(
    "Эмне үчүн бул жерге керексиз: эскирген, жаңылыш тиркелген, ордуна башкасы бар.",
    "Почему ему здесь не место: устарел, приложен по ошибке, есть другой вместо него.",
    "Why it does not belong here: out of date, attached by mistake, another takes its place.",
)
NEW_AUTHOR = Field(
    "author",
    Text("Жаңы автор", "Новый автор", "New author"),
    "person",
    help=Text(
        "Мындан ары долбоорду ким жазат: милдет ошого өтөт.",
        "Кто дальше пишет проект: задача перейдёт к нему.",
        "Who writes the draft from now on: its task passes to them.",
    ),
)
WHY_HANDED_OVER = because(
    "Автор эмне үчүн алмашты, эмне жазылып бүттү: жаңысы ушуну окуйт.",
    "Почему автор меняется и что уже написано: это прочтёт новый.",
    "Why the author changes and what is written already: the new one will read it.",
)
WHY_TAKEN_BACK = because(
    "Текстте эмнени толуктоо же оңдоо керек болуп калды.",
    "Что понадобилось дополнить или исправить в тексте.",
    "What has to be added to the text or corrected in it.",
)
WHY_ABANDONED = because(
    "Долбоор эмне үчүн керексиз болуп калды жана анын ордуна эмне колдонула берет.",
    "Почему проект больше не нужен и что остаётся в силе вместо него.",
    "Why the draft is no longer needed, and what stays in force instead.",
)
