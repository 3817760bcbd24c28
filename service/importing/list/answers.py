"""What the words of a list stand for among our answers: status, kind, source, severity. A guess says that it is one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from states.corrective_action_fields import KINDS as ACTION_KINDS
from states.kyrgyz import fold
from states.lifecycle import Choice
from states.nonconformity import LIFECYCLE
from states.nonconformity_fields import KINDS, LEVELS, SEVERITIES, SOURCES

# A status that says only that something is still open: the step follows from what else the row says.
BY_CONTENT: Final = "open"
STEPS: Final = tuple(LIFECYCLE.steps)

# What each nonconformity has: where the list does not say it, something is taken for all.
CHOICES: Final[Mapping[str, tuple[Choice, ...]]] = {"kind": KINDS, "source": SOURCES, "severity": SEVERITIES}
ANSWERS: Final[Mapping[str, tuple[Choice, ...]]] = {**CHOICES, "risk": LEVELS, "action_kind": ACTION_KINDS}

# Beginnings of words, folded, in the order in which they are looked for: “не закрыто” is not “закрыто”.
_STEMS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "status": (
        ("acting", r"частичн|жарым|partial|parcial"),
        (
            BY_CONTENT,
            r"\bне (?:закры|устран|выполн|исполн|реш)|\bnot |\bno (?:cerr|impl|cumpl|resu)|эмес|\bжок\b"
            r"|\w+ба(?:ды|ган)\b",
        ),
        ("rejected", r"отклон|четке как|reject|rechaz|необоснован|негизсиз|unfounded|infundad"),
        ("withdrawn", r"отозван|withdr|кайтарып ал|retirad|аннулир|отмен|cancel|anulad|жокко чыг"),
        ("verification", r"провер|текшер|verif|на оценке|оценка"),
        ("closed", r"закры|жабы|closed|cerrad|снято|сняты"),
        (
            "verification",
            r"(?:устран|выполн|исполн|реш)ен[оаы]?\b|ликвидир|жоюл|четтет|аткарылды|аткарылган|бутту|\bdone|complet|implement|resol|resuel|cumplid",
        ),
        (
            "acting",
            r"в работе|в процессе|в стадии|выполня|исполня|устраня|устранени|аткарыл|журуп|иштел|просроч|моонот"
            r"|in progress|ongoing|underway|overdue|en proceso|en curso|en ejec|vencid|atrasad",
        ),
        ("cause_analysis", r"причин|себеп|root|causa|анализ|талда|analy|исправл|коррекц|тузот|correct|correg"),
        ("action_planning", r"план|plan"),
        ("reported", r"\bнов|\bnew|\bжаны|reported|сообщен|билдир|nuev|поступ"),
        (BY_CONTENT, r"откры|ачык|\bopen|abiert|активн|active|ожида|pend|кутул|зарегистр|катта|regist"),
    ),
    "kind": (
        ("programme", r"программ|учебн|силлабус|curricul|programa|окуу план"),
        ("learners", r"студент|обучающ|угуучу|магистр|learner|student|estudiant|alumn"),
        ("resources", r"ресурс|нехватк|жетиш|оборудов|жабдуу|кадр|resource|recurso|equip"),
        ("scientific", r"науч|илим|scien|research|cienti|investig"),
        ("environment", r"сред|чойро|environment|инфрастр|infra|ambiente|entorno"),
    ),
    "source": (
        ("internal_audit", r"внутр\w*\W+(?:ауд|пров)|ички\W+(?:ауд|текш)|internal|interna"),
        ("external_audit", r"внешн|тышкы|аккредит|лиценз|аттест|сертифик|external|accredit|certif|externa"),
        ("customers", r"жалоб|арыз|предлож|сунуш|потребит|керектоо|complain|customer|client|queja|reclam"),
        ("monitoring", r"монитор|измер|олчоо|анализ|талдоо|анкет|опрос|сурам|measure|survey|seguim|encuest"),
    ),
    "severity": (
        ("minor", r"незначит|олуттуу эмес|minor|\bmenor|мелк|малознач|низк|томон|\blow|наблюд|observ|рекоменд|байкоо"),
        ("major", r"значит|олуттуу|major|\bmayor|критич|critic|существен|серьез|высок|жогору|high|\bgrave"),
    ),
    "risk": (
        ("low", r"низк|томон|маловер|\blow|\bbaj"),
        ("medium", r"средн|умерен|орто|medium|moderate|\bmedi"),
        ("high", r"высок|жогору|\bhigh|\balt"),
    ),
    "action_kind": (
        ("preventive", r"предупр|превент|алдын ал|prevent"),
        ("improvement", r"улучш|жакшырт|improv|mejora"),
        ("corrective", r"корректир|коррекциялык|тузотуучу|correctiv"),
        ("correction", r"коррекц|тузотуу|correction|correcci"),
    ),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What words stand for, "" where nobody knows; sure where they are our own words for it."""

    value: str = ""
    is_sure: bool = False


def read_answer(field: str, words: str) -> Answer:
    """What the words of a status, or of a field with answers of ours, stand for."""
    text = fold(words).strip(" .")
    if not text:
        return Answer()
    for value, labels in _labels(field).items():
        if text in labels:
            return Answer(value, is_sure=True)
    for value, stems in _STEMS[field]:
        if re.search(stems, text):
            return Answer(value)
    return Answer()


@cache
def _labels(field: str) -> dict[str, set[str]]:
    if field == "status":
        return {step.name: {fold(step.name), *map(fold, step.label)} for step in LIFECYCLE.steps.values()}
    return {choice.value: {fold(choice.value), *map(fold, choice.label)} for choice in ANSWERS[field]}
