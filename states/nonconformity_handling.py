"""What is written down while a nonconformity is handled: its correction, its causes, the plan, the evaluation.

What is written down when it is reported: `nonconformity_fields`.
"""

from states.lifecycle import Field
from states.nonconformity_fields import SIMILAR
from states.reasons import because
from states.text import Text

OWNER_POST = Field(
    "owner_post",
    Text("Жооптуу (кызмат орду)", "Ответственный (должность)", "Responsible post"),
    "post",
    help=Text(
        "Себебин жоё ала турган орун: милдет ошондо иштеген адамга барат.",
        "От неё зависит устранение причины; задачу получит занимающий эту должность.",
        "The one that can remove the cause: whoever holds it gets the task.",
    ),
)
WHY_REJECTED = because(
    "Билдирген адам түшүнгүдөй: кайсы факты же талап боюнча бул туура келбөөчүлүк эмес.",
    "Так, чтобы понял сообщивший: по какому факту или требованию это не несоответствие.",
    "For whoever reported it to understand: by which fact or requirement this is no nonconformity.",
)
WHY_TAKEN_UP_AGAIN = because(
    "Эмне жаңы: жаңы факт, документ же ошондой эле окуянын кайталанышы.",
    "Что нового: факт, документ или повторение того же.",
    "What is new: a fact, a document, or that it has happened again.",
)
WHY_WITHDRAWN = because(
    "Кийин эмне билинди: жаңылыштык, эки жолу билдирилген, баары ордуна келген.",
    "Что выяснилось потом: ошибка, сообщили дважды, уже исправлено.",
    "What has turned out since: a mistake, told twice, put right already.",
)
CORRECTION = Field(
    "correction",
    Text("Эмне түзөтүлдү", "Что исправлено", "What was corrected"),
    help=Text(
        "Дароо түзөтүү мүмкүн болбосо, эмне үчүн экенин жазыңыз.",
        "Если исправить сразу нельзя, напишите почему.",
        "If it cannot be corrected at once, say why.",
    ),
)
CORRECTED_ON = Field(
    "corrected_on",
    Text("Түзөтүлгөн күнү", "Дата коррекции", "Corrected on"),
    "date",
    required=False,
    help=Text(
        "Иш чындап бүткөн күн. Дароо түзөтүлбөсө, бош калтырыңыз.",
        "Когда это действительно сделали. Если сразу не удалось, оставьте пустым.",
        "When it was really done. Leave it empty if that was not possible at once.",
    ),
)
CAUSES_TOO = Field(
    "causes_too",
    Text("Себептери да талданат", "Анализировать и причины", "Analyse the causes as well"),
    "flag",
    required=False,
    help=Text(
        "Олуттуу эмес болсо гана тандаңыз: олуттуусунда себептер ар дайым талданат.",
        "Только для незначительного: у значительного причины анализируются всегда.",
        "For a minor one only: of a major one the causes are always analysed.",
    ),
)
WHAT_TO_JUDGE_ANEW = because(
    "Эмнени кайра кароо керек: олуттуулугун, жооптууну же бул туура келбөөчүлүк экенин.",
    "Что пересмотреть: значимость, ответственного или то, что это несоответствие.",
    "What to judge anew: the severity, who is responsible, or whether it is a nonconformity at all.",
)
SIMILAR_CHECKED = Field(
    "similar_checked",
    Text("Башка жерде ушундайлар барбы", "Есть ли подобные в других местах", "Similar ones elsewhere"),
    "choice",
    choices=SIMILAR,
    help=Text(
        "Ушул себеп таасир эте турган бөлүмдөрдү, дисциплиналарды, жабдууларды карап чыгыңыз.",
        "Посмотрите там, где могла сработать та же причина: кафедры, дисциплины, оборудование.",
        "Look where the same cause may be at work: departments, courses, devices.",
    ),
)
SIMILAR_WHERE = Field(
    "similar",
    Text("Кайда изделди жана эмне табылды", "Где искали и что нашли", "Where looked for, what was found"),
    help=Text(
        "Мисалы: «Калган үч лабораторияда: экөө жайында, 214-бөлмөдө ушундай эле».",
        "Например: «В трёх других лабораториях: в двух порядок, в 214-й то же самое».",
        "For example: “In the other three laboratories: two are in order, room 214 is the same.”",
    ),
)
SIMILAR_RECORDS = Field(
    "similar_records",
    Text("Байланышкан туура келбөөчүлүктөр", "Связанные несоответствия", "Linked nonconformities"),
    "records",
    required=False,
    of="nonconformity",
    help=Text("Алардын номерлери.", "Их номера.", "Their numbers."),
)
WHICH_CAUSE_IS_WRONG = because(
    "Пландоодо эмне билинди: кайсы түпкү себеп жетишпейт же туура эмес.",
    "Что выяснилось при планировании: какой коренной причины не хватает или какая неверна.",
    "What the planning has shown: which root cause is missing, or is a wrong one.",
)
WHY_RESCHEDULED = because(
    "Эмне тоскоол болду жана жаңы күнгө эмне үчүн жетишүүгө болот.",
    "Что помешало и почему к новому дню всё успеют.",
    "What stood in the way, and why the new day can be kept.",
)
WHAT_IS_STILL_THERE = because(
    "Эмне кайталанды же кайсы себеп жоюлбай калды: жаңы талдоо ушундан башталат.",
    "Что повторилось или какая причина осталась: с этого начнётся новый анализ.",
    "What happened again, or which cause is still there: the new analysis begins with it.",
)
EVALUATION = Field(
    "evaluation",
    Text("Натыйжалуулугун баалоо", "Оценка результативности", "Evaluation"),
    help=Text(
        "Эмне үчүн кайталанбайт деп эсептөөгө болот. Мисалы: «Үч айда бир да даттануу түшкөн жок».",
        "Почему можно считать, что это не повторится. Например: «За три месяца ни одной жалобы».",
        "Why it can be taken not to happen again. For example: “Not one complaint in three months.”",
    ),
)
RISK_CHANGES = Field(
    "risks",
    Text("Тобокелчиликтердеги өзгөрүүлөр", "Изменения в рисках", "Changes to the risks"),
    required=False,
    help=Text(
        "Реестрге кайсынысы кошулду, кайсынысынын баасы башка болду. Болбосо, бош калтырыңыз.",
        "Какой добавлен в реестр, какой оценён иначе. Если никакой, оставьте пустым.",
        "Which one was added to the register, which is rated anew. Leave it empty if none.",
    ),
)
WHY_REOPENED = because(
    "Жабылгандан кийин эмне болду: кайталанды же баалоону өзгөрткөн далил чыкты.",
    "Что случилось после закрытия: повторилось или появилось свидетельство, меняющее оценку.",
    "What came after the closing: it happened again, or evidence changes the evaluation.",
)
NEW_DUE_ON = Field(
    "new_due_on",
    Text("Жаңы мөөнөт", "Новый срок", "New due date"),
    "date",
    help=Text(
        "Ушул кадам гана узарат; кийинкилеринин күндөрү өзүнчө.",
        "Продлевается только этот шаг; у следующих свои сроки.",
        "Only this step is given more time; those after it have their own.",
    ),
)
WHY_MORE_TIME = because(
    "Эмне үчүн убакыт жетпеди жана ага чейин эмне бүтөт: жооптуу окуйт.",
    "Почему времени не хватило и что к новому сроку будет готово: это прочтёт ответственный.",
    "Why the time was too short and what will be ready by then: the owner will read it.",
)
CONCESSION = Field(
    "concession",
    Text("Эмнеге жана кандай шартта уруксат", "Что и на каких условиях разрешается", "What is conceded"),
    help=Text(
        "Кайсы талаптан, анын ордуна эмне болот. Мисалы: «Ремонт бүткөнчө сабактар 112-бөлмөдө».",
        "От какого требования и что вместо него. Например: «До конца ремонта занятия идут в 112-й».",
        "From which requirement, and what instead. For example: “Classes in room 112 until the repair.”",
    ),
)
CONCESSION_UNTIL = Field(
    "concession_until",
    Text("Качанга чейин", "До какого дня", "Until"),
    "date",
    required=False,
    help=Text(
        "Андан кийин талап кайра толук күчүндө. Бош калса, мөөнөтсүз.",
        "После этого требование снова действует полностью. Если не указать, бессрочно.",
        "After that the requirement holds in full again. Without an end if left empty.",
    ),
)

COMPLETE_BY = Field(
    "complete_by",
    Text("Баары качанга чейин бүтөт", "К какому дню всё завершить", "Everything done by"),
    "date",
    help=Text(
        "Акыркы иш аракеттин мөөнөтүнөн жана анын натыйжалуулугу текшерилгенден кийинки күн.",
        "Не раньше срока последнего действия и проверки его результативности.",
        "Not before the last action is due and its effectiveness has been checked.",
    ),
)
