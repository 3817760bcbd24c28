"""The words of the forms: headings, columns, what stands under a line, in three languages.

They are part of the forms, as the names of fields are part of a lifecycle, and stand here side by side, so that whoever
knows how a university writes sees all three at once. A form of the university's own may use any of them, or none.
"""

from typing import Final

from states.text import Text

WORDS: Final[dict[str, Text]] = {
    # Whatever the form is.
    "date": Text("Күнү", "Дата", "Date"),
    "name": Text("Аты-жөнү", "Ф. И. О.", "Full name"),
    "post": Text("Кызматы", "Должность", "Post"),
    "signature": Text("Колу", "Подпись", "Signature"),
    "signature_hash": Text(
        "Электрондук кол (SHA-256)", "Электронная подпись (SHA-256)", "Electronic signature (SHA-256)"
    ),
    "nothing": Text("Жазуу жок.", "Записей нет.", "No entries."),
    "title": Text("Аталышы", "Наименование", "Title"),
    "code": Text("Шифри", "Шифр", "Code"),
    "revision": Text("Редакция", "Редакция", "Revision"),
    "revision_no": Text("Редакция №", "Редакция №", "Revision №"),
    "protocol_no": Text("Протокол №", "Протокол №", "Protocol №"),
    "order_no": Text("Буйрук №", "Приказ №", "Order №"),
    "due": Text("Мөөнөтү", "Срок", "Due"),
    "who": Text("Жооптуу", "Ответственный", "Responsible"),
    "chair": Text("Төрага", "Председатель", "Chair"),
    "secretary": Text("Катчы", "Секретарь", "Secretary"),
    "made_on": Text("Түзүлгөн күнү", "Дата составления", "Made on"),
    # A sitting.
    "agenda": Text("КҮН ТАРТИБИ", "ПОВЕСТКА ДНЯ", "AGENDA"),
    "held_on": Text("Өткөрүлгөн күнү", "Дата проведения", "Held on"),
    "time": Text("Убактысы", "Время", "Time"),
    "place": Text("Орду", "Место", "Place"),
    "speaker": Text("Баяндамачы", "Докладчик", "Speaker"),
    "speakers": Text("Сүйлөгөндөр", "Выступили", "Spoke"),
    "documents": Text("Документтер", "Документы", "Documents"),
    "protocol": Text("ПРОТОКОЛ", "ПРОТОКОЛ", "PROTOCOL"),
    "present": Text("Катышкандар", "Присутствовали", "Present"),
    "absent": Text("Катышпагандар", "Отсутствовали", "Absent"),
    "guests": Text("Чакырылгандар", "Приглашённые", "Invited"),
    "quorum": Text("Кворум", "Кворум", "Quorum"),
    "heard": Text("УГУЛДУ", "СЛУШАЛИ", "HEARD"),
    "decided": Text("ЧЕЧИМ КЫЛЫНДЫ", "ПОСТАНОВИЛИ", "DECIDED"),
    "voted": Text("Добуш берүүнүн жыйынтыгы", "Результаты голосования", "Votes"),
    "votes_for": Text("макул", "за", "for"),
    "votes_against": Text("каршы", "против", "against"),
    "votes_abstained": Text("калыс", "воздержались", "abstained"),
    "secret": Text("жашыруун добуш берүү", "тайное голосование", "secret ballot"),
    "vote": Text("Добушу", "Голос", "Vote"),
    "tasks": Text("Тапшырмалар", "Поручения", "Tasks"),
    "what": Text("Тапшырма", "Поручение", "Task"),
    "corrections": Text("Кийин түзөтүлдү", "Исправлено позднее", "Corrected later"),
    "extract": Text("№ {} ПРОТОКОЛДОН КӨЧҮРМӨ", "ВЫПИСКА ИЗ ПРОТОКОЛА № {}", "EXTRACT OF PROTOCOL № {}"),
    "true_copy": Text("Көчүрмө туура", "Выписка верна", "This extract is true"),
    # A document.
    "approve": Text("БЕКИТЕМИН", "УТВЕРЖДАЮ", "APPROVED"),
    "enact": Text("ИШКЕ КИРГИЗИЛГЕН", "ВВЕДЕНО В ДЕЙСТВИЕ", "PUT INTO FORCE"),
    "in_force_on": Text("Күчүнө кирген күнү", "Введено в действие", "In force on"),
    "sign_off": Text("МАКУЛДАШУУ БАРАГЫ", "ЛИСТ СОГЛАСОВАНИЯ", "SIGN-OFF SHEET"),
    "meaning": Text("Мааниси", "Значение", "Meaning"),
    "signed_at": Text("Күнү, убактысы", "Дата, время", "Date, time"),
    "content_hash": Text(
        "Кол коюлган тексттин SHA-256 суммасы",
        "Контрольная сумма SHA-256 подписанного",
        "SHA-256 of what was signed",
    ),
    "changes": Text(
        "Өзгөртүүлөрдү жана толуктоолорду каттоо барагы",
        "Лист регистрации изменений и дополнений",
        "Registration sheet of changes and additions",
    ),
    "changed_by": Text(
        "Өзгөртүү киргизген кызматкер (аты-жөнү, кызматы)",
        "Работник, внёсший изменение (Ф. И. О., должность)",
        "Employee who entered the change (full name, post)",
    ),
    "clause": Text("Өзгөртүү киргизилген пункт", "Пункт, в который внесено изменение", "Clause changed"),
    "changed_on": Text(
        "Өзгөртүү же толуктоо киргизилген күн",
        "Дата внесения изменения или дополнения",
        "Date of the change or addition",
    ),
    "compilers": Text("Түзгөндөр", "Составители", "Compiled by"),
    "acquaintance": Text("ТААНЫШУУ БАРАГЫ", "ЛИСТ ОЗНАКОМЛЕНИЯ", "ACQUAINTANCE SHEET"),
    "unit": Text("Бөлүм", "Подразделение", "Unit"),
    "read_at": Text("Качан таанышты", "Когда ознакомлен", "Read on"),
    "order": Text("БУЙРУК", "ПРИКАЗ", "ORDER"),
    "draft": Text("долбоор", "проект", "draft"),
    "i_order": Text("БУЙРУК КЫЛАМ:", "ПРИКАЗЫВАЮ:", "I ORDER:"),
    "executor": Text("Аткаруучу", "Исполнитель", "Executor"),
    "into_force": Text("Күчүнө киргизилген документтер", "Документы, вводимые в действие", "Documents put into force"),
    "agreed": Text("Макулдашылды", "Согласовано", "Agreed"),
    "prepared_by": Text("Даярдаган", "Подготовил", "Prepared by"),
    "prepared_by_several": Text("Даярдагандар", "Подготовили", "Prepared by"),
    # The act of a nonconformity.
    "act": Text("ТУУРА КЕЛБӨӨЧҮЛҮК ЖӨНҮНДӨ АКТ", "АКТ О НЕСООТВЕТСТВИИ", "NONCONFORMITY REPORT"),
    "act_found": Text("Туура келбөөчүлүктү сыпаттоо", "Описание несоответствия", "Description of the nonconformity"),
    "act_corrected": Text("Түзөтүү", "Коррекция", "Correction"),
    "act_causes": Text("Себептерин талдоо", "Анализ причин", "Analysis of the causes"),
    "act_actions": Text(
        "Коррекциялык жана алдын ала эскертүүчү иш аракеттер",
        "Корректирующие и предупреждающие действия",
        "Corrective and preventive actions",
    ),
    "act_checked": Text(
        "Натыйжалуулугун текшерүү жана жабуу",
        "Проверка результативности и закрытие",
        "Check of the effectiveness, and closing",
    ),
    "part": Text("БӨЛҮК", "ЧАСТЬ", "PART"),
    "cause": Text("Себеп", "Причина", "Cause"),
    "cause_kind": Text("Түрү", "Вид", "Kind"),
    "action": Text("Иш аракет", "Действие", "Action"),
    "state": Text("Абалы", "Состояние", "State"),
    "done_on": Text("Аткарылды", "Выполнено", "Done on"),
}


def words(language: str) -> dict[str, str]:
    """The words by their names, in the language."""
    return {name: text.into(language) for name, text in WORDS.items()}
