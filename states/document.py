"""The document: draft → council review → rector approval → effective → periodic review.

The record is a revision; the revision in force stays in force until the next one replaces it. Each body of the route
reviews in turn inside `council_review`. Source: TalSU quality manual, title page and section 1 (discussed, endorsed,
approved); NSU: the Academic Council approves, the rector's order puts into force.
"""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from states.asides import staying_in
from states.document_fields import BODYS_DECISION, ORDER, REASON, REMARKS, WHAT_CHANGES, WORDING
from states.ladders import RECTORS, STANDARD
from states.lifecycle import (
    Case,
    Deadline,
    Field,
    Guard,
    Kind,
    Lifecycle,
    Meaning,
    Move,
    Step,
    Then,
    Tone,
    Wake,
    Way,
)
from states.roles import Role
from states.routes import going_on, usual
from states.text import N_, Text


def months_after(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


# TalSU manual, section 1: the check that a document is up to date is made not more than once a year.
FEWEST_MONTHS = 12


def _more_bodies(case: Case) -> bool:
    return int(case.fields["position"]) + 1 < len(case.fields["route"])


def _approver(case: Case) -> UUID | None:
    said = case.fields["type_route"]["approver_post_id"]
    return UUID(said) if said else None


def _going_on(case: Case) -> dict[str, Any]:
    return going_on(case.fields, case.fields["type_route"])


def _goes_already(case: Case) -> bool:
    fields, takes = case.fields, _going_on(case)
    meant = fields["meanings"] or usual(tuple(fields["route"])).facts["meanings"]
    now = ([*fields["route"]], [*meant], fields["approver_post_id"], fields["by_order"] is not False)
    return now == (takes["bodies"], takes["meanings"], _approver(case), takes["by_order"])


def _body_left(case: Case) -> bool:
    return len(_going_on(case)["bodies"]) > int(case.fields["position"])


def _next_review(case: Case, start: date) -> date:
    return months_after(start, max(int(case.fields["review_months"]), FEWEST_MONTHS))


_DECIDED = Guard(
    lambda case: case.given["decided_on"] <= case.today,
    N_("The decision is dated in the future."),
    N_("Record it on the day of the sitting or after it."),
)
_HAS_ROUTE = Guard(
    lambda case: bool((case.fields["type_route"] or {}).get("bodies")),
    N_("This type of document has no route: nobody would review it."),
    N_("Ask the quality specialist to set which bodies review this type."),
)
_GOES_ELSEWHERE = Guard(
    lambda case: not _goes_already(case),
    N_("It takes this route already."),
    N_("Change the route of its type first."),
)
_A_BODY_LEFT = Guard(
    _body_left,
    N_("All bodies of the route that its type takes now have decided on it."),
    N_("Pass it on for approval instead."),
)
_NO_BODY_LEFT = Guard(
    lambda case: not _body_left(case),
    N_("A body of the route that its type takes now has not decided on it yet."),
    N_("Let it take that route instead."),
)
_ORDERED = Guard(
    lambda case: bool(case.given["order_no"]) or case.fields["by_order"] is False,
    N_("The order has no number."),
    N_("By its route this document is put in force by an order: give its number."),
)
_NOT_BEFORE_ORDER = Guard(
    lambda case: case.given["in_force_on"] >= case.given["decided_on"],
    N_("The entry into force is before the date of the order."),
    N_("Choose the date of the order or a later day."),
)
_CARRIED = Guard(
    lambda case: case.given["votes_for"] is None or (case.given["votes_against"] or 0) <= case.given["votes_for"],
    N_("More voted against than for."),
    N_("Check the votes, or record that it was returned or rejected."),
)


_HAS_FILES = Guard(
    lambda case: case.given["attachment"] in case.files,
    N_("The record has no file of that name."),
    N_("Choose one of its files."),
)


def _last_looked_at(case: Case) -> date | None:
    days = [case.fields[name] for name in ("reviewed_on", "in_force_on") if case.fields[name]]
    return max(days, default=None)


_ONCE_A_YEAR = Guard(
    lambda case: not (day := _last_looked_at(case)) or case.today >= months_after(day, FEWEST_MONTHS),
    N_("This document was approved or reviewed less than a year ago."),
    N_("Start a new revision if it must change now."),
)

STEPS = (
    Step(
        "draft",
        Text("долбоор", "проект", "draft"),
        owner=Role.AUTHOR,
        task=Text(
            "Долбоорду бүтүрүп, кароого жөнөтүү",
            "Закончить проект и направить на рассмотрение",
            "Finish the draft and submit it for review",
        ),
        deadline=Deadline(days=20),
        ladder=STANDARD,
    ),
    Step(
        "council_review",
        Text("кеңештин кароосунда", "на рассмотрении совета", "council review"),
        owner=Role.SECRETARY,
        task=Text(
            "Кеңештин отурумуна киргизип, чечимин жазуу",
            "Вынести на заседание совета и записать решение",
            "Put it before the council and record its decision",
        ),
        deadline=Deadline(days=15),
        ladder=STANDARD,
    ),
    Step(
        "amendment",
        Text("өзгөртүүлөр киргизилүүдө", "внесение изменений", "amendment"),
        owner=Role.AUTHOR,
        task=Text(
            "Кеңештин өзгөртүүлөрүн текстке киргизүү",
            "Внести изменения, принятые советом",
            "Enter the council's amendments into the text",
        ),
        deadline=Deadline(days=5),
        ladder=STANDARD,
    ),
    Step(
        "rector_approval",
        Text("ректордун бекитүүсүндө", "на утверждении у ректора", "rector approval"),
        owner=Role.RECTOR,
        task=Text("Бекитүү же кайтаруу", "Утвердить или вернуть", "Approve or return"),
        deadline=Deadline(days=5),
        ladder=RECTORS,
    ),
    Step(
        "scheduled",
        Text("күчүнө кириши күтүлүүдө", "ожидает введения в действие", "scheduled"),
        kind=Kind.RESTING,
        wake=Wake(on="in_force_on", move="come_into_force"),
    ),
    Step(
        "effective",
        Text("күчүндө", "действует", "effective"),
        kind=Kind.RESTING,
        wake=Wake(on="review_due_on", move="open_review"),
        read_by=(Role.ANYONE,),
        controlled=True,
    ),
    Step(
        "periodic_review",
        Text("мезгилдүү текшерүүдө", "на периодической проверке", "periodic review"),
        owner=Role.QUALITY_SPECIALIST,
        task=Text(
            "Документтин актуалдуулугун текшерүү",
            "Проверить актуальность документа",
            "Check that the document is up to date",
        ),
        deadline=Deadline(days=20),
        ladder=STANDARD,
        read_by=(Role.ANYONE,),
    ),
    Step(
        "withdrawal_proposed",
        Text("күчүн жоготту деп таануу сунушталды", "предложено признать утратившим силу", "withdrawal proposed"),
        owner=Role.RECTOR,
        task=Text(
            "Күчүн жоготту деп таануу же күчүндө калтыруу",
            "Признать утратившим силу или оставить в силе",
            "Withdraw it or keep it in force",
        ),
        deadline=Deadline(days=5),
        ladder=RECTORS,
        read_by=(Role.ANYONE,),
    ),
    Step("superseded", Text("жаңысы менен алмаштырылды", "заменён новой редакцией", "superseded"), kind=Kind.FINAL),
    Step("withdrawn", Text("күчүн жоготту", "утратил силу", "withdrawn"), kind=Kind.FINAL),
    Step("rejected", Text("четке кагылды", "отклонён", "rejected"), kind=Kind.FINAL),
    Step("abandoned", Text("долбоор токтотулду", "работа над проектом прекращена", "abandoned"), kind=Kind.FINAL),
)

_TO_NEXT_BODY = (Way("council_review", when=_more_bodies), Way("rector_approval"))
_REPLACES = Then("in_force", "supersede", when=lambda case: case.state == "effective", first=True)
_RECALLS = Then("copies", "recall")

# A text may change while it is being written, and nowhere else.
_WRITING = ("draft", "amendment")
_STAYS = staying_in(_WRITING)
_WRITERS = (Role.AUTHOR, Role.OWNER)

# The route that its type takes now, for what is under way: `position` stays, what was done stays done.
_REROUTED = {
    "route": lambda case: _going_on(case)["bodies"],
    "meanings": lambda case: _going_on(case)["meanings"],
    "approver_post_id": lambda case: _approver(case),
    "by_order": lambda case: case.fields["type_route"]["by_order"],
}
_WHY_REROUTED = replace(
    REASON,
    required=False,
    help=Text(
        "Багыт эмне үчүн өзгөрдү: катчы менен автор ушуну окуйт.",
        "Почему маршрут изменился: это прочтут секретарь и автор.",
        "Why the route has changed: the secretary and the author will read it.",
    ),
)

MOVES = (
    Move(
        "submit",
        Text("Кароого жөнөтүү", "Направить на рассмотрение", "Submit for review"),
        ("draft",),
        (Way("council_review"),),
        done=Text("Кароого жөнөтүлдү", "Направлено на рассмотрение", "Submitted for review"),
        by=(Role.AUTHOR, Role.OWNER),
        records=(
            Field(
                "note",
                Text("Кеңешке эскертме", "Примечание для совета", "Note for the council"),
                required=False,
                help=Text(
                    "Эмнеге көңүл буруу керек: талаштуу пункттар, кимдер менен макулдашылды.",
                    "На что обратить внимание: спорные пункты, с кем согласовано.",
                    "What to look at: disputed clauses, with whom it has been agreed.",
                ),
            ),
        ),
        guards=(_HAS_ROUTE,),
        # The route is taken from the type now, not when the draft was begun: it may have been set or changed since.
        sets={
            "position": lambda case: 0,
            "route": lambda case: case.fields["type_route"]["bodies"],
            "meanings": lambda case: case.fields["type_route"]["meanings"],
            "approver_post_id": lambda case: _approver(case),
            "by_order": lambda case: case.fields["type_route"]["by_order"],
        },
    ),
    Move(
        "endorse",
        Text("Жактыруу", "Одобрить", "Endorse"),
        ("council_review",),
        _TO_NEXT_BODY,
        done=Text("Жактырылды", "Одобрено", "Endorsed"),
        by=(Role.SECRETARY,),
        records=(*BODYS_DECISION, WORDING),
        guards=(_DECIDED, _CARRIED),
        sets={"position": lambda case: int(case.fields["position"]) + 1},
        tells=(Role.AUTHOR,),
        decision="body",
        signs=Meaning.ENDORSED,
    ),
    Move(
        "endorse_with_amendments",
        Text("Өзгөртүүлөр менен жактыруу", "Одобрить с изменениями", "Endorse with amendments"),
        ("council_review",),
        (Way("amendment"),),
        done=Text("Өзгөртүүлөр менен жактырылды", "Одобрено с изменениями", "Endorsed with amendments"),
        by=(Role.SECRETARY,),
        records=(
            *BODYS_DECISION,
            replace(
                WORDING,
                help=Text(
                    "Протоколдон, ар бир өзгөртүү пункту менен: автор текстке дал ушуларды киргизет.",
                    "Из протокола, каждое изменение с номером пункта: автор внесёт в текст именно их.",
                    "From the minutes, each amendment with its clause: the author enters exactly these.",
                ),
            ),
        ),
        guards=(_DECIDED, _CARRIED),
        decision="body",
        signs=Meaning.ENDORSED,
    ),
    Move(
        "return_for_revision",
        Text("Кайра иштеп чыгууга кайтаруу", "Вернуть на доработку", "Return for revision"),
        ("council_review",),
        (Way("draft"),),
        done=Text("Кайра иштеп чыгууга кайтарылды", "Возвращено на доработку", "Returned for revision"),
        by=(Role.SECRETARY,),
        records=(*BODYS_DECISION, REMARKS),
        guards=(_DECIDED,),
        decision="body",
        tone=Tone.BACK,
    ),
    Move(
        "reject",
        Text("Четке кагуу", "Отклонить", "Reject"),
        ("council_review",),
        (Way("rejected"),),
        done=Text("Четке кагылды", "Отклонено", "Rejected"),
        by=(Role.SECRETARY,),
        records=(
            *BODYS_DECISION,
            replace(
                WORDING,
                help=Text(
                    "Протоколдон, четке кагуунун негизи менен: автор жана жооптуу адам окуйт.",
                    "Из протокола, вместе с основанием отказа: это прочтут автор и ответственный.",
                    "From the minutes, with the grounds for it: the author and the owner will read it.",
                ),
            ),
        ),
        guards=(_DECIDED,),
        tells=(Role.AUTHOR, Role.OWNER, Role.QUALITY_SPECIALIST),
        decision="body",
        tone=Tone.STOP,
    ),
    Move(
        "reroute",
        Text("Жаңы багытка өткөрүү", "Перевести на новый маршрут", "Put on the new route"),
        ("council_review",),
        (Way("council_review"),),
        done=Text("Жаңы багытка өткөрүлдү", "Переведено на новый маршрут", "Put on the new route"),
        by=(Role.QUALITY_SPECIALIST,),
        records=(_WHY_REROUTED,),
        guards=(_HAS_ROUTE, _GOES_ELSEWHERE, _A_BODY_LEFT),
        sets=_REROUTED,
        tells=(Role.AUTHOR,),
        tone=Tone.ASIDE,
    ),
    Move(
        "pass_on",
        Text(
            "Жаңы багыт боюнча бекитүүгө өткөрүү",
            "Передать на утверждение по новому маршруту",
            "Pass on by the new route",
        ),
        ("council_review",),
        (Way("rector_approval"),),
        done=Text(
            "Жаңы багыт боюнча бекитүүгө өткөрүлдү",
            "Передано на утверждение по новому маршруту",
            "Passed on by the new route",
        ),
        by=(Role.QUALITY_SPECIALIST,),
        records=(
            replace(
                _WHY_REROUTED,
                help=Text(
                    "Калган кеңештер эмне үчүн карабайт: бекитүүчү ушуну окуйт.",
                    "Почему остальные советы рассматривать не будут: это прочтёт тот, кто утверждает.",
                    "Why the bodies that were left do not review it: whoever approves it will read this.",
                ),
            ),
        ),
        guards=(_HAS_ROUTE, _GOES_ELSEWHERE, _NO_BODY_LEFT),
        sets=_REROUTED,
        tells=(Role.AUTHOR,),
        tone=Tone.BACK,  # rarely what is wanted: a button that stands back
    ),
    Move(
        "enter_amendments",
        Text("Өзгөртүүлөр киргизилди", "Изменения внесены", "Amendments entered"),
        ("amendment",),
        _TO_NEXT_BODY,
        done=Text("Өзгөртүүлөр киргизилди", "Изменения внесены", "Amendments entered"),
        by=(Role.AUTHOR, Role.OWNER),
        records=(
            Field(
                "clauses",
                Text("Өзгөртүлгөн пункттар", "Изменённые пункты", "Clauses changed"),
                "text",
                help=Text(
                    "Номери жана эми кандай экени, ар бири жаңы саптан. Мисалы: «2.4: мөөнөт 10 күн».",
                    "Номер и как стало, каждый с новой строки. Например: «2.4: срок 10 дней».",
                    "The number and what it says now, each on its own line. For example: “2.4: the term is 10 days.”",
                ),
            ),
        ),
        sets={"position": lambda case: int(case.fields["position"]) + 1},
    ),
    Move(
        "approve",
        Text("Бекитүү", "Утвердить", "Approve"),
        ("rector_approval",),
        (Way("scheduled", when=lambda case: case.given["in_force_on"] > case.today), Way("effective")),
        done=Text("Бекитилди", "Утверждено", "Approved"),
        by=(Role.RECTOR,),
        never_by=(Role.AUTHOR,),
        records=(
            replace(ORDER[0], required=False),
            ORDER[1],
            Field(
                "in_force_on",
                Text("Күчүнө кирүү күнү", "Дата введения в действие", "Entry into force"),
                "date",
                help=Text(
                    "Буйрук чыккан күн же андан кийинки күн; ага чейин мурунку редакция колдонулат.",
                    "День приказа или позже; до этого действует прежняя редакция.",
                    "The day of the order or a later one; until then the revision before it holds.",
                ),
            ),
            replace(
                WORDING,
                required=False,
                help=Text(
                    "Буйруктагыдай. Мисалы: «Бекитилсин жана 1-сентябрдан тартып ишке киргизилсин».",
                    "Как в приказе. Например: «Утвердить и ввести в действие с 1 сентября».",
                    "As in the order. For example: “To approve and put into force from 1 September.”",
                ),
            ),
        ),
        guards=(_ORDERED, _DECIDED, _NOT_BEFORE_ORDER),
        sets={
            "in_force_on": lambda case: case.given["in_force_on"],
            "review_due_on": lambda case: _next_review(case, max(case.given["in_force_on"], case.today)),
            "in_force": lambda case: case.state == "effective" or None,
        },
        tells=(Role.AUTHOR, Role.OWNER, Role.QUALITY_SPECIALIST),
        then=(_REPLACES,),
        decision="order",
        signs=Meaning.APPROVED,
    ),
    Move(
        "return_to_author",
        Text("Авторго кайтаруу", "Вернуть автору", "Return to the author"),
        ("rector_approval",),
        (Way("draft"),),
        done=Text("Авторго кайтарылды", "Возвращено автору", "Returned to the author"),
        by=(Role.RECTOR,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Бекитүү үчүн автор эмнени өзгөртүшү керек, кайсы пунктта.",
                    "Что и в каких пунктах изменить автору, чтобы документ утвердили.",
                    "What the author has to change, in which clauses, for it to be approved.",
                ),
            ),
        ),
        tone=Tone.BACK,
    ),
    Move(
        "come_into_force",
        Text("Күчүнө кирүү", "Введение в действие", "Come into force"),
        ("scheduled",),
        (Way("effective"),),
        done=Text("Күчүнө кирди", "Введено в действие", "Came into force"),
        by=(Role.CLOCK,),
        sets={"in_force": lambda case: True},
        tells=(Role.AUTHOR, Role.OWNER, Role.QUALITY_SPECIALIST),
        then=(Then("in_force", "supersede", first=True),),
    ),
    Move(
        "recall",
        Text("Буйрукту кайтарып алуу", "Отозвать приказ", "Recall the order"),
        ("scheduled",),
        (Way("rector_approval"),),
        done=Text("Буйрук кайтарып алынды", "Приказ отозван", "Order recalled"),
        by=(Role.RECTOR,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Буйрукта же текстте кандай жаңылыштык чыкты жана аны ким оңдойт.",
                    "Какая ошибка нашлась в приказе или в тексте и кто её исправит.",
                    "What mistake was found in the order or the text, and who puts it right.",
                ),
            ),
        ),
        sets={"in_force_on": lambda case: None, "review_due_on": lambda case: None},
        tells=(Role.AUTHOR, Role.OWNER),
        tone=Tone.BACK,
    ),
    Move(
        "open_review",
        Text("Мезгилдүү текшерүүнү баштоо", "Начать периодическую проверку", "Open the periodic review"),
        ("effective",),
        (Way("periodic_review"),),
        done=Text("Мезгилдүү текшерүү башталды", "Начата периодическая проверка", "Periodic review opened"),
        by=(Role.CLOCK, Role.QUALITY_SPECIALIST),
        guards=(_ONCE_A_YEAR,),
        tells=(Role.OWNER,),
    ),
    Move(
        "reaffirm",
        Text("Күчүндө калтыруу", "Оставить в силе", "Reaffirm"),
        ("periodic_review",),
        (Way("effective"),),
        done=Text("Күчүндө калтырылды", "Оставлено в силе", "Reaffirmed"),
        by=(Role.QUALITY_SPECIALIST,),
        records=(
            Field(
                "findings",
                Text("Текшерүүнүн жыйынтыгы", "Результат проверки", "Findings"),
                "text",
                help=Text(
                    "Эмнелерге салыштырылды (мыйзамдар, түзүм, иш жүзү) жана эмне үчүн өзгөртүүнүн кереги жок.",
                    "С чем сверено (законы, структура, практика) и почему менять ничего не нужно.",
                    "What it was compared with (laws, structure, practice), and why nothing needs to change.",
                ),
            ),
        ),
        sets={
            "reviewed_on": lambda case: case.today,
            "review_due_on": lambda case: _next_review(case, case.today),
        },
        tells=(Role.OWNER,),
        signs=Meaning.VERIFIED,
    ),
    Move(
        "revise",
        Text("Жаңы редакция даярдоо", "Подготовить новую редакцию", "Start a new revision"),
        ("periodic_review",),
        (Way("effective"),),
        done=Text("Жаңы редакция башталды", "Начата новая редакция", "New revision started"),
        by=(Role.QUALITY_SPECIALIST,),
        records=(
            Field(
                "summary",
                Text("Эмнени өзгөртүү керек", "Что изменить", "What must change"),
                "text",
                help=Text(
                    "Кайсы пункттар эмнеден улам эскирди: жаңы редакциянын автору ушундан баштайт.",
                    "Какие пункты из-за чего устарели: с этого начнёт автор новой редакции.",
                    "Which clauses are out of date because of what: the author of the new revision begins with it.",
                ),
            ),
        ),
        sets={
            "reviewed_on": lambda case: case.today,
            "review_due_on": lambda case: _next_review(case, case.today),
        },
        tells=(Role.OWNER,),
        then=(Then("successor", gives={"summary": "summary"}),),
    ),
    Move(
        "propose_withdrawal",
        Text("Күчүн жоготту деп таанууну сунуштоо", "Предложить признать утратившим силу", "Propose its withdrawal"),
        ("periodic_review",),
        (Way("withdrawal_proposed"),),
        done=Text("Күчүн жоготту деп таануу сунушталды", "Предложено признать утратившим силу", "Withdrawal proposed"),
        by=(Role.QUALITY_SPECIALIST,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Документ эмне үчүн керексиз жана анын ордуна эмне колдонулат: ректор ушуга карап чечет.",
                    "Почему документ не нужен и что действует вместо него: по этому решит ректор.",
                    "Why the document is not needed and what holds instead: the rector decides by it.",
                ),
            ),
        ),
        sets={"reviewed_on": lambda case: case.today},
        tells=(Role.OWNER,),
        tone=Tone.STOP,
    ),
    Move(
        "keep_in_force",
        Text("Күчүндө калсын деп чечүү", "Решить оставить в силе", "Keep in force"),
        ("withdrawal_proposed",),
        (Way("effective"),),
        done=Text("Күчүндө калсын деп чечилди", "Решено оставить в силе", "Kept in force"),
        by=(Role.RECTOR,),
        records=(
            replace(
                REASON,
                help=Text(
                    "Документ эмне үчүн дагы эле керек жана кийинки текшерүүдө эмнени кароо керек.",
                    "Почему документ ещё нужен и на что смотреть при следующей проверке.",
                    "Why the document is still needed, and what to look at in the next review.",
                ),
            ),
        ),
        sets={"review_due_on": lambda case: _next_review(case, case.today)},
        tells=(Role.OWNER, Role.QUALITY_SPECIALIST),
        tone=Tone.BACK,
    ),
    Move(
        "withdraw",
        Text("Күчүн жоготту деп таануу", "Признать утратившим силу", "Withdraw"),
        ("effective", "periodic_review", "withdrawal_proposed"),
        (Way("withdrawn"),),
        done=Text("Күчүн жоготту деп таанылды", "Признано утратившим силу", "Withdrawn"),
        by=(Role.RECTOR,),
        records=(
            *ORDER,
            replace(
                REASON,
                help=Text(
                    "Аны эмне алмаштырат, же эмне үчүн эч нерсе керек эмес: аны колдонгондор ушуну сурайт.",
                    "Что его заменяет или почему замена не нужна: об этом спросят те, кто им пользуется.",
                    "What takes its place, or why nothing has to: those who use it will ask.",
                ),
            ),
        ),
        guards=(_DECIDED,),
        sets={"in_force": lambda case: None, "review_due_on": lambda case: None},
        tells=(Role.AUTHOR, Role.OWNER, Role.QUALITY_SPECIALIST),
        then=(_RECALLS,),
        decision="order",
        signs=Meaning.APPROVED,
        tone=Tone.STOP,
    ),
    Move(
        "supersede",
        Text("Жаңы редакция менен алмаштыруу", "Заменить новой редакцией", "Supersede"),
        ("effective", "periodic_review", "withdrawal_proposed"),
        (Way("superseded"),),
        done=Text("Жаңы редакция менен алмаштырылды", "Заменено новой редакцией", "Superseded"),
        by=(Role.CLOCK,),
        sets={"in_force": lambda case: None, "review_due_on": lambda case: None},
        then=(_RECALLS,),
    ),
    Move(
        "attach_file",
        Text("Файл тиркөө", "Приложить файл", "Attach a file"),
        _WRITING,
        _STAYS,
        done=Text("Файл тиркелди", "Файл приложен", "File attached"),
        by=_WRITERS,
        records=(
            Field(
                "file",
                Text("Файл", "Файл", "File"),
                "file",
                help=Text(
                    "Бекитилүүчү тексттин өзү; тиркемелери өзүнчө файл болуп кошулат.",
                    "Сам текст, который утверждают; приложения добавляют отдельными файлами.",
                    "The very text to be approved; annexes are added as files of their own.",
                ),
            ),
        ),
        changes=True,
        tone=Tone.ASIDE,
    ),
    Move(
        "remove_file",
        Text("Файлды алып салуу", "Убрать файл", "Remove a file"),
        _WRITING,
        _STAYS,
        done=Text("Файл алынып салынды", "Файл убран", "File removed"),
        by=_WRITERS,
        records=(
            Field("attachment", Text("Файл", "Файл", "File"), "attachment"),
            replace(
                REASON,
                help=Text(
                    "Эмне үчүн бул жерге керексиз: эскирген, жаңылыш тиркелген, ордуна башкасы бар.",
                    "Почему ему здесь не место: устарел, приложен по ошибке, есть другой вместо него.",
                    "Why it does not belong here: out of date, attached by mistake, another takes its place.",
                ),
            ),
        ),
        guards=(_HAS_FILES,),
        changes=True,
        tone=Tone.ASIDE,
    ),
    Move(
        "describe",
        Text("Өзгөртүүнүн сыпаттамасын оңдоо", "Исправить описание изменений", "Correct what changes"),
        _WRITING,
        _STAYS,
        done=Text(
            "Өзгөртүүнүн сыпаттамасы оңдолду", "Описание изменений исправлено", "Description of the change corrected"
        ),
        by=_WRITERS,
        records=(WHAT_CHANGES,),
        sets={"summary": lambda case: case.given["summary"]},
        changes=True,
        tone=Tone.ASIDE,
    ),
    Move(
        "hand_over",
        Text("Башка авторго өткөрүү", "Передать другому автору", "Hand over to another author"),
        _WRITING,
        _STAYS,
        done=Text("Башка авторго өткөрүлдү", "Передано другому автору", "Handed over to another author"),
        by=(Role.AUTHOR, Role.OWNER, Role.QUALITY_SPECIALIST),
        records=(
            Field(
                "author",
                Text("Жаңы автор", "Новый автор", "New author"),
                "person",
                help=Text(
                    "Мындан ары долбоорду ким жазат: милдет ошого өтөт.",
                    "Кто дальше пишет проект: задача перейдёт к нему.",
                    "Who writes the draft from now on: its task passes to them.",
                ),
            ),
            replace(
                REASON,
                help=Text(
                    "Автор эмне үчүн алмашты, эмне жазылып бүттү: жаңысы ушуну окуйт.",
                    "Почему автор меняется и что уже написано: это прочтёт новый.",
                    "Why the author changes and what is written already: the new one will read it.",
                ),
            ),
        ),
        sets={"author_id": lambda case: case.given["author"]},
        tells=(Role.OWNER,),
        tone=Tone.ASIDE,
    ),
    Move(
        "abandon",
        Text("Долбоорду токтотуу", "Прекратить работу над проектом", "Abandon the draft"),
        ("draft", "council_review", "amendment", "rector_approval"),
        (Way("abandoned"),),
        done=Text("Долбоор токтотулду", "Работа над проектом прекращена", "Draft abandoned"),
        by=(Role.AUTHOR, Role.OWNER),
        records=(
            replace(
                REASON,
                help=Text(
                    "Долбоор эмне үчүн керексиз болуп калды жана анын ордуна эмне колдонула берет.",
                    "Почему проект больше не нужен и что остаётся в силе вместо него.",
                    "Why the draft is no longer needed, and what stays in force instead.",
                ),
            ),
        ),
        tells=(Role.OWNER, Role.QUALITY_SPECIALIST),
        tone=Tone.STOP,
    ),
)

LIFECYCLE = Lifecycle(
    name="document",
    collection="revisions",
    label=Text("документтин редакциясы", "редакция документа", "document revision"),
    plural=Text("документтердин редакциялары", "редакции документов", "document revisions"),
    steps=STEPS,
    moves=MOVES,
    opens=(
        Field(
            "document",
            Text("Документтин шифри", "Шифр документа", "Document code"),
            "line",
            help=Text(
                "Реестрде кандай турса, ошондой: тамгалары жана саны, чекити менен.",
                "Как он стоит в реестре: буквы и число с точкой.",
                "As it stands in the register: the letters, and the number with its point.",
            ),
        ),
        WHAT_CHANGES,
    ),
    opened_by=(Role.OWNER, Role.QUALITY_SPECIALIST),
    read_by=(
        *(Role.AUTHOR, Role.OWNER, Role.COLLEAGUE, Role.HEAD, Role.QUALITY_REPRESENTATIVE, Role.COUNCIL, Role.HOLDER),
        *(Role.TOLD, Role.QUALITY_SPECIALIST, Role.VICE_RECTOR, Role.RECTOR),
    ),
    signs_over=("title", "number", "summary"),
    played_by={Role.RECTOR: ("approver_post_id",)},
)
