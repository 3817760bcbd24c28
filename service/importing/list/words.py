"""What the columns of such lists are called, in Kyrgyz, Russian, English and Spanish.

The names are compared folded, without marks; what is written between brackets may be left out.
"""

from collections.abc import Mapping
from typing import Final

from states.text import Text

# What a column can be, in the order in which a person is offered it.
FIELDS: Final[Mapping[str, Text]] = {
    "reference": Text("алардын номери", "их номер", "their number"),
    "found": Text("эмне аныкталды", "что выявлено", "what was found"),
    "title": Text("кыскача", "кратко", "in short"),
    "found_on": Text("аныкталган күнү", "дата выявления", "found on"),
    "occurred_on": Text("болгон күнү", "дата возникновения", "occurred on"),
    "known_on": Text("бизге белгилүү болгон күнү", "когда стало известно нам", "became known on"),
    "status": Text("абалы", "состояние", "status"),
    "responsible": Text("жооптуу", "ответственный", "responsible"),
    "due_on": Text("мөөнөтү", "срок", "due date"),
    "cause": Text("себеби", "причина", "cause"),
    "correction": Text("түзөтүү", "коррекция", "correction"),
    "corrected_on": Text("түзөтүлгөн күнү", "дата коррекции", "corrected on"),
    "action": Text("иш аракет", "действие", "action"),
    "action_kind": Text("иш аракеттин түрү", "вид действия", "kind of action"),
    "action_owner": Text("иш аракетке жооптуу", "ответственный за действие", "responsible for the action"),
    "resources": Text("ресурстар", "ресурсы", "resources"),
    "criterion": Text("натыйжалуулуктун критерийи", "критерий результативности", "success criterion"),
    "done_on": Text("аткарылган күнү", "дата выполнения", "done on"),
    "evidence": Text("далил", "свидетельства", "evidence"),
    "evaluation": Text("натыйжалуулугун баалоо", "оценка результативности", "evaluation"),
    "closed_on": Text("жабылган күнү", "дата закрытия", "closed on"),
    "unit": Text("бөлүм", "подразделение", "unit"),
    "process": Text("процесс", "процесс", "process"),
    "object": Text("эмнеде аныкталды", "объект", "object"),
    "requirement": Text("бузулган талап", "нарушенное требование", "requirement not met"),
    "document": Text("талап турган документтин шифри", "шифр документа с требованием", "code of the document"),
    "clause": Text("ISO 9001 пункту", "пункт ISO 9001", "clause of ISO 9001"),
    "kind": Text("түрү", "вид", "kind"),
    "source": Text("булагы", "источник", "source"),
    "severity": Text("олуттуулугу", "значимость", "severity"),
    "impact": Text("таасири", "последствия", "impact"),
    "risk": Text("кайталануу тобокелчилиги", "риск повторения", "risk of happening again"),
    "similar": Text("окшоштору башка жерде", "похожие в других местах", "similar ones elsewhere"),
    "risk_changes": Text("тобокелчиликтердеги өзгөрүүлөр", "изменения в рисках", "changes to the risks"),
    "note": Text("эскертүү: текстте калат", "примечание: останется в тексте", "note: kept in the text"),
}
DAYS: Final = ("found_on", "occurred_on", "known_on", "corrected_on", "due_on", "done_on", "closed_on")
# Only these may be read out of several columns.
SEVERAL: Final = frozenset({"note"})

ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "reference": (
        *("туура келбөөчүлүктүн номери", "катталган номери", "каттоо номери", "коду", "шифри", "номери"),
        *("рег. №", "регистрационный номер", "№ несоответствия", "номер несоответствия", "номер записи", "код", "шифр"),
        *("номер", "id", "ref", "ref no", "reference", "reference number", "nc no", "nc number", "nc ref", "ncr"),
        *("ncr no", "nc id", "número", "código", "referencia", "número de no conformidad", "nº de nc", "código de nc"),
    ),
    "found": (
        *("туура келбөөчүлүк", "туура келбөөчүлүктөр", "туура келбөөчүлүктүн сыпаттамасы", "шайкеш келбестик"),
        *("туура келбөөчүлүктүн мазмуну", "аныкталган туура келбөөчүлүк", "аныкталган туура келбөөчүлүктөр"),
        *("шайкеш келбестиктин сыпаттамасы", "эмне аныкталды", "сыпаттамасы", "сыпаттама", "мазмуну"),
        *("аныкталган кемчиликтер", "кемчиликтер", "кемчилик", "сын-пикир", "эскертүүлөрдүн мазмуну"),
        *("несоответствие", "несоответствия", "выявленное несоответствие", "выявленные несоответствия"),
        *("описание несоответствия", "содержание несоответствия", "суть несоответствия", "формулировка несоответствия"),
        *("описание", "содержание", "замечание", "замечания", "выявленные замечания", "что выявлено", "что обнаружено"),
        *("недостаток", "недостатки", "выявленные недостатки", "выявленные нарушения", "нарушение", "факт"),
        *("nonconformity", "non-conformity", "nonconformance", "non-conformance", "nonconformities", "finding"),
        *("findings", "audit finding", "audit findings", "description", "description of nonconformity", "deviation"),
        *("nonconformity description", "description of the finding", "what was found", "issue", "observation"),
        *("no conformidad", "no conformidades", "descripción", "descripción de la no conformidad", "hallazgo"),
        *("hallazgos", "descripción del hallazgo", "desviación", "incumplimiento"),
    ),
    "title": (
        *("кыскача", "аталышы", "темасы", "кратко", "краткое описание", "краткое наименование", "тема"),
        *(
            "наименование",
            "in short",
            "title",
            "subject",
            "summary",
            "short description",
            "título",
            "asunto",
            "resumen",
        ),
    ),
    "found_on": (
        *("күнү", "датасы", "аныкталган күнү", "аныкталган датасы", "катталган күнү", "билдирилген күнү"),
        *("дата", "дата выявления", "дата обнаружения", "дата регистрации", "дата записи", "дата аудита"),
        *("когда выявлено", "дата проверки", "дата несоответствия", "date", "date found", "found on", "detected on"),
        *("date of detection", "date identified", "date raised", "raised on", "date reported", "audit date", "fecha"),
        *("date detected", "date opened", "opened on", "fecha de detección", "fecha del hallazgo", "fecha de hallazgo"),
        *("fecha de registro", "fecha de apertura", "fecha de auditoría"),
    ),
    "occurred_on": (
        *("болгон күнү", "качан болгон", "окуя болгон күн", "дата возникновения", "дата происшествия"),
        *("дата события", "когда произошло", "когда возникло", "occurred on", "date of occurrence"),
        *("occurrence date", "date occurred", "fecha de ocurrencia", "fecha del suceso", "fecha del evento"),
    ),
    "known_on": (
        *("белгилүү болгон күнү", "арыз түшкөн күнү", "качан белгилүү болду", "дата поступления жалобы"),
        *("дата поступления", "дата получения", "когда стало известно", "known on", "became known on"),
        *("date received", "date of complaint", "fecha de recepción", "fecha de la queja"),
    ),
    "status": (
        *("абалы", "статусу", "статус", "учурдагы абалы", "состояние", "текущий статус", "статус несоответствия"),
        *("отметка о закрытии", "отметка об устранении", "status", "state", "current status", "nc status", "estado"),
        *("estado actual", "estatus", "situación"),
    ),
    "responsible": (
        *("жооптуу", "жооптуулар", "жооптуу адам", "жооптуу кызматкер", "жооптуу бөлүм", "ким жооптуу"),
        *("ответственный", "ответственные", "ответственное лицо", "ответственные лица", "ответственный за устранение"),
        *("ответственное подразделение", "владелец", "кто отвечает", "responsible", "responsible person"),
        *("responsible unit", "responsibility", "owner", "process owner", "assigned to", "person in charge"),
        *("responsable", "responsables", "persona responsable", "área responsable", "encargado", "asignado a"),
    ),
    "due_on": (
        *("мөөнөтү", "мөөнөт", "аткаруу мөөнөтү", "жоюу мөөнөтү", "качанга чейин", "пландалган күнү"),
        *("срок", "сроки", "срок исполнения", "срок устранения", "срок выполнения", "срок реализации"),
        *("планируемый срок", "плановый срок", "плановая дата", "дата исполнения план", "due", "due date", "due on"),
        *("deadline", "target date", "planned date", "planned completion date", "complete by", "plazo", "fecha límite"),
        *("plazo de ejecución", "fecha prevista", "fecha compromiso", "fecha de vencimiento", "vencimiento"),
    ),
    "cause": (
        *("себеби", "себеп", "себептери", "себептер", "түпкү себеби", "туура келбөөчүлүктүн себеби"),
        *("причина", "причины", "причина несоответствия", "причины несоответствия", "причина возникновения"),
        *("коренная причина", "анализ причин", "причина выявленного несоответствия", "cause", "causes", "root cause"),
        *("root causes", "root cause analysis", "cause of nonconformity", "causa", "causas", "causa raíz"),
        *("análisis de causas", "causa de la no conformidad"),
    ),
    "correction": (
        *("түзөтүү", "дароо түзөтүү", "жасалган түзөтүү", "коррекция", "коррекции", "немедленная коррекция"),
        *("устранение", "предпринятая коррекция", "correction", "corrections", "immediate correction"),
        *("immediate action", "containment", "corrección", "corrección inmediata", "acción inmediata"),
    ),
    "corrected_on": (
        *("түзөтүлгөн күнү", "дата коррекции", "дата исправления", "corrected on", "correction date"),
        *("date of correction", "date corrected", "fecha de corrección"),
    ),
    "action": (
        *("коррекциялык иш аракет", "коррекциялык иш аракеттер", "түзөтүүчү иш аракет", "түзөтүүчү иш аракеттер"),
        *("түзөтүүчү иш-чара", "түзөтүүчү иш-чаралар", "иш аракет", "иш аракеттер", "иш-чара", "иш-чаралар", "чаралар"),
        *("көрүлгөн чаралар", "корректирующее действие", "корректирующие действия", "корректирующее мероприятие"),
        *("корректирующие мероприятия", "корректирующие и предупреждающие действия", "действие", "действия"),
        *("мероприятие", "мероприятия", "план действий", "меры", "принятые меры", "план мероприятий"),
        *("мероприятия по устранению", "действия по устранению", "corrective action", "corrective actions", "action"),
        *("actions", "action plan", "planned action", "corrective measure", "corrective measures", "capa"),
        *("acción correctiva", "acciones correctivas", "acción", "acciones", "plan de acción", "medidas correctivas"),
    ),
    "action_kind": (
        *("иш аракеттин түрү", "иш-чаранын түрү", "вид действия", "тип действия", "вид мероприятия"),
        *("тип мероприятия", "type of action", "action type", "kind of action", "tipo de acción", "clase de acción"),
    ),
    "resources": (
        *("ресурстар", "керектүү ресурстар", "ресурсы", "необходимые ресурсы", "потребность в ресурсах"),
        *("resources", "resources needed", "required resources", "recursos", "recursos necesarios"),
    ),
    "action_owner": (
        *("аткаруучу", "аткаруучулар", "иш аракетке жооптуу", "исполнитель", "исполнители"),
        *("ответственный за выполнение", "ответственный за исполнение", "ответственный исполнитель"),
        *("ответственный за корректирующее действие", "action owner", "responsible for action", "implemented by"),
        *("responsible for the action", "responsable de la acción", "ejecutor", "responsable de ejecución"),
    ),
    "criterion": (
        *("натыйжалуулуктун критерийи", "критерий результативности", "критерий эффективности", "ожидаемый результат"),
        *("success criterion", "success criteria", "acceptance criterion", "expected result", "criterio de eficacia"),
    ),
    "done_on": (
        *("аткарылган күнү", "бүткөн күнү", "дата выполнения", "дата исполнения", "фактическая дата"),
        *("факт. дата", "фактический срок", "дата исполнения факт", "дата устранения", "выполнено", "done on"),
        *("completed on", "completion date", "date completed", "implemented on", "implementation date"),
        *("actual date", "actual completion date", "fecha de cumplimiento", "fecha real", "fecha de implementación"),
        *("fecha de ejecución",),
    ),
    "evidence": (
        *("далил", "далилдер", "далилдөөчү документ", "аткарылышы", "аткарылганы жөнүндө белги", "свидетельства"),
        *("свидетельство", "объективное свидетельство", "подтверждение", "подтверждающий документ", "доказательства"),
        *("отметка о выполнении", "отметка об исполнении", "результат выполнения", "evidence", "objective evidence"),
        *("proof", "implementation evidence", "evidencia", "evidencias", "evidencia objetiva"),
    ),
    "evaluation": (
        *("натыйжалуулугу", "натыйжалуулугун баалоо", "натыйжалуулугун текшерүү", "результативность"),
        *("оценка результативности", "проверка результативности", "оценка эффективности", "эффективность"),
        *("effectiveness", "effectiveness check", "effectiveness evaluation", "verification", "verification of"),
        *("verification of effectiveness", "eficacia", "verificación de eficacia", "evaluación de eficacia"),
        *("verificación de la eficacia",),
    ),
    "closed_on": (
        *("жабылган күнү", "жабуу күнү", "дата закрытия", "закрыто", "дата снятия", "closed on", "date closed"),
        *("закрытие", "закрыта", "жабылды", "closed", "closing date", "closure date", "close date", "closure"),
        *("fecha de cierre", "cierre", "cerrada", "cerrado"),
    ),
    "unit": (
        *("бөлүм", "бөлүмү", "түзүмдүк бөлүм", "түзүмдүк бөлүмү", "кафедра", "факультет", "подразделение"),
        *("структурное подразделение", "отдел", "проверяемое подразделение", "где выявлено", "unit", "department"),
        *("division", "audited unit", "area", "departamento", "unidad", "área", "área auditada", "dependencia"),
    ),
    "process": ("процесс", "процесстин аталышы", "процесстин коду", "код процесса", "process", "proceso"),
    "object": (
        *("объект", "эмнеде аныкталды", "жери", "объект аудита", "место", "место выявления", "object", "location"),
        *("place", "lugar", "objeto", "ubicación"),
    ),
    "requirement": (
        *("талап", "бузулган талап", "талаптар", "критерий", "требование", "требования", "нарушенное требование"),
        *("нормативный документ", "критерий аудита", "ссылка на нд", "requirement", "requirement not met"),
        *(
            "audit criterion",
            "audit criteria",
            "criteria",
            "requisito",
            "requisito incumplido",
            "criterio de auditoría",
        ),
    ),
    "clause": (
        *("пункт", "пункту", "стандарттын пункту", "ISO пункту", "ISO 9001 пункту", "пункт стандарта", "пункт ISO"),
        *("пункт ISO 9001", "раздел стандарта", "пункт исо 9001", "пункт гост р исо 9001", "clause", "iso clause"),
        *("iso 9001 clause", "standard clause", "cláusula", "punto de la norma", "apartado", "numeral"),
    ),
    "document": (
        *("документтин шифри", "документтин коду", "талап турган документ", "шифр документа", "код документа"),
        *("документ с требованием", "document code", "code of the document", "document of the requirement"),
        *("código del documento", "documento del requisito"),
    ),
    "kind": (
        *("түрү", "туура келбөөчүлүктүн түрү", "вид", "вид несоответствия", "тип", "тип несоответствия", "kind"),
        *("type", "type of nonconformity", "nc type", "tipo", "tipo de no conformidad"),
    ),
    "source": (
        *("булагы", "булак", "каяктан аныкталды", "источник", "источник информации", "источник выявления", "основание"),
        *("вид аудита", "source", "origin", "detected by means of", "source of detection", "origen", "fuente"),
    ),
    "severity": (
        *("олуттуулугу", "олуттуулук", "даражасы", "категориясы", "деңгээли", "значимость", "степень", "категория"),
        *("степень значимости", "категория несоответствия", "классификация", "критичность", "severity", "grade"),
        *("class", "category", "classification", "level", "criticality", "gravedad", "clasificación", "categoría"),
        *("severidad",),
    ),
    "impact": (
        *("таасири", "кесепети", "кесепеттери", "последствия", "последствие", "влияние", "impact", "consequences"),
        *("consequence", "effect", "impacto", "consecuencias", "efecto"),
    ),
    "risk": (
        *("тобокелчилик", "тобокелдик", "кайталануу тобокелчилиги", "тобокелдиктин деңгээли", "риск"),
        *("риск повторения", "вероятность повторения", "уровень риска", "risk", "risk level", "level of risk"),
        *("risk of recurrence", "risk of happening again", "riesgo", "nivel de riesgo", "riesgo de repetición"),
    ),
    "similar": (
        *("окшош туура келбөөчүлүктөр", "окшош учурлар", "башка жерлердеги окшош учурлар", "похожие случаи"),
        *("аналогичные несоответствия", "похожие несоответствия", "similar nonconformities", "similar cases"),
        *("similar ones elsewhere", "no conformidades similares", "casos similares"),
    ),
    "risk_changes": (
        *("тобокелчиликтердеги өзгөрүүлөр", "тобокелдиктерди жаңыртуу", "изменения в рисках", "обновление рисков"),
        *("актуализация рисков", "changes to the risks", "changes to risks", "risk update"),
        *("cambios en los riesgos", "actualización de riesgos"),
    ),
    "note": (
        *("эскертүү", "эскертме", "комментарий", "түшүндүрмө", "примечание", "примечания", "комментарии"),
        *("аудитор", "аудиторлор", "ким аныктады", "аныктаган", "кем выявлено", "кто выявил", "кем обнаружено"),
        *("эксперт", "note", "notes", "comment", "comments", "remark", "remarks", "auditor", "auditors", "found by"),
        *("raised by", "detected by", "observaciones", "comentarios", "notas", "detectado por"),
    ),
}
# A column that only counts the rows of its table: a number for want of a better one.
COUNTING: Final = (
    *("№", "no", "nr", "n", "n°", "nº", "#", "num", "№ п/п", "п/п", "№ пп", "к/н", "катар №", "катар номери", "т/н"),
    *("№№", "row", "line", "item", "item no", "s/n", "sr no", "núm", "ítem"),
)
# What a heading over several columns makes of a bare “date”, “description”, “who” below it.
UNDER: Final[Mapping[str, Mapping[str, str]]] = {
    "found": {"day": "found_on", "who": "note"},
    "correction": {"day": "corrected_on", "words": "correction", "who": "action_owner"},
    "cause": {"words": "cause"},
    "action": {"day": "due_on", "words": "action", "who": "action_owner"},
    "due_on": {"plan": "due_on", "fact": "done_on"},
    "evaluation": {"day": "closed_on", "words": "evaluation", "who": "note"},
    "status": {"day": "closed_on", "who": "note"},
    "closed_on": {"day": "closed_on", "who": "note"},
}
BARE: Final[Mapping[str, tuple[str, ...]]] = {
    "day": ("дата", "күнү", "датасы", "date", "fecha", "когда"),
    "words": ("описание", "сыпаттамасы", "мазмуну", "содержание", "description", "descripción", "что"),
    "who": ("кто", "ким", "фио", "ф.и.о.", "аты-жөнү", "ответственный", "жооптуу", "who", "responsible", "responsable"),
    "plan": ("план", "по плану", "пландалган", "planned", "previsto", "прогноз"),
    "fact": ("факт", "фактически", "иш жүзүндө", "actual", "real"),
}
