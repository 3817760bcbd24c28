"""Figures as pages will show them, and figures nobody would wish for."""

from typing import Final

from service.pictures import (
    Bar,
    Bars,
    CauseMark,
    Figure,
    Fishbone,
    OverTime,
    Pareto,
    Period,
    Series,
    Share,
    Shares,
    Span,
    Spans,
    WhyTree,
)
from service.pictures.figure import Answer

LONG: Final = (
    "Окуу-методикалык кеңештин чечимдеринин аткарылышын көзөмөлдөө жана талдоо боюнча ведомстволор аралык комиссиянын "
    "жумушчу тобу"
)
TEXT: Final = (
    "Жетекчилик берилген мөөнөттө кабинеттердин жабдуусун жаңыртуу боюнча чечим кабыл алган эмес, анткени "
    "бюджетти пландоодо бул чыгым эске алынбай калган, ал эми бухгалтерия менен окуу бөлүмүнүн ортосунда "
    "маалымат алмашуу тартиби жазуу жүзүндө бекитилген эмес; мурунку текшерүүлөрдө да ушул эле маселе "
    "көтөрүлгөн, бирок аны чечүү үчүн жооптуу адам дайындалган эмес жана мөөнөт коюлган эмес, ошондуктан "
    "ал кайталанды"
)
EVIL: Final = "<script>alert(1)</script> & \"'\u202e\x00 ]]>"
UNITS: Final = (
    ("Юридика факультети", 14),
    ("Педагогика жана психология факультети", 9),
    ("Информатика жана маалыматтык технологиялар институту", 7),
    ("Бухгалтерия", 3),
    ("Илим бөлүмү", 1),
    (LONG, 0),
)
MONTHS: Final = ("Янв", "Фев", "Мар", "Апр", "Май", "Июн", "Июл", "Авг", "Сен", "Окт", "Ноя", "Дек")
CAUSES: Final = (
    "Окутуунун усулу эскирген",
    "Жооптуу дайындалган эмес",
    "Мөөнөт эске салынган эмес",
    "Каражат бөлүнгөн эмес",
)
BONES: Final = ("Адамдар", "Процесстер", "Ресурстар", "Чөйрө", "Башкаруу", "Өлчөө жана мониторинг")
ANSWERS: Final[tuple[Answer, ...]] = ("action", "reason", "nothing")
PROBLEM: Final = "Жайкы сессиянын жыйынтыгы боюнча 23 студенттин баасы ведомостко мөөнөтүнөн кеч киргизилген"


def bars() -> Bars:
    marks = [Bar(name, value, f"/late?unit={k}", "late") for k, (name, value) in enumerate(UNITS)]
    return Bars(name="late", title="Бөлүмдөр боюнча кечиккен иштер", bars=marks, of="Бөлүм", counted="Кечиккен")


def pareto(count: int = 16, *, linked: bool = True) -> Pareto:
    marks = [
        Bar(f"{CAUSES[k % 4]} {k // 4 or ''}", 60 // (k + 1) + 1, f"/nc?cause={k}" if linked else None)
        for k in range(count)
    ]
    return Pareto(
        name="causes", title="Себептер боюнча шайкеш келбестиктер", bars=marks[::-1], counted="Саны", of="Себеп",
        others_href="/nc?cause=others" if linked else None,
    )  # fmt: skip


def over_time(months: int = 24, *, linked: bool = True) -> OverTime:
    periods = [
        Period(
            f"{MONTHS[k % 12]} {2025 + k // 12}",
            f"{MONTHS[k % 12]} {25 + k // 12}",
            f"/nc?month={k}" if linked else None,
        )
        for k in range(months)
    ]
    opened = [(k * 7) % 11 + 3 for k in range(months)]
    closed = [(k * 5) % 9 + 2 for k in range(months)]
    left = [20 + sum(opened[: k + 1]) - sum(closed[: k + 1]) for k in range(months)]
    series = [Series("Ачылган", opened), Series("Жабылган", closed), Series("Ачык калган", left)]
    return OverTime(name="months", title="Айлар боюнча ачылган жана жабылган", periods=periods, series=series)


def spans() -> Spans:
    found = [
        Span("Катталган", 1, 2.5, 210, "/nc?step=1"),
        Span("Себептерди талдоо", 6, 24, 180, "/nc?step=2"),
        Span("Иш-чараларды пландоо жана макулдашуу", 4.5, 15, 96, "/nc?step=3"),
        Span("Натыйжалуулугун текшерүү", 30, 61, 12, "/nc?step=4"),
        Span("Четке кагылган", None, None, 0),
        Span("Бир күндө", 0, 0, 1, "/nc?step=6"),
    ]
    return Spans(name="steps", title="Ар бир кадамга кеткен убакыт", spans=found, of="Кадам")


def shares() -> Shares:
    parts = ((13, 15), (9, 9), (199, 200), (1, 300), (0, 4), (0, 0))
    found = [Share(name, *part, f"/units/{k}") for k, ((name, _), part) in enumerate(zip(UNITS, parts, strict=True))]
    return Shares(name="on-time", title="Мөөнөтүндө аткарылгандардын үлүшү", shares=found, of="Бөлүм")


def causes() -> list[CauseMark]:
    """A usual analysis: five categories, chains of two to four, one cause not coded."""
    return [
        CauseMark(1, "Мугалимдер жаңы системада иштегенди билишпейт", None, "Адамдар", "deeper", "#cause-1"),
        CauseMark(2, "Окутуу өткөрүлгөн эмес", 1, "Адамдар", "deeper", "#cause-2"),
        CauseMark(3, "Окутуу планында бул тема жок", 2, "Адамдар", "action", "#cause-3"),
        CauseMark(4, "Ведомосту киргизүү мөөнөтү тартипте жазылган эмес", None, "Процесстер", "action", "#cause-4"),
        CauseMark(5, "Деканат эскертүү жөнөтпөйт", None, "Процесстер", "deeper", "#cause-5"),
        CauseMark(6, "Эскертүү үчүн жооптуу адам жок", 5, "Процесстер", "nothing", "#cause-6"),
        CauseMark(7, "Сессия учурунда сервер жай иштейт", None, "Ресурстар", "reason", "#cause-7"),
        CauseMark(8, "Жайында көпчүлүк эмгек өргүүсүндө", None, "Чөйрө", "reason", "#cause-8"),
        CauseMark(9, "Көзөмөл айына бир гана жолу жүргүзүлөт", None, "Башкаруу", "action", "#cause-9"),
        CauseMark(10, "Кечигүүлөр эсептелген эмес", None, "", "nothing", "#cause-10"),
    ]


def many_causes(*, linked: bool = True) -> list[CauseMark]:
    """60 causes, 8 levels deep, texts of 400 letters among them."""
    found = []
    for k in range(60):
        no, level = k + 1, k % 8
        text = TEXT if k % 3 == 0 else f"{CAUSES[k % 4]} ({no})"
        answer: Answer = "deeper" if level < 7 and no < 60 else ANSWERS[k // 8 % 3]
        bone = ("", *BONES, LONG)[k // 8]
        found.append(CauseMark(no, text, no - 1 if level else None, bone, answer, f"#cause-{no}" if linked else None))
    return found


def fishbone(found: list[CauseMark] | None = None, name: str = "fish") -> Fishbone:
    return Fishbone(name=name, title="Себептер: Исикава", problem=PROBLEM, causes=causes() if found is None else found)


def why_tree(found: list[CauseMark] | None = None, name: str = "why") -> WhyTree:
    return WhyTree(name=name, title="Эмне үчүн?", problem=PROBLEM, causes=causes() if found is None else found)


def usual() -> list[Figure]:
    return [bars(), pareto(), over_time(), spans(), shares(), fishbone(), why_tree()]


def awkward() -> list[Figure]:
    """Nothing, one, very large, very long, evil."""
    large = [Bar("Бир", 1_234_567_890_123), Bar("Эки", 1), Bar("Бөлчөк", 0.25), Bar(EVIL, 7), Bar("ү" * 200, 5)]
    one = [Period("2026-жылдын ноябры", "ноя")]
    return [
        Bars(name="no-bars", title="Эч нерсе", bars=()),
        Bars(name="zeros", title="Нөлдөр", bars=[Bar("Бир", 0), Bar("Эки", 0)]),
        Bars(name="large", title=EVIL, description=EVIL, bars=large),
        Bars(name="sixty", title="Алтымыш", bars=[Bar(f"{k}. {CAUSES[k % 4]}", k * k) for k in range(60)]),
        Pareto(name="no-pareto", title="Эч нерсе", bars=[Bar("Нөл", 0)]),
        Pareto(name="one-pareto", title="Бирөө", bars=[Bar("Жалгыз", 3)], counted="Шайкеш келбестиктердин саны"),
        Pareto(name="large-pareto", title="Чоң", bars=large),
        OverTime(name="no-months", title="Эч нерсе", periods=(), series=()),
        OverTime(name="one-month", title="Бир ай", periods=one, series=[Series("Ачык", [3]), Series("Жабык", [3])]),
        OverTime(name="zero-month", title="Нөл", periods=one, series=[Series("Ачык", [0]), Series("Жабык", [None])]),
        OverTime(
            name="gaps",
            title="Үзүлгөн жана чоң",
            periods=[Period(f"{k}-ай", str(k)) for k in range(60)],
            series=[
                Series("Бир", [None if k % 7 == 3 else k * 1_000_000 for k in range(60)]),
                Series(LONG, [k * 999_000 for k in range(60)]),
                Series("Үч", [59_000_000] * 60),
                Series("Төрт", [None] * 60),
            ],
        ),
        Spans(name="no-spans", title="Эч нерсе", spans=()),
        Spans(name="large-spans", title="Чоң", spans=[Span(LONG, 0.1, 123_456, 9_999_999), Span("Терс", 9, 3, 2)]),
        Shares(name="no-shares", title="Эч нерсе", shares=()),
        Shares(name="large-shares", title="Чоң", shares=[Share(LONG, 12_345_678, 12_345_679), Share("Ашык", 5, 3)]),
        fishbone([], "no-fish"),
        fishbone(causes()[:1], "one-fish"),
        fishbone(causes()[:4], "two-fish"),
        fishbone(many_causes(), "many-fish"),
        why_tree([], "no-why"),
        why_tree(causes()[:1], "one-why"),
        why_tree(many_causes(linked=False), "many-why"),
    ]
