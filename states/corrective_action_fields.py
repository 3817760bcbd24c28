"""What is written down of an action: what will be done, by whom and when; how it went; whether it was effective."""

from dataclasses import replace

from states.lifecycle import Choice, Field
from states.reasons import because
from states.text import Text

KINDS = (
    Choice("corrective", Text("коррекциялык", "корректирующее", "corrective")),
    Choice("preventive", Text("алдын ала эскертүүчү", "предупреждающее", "preventive")),
    Choice("improvement", Text("жакшыртуу", "улучшение", "improvement")),
    Choice("correction", Text("түзөтүү", "коррекция", "correction")),
)
RATIONALE = Field("rationale", Text("Негиздеме", "Обоснование", "Rationale"))
CAUSES = Field(
    "causes",
    Text("Кайсы себептерди жоёт", "Какие причины устраняет", "Causes that it removes"),
    "parts",
    required=False,
    of="cause",
    help=Text(
        "Түпкү себептерди белгилеңиз: ар бирине иш аракет же негиздеме болмоюнча план кабыл алынбайт.",
        "Отметьте коренные: пока не у каждой есть действие или обоснование, план не примут.",
        "Mark the root ones: until each has an action or a reason for none, the plan is not accepted.",
    ),
)
CHECKER_POST = Field(
    "checker_post",
    Text("Натыйжалуулугун ким текшерет", "Кто проверит результативность", "Who checks the effectiveness"),
    "post",
    required=False,
    help=Text(
        "Аткаруучу эмес. Бош болсо, билим берүүнүн сапаты боюнча адис.",
        "Не исполнитель. Если не указать, специалист по качеству образования.",
        "Not who carries it out. The quality specialist if left empty.",
    ),
)
CHECK_AGAIN_ON = Field(
    "check_on",
    Text("Кайра качан текшерилет", "Когда проверить снова", "Check it again on"),
    "date",
    help=Text(
        "Натыйжа көрүнүп калчу күн. Мисалы, семестр аяктагандан кийин.",
        "День, когда результат будет виден. Например, после конца семестра.",
        "A day by which the result will show. For example, after the end of term.",
    ),
)
NEW_DUE_ON = Field(
    "new_due_on",
    Text("Жаңы мөөнөт", "Новый срок", "New due date"),
    "date",
    help=Text(
        "Чындап бүтө ала турган күн; алгачкы мөөнөт көрүнүп кала берет.",
        "День, к которому действительно закончат; первоначальный срок останется виден.",
        "A day by which it will really be finished; the original date stays visible.",
    ),
)

TITLE = Field(
    "title",
    Text("Эмне жасалат", "Что сделать", "What will be done"),
    "line",
    help=Text(
        "Бир гана иш, бир сүйлөм менен. Мисалы: «Лабораториянын желдеткичин алмаштыруу».",
        "Одно дело одним предложением. Например: «Заменить вытяжку в лаборатории».",
        "One thing in one sentence. For example: “Replace the ventilation of the laboratory.”",
    ),
)
ACTION_KIND = Field(
    "action_kind",
    Text("Түрү", "Вид", "Kind"),
    "choice",
    choices=KINDS,
    help=Text(
        "Коррекциялык болгондун себебин жоёт, алдын ала эскертүүчү боло электикин; түзөтүү кемчиликтин өзүн.",
        "Корректирующее устраняет причину случившегося, предупреждающее возможного, коррекция сам случай.",
        "Corrective removes the cause of what happened, preventive of what might; a correction puts it right.",
    ),
)
DESCRIPTION = Field(
    "description",
    Text("Толук сыпаттамасы", "Подробное описание", "In detail"),
    required=False,
    help=Text(
        "Эмне, кантип жана эмне үчүн. Алдын ала эскертүүчүдө: кандай туура келбөөчүлүк болушу мүмкүн.",
        "Что, как и зачем. Для предупреждающего: какое несоответствие может возникнуть.",
        "What, how and why. For a preventive one: which nonconformity might occur.",
    ),
)
CRITERION = Field(
    "criterion",
    Text("Натыйжалуулуктун критерийи", "Критерий результативности", "Success criterion"),
    help=Text(
        "Себеп жоюлганы эмнеден көрүнөт, сан менен. Мисалы: «Бир семестрде үчтөн ашык кечигүү жок».",
        "По какому числу видно, что причины больше нет. Например: «За семестр не больше трёх опозданий».",
        "By which figure one sees that the cause is gone. For example: “No more than three delays in a term.”",
    ),
)
DUE_ON = Field(
    "due_on",
    Text("Мөөнөтү", "Срок", "Due date"),
    "date",
    help=Text(
        "Бардык кадамдар бүтө турган күн. Бекитилгенден кийин узартуу менен гана өзгөрөт.",
        "К этому дню закончены все шаги. После утверждения меняется только продлением.",
        "By then all steps are finished. Once approved, only an extension changes it.",
    ),
)
OWNER_POST = Field(
    "owner_post",
    Text("Жооптуу (кызмат орду)", "Ответственный (должность)", "Responsible post"),
    "post",
    help=Text(
        "Ишти ким аткарып, далилин жазат: эскертүүлөр ушул орунда иштеген адамга барат.",
        "Кто выполнит и запишет свидетельства: напоминания получит занимающий эту должность.",
        "Who carries it out and records the evidence: reminders go to whoever holds the post.",
    ),
)
UNIT = Field(
    "unit",
    Text("Бөлүм", "Подразделение", "Unit"),
    "unit",
    required=False,
    help=Text(
        "Иш кайсы жерде жүрөт; адатта жооптуунун өз бөлүмү.",
        "Где идёт работа; обычно там же, где ответственный.",
        "Where the work is done; usually that of the responsible post.",
    ),
)
RESOURCES = Field(
    "resources",
    Text("Ресурстар", "Ресурсы", "Resources"),
    required=False,
    help=Text(
        "Адамдар, убакыт, акча, жабдуу: эмне бар, эмнени сурап алуу керек.",
        "Люди, время, деньги, оборудование: что есть и что надо запросить.",
        "People, time, money, equipment: what there is, and what has to be asked for.",
    ),
)
BETTER_CRITERION = Field(
    "criterion",
    Text("Натыйжалуулуктун критерийи", "Критерий результативности", "Success criterion"),
    required=False,
    help=Text(
        "Бекитүүгө чейин акыркы жолу тактаса болот: өлчөнө турган белги.",
        "Последняя возможность уточнить до утверждения: измеримый признак.",
        "The last chance to put it better before the approval: a sign that can be measured.",
    ),
)
OTHER_DAY = Field(
    "due_on",
    Text("Мөөнөтү", "Срок", "Due date"),
    "date",
    required=False,
    help=Text(
        "Бекитилгенден кийин узартуу менен гана өзгөрөт.",
        "После утверждения меняется только продлением.",
        "Once approved, only an extension changes it.",
    ),
)
NOTE_TO_THE_OWNER = Field(
    "note",
    Text("Эскертме", "Примечание", "Note"),
    required=False,
    help=Text(
        "Аткаруучу эмнени эске алсын. Айтарыңыз болбосо, бош калтырыңыз.",
        "На что обратить внимание исполнителю. Если не на что, оставьте пустым.",
        "What whoever carries it out should mind. Leave it empty if nothing.",
    ),
)
WHY_RETURNED = because(
    "Бекитүү үчүн планда эмнени өзгөртүү керек: жооптуу ушуну карап оңдойт.",
    "Что изменить в плане для утверждения: по этому ответственный его исправит.",
    "What has to change in the plan for its approval: the owner corrects it by this.",
)
WHY_WITHDRAWN = because(
    "Бул иш эмне үчүн керексиз жана себепти эми эмне жоёт.",
    "Почему это не нужно и что теперь устранит причину несоответствия.",
    "Why it is not needed, and what removes the cause now.",
)
EVIDENCE = Field(
    "evidence",
    Text("Далил", "Свидетельства", "Evidence"),
    help=Text(
        "Аткарылганы эмнеден көрүнөт: акт, буйрук, протокол, сүрөт. Файлдары өзүнчө кошулат.",
        "Из чего видно, что сделано: акт, приказ, протокол, снимок. Файлы добавляют отдельно.",
        "What shows that it is done: an act, an order, minutes, a picture. Files are added on their own.",
    ),
)
IMPLEMENTED_ON = Field(
    "implemented_on",
    Text("Аткарылган күнү", "Дата выполнения", "Implemented on"),
    "date",
    help=Text(
        "Акыркы кадам бүткөн күн, бул жерге жазылган күн эмес.",
        "Когда закончили последний шаг, а не когда записали сюда.",
        "When the last step was finished, not when it is written here.",
    ),
)
CHECK_ON = Field(
    "check_on",
    Text("Натыйжалуулугу качан текшерилет", "Когда проверить результативность", "Check the effectiveness on"),
    "date",
    required=False,
    help=Text("Бош калса, 30 күндөн кийин.", "Если не указать, через 30 дней.", "If left empty, 30 days later."),
)
WHY_MORE_TIME = because(
    "Эмне тоскоол болду, эмне бүттү, эмне калды: чечим ушуга карап кабыл алынат.",
    "Что помешало, что сделано, что осталось: по этому примут решение.",
    "What stood in the way, what is done, what is left: the decision rests on it.",
)
OTHER_DUE_ON = Field(
    "other_due_on",
    Text("Башка мөөнөт", "Другой срок", "Another date"),
    "date",
    required=False,
    help=Text("Бош калса, суралган мөөнөт.", "Если не указать, запрошенный срок.", "The date asked for if left empty."),
)
CONDITION = Field(
    "note",
    Text("Эскертме", "Примечание", "Note"),
    required=False,
    help=Text(
        "Кандай шарт менен. Мисалы: «Ай сайын абалын билдирүү».",
        "При каком условии. Например: «Ежемесячно сообщать о ходе работ».",
        "On what condition. For example: “Report every month how it goes.”",
    ),
)
WHY_NO_MORE_TIME = because(
    "Эмне үчүн мурунку мөөнөткө жетишүүгө болот же андан ары күтүүгө болбойт.",
    "Почему в прежний срок можно успеть или дольше ждать нельзя.",
    "Why the present date can be kept, or why this cannot wait longer.",
)
WHY_EFFECTIVE = replace(
    RATIONALE,
    help=Text(
        "Критерий аткарылганы эмнеден көрүнөт: сандар, күндөр, өзүңүз көргөндөр.",
        "Из чего видно, что критерий выполнен: числа, даты, увиденное вами.",
        "What shows that the criterion is met: figures, dates, what you saw yourself.",
    ),
)
WHY_INEFFECTIVE = replace(
    RATIONALE,
    help=Text(
        "Эмнеге жетишилген жок же эмне кайталанды: кийинкиси ушундан башталат.",
        "Чего не достигли или что повторилось: с этого начнётся следующее.",
        "What was not reached, or happened again: what comes next begins with it.",
    ),
)
WHY_INCONCLUSIVE = replace(
    RATIONALE,
    help=Text(
        "Азырынча эмне көрүнбөйт жана кийинки текшерүүгө чейин эмне даяр болушу керек.",
        "Чего пока не видно и что должно быть готово к следующей проверке.",
        "What does not show yet, and what has to be ready for the next check.",
    ),
)
DUE_AGAIN_ON = Field(
    "due_on",
    Text("Жаңы мөөнөт", "Новый срок", "New due date"),
    "date",
    help=Text(
        "Жетишпеген далилди алып келүүгө жеткендей күн.",
        "Чтобы успеть принести недостающие свидетельства.",
        "Far enough ahead for what is missing to be brought.",
    ),
)
WHAT_IS_NOT_SHOWN = because(
    "Эмне далилденген жок жана аны кандай документ көрсөтө алат.",
    "Что не подтверждено и каким документом это можно показать.",
    "What has not been shown, and which document would show it.",
)
WHY_EXTENDED = because(
    "Жооптуу сурабаса да убакыт эмне үчүн кошулат: чечим менен кошо тарыхта калат.",
    "Почему время добавлено без запроса: это останется в истории вместе с решением.",
    "Why time is added unasked: it stays in the history with the decision.",
)
WHY_CANCEL = because(
    "Эмне үчүн керексиз же мүмкүн эмес болуп калды, анын ордуна эмне болот.",
    "Почему это стало ненужным или невозможным и что будет вместо него.",
    "Why it is no longer needed or possible, and what takes its place.",
)
WHY_NOT_CANCELLED = because(
    "Бул иш эмне үчүн дагы эле керек: жооптуу аны улантат.",
    "Почему действие всё ещё нужно: ответственный будет его продолжать.",
    "Why the action is still needed: its owner goes on with it.",
)
WHY_CANCELLED = because(
    "Эмне үчүн токтойт жана ал жоё турган себеп эмне болот: аудитор ушуну сурайт.",
    "Почему прекращается и что с причиной, которую оно устраняло: об этом спросит аудитор.",
    "Why it ends here, and what becomes of the cause it was to remove: an auditor will ask.",
)
