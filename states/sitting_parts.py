"""What a sitting has several of: items of its agenda, its members, their votes by name, instructions, corrections."""

from dataclasses import replace

from states.lifecycle import Choice, Field, Part
from states.sitting_fields import BALLOTS, DECISIONS, PRESENCES, SPEAKER, TITLE, VOTES
from states.text import Text
from states.voting import Majority

_NUMBER = Field("", Text("", "", ""), "number", required=False)

ITEM = Part(
    "agenda_item",
    Text("күн тартибинин пункту", "пункт повестки дня", "agenda item"),
    Text("күн тартиби", "повестка дня", "agenda"),
    (
        TITLE,
        SPEAKER,
        Field(
            "heard",
            Text("Угулду", "Слушали", "Heard"),
            required=False,
            help=Text(
                "Ким эмнени баяндады, эки-үч сүйлөм менен.",
                "Кто о чём доложил, двумя-тремя предложениями.",
                "Who reported what, in two or three sentences.",
            ),
        ),
        Field(
            "spoke",
            Text("Сүйлөгөндөр", "Выступили", "Spoke"),
            required=False,
            help=Text(
                "Ар бири жаңы саптан: аты-жөнү, эмне деди же сурады.",
                "Каждый с новой строки: имя, что сказал или спросил.",
                "Each on a line of their own: the name, what they said or asked.",
            ),
        ),
        Field(
            "ballot",
            Text("Добуш берүүнүн түрү", "Вид голосования", "Kind of vote"),
            "choice",
            required=False,
            choices=BALLOTS,
            help=Text(
                "Ысмы боюнча болсо, мүчөлөр өзүнчө белгиленет жана сандар өзү чыгат.",
                "При поимённом отмечается каждый, числа получатся сами.",
                "By name each member is marked, and the numbers come by themselves.",
            ),
        ),
        Field(
            "majority",
            Text("Чечим кабыл алынат", "Решение принимается", "Carried by"),
            "choice",
            required=False,
            choices=tuple(Choice(rule.value, rule.label) for rule in Majority),
            help=Text(
                "Бош калса, кеңештин жалпы эрежеси колдонулат.",
                "Если пусто, действует общее правило совета.",
                "Left empty, the body's own rule holds.",
            ),
        ),
        replace(
            _NUMBER,
            name="votes_for",
            label=Text("Макул", "За", "For"),
            help=Text(
                "Канча добуш колдоду, ишеним кат менен берилгендери да кошулат.",
                "Сколько голосов поддержали, с поданными по доверенности.",
                "How many votes supported it, those by proxy included.",
            ),
        ),
        replace(
            _NUMBER,
            name="votes_against",
            label=Text("Каршы", "Против", "Against"),
            help=Text(
                "Канча добуш колдогон жок; эч ким болбосо, 0.",
                "Сколько голосов не поддержали; если никто, 0.",
                "How many votes opposed it; 0 if none did.",
            ),
        ),
        replace(
            _NUMBER,
            name="votes_abstained",
            label=Text("Калыс", "Воздержались", "Abstained"),
            help=Text(
                "Болгону менен тандабагандар; келбегендер кирбейт.",
                "Были, но не выбрали; отсутствующие не в счёт.",
                "Those who were there and did not choose; who was absent is not counted.",
            ),
        ),
        Field(
            "decision",
            Text("Чечим", "Решение", "Decision"),
            "choice",
            required=False,
            choices=DECISIONS,
            help=Text(
                "Документ боюнча чечим протокол жабылганда аны дароо жылдырат.",
                "Решение о документе сработает, когда протокол будет закрыт.",
                "What is decided on a document moves it on when the protocol is closed.",
            ),
        ),
        Field(
            "wording",
            Text("Токтомдун тексти", "Формулировка решения", "Wording of the decision"),
            required=False,
            help=Text(
                "Протоколго сөзмө-сөз кирет. Кайтарылса, сын-пикирлер ушул жерде.",
                "Войдёт в протокол дословно. При возврате здесь замечания.",
                "Goes into the protocol word for word. If returned, the remarks stand here.",
            ),
        ),
    ),
)
ATTENDEE = Part(
    "attendee",
    Text("мүчө", "член совета", "member"),
    Text("катышкандар", "присутствие", "attendance"),
    (
        Field(
            "person",
            Text("Мүчө", "Член совета", "Member"),
            "person",
            help=Text(
                "Отурум ачылганда тизмедеги бардык мүчөлөр өзү кошулат.",
                "При открытии заседания все члены из списка добавляются сами.",
                "When the sitting is opened all members of the list are there by themselves.",
            ),
        ),
        Field(
            "presence",
            Text("Катышуусу", "Присутствие", "Presence"),
            "choice",
            required=False,
            choices=PRESENCES,
            help=Text(
                "Белгиленбеген мүчө келген жок деп эсептелет.",
                "Кто не отмечен, считается отсутствующим.",
                "Whoever is not marked counts as absent.",
            ),
        ),
        Field(
            "proxy",
            Text("Ишеним кат менен добуш берет", "Голосует по доверенности", "Votes for them by proxy"),
            "person",
            required=False,
            help=Text(
                "Кеңештин эрежеси уруксат берсе гана, жана отурумда болгон мүчө.",
                "Только если правило совета это позволяет, и лишь присутствующий член.",
                "Only where the body's rule allows it, and only a member who is there.",
            ),
        ),
    ),
)
BALLOT = Part(
    "ballot",
    Text("добуш", "голос", "vote"),
    Text("ысмы боюнча добуштар", "поимённые голоса", "votes by name"),
    (
        Field(
            "item",
            Text("Пункт", "Пункт", "Item"),
            "number",
            help=Text(
                "Кайсы маселе боюнча добуш берилди: анын ички номери.",
                "По какому вопросу голосовали: его внутренний номер.",
                "On which item it was cast: the number by which it is kept.",
            ),
        ),
        Field(
            "person",
            Text("Мүчө", "Член совета", "Member"),
            "person",
            help=Text(
                "Ким добуш берди; ишеним кат болсо, ким үчүн берилди.",
                "Кто голосовал; по доверенности — за кого подан голос.",
                "Whose vote it is; by proxy, for whom it was cast.",
            ),
        ),
        Field(
            "vote",
            Text("Добушу", "Голос", "Vote"),
            "choice",
            choices=VOTES,
            help=Text(
                "Айтылбаса, бул мүчө бул маселеде добуш берген жок.",
                "Если не указан, этот член по этому вопросу не голосовал.",
                "Left out, this member did not vote on this item.",
            ),
        ),
    ),
)
INSTRUCTION = Part(
    "instruction",
    Text("кеңештин тапшырмасы", "поручение совета", "council instruction"),
    Text("кеңештин тапшырмалары", "поручения совета", "council instructions"),
    (
        Field(
            "item",
            Text("Пункт", "Пункт", "Item"),
            "number",
            required=False,
            help=Text(
                "Кайсы маселеге байланыштуу: анын ички номери.",
                "К какому вопросу относится: его внутренний номер.",
                "Which item it belongs to: the number by which it is kept.",
            ),
        ),
        Field(
            "what",
            Text("Эмне кылуу керек", "Что сделать", "What to do"),
            "line",
            help=Text(
                "Бүткөнү көрүнө тургандай. Мисалы: «Жобонун 4-бөлүмүн жаңы мыйзамга келтирүү».",
                "Так, чтобы было видно, что сделано. Например: «Привести раздел 4 положения в соответствие с законом».",
                "So that one can see it done. For example: “Bring section 4 of the regulation in line with the law.”",
            ),
        ),
        Field(
            "owner_post",
            Text("Ким аткарат", "Исполнитель", "Who does it"),
            "post",
            required=False,
            help=Text(
                "Протокол жабылганда тапшырма ушул кызматка барат.",
                "Когда протокол закроют, задача придёт на эту должность.",
                "When the protocol is closed the task goes to this post.",
            ),
        ),
        Field(
            "due_on",
            Text("Мөөнөтү", "Срок", "Due on"),
            "date",
            required=False,
            help=Text(
                "Кеңеш айткан күн; кийин өзгөртүлсө да, бул күн көрүнүп турат.",
                "День, названный советом; он останется виден, даже если срок продлят.",
                "The day the council named; it stays visible even if more time is given.",
            ),
        ),
    ),
)
CORRECTION = Part(
    "correction",
    Text("түзөтүү", "исправление", "correction"),
    Text("түзөтүүлөр", "исправления", "corrections"),
    (
        Field(
            "item",
            Text("Пункт", "Пункт", "Item"),
            "part",
            required=False,
            of="agenda_item",
            help=Text(
                "Бүт протоколго тиешелүү болсо, бош калат.",
                "Пусто, если касается всего протокола.",
                "Empty where it is about the whole protocol.",
            ),
        ),
        Field(
            "says",
            Text("Эмне туура эмес жана кандай болуш керек", "Что неверно и как должно быть", "What is wrong and right"),
            "text",
            help=Text(
                "Протоколдун өзү өзгөрбөйт: түзөтүү анын жанында, күнү жана кимдики экени менен турат.",
                "Сам протокол не меняется: исправление стоит рядом с датой и именем.",
                "The protocol itself is not changed: this stands beside it with its day and name.",
            ),
        ),
    ),
)
